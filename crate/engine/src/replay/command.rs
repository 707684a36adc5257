//! The command as text for a POSIX shell.

use std::borrow::Cow;
use std::fmt::Write;

use super::{LONGEST, Pasted};

/// Policies longer than this together, in bytes, are read from files: nobody pastes so long a command.
const INLINE: usize = 65_536;

/// `aws iam simulate-custom-policy` and its options.
#[derive(Debug)]
pub(super) struct Command {
    text: String,
    inline: bool,
    files: usize,
}

impl Command {
    /// For policies of this many bytes together.
    pub(super) fn new(length: usize) -> Self {
        Self {
            text: "aws iam simulate-custom-policy".to_owned(),
            inline: length <= INLINE,
            files: 0,
        }
    }

    /// Adds an option and the words behind it, quoted already.
    pub(super) fn option(&mut self, name: &str, words: Vec<String>) {
        // Writing to a string cannot fail.
        let _ = write!(self.text, " \\\n  --{name} {}", words.join(" "));
    }

    /// Adds an option that takes policies.
    pub(super) fn policies(
        &mut self,
        name: &str,
        policies: &[&Pasted<'_, '_>],
        notes: &mut Vec<String>,
    ) {
        let mut words = Vec::with_capacity(policies.len());
        for policy in policies {
            let json = latin(&policy.json);
            if json.len() > LONGEST {
                notes.push(format!(
                    "the simulator takes policies of up to {LONGEST} characters, and `{}` is longer: take out white \
                     space, or statements that are not about this action",
                    policy.name
                ));
            }
            if self.inline {
                words.push(word(&json));
            } else {
                self.files += 1;
                notes.push(format!(
                    "save the policy `{}` as `policy-{}.json`",
                    policy.name, self.files
                ));
                words.push(format!("\"$(cat policy-{}.json)\"", self.files));
            }
        }
        self.option(name, words);
    }

    pub(super) fn into_text(self) -> String {
        self.text
    }
}

/// A word that a POSIX shell passes on as it is.
pub(super) fn word(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// The same JSON in the characters that the simulator takes, up to U+00FF: others stand in strings only, and are
/// escaped there.
pub(super) fn latin(json: &str) -> Cow<'_, str> {
    let json = json.trim_start_matches('\u{feff}');
    if json.chars().all(|c| c <= '\u{ff}') {
        return Cow::Borrowed(json);
    }
    let mut escaped = String::with_capacity(json.len());
    for c in json.chars() {
        if c <= '\u{ff}' {
            escaped.push(c);
        } else {
            for unit in c.encode_utf16(&mut [0; 2]) {
                let _ = write!(escaped, "\\u{unit:04x}");
            }
        }
    }
    Cow::Owned(escaped)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_beyond_latin_1_are_escaped() {
        assert_eq!(latin(r#"{"a": "é"}"#), r#"{"a": "é"}"#);
        assert_eq!(
            latin("\u{feff}{\"a\": \"→😀\"}"),
            r#"{"a": "\u2192\ud83d\ude00"}"#
        );
        let read: serde_json::Value = serde_json::from_str(&latin(r#"["→😀"]"#)).unwrap();
        assert_eq!(read, serde_json::json!(["→😀"]));
    }

    #[test]
    fn words_are_quoted() {
        assert_eq!(word("it's $HOME"), r"'it'\''s $HOME'");
    }
}

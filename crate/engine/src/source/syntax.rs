//! What is wrong with a text that is not JSON, in a person's words and at a place that an editor can mark.

use jsonc_parser::ParseStringErrorKind;
use jsonc_parser::errors::{ParseError, ParseErrorKind};

use crate::problem::Problem;
use crate::text::Span;

/// Nothing at all, or only white space.
pub(super) fn empty(text: &str) -> Problem {
    Problem::error(
        Span::new(0, text.len()),
        "the document is empty: paste an IAM policy document in JSON, it begins with `{`",
    )
}

/// The first character that JSON has nowhere, or not where it stands: a line break or another control
/// character in a string, white space of another kind or a character beyond ASCII between the values.
pub(super) fn stray_character(text: &str) -> Option<Problem> {
    let bytes = text.as_bytes();
    let mut string_start = None;
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        match (string_start, byte) {
            (None, b'"') => string_start = Some(at),
            (None, b'\t' | b'\n' | b'\r' | 0x20..0x7F) => {}
            (None, _) => return Some(beyond_ascii(text, at)),
            (Some(_), b'"') => string_start = None,
            (Some(_), b'\\') => at += 1,
            (Some(start), b'\n' | b'\r') => {
                return Some(Problem::error(
                    Span::new(start, at),
                    "this string has no closing `\"` on its line: add it (a line break inside a string is written `\\n`)",
                ));
            }
            (Some(_), 0..0x20) => return Some(control_character(at, byte)),
            (Some(_), _) => {}
        }
        at += 1;
    }
    None
}

fn control_character(at: usize, byte: u8) -> Problem {
    let message = if byte == b'\t' {
        "a string holds a tab character: write it as `\\t`, or delete it".to_owned()
    } else {
        format!(
            "a string holds the invisible control character U+{byte:04X}: delete it, or write it as `\\u{byte:04x}`"
        )
    };
    Problem::error(Span::new(at, at + 1), message)
}

fn beyond_ascii(text: &str, at: usize) -> Problem {
    let character = first_character(text.get(at..).unwrap_or_default());
    let code = u32::from(character);
    let message = match character {
        '\u{FEFF}' if at == 0 => {
            "the text begins with an invisible byte order mark (U+FEFF), which JSON forbids: save the file as UTF-8 without BOM, or delete the mark".to_owned()
        }
        '“' | '”' | '„' | '‟' | '″' | '«' | '»' | '‘' | '’' | '‚' | '‛' | '＂' => {
            format!("`{character}` is a typographic quotation mark, as word processors make them: use `\"`")
        }
        _ if character.is_whitespace() || character.is_control() || is_format(character) => format!(
            "an invisible character (U+{code:04X}) stands here that JSON does not know: delete it, or write an ordinary space"
        ),
        _ => format!(
            "`{character}` stands outside of quotation marks: text belongs between `\"` and `\"`"
        ),
    };
    Problem::error(Span::new(at, at + character.len_utf8()), message)
}

/// The invisible characters that copying from a page or a chat brings along.
fn is_format(character: char) -> bool {
    matches!(
        character,
        '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2064}' | '\u{FEFF}'
    )
}

/// The library's error in a person's words.
pub(super) fn problem(text: &str, error: &ParseError) -> Problem {
    let at = Place::new(text, error);
    let (span, message) = match error.kind() {
        ParseErrorKind::NestingDepthExceeded => (
            at.first_character(),
            "brackets are nested hundreds of levels deep here; a policy has fewer than ten, so something has been repeated".to_owned(),
        ),
        ParseErrorKind::UnterminatedObject => at.unclosed('{', '}'),
        ParseErrorKind::UnterminatedArray => at.unclosed('[', ']'),
        ParseErrorKind::String(kind) => at.string(kind),
        ParseErrorKind::CommentsNotAllowed | ParseErrorKind::UnterminatedCommentBlock => (
            at.line(),
            "JSON has no comments, and AWS refuses them: delete this one (a note can go into the `Sid`)".to_owned(),
        ),
        _ if at.rest.trim_start().is_empty() => (
            at.end_of_text(),
            "the text ends here, in the middle of the document: the rest is missing".to_owned(),
        ),
        _ if at.before.is_empty() => at.not_json(),
        kind => at.wrong_token(kind),
    };
    Problem::error(span, message)
}

/// Where the library stopped.
struct Place<'t> {
    text: &'t str,
    /// What stands before, trailing white space cut off.
    before: &'t str,
    /// What it stopped at; can be empty.
    token: &'t str,
    /// From there to the end of the text.
    rest: &'t str,
    start: usize,
    end: usize,
}

impl<'t> Place<'t> {
    fn new(text: &'t str, error: &ParseError) -> Self {
        let range = error.range();
        Self {
            text,
            before: text.get(..range.start).unwrap_or_default().trim_end(),
            token: text.get(range.start..range.end).unwrap_or_default(),
            rest: text.get(range.start..).unwrap_or_default(),
            start: range.start,
            end: range.end,
        }
    }

    fn here(&self) -> Span {
        visible(self.text, self.start, self.end)
    }

    fn first_character(&self) -> Span {
        visible(self.text, self.start, self.start + 1)
    }

    /// From here to the end of the line.
    fn line(&self) -> Span {
        let line = self.rest.lines().next().unwrap_or_default().trim_end();
        visible(self.text, self.start, self.start + line.len())
    }

    /// The last character that is not white space.
    fn end_of_text(&self) -> Span {
        visible(self.text, self.before.len(), self.before.len())
    }

    fn unclosed(&self, open: char, close: char) -> (Span, String) {
        let message = format!(
            "this `{open}` is never closed: the text ends before its `{close}`, so a part of the document may be missing"
        );
        (self.first_character(), message)
    }

    fn string(&self, kind: &ParseStringErrorKind) -> (Span, String) {
        // From the backslash on, at most one `\uXXXX`.
        let escape: String = self
            .rest
            .chars()
            .take(6)
            .enumerate()
            .take_while(|&(index, c)| index < 2 || c.is_ascii_alphanumeric())
            .map(|(_, c)| c)
            .collect();
        let escape_span = visible(self.text, self.start, self.start + escape.len());
        match kind {
            ParseStringErrorKind::UnterminatedStringLiteral => (
                self.line(),
                "the text ends inside this string: its closing `\"` is missing".to_owned(),
            ),
            ParseStringErrorKind::ExpectedFourHexDigits
            | ParseStringErrorKind::ExpectedTwoHexDigits => (
                escape_span,
                "four hexadecimal digits follow `\\u`, as in `\\u00e9`".to_owned(),
            ),
            ParseStringErrorKind::InvalidUnicodeEscapeSequence(_) => (
                escape_span,
                format!(
                    "`{escape}` is one half of a surrogate pair and no character by itself: write both halves, or the character"
                ),
            ),
            ParseStringErrorKind::InvalidEscape
            | ParseStringErrorKind::InvalidEscapeInDoubleQuoteString
            | ParseStringErrorKind::InvalidEscapeInSingleQuoteString => {
                let escape: String = escape.chars().take(2).collect();
                (
                    visible(self.text, self.start, self.start + escape.len()),
                    format!(
                        "`{escape}` is no escape that JSON knows: a backslash itself is written `\\\\`"
                    ),
                )
            }
        }
    }

    /// What is not JSON from its first character on.
    fn not_json(&self) -> (Span, String) {
        let line = self.rest.lines().next().unwrap_or_default();
        let hint = if line.starts_with('<') {
            "; this looks like XML or HTML"
        } else if line.starts_with("```") {
            "; delete the Markdown fence around it"
        } else if line.starts_with("arn:") {
            "; this is an ARN: paste the policy document, not its name"
        } else if line.starts_with('%') {
            "; this looks URL-encoded, as the IAM API returns policies: decode it first"
        } else if line.starts_with("resource ") || line.starts_with("data ") || line.contains(" = ")
        {
            "; this looks like Terraform: paste what `terraform show -json` prints of its plan or state"
        } else if line
            .split_once(':')
            .is_some_and(|(name, _)| !name.contains(char::is_whitespace))
        {
            "; this looks like YAML: convert it to JSON"
        } else {
            ""
        };
        let message = format!("this is not JSON: an IAM policy document begins with `{{`{hint}");
        (self.line(), message)
    }

    /// Something else than JSON asks for at this place.
    fn wrong_token(&self, kind: &ParseErrorKind) -> (Span, String) {
        use ParseErrorKind::*;
        let message = match (kind, self.token) {
            (ExpectedComma | UnexpectedWord | MultipleRootJsonValues, _) if self.leading_zero() => {
                "a number does not begin with `0`: drop the zero, or write it in quotation marks (an account id always)"
            }
            (ExpectedComma | UnexpectedToken | UnexpectedWord, _)
                if self.ends_a_string_too_early() =>
            {
                "a comma is missing after this string; or, if a `\"` inside it ended it too early, write that as `\\\"`"
            }
            (ExpectedComma, _) => "a comma is missing after this value",
            (TrailingCommasNotAllowed, _) => "nothing follows this comma: delete it",
            (MultipleRootJsonValues, "{") => {
                "a second document begins here: put each policy into a document of its own"
            }
            (MultipleRootJsonValues, ":") => {
                "the `{` that begins a policy document is missing before this, and its `}` at the end"
            }
            (MultipleRootJsonValues, "}" | "]") => {
                "this bracket closes nothing, the document has ended before it: delete it, or look above for an opening bracket that is missing"
            }
            (MultipleRootJsonValues, _) => {
                "the document has ended before this: delete what follows"
            }
            _ if self.document_has_ended() => {
                "the document has ended before this: delete what follows"
            }
            (_, ":") if self.before.ends_with(':') => "two colons follow each other: delete one",
            (_, "," | "}" | "]") if self.before.ends_with(':') => {
                "a value is missing after the colon"
            }
            (ExpectedColonAfterObjectKey, _) => {
                "a colon is missing before this: a name is followed by `:` and its value"
            }
            (_, ",") if self.before.ends_with(',') => "two commas follow each other: delete one",
            (_, ",") => "something is missing before this comma",
            (_, ":") => "a name with a colon belongs into an object: `{` is missing before it",
            (UnexpectedTokenInObject, "]") => {
                "this `]` does not close the `{` that is open: close the object with `}` first"
            }
            (UnexpectedTokenInObject, _) => {
                "the name of an element in quotation marks is expected here, such as `\"Effect\"`"
            }
            (_, "}") => {
                "this `}` does not close the `[` that is open: close the list with `]` first"
            }
            (_, "]") => {
                "this `]` closes nothing: delete it, or look above for a `[` that is missing"
            }
            (SingleQuotedStringsNotAllowed, _) => "JSON knows no single quotation marks: use `\"`",
            (
                BareDecimalPointNumbersNotAllowed
                | ExpectedDigit
                | ExpectedDigitFollowingNegativeSign
                | ExpectedPlusMinusOrDigitInNumberLiteral
                | HexadecimalNumbersNotAllowed
                | NonFiniteNumbersNotAllowed
                | UnaryPlusNumbersNotAllowed,
                _,
            ) => {
                "this is not a number as JSON writes them (`10`, `-2.5`, `1e6`): correct it, or write it in quotation marks"
            }
            (_, token) if token.starts_with(|c: char| c.is_alphanumeric()) => {
                return (self.here(), unquoted_word(token));
            }
            _ => "this has no meaning in JSON: delete it, or put the text into quotation marks",
        };
        (self.here(), message.to_owned())
    }

    /// Whether every bracket before has been closed.
    fn document_has_ended(&self) -> bool {
        let mut open = 0_usize;
        let mut in_string = false;
        let mut bytes = self.before.bytes();
        while let Some(byte) = bytes.next() {
            match byte {
                b'"' => in_string = !in_string,
                b'\\' if in_string => {
                    bytes.next();
                }
                b'{' | b'[' if !in_string => open += 1,
                b'}' | b']' if !in_string => open = open.saturating_sub(1),
                _ => {}
            }
        }
        open == 0 && !in_string && self.before.ends_with(['}', ']'])
    }

    /// `007`: the library takes it for three numbers.
    fn leading_zero(&self) -> bool {
        let number = self.before.strip_suffix('0');
        let alone = |before: &str| {
            !before.ends_with(|c: char| c.is_ascii_alphanumeric() || ".\"+".contains(c))
        };
        number.is_some_and(alone)
            && self.rest.starts_with(|c: char| c.is_ascii_digit())
            && self.before.len() == self.start
    }

    /// `"a"b"`: text follows a closing quotation mark directly.
    fn ends_a_string_too_early(&self) -> bool {
        self.before.ends_with('"')
            && self.before.len() == self.start
            && self.rest.starts_with(|c: char| !c.is_whitespace())
    }
}

fn unquoted_word(word: &str) -> String {
    let lower = word.to_ascii_lowercase();
    if ["true", "false", "null"].contains(&lower.as_str()) {
        format!("`{word}` is written `{lower}` in JSON")
    } else {
        let word = excerpt(word);
        format!("`{word}` stands outside of quotation marks: write `\"{word}\"`")
    }
}

/// The first characters of a long text.
fn excerpt(text: &str) -> String {
    if text.chars().count() <= 40 {
        text.to_owned()
    } else {
        text.chars().take(40).chain(['…']).collect()
    }
}

fn first_character(text: &str) -> char {
    text.chars().next().unwrap_or_default()
}

/// A span that an editor can mark: on character boundaries, and not empty unless the text is. An empty one
/// moves to the character before it.
pub(super) fn visible(text: &str, start: usize, end: usize) -> Span {
    let end = text.ceil_char_boundary(end.min(text.len()));
    let mut start = text.floor_char_boundary(start.min(end));
    if start == end {
        start = text.floor_char_boundary(start.saturating_sub(1));
    }
    if start == end {
        return Span::new(start, text.ceil_char_boundary((start + 1).min(text.len())));
    }
    Span::new(start, end)
}

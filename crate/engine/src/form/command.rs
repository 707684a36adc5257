//! The command line whose output follows: it holds what many outputs leave out, such as the ARN of a policy.

/// The words of a command of the AWS CLI.
#[derive(Debug, Clone, Default)]
pub(crate) struct Command {
    words: Vec<String>,
}

impl Command {
    /// The last command of the AWS CLI in a text; lines that end with `\` go on in the next.
    pub(crate) fn last_in(text: &str) -> Option<Self> {
        let mut lines: Vec<String> = Vec::new();
        let mut goes_on = false;
        for line in text.lines() {
            let line = line.trim_end();
            let whole = line.trim_end_matches(['\\', '`']);
            match lines.last_mut().filter(|_| goes_on) {
                Some(last) => last.push_str(whole),
                None => lines.push(whole.to_owned()),
            }
            goes_on = whole.len() < line.len();
        }
        lines.iter().rev().find_map(|line| {
            let mut words = line
                .split_whitespace()
                .map(|word| word.trim_matches(['"', '\'']).to_owned())
                .skip_while(|word| word != "aws");
            words.next()?;
            Some(Self {
                words: words.collect(),
            })
        })
    }

    /// The value of an option, `--name value` or `--name=value`.
    pub(crate) fn option(&self, name: &str) -> Option<&str> {
        let mut words = self.words.iter();
        while let Some(word) = words.next() {
            let Some(rest) = word
                .strip_prefix("--")
                .and_then(|word| word.strip_prefix(name))
            else {
                continue;
            };
            let value = match rest.strip_prefix('=') {
                Some(value) => Some(value),
                None if rest.is_empty() => words.next().map(String::as_str),
                None => None,
            };
            // What the shell would put in is not known.
            return value
                .map(|value| value.trim_matches(['"', '\'']))
                .filter(|value| !value.is_empty() && !value.contains(['$', '`']));
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_of_the_last_command() {
        let text = "$ aws iam get-policy --policy-arn arn:old\n{…}\n$ aws --profile x iam get-policy-version \\\n  \
                    --policy-arn=\"arn:new\" --version-id $(aws iam get-policy --policy-arn arn:new)\n";
        let command = Command::last_in(text).unwrap();
        assert_eq!(command.option("policy-arn"), Some("arn:new"));
        assert_eq!(command.option("version-id"), None);
        assert_eq!(command.option("policy"), None);
        assert_eq!(command.option("profile"), Some("x"));
        assert!(Command::last_in("no laws here\n").is_none());
        assert_eq!(Command::last_in("aws").unwrap().option("x"), None);
    }
}

//! What is wrong with a text that is meant as YAML and is none, in a person's words.

use granit_parser::{ErrorKind, ScanError};

use crate::problem::Problem;
use crate::source::syntax::visible;

pub(super) fn problem(text: &str, error: &ScanError) -> Problem {
    use ErrorKind::*;
    let at = error.marker().byte_offset().unwrap_or_default();
    let mut at = text.floor_char_boundary(at.min(text.len()));
    let rest = text.get(at..).unwrap_or_default();
    let line = rest.lines().next().unwrap_or_default().trim_end();
    let mut end = at + line.len();
    let message = match error.kind() {
        TabNotAllowed | TabInBlockIndentation | TabInIndentation | TabAtBlockScalarStart
        | TabInPlainScalar => {
            if !rest.starts_with('\t') {
                let before = text.get(..at).unwrap_or_default();
                at = before.rfind(['\t', '\n']).unwrap_or(at);
            }
            end = at + 1;
            "YAML is indented with spaces, and a tab stands here: replace it by spaces".to_owned()
        }
        InvalidIndentation
        | ExpectedBlockMappingKey
        | ExpectedBlockSequenceEntry
        | InvalidBlockScalarIndent
        | InvalidQuotedScalarIndent
        | InvalidFlowScalarIndent
        | BlockSequenceEntryNotAllowed
        | MappingKeyNotAllowed => {
            "this line's indentation fits none of the lines above it: names of one object, and entries (`- `) of one list, begin in the same column".to_owned()
        }
        MappingValueNotAllowed | InvalidColonPlacement => {
            "a name and its `:` stand where a value is already going on: move them to a line of their own, or quote the value if it holds `: `".to_owned()
        }
        SimpleKeyExpected | InvalidSimpleKey | ExpectedWhitespace
        | InvalidMappingValueWhitespace => {
            "a `:` with a space behind it is missing: `name: value`".to_owned()
        }
        UnclosedQuotedScalar | DocumentIndicatorInQuotedScalar => {
            "this quoted text is never closed: its closing quotation mark is missing".to_owned()
        }
        InvalidTrailingSingleQuotedScalar => {
            "something follows a quoted text: a `'` inside of it is written `''`".to_owned()
        }
        InvalidTrailingDoubleQuotedScalar => {
            "something follows a quoted text: a `\"` inside of it is written `\\\"`".to_owned()
        }
        UnknownQuotedScalarEscape
        | InvalidQuotedScalarHexEscape
        | InvalidLowSurrogateHexEscape
        | InvalidLowSurrogate
        | MissingLowSurrogate
        | UnpairedLowSurrogate
        | InvalidUnicodeEscape => {
            "YAML knows no such escape between `\"`: a backslash itself is written `\\\\`, or use `'`".to_owned()
        }
        UnclosedFlowCollection { open } => {
            end = at + 1;
            format!("this `{open}` is never closed: the text ends before its counterpart")
        }
        UnexpectedEofFlowSequence | UnexpectedEofFlowMapping | UnexpectedEofImplicitFlowMapping
        | UnexpectedEofBlockSequence | UnexpectedEofBlockMapping | UnexpectedEof => {
            "the text ends here, in the middle of the document: the rest is missing".to_owned()
        }
        MismatchedFlowCollectionEnd { open, close } => {
            end = at + 1;
            format!("this `{open}` is closed by `{close}`: one of the two is wrong")
        }
        MisplacedFlowCollectionEnd => {
            "this closing bracket has no opening one before it".to_owned()
        }
        ExpectedFlowMappingSeparator | ExpectedFlowSequenceSeparator => {
            "between `[ ]` or `{ }` a `,` or the closing bracket is missing here".to_owned()
        }
        UnknownAnchor => format!(
            "the alias `{}` names nothing: an anchor (`&name`) stands before its aliases",
            word(line)
        ),
        RecursionLimitExceeded => {
            "collections are nested hundreds of levels deep here; a template has some twenty, so something has been repeated".to_owned()
        }
        UndeclaredTagHandle | ExpectedTagBang | InvalidTagTerminator => format!(
            "`{}` is no tag that is known here: CloudFormation's are written `!Ref`, `!Sub`, …",
            word(line)
        ),
        UnexpectedCharacter { character } => {
            end = at + character.len_utf8();
            format!("a value cannot begin with `{character}`: put it into quotation marks")
        }
        ExpectedDocumentStart | InvalidDocumentEnd => {
            "the document has ended before this line: is it indented as the lines above it?".to_owned()
        }
        BomInsideDocument => {
            end = at + '\u{FEFF}'.len_utf8();
            "an invisible byte order mark (U+FEFF) stands inside of the document: delete it"
                .to_owned()
        }
        other => {
            let found = word(line);
            if found.is_empty() {
                format!("this is no YAML: {}", words(other))
            } else {
                format!("`{found}` is no YAML here: {}", words(other))
            }
        }
    };
    Problem::error(visible(text, at, end), message)
}

fn word(line: &str) -> String {
    let word = line.split_whitespace().next().unwrap_or_default();
    word.chars().take(40).collect()
}

/// The name of an error that has no words of its own: `ExpectedNodeContent` is "expected node content".
fn words(kind: &ErrorKind) -> String {
    let name = format!("{kind:?}");
    let name = name.split([' ', '(', '{']).next().unwrap_or_default();
    let mut words = String::new();
    for c in name.chars() {
        if c.is_ascii_uppercase() && !words.is_empty() {
            words.push(' ');
        }
        words.push(c.to_ascii_lowercase());
    }
    words
}

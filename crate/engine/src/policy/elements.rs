//! What all elements have in common: names, and lists of strings.

use std::borrow::Cow;

use super::nearest::nearest;
use crate::problem::Problems;
use crate::source::{Member, Node, Value};
use crate::text::{Span, Spanned};

/// A string of the text and its place.
pub(super) type Text<'t> = Spanned<Cow<'t, str>>;

/// Elements of the document.
pub(super) const OF_DOCUMENT: [&str; 3] = ["Version", "Id", "Statement"];

/// Elements of a statement.
pub(crate) const OF_STATEMENT: [&str; 9] = [
    "Sid",
    "Effect",
    "Principal",
    "NotPrincipal",
    "Action",
    "NotAction",
    "Resource",
    "NotResource",
    "Condition",
];

/// Sorts the members of an object by name. `unknown` says what is wrong with a name that is none of `names`.
pub(super) fn take<'t, const N: usize>(
    members: Box<[Member<'t>]>,
    names: &[&str; N],
    unknown: impl Fn(&str) -> String,
    problems: &mut Problems,
) -> [Option<Member<'t>>; N] {
    let mut taken = [const { None }; N];
    for member in members {
        let span = member.name.span;
        let index = names.iter().position(|name| *name == member.name.value);
        match index.and_then(|index| taken.get_mut(index)) {
            Some(slot @ None) => *slot = Some(member),
            Some(Some(_)) => problems.error(
                span,
                format!(
                    "`{}` stands here a second time, and AWS refuses a document with doubled names: merge the two, or delete one",
                    member.name.value
                ),
            ),
            None => problems.error_with(span, || unknown(&member.name.value)),
        }
    }
    taken
}

/// What to say of an element that AWS does not know in the document or in a statement.
pub(super) fn unknown_element(name: &str, in_statement: bool) -> String {
    let (here, elsewhere, place): (&[&str], &[&str], _) = if in_statement {
        (&OF_STATEMENT, &OF_DOCUMENT, "a statement")
    } else {
        (&OF_DOCUMENT, &OF_STATEMENT, "the document")
    };
    if elsewhere.contains(&name) {
        return if in_statement {
            format!("`{name}` is an element of the document: move it out of the statement")
        } else {
            format!(
                "`{name}` is an element of a statement: move it into one, inside of `Statement`"
            )
        };
    }
    let name = excerpt(name);
    match nearest(&name, here.iter().copied()) {
        Some(near) if near.eq_ignore_ascii_case(&name) => {
            format!(
                "the element `{name}` is written `{near}`: AWS distinguishes case and refuses any other spelling"
            )
        }
        Some(near) => format!(
            "AWS knows no element `{name}` and refuses the document: did you mean `{near}`?"
        ),
        None => format!(
            "AWS knows no element `{name}` in {place} and refuses the document: delete it; what it knows there is {}",
            list(here)
        ),
    }
}

/// `` `A`, `B` and `C` ``
pub(super) fn list(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match quoted.as_slice() {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// The string of a node.
pub(super) fn string<'t>(
    element: &str,
    node: Node<'t>,
    problems: &mut Problems,
) -> Option<Text<'t>> {
    match node.value {
        Value::String(value) => Some(Spanned::new(value, node.span)),
        other => {
            problems.error(
                first(node.span),
                format!("`{element}` takes a string, not {}", other.describe()),
            );
            None
        }
    }
}

/// One string or a list of strings; what is no string is told and left out.
pub(super) fn strings<'t>(element: &str, node: Node<'t>, problems: &mut Problems) -> Vec<Text<'t>> {
    match node.value {
        Value::String(value) => vec![Spanned::new(value, node.span)],
        Value::Array(nodes) => nodes
            .into_iter()
            .filter_map(|node| match node.value {
                Value::String(value) => Some(Spanned::new(value, node.span)),
                other => {
                    problems.error(
                        first(node.span),
                        format!(
                            "a list in `{element}` holds strings, not {}",
                            other.describe()
                        ),
                    );
                    None
                }
            })
            .collect(),
        other => {
            problems.error(
                first(node.span),
                format!(
                    "`{element}` takes a string or a list of strings, not {}",
                    other.describe()
                ),
            );
            Vec::new()
        }
    }
}

/// The names that stand a second time or more often.
pub(super) fn doubled<K: Ord>(mut names: Vec<(K, Span)>) -> Vec<(K, Span)> {
    if names.len() < 2 {
        return Vec::new();
    }
    names.sort();
    let mut later = Vec::new();
    let mut names = names.into_iter();
    let Some((mut previous, _)) = names.next() else {
        return later;
    };
    for (name, span) in names {
        if name == previous {
            later.push((name, span));
        } else {
            previous = name;
        }
    }
    later
}

/// How much each byte of a text weighs. Actions and ARNs are short: a table tells of their bytes sooner than a vector
/// instruction, and a sum takes no branch for each byte.
pub(super) struct Weights([u8; 256]);

impl Weights {
    /// The same for every byte.
    pub(super) const fn new(weight: u8) -> Self {
        Self([weight; 256])
    }

    /// Another weight for these bytes.
    #[expect(
        clippy::indexing_slicing,
        reason = "done by the compiler: a byte is below 256"
    )]
    pub(super) const fn with(mut self, bytes: &[u8], weight: u8) -> Self {
        let mut at = 0;
        while at < bytes.len() {
            self.0[bytes[at] as usize] = weight;
            at += 1;
        }
        self
    }

    /// Of a whole text.
    pub(super) fn sum(&self, text: &str) -> usize {
        let weight = |byte| self.0.get(usize::from(byte)).copied().unwrap_or_default();
        text.bytes().map(|byte| usize::from(weight(byte))).sum()
    }
}

/// The first character of a span: an opening bracket stands for its whole.
pub(crate) fn first(span: Span) -> Span {
    Span {
        start: span.start,
        end: span.end.min(span.start.saturating_add(1)),
    }
}

/// The first characters of a long text, for a message.
pub(crate) fn excerpt(text: &str) -> Cow<'_, str> {
    const MOST: usize = 120;
    match text.char_indices().nth(MOST) {
        None => Cow::Borrowed(text),
        Some((end, _)) => Cow::Owned(format!("{}…", text.get(..end).unwrap_or_default())),
    }
}

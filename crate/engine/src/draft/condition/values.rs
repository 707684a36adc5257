//! The values of a test, some of which are known only when the template is deployed.

use std::borrow::Cow;

use crate::draft::reading::{Sides, node, plain, taken};
use crate::draft::{Draft, Holds, Piece, Unknown, Value, text};
use crate::policy::operator::Comparison;
use crate::source::{self, Node};
use crate::text::Span;

/// The values of a test.
#[derive(Default)]
pub(super) struct Values<'t> {
    pub(super) all: Vec<Entry<'t>>,
    /// Whether `*` was put in the place of a piece.
    pub(super) starred: bool,
}

#[derive(Clone)]
pub(super) struct Entry<'t> {
    pub(super) span: Span,
    /// Whether it is in the list for every value of what is unknown.
    pub(super) certain: bool,
    /// Whether `*` was put in the place of a piece of it.
    pub(super) starred: bool,
    pub(super) value: EntryValue<'t>,
}

#[derive(Clone)]
pub(super) enum EntryValue<'t> {
    Known(Node<'t>),
    Open(Vec<Piece<'t>>),
}

impl<'t> Values<'t> {
    pub(super) fn collect(
        &mut self,
        draft: &Draft<'t>,
        certain: bool,
        sides: &Sides,
        settle: &dyn Fn(&[Piece<'t>]) -> Vec<Piece<'t>>,
    ) {
        let draft = taken(draft, sides);
        let mut starred = false;
        let value = match &draft.value {
            Value::List(drafts) => {
                for draft in drafts {
                    self.collect(draft, certain, sides, settle);
                }
                return;
            }
            Value::Either(_, branches) => {
                for branch in branches {
                    self.collect(branch, false, sides, settle);
                }
                return;
            }
            Value::Nothing => return,
            Value::Unknown(unknown) => EntryValue::Open(vec![Piece::Unknown(unknown.clone())]),
            Value::Text(pieces) => {
                let settled = settle(pieces);
                starred = text::known(pieces).is_none() && text::known(&settled).is_some();
                match text::known(&settled) {
                    Some(text) => EntryValue::Known(node(draft.span, source::Value::String(text))),
                    None => EntryValue::Open(settled),
                }
            }
            Value::Null | Value::Bool(_) | Value::Object(_) => match plain(draft) {
                Some(node) => EntryValue::Known(node),
                None => return,
            },
        };
        self.starred |= starred;
        self.all.push(Entry {
            span: draft.span,
            certain,
            starred,
            value,
        });
    }

    /// A made-up organization or account for each value that is wholly unknown: whatever it is, it is the one that is
    /// trusted.
    pub(super) fn stand_in(&mut self, key: &str) {
        let organization = is_path(key) || key.to_ascii_lowercase().ends_with("orgid");
        for entry in &mut self.all {
            let EntryValue::Open(pieces) = &entry.value else {
                continue;
            };
            let text = match pieces.as_slice() {
                // A path by itself has more than the organization.
                [Piece::Unknown(unknown)] if !is_path(key) => stand_in(organization, unknown),
                // Where `*` is a wildcard, what is put in might be one.
                [Piece::Unknown(unknown), Piece::Known(rest)]
                    if is_path(key) && unknown.holds == Holds::Word && rest.starts_with('/') =>
                {
                    format!("{}{rest}", stand_in(organization, unknown))
                }
                _ => continue,
            };
            entry.value =
                EntryValue::Known(node(entry.span, source::Value::String(Cow::Owned(text))));
        }
    }
}

/// The made-up organization or account that stands for something unknown.
pub(in crate::draft) fn stand_in(organization: bool, unknown: &Unknown) -> String {
    let name = if unknown.of.is_empty() {
        &unknown.what
    } else {
        &unknown.of
    };
    if organization {
        let name: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
        return format!("o-{}", name.to_ascii_lowercase());
    }
    // An account that nobody has, the same for the same name.
    let hash = name.bytes().fold(7_u64, |hash, byte| {
        hash.wrapping_mul(31).wrapping_add(u64::from(byte))
    });
    format!("{:012}", hash % 1_000_000)
}

impl<'t> Entry<'t> {
    pub(super) fn is_open(&self) -> bool {
        matches!(self.value, EntryValue::Open(_))
    }

    pub(super) fn has_wildcards(&self) -> bool {
        match &self.value {
            EntryValue::Known(node) => {
                matches!(&node.value, source::Value::String(text) if text.contains(['*', '?']))
            }
            EntryValue::Open(pieces) => has_wildcards(pieces),
        }
    }

    pub(super) fn into_node(self) -> Node<'t> {
        match self.value {
            EntryValue::Known(node) => node,
            EntryValue::Open(_) => node(self.span, source::Value::Null),
        }
    }

    /// A pattern that covers every value; `None` where only any value at all does.
    pub(super) fn widened(self, comparison: Comparison) -> Option<Node<'t>> {
        use Comparison::*;
        let pieces = match self.value {
            EntryValue::Known(node) => return Some(node),
            EntryValue::Open(pieces) => pieces,
        };
        let text = match comparison {
            StringLike | StringNotLike => text::pattern(&pieces)?,
            // Without wildcards, those of the known pieces are literal.
            StringEquals | StringNotEquals if !has_wildcards(&pieces) => text::pattern(&pieces)?,
            ArnEquals | ArnNotEquals | ArnLike | ArnNotLike => text::arn(&pieces, false)?,
            _ => return None,
        };
        Some(node(self.span, source::Value::String(Cow::Owned(text))))
    }
}

fn has_wildcards(pieces: &[Piece<'_>]) -> bool {
    pieces
        .iter()
        .any(|piece| matches!(piece, Piece::Known(text) if text.contains(['*', '?'])))
}

/// The keys whose values begin with an organization: `o-exampleorgid/r-ab12/…`.
pub(super) fn is_path(key: &str) -> bool {
    ["aws:PrincipalOrgPaths", "aws:SourceOrgPaths"]
        .iter()
        .any(|known| known.eq_ignore_ascii_case(key))
}

//! Lists of texts, with patterns for those that are unknown.

use std::borrow::Cow;

use super::nodes::{node, plain, string};
use super::{Sides, taken};
use crate::draft::{Draft, Piece, Unknown, Value, text};
use crate::pattern::action_matches;
use crate::source::{self, Node};

/// The texts that may (`wide`) or must stand in a list or a single text; `pattern` makes one of pieces.
pub(in crate::draft) fn texts<'t>(
    draft: &Draft<'t>,
    wide: bool,
    sides: &Sides,
    pattern: &dyn Fn(&[Piece<'_>]) -> Option<String>,
) -> Vec<Node<'t>> {
    let draft = taken(draft, sides);
    match &draft.value {
        Value::List(drafts) => drafts
            .iter()
            .flat_map(|draft| texts(draft, wide, sides, pattern))
            .collect(),
        Value::Text(pieces) => match text::known(pieces) {
            Some(text) => vec![node(draft.span, source::Value::String(text))],
            None => pattern(pieces)
                .into_iter()
                .map(|text| node(draft.span, source::Value::String(Cow::Owned(text))))
                .collect(),
        },
        Value::Either(_, branches) => {
            let mut lists = branches
                .iter()
                .map(|branch| texts(branch, wide, sides, pattern));
            let first = lists.next().unwrap_or_default();
            lists.fold(first, |mut all, list| {
                if wide {
                    all.extend(list);
                } else {
                    all.retain(|node| list.iter().any(|other| other.value == node.value));
                }
                all
            })
        }
        Value::Unknown(_) if wide => vec![string(draft.span, "*")],
        Value::Unknown(_) | Value::Nothing => Vec::new(),
        Value::Null | Value::Bool(_) | Value::Object(_) => plain(draft).into_iter().collect(),
    }
}

/// Whether a list of actions may name one of these.
pub(in crate::draft) fn names_any(draft: &Draft<'_>, actions: &[&str]) -> bool {
    let wide = texts(draft, true, &Sides::new(), &|pieces| {
        Some(text::action(pieces))
    });
    wide.iter().any(
        |node| matches!(&node.value, source::Value::String(pattern) if covers(pattern, actions)),
    )
}

/// What is unknown in a list of actions, where it may make one of these.
pub(in crate::draft) fn naming(draft: &Draft<'_>, actions: &[&str], all: &mut Vec<Unknown>) {
    match &draft.value {
        Value::List(drafts) => drafts.iter().for_each(|draft| naming(draft, actions, all)),
        _ if names_any(draft, actions) => all.extend(draft.unknowns()),
        _ => {}
    }
}

fn covers(pattern: &str, actions: &[&str]) -> bool {
    match actions {
        [] => pattern.starts_with(['*', '?']) || pattern.to_ascii_lowercase().starts_with("s3:"),
        _ => actions.iter().any(|action| action_matches(pattern, action)),
    }
}

//! Parts of the document that a draft becomes.

use std::borrow::Cow;

use crate::draft::{Draft, Member, Value, text};
use crate::source::{self, Node};
use crate::text::{Span, Spanned};

/// What is known as it stands; `None` where it is not.
pub(in crate::draft) fn plain<'t>(draft: &Draft<'t>) -> Option<Node<'t>> {
    let value = match &draft.value {
        Value::Null => source::Value::Null,
        Value::Bool(value) => source::Value::Bool(*value),
        Value::Text(pieces) => source::Value::String(text::known(pieces)?),
        Value::List(drafts) => source::Value::Array(drafts.iter().filter_map(plain).collect()),
        Value::Object(members) => {
            source::Value::Object(members.iter().filter_map(plain_member).collect())
        }
        Value::Either(..) | Value::Nothing | Value::Unknown(_) => return None,
    };
    Some(node(draft.span, value))
}

pub(in crate::draft) fn plain_member<'t>(member: &Member<'t>) -> Option<source::Member<'t>> {
    let value = match plain(&member.value) {
        Some(value) => value,
        // The language's version is taken for the one that everybody writes.
        None if member.name.value == "Version" => string(member.value.span, "2012-10-17"),
        None => return None,
    };
    Some(source::Member {
        name: member.name.clone(),
        value,
    })
}

pub(in crate::draft) fn node<'t>(span: Span, value: source::Value<'t>) -> Node<'t> {
    Node { span, value }
}

pub(in crate::draft) fn string<'t>(span: Span, text: &'static str) -> Node<'t> {
    node(span, source::Value::String(Cow::Borrowed(text)))
}

pub(in crate::draft) fn empty<'t>(span: Span) -> Node<'t> {
    node(span, source::Value::Array(Box::default()))
}

pub(in crate::draft) fn member<'t>(
    name: &'static str,
    span: Span,
    value: Node<'t>,
) -> source::Member<'t> {
    source::Member {
        name: Spanned::new(Cow::Borrowed(name), span),
        value,
    }
}

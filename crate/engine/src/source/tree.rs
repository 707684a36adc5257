//! What is done with a tree as a whole.

use std::borrow::Cow;

use super::{Member, Node, Value};
use crate::text::{Span, Spanned};

impl<'t> Node<'t> {
    /// The tree with strings of its own, so that it outlives the text it was read from.
    pub fn into_owned(self) -> Node<'static> {
        let value = match self.value {
            Value::Null => Value::Null,
            Value::Bool(value) => Value::Bool(value),
            Value::Number(number) => Value::Number(number),
            Value::String(text) => Value::String(Cow::Owned(text.into_owned())),
            Value::Array(nodes) => Value::Array(nodes.into_iter().map(Node::into_owned).collect()),
            Value::Object(members) => Value::Object(
                members
                    .into_iter()
                    .map(|member| Member {
                        name: Spanned::new(
                            Cow::Owned(member.name.value.into_owned()),
                            member.name.span,
                        ),
                        value: member.value.into_owned(),
                    })
                    .collect(),
            ),
        };
        Node {
            span: self.span,
            value,
        }
    }

    /// Moves all spans: the tree's text begins at `start`.
    pub fn shift(&mut self, start: u32) {
        shift(&mut self.span, start);
        match &mut self.value {
            Value::Array(nodes) => nodes.iter_mut().for_each(|node| node.shift(start)),
            Value::Object(members) => {
                for member in members {
                    shift(&mut member.name.span, start);
                    member.value.shift(start);
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }

    /// The tree as JSON without white space.
    pub fn to_json(&self) -> String {
        let mut json = String::new();
        self.write_json(&mut json);
        json
    }

    fn write_json(&self, json: &mut String) {
        match &self.value {
            Value::Null => json.push_str("null"),
            Value::Bool(value) => json.push_str(if *value { "true" } else { "false" }),
            Value::Number(number) => json.push_str(number),
            Value::String(text) => write_string(text, json),
            Value::Array(nodes) => {
                json.push('[');
                for (index, node) in nodes.iter().enumerate() {
                    if index > 0 {
                        json.push(',');
                    }
                    node.write_json(json);
                }
                json.push(']');
            }
            Value::Object(members) => {
                json.push('{');
                for (index, member) in members.iter().enumerate() {
                    if index > 0 {
                        json.push(',');
                    }
                    write_string(&member.name.value, json);
                    json.push(':');
                    member.value.write_json(json);
                }
                json.push('}');
            }
        }
    }
}

fn write_string(text: &str, json: &mut String) {
    json.push_str(&serde_json::Value::from(text).to_string());
}

/// Moves a span by `start`.
pub(crate) fn shift(span: &mut Span, start: u32) {
    span.start = span.start.saturating_add(start);
    span.end = span.end.saturating_add(start);
}

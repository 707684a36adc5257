//! `Fn::Sub`.

use std::borrow::Cow;
use std::ops::Range;

use super::push;
use crate::draft::{Draft, Holds, Piece, Value};
use crate::form::cloudformation::template::{Template, unknown};
use crate::form::exact::get;
use crate::source::{self, Node};
use crate::text::Span;

impl<'t> Template<'t> {
    /// `Fn::Sub`.
    pub(super) fn substitute(&self, argument: &Node<'t>, span: Span) -> Option<Value<'t>> {
        let (text, variables) = match &argument.value {
            source::Value::String(text) => (text, None),
            source::Value::Array(nodes) => match &**nodes {
                [
                    Node {
                        value: source::Value::String(text),
                        ..
                    },
                    variables,
                ] => (text, Some(variables)),
                _ => return None,
            },
            _ => return None,
        };
        let mut pieces = Vec::new();
        for part in parts(text) {
            match part {
                Part::Known(text, _) => push(&mut pieces, &text),
                Part::Put(name, _) => {
                    for piece in self.put_in(name, variables, span) {
                        match piece {
                            Piece::Known(text) => push(&mut pieces, &text),
                            unknown => pieces.push(unknown),
                        }
                    }
                }
            }
        }
        Some(Value::Text(pieces))
    }

    /// What `${name}` stands for.
    pub(in crate::form::cloudformation) fn put_in(
        &self,
        name: &str,
        variables: Option<&Node<'t>>,
        span: Span,
    ) -> Vec<Piece<'t>> {
        let value = match variables.and_then(|variables| get(variables, name)) {
            Some(value) => self.resolve(value),
            None => match name.split_once('.') {
                Some((resource, attribute)) => Draft {
                    span,
                    value: self.attribute(resource, attribute, span),
                },
                None => self.reference(name, span),
            },
        };
        match value.value {
            Value::Text(mut pieces) => {
                for piece in &mut pieces {
                    // As it is written here.
                    if let Piece::Unknown(unknown) = piece
                        && let Some(name) = unknown.what.strip_prefix("`!Ref ")
                        && variables.is_none()
                        && let Some((name, rest)) = name.split_once('`')
                    {
                        unknown.what = format!("`${{{name}}}`{rest}").into();
                    }
                }
                pieces
            }
            Value::Bool(value) => vec![Piece::Known(if value { "true" } else { "false" }.into())],
            _ => vec![Piece::Unknown(unknown(
                span,
                format!("`${{{name}}}`"),
                "",
                Holds::Anything,
            ))],
        }
    }
}

/// A part of the text of `Fn::Sub`, and the bytes of the text that it is written in.
pub(in crate::form::cloudformation) enum Part<'a> {
    Known(Cow<'a, str>, Range<usize>),
    /// `${name}`
    Put(&'a str, Range<usize>),
}

/// The parts of the text of `Fn::Sub`: `${Name}`, `${Resource.Attribute}` and, for a literal `${`, `${!`.
pub(in crate::form::cloudformation) fn parts(text: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let mut at = 0;
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${") {
        parts.push(Part::Known(before.into(), at..at + before.len()));
        at += before.len();
        let Some((name, behind)) = after.split_once('}') else {
            parts.push(Part::Known("${".into(), at..at + 2));
            (rest, at) = (after, at + 2);
            continue;
        };
        let written = at..at + name.len() + 3;
        at = written.end;
        rest = behind;
        let name = name.trim();
        parts.push(match name.strip_prefix('!') {
            Some(literal) => Part::Known(format!("${{{literal}}}").into(), written),
            None => Part::Put(name, written),
        });
    }
    parts.push(Part::Known(rest.into(), at..text.len()));
    parts
}

//! CloudFormation's intrinsic functions: what is certain is put in their place, the rest stays unknown
//! ("Intrinsic function reference", "Pseudo parameters reference").

mod reference;
mod substitute;

use std::borrow::Cow;

use super::template::{Template, unknown};
use crate::draft::{Draft, Holds, Member, Piece, Unknown, Value};
use crate::source::{self, Node};
use crate::text::Span;

pub(super) use substitute::{Part, parts};

/// How many values of a map are taken as possible where its key is unknown.
const MOST_CHOICES: usize = 32;

impl<'t> Template<'t> {
    /// The value of a part of the template.
    pub(super) fn resolve(&self, node: &Node<'t>) -> Draft<'t> {
        let value = match &node.value {
            source::Value::Object(members) => match &**members {
                [member] if is_function(&member.name.value) => {
                    return self.function(&member.name.value, &member.value, node.span);
                }
                _ if members
                    .iter()
                    .any(|member| member.name.value == "Fn::Transform") =>
                {
                    Value::Unknown(unknown(
                        node.span,
                        "`Fn::Transform`".to_owned(),
                        "",
                        Holds::Anything,
                    ))
                }
                _ => Value::Object(
                    members
                        .iter()
                        .map(|member| Member {
                            name: member.name.clone(),
                            value: self.resolve(&member.value),
                        })
                        .collect(),
                ),
            },
            source::Value::Array(nodes) => {
                Value::List(nodes.iter().map(|node| self.resolve(node)).collect())
            }
            _ => return Draft::from(node.clone()),
        };
        Draft {
            span: node.span,
            value,
        }
    }

    fn function(&self, name: &str, argument: &Node<'t>, span: Span) -> Draft<'t> {
        let value = match name {
            "Ref" => match &argument.value {
                source::Value::String(name) => return self.reference(name, span),
                _ => None,
            },
            "Fn::GetAtt" => attribute_path(argument)
                .map(|(resource, attribute)| self.attribute(&resource, &attribute, span)),
            "Fn::Sub" => self.substitute(argument, span),
            "Fn::Join" => self.join(argument),
            "Fn::Select" => return self.select(argument, span),
            "Fn::Split" => self.split(argument),
            "Fn::FindInMap" => return self.find_in_map(argument, span),
            "Fn::If" => match self.taken(argument) {
                Some(then) => return self.resolve(then),
                None => self.either(argument, span),
            },
            // The value as a string: what it holds is what matters.
            "Fn::ToJsonString" => return self.resolve(argument),
            _ => None,
        };
        let what = match (name, &argument.value) {
            ("Ref", source::Value::String(text)) => format!("`!Ref {text}`"),
            (_, source::Value::String(text)) if text.len() <= 60 => {
                format!("`!{} {text}`", name.trim_start_matches("Fn::"))
            }
            _ => format!("`{name}`"),
        };
        Draft {
            span,
            value: value
                .unwrap_or_else(|| Value::Unknown(unknown(span, what, "", Holds::Anything))),
        }
    }

    /// `Fn::Join`.
    fn join(&self, argument: &Node<'t>) -> Option<Value<'t>> {
        let [delimiter, list] = pair(argument)?;
        let source::Value::String(delimiter) = &delimiter.value else {
            return None;
        };
        let Value::List(elements) = self.resolve(list).value else {
            return None;
        };
        let mut pieces = Vec::new();
        let mut first = true;
        for element in elements {
            let inner = match element.value {
                Value::Text(inner) => inner,
                Value::Bool(value) => {
                    vec![Piece::Known(if value { "true" } else { "false" }.into())]
                }
                Value::Nothing => continue,
                _ => return None,
            };
            if !std::mem::take(&mut first) {
                push(&mut pieces, delimiter);
            }
            for piece in inner {
                match piece {
                    Piece::Known(text) => push(&mut pieces, &text),
                    unknown => pieces.push(unknown),
                }
            }
        }
        Some(Value::Text(pieces))
    }

    /// `Fn::Select`.
    fn select(&self, argument: &Node<'t>, span: Span) -> Draft<'t> {
        let chosen = pair(argument).and_then(|[index, list]| {
            let index: usize = self.resolve(index).text()?.parse().ok()?;
            let Value::List(elements) = self.resolve(list).value else {
                return None;
            };
            elements.into_iter().nth(index)
        });
        let value = chosen.map_or_else(
            || {
                Value::Text(vec![Piece::Unknown(unknown(
                    span,
                    "`Fn::Select`".to_owned(),
                    "",
                    Holds::Anything,
                ))])
            },
            |chosen| chosen.value,
        );
        Draft { span, value }
    }

    /// `Fn::Split`.
    fn split(&self, argument: &Node<'t>) -> Option<Value<'t>> {
        let [delimiter, text] = pair(argument)?;
        let source::Value::String(delimiter) = &delimiter.value else {
            return None;
        };
        let resolved = self.resolve(text);
        let known = resolved.text().filter(|_| !delimiter.is_empty())?;
        let parts = known.split(delimiter.as_ref()).map(|part| Draft {
            span: text.span,
            value: Value::Text(vec![Piece::Known(Cow::Owned(part.to_owned()))]),
        });
        Some(Value::List(parts.collect()))
    }

    /// `Fn::FindInMap`: of an unknown key, any of the values.
    fn find_in_map(&self, argument: &Node<'t>, span: Span) -> Draft<'t> {
        let any = unknown(span, "`Fn::FindInMap`".to_owned(), "", Holds::Anything);
        let otherwise = || Draft {
            span,
            value: Value::Text(vec![Piece::Unknown(any.clone())]),
        };
        let source::Value::Array(keys) = &argument.value else {
            return otherwise();
        };
        let [map, first, second, ..] = &**keys else {
            return otherwise();
        };
        let keys: Vec<Option<Cow<'t, str>>> = [map, first, second]
            .into_iter()
            .map(|key| self.resolve(key).text())
            .collect();
        let mut values: Vec<&Node<'t>> = self.mappings.iter().collect();
        for key in keys {
            values = values
                .into_iter()
                .flat_map(|node| match &node.value {
                    source::Value::Object(members) => members
                        .iter()
                        .filter(|member| key.as_ref().is_none_or(|key| *key == member.name.value))
                        .map(|member| &member.value)
                        .collect::<Vec<_>>(),
                    _ => Vec::new(),
                })
                .take(MOST_CHOICES + 1)
                .collect();
        }
        match values.as_slice() {
            [] => otherwise(),
            [only] => self.referring(
                || Draft {
                    span,
                    ..self.resolve(only)
                },
                otherwise,
            ),
            many if many.len() <= MOST_CHOICES => {
                let choices = many
                    .iter()
                    .map(|node| {
                        self.referring(
                            || Draft {
                                span,
                                ..self.resolve(node)
                            },
                            otherwise,
                        )
                    })
                    .collect();
                Draft {
                    span,
                    value: Value::Either(any.clone(), choices),
                }
            }
            _ => otherwise(),
        }
    }

    /// The only branch of `Fn::If` that can be taken where what is read is there.
    pub(super) fn taken<'n>(&self, argument: &'n Node<'t>) -> Option<&'n Node<'t>> {
        match &argument.value {
            source::Value::Array(nodes) => match &**nodes {
                [condition, then, _] if self.is_given(condition) => Some(then),
                _ => None,
            },
            _ => None,
        }
    }

    /// `Fn::If`: both branches may be.
    fn either(&self, argument: &Node<'t>, span: Span) -> Option<Value<'t>> {
        let source::Value::Array(nodes) = &argument.value else {
            return None;
        };
        let [condition, then, otherwise] = &**nodes else {
            return None;
        };
        let whether = match &condition.value {
            source::Value::String(name) => Unknown {
                decides: true,
                of: format!("{name} of the template at {}", self.start).into(),
                ..self.condition(name, span)
            },
            _ => self.condition("Fn::If", span),
        };
        Some(Value::Either(
            whether,
            vec![self.resolve(then), self.resolve(otherwise)],
        ))
    }

    /// What is unknown about a condition.
    pub(super) fn condition(&self, name: &str, span: Span) -> Unknown {
        unknown(
            span,
            format!("the condition `{name}`"),
            name,
            Holds::Anything,
        )
    }
}

fn is_function(name: &str) -> bool {
    name == "Ref" || name.starts_with("Fn::")
}

/// Both arguments of a function that takes two.
fn pair<'n, 't>(argument: &'n Node<'t>) -> Option<[&'n Node<'t>; 2]> {
    match &argument.value {
        source::Value::Array(nodes) => match &**nodes {
            [first, second] => Some([first, second]),
            _ => None,
        },
        _ => None,
    }
}

/// The resource and the attribute of `Fn::GetAtt`.
fn attribute_path(argument: &Node<'_>) -> Option<(String, String)> {
    match &argument.value {
        source::Value::String(path) => path
            .split_once('.')
            .map(|(resource, attribute)| (resource.to_owned(), attribute.to_owned())),
        source::Value::Array(nodes) => match &**nodes {
            [
                Node {
                    value: source::Value::String(resource),
                    ..
                },
                Node {
                    value: source::Value::String(attribute),
                    ..
                },
            ] => Some((resource.to_string(), attribute.to_string())),
            _ => None,
        },
        _ => None,
    }
}

/// Adds a known text, to the last piece where that is known too.
fn push(pieces: &mut Vec<Piece<'_>>, text: &str) {
    if text.is_empty() {
        return;
    }
    match pieces.last_mut() {
        Some(Piece::Known(last)) => last.to_mut().push_str(text),
        _ => pieces.push(Piece::Known(Cow::Owned(text.to_owned()))),
    }
}

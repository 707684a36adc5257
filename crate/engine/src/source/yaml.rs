//! YAML (1.2, and of 1.1 what CloudFormation reads), read by granit-parser into the tree that JSON has.
//!
//! Names of objects are texts, merge keys (`<<`) and aliases are put in place, and CloudFormation's short tags become
//! the functions that they stand for: `!Sub x` is `{"Fn::Sub": "x"}`.

mod scalar;
mod syntax;

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use granit_parser::{Event, Options, Parser, ScalarStyle, Tag, options};

use super::{Member, Node, Value};
use crate::problem::Problem;
use crate::text::{Span, Spanned};

pub(crate) use scalar::mapping;

/// How deep collections nest at most, of each notation.
const DEPTH: usize = 128;

/// What aliases may add to the tree, in characters and with 16 for each node: some hundred thousand nodes.
const ALIASED: usize = 8 << 20;

/// Reads every document of the text (`---` stands between them).
pub(crate) fn parse(text: &str) -> Result<Vec<Node<'_>>, Problem> {
    let (reader, problem) = read(text);
    problem.map_or(Ok(reader.documents), Err)
}

/// What of a text stands whole before its error.
pub(crate) struct Damaged<'t> {
    pub(crate) node: Node<'t>,
    /// Where it ends.
    pub(crate) end: u32,
    /// The member of the object at the top in which it ends.
    pub(crate) member: Option<Cow<'t, str>>,
    pub(crate) problem: Problem,
}

/// Reads the first document of a text up to its error: the elements or members at the top, and those of the one that
/// is broken, as far as they are whole. `None` where nothing is broken, or in a later document.
pub(crate) fn parse_damaged(text: &str) -> Option<Damaged<'_>> {
    let (reader, problem) = read(text);
    let problem = problem.filter(|_| reader.documents.is_empty())?;
    let mut open = reader.open.into_iter();
    let top = open.next()?;
    let inner = open.next();
    let end = |of: &Open<'_>| match &of.content {
        Content::List(nodes) => nodes.last().map(|node| node.span.end),
        Content::Object { members, .. } => members.last().map(|member| member.value.span.end),
    };
    let last = inner.as_ref().and_then(end).or_else(|| end(&top))?;
    let span = Span {
        start: top.start,
        end: last,
    };
    let (value, member) = match top.content {
        Content::List(nodes) => (Value::Array(nodes.into()), None),
        Content::Object {
            mut members,
            merged,
            name,
        } => {
            let member = match name {
                Some(Name::Text(name)) => Some(name),
                _ => None,
            };
            if let (Some(name), Some(inner)) = (&member, inner) {
                members.push(Member {
                    name: name.clone(),
                    value: Node {
                        span: Span {
                            start: inner.start,
                            end: last,
                        },
                        value: inner.content.into_value(),
                    },
                });
            }
            let value = Value::Object(with_merged(members, merged).into());
            (value, member.map(|name| name.value))
        }
    };
    Some(Damaged {
        node: Node { span, value },
        end: last,
        member,
        problem,
    })
}

/// Reads a text up to its end or to its first error.
fn read(text: &str) -> (Reader<'_>, Option<Problem>) {
    let mut options: Options = options! {
        flow_nesting_limit: DEPTH,
        block_nesting_limit: DEPTH,
        // As CloudFormation's own tools read: no line break that is not there.
        block_scalar_eof_without_line_feed: true,
    };
    options.set_emit_comments(false);
    let mut reader = Reader {
        text,
        open: Vec::new(),
        anchors: HashMap::new(),
        aliased: 0,
        documents: Vec::new(),
    };
    for next in Parser::new_from_str_with_options(text, options) {
        let read = next
            .map_err(|error| syntax::problem(text, &error))
            .and_then(|(event, span)| reader.read(event, &span));
        if let Err(problem) = read {
            return (reader, Some(problem));
        }
    }
    (reader, None)
}

/// Whether a text that is no JSON looks as if YAML was meant, so that YAML's errors are those to tell.
pub(crate) fn is_meant(text: &str) -> bool {
    let mut lines = text.lines().filter(|line| {
        let line = line.trim();
        !line.is_empty() && !line.starts_with('#')
    });
    lines.next().is_some_and(|line| {
        let key = line.split_once(':').is_some_and(|(key, rest)| {
            let word = |c: char| c.is_ascii_alphanumeric() || "_-:./\"'".contains(c);
            !key.is_empty() && key.chars().all(word) && (rest.is_empty() || rest.starts_with(' '))
        });
        key || line.starts_with("- ") || line.starts_with("---") || line.starts_with("%YAML")
    })
}

/// A collection that has begun and not ended.
struct Open<'t> {
    start: u32,
    /// The end of what was read of it so far.
    end: u32,
    anchor: usize,
    /// What its tag makes of it, and where the tag stands.
    function: Option<Spanned<Cow<'static, str>>>,
    /// A list, or an object with a name whose value has yet to come.
    content: Content<'t>,
}

enum Content<'t> {
    List(Vec<Node<'t>>),
    Object {
        members: Vec<Member<'t>>,
        /// Values of `<<`, whose members count where no other of the same name stands.
        merged: Vec<Node<'t>>,
        name: Option<Name<'t>>,
    },
}

impl<'t> Content<'t> {
    fn into_value(self) -> Value<'t> {
        match self {
            Self::List(nodes) => Value::Array(nodes.into()),
            Self::Object {
                members, merged, ..
            } => Value::Object(with_merged(members, merged).into()),
        }
    }
}

enum Name<'t> {
    Text(Spanned<Cow<'t, str>>),
    Merge,
}

struct Reader<'t> {
    text: &'t str,
    open: Vec<Open<'t>>,
    /// What anchors name; an alias inside of its own anchor finds none.
    anchors: HashMap<usize, Node<'t>>,
    aliased: usize,
    documents: Vec<Node<'t>>,
}

impl<'t> Reader<'t> {
    fn read(&mut self, event: Event<'t>, at: &granit_parser::Span) -> Result<(), Problem> {
        let span = span(at);
        match event {
            Event::Scalar(value, style, anchor, tag) => {
                let function = function(tag.as_deref(), at);
                if self.wants_name() && function.is_none() {
                    return self.name(value, style, anchor, span);
                }
                let core = tag.as_ref().and_then(|tag| tag.core_suffix());
                let node = self.scalar(value, style, core, function.as_ref(), span);
                self.node(node, anchor, function)
            }
            Event::SequenceStart(_, anchor, tag) => {
                self.begin(Content::List(Vec::new()), anchor, tag.as_deref(), at)
            }
            Event::MappingStart(_, anchor, tag) => {
                let content = Content::Object {
                    members: Vec::new(),
                    merged: Vec::new(),
                    name: None,
                };
                self.begin(content, anchor, tag.as_deref(), at)
            }
            Event::SequenceEnd | Event::MappingEnd => {
                let Some(open) = self.open.pop() else {
                    return Ok(());
                };
                // A block's own end is where the next thing begins: it ends with its last part.
                let end = if span.start == span.end {
                    open.end
                } else {
                    span.end
                };
                let node = Node {
                    span: Span {
                        start: open.start,
                        end,
                    },
                    value: open.content.into_value(),
                };
                self.node(node, open.anchor, open.function)
            }
            Event::Alias(anchor) => {
                let Some(mut node) = self.anchors.get(&anchor).cloned() else {
                    return Err(Problem::error(
                        span,
                        "this alias stands inside of what it names, so that it would never end",
                    ));
                };
                self.aliased = self.aliased.saturating_add(weight(&node));
                if self.aliased > ALIASED {
                    return Err(Problem::error(
                        span,
                        "the aliases (`*name`) up to here stand for millions of values: a policy has none of that kind, so it is not read",
                    ));
                }
                if self.wants_name() {
                    if let Value::String(name) = node.value {
                        return self.name(name, ScalarStyle::DoubleQuoted, 0, span);
                    }
                    return Err(no_name(span));
                }
                // A text is marked where it is used; what has parts, where those are written.
                if !matches!(node.value, Value::Array(_) | Value::Object(_)) {
                    node.span = span;
                }
                if let Some(open) = self.open.last_mut() {
                    open.end = open.end.max(span.end);
                }
                self.node(node, 0, None)
            }
            Event::DocumentEnd => {
                // An anchor does not outlive its document.
                self.anchors.clear();
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// Whether the next thing is a name in an object.
    fn wants_name(&self) -> bool {
        matches!(
            self.open.last(),
            Some(Open {
                content: Content::Object { name: None, .. },
                ..
            })
        )
    }

    fn begin(
        &mut self,
        content: Content<'t>,
        anchor: usize,
        tag: Option<&Tag>,
        at: &granit_parser::Span,
    ) -> Result<(), Problem> {
        let Span { start, end } = span(at);
        if self.wants_name() {
            return Err(no_name(Span { start, end }));
        }
        self.open.push(Open {
            start,
            end,
            anchor,
            function: function(tag, at),
            content,
        });
        Ok(())
    }

    fn name(
        &mut self,
        value: Cow<'t, str>,
        style: ScalarStyle,
        anchor: usize,
        span: Span,
    ) -> Result<(), Problem> {
        if anchor != 0 {
            let value = Value::String(value.clone());
            self.anchors.insert(anchor, Node { span, value });
        }
        if let Some(Open {
            content: Content::Object { name, .. },
            ..
        }) = self.open.last_mut()
        {
            *name = Some(if style == ScalarStyle::Plain && value == "<<" {
                Name::Merge
            } else {
                Name::Text(Spanned::new(value, span))
            });
        }
        Ok(())
    }

    fn scalar(
        &self,
        value: Cow<'t, str>,
        style: ScalarStyle,
        core: Option<&str>,
        function: Option<&Spanned<Cow<'static, str>>>,
        span: Span,
    ) -> Node<'t> {
        let span = match style {
            ScalarStyle::Literal | ScalarStyle::Folded => trimmed(self.text, span),
            _ => span,
        };
        if let Some(function) = function
            && function.value == "Fn::GetAtt"
            && let Some((resource, attribute)) = value.split_once('.')
        {
            return attribute_of(resource, attribute, &value, span, self.text);
        }
        let value = match value.as_ref() {
            _ if style != ScalarStyle::Plain || core == Some("str") || function.is_some() => {
                Value::String(value)
            }
            "" | "~" | "null" | "Null" | "NULL" => Value::Null,
            // The booleans of YAML 1.1, as CloudFormation reads them. Its dates and numbers are texts to a policy.
            "true" | "True" | "TRUE" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" => {
                Value::Bool(true)
            }
            "false" | "False" | "FALSE" | "no" | "No" | "NO" | "off" | "Off" | "OFF" => {
                Value::Bool(false)
            }
            _ => Value::String(value),
        };
        Node { span, value }
    }

    /// Puts a value where it belongs.
    fn node(
        &mut self,
        node: Node<'t>,
        anchor: usize,
        function: Option<Spanned<Cow<'static, str>>>,
    ) -> Result<(), Problem> {
        let node = match function {
            None => node,
            Some(function) => Node {
                span: Span {
                    start: function.span.start,
                    end: node.span.end.max(function.span.end),
                },
                value: Value::Object(Box::new([Member {
                    name: Spanned::new(function.value, function.span),
                    value: node,
                }])),
            },
        };
        if anchor != 0 {
            self.anchors.insert(anchor, node.clone());
        }
        let Some(open) = self.open.last_mut() else {
            self.documents.push(node);
            return Ok(());
        };
        open.end = open.end.max(node.span.end);
        match &mut open.content {
            Content::List(nodes) => nodes.push(node),
            Content::Object {
                members,
                merged,
                name,
            } => match name.take() {
                Some(Name::Text(name)) => members.push(Member { name, value: node }),
                Some(Name::Merge) => merged.push(node),
                None => return Err(no_name(node.span)),
            },
        }
        Ok(())
    }
}

/// The members of an object with those that `<<` brings along: the nearer definition counts.
fn with_merged<'t>(mut members: Vec<Member<'t>>, merged: Vec<Node<'t>>) -> Vec<Member<'t>> {
    if merged.is_empty() {
        return members;
    }
    let mut known: HashSet<Cow<'t, str>> = members
        .iter()
        .map(|member| member.name.value.clone())
        .collect();
    let objects = merged.into_iter().flat_map(|node| match node.value {
        Value::Array(nodes) => nodes,
        _ => [node].into(),
    });
    for object in objects {
        if let Value::Object(others) = object.value {
            members.extend(
                others
                    .into_iter()
                    .filter(|other| known.insert(other.name.value.clone())),
            );
        }
    }
    members
}

/// `Resource.Attribute` as CloudFormation's long form has it. The parts have places of their own where the text is as
/// it reads.
fn attribute_of<'t>(
    resource: &str,
    attribute: &str,
    value: &str,
    span: Span,
    text: &str,
) -> Node<'t> {
    let verbatim = text.get(span.start as usize..span.end as usize) == Some(value);
    let place = |start: usize, length: usize| {
        if verbatim {
            let start = span.start as usize + start;
            Span::new(start, start + length)
        } else {
            span
        }
    };
    let part = |text: &str, span| Node {
        span,
        value: Value::String(Cow::Owned(text.to_owned())),
    };
    Node {
        span,
        value: Value::Array(Box::new([
            part(resource, place(0, resource.len())),
            part(attribute, place(resource.len() + 1, attribute.len())),
        ])),
    }
}

/// The long form of a CloudFormation tag.
fn function(tag: Option<&Tag>, at: &granit_parser::Span) -> Option<Spanned<Cow<'static, str>>> {
    let tag = tag.filter(|tag| tag.handle() == "!" && !tag.suffix().is_empty())?;
    let name = match tag.suffix() {
        "Ref" => Cow::Borrowed("Ref"),
        "Condition" => Cow::Borrowed("Condition"),
        other => Cow::Owned(format!("Fn::{other}")),
    };
    let place = at.tag_span().map_or_else(|| span(at), |tag| span(&tag));
    Some(Spanned::new(name, place))
}

fn no_name(span: Span) -> Problem {
    Problem::error(
        span,
        "a list, an object or a tag stands where the name of a value is expected: names are plain text",
    )
}

fn span(at: &granit_parser::Span) -> Span {
    let range = at.byte_range().unwrap_or_default();
    Span::new(range.start, range.end)
}

/// Without the line breaks behind, which belong to nothing that a person sees.
fn trimmed(text: &str, span: Span) -> Span {
    let slice = text
        .get(span.start as usize..span.end as usize)
        .unwrap_or_default();
    Span::new(
        span.start as usize,
        span.start as usize + slice.trim_end().len(),
    )
}

/// What a copy of a node costs.
fn weight(node: &Node<'_>) -> usize {
    const NODE: usize = 16;
    NODE + match &node.value {
        Value::String(text) => text.len(),
        Value::Array(nodes) => nodes.iter().map(weight).sum(),
        Value::Object(members) => members
            .iter()
            .map(|member| member.name.value.len() + weight(&member.value))
            .sum(),
        _ => 0,
    }
}

#[cfg(test)]
mod tests;

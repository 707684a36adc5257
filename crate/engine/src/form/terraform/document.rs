//! `data "aws_iam_policy_document"` whose JSON is known only when the plan is applied: its blocks as a draft.

use std::borrow::Cow;
use std::rc::Rc;

use super::module::{Resource, list};
use crate::draft::{Draft, Holds, Member, Piece, Unknown, Value};
use crate::form::exact::get;
use crate::source::{self, Node};
use crate::text::{Span, Spanned};

/// The blocks' attributes and the elements that they become.
const LISTS: [(&str, &str); 4] = [
    ("actions", "Action"),
    ("not_actions", "NotAction"),
    ("resources", "Resource"),
    ("not_resources", "NotResource"),
];

/// The document that the blocks make; `None` where they are not in the plan, or not all of them.
pub(super) fn draft<'t>(data: &Resource<'_, 't>) -> Option<Draft<'t>> {
    // Documents that are merged in may replace statements.
    for other in [
        "source_policy_documents",
        "override_policy_documents",
        "source_json",
        "override_json",
    ] {
        let given = data.get(other).is_some_and(
            |node| !matches!(&node.value, source::Value::Array(nodes) if nodes.is_empty()),
        );
        if given || data.is_unknown(other) {
            return None;
        }
    }
    let unknown = data.unknown("statement");
    if unknown.is_some_and(|unknown| unknown.value == source::Value::Bool(true)) {
        return None;
    }
    let blocks = data.get("statement")?;
    let reader = Reader {
        address: &data.address,
    };
    let statements: Vec<Draft<'t>> = list(data.values, "statement")
        .enumerate()
        .map(|(index, block)| reader.statement(block, unknown.and_then(|all| nth(all, index))))
        .collect();
    let version = data.text("version").unwrap_or("2012-10-17").to_owned();
    Some(object(
        blocks.span,
        vec![
            ("Version", text(blocks.span, version)),
            (
                "Statement",
                Draft {
                    span: blocks.span,
                    value: Value::List(statements),
                },
            ),
        ],
    ))
}

struct Reader<'a> {
    address: &'a str,
}

impl Reader<'_> {
    fn statement<'t>(&self, block: &Node<'t>, unknown: Option<&Node<'t>>) -> Draft<'t> {
        if unknown.is_some_and(|unknown| unknown.value == source::Value::Bool(true)) {
            return self.unknown(block.span, "statement");
        }
        let of = |name: &str| (get(block, name), unknown.and_then(|all| get(all, name)));
        let mut members = Vec::new();
        let (effect, effect_unknown) = of("effect");
        members.push((
            "Effect",
            match effect {
                Some(node) if node.value != source::Value::Null => Draft::from(node.clone()),
                _ if effect_unknown.is_some_and(is_true) => self.unknown(block.span, "effect"),
                _ => text(block.span, "Allow".to_owned()),
            },
        ));
        for (attribute, element) in LISTS {
            let (node, unknown) = of(attribute);
            members.extend(
                self.texts(node, unknown, block.span, attribute)
                    .map(|list| (element, list)),
            );
        }
        for (attribute, element) in [
            ("principals", "Principal"),
            ("not_principals", "NotPrincipal"),
        ] {
            let (node, unknown) = of(attribute);
            members.extend(
                self.principals(node, unknown, block.span)
                    .map(|principals| (element, principals)),
            );
        }
        let (node, unknown) = of("condition");
        members.extend(
            self.conditions(node, unknown, block.span)
                .map(|conditions| ("Condition", conditions)),
        );
        object(block.span, members)
    }

    /// A list of texts; `None` where it is not given.
    fn texts<'t>(
        &self,
        node: Option<&Node<'t>>,
        unknown: Option<&Node<'t>>,
        span: Span,
        attribute: &str,
    ) -> Option<Draft<'t>> {
        if unknown.is_some_and(is_true) {
            return Some(self.unknown(span, attribute));
        }
        let node = node?;
        let source::Value::Array(nodes) = &node.value else {
            return None;
        };
        // An element that is unknown is `null`, or is not there, and `true` among what is unknown.
        let open = unknown.map_or(0, |all| match &all.value {
            source::Value::Array(marks) => marks.iter().filter(|mark| is_true(mark)).count(),
            _ => 0,
        });
        let mut all: Vec<Draft<'t>> = nodes
            .iter()
            .filter(|node| node.value != source::Value::Null)
            .map(|node| Draft::from(node.clone()))
            .collect();
        if open > 0 {
            all.push(self.unknown(node.span, attribute));
        }
        (!all.is_empty()).then_some(Draft {
            span: node.span,
            value: Value::List(all),
        })
    }

    fn principals<'t>(
        &self,
        node: Option<&Node<'t>>,
        unknown: Option<&Node<'t>>,
        span: Span,
    ) -> Option<Draft<'t>> {
        let blocks = match self.blocks(node, unknown, span, "principals") {
            Ok(blocks) => blocks,
            Err(unknown) => return Some(unknown),
        };
        let mut kinds = Vec::new();
        for (block, unknown) in blocks {
            let Some(kind) = crate::form::exact::text(block, "type") else {
                return Some(self.unknown(block.span, "principals"));
            };
            let identifiers = self.list_of(block, unknown, "identifiers")?;
            if kind == "*" {
                return Some(text(block.span, "*".to_owned()));
            }
            self.add(&mut kinds, name(kind, block.span), identifiers);
        }
        members(node?.span, kinds)
    }

    fn conditions<'t>(
        &self,
        node: Option<&Node<'t>>,
        unknown: Option<&Node<'t>>,
        span: Span,
    ) -> Option<Draft<'t>> {
        let blocks = match self.blocks(node, unknown, span, "condition") {
            Ok(blocks) => blocks,
            Err(unknown) => return Some(unknown),
        };
        let mut operators: Vec<(&str, Vec<Member<'t>>)> = Vec::new();
        for (block, unknown) in blocks {
            let of = |name| crate::form::exact::text(block, name);
            let (Some(test), Some(variable)) = (of("test"), of("variable")) else {
                return Some(self.unknown(block.span, "condition"));
            };
            let values = self.list_of(block, unknown, "values")?;
            let at = operators.iter().position(|(known, _)| *known == test);
            let at = at.unwrap_or(operators.len());
            if at == operators.len() {
                operators.push((test, Vec::new()));
            }
            if let Some((_, keys)) = operators.get_mut(at) {
                self.add(keys, name(variable, block.span), values);
            }
        }
        let operators = operators.into_iter().filter_map(|(test, keys)| {
            let first = keys.first()?.name.span;
            Some(Member {
                name: name(test, first),
                value: members(first, keys)?,
            })
        });
        members(node?.span, operators.collect())
    }

    /// The blocks of a kind, with what is unknown of each; `Err` where not even their number is known.
    fn blocks<'n, 't>(
        &self,
        node: Option<&'n Node<'t>>,
        unknown: Option<&'n Node<'t>>,
        span: Span,
        attribute: &str,
    ) -> Result<Vec<(&'n Node<'t>, Option<&'n Node<'t>>)>, Draft<'t>> {
        if unknown.is_some_and(is_true) {
            return Err(self.unknown(span, attribute));
        }
        let blocks = match node.map(|node| &node.value) {
            Some(source::Value::Array(blocks)) => &**blocks,
            _ => &[],
        };
        let with_unknown = |(index, block)| (block, unknown.and_then(|all| nth(all, index)));
        Ok(blocks.iter().enumerate().map(with_unknown).collect())
    }

    /// The list that a block has as this attribute.
    fn list_of<'t>(
        &self,
        block: &Node<'t>,
        unknown: Option<&Node<'t>>,
        attribute: &str,
    ) -> Option<Draft<'t>> {
        let unknown = unknown.and_then(|all| get(all, attribute));
        self.texts(get(block, attribute), unknown, block.span, attribute)
    }

    /// Adds a list under a name; lists of the same name count together.
    fn add<'t>(&self, members: &mut Vec<Member<'t>>, name: Spanned<Cow<'t, str>>, list: Draft<'t>) {
        match members
            .iter_mut()
            .find(|known| known.name.value == name.value)
        {
            Some(known) => match (&mut known.value.value, list.value) {
                (Value::List(all), Value::List(more)) => all.extend(more),
                (all, _) => *all = self.unknown(name.span, &name.value).value,
            },
            None => members.push(Member { name, value: list }),
        }
    }

    fn unknown<'t>(&self, span: Span, attribute: &str) -> Draft<'t> {
        unknown(span, self.address, attribute)
    }
}

/// An attribute that is known after the plan is applied.
pub(super) fn unknown<'t>(span: Span, address: &str, attribute: &str) -> Draft<'t> {
    Draft {
        span,
        value: Value::Unknown(Unknown {
            span,
            what: Rc::from(format!("`{attribute}` of `{address}`")),
            of: Rc::from(format!("{address}.{attribute}")),
            holds: Holds::Anything,
            decides: false,
        }),
    }
}

fn name<'t>(name: &str, span: Span) -> Spanned<Cow<'t, str>> {
    Spanned::new(Cow::Owned(name.to_owned()), span)
}

/// An object of these members; `None` where there are none.
fn members<'t>(span: Span, members: Vec<Member<'t>>) -> Option<Draft<'t>> {
    (!members.is_empty()).then_some(Draft {
        span,
        value: Value::Object(members),
    })
}

fn is_true(node: &Node<'_>) -> bool {
    node.value == source::Value::Bool(true)
}

fn nth<'n, 't>(node: &'n Node<'t>, index: usize) -> Option<&'n Node<'t>> {
    match &node.value {
        source::Value::Array(nodes) => nodes.get(index),
        _ => None,
    }
}

fn text<'t>(span: Span, text: String) -> Draft<'t> {
    Draft {
        span,
        value: Value::Text(vec![Piece::Known(Cow::Owned(text))]),
    }
}

fn object<'t>(span: Span, members: Vec<(&'static str, Draft<'t>)>) -> Draft<'t> {
    Draft {
        span,
        value: Value::Object(
            members
                .into_iter()
                .map(|(name, value)| Member {
                    name: Spanned::new(Cow::Borrowed(name), value.span),
                    value,
                })
                .collect(),
        ),
    }
}

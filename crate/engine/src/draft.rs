//! A policy as a template has it: parts of it are known only when it is deployed.
//!
//! Nothing that judges ever sees an unknown part. A draft becomes a document in one of two readings, and only so:
//!
//! - *permissive*: whatever an unknown part may be, the document allows at least what it would allow then;
//! - *restrictive*: whatever an unknown part may be, it allows at most that.
//!
//! So what passes in the permissive reading passes for every value, and what fails in the restrictive one fails for
//! every value. Between the two the answer depends on what is unknown.

mod condition;
mod reading;
mod text;
mod weigh;

use std::borrow::Cow;
use std::rc::Rc;

use crate::source::{self, Node};
use crate::text::{Span, Spanned};

pub(crate) use reading::Reading;
use reading::{Context, Sides, read};
pub(crate) use weigh::{check, json, permissive};

/// A value, parts of which may be unknown.
#[derive(Debug, Clone)]
pub(crate) struct Draft<'t> {
    pub(crate) span: Span,
    pub(crate) value: Value<'t>,
}

#[derive(Debug, Clone)]
pub(crate) enum Value<'t> {
    Null,
    Bool(bool),
    /// A text in pieces, one behind the other.
    Text(Vec<Piece<'t>>),
    List(Vec<Draft<'t>>),
    Object(Vec<Member<'t>>),
    /// One of these; which one is unknown.
    Either(Unknown, Vec<Draft<'t>>),
    /// The element is left out (`AWS::NoValue`).
    Nothing,
    /// Anything.
    Unknown(Unknown),
}

/// A name and its value.
#[derive(Debug, Clone)]
pub(crate) struct Member<'t> {
    pub(crate) name: Spanned<Cow<'t, str>>,
    pub(crate) value: Draft<'t>,
}

/// A piece of a text.
#[derive(Debug, Clone)]
pub(crate) enum Piece<'t> {
    Known(Cow<'t, str>),
    Unknown(Unknown),
}

/// Something that is known only when the template is deployed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Unknown {
    pub(crate) span: Span,
    /// As a person would name it: `` `!Ref OrgId` ``.
    pub(crate) what: Rc<str>,
    /// What it is the value of, by which two that are the same are known: `OrgId`.
    pub(crate) of: Rc<str>,
    pub(crate) holds: Holds,
    /// Whether it is a condition, which takes the same branch wherever it stands.
    pub(crate) decides: bool,
}

/// What is certain about an unknown text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Holds {
    /// Nothing.
    Anything,
    /// It is the partition that is deployed in.
    Partition,
    /// It is the account that is deployed in.
    Account,
    /// It has no `:`, `*` or `?`: a region, an account, a name.
    Word,
    /// It is the name of the bucket whose policy this is.
    OwnBucket,
}

impl<'t> Draft<'t> {
    /// All that is unknown in it, in the order of the text.
    pub(crate) fn unknowns(&self) -> Vec<Unknown> {
        let mut all = Vec::new();
        self.collect(&mut all);
        all
    }

    /// Whether nothing in it is unknown.
    pub(crate) fn is_known(&self) -> bool {
        match &self.value {
            Value::Null | Value::Bool(_) => true,
            Value::Text(pieces) => pieces.iter().all(|piece| matches!(piece, Piece::Known(_))),
            Value::List(drafts) => drafts.iter().all(Self::is_known),
            Value::Object(members) => members.iter().all(|member| member.value.is_known()),
            Value::Either(..) | Value::Nothing | Value::Unknown(_) => false,
        }
    }

    /// Every statement of a document, whichever branch it stands in.
    fn each_statement(&self, each: &mut dyn FnMut(&Self)) {
        match &self.value {
            Value::Either(_, branches) => {
                branches
                    .iter()
                    .for_each(|branch| branch.each_statement(each));
            }
            Value::List(drafts) => drafts.iter().for_each(|draft| draft.each_statement(each)),
            Value::Object(_) => match self.get("Statement") {
                Some(statements) => statements.each_statement(each),
                None => each(self),
            },
            _ => {}
        }
    }

    /// What is unknown in the statements that may be about one of these actions (none given: about S3). Answers
    /// whether there is such a statement.
    fn relevant(&self, actions: &[&str], all: &mut Vec<Unknown>) -> bool {
        match &self.value {
            Value::Unknown(unknown) => {
                all.push(unknown.clone());
                true
            }
            Value::Either(unknown, branches) => {
                let before = all.len();
                let mut any = false;
                for branch in branches {
                    any |= branch.relevant(actions, all);
                }
                if any {
                    all.insert(before, unknown.clone());
                }
                any
            }
            Value::List(drafts) => {
                let mut any = false;
                for draft in drafts {
                    any |= draft.relevant(actions, all);
                }
                any
            }
            Value::Object(members) => {
                if let Some(statements) = self.get("Statement") {
                    return statements.relevant(actions, all);
                }
                let named = self
                    .get("Action")
                    .is_none_or(|action| reading::names_any(action, actions));
                if named {
                    for member in members
                        .iter()
                        .filter(|member| member.name.value != "Action")
                    {
                        member.value.collect(all);
                    }
                    if let Some(action) = self.get("Action") {
                        reading::naming(action, actions, all);
                    }
                }
                named
            }
            Value::Null | Value::Bool(_) | Value::Text(_) | Value::Nothing => false,
        }
    }

    fn collect(&self, all: &mut Vec<Unknown>) {
        match &self.value {
            Value::Null | Value::Bool(_) | Value::Nothing => {}
            Value::Text(pieces) => all.extend(pieces.iter().filter_map(|piece| match piece {
                Piece::Known(_) => None,
                Piece::Unknown(unknown) => Some(unknown.clone()),
            })),
            Value::List(drafts) => drafts.iter().for_each(|draft| draft.collect(all)),
            Value::Object(members) => members.iter().for_each(|member| member.value.collect(all)),
            Value::Either(unknown, drafts) => {
                all.push(unknown.clone());
                drafts.iter().for_each(|draft| draft.collect(all));
            }
            Value::Unknown(unknown) => all.push(unknown.clone()),
        }
    }

    /// Its text, where all of it is known.
    pub(crate) fn text(&self) -> Option<Cow<'t, str>> {
        match &self.value {
            Value::Text(pieces) => text::known(pieces),
            _ => None,
        }
    }

    /// The member of that name.
    pub(crate) fn get(&self, name: &str) -> Option<&Self> {
        match &self.value {
            Value::Object(members) => members
                .iter()
                .find(|member| member.name.value == name)
                .map(|member| &member.value),
            _ => None,
        }
    }
}

impl<'t> From<Node<'t>> for Draft<'t> {
    fn from(node: Node<'t>) -> Self {
        let value = match node.value {
            source::Value::Null => Value::Null,
            source::Value::Bool(value) => Value::Bool(value),
            source::Value::Number(number) => {
                Value::Text(vec![Piece::Known(String::from(number).into())])
            }
            source::Value::String(text) => Value::Text(vec![Piece::Known(text)]),
            source::Value::Array(nodes) => Value::List(nodes.into_iter().map(Self::from).collect()),
            source::Value::Object(members) => Value::Object(
                members
                    .into_iter()
                    .map(|member| Member {
                        name: member.name,
                        value: Self::from(member.value),
                    })
                    .collect(),
            ),
        };
        Self {
            span: node.span,
            value,
        }
    }
}

#[cfg(test)]
mod tests;

//! A policy document as typed statements, under the names of AWS's "IAM JSON policy elements reference".

mod action;
pub mod arn;
pub mod condition;
mod document;
mod elements;
pub mod kind;
mod nearest;
pub mod operator;
pub mod principal;
mod resource;
mod statement;
pub mod value;
pub mod variable;
mod warnings;

use std::borrow::Cow;

use crate::text::{Span, Spanned};

pub use condition::Condition;
pub use document::{Reading, read};
pub(crate) use elements::{OF_STATEMENT, excerpt, first};
pub use principal::PrincipalEntry;

/// A policy document that AWS would accept.
#[derive(Debug, Clone)]
pub struct Policy<'t> {
    /// The `Version` element; decides whether policy variables live.
    pub version: Version,
    /// The `Statement` element, a lone statement being a list of one.
    pub statements: Vec<Statement<'t>>,
}

/// The `Version` element ("IAM JSON policy elements: Version").
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Version {
    /// `2008-10-17`, also taken where the element is missing: `${…}` is literal text.
    V2008,
    /// `2012-10-17`: policy variables are resolved.
    V2012,
}

/// One statement.
#[derive(Debug, Clone)]
pub struct Statement<'t> {
    /// Position in the `Statement` list, from 0.
    pub index: usize,
    /// The whole object, braces included.
    pub span: Span,
    /// The `Sid` element.
    pub sid: Option<Spanned<Cow<'t, str>>>,
    /// The `Effect` element; the span is the value's.
    pub effect: Spanned<Effect>,
    /// `Principal` or `NotPrincipal`; only resource-based policies have one.
    pub principal: Option<Element<PrincipalEntry<'t>>>,
    /// `Action` or `NotAction`.
    pub action: Element<Spanned<Cow<'t, str>>>,
    /// `Resource` or `NotResource`; `None` only in trust policies.
    pub resource: Option<Element<Spanned<Cow<'t, str>>>>,
    /// Every (operator, key) pair of the `Condition` element, in the order of the text; all are ANDed.
    pub conditions: Vec<Condition<'t>>,
}

/// The `Effect` element.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub enum Effect {
    /// `"Allow"`
    Allow,
    /// `"Deny"`
    Deny,
}

/// An element that exists in two forms, `X` and `NotX`.
#[derive(Debug, Clone)]
pub struct Element<T> {
    /// From the element's name (its opening quote) to the end of its value.
    pub span: Span,
    /// Which of the two it is, so that no reader can forget to ask.
    pub matching: Matching<T>,
}

/// What an `X`/`NotX` element names.
#[derive(Debug, Clone)]
pub enum Matching<T> {
    /// `X`: only what the list names.
    Only(Vec<T>),
    /// `NotX`: everything except what the list names.
    AllExcept(Vec<T>),
}

impl<T> Matching<T> {
    /// The list, whichever form it stands in.
    pub fn list(&self) -> &[T] {
        match self {
            Self::Only(list) | Self::AllExcept(list) => list,
        }
    }
}

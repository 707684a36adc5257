//! Text to a spanned tree. Order, duplicate names and the span of every node are kept.

pub(crate) mod decode;
mod json;
pub(crate) mod layers;
mod syntax;
mod tree;
pub(crate) mod yaml;

pub(crate) use tree::shift;

use std::borrow::Cow;

use crate::problem::Problem;
use crate::text::{Span, Spanned};

/// The longest text that is read; the bound keeps the tree in memory.
pub const MAX_TEXT: usize = 256 << 20;

/// A value and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Node<'t> {
    /// From its first to its last character, quotes and brackets included.
    pub span: Span,
    /// The value.
    pub value: Value<'t>,
}

/// A value; strings without escapes borrow from the text.
#[derive(Debug, Clone, PartialEq)]
pub enum Value<'t> {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number as it is written.
    Number(Box<str>),
    /// A string, escapes resolved.
    String(Cow<'t, str>),
    /// A list.
    Array(Box<[Node<'t>]>),
    /// An object, in the order of the text; names may repeat.
    Object(Box<[Member<'t>]>),
}

/// A name and its value in an object.
#[derive(Debug, Clone, PartialEq)]
pub struct Member<'t> {
    /// The name; its span has the quotes.
    pub name: Spanned<Cow<'t, str>>,
    /// The value.
    pub value: Node<'t>,
}

impl Member<'_> {
    /// From the name to the end of the value; the name alone where the value is written elsewhere, as a YAML alias is.
    pub fn span(&self) -> Span {
        let (name, value) = (self.name.span, self.value.span);
        let end = if name.start <= value.start {
            value.end
        } else {
            name.end
        };
        Span {
            start: name.start,
            end,
        }
    }
}

impl Value<'_> {
    /// What it is, in a person's words.
    pub fn describe(&self) -> &'static str {
        match self {
            Self::Null => "`null`",
            Self::Bool(_) => "a boolean",
            Self::Number(_) => "a number",
            Self::String(_) => "a string",
            Self::Array(_) => "a list",
            Self::Object(_) => "an object",
        }
    }
}

/// Reads a text as strict JSON.
pub fn parse(text: &str) -> Result<Node<'_>, Problem> {
    if text.len() > MAX_TEXT {
        let message = format!(
            "the text is {} MB long, and {} MB is the most that is read here: paste it in parts",
            text.len() >> 20,
            MAX_TEXT >> 20
        );
        return Err(Problem::error(Span::new(0, 1), message));
    }
    json::parse(text)
}

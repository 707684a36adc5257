//! Strict JSON (RFC 8259), read by jsonc-parser with every leniency off.

use jsonc_parser::ast;
use jsonc_parser::common::Range;
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};

use super::{Member, Node, Value, syntax};
use crate::problem::Problem;
use crate::text::{Span, Spanned};

/// All of jsonc-parser's leniencies, off. What it still lets pass, `syntax::stray_character` finds.
const STRICT: ParseOptions = ParseOptions {
    allow_comments: false,
    allow_loose_object_property_names: false,
    allow_trailing_commas: false,
    allow_missing_commas: false,
    allow_single_quoted_strings: false,
    allow_hexadecimal_numbers: false,
    allow_unary_plus_numbers: false,
    allow_bare_decimal_point_numbers: false,
    allow_non_finite_numbers: false,
    allow_extended_string_escapes: false,
};

pub(super) fn parse(text: &str) -> Result<Node<'_>, Problem> {
    let stray = syntax::stray_character(text);
    match (
        parse_to_ast(text, &CollectOptions::default(), &STRICT),
        stray,
    ) {
        (Ok(parsed), None) => parsed.value.map(node).ok_or_else(|| syntax::empty(text)),
        (Ok(_), Some(stray)) => Err(stray),
        // Of two problems the first is the cause: a missing quotation mark makes nonsense of all that follows.
        (Err(error), Some(stray)) if (stray.span.start as usize) < error.range().end => Err(stray),
        (Err(error), _) => Err(syntax::problem(text, &error)),
    }
}

fn node(value: ast::Value<'_>) -> Node<'_> {
    let (range, value) = match value {
        ast::Value::NullKeyword(null) => (null.range, Value::Null),
        ast::Value::BooleanLit(boolean) => (boolean.range, Value::Bool(boolean.value)),
        ast::Value::NumberLit(number) => (number.range, Value::Number(number.value)),
        ast::Value::StringLit(string) => (string.range, Value::String(string.value)),
        ast::Value::Array(array) => {
            let elements = array.elements.into_iter().map(node).collect();
            (array.range, Value::Array(elements))
        }
        ast::Value::Object(object) => {
            let members = object.properties.into_iter().map(member).collect();
            (object.range, Value::Object(members))
        }
    };
    Node {
        span: span(range),
        value,
    }
}

fn member(property: ast::ObjectProp<'_>) -> Member<'_> {
    let name = match property.name {
        ast::ObjectPropName::String(name) => Spanned::new(name.value, span(name.range)),
        ast::ObjectPropName::Word(name) => Spanned::new(name.value.into(), span(name.range)),
    };
    Member {
        name,
        value: node(property.value),
    }
}

fn span(range: Range) -> Span {
    Span::new(range.start, range.end)
}

#[cfg(test)]
mod tests;

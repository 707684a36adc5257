//! The way to a well-worded error: jsonc-parser with every leniency off. It also reads what is too much for the
//! quick way.

use jsonc_parser::ast;
use jsonc_parser::common::Range;
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};

use crate::problem::Problem;
use crate::source::syntax;
use crate::source::{Member, Node, Value};
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

pub(super) fn read(text: &str) -> Result<Node<'_>, Problem> {
    match parse_to_ast(text, &CollectOptions::default(), &STRICT) {
        Ok(parsed) => {
            let mut suspicious = !is_plain(text);
            let tree = parsed.value.map(|value| node(value, &mut suspicious));
            match suspicious.then(|| syntax::stray_character(text)).flatten() {
                Some(stray) => Err(stray),
                None => tree.ok_or_else(|| syntax::empty(text)),
            }
        }
        Err(error) => Err(match syntax::stray_character(text) {
            // Of two problems the first is the cause: a missing quotation mark makes nonsense of all that follows.
            Some(stray) if (stray.span.start as usize) < error.range().end => stray,
            _ => syntax::problem(text, &error),
        }),
    }
}

/// Whether every byte may stand between JSON values. Then only a tab or a line break in a string can be amiss.
fn is_plain(text: &str) -> bool {
    // No early exit within a chunk: the compiler turns it into a few vector instructions.
    text.as_bytes().chunks(64).all(|chunk| {
        let plain = |byte: u8| matches!(byte, b'\t' | b'\n' | b'\r' | 0x20..0x7F);
        chunk.iter().fold(true, |all, &byte| all & plain(byte))
    })
}

fn holds_control(string: &str) -> bool {
    string.bytes().fold(false, |any, byte| any | (byte < 0x20))
}

/// Sets `suspicious` where a string holds a control character, be it escaped or not.
fn node<'t>(value: ast::Value<'t>, suspicious: &mut bool) -> Node<'t> {
    let (range, value) = match value {
        ast::Value::NullKeyword(null) => (null.range, Value::Null),
        ast::Value::BooleanLit(boolean) => (boolean.range, Value::Bool(boolean.value)),
        ast::Value::NumberLit(number) => (number.range, Value::Number(number.value.into())),
        ast::Value::StringLit(string) => {
            *suspicious |= holds_control(&string.value);
            (string.range, Value::String(string.value))
        }
        ast::Value::Array(array) => {
            let elements = array.elements.into_iter();
            let elements = elements.map(|element| node(element, suspicious));
            (array.range, Value::Array(elements.collect()))
        }
        ast::Value::Object(object) => {
            let members = object.properties.into_iter();
            let members = members.map(|property| member(property, suspicious));
            (object.range, Value::Object(members.collect()))
        }
    };
    Node {
        span: span(range),
        value,
    }
}

fn member<'t>(property: ast::ObjectProp<'t>, suspicious: &mut bool) -> Member<'t> {
    let name = match property.name {
        ast::ObjectPropName::String(name) => Spanned::new(name.value, span(name.range)),
        ast::ObjectPropName::Word(name) => Spanned::new(name.value.into(), span(name.range)),
    };
    *suspicious |= holds_control(&name.value);
    Member {
        name,
        value: node(property.value, suspicious),
    }
}

fn span(range: Range) -> Span {
    Span::new(range.start, range.end)
}

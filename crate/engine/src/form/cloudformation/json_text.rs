//! A document that a template has as JSON in a text, with functions in it: `!Sub '{"Version": …, "Resource": "${Arn}"}'`,
//! or the same by `Fn::Join`. What stands between the functions is read as it is written.

use std::borrow::Cow;

use super::function::{Part, parts};
use super::template::Template;
use crate::draft::{Draft, Piece, Value};
use crate::form::exact::get;
use crate::form::finder::Finder;
use crate::form::holes::{Holes, Written};
use crate::source::{self, Node};
use crate::text::Span;

/// The document; `None` where the function is another one, or the text no JSON.
pub(super) fn draft<'t>(
    template: &Template<'t>,
    node: &Node<'t>,
    finder: &mut Finder<'t>,
) -> Option<Draft<'t>> {
    let placed = if let Some(argument) = get(node, "Fn::Sub") {
        substituted(template, argument, finder)?
    } else {
        joined(template, get(node, "Fn::Join")?, finder)?
    };
    let mut holes = Holes::default();
    for (piece, written) in placed {
        holes.push(piece, written)?;
    }
    holes.read(finder)
}

/// The pieces of a text, and where each is written.
type Placed<'t> = Vec<(Piece<'t>, Written)>;

fn substituted<'t>(
    template: &Template<'t>,
    argument: &Node<'t>,
    finder: &mut Finder<'t>,
) -> Option<Placed<'t>> {
    let (node, variables) = match &argument.value {
        source::Value::Array(nodes) => match &**nodes {
            [text, variables] => (text, Some(variables)),
            _ => return None,
        },
        _ => (argument, None),
    };
    let source::Value::String(text) = &node.value else {
        return None;
    };
    let start = finder.positions(node)? as usize;
    let mut placed = Vec::new();
    for part in parts(text) {
        match part {
            Part::Known(text, at) => placed.push((
                Piece::Known(Cow::Owned(text.into_owned())),
                Written::At(Span::new(start + at.start, start + at.end)),
            )),
            Part::Put(name, at) => {
                let span = Span::new(start + at.start, start + at.end);
                let pieces = template.put_in(name, variables, span);
                placed.extend(pieces.into_iter().map(|piece| (piece, Written::At(span))));
            }
        }
    }
    Some(placed)
}

fn joined<'t>(
    template: &Template<'t>,
    argument: &Node<'t>,
    finder: &mut Finder<'t>,
) -> Option<Placed<'t>> {
    let source::Value::Array(arguments) = &argument.value else {
        return None;
    };
    let [
        Node {
            value: source::Value::String(delimiter),
            ..
        },
        Node {
            value: source::Value::Array(elements),
            ..
        },
    ] = &**arguments
    else {
        return None;
    };
    let mut placed: Placed<'t> = Vec::new();
    let mut end = None;
    for element in elements {
        if let (Some(end), false) = (end, delimiter.is_empty()) {
            let between = Span { start: end, end };
            placed.push((Piece::Known(delimiter.clone()), Written::At(between)));
        }
        end = Some(element.span.end);
        if let source::Value::String(text) = &element.value {
            let mapping = finder.mapping(text, element.span)?;
            placed.push((Piece::Known(text.clone()), Written::Decoded(mapping)));
        } else if let Value::Text(pieces) = template.resolve(element).value {
            let at = |piece| (piece, Written::At(element.span));
            placed.extend(pieces.into_iter().map(at));
        } else {
            return None;
        }
    }
    Some(placed)
}

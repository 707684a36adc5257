//! A document that a template has as JSON in a text, with functions in it: `!Sub '{"Version": …, "Resource": "${Arn}"}'`,
//! or the same by `Fn::Join`. What stands between the functions is read as it is written.

use std::borrow::Cow;

use super::function::{Part, parts};
use super::template::Template;
use crate::draft::{Draft, Holds, Piece, Unknown, Value};
use crate::form::exact::get;
use crate::form::finder::Finder;
use crate::source::layers::Mapping;
use crate::source::{self, Node, parse};
use crate::text::Span;

/// Marks the place of an unknown piece in the JSON: its number between two characters that no policy has.
const OPEN: char = '\u{E000}';
const CLOSE: char = '\u{E001}';

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

/// Where a piece is written: in one place, or a string that may have escapes.
enum Written {
    At(Span),
    Decoded(Mapping),
}

fn substituted<'t>(
    template: &Template<'t>,
    argument: &Node<'t>,
    finder: &mut Finder<'t>,
) -> Option<Placed<'t>> {
    let (node, variables) = match &argument.value {
        source::Value::Array(nodes) => match nodes.as_slice() {
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
    ] = arguments.as_slice()
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

/// A JSON text in which a mark stands for each unknown piece.
#[derive(Default)]
struct Holes {
    text: String,
    mapping: Mapping,
    /// The unknown pieces, where their marks stand in the text, and whether within a JSON string.
    unknowns: Vec<(Unknown, Span, bool)>,
    in_string: bool,
    escaped: bool,
}

impl Holes {
    fn push(&mut self, piece: Piece<'_>, written: Written) -> Option<()> {
        match piece {
            Piece::Known(text) => {
                if text.contains([OPEN, CLOSE]) {
                    return None;
                }
                for c in text.chars() {
                    match c {
                        _ if self.escaped => self.escaped = false,
                        '\\' if self.in_string => self.escaped = true,
                        '"' => self.in_string = !self.in_string,
                        _ => {}
                    }
                }
                self.add(&text, written);
            }
            Piece::Unknown(unknown) => {
                let mark = format!("{OPEN}{}{CLOSE}", self.unknowns.len());
                let start = self.text.len();
                if self.in_string {
                    self.add(&mark, written);
                } else {
                    self.add(&format!("\"{mark}\""), written);
                }
                let place = Span::new(start, self.text.len());
                self.unknowns.push((unknown, place, self.in_string));
            }
        }
        Some(())
    }

    fn add(&mut self, text: &str, written: Written) {
        match written {
            Written::At(source) => self.mapping.push(Span::new(0, text.len()).end, source),
            Written::Decoded(mapping) => self.mapping.append(&mapping),
        }
        self.text.push_str(text);
    }

    fn read<'t>(mut self, finder: &mut Finder<'t>) -> Option<Draft<'t>> {
        let text = std::mem::take(&mut self.text);
        let mut node = parse(&text).ok()?.into_owned();
        let mapping = std::mem::take(&mut self.mapping);
        let start = finder.layers.add(mapping, Cow::Owned(text))?;
        node.shift(start);
        for (unknown, place, _) in &mut self.unknowns {
            source::shift(place, start);
            unknown.span = *place;
        }
        let draft = self.fill(Draft::from(node))?;
        let first = self
            .unknowns
            .iter()
            .find(|(unknown, _, in_string)| *in_string && unknown.holds == Holds::Anything);
        if let Some((unknown, place, _)) = first {
            finder.problem(
                *place,
                format!(
                    "{} stands within a string of the JSON that this text holds: what is put in is taken to have no \
                     quotation mark, which would end the string",
                    unknown.what
                ),
            );
        }
        Some(draft)
    }

    /// The draft with its unknown pieces in the place of the marks.
    fn fill<'t>(&self, draft: Draft<'t>) -> Option<Draft<'t>> {
        let value = match draft.value {
            Value::Text(pieces) => {
                let mut filled = Vec::new();
                for piece in pieces {
                    match piece {
                        Piece::Known(text) => self.fill_text(&text, &mut filled)?,
                        unknown => filled.push(unknown),
                    }
                }
                // A value by itself may be anything.
                match filled.as_slice() {
                    [Piece::Unknown(unknown)] if self.is_outside(unknown) => {
                        Value::Unknown(unknown.clone())
                    }
                    _ => Value::Text(filled),
                }
            }
            Value::List(drafts) => Value::List(
                drafts
                    .into_iter()
                    .map(|draft| self.fill(draft))
                    .collect::<Option<_>>()?,
            ),
            Value::Object(members) => {
                let mut filled = Vec::with_capacity(members.len());
                for member in members {
                    // A name that is unknown may be any element.
                    if member.name.value.contains(OPEN) {
                        return None;
                    }
                    filled.push(crate::draft::Member {
                        name: member.name,
                        value: self.fill(member.value)?,
                    });
                }
                Value::Object(filled)
            }
            other => other,
        };
        Some(Draft {
            span: draft.span,
            value,
        })
    }

    fn fill_text<'t>(&self, text: &str, filled: &mut Vec<Piece<'t>>) -> Option<()> {
        let mut rest = text;
        while let Some((before, after)) = rest.split_once(OPEN) {
            if !before.is_empty() {
                filled.push(Piece::Known(Cow::Owned(before.to_owned())));
            }
            let (number, behind) = after.split_once(CLOSE)?;
            let (unknown, ..) = self.unknowns.get(number.parse::<usize>().ok()?)?;
            filled.push(Piece::Unknown(unknown.clone()));
            rest = behind;
        }
        if !rest.is_empty() || filled.is_empty() {
            filled.push(Piece::Known(Cow::Owned(rest.to_owned())));
        }
        Some(())
    }

    fn is_outside(&self, unknown: &Unknown) -> bool {
        self.unknowns
            .iter()
            .any(|(known, _, in_string)| !in_string && known.span == unknown.span)
    }
}

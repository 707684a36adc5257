//! JSON in a text of which parts are known only when it is deployed: it is read with marks in their place.

use std::borrow::Cow;

use super::finder::Finder;
use crate::draft::{Draft, Holds, Piece, Unknown, Value};
use crate::source::layers::Mapping;
use crate::source::{self, parse};
use crate::text::Span;

/// Marks the place of an unknown piece in the JSON: its number between two characters that no policy has.
const OPEN: char = '\u{E000}';
const CLOSE: char = '\u{E001}';

/// Where a piece is written: in one place, or a string that may have escapes.
pub(super) enum Written {
    At(Span),
    Decoded(Mapping),
}

/// A JSON text in which a mark stands for each unknown piece.
#[derive(Default)]
pub(super) struct Holes {
    text: String,
    mapping: Mapping,
    /// The unknown pieces, where their marks stand in the text, and whether within a JSON string.
    unknowns: Vec<(Unknown, Span, bool)>,
    in_string: bool,
    escaped: bool,
}

impl Holes {
    /// Adds a piece of the text. `None` where it has a character that marks are made of.
    pub(super) fn push(&mut self, piece: Piece<'_>, written: Written) -> Option<()> {
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

    /// The value that the text holds, with its unknown pieces in place; `None` where it is no JSON.
    pub(super) fn read<'t>(mut self, finder: &mut Finder<'t>) -> Option<Draft<'t>> {
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

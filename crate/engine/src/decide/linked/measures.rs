//! How long texts are, and how many of a character they hold: of two texts that are parts of each other, this tells
//! much without looking at either.
//!
//! A text that is a variable's value with something around it is longer by so much. Where such differences run in a
//! circle that does not close, there are no such texts, however long one looks for them.

use crate::matcher::ValueTest;
use crate::pattern::{Glyph, same_ignoring_case};

use super::around::as_text;
use super::passing::Place;

/// What is counted: all characters, or one of them, in either case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Measure {
    Length,
    Of(char),
}

/// From and to; without an end where there may be ever more.
type Range = (i64, Option<i64>);

/// Differences between texts, each by so much.
#[derive(Debug, Default)]
pub(super) struct Measures {
    /// The first text is the second with these around it.
    links: Vec<(Place, Place, Vec<Glyph>)>,
    /// A text matches one of these patterns.
    texts: Vec<(Place, Vec<Vec<Glyph>>)>,
}

impl Measures {
    /// The text is the variable's value with this around it.
    pub(super) fn link(&mut self, text: &Place, variable: &Place, around: Vec<Glyph>) {
        self.links.push((text.clone(), variable.clone(), around));
    }

    /// The text passes one of these tests.
    pub(super) fn text(&mut self, text: &Place, tests: &[ValueTest]) {
        let patterns: Option<Vec<Vec<Glyph>>> = tests
            .iter()
            .map(|test| as_text(test, true).map(|(pattern, _)| pattern.glyphs().to_vec()))
            .collect();
        self.texts
            .extend(patterns.map(|patterns| (text.clone(), patterns)));
    }

    /// Whether there are no such texts, as far as counting tells.
    pub(super) fn exclude_each_other(&self) -> bool {
        let mut measures = vec![Measure::Length];
        for glyph in self.links.iter().flat_map(|(_, _, around)| around) {
            if let Glyph::Char(c) = glyph
                && !measures
                    .iter()
                    .any(|measure| measure.counts(*c) && *measure != Measure::Length)
            {
                measures.push(Measure::Of(*c));
            }
        }
        measures
            .into_iter()
            .any(|measure| self.is_open_circle(measure))
    }

    /// Whether the differences do not go together ("Bellman–Ford"): each says that one number is at most another and
    /// so much more.
    fn is_open_circle(&self, measure: Measure) -> bool {
        let mut places: Vec<&Place> = Vec::new();
        let mut bounds: Vec<(usize, usize, i64)> = Vec::new();
        // What is no text's number: zero.
        const ZERO: usize = 0;
        let mut number = |place| {
            let known = places.iter().position(|known| *known == place);
            1 + known.unwrap_or_else(|| {
                places.push(place);
                places.len() - 1
            })
        };
        let mut add = |one: usize, other: usize, (from, to): Range| {
            bounds.push((other, one, -from));
            bounds.extend(to.map(|to| (one, other, to)));
        };
        for (text, variable, around) in &self.links {
            add(number(text), number(variable), measure.of(around));
        }
        for (text, patterns) in &self.texts {
            let ranges = patterns.iter().map(|pattern| measure.of(pattern));
            let any = ranges.reduce(|(from, to), (other, end)| {
                (from.min(other), to.zip(end).map(|(to, end)| to.max(end)))
            });
            if let Some(range) = any {
                add(number(text), ZERO, range);
            }
        }
        let count = places.len() + 1;
        for place in 1..count {
            add(place, ZERO, (0, None));
        }
        let mut most = vec![0_i64; count];
        for _ in 0..=count {
            let mut changed = false;
            for (one, other, by) in &bounds {
                let by = most.get(*other).map_or(0, |other| other + by);
                if let Some(one) = most.get_mut(*one)
                    && by < *one
                {
                    *one = by;
                    changed = true;
                }
            }
            if !changed {
                return false;
            }
        }
        true
    }
}

impl Measure {
    fn counts(self, c: char) -> bool {
        match self {
            Self::Length => true,
            Self::Of(own) => same_ignoring_case(own, c),
        }
    }

    /// How much of it the texts of a pattern have.
    fn of(self, pattern: &[Glyph]) -> Range {
        pattern.iter().fold((0, Some(0)), |(from, to), glyph| {
            let (least, most) = match glyph {
                Glyph::Char(c) => {
                    let one = i64::from(self.counts(*c));
                    (one, Some(one))
                }
                Glyph::AnyOne | Glyph::Digit => (i64::from(self == Self::Length), Some(1)),
                Glyph::AnyMany | Glyph::Variable(_) => (0, None),
            };
            (from + least, to.zip(most).map(|(to, most)| to + most))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pattern::{Pattern, Syntax};

    fn glyphs(text: &str) -> Vec<Glyph> {
        let syntax = Syntax {
            wildcards: true,
            variables: false,
        };
        Pattern::parse(text, syntax).glyphs().to_vec()
    }

    fn excluded(links: &[(&str, &str, &str)], texts: &[(&str, &str)]) -> bool {
        let place = |name: &str| Place::Key(name.to_owned());
        let mut measures = Measures::default();
        for (text, variable, around) in links {
            measures.link(&place(text), &place(variable), glyphs(around));
        }
        for (text, pattern) in texts {
            let test = ValueTest::Text {
                pattern: Pattern::of(glyphs(pattern)),
                ignore_case: false,
            };
            measures.text(&place(text), &[test]);
        }
        measures.exclude_each_other()
    }

    #[test]
    fn what_is_longer_than_itself_is_nothing() {
        assert!(excluded(
            &[("team", "unit", "a"), ("unit", "team", "?")],
            &[]
        ));
        assert!(excluded(
            &[("team", "unit", "a"), ("unit", "team", "")],
            &[]
        ));
        assert!(excluded(
            &[("team", "unit", "role/"), ("team", "unit", "*x")],
            &[("team", "???")]
        ));
        assert!(!excluded(
            &[("team", "unit", "a*"), ("team", "unit", "bc*")],
            &[]
        ));
        assert!(!excluded(
            &[("team", "unit", ""), ("unit", "team", "*")],
            &[]
        ));
    }

    #[test]
    fn characters_are_counted() {
        assert!(excluded(
            &[("team", "unit", "a"), ("team", "unit", "b")],
            &[]
        ));
        assert!(!excluded(
            &[("team", "unit", "a"), ("team", "unit", "A")],
            &[]
        ));
        assert!(!excluded(
            &[("team", "unit", "a"), ("team", "unit", "?")],
            &[]
        ));
        assert!(excluded(&[("team", "unit", "-")], &[("team", "ops")]));
        assert!(!excluded(&[("team", "unit", "-")], &[("team", "o*")]));
        assert!(excluded(
            &[("team", "unit", "")],
            &[("team", "??"), ("unit", "???*")]
        ));
    }
}

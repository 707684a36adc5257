//! The tests of conditions as small automata over the texts of a request.

use std::hash::{Hash, Hasher};

use super::word::Tape;
use crate::matcher::ValueTest;
use crate::pattern::{ARN_PARTS, ArnPattern, Glyph, Pattern, same_ignoring_case};

/// A test of the text on one tape.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Acceptor {
    pub(super) tape: Tape,
    pub(super) reads: Reads,
}

/// What is read from the tape.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Reads {
    /// A pattern, place by place.
    Pattern(Vec<Move>),
    /// A number, a date or an address (`typed`).
    Typed(ValueTest),
}

/// One place in a pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Move {
    Char { c: char, ignore_case: bool },
    One { within_part: bool },
    Digit,
    Many { within_part: bool },
    Accept,
}

/// In one go: patterns are long, and each is looked up for every statement that it stands in.
impl Hash for Move {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let (kind, c) = match self {
            Self::Char { c, ignore_case } => (u32::from(*ignore_case), *c),
            Self::One { within_part } => (2 + u32::from(*within_part), '\0'),
            Self::Many { within_part } => (4 + u32::from(*within_part), '\0'),
            Self::Accept => (6, '\0'),
            Self::Digit => (7, '\0'),
        };
        state.write_u32(kind << 21 | u32::from(c));
    }
}

impl Move {
    /// Whether it stands for one character.
    pub(super) fn is_one(&self) -> bool {
        matches!(self, Self::Char { .. } | Self::One { .. } | Self::Digit)
    }

    /// Whether it stands for any number of characters.
    pub(super) fn is_star(&self) -> bool {
        matches!(self, Self::Many { .. })
    }

    /// Whether it takes a character.
    pub(super) fn takes(&self, c: char) -> bool {
        match self {
            Self::Char {
                c: want,
                ignore_case,
            } => *want == c || (*ignore_case && same_ignoring_case(*want, c)),
            Self::One { within_part } | Self::Many { within_part } => !(*within_part && c == ':'),
            Self::Digit => c.is_ascii_digit(),
            Self::Accept => false,
        }
    }
}

impl Acceptor {
    /// A test of one key as what its text must be; `None` where it accepts nothing.
    pub(super) fn new(tape: Tape, test: &ValueTest) -> Option<Self> {
        match test {
            ValueTest::Text {
                pattern,
                ignore_case,
            } => Some(Self::text(tape, pattern, *ignore_case)),
            ValueTest::Arn(pattern) => Self::arn(tape, pattern),
            ValueTest::Bool(value) => {
                let text = if *value { "true" } else { "false" };
                Some(Self::text(tape, &Pattern::literal(text), true))
            }
            ValueTest::Binary(value) => Some(Self::text(tape, &Pattern::literal(value), false)),
            ValueTest::Number(..) | ValueTest::Date(..) | ValueTest::Ip(_) => Some(Self {
                tape,
                reads: Reads::Typed(test.clone()),
            }),
            ValueTest::Pending(..) => None,
        }
    }

    /// A test that accepts whatever this accepts, and whether it accepts no more.
    pub(super) fn test(&self) -> (ValueTest, bool) {
        let moves = match &self.reads {
            Reads::Pattern(moves) => moves,
            Reads::Typed(test) => return (test.clone(), true),
        };
        let (mut any_case, mut in_parts, mut colons) = (false, false, 0);
        // Whether the wildcards end at a part's end where those of an ARN pattern do.
        let mut is_arn = true;
        let glyphs = moves
            .iter()
            .filter_map(|step| {
                let within = match step {
                    Move::Char { c, ignore_case } => {
                        any_case |= ignore_case;
                        colons += usize::from(*c == ':');
                        return Some(Glyph::Char(*c));
                    }
                    Move::Digit => return Some(Glyph::Digit),
                    Move::Accept => return None,
                    Move::One { within_part } | Move::Many { within_part } => *within_part,
                };
                in_parts |= within;
                is_arn &= within == (colons < ARN_PARTS - 1);
                Some(if step.is_star() {
                    Glyph::AnyMany
                } else {
                    Glyph::AnyOne
                })
            })
            .collect();
        let pattern = Pattern::of(glyphs);
        if in_parts && is_arn && !any_case && colons >= ARN_PARTS - 1 {
            return (ValueTest::Arn(ArnPattern::new(&pattern, false)), true);
        }
        let test = ValueTest::Text {
            pattern,
            ignore_case: any_case,
        };
        (test, !in_parts)
    }

    /// A pattern over the whole text. Variables must have been resolved: one that was not matches nothing.
    pub(super) fn text(tape: Tape, pattern: &Pattern, ignore_case: bool) -> Self {
        let mut moves = Vec::with_capacity(pattern.glyphs().len() + 1);
        push_moves(&mut moves, pattern, ignore_case, false);
        moves.push(Move::Accept);
        Self {
            tape,
            reads: Reads::Pattern(moves),
        }
    }

    /// An ARN pattern; `None` where it accepts nothing.
    pub(super) fn arn(tape: Tape, pattern: &ArnPattern) -> Option<Self> {
        let mut moves = Vec::new();
        match pattern {
            ArnPattern::Incomplete => return None,
            ArnPattern::Everything => moves.push(Move::Many { within_part: false }),
            ArnPattern::Parts(parts) => {
                let last = parts.len().saturating_sub(1);
                for (index, part) in parts.iter().enumerate() {
                    if index > 0 {
                        moves.push(Move::Char {
                            c: ':',
                            ignore_case: false,
                        });
                    }
                    push_moves(&mut moves, part, false, index < last);
                }
            }
        }
        moves.push(Move::Accept);
        Some(Self {
            tape,
            reads: Reads::Pattern(moves),
        })
    }
}

impl Acceptor {
    /// Whether it accepts a text: with one point of return, the last star seen. In an ARN pattern too, since
    /// its first parts end at the same `:` however their stars are read.
    pub(super) fn accepts(&self, text: &str) -> bool {
        let moves = match &self.reads {
            Reads::Pattern(moves) => moves,
            Reads::Typed(test) => return test.accepts(text),
        };
        let mut place = 0;
        let mut rest = text.chars();
        let mut back: Option<(usize, bool, std::str::Chars<'_>)> = None;
        loop {
            let step = moves.get(place);
            if let Some(Move::Many { within_part }) = step {
                place += 1;
                back = Some((place, *within_part, rest.clone()));
                continue;
            }
            let mut after = rest.clone();
            match (step, after.next()) {
                (Some(Move::Accept), None) => return true,
                (Some(step), Some(c)) if step.takes(c) => {
                    place += 1;
                    rest = after;
                    continue;
                }
                _ => {}
            }
            let Some((after_star, within_part, mut from)) = back.take() else {
                return false;
            };
            match from.next() {
                Some(c) if !(within_part && c == ':') => {
                    place = after_star;
                    rest = from.clone();
                    back = Some((after_star, within_part, from));
                }
                _ => return false,
            }
        }
    }
}

fn push_moves(moves: &mut Vec<Move>, pattern: &Pattern, ignore_case: bool, within_part: bool) {
    for glyph in pattern.glyphs() {
        let next = match glyph {
            Glyph::Char(c) => Move::Char { c: *c, ignore_case },
            Glyph::AnyOne => Move::One { within_part },
            Glyph::Digit => Move::Digit,
            Glyph::AnyMany | Glyph::Variable(_) => Move::Many { within_part },
        };
        // Two stars side by side are one.
        if !(next.is_star() && moves.last() == Some(&next)) {
            moves.push(next);
        }
    }
}

//! Numbers, as `policy::value::parse_number` takes them.

use std::cmp::Ordering;

use super::{Reading, by_length, digit, signed};
use crate::matcher::Relation;

/// A fraction whose digits are still those of a bound after so many is left to the parser.
const DEEP: usize = 60;

/// The number that a text is compared with, without its sign: the decimals between two bounds are read as it,
/// the bounds themselves too where its last bit is zero.
#[derive(Debug)]
pub(super) struct Number {
    relation: Relation,
    negative: bool,
    low: Decimal,
    high: Decimal,
    even: bool,
}

/// The digits of a decimal, without leading and trailing zeros.
#[derive(Debug, Default)]
struct Decimal {
    whole: Vec<u8>,
    fraction: Vec<u8>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct State {
    phase: Phase,
    negative: bool,
    /// Whether any digit was read, and behind a `-` any but zero.
    digits: bool,
    nonzero: bool,
    /// How many digits of this part of the number were compared with those of the bounds.
    place: usize,
    /// How they compare.
    low: Ordering,
    high: Ordering,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Phase {
    Start,
    Signed,
    Whole,
    Fraction,
    Deep,
    /// Behind the `e`, behind its sign, behind a digit of it.
    Exponent,
    SignedExponent,
    Power,
}

impl State {
    pub(super) const START: Self = Self::at(Phase::Start);

    const fn at(phase: Phase) -> Self {
        Self {
            phase,
            negative: false,
            digits: false,
            nonzero: false,
            place: 0,
            low: Ordering::Equal,
            high: Ordering::Equal,
        }
    }
}

impl Number {
    pub(super) fn new(relation: Relation, number: f64) -> Self {
        let magnitude = number.abs();
        let above = magnitude.next_up();
        Self {
            relation,
            negative: number < 0.0,
            low: if magnitude == 0.0 {
                Decimal::default()
            } else {
                Decimal::halfway(magnitude.next_down(), magnitude)
            },
            high: Decimal::halfway(magnitude, if above.is_finite() { above } else { magnitude }),
            even: number.to_bits() & 1 == 0,
        }
    }

    pub(super) fn step(&self, state: State, c: char) -> Option<State> {
        use Phase::{Deep, Exponent, Fraction, Power, Signed, SignedExponent, Start, Whole};
        Some(match (state.phase, c) {
            (Start, '+' | '-') => State {
                phase: Signed,
                negative: c == '-',
                ..state
            },
            (Start | Signed | Whole, '0'..='9') => self.whole_digit(state, digit(c)?),
            (Start | Signed | Whole, '.') => State {
                phase: Fraction,
                place: 0,
                low: by_length(state.place, self.low.whole.len(), state.low),
                high: by_length(state.place, self.high.whole.len(), state.high),
                ..state
            },
            (Fraction, '0'..='9') => self.fraction_digit(state, digit(c)?),
            (Deep, '0'..='9') => state,
            (Whole | Fraction, 'e' | 'E') if state.digits => State::at(Exponent),
            (Deep, 'e' | 'E') => State::at(Exponent),
            (Exponent, '+' | '-') => State::at(SignedExponent),
            (Exponent | SignedExponent | Power, '0'..='9') => State::at(Power),
            _ => return None,
        })
    }

    fn whole_digit(&self, state: State, digit: u8) -> State {
        let state = State {
            phase: Phase::Whole,
            digits: true,
            ..state
        };
        if state.place == 0 && digit == 0 {
            return state;
        }
        let compare = |ordering: Ordering, bound: &Decimal| match bound.whole.get(state.place) {
            Some(other) => ordering.then(digit.cmp(other)),
            None => Ordering::Greater,
        };
        let longest = self.low.whole.len().max(self.high.whole.len());
        State {
            nonzero: state.negative,
            // One digit more makes it greater; further ones make no difference.
            place: (state.place + 1).min(longest + 1),
            low: compare(state.low, &self.low),
            high: compare(state.high, &self.high),
            ..state
        }
    }

    fn fraction_digit(&self, state: State, digit: u8) -> State {
        let compare = |ordering: Ordering, bound: &Decimal| {
            let other = bound.fraction.get(state.place).unwrap_or(&0);
            ordering.then(digit.cmp(other))
        };
        let (low, high) = (
            compare(state.low, &self.low),
            compare(state.high, &self.high),
        );
        let next = State {
            digits: true,
            nonzero: state.nonzero || (state.negative && digit != 0),
            low,
            high,
            ..state
        };
        match state.place + 1 {
            // Once the digits differ, those that follow make no difference.
            _ if low.is_ne() && high.is_ne() => State { place: 0, ..next },
            // Nor do they where the sign decides.
            _ if (next.negative && next.nonzero) != self.negative
                && next.nonzero == next.negative =>
            {
                State {
                    place: 0,
                    low: Ordering::Greater,
                    high: Ordering::Greater,
                    ..next
                }
            }
            DEEP => State::at(Phase::Deep),
            place => State { place, ..next },
        }
    }

    pub(super) fn at_end(&self, state: State) -> Reading {
        let in_fraction = match state.phase {
            Phase::Whole => false,
            Phase::Fraction if state.digits => true,
            Phase::Deep | Phase::Power => return Reading::Unsure,
            _ => return Reading::Refused,
        };
        let whole = |ordering: Ordering, bound: &Decimal| {
            let (ordering, read) = if in_fraction {
                (ordering, state.place)
            } else {
                (by_length(state.place, bound.whole.len(), ordering), 0)
            };
            ordering.then(if read < bound.fraction.len() {
                Ordering::Less
            } else {
                Ordering::Equal
            })
        };
        let magnitudes = match (whole(state.low, &self.low), whole(state.high, &self.high)) {
            (Ordering::Equal, _) | (_, Ordering::Equal) if self.even => Ordering::Equal,
            (Ordering::Less | Ordering::Equal, _) => Ordering::Less,
            (_, Ordering::Greater | Ordering::Equal) => Ordering::Greater,
            (Ordering::Greater, Ordering::Less) => Ordering::Equal,
        };
        let ordering = signed(state.negative && state.nonzero, self.negative, magnitudes);
        Reading::of(self.relation.holds(Some(ordering)))
    }
}

impl Decimal {
    /// The decimal in the middle of two numbers that are not negative.
    fn halfway(a: f64, b: f64) -> Self {
        // As many digits as the smaller one may have behind its point: its last bit is this power of two.
        let exponent = usize::try_from(a.to_bits() >> 52).unwrap_or(0);
        let precision = 1_075_usize.saturating_sub(exponent.max(1));
        let digits = |number: f64| -> Vec<u8> {
            let text = format!("{number:0width$.precision$}", width = precision + 311);
            text.chars().filter_map(digit).collect()
        };
        // From behind: the sum, then its half.
        let mut carry = 0;
        let mut sum: Vec<u8> = digits(a)
            .iter()
            .zip(digits(b))
            .rev()
            .map(|(a, b)| {
                let sum = a + b + carry;
                carry = sum / 10;
                sum % 10
            })
            .collect();
        sum.reverse();
        let mut rest = 0;
        let mut half: Vec<u8> = sum
            .iter()
            .map(|digit| {
                let all = 10 * rest + digit;
                rest = all % 2;
                all / 2
            })
            .collect();
        half.push(5 * rest);
        let point = half.len().saturating_sub(precision + 1);
        let (whole, fraction) = half.split_at_checked(point).unwrap_or_default();
        let zeros = whole.iter().take_while(|digit| **digit == 0).count();
        let end = fraction.iter().rposition(|digit| *digit != 0);
        Self {
            whole: whole.iter().skip(zeros).copied().collect(),
            fraction: fraction
                .iter()
                .take(end.map_or(0, |end| end + 1))
                .copied()
                .collect(),
        }
    }
}

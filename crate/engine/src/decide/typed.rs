//! Numbers, dates and addresses, read character by character while a text is written.
//!
//! So they are tests on texts like patterns, and are decided together with patterns on the same key. A reader
//! knows of every ordinary spelling of a value what the test says of it. Of odd ones (`1e3`, a date in another
//! time zone) it says that only the value's parser can tell; a text that is found so is shown to the parser, and
//! refused by name where that says otherwise.

mod address;
mod date;
mod number;

use std::cmp::Ordering;
use std::mem::{Discriminant, discriminant};

use self::address::{V4, V6};
use self::date::Date;
use self::number::Number;
use super::mixing::Map;
use super::word::Tape;
use crate::matcher::ValueTest;
use crate::policy::value::IpRange;

/// What a test says of a whole text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reading {
    Accepted,
    Refused,
    /// Only the parser can tell.
    Unsure,
}

impl Reading {
    fn of(accepted: bool) -> Self {
        if accepted {
            Self::Accepted
        } else {
            Self::Refused
        }
    }
}

#[derive(Debug)]
enum Reader {
    Number(Number),
    Date(Date),
    V4(V4),
    V6(V6),
}

/// What a reader knows of the text so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum State {
    Number(number::State),
    Date(date::State),
    V4(address::StateV4),
    V6(address::StateV6),
}

impl Reader {
    fn new(test: &ValueTest) -> Option<Self> {
        match test {
            ValueTest::Number(relation, bits) => {
                Some(Self::Number(Number::new(*relation, f64::from_bits(*bits))))
            }
            ValueTest::Date(relation, micros) => Some(Self::Date(Date::new(*relation, *micros))),
            ValueTest::Ip(range) if range.v6 => Some(Self::V6(V6::new(range))),
            ValueTest::Ip(range) => Some(Self::V4(V4::new(range))),
            _ => None,
        }
    }

    fn start(&self) -> State {
        match self {
            Self::Number(_) => State::Number(number::State::START),
            Self::Date(_) => State::Date(date::State::Start),
            Self::V4(_) => State::V4(address::StateV4::START),
            Self::V6(_) => State::V6(address::StateV6::START),
        }
    }

    /// After one more character; `None` where no text that begins so is accepted.
    fn step(&self, state: State, c: char) -> Option<State> {
        match (self, state) {
            (Self::Number(reader), State::Number(state)) => {
                reader.step(state, c).map(State::Number)
            }
            (Self::Date(reader), State::Date(state)) => reader.step(state, c).map(State::Date),
            (Self::V4(reader), State::V4(state)) => reader.step(state, c).map(State::V4),
            (Self::V6(reader), State::V6(state)) => reader.step(state, c).map(State::V6),
            _ => None,
        }
    }

    fn at_end(&self, state: State) -> Reading {
        match (self, state) {
            (Self::Number(reader), State::Number(state)) => reader.at_end(state),
            (Self::Date(reader), State::Date(state)) => reader.at_end(state),
            (Self::V4(reader), State::V4(state)) => reader.at_end(state),
            (Self::V6(reader), State::V6(state)) => reader.at_end(state),
            _ => Reading::Refused,
        }
    }

    /// The characters that a text may hold that is accepted, the most ordinary first.
    fn alphabet(&self) -> &'static str {
        match self {
            Self::Number(_) => "1234567890.-+eE",
            Self::Date(_) => "1234567890-:TZ.+",
            Self::V4(_) => "1234567890.",
            Self::V6(_) => "1234567890abcdef:ABCDEF.",
        }
    }
}

/// A value in an odd spelling. Whichever it is, all tests of its type read the same one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Sample {
    Number(f64),
    Date(i64),
    Address(IpRange),
}

impl Sample {
    /// The values that a test tells apart.
    fn of(test: &ValueTest) -> Vec<Self> {
        match test {
            ValueTest::Number(_, bits) => {
                let number = f64::from_bits(*bits);
                [number.next_down(), number, number.next_up()]
                    .map(Self::Number)
                    .to_vec()
            }
            ValueTest::Date(_, micros) => [-1, 0, 1]
                .map(|step| Self::Date(micros.saturating_add(step)))
                .to_vec(),
            ValueTest::Ip(range) => [
                Some(range.first),
                Some(range.last),
                range.first.checked_sub(1),
                range.last.checked_add(1),
            ]
            .into_iter()
            .flatten()
            .map(|address| {
                Self::Address(IpRange {
                    first: address,
                    last: address,
                    v6: range.v6,
                })
            })
            .collect(),
            _ => Vec::new(),
        }
    }

    /// Whether a test accepts it; `None` where the test is of another type.
    fn passes(&self, test: &ValueTest) -> Option<bool> {
        match (self, test) {
            (Self::Number(number), ValueTest::Number(relation, bits)) => {
                Some(relation.holds(number.partial_cmp(&f64::from_bits(*bits))))
            }
            (Self::Date(date), ValueTest::Date(relation, micros)) => {
                Some(relation.holds(Some(date.cmp(micros))))
            }
            (Self::Address(address), ValueTest::Ip(range)) => Some(range.covers(address)),
            _ => None,
        }
    }
}

/// What a text in an odd spelling may be as a value of one type: one of these, or none at all.
#[derive(Debug)]
pub(super) struct Samples {
    of: Discriminant<ValueTest>,
    values: Vec<Option<Sample>>,
}

/// What it is taken to be, by type.
pub(super) type Taken = Vec<(Discriminant<ValueTest>, Option<Sample>)>;

/// So many ways to take a text are gone through; of the types past that only the parser can tell.
const MOST_WAYS: usize = 1_000;

impl Samples {
    /// By type, what the machines tell apart.
    pub(super) fn by_type(machines: &[Machine]) -> Vec<Self> {
        let mut all: Vec<Self> = Vec::new();
        for machine in machines {
            let of = discriminant(&machine.test);
            let at = all.iter().position(|samples| samples.of == of);
            let at = at.unwrap_or_else(|| {
                all.push(Self {
                    of,
                    values: vec![None],
                });
                all.len() - 1
            });
            let Some(samples) = all.get_mut(at) else {
                continue;
            };
            for sample in Sample::of(&machine.test) {
                if !samples.values.contains(&Some(sample)) {
                    samples.values.push(Some(sample));
                }
            }
        }
        all
    }

    /// Every way to take a text of which the machines read this.
    pub(super) fn ways(all: &[Self], machines: &[Machine], read: &[Reading]) -> Vec<Taken> {
        let mut ways: Vec<Taken> = vec![Vec::new()];
        for samples in all {
            let unsure = machines.iter().zip(read).any(|(machine, reading)| {
                *reading == Reading::Unsure && discriminant(&machine.test) == samples.of
            });
            if !unsure || ways.len() * samples.values.len() > MOST_WAYS {
                continue;
            }
            ways = ways
                .iter()
                .flat_map(|way| {
                    let taken = samples.values.iter().map(|value| (samples.of, *value));
                    taken.map(|taken| way.iter().copied().chain([taken]).collect())
                })
                .collect();
        }
        ways
    }
}

/// A reader at work on a tape. Its states have numbers, so that they can be kept among the places of patterns.
#[derive(Debug)]
pub(super) struct Machine {
    pub(super) tape: Tape,
    pub(super) test: ValueTest,
    reader: Reader,
    states: Vec<State>,
    numbers: Map<State, u64>,
    /// By state, by character of the alphabet: the next state, where it was asked for.
    steps: Vec<Option<u64>>,
}

impl Machine {
    /// The state before the first character.
    pub(super) const START: u64 = 0;
    /// No text that begins so is accepted.
    pub(super) const DEAD: u64 = u64::MAX;

    /// `None` for a test on text.
    pub(super) fn new(tape: Tape, test: &ValueTest) -> Option<Self> {
        let reader = Reader::new(test)?;
        let start = reader.start();
        Some(Self {
            tape,
            test: test.clone(),
            reader,
            states: vec![start],
            numbers: Map::from_iter([(start, Self::START)]),
            steps: Vec::new(),
        })
    }

    pub(super) fn step(&mut self, state: u64, c: char) -> u64 {
        let alphabet = self.reader.alphabet();
        let (Some(place), Ok(row)) = (alphabet.find(c), usize::try_from(state)) else {
            return Self::DEAD;
        };
        if state == Self::DEAD {
            return Self::DEAD;
        }
        let place = row * alphabet.len() + place;
        if let Some(Some(next)) = self.steps.get(place) {
            return *next;
        }
        let next = self.state(state).and_then(|at| self.reader.step(at, c));
        let next = next.map_or(Self::DEAD, |next| self.number(next));
        self.steps.resize(self.states.len() * alphabet.len(), None);
        if let Some(known) = self.steps.get_mut(place) {
            *known = Some(next);
        }
        next
    }

    pub(super) fn at_end(&self, state: u64) -> Reading {
        self.state(state)
            .map_or(Reading::Refused, |state| self.reader.at_end(state))
    }

    /// What the text is read as if its odd spelling is this value's.
    pub(super) fn as_if(&self, reading: Reading, taken: &Taken) -> Reading {
        let own = discriminant(&self.test);
        match taken.iter().find(|(of, _)| *of == own) {
            Some((_, sample)) if reading == Reading::Unsure => {
                Reading::of(sample.and_then(|sample| sample.passes(&self.test)) == Some(true))
            }
            _ => reading,
        }
    }

    pub(super) fn alphabet(&self) -> &'static str {
        self.reader.alphabet()
    }

    fn state(&self, number: u64) -> Option<State> {
        self.states.get(usize::try_from(number).ok()?).copied()
    }

    fn number(&mut self, state: State) -> u64 {
        let next = self.states.len() as u64;
        let number = *self.numbers.entry(state).or_insert(next);
        if number == next {
            self.states.push(state);
        }
        number
    }
}

/// A digit's value.
fn digit(c: char) -> Option<u8> {
    c.to_digit(10).and_then(|digit| u8::try_from(digit).ok())
}

/// The digits of a number.
fn digits(number: u64) -> Vec<u8> {
    number.to_string().chars().filter_map(digit).collect()
}

/// How a number of so many significant digits compares with one of others, given how the digits compare.
fn by_length(own: usize, other: usize, digits: Ordering) -> Ordering {
    own.cmp(&other).then(digits)
}

/// How two numbers compare, given how they compare without their signs.
fn signed(negative: bool, other_negative: bool, magnitudes: Ordering) -> Ordering {
    match (negative, other_negative) {
        (false, false) => magnitudes,
        (true, true) => magnitudes.reverse(),
        (true, false) => Ordering::Less,
        (false, true) => Ordering::Greater,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matcher::Relation::{self, *};
    use crate::policy::value::{parse_date, parse_ip_range, parse_number};

    const RELATIONS: [Relation; 5] = [Equal, Less, LessOrEqual, Greater, GreaterOrEqual];

    fn reading(test: &ValueTest, text: &str) -> Reading {
        let mut machine = Machine::new(0, test).unwrap();
        let state = text
            .chars()
            .fold(Machine::START, |state, c| machine.step(state, c));
        machine.at_end(state)
    }

    /// The reader never says other than the parser, and is sure of the ordinary spellings.
    fn agrees(test: &ValueTest, text: &str, sure: bool) {
        let read = reading(test, text);
        let parsed = Reading::of(test.accepts(text));
        if sure {
            assert_eq!(read, parsed, "{test:?} {text}");
        } else {
            assert!(
                read == Reading::Unsure || read == parsed,
                "{test:?} {text}: {read:?}"
            );
        }
    }

    #[test]
    fn numbers() {
        let constants = [
            "0",
            "1",
            "5",
            "10",
            "20.5",
            "0.001",
            "-3",
            "-0.5",
            "111122223333",
            "999999999999",
            "1e300",
            "1e-300",
            "0.30000000000000004",
            "9007199254740992",
        ];
        let ordinary = [
            "",
            "0",
            "-0",
            "00",
            "0.0",
            "-",
            "+",
            ".",
            "5.",
            ".5",
            "+5",
            "-5",
            "005",
            "5.0",
            "5.00",
            "4.9",
            "4",
            "6",
            "10",
            "9.99",
            "10.01",
            "20.5",
            "20.50",
            "20.49",
            "20.6",
            "-3",
            "-3.0",
            "-2.9",
            "-3.1",
            "-0.5",
            "-.5",
            "0.001",
            "0.0010",
            "0.0009",
            "111122223333",
            "111122223332",
            "0111122223333",
            "111122223334",
            "11112222333",
            "1111222233330",
            "999999999999",
            "1000000000000",
            "1a",
            "a",
            "1 ",
            "1.2.3",
            "--1",
            "0.3",
            "1-",
            "é",
        ];
        let long = [
            "0.30000000000000004",
            "5.0000000000000000001",
            "5.000000000000000444089209850062616169452667236328125",
            "5.000000000000000444089209850062616169452667236328126",
            "4.99999999999999999999",
            "4.999999999999999555910790149937383830547332763671875",
            "4.999999999999999555910790149937383830547332763671874",
            "9999999999999999",
            "9007199254740993",
            "111122223333.00000000000001",
            "0.00100000000000000000001",
        ];
        let odd = [
            "1e3",
            "5e0",
            "1E+3",
            "1e",
            "e1",
            "1e-3",
            "1e999",
            "1e300",
            "1.5e1.5",
            "1e+-3",
            "0.00000000000000000000000000000000000000000000000000000000000000000000000001",
        ];
        for relation in RELATIONS {
            for constant in constants {
                let number = parse_number(constant).unwrap();
                let test = ValueTest::Number(relation, number.to_bits());
                for text in ordinary.into_iter().chain(long) {
                    agrees(&test, text, true);
                }
                for text in odd {
                    agrees(&test, text, false);
                }
            }
        }
    }

    #[test]
    fn dates() {
        let constants = [
            "2026-01-01T00:00:00Z",
            "2026-06-01T12:30:15Z",
            "2024-02-29",
            "1970",
            "0",
            "-5",
            "1767225600",
            "2026-01-01T00:00:00.5Z",
            "0000-01-01",
            "9999-12-31T23:59:59Z",
            "999999999999",
            "-99999999999",
            "1234567",
        ];
        let ordinary = [
            "",
            "-",
            "0",
            "5",
            "-5",
            "-6",
            "0000",
            "00000",
            "1234",
            "-1234",
            "-12345",
            "1970",
            "1969",
            "2026",
            "2025",
            "2027",
            "2026-01",
            "2026-02",
            "2025-12",
            "2026-13",
            "2026-00",
            "2026-1",
            "2026-01-01",
            "2026-01-02",
            "2025-12-31",
            "2024-02-30",
            "2026-04-31",
            "2026-01-01T",
            "2026-01-01T00",
            "2026-01-01T00:00",
            "2026-01-01T00:00Z",
            "2026-01-01T00:00:00Z",
            "2026-01-01T00:00:01Z",
            "2025-12-31T23:59:59Z",
            "2026-06-01T12:30:15Z",
            "2026-06-01T12:30:16Z",
            "2026-06-01T12:30Z",
            "2026-06-01T12:31Z",
            "2026-01-01T24:00Z",
            "2026-01-01T00:60Z",
            "2026-01-01T00:00:60Z",
            "2026-01-01T00:00:00.5Z",
            "2026-01-01T00:00:00.499Z",
            "2026-01-01T00:00:00.5000009Z",
            "2026-01-01T00:00:00.Z",
            "2026-01-01T00:00:00.500001Z",
            "1767225600",
            "1767225599",
            "01767225600",
            "1767225601",
            "1234567",
            "1234568",
            "-00000",
            "+5",
            "20260101",
            "2026-01-01T00:00:00Zx",
            "now",
            "12a",
        ];
        let odd = [
            "2024-02-29",
            "2023-02-29",
            "2024-02-29T12:00Z",
            "2026-01-01T01:00:00+01:00",
            "2025-12-31T23:00-01:00",
            "9223372036854",
            "9223372036855",
            "-9223372036854",
            "-9223372036855",
            "2026-01-01T00:00+99:00",
            "2026-01-01T00:00:00.5+00:00",
            "99999999999999",
        ];
        for relation in RELATIONS {
            for constant in constants {
                let test = ValueTest::Date(relation, parse_date(constant).unwrap());
                for text in ordinary {
                    agrees(&test, text, true);
                }
                for text in odd {
                    agrees(&test, text, false);
                }
            }
            for micros in [i64::MIN, i64::MAX] {
                let test = ValueTest::Date(relation, micros);
                for text in ordinary {
                    agrees(&test, text, true);
                }
            }
        }
    }

    #[test]
    fn addresses() {
        let ranges = [
            "10.0.0.0/8",
            "10.1.2.3",
            "0.0.0.0/0",
            "128.0.0.0/1",
            "10.1.2.128/25",
            "::/0",
            "2001:db8::/32",
            "2001:db8::1",
            "::1",
            "fe80::/10",
            "2001:db8:0:1::/64",
        ];
        let ordinary = [
            "",
            "10.0.0.0",
            "10.255.255.255",
            "11.0.0.0",
            "9.255.255.255",
            "10.1.2.3",
            "10.1.2.03",
            "10.1.2.256",
            "10.1.2",
            "10.1.2.3.4",
            "10.1.2.200",
            "10..2.3",
            "0.0.0.0",
            "128.0.0.1",
            "127.0.0.1",
            "10.0.0.0/8",
            "::",
            ":",
            ":::",
            "::1",
            "1::",
            "1:",
            ":1",
            "2001:db8::1",
            "2001:db8::",
            "2001:db8:0:0:0:0:0:1",
            "2001:0DB8::0001",
            "2001:db8:0:1:2:3:4:5",
            "2001:db8:0:1:2:3:4:5:6",
            "2001:db8:0:1::9",
            "2001:db7::1",
            "2001:db8::1::2",
            "2001:db80::1",
            "1:2:3:4:5:6:7::",
            "1:2:3:4:5:6:7:8::",
            "::2:3:4:5:6:7:8",
            "::1:2:3:4:5:6:7:8",
            "12345::",
            "fe80::1",
            "febf::1",
            "fec0::1",
            "g::",
            "1:2:3:4:5:6:7:8",
        ];
        let odd = [
            "::ffff:10.1.2.3",
            "2001:db8::10.1.2.3",
            "::1.2.3",
            "::1.2.3.4:5",
        ];
        for range in ranges {
            let test = ValueTest::Ip(parse_ip_range(range).unwrap());
            for text in ordinary {
                agrees(&test, text, true);
            }
            for text in odd {
                agrees(&test, text, false);
            }
        }
    }
}

//! Dates, as `policy::value::parse_date` takes them.

use std::cmp::Ordering;

use time::{Month, OffsetDateTime};

use super::{Reading, by_length, digit, digits, signed};
use crate::matcher::Relation;

const SECOND: i64 = 1_000_000;
/// Counts of seconds with more digits are past what a date can be; with so many, some are.
const MOST_DIGITS: usize = 13;
/// The parts of a moment that a text leaves out, `YYYYMMDDhhmmss` and microseconds.
const FIRST: [u8; 20] = [0, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
/// A whole time zone behind a time, `hh:mm`.
const ZONE: u8 = 5;

/// The moment that a text is compared with.
#[derive(Debug)]
pub(super) struct Date {
    relation: Relation,
    /// Its digits as in `FIRST`; or how every date of a calendar compares with it.
    moment: Result<[u8; 20], Ordering>,
    /// Whether its seconds since 1970 are fewer than none, their digits, and whether something is left.
    before_1970: bool,
    seconds: Vec<u8>,
    fraction: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum State {
    Start,
    /// Up to four digits: the year, or the first of a count of seconds.
    Year {
        digits: u8,
        ordering: Ordering,
        seconds: Count,
    },
    /// A count of seconds, behind a sign or of more than four digits.
    Seconds {
        negative: bool,
        /// How long it is, five or more being the same.
        length: u8,
        seconds: Count,
    },
    /// Behind the year: the place in `YYYY-MM-DDThh:mm:ss` of the next character.
    Calendar {
        at: u8,
        /// The first digit of the part that is being read.
        tens: u8,
        month: u8,
        /// It is the 29th of February, which not every year has.
        rough: bool,
        ordering: Ordering,
    },
    /// Behind the `.`, so many digits, six or more being the same.
    Fraction {
        digits: u8,
        rough: bool,
        ordering: Ordering,
    },
    /// Behind the `Z`.
    Utc {
        rough: bool,
        ordering: Ordering,
    },
    /// So many characters of another time zone.
    Zone(u8),
}

/// How many digits of a number there are behind leading zeros, and how they compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Count {
    place: usize,
    ordering: Ordering,
}

impl Count {
    const NONE: Self = Self {
        place: 0,
        ordering: Ordering::Equal,
    };
}

impl Date {
    pub(super) fn new(relation: Relation, micros: i64) -> Self {
        let seconds = micros.div_euclid(SECOND);
        Self {
            relation,
            moment: moment(micros).ok_or(if seconds < 0 {
                Ordering::Greater
            } else {
                Ordering::Less
            }),
            before_1970: seconds < 0,
            seconds: match seconds {
                0 => Vec::new(),
                _ => digits(seconds.unsigned_abs()),
            },
            fraction: micros.rem_euclid(SECOND) != 0,
        }
    }

    pub(super) fn step(&self, state: State, c: char) -> Option<State> {
        match state {
            State::Start if c == '-' => Some(State::Seconds {
                negative: true,
                length: 0,
                seconds: Count::NONE,
            }),
            State::Start => self.year(0, Ordering::Equal, Count::NONE, c),
            State::Year {
                digits: 4,
                ordering,
                ..
            } if c == '-' => Some(State::Calendar {
                at: 5,
                tens: 0,
                month: 0,
                rough: false,
                ordering,
            }),
            State::Year {
                digits: 4, seconds, ..
            } => self.seconds(false, 4, seconds, c),
            State::Year {
                digits,
                ordering,
                seconds,
            } => self.year(digits, ordering, seconds, c),
            State::Seconds {
                negative,
                length,
                seconds,
            } => self.seconds(negative, length, seconds, c),
            State::Calendar { at: 16, .. } if c != ':' => self.zone(state, c),
            State::Calendar {
                at: 19,
                rough,
                ordering,
                ..
            } if c == '.' => Some(State::Fraction {
                digits: 0,
                rough,
                ordering,
            }),
            State::Calendar { at: 19, .. } => self.zone(state, c),
            State::Calendar {
                at,
                tens,
                month,
                rough,
                ordering,
            } => self.calendar(at, tens, month, rough, ordering, c),
            State::Fraction {
                digits,
                rough,
                ordering,
            } => match digit(c) {
                Some(digit) if digits < 6 => Some(State::Fraction {
                    digits: digits + 1,
                    rough,
                    ordering: self.then(ordering, 14 + digits, digit),
                }),
                Some(_) => Some(state),
                None if digits > 0 => self.zone(state, c),
                None => None,
            },
            State::Utc { .. } => None,
            State::Zone(place) => {
                let fits = match place {
                    2 => c == ':',
                    0 | 1 | 3 | 4 => c.is_ascii_digit(),
                    _ => false,
                };
                fits.then_some(State::Zone(place + 1))
            }
        }
    }

    /// One of the first four digits.
    fn year(&self, digits: u8, ordering: Ordering, seconds: Count, c: char) -> Option<State> {
        let digit = digit(c)?;
        Some(State::Year {
            digits: digits + 1,
            ordering: self.then(ordering, digits, digit),
            seconds: self.count(seconds, digit)?,
        })
    }

    fn seconds(&self, negative: bool, length: u8, seconds: Count, c: char) -> Option<State> {
        Some(State::Seconds {
            negative,
            length: (length + 1).min(5),
            seconds: self.count(seconds, digit(c)?)?,
        })
    }

    /// One more digit of a count of seconds.
    fn count(&self, Count { place, ordering }: Count, digit: u8) -> Option<Count> {
        let next = match self.seconds.get(place) {
            _ if place == 0 && digit == 0 => return Some(Count::NONE),
            Some(other) => ordering.then(digit.cmp(other)),
            None => Ordering::Greater,
        };
        (place < MOST_DIGITS).then_some(Count {
            place: place + 1,
            ordering: next,
        })
    }

    /// The next character of `-MM-DDThh:mm:ss`.
    fn calendar(
        &self,
        at: u8,
        tens: u8,
        month: u8,
        rough: bool,
        ordering: Ordering,
        c: char,
    ) -> Option<State> {
        let next = |tens, month, rough, ordering| State::Calendar {
            at: at + 1,
            tens,
            month,
            rough,
            ordering,
        };
        let mark = match at {
            7 => Some('-'),
            10 => Some('T'),
            13 | 16 => Some(':'),
            _ => None,
        };
        if let Some(mark) = mark {
            return (c == mark).then(|| next(0, month, rough, ordering));
        }
        let digit = digit(c)?;
        // The marks do not count among the digits.
        let ordering = self.then(ordering, at - (at - 2) / 3, digit);
        let value = 10 * tens + digit;
        match at {
            6 => (1..=12)
                .contains(&value)
                .then(|| next(0, value, rough, ordering)),
            9 => {
                let leap_year = 2024;
                let days = Month::try_from(month).ok()?.length(leap_year);
                let rough = month == 2 && value == days;
                (1..=days)
                    .contains(&value)
                    .then(|| next(0, 0, rough, ordering))
            }
            12 => (value < 24).then(|| next(0, month, rough, ordering)),
            15 | 18 => (value < 60).then(|| next(0, month, rough, ordering)),
            _ => Some(next(digit, month, rough, ordering)),
        }
    }

    /// `Z`, or the sign of another time zone.
    fn zone(&self, state: State, c: char) -> Option<State> {
        let (digits, rough, ordering) = match state {
            State::Calendar {
                at,
                rough,
                ordering,
                ..
            } => (if at == 16 { 12 } else { 14 }, rough, ordering),
            State::Fraction {
                digits,
                rough,
                ordering,
            } => (14 + usize::from(digits), rough, ordering),
            _ => return None,
        };
        match c {
            'Z' => Some(State::Utc {
                rough,
                ordering: self.rest(ordering, digits),
            }),
            '+' | '-' => Some(State::Zone(0)),
            _ => None,
        }
    }

    pub(super) fn at_end(&self, state: State) -> Reading {
        let (rough, ordering) = match state {
            State::Year {
                digits: 4,
                ordering,
                ..
            } => (false, self.rest(ordering, 4)),
            State::Year { seconds, .. } => (false, self.counted(false, seconds)),
            State::Seconds { length: 0 | 4, .. } => return Reading::Refused,
            // With the most digits it may be past all dates.
            State::Seconds {
                negative, seconds, ..
            } => (
                seconds.place == MOST_DIGITS,
                self.counted(negative && seconds.place > 0, seconds),
            ),
            State::Calendar {
                at: 7, ordering, ..
            } => (false, self.rest(ordering, 6)),
            State::Calendar {
                at: 10,
                rough,
                ordering,
                ..
            } => (rough, self.rest(ordering, 8)),
            State::Utc { rough, ordering } => (rough, ordering),
            State::Zone(ZONE) => return Reading::Unsure,
            _ => return Reading::Refused,
        };
        match self.relation.holds(Some(ordering)) {
            // If there is such a date.
            true if rough => Reading::Unsure,
            holds => Reading::of(holds),
        }
    }

    /// How a whole count of seconds compares.
    fn counted(&self, negative: bool, seconds: Count) -> Ordering {
        let magnitudes = by_length(seconds.place, self.seconds.len(), seconds.ordering);
        let left = if self.fraction {
            Ordering::Less
        } else {
            Ordering::Equal
        };
        signed(negative, self.before_1970, magnitudes).then(left)
    }

    /// One more digit of the moment.
    fn then(&self, ordering: Ordering, place: u8, digit: u8) -> Ordering {
        let moment = self.moment.ok();
        let other = moment.and_then(|moment| moment.get(usize::from(place)).copied());
        ordering.then(other.map_or(Ordering::Equal, |other| digit.cmp(&other)))
    }

    /// The digits from this one on are those that a text leaves out.
    fn rest(&self, ordering: Ordering, from: usize) -> Ordering {
        ordering.then_with(|| match &self.moment {
            Ok(moment) => FIRST.iter().skip(from).cmp(moment.iter().skip(from)),
            Err(always) => *always,
        })
    }
}

/// The digits of a moment in the years 0 to 9999.
fn moment(micros: i64) -> Option<[u8; 20]> {
    let date = OffsetDateTime::from_unix_timestamp(micros.div_euclid(SECOND)).ok()?;
    let year = u16::try_from(date.year()).ok()?;
    let (month, day) = (u8::from(date.month()), date.day());
    let (hour, minute, second) = date.to_hms();
    let fraction = micros.rem_euclid(SECOND);
    let text = format!("{year:04}{month:02}{day:02}{hour:02}{minute:02}{second:02}{fraction:06}");
    let digits: Vec<u8> = text.chars().filter_map(digit).collect();
    digits.try_into().ok()
}

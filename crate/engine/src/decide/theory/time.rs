//! The time of a request: `aws:CurrentTime` and `aws:EpochTime`, which are one.

use time::OffsetDateTime;

use super::ask::{Ask, agrees, asks};
use super::{Outcome, Theory, Values, Wanted, unknown};
use crate::decide::acceptor::Acceptor;
use crate::decide::grammar::Grammar;
use crate::decide::word::{Requirement, Step, Texts, write};
use crate::decide::{Budget, OutOfBudget};
use crate::matcher::{Relation, ValueTest};
use crate::policy::value::parse_date;

const SECOND: i64 = 1_000_000;
const TEN_YEARS: i64 = 10 * 365 * 24 * 60 * 60;
const CURRENT: &str = "aws:currenttime";
const EPOCH: &str = "aws:epochtime";

impl Theory<'_> {
    pub(super) fn time(
        &self,
        wanted: &[Wanted<'_>],
        budget: &mut Budget,
    ) -> Result<Outcome, OutOfBudget> {
        let earliest = self
            .space
            .now
            .map(|now| now.div_euclid(SECOND) + i64::from(now.rem_euclid(SECOND) != 0));
        let [current, epoch] = [CURRENT, EPOCH].map(|key| asks(wanted, key));
        // Noon of an ordinary day, where the check has no time of its own.
        let mut seconds = vec![earliest.unwrap_or(1_767_268_800)];
        let mut wild = [false, false];
        for (wild, (key, asks)) in wild.iter_mut().zip([(CURRENT, &current), (EPOCH, &epoch)]) {
            for test in asks.iter().flat_map(|ask| ask.matcher.tests()) {
                match Bound::of(key, test) {
                    Bound::Seconds(_, second) => {
                        seconds.extend([-1, 0, 1, 2].map(|step| second.saturating_add(step)))
                    }
                    Bound::Never => {}
                    Bound::Unknown => *wild = true,
                }
            }
        }
        let values = |second: i64| {
            if earliest.is_some_and(|earliest| second < earliest) {
                return None;
            }
            let texts = [(CURRENT, iso_8601(second)?), (EPOCH, second.to_string())];
            // Both, for they are one; the witness shows those that a statement names.
            let mut values = Values::default();
            for (key, text) in texts {
                if !agrees(wanted, key, &text) {
                    return None;
                }
                values.context.insert(key.to_owned(), vec![text]);
            }
            Some(values)
        };
        let constants = seconds.len() as u64;
        for second in seconds {
            budget.spend(8 * (1 + constants))?;
            if let Some(values) = values(second) {
                return Ok(Outcome::Found(values));
            }
        }
        // Where every test is a bound, there was a candidate on each side of it. A pattern is looked for in the
        // texts of its key, under the bounds that are asked of the other.
        let (key, other, grammar) = match wild {
            [false, false] => return Ok(Outcome::None),
            [true, _] => ((CURRENT, &current), (EPOCH, &epoch), Grammar::Moment),
            [false, true] => ((EPOCH, &epoch), (CURRENT, &current), Grammar::Digits),
        };
        let mut required: Vec<(Vec<Acceptor>, bool)> = Vec::new();
        for ask in key.1.iter().map(Ask::of_one_value) {
            let tests = ask.matcher.tests().iter();
            required.push((
                tests.filter_map(|test| Acceptor::new(0, test)).collect(),
                ask.want,
            ));
        }
        for ask in other.1.iter().map(Ask::of_one_value) {
            let bounds = ask.matcher.tests().iter();
            let bounds: Vec<Bound> = bounds.map(|test| Bound::of(other.0, test)).collect();
            if !bounds.contains(&Bound::Unknown) {
                let tests = bounds.iter().filter_map(|bound| bound.on(key.0));
                required.push((
                    tests.filter_map(|test| Acceptor::new(0, &test)).collect(),
                    ask.want,
                ));
            }
        }
        let bound = |relation, second| {
            let test = Bound::Seconds(relation, second).on(key.0);
            let acceptor = test.and_then(|test| Acceptor::new(0, &test));
            (acceptor.into_iter().collect(), true)
        };
        let first = earliest.unwrap_or(0);
        required.push(bound(Relation::GreaterOrEqual, first));
        let found = |texts: &[String]| values(second(key.0, texts.first()?)?);
        let refuses = |texts: &[String]| found(texts).is_none().then_some(0);
        let script = [Step::Word(grammar, Vec::new(), 1)];
        // A time that is near is more ordinary.
        let soon = bound(Relation::Less, first.saturating_add(TEN_YEARS));
        for soon in [Some(soon), None] {
            if self.hurried && soon.is_some() {
                continue;
            }
            let requirements: Vec<Requirement<'_>> = required
                .iter()
                .chain(&soon)
                .map(|(any_of, want)| Requirement {
                    any_of,
                    want: *want,
                })
                .collect();
            let texts = write(&script, 1, &requirements, &refuses, self.hurried, budget)?;
            match texts {
                Texts::Found(texts) => {
                    return Ok(found(&texts).map_or(Outcome::None, Outcome::Found));
                }
                Texts::None if soon.is_none() => return Ok(Outcome::None),
                _ => {}
            }
        }
        Ok(unknown("aws:CurrentTime"))
    }
}

/// What a test on one of the keys says of the second that the request is made in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Bound {
    Seconds(Relation, i64),
    Never,
    /// A pattern.
    Unknown,
}

impl Bound {
    fn of(key: &str, test: &ValueTest) -> Self {
        match test {
            ValueTest::Date(relation, micros) => Self::rounded(
                *relation,
                micros.div_euclid(SECOND),
                micros.rem_euclid(SECOND) != 0,
            ),
            ValueTest::Number(relation, bits) if key == EPOCH => {
                let number = f64::from_bits(*bits);
                Self::rounded(*relation, whole(number), number.fract() != 0.0)
            }
            ValueTest::Text {
                pattern,
                ignore_case,
            } => match pattern.as_literal() {
                Some(text) if *ignore_case => Self::exactly(key, &text.to_ascii_uppercase()),
                Some(text) => Self::exactly(key, &text),
                None => Self::Unknown,
            },
            ValueTest::Binary(text) => Self::exactly(key, text),
            ValueTest::Arn(_) => Self::Unknown,
            ValueTest::Number(..)
            | ValueTest::Bool(_)
            | ValueTest::Ip(_)
            | ValueTest::Pending(..) => Self::Never,
        }
    }

    /// The relation to a number that lies past this whole one, where it has a fraction.
    fn rounded(relation: Relation, whole: i64, fraction: bool) -> Self {
        match relation {
            Relation::Equal if fraction => Self::Never,
            Relation::Less if fraction => Self::Seconds(Relation::LessOrEqual, whole),
            Relation::GreaterOrEqual if fraction => Self::Seconds(Relation::Greater, whole),
            _ => Self::Seconds(relation, whole),
        }
    }

    fn exactly(key: &str, text: &str) -> Self {
        second(key, text).map_or(Self::Never, |second| Self::Seconds(Relation::Equal, second))
    }

    /// The bound as a test on the texts of a key.
    fn on(self, key: &str) -> Option<ValueTest> {
        let Self::Seconds(relation, second) = self else {
            return None;
        };
        if key == CURRENT {
            let micros = second.saturating_mul(SECOND);
            return Some(ValueTest::Date(relation, micros));
        }
        #[expect(
            clippy::cast_precision_loss,
            reason = "seconds of the years that dates reach are exact"
        )]
        let number = second as f64;
        Some(ValueTest::Number(relation, number.to_bits()))
    }
}

/// The second that a text of a key is sent in, where it is ever sent.
fn second(key: &str, text: &str) -> Option<i64> {
    let second = if key == CURRENT {
        parse_date(text)?.div_euclid(SECOND)
    } else {
        text.parse().ok()?
    };
    let sent = if key == CURRENT {
        iso_8601(second)?
    } else {
        second.to_string()
    };
    (sent == text).then_some(second)
}

/// A moment as AWS sends it.
pub(super) fn iso_8601(second: i64) -> Option<String> {
    let moment = OffsetDateTime::from_unix_timestamp(second).ok()?;
    let (date, time) = (moment.date(), moment.time());
    (date.year() >= 1970).then(|| {
        format!(
            "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z",
            date.year(),
            u8::from(date.month()),
            date.day(),
            time.hour(),
            time.minute(),
            time.second()
        )
    })
}

/// The whole number below, as far as dates reach.
fn whole(number: f64) -> i64 {
    const LIMIT: f64 = 253_402_300_799.0;
    #[expect(
        clippy::cast_possible_truncation,
        reason = "clamped to the years 0 to 9999"
    )]
    let whole = number.floor().clamp(-LIMIT, LIMIT) as i64;
    whole
}

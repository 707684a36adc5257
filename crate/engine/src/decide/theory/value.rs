//! The values of one key.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::ask::Ask;
use super::time::iso_8601;
use super::{Outcome, Theory, Values, unknown};
use crate::decide::acceptor::Acceptor;
use crate::decide::compose::compose;
use crate::decide::grammar::Grammar;
use crate::decide::space::Domain;
use crate::decide::word::{Requirement, Step, Texts, write};
use crate::decide::{Budget, OutOfBudget};
use crate::matcher::{Relation, ValueTest};
use crate::policy::value::{IpRange, parse_date};

impl Theory<'_> {
    /// A value of one key that is there.
    pub(super) fn value(
        &self,
        key: &str,
        asked: &[Ask<'_>],
        budget: &mut Budget,
    ) -> Result<Outcome, OutOfBudget> {
        let asked: Vec<Ask<'_>> = asked.iter().map(|ask| ask.of_one_value()).collect();
        let tests: Vec<&ValueTest> = asked.iter().flat_map(|ask| ask.matcher.tests()).collect();
        let domain = self.space.domain(key);
        let fits = |value: &str| {
            let answers = |ask: &Ask<'_>| ask.matcher.accepts(value) == ask.want;
            asked.iter().all(answers) && domain.has(value)
        };
        for value in candidates(&domain, &tests) {
            budget.spend(1 + 16 * tests.len() as u64)?;
            if fits(&value) {
                return Ok(Outcome::Found(Values::one(key, value)));
            }
        }
        // Of what only the domain's own tests tell apart there was a candidate each.
        if tests.iter().all(|test| domain.is_own(test)) {
            return Ok(Outcome::None);
        }
        let acceptors: Vec<Vec<Acceptor>> = asked
            .iter()
            .map(|ask| {
                let tests = ask.matcher.tests().iter();
                tests.filter_map(|test| Acceptor::new(0, test)).collect()
            })
            .collect();
        let wanted: Vec<&[Acceptor]> = asked
            .iter()
            .zip(&acceptors)
            .filter(|(ask, _)| ask.want)
            .map(|(_, any_of)| any_of.as_slice())
            .collect();
        // A text for many patterns is nothing ordinary, however it is found.
        if self.hurried || wanted.len() > 2 {
            budget.spend(64 * (wanted.len() * wanted.len()) as u64)?;
            if let Some(value) = compose(&wanted).filter(|value| fits(value)) {
                return Ok(Outcome::Found(Values::one(key, value)));
            }
        }
        let mut outcome = Outcome::None;
        for (prefix, grammar, test) in domain.spellings() {
            let is_one: Vec<Acceptor> = test
                .iter()
                .filter_map(|test| Acceptor::new(0, test))
                .collect();
            let requirements: Vec<Requirement<'_>> = asked
                .iter()
                .zip(&acceptors)
                .map(|(ask, any_of)| (any_of, ask.want))
                .chain(test.iter().map(|_| (&is_one, true)))
                .map(|(any_of, want)| Requirement { any_of, want })
                .collect();
            let script = [
                Step::Emit(prefix.to_owned(), 1),
                Step::Word(grammar, Vec::new(), 1),
            ];
            let refuses = |texts: &[String]| {
                let text = texts.first()?;
                (!domain.has(text)).then_some(0)
            };
            match write(&script, 1, &requirements, &refuses, self.hurried, budget)? {
                Texts::Found(texts) => {
                    let value = texts.into_iter().next().unwrap_or_default();
                    return Ok(Outcome::Found(Values::one(key, value)));
                }
                Texts::None => {}
                Texts::Unsure => outcome = unknown(key),
            }
        }
        Ok(outcome)
    }
}

impl Domain {
    /// Whether AWS could send a text as a value.
    fn has(&self, value: &str) -> bool {
        match self {
            Self::Bool => matches!(value, "true" | "false"),
            Self::Date => Grammar::Moment.fits(value) && parse_date(value).is_some(),
            Self::Number { integer: true } => Grammar::Digits.fits(value),
            Self::Number { integer: false } => Grammar::Decimal.fits(value),
            // An address has several spellings, of which AWS sends one.
            Self::Ip => value
                .parse::<IpAddr>()
                .is_ok_and(|address| address.to_string() == value),
            Self::Text {
                prefix, grammar, ..
            } => value
                .strip_prefix(prefix)
                .is_some_and(|word| grammar.fits(word)),
        }
    }

    /// Whether a test compares with a constant of the domain's own type.
    fn is_own(&self, test: &ValueTest) -> bool {
        match self {
            Self::Bool => true,
            Self::Number { .. } => matches!(test, ValueTest::Number(..)),
            Self::Date => matches!(test, ValueTest::Date(..)),
            Self::Ip => matches!(test, ValueTest::Ip(_)),
            Self::Text { .. } => false,
        }
    }

    /// How values are written: a prefix, a word, and what the whole must be besides.
    fn spellings(&self) -> Vec<(&'static str, Grammar, Option<ValueTest>)> {
        let any_address = |v6| {
            ValueTest::Ip(IpRange {
                first: 0,
                last: if v6 { u128::MAX } else { u32::MAX.into() },
                v6,
            })
        };
        match self {
            Self::Bool => Vec::new(),
            Self::Date => {
                let any = ValueTest::Date(Relation::GreaterOrEqual, i64::MIN);
                vec![("", Grammar::Moment, Some(any))]
            }
            Self::Number { integer: true } => vec![("", Grammar::Digits, None)],
            Self::Number { integer: false } => vec![("", Grammar::Decimal, None)],
            Self::Ip => vec![
                ("", Grammar::Ipv4, Some(any_address(false))),
                ("", Grammar::Ipv6, Some(any_address(true))),
            ],
            Self::Text {
                prefix, grammar, ..
            } => vec![(*prefix, *grammar, None)],
        }
    }
}

/// Values worth trying: for ordered types one in each interval between the constants (so these decide), for
/// texts the ordinary ones and the constants.
fn candidates(domain: &Domain, tests: &[&ValueTest]) -> Vec<String> {
    let mut values = Vec::new();
    match domain {
        Domain::Bool => return vec!["true".to_owned(), "false".to_owned()],
        Domain::Text { examples, .. } => values.extend(examples.iter().cloned()),
        Domain::Number { .. } => values.push("1".to_owned()),
        Domain::Ip => values.push("203.0.113.7".to_owned()),
        Domain::Date => values.push("2026-01-01T12:00:00Z".to_owned()),
    }
    let integer = matches!(domain, Domain::Number { integer: true });
    let mut numbers = Vec::new();
    for test in tests {
        match test {
            ValueTest::Number(_, bits) => numbers.push(f64::from_bits(*bits)),
            ValueTest::Date(_, micros) => {
                let second = micros.div_euclid(1_000_000);
                values.extend(
                    [-1, 0, 1]
                        .iter()
                        .filter_map(|step| iso_8601(second.saturating_add(*step))),
                );
            }
            ValueTest::Ip(range) => {
                let text = |address: u128| {
                    if range.v6 {
                        Some(Ipv6Addr::from(address).to_string())
                    } else {
                        u32::try_from(address)
                            .ok()
                            .map(|bits| Ipv4Addr::from(bits).to_string())
                    }
                };
                let around = [
                    Some(range.first),
                    range.last.checked_add(1),
                    range.first.checked_sub(1),
                    Some(range.last),
                ];
                values.extend(around.into_iter().flatten().filter_map(text));
                values.extend(["2001:db8::1", "::", "0.0.0.0"].map(str::to_owned));
            }
            ValueTest::Bool(value) => values.push(value.to_string()),
            ValueTest::Binary(text) => values.push(text.clone()),
            ValueTest::Text { pattern, .. } => {
                values.extend(pattern.as_literal());
            }
            ValueTest::Arn(_) | ValueTest::Pending(..) => {}
        }
    }
    numbers.sort_unstable_by(f64::total_cmp);
    let middles: Vec<f64> = numbers
        .windows(2)
        .filter_map(|pair| Some((pair.first()? + pair.get(1)?) / 2.0))
        .collect();
    for number in &numbers {
        values.extend([*number, number - 1.0, number + 1.0].map(|number| number.to_string()));
        if integer {
            values.extend([number.floor().to_string(), number.ceil().to_string()]);
        } else {
            values.push(format!("{number:.1}"));
        }
    }
    values.extend(middles.iter().map(f64::to_string));
    values
}

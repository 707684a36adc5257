//! Is there a value for a group of linked keys that answers these atoms as wanted?

use std::collections::{BTreeMap, BTreeSet};

use time::OffsetDateTime;

use super::acceptor::Acceptor;
use super::formula::{Atom, Test, Written, is_written, tape_acceptors};
use super::grammar::Grammar;
use super::space::{
    Caller, Domain, ENDPOINT_ALWAYS, ENDPOINT_KEYS, Group, Organization, Slot, Space, Target, tape,
};
use super::word::{Requirement, Step, write};
use super::{Budget, OutOfBudget};
use crate::matcher::{Matcher, ValueTest};
use crate::pattern::{Pattern, Syntax};
use crate::policy::value::parse_ip_range;

/// The values of a group's keys, by lower-case key; of the caller's group, the principal and the resource too.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Values {
    pub(super) context: BTreeMap<String, Vec<String>>,
    pub(super) tapes: Vec<String>,
}

/// What the search for values came to.
#[derive(Debug, Clone)]
pub(super) enum Outcome {
    Found(Values),
    None,
    /// Tests that are not decided together; why.
    Unknown(String),
}

/// An atom and whether it is to hold.
pub(super) type Wanted<'a> = (&'a Atom, bool);

/// One question about a key's values, with the sense it is asked in.
#[derive(Clone, Copy)]
struct Ask<'a> {
    matcher: &'a Matcher,
    /// Some value is not accepted, instead of some value is.
    outside: bool,
    want: bool,
}

/// Trails in a region of their partition ("AWS Regions and Availability Zones").
fn ordinary_trails() -> impl Iterator<Item = Pattern> {
    let syntax = Syntax {
        wildcards: true,
        variables: false,
    };
    [
        "arn:aws:cloudtrail:us-????-?:*",
        "arn:aws:cloudtrail:eu-west-?:*",
        "arn:aws:cloudtrail:eu-central-?:*",
        "arn:aws:cloudtrail:eu-north-?:*",
        "arn:aws:cloudtrail:eu-south-?:*",
        "arn:aws:cloudtrail:ap-*",
        "arn:aws:cloudtrail:ca-*",
        "arn:aws:cloudtrail:sa-*",
        "arn:aws:cloudtrail:me-*",
        "arn:aws:cloudtrail:af-*",
        "arn:aws-us-gov:cloudtrail:us-gov-*",
        "arn:aws-cn:cloudtrail:cn-north-1:*",
        "arn:aws-cn:cloudtrail:cn-northwest-1:*",
        "arn:aws-iso:cloudtrail:us-iso-*",
        "arn:aws-iso-b:cloudtrail:us-isob-*",
        "arn:aws-iso-e:cloudtrail:eu-isoe-*",
        "arn:aws-iso-f:cloudtrail:us-isof-*",
        "arn:aws-eusc:cloudtrail:eusc-*",
    ]
    .into_iter()
    .map(move |pattern| Pattern::parse(pattern, syntax))
}

/// Where a number, date or address is asked of a key whose values are written as text.
const MIXED_TYPES: &str = "tests of different types on one key";

fn unknown(key: &str) -> Outcome {
    Outcome::Unknown(format!("the tests on `{key}` are not decided together"))
}

/// The values that AWS could send for one kind of caller.
pub(super) struct Theory<'s> {
    pub(super) space: &'s Space,
    pub(super) caller: &'s Caller,
    /// Any values will do, not only the most ordinary.
    pub(super) hurried: bool,
}

impl Theory<'_> {
    /// Looks for values of one group.
    pub(super) fn solve(
        &self,
        group: &Group,
        wanted: &[Wanted<'_>],
        budget: &mut Budget,
    ) -> Result<Outcome, OutOfBudget> {
        match group {
            Group::Caller => self.caller(wanted, budget),
            Group::Organization(organization) => self.organization(*organization, wanted, budget),
            Group::Time => self.time(wanted, budget),
            Group::Network => {
                let direct = |key: &str| Some(key == "aws:sourceip");
                let endpoint = |key: &str| match key {
                    "aws:sourceip" => Some(false),
                    _ if ENDPOINT_ALWAYS.contains(&key) => Some(true),
                    _ => None,
                };
                let outcome = self.keys(wanted, &direct, budget)?;
                if !matches!(outcome, Outcome::None) {
                    return Ok(outcome);
                }
                Ok(self.keys(wanted, &endpoint, budget)?.and(|values| {
                    // One of the endpoint keys says what kind of request it is.
                    if !ENDPOINT_KEYS
                        .iter()
                        .any(|key| values.context.contains_key(*key))
                    {
                        values.context.insert(
                            "aws:sourcevpce".to_owned(),
                            vec!["vpce-0a1b2c3d4e5f67890".to_owned()],
                        );
                    }
                }))
            }
            Group::Mfa => {
                let without = |_: &str| Some(false);
                let outcome = self.keys(wanted, &without, budget)?;
                if !matches!(outcome, Outcome::None) {
                    return Ok(outcome);
                }
                for present in ["false", "true"] {
                    if !agrees(wanted, "aws:multifactorauthpresent", present) {
                        continue;
                    }
                    let rest: Vec<Wanted<'_>> = not_about(wanted, "aws:multifactorauthpresent");
                    let with_age = |_: &str| Some(present == "true");
                    let outcome = self.keys(&rest, &with_age, budget)?;
                    if !matches!(outcome, Outcome::None) {
                        return Ok(outcome.and(|values| {
                            let value = vec![present.to_owned()];
                            values
                                .context
                                .insert("aws:multifactorauthpresent".to_owned(), value);
                        }));
                    }
                }
                Ok(Outcome::None)
            }
            Group::Via => self.via(wanted, budget),
            Group::Key(key) => {
                if let Slot::Constant(value) = self.space.slot(self.caller, key) {
                    return Ok(if agrees(wanted, key, &value) {
                        Outcome::Found(Values::one(key, value))
                    } else {
                        Outcome::None
                    });
                }
                let absent = |_: &str| Some(false);
                if !self.space.always_present(key) {
                    let outcome = self.keys(wanted, &absent, budget)?;
                    if !matches!(outcome, Outcome::None) {
                        return Ok(outcome);
                    }
                }
                self.keys(wanted, &|_| Some(true), budget)
            }
        }
    }

    /// An ordinary value of a key that is in every request.
    pub(super) fn ordinary(
        &self,
        key: &str,
        budget: &mut Budget,
    ) -> Result<Option<String>, OutOfBudget> {
        let outcome = match self.space.slot(self.caller, key) {
            Slot::Member(Group::Time) => self.time(&[], budget)?,
            Slot::Member(Group::Via) => Outcome::Found(Values::one(key, "false".to_owned())),
            _ => self.value(key, &[], budget)?,
        };
        Ok(match outcome {
            Outcome::Found(values) => values
                .context
                .get(key)
                .and_then(|texts| texts.first())
                .cloned(),
            _ => None,
        })
    }

    /// Keys that are free of each other, of which some are known to be there or not.
    fn keys(
        &self,
        wanted: &[Wanted<'_>],
        presence: &dyn Fn(&str) -> Option<bool>,
        budget: &mut Budget,
    ) -> Result<Outcome, OutOfBudget> {
        let mut values = Values::default();
        let mut unknown = None;
        for key in keys_of(wanted) {
            let absent = presence(key) != Some(true) && holds_absent(wanted, key);
            if absent {
                continue;
            }
            if presence(key) == Some(false) {
                return Ok(Outcome::None);
            }
            if present_refused(wanted, key) {
                return Ok(Outcome::None);
            }
            match self.value(key, &asks(wanted, key), budget)? {
                Outcome::Found(found) => values.context.extend(found.context),
                Outcome::None => return Ok(Outcome::None),
                Outcome::Unknown(key) => unknown = Some(key),
            }
        }
        Ok(unknown.map_or(Outcome::Found(values), Outcome::Unknown))
    }

    fn caller(&self, wanted: &[Wanted<'_>], budget: &mut Budget) -> Result<Outcome, OutOfBudget> {
        let script = self.space.caller_script(self.caller);
        let outcome = self.written(&script, tape::COUNT, wanted, budget)?;
        let Outcome::Found(values) = &outcome else {
            return Ok(outcome);
        };
        let trail = values
            .tapes
            .get(tape::RESOURCE)
            .cloned()
            .unwrap_or_default();
        if self.hurried
            || self.space.target != Target::Trail
            || ordinary_trails().any(|pattern| pattern.matches(&trail, false))
        {
            return Ok(outcome);
        }
        // A region of its own partition is more ordinary; AWS may open others.
        let acceptors = ordinary_trails()
            .map(|pattern| Acceptor::text(tape::RESOURCE, &pattern, false))
            .collect();
        let test = Test::Written(Box::new(Written::closed(acceptors)));
        let ordinary = Atom {
            group: Group::Caller,
            test,
        };
        let mut more = wanted.to_vec();
        more.push((&ordinary, true));
        Ok(match self.written(&script, tape::COUNT, &more, budget)? {
            Outcome::Found(values) => Outcome::Found(values),
            _ => outcome,
        })
    }

    fn organization(
        &self,
        organization: Organization,
        wanted: &[Wanted<'_>],
        budget: &mut Budget,
    ) -> Result<Outcome, OutOfBudget> {
        let [id, path] = organization.keys().map(str::to_ascii_lowercase);
        if holds_absent(wanted, "") {
            return Ok(Outcome::Found(Values::default()));
        }
        if present_refused(wanted, "") {
            return Ok(Outcome::None);
        }
        let script = self.space.organization_script();
        Ok(self
            .written(&script, tape::ORG_COUNT, wanted, budget)?
            .and(|values| {
                // The path only where it is asked for: the id says that there is an organization.
                for (tape, key) in [(tape::ORG_ID, id), (tape::ORG_PATH, path)] {
                    if tape == tape::ORG_ID || on_tape(wanted, tape) {
                        let text = values.tapes.get(tape).cloned().unwrap_or_default();
                        values.context.insert(key, vec![text]);
                    }
                }
            }))
    }

    /// Whether the patterns of every two tests that are to hold have a text in common: quickly told, and the
    /// most frequent reason why there is none.
    fn may_meet(&self, wanted: &[Wanted<'_>], budget: &mut Budget) -> Result<bool, OutOfBudget> {
        let holding: Vec<&Written> = wanted
            .iter()
            .filter_map(|(atom, want)| match &atom.test {
                Test::Written(written) if *want && written.other.is_none() => Some(&**written),
                _ => None,
            })
            .collect();
        for (index, one) in holding.iter().enumerate() {
            for other in holding.iter().skip(index + 1) {
                budget.spend(256 * (one.wide.len() * other.wide.len()) as u64)?;
                let meet = one
                    .wide
                    .iter()
                    .any(|a| other.wide.iter().any(|b| a.overlaps(b)));
                if !meet {
                    return Ok(false);
                }
            }
        }
        Ok(true)
    }

    /// Texts that are written together.
    fn written(
        &self,
        script: &[Step],
        tapes: usize,
        wanted: &[Wanted<'_>],
        budget: &mut Budget,
    ) -> Result<Outcome, OutOfBudget> {
        if !self.may_meet(wanted, budget)? {
            return Ok(Outcome::None);
        }
        let mut requirements = Vec::with_capacity(wanted.len());
        for (atom, want) in wanted {
            if let Test::Written(written) = &atom.test {
                let any_of = if *want {
                    &written.wide
                } else {
                    &written.narrow
                };
                requirements.push(Requirement {
                    any_of,
                    want: *want,
                });
            }
        }
        let Some(texts) = write(script, tapes, &requirements, self.hurried, budget)? else {
            let typed = wanted.iter().any(
                |(atom, _)| matches!(&atom.test, Test::Written(written) if written.other.is_some()),
            );
            return Ok(if typed {
                unknown(MIXED_TYPES)
            } else {
                Outcome::None
            });
        };
        for (atom, want) in wanted {
            if let Test::Written(written) = &atom.test
                && let Some((tape, matcher)) = &written.other
                && texts.get(*tape).is_some_and(|text| matcher.accepts(text)) != *want
            {
                return Ok(unknown(MIXED_TYPES));
            }
        }
        Ok(Outcome::Found(Values {
            context: BTreeMap::new(),
            tapes: texts,
        }))
    }

    fn time(&self, wanted: &[Wanted<'_>], budget: &mut Budget) -> Result<Outcome, OutOfBudget> {
        const SECOND: i64 = 1_000_000;
        // Noon of an ordinary day, where the check has no time of its own.
        let earliest = self
            .space
            .now
            .map(|now| now.div_euclid(SECOND) + i64::from(now.rem_euclid(SECOND) != 0));
        let first = earliest.unwrap_or(1_767_268_800);
        let mut seconds = vec![first];
        let mut wildcards = false;
        for test in wanted
            .iter()
            .filter_map(|wanted| value_matcher(wanted))
            .flat_map(Matcher::tests)
        {
            let constant = match test {
                ValueTest::Date(_, micros) => micros.div_euclid(SECOND),
                ValueTest::Number(_, bits) => whole(f64::from_bits(*bits)),
                ValueTest::Text { pattern, .. } => match pattern
                    .as_literal()
                    .as_deref()
                    .and_then(crate::policy::value::parse_date)
                {
                    Some(micros) => micros.div_euclid(SECOND),
                    None => {
                        wildcards = true;
                        continue;
                    }
                },
                _ => continue,
            };
            seconds.extend([
                constant.saturating_sub(1),
                constant,
                constant.saturating_add(1),
                constant.saturating_add(2),
            ]);
        }
        let constants = seconds.len() as u64;
        for second in seconds {
            budget.spend(8 * (1 + constants))?;
            if earliest.is_some_and(|earliest| second < earliest) {
                continue;
            }
            let Some(iso) = iso_8601(second) else {
                continue;
            };
            let epoch = second.to_string();
            if agrees(wanted, "aws:currenttime", &iso) && agrees(wanted, "aws:epochtime", &epoch) {
                let mut values = Values::default();
                // Both, for they are one; the witness shows those that a statement names.
                for (key, text) in [("aws:currenttime", iso), ("aws:epochtime", epoch)] {
                    values.context.insert(key.to_owned(), vec![text]);
                }
                return Ok(Outcome::Found(values));
            }
        }
        Ok(if wildcards {
            unknown("aws:CurrentTime")
        } else {
            Outcome::None
        })
    }

    fn via(&self, wanted: &[Wanted<'_>], budget: &mut Budget) -> Result<Outcome, OutOfBudget> {
        let rest = not_about(wanted, "aws:viaawsservice");
        let set: Vec<Ask<'_>> = asks(&rest, "aws:calledvia");
        let others_absent = [
            "",
            "aws:calledvia",
            "aws:calledviafirst",
            "aws:calledvialast",
        ]
        .iter()
        .all(|key| holds_absent(&rest, key));
        for via in ["false", "true"] {
            if !agrees(wanted, "aws:viaawsservice", via) {
                continue;
            }
            let mut values = Values::one("aws:viaawsservice", via.to_owned());
            if others_absent {
                return Ok(Outcome::Found(values));
            }
            if via == "false" || present_refused(&rest, "") {
                continue;
            }
            // The first and the last service obey what is asked of every service.
            let every: Vec<Ask<'_>> = set.iter().copied().filter(|ask| !ask.want).collect();
            let mut chain = Vec::new();
            let mut found_all = true;
            let mut needs: Vec<Vec<Ask<'_>>> = vec![asks(&rest, "aws:calledviafirst")];
            needs.extend(set.iter().filter(|ask| ask.want).map(|ask| vec![*ask]));
            needs.push(asks(&rest, "aws:calledvialast"));
            for need in needs {
                let both: Vec<Ask<'_>> = need
                    .iter()
                    .chain(&every)
                    .map(|ask| ask.of_one_value())
                    .collect();
                match self.value("aws:calledvia", &both, budget)? {
                    Outcome::Found(found) => chain.extend(found.context.into_values().flatten()),
                    Outcome::None => found_all = false,
                    unknown => return Ok(unknown),
                }
            }
            if found_all {
                chain.dedup();
                let ends = [
                    ("aws:calledviafirst", chain.first()),
                    ("aws:calledvialast", chain.last()),
                ];
                for (key, end) in ends {
                    if let Some(end) = end {
                        values.context.insert(key.to_owned(), vec![end.clone()]);
                    }
                }
                values.context.insert("aws:calledvia".to_owned(), chain);
                return Ok(Outcome::Found(values));
            }
        }
        Ok(Outcome::None)
    }

    /// A value of one key that is there.
    fn value(
        &self,
        key: &str,
        asked: &[Ask<'_>],
        budget: &mut Budget,
    ) -> Result<Outcome, OutOfBudget> {
        let asked: Vec<Ask<'_>> = asked.iter().map(|ask| ask.of_one_value()).collect();
        let fits = |value: &str| {
            asked
                .iter()
                .all(|ask| ask.matcher.accepts(value) == ask.want)
        };
        let found = |value: String| Outcome::Found(Values::one(key, value));
        let tests: Vec<&ValueTest> = asked.iter().flat_map(|ask| ask.matcher.tests()).collect();
        let domain = self.space.domain(key);
        let grammar = match &domain {
            Domain::Text {
                prefix, grammar, ..
            } => Some((*prefix, *grammar)),
            _ => None,
        };
        let legal = |value: &str| {
            grammar.is_none_or(|(prefix, grammar)| {
                value
                    .strip_prefix(prefix)
                    .is_some_and(|word| grammar.fits(word))
            })
        };
        for value in candidates(&domain, &tests) {
            budget.spend(1 + 16 * tests.len() as u64)?;
            if legal(&value) && fits(&value) {
                return Ok(found(value));
            }
        }
        let wild = tests
            .iter()
            .any(|test| is_written(test) && !is_literal(test));
        let (prefix, grammar) = match &domain {
            Domain::Bool => return Ok(Outcome::None),
            Domain::Text {
                prefix, grammar, ..
            } => (*prefix, *grammar),
            // Wildcards over a number or an address: look among the texts that are one.
            _ if !wild => return Ok(Outcome::None),
            Domain::Ip => ("", Grammar::Ipv4),
            Domain::Number { .. } => ("", Grammar::Digits),
            Domain::Date => return Ok(unknown(key)),
        };
        let acceptors: Vec<Vec<Acceptor>> = asked
            .iter()
            .map(|ask| {
                ask.matcher
                    .tests()
                    .iter()
                    .flat_map(|test| tape_acceptors(0, test))
                    .collect()
            })
            .collect();
        let requirements: Vec<Requirement<'_>> = asked
            .iter()
            .zip(&acceptors)
            .map(|(ask, any_of)| Requirement {
                any_of,
                want: ask.want,
            })
            .collect();
        let script = [
            Step::Emit(prefix.to_owned(), 1),
            Step::Word(grammar, Vec::new(), 1),
        ];
        let typed = tests.iter().any(|test| !is_written(test));
        match write(&script, 1, &requirements, self.hurried, budget)? {
            Some(texts) => match texts.into_iter().next() {
                Some(text)
                    if fits(&text)
                        && (grammar != Grammar::Ipv4 || parse_ip_range(&text).is_some()) =>
                {
                    Ok(found(text))
                }
                _ if wild => Ok(unknown(key)),
                _ => Ok(Outcome::None),
            },
            None if typed && wild && grammar_is_text(&domain) => Ok(unknown(key)),
            None => Ok(Outcome::None),
        }
    }
}

impl Outcome {
    fn and(self, change: impl FnOnce(&mut Values)) -> Self {
        match self {
            Self::Found(mut values) => {
                change(&mut values);
                Self::Found(values)
            }
            other => other,
        }
    }
}

impl Values {
    /// Whether a request with these values, found for these keys, may answer an atom as wanted.
    pub(super) fn answer(&self, (atom, want): Wanted<'_>, keys: &BTreeSet<String>) -> bool {
        // Nothing was settled about keys that were not asked about, unless the group's values are always whole.
        let all = matches!(atom.group, Group::Caller | Group::Organization(_));
        match &atom.test {
            Test::Present(_) if all => self.context.is_empty() != want,
            Test::Present(key) => {
                let present = match &atom.group {
                    Group::Via => self.context.contains_key("aws:calledvia"),
                    _ => self.context.contains_key(key),
                };
                keys.contains(key) && present == want
            }
            Test::Value {
                key,
                wide,
                narrow,
                outside,
                ..
            } => {
                let matcher = if want != *outside { wide } else { narrow };
                let some = self.context.get(key).is_some_and(|texts| {
                    texts.iter().any(|text| matcher.accepts(text) != *outside)
                });
                (all || keys.contains(key)) && some == want
            }
            Test::Written(written) => {
                let acceptors = if want { &written.wide } else { &written.narrow };
                let accepted = acceptors.iter().any(|acceptor| {
                    self.tapes
                        .get(acceptor.tape)
                        .is_some_and(|text| acceptor.accepts(text))
                });
                accepted == want && written.other.is_none()
            }
        }
    }

    fn one(key: &str, value: String) -> Self {
        Self {
            context: BTreeMap::from([(key.to_owned(), vec![value])]),
            tapes: Vec::new(),
        }
    }
}

impl<'a> Ask<'a> {
    /// For a key with exactly one value, "some value is not accepted" is "the value is not accepted".
    fn of_one_value(&self) -> Ask<'a> {
        Ask {
            matcher: self.matcher,
            outside: false,
            want: self.want != self.outside,
        }
    }
}

fn grammar_is_text(domain: &Domain) -> bool {
    matches!(domain, Domain::Text { .. })
}

/// Whether a test accepts one text only, or is of a type of its own.
fn is_literal(test: &ValueTest) -> bool {
    match test {
        ValueTest::Text { pattern, .. } => pattern.as_literal().is_some(),
        ValueTest::Arn(_) => false,
        _ => true,
    }
}

/// What is asked of a key's values.
fn asks<'a>(wanted: &[Wanted<'a>], key: &str) -> Vec<Ask<'a>> {
    wanted
        .iter()
        .filter_map(|(atom, want)| match &atom.test {
            Test::Value {
                key: of,
                wide,
                narrow,
                outside,
                ..
            } if of == key => {
                // Whichever of the two makes the answer possible for some value of the variables.
                let matcher = if *want != *outside { wide } else { narrow };
                Some(Ask {
                    matcher,
                    outside: *outside,
                    want: *want,
                })
            }
            _ => None,
        })
        .collect()
}

fn value_matcher<'a>((atom, _): &Wanted<'a>) -> Option<&'a Matcher> {
    match &atom.test {
        Test::Value { wide, .. } => Some(wide),
        _ => None,
    }
}

/// The keys that are asked about, each once.
fn keys_of<'a>(wanted: &[Wanted<'a>]) -> Vec<&'a str> {
    let mut keys: Vec<&str> = wanted
        .iter()
        .filter_map(|(atom, _)| match &atom.test {
            Test::Present(key) | Test::Value { key, .. } => Some(key.as_str()),
            Test::Written(_) => None,
        })
        .collect();
    keys.sort_unstable();
    keys.dedup();
    keys
}

fn not_about<'a>(wanted: &[Wanted<'a>], key: &str) -> Vec<Wanted<'a>> {
    wanted
        .iter()
        .copied()
        .filter(|(atom, _)| {
            !matches!(&atom.test, Test::Present(of) | Test::Value { key: of, .. } if of == key)
        })
        .collect()
}

/// Whether all that is asked of a key, or of a group's tapes, holds where it is not in the request.
fn holds_absent(wanted: &[Wanted<'_>], key: &str) -> bool {
    wanted.iter().all(|(atom, want)| match &atom.test {
        Test::Present(of) | Test::Value { key: of, .. } if of == key => !want,
        Test::Written(_) => !want,
        _ => true,
    })
}

/// Whether a key is asked not to be there.
fn present_refused(wanted: &[Wanted<'_>], key: &str) -> bool {
    wanted
        .iter()
        .any(|(atom, want)| matches!(&atom.test, Test::Present(of) if of == key) && !want)
}

/// Whether a key may have this one value.
fn agrees(wanted: &[Wanted<'_>], key: &str, value: &str) -> bool {
    let asked = asks(wanted, key).iter().all(|ask| {
        let ask = ask.of_one_value();
        ask.matcher.accepts(value) == ask.want
    });
    asked && !present_refused(wanted, key)
}

/// Whether anything is asked of a tape.
fn on_tape(wanted: &[Wanted<'_>], tape: usize) -> bool {
    let on = |acceptors: &[Acceptor]| acceptors.iter().any(|acceptor| acceptor.tape == tape);
    wanted.iter().any(|(atom, _)| match &atom.test {
        Test::Written(written) => {
            on(&written.wide) || written.other.as_ref().is_some_and(|(of, _)| *of == tape)
        }
        _ => false,
    })
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
    let number_key = matches!(domain, Domain::Number { .. });
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
                        Some(std::net::Ipv6Addr::from(address).to_string())
                    } else {
                        u32::try_from(address)
                            .ok()
                            .map(|bits| std::net::Ipv4Addr::from(bits).to_string())
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
                let literal = pattern.as_literal();
                let typed = |text: &String| match domain {
                    Domain::Number { .. } => crate::policy::value::parse_number(text).is_some(),
                    Domain::Ip => {
                        parse_ip_range(text).is_some_and(|range| range.first == range.last)
                    }
                    Domain::Date => crate::policy::value::parse_date(text).is_some(),
                    _ => true,
                };
                values.extend(literal.filter(typed));
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
    if number_key {
        values.retain(|text| {
            crate::policy::value::parse_number(text)
                .is_some_and(|number| number >= 0.0 && (!integer || number.fract() == 0.0))
        });
    }
    values
}

/// A moment as AWS sends it.
fn iso_8601(second: i64) -> Option<String> {
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

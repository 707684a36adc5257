//! Is there a value for a group of linked keys that answers these atoms as wanted?

mod ask;
mod time;
mod value;

use std::collections::{BTreeMap, BTreeSet};

use self::ask::{Ask, agrees, asks, holds_absent, keys_of, not_about, on_tape, present_refused};

use super::acceptor::Acceptor;
use super::formula::{Atom, Test, Written};
use super::space::{
    Caller, ENDPOINT_ALWAYS, ENDPOINT_KEYS, Group, Organization, Slot, Space, Target, tape,
};
use super::word::{Requirement, Step, Texts, write};
use super::{Budget, OutOfBudget};
use crate::pattern::{Pattern, Syntax};

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

fn unknown(key: &str) -> Outcome {
    Outcome::Unknown(format!("the tests on `{key}` are not decided together"))
}

/// The values that AWS could send for one kind of caller.
pub(super) struct Theory<'s> {
    pub(super) space: &'s Space,
    pub(super) caller: &'s Caller,
    /// How the principal, its account and the resource are written.
    pub(super) script: &'s [Step],
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
        let outcome = self.written(self.script, tape::COUNT, wanted, budget)?;
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
        Ok(
            match self.written(self.script, tape::COUNT, &more, budget)? {
                Outcome::Found(values) => Outcome::Found(values),
                _ => outcome,
            },
        )
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
                Test::Written(written) if *want => Some(&**written),
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
        let any = |_: &[String]| None;
        let texts = write(script, tapes, &requirements, &any, self.hurried, budget)?;
        Ok(match texts {
            Texts::Found(texts) => Outcome::Found(Values {
                context: BTreeMap::new(),
                tapes: texts,
            }),
            Texts::None => Outcome::None,
            Texts::Unsure => Outcome::Unknown(
                "numbers, dates or addresses in an odd spelling are not decided".to_owned(),
            ),
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
                accepted == want
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

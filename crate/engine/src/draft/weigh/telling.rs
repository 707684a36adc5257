//! What is said of a verdict that depends on unknown parts, or is the same whatever they are.

use crate::case::{Case, Ruling};
use crate::draft::{Holds, Unknown, condition, text};
use crate::guardrail::Guardrail;
use crate::report::{Role, Verdict};
use crate::request::Settings;

/// A `fail` that is one whatever the trail is called.
pub(super) fn for_every_value(mut ruling: Ruling) -> Ruling {
    ruling.summary = format!(
        "{}; so it is whatever the unknown parts of the trail's ARN are",
        ruling.summary
    );
    ruling
}

/// A `fail` that is one for some values only, if for any.
pub(super) fn dependent(
    mut ruling: Ruling,
    case: &Case<'_>,
    guardrail: &Guardrail,
    unknowns: &[Unknown],
) -> Ruling {
    let mut relevant = Vec::new();
    for draft in case
        .documents
        .iter()
        .filter_map(|document| document.draft.as_deref())
    {
        draft.relevant(guardrail.actions, &mut relevant);
    }
    let mut names = distinct(relevant.iter());
    if names.is_empty() {
        names = distinct(unknowns.iter());
    }
    ruling.summary = format!(
        "not decided: it depends on {}, known only when this is deployed; it may be that {}",
        listed(&names),
        ruling.summary
    );
    ruling.verdict = Some(Verdict::Undecided);
    for action in &mut ruling.actions {
        if action.verdict == Verdict::Fail {
            action.verdict = Verdict::Undecided;
        }
    }
    let mut possible = ruling.witness.take();
    for finding in &mut ruling.findings {
        match finding.role {
            Role::Grants => {
                finding.message = format!("possibly {}", finding.message);
                finding.witness = possible.take();
            }
            Role::Gap => {
                let span = case
                    .documents
                    .get(finding.document)
                    .and_then(|document| document.reading.policy.as_ref())
                    .and_then(|policy| {
                        policy
                            .statements
                            .iter()
                            .find(|statement| Some(statement.index) == finding.statement)
                    })
                    .map(|statement| statement.span);
                let within = |unknown: &&Unknown| {
                    span.is_some_and(|span| {
                        span.start <= unknown.span.start && unknown.span.end <= span.end
                    })
                };
                let inner = distinct(unknowns.iter().filter(within));
                if !inner.is_empty() {
                    finding.message = format!(
                        "whether this `Deny` stops the request depends on {}",
                        listed(&inner)
                    );
                }
            }
            _ => {}
        }
        finding.role = Role::Note;
    }
    ruling
}

/// What is taken for granted about unknown parts.
pub(super) fn assume(ruling: &mut Ruling, unknowns: &[Unknown], settings: &Settings) {
    let holds = |wanted: Holds| unknowns.iter().any(|unknown| unknown.holds == wanted);
    if holds(Holds::Account) || holds(Holds::Partition) {
        ruling.assumptions.push(
            "the template is deployed in the account and the partition of the principals that it makes".into(),
        );
    }
    // The made-up names that were told.
    let mut stand_ins: Vec<(String, &Unknown)> = Vec::new();
    for unknown in unknowns {
        let made_up = match unknown.holds {
            Holds::OwnBucket if settings.trail_buckets.is_empty() => vec![text::bucket(unknown)],
            _ => vec![
                condition::stand_in(true, unknown),
                condition::stand_in(false, unknown),
            ],
        };
        for name in made_up {
            let told = ruling.summary.contains(&name)
                || ruling.assumptions.iter().any(|said| said.contains(&name));
            if told && !stand_ins.iter().any(|(known, _)| *known == name) {
                stand_ins.push((name, unknown));
            }
        }
    }
    for (name, unknown) in stand_ins {
        let said = match unknown.holds {
            Holds::OwnBucket => format!(
                "`{name}` stands for the name of the bucket `{}`",
                unknown.of
            ),
            _ => format!(
                "`{name}` stands for the value of {}, which is taken to hold no policy variable",
                unknown.what
            ),
        };
        ruling.assumptions.push(said.into());
    }
}

pub(super) fn distinct<'u>(unknowns: impl Iterator<Item = &'u Unknown>) -> Vec<&'u str> {
    let mut names: Vec<&str> = Vec::new();
    for unknown in unknowns {
        // These are the request's own wherever they matter.
        let own = matches!(unknown.holds, Holds::Partition | Holds::OwnBucket);
        if !own && !names.contains(&unknown.what.as_ref()) {
            names.push(&unknown.what);
        }
    }
    names
}

/// Up to three names, and how many more.
pub(super) fn listed(names: &[&str]) -> String {
    match names {
        [] => "what is unknown".to_owned(),
        [only] => (*only).to_owned(),
        [first, second] => format!("{first} and {second}"),
        [first, second, third] => format!("{first}, {second} and {third}"),
        [first, second, rest @ ..] => {
            format!("{first}, {second} and {} more", rest.len())
        }
    }
}

//! The decision against brute force, on random documents.
//!
//! `PROPERTY_CASES` sets how many cases are drawn, `PROPERTY_SEED` which.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::panic,
    reason = "these are tests"
)]

#[path = "support/documents.rs"]
mod documents;
#[path = "support/oracle.rs"]
mod oracle;
#[path = "support/runner.rs"]
mod runner;
#[path = "support/values.rs"]
mod values;
#[path = "support/wellformed.rs"]
mod wellformed;

use documents::{TRAIL, draws};
use iam_guardrails::check;
use iam_guardrails::evaluate::{Request, is_allowed};
use iam_guardrails::report::{Report, Role, Verdict, Witness};
use iam_guardrails::request::{CheckRequest, ExplicitDeny};
use oracle::{Found, Oracle, applied, is_authorized, is_protected, owners, readings};
use runner::{Count, run};

/// Every action of the guardrails on trails, by guardrail.
const GUARDRAILS: [(usize, &[&str]); 3] = [
    (0, &["cloudtrail:DeleteTrail", "cloudtrail:StopLogging"]),
    (1, &["cloudtrail:UpdateTrail"]),
    (
        3,
        &[
            "cloudtrail:PutEventSelectors",
            "cloudtrail:PutInsightSelectors",
        ],
    ),
];

#[test]
fn trails() {
    run("trails", draws(3, 3, 3), |draw, count| {
        let request = draw.request(&TRAIL);
        compare(&request, count).map_err(|flaw| format!("{flaw}\n{}", show(&request)))
    });
}

/// Compares the report with what brute force finds.
fn compare(request: &CheckRequest, count: &mut Count) -> Result<(), String> {
    let start = std::time::Instant::now();
    let report = check(request);
    count.time("engine", start.elapsed());
    let readings = readings(request);
    for (reading, document) in readings.iter().zip(&request.documents) {
        if reading.policy.is_none() {
            return Err(format!("a drawn document is refused: {}", document.text));
        }
    }
    let now = request.settings.now.as_deref().and_then(values::seconds);
    let all: Vec<&str> = GUARDRAILS
        .iter()
        .flat_map(|(_, actions)| *actions)
        .copied()
        .collect();
    let owners = owners(request, &readings);
    let bears = request
        .documents
        .iter()
        .zip(&readings)
        .any(|(_, reading)| !applied_kinds(reading.kind).is_empty());
    let mut expected: Vec<(Option<String>, Vec<Found>)> = Vec::new();
    for owner in &owners {
        let documents = applied(request, &readings, owner.as_deref());
        let oracle = Oracle::new(documents.clone(), &request.settings, owner.as_deref(), &all);
        let start = std::time::Instant::now();
        let found = oracle.find(&all);
        count.time("brute force", start.elapsed());
        // Brute force itself keeps to the rules.
        for found in &found {
            for (found, must_be_allowed) in [
                (&found.allowed, true),
                (&found.slips, false),
                (&found.granted, false),
            ] {
                let Some(found) = found else { continue };
                if let Some(flaw) = wellformed::flaw(found, now, true) {
                    return Err(format!("brute force is wrong: {flaw}: {found:?}"));
                }
                if must_be_allowed && !is_allowed(&documents, found) {
                    return Err(format!("brute force is wrong: not allowed: {found:?}"));
                }
            }
        }
        expected.push((owner.clone(), found));
    }
    for (index, actions) in GUARDRAILS {
        let result = &report.guardrails[index];
        let id = &result.id;
        if !bears {
            if result.verdict != Verdict::NotApplicable {
                return Err(format!(
                    "{id}: {:?} without a document that bears on it",
                    result.verdict
                ));
            }
            continue;
        }
        // What a witness of any principal must be.
        let mut witnesses: Vec<(&Witness, Option<&str>, bool)> = Vec::new();
        if (result.verdict == Verdict::Fail) != result.witness.is_some() {
            return Err(format!(
                "{id}: {:?} and witness {:?}",
                result.verdict, result.witness
            ));
        }
        let named = owners.iter().any(Option::is_some);
        if !named {
            witnesses.extend(result.witness.iter().map(|witness| (witness, None, true)));
            let gaps = result
                .findings
                .iter()
                .filter(|finding| finding.role == Role::Gap);
            witnesses.extend(gaps.filter_map(|gap| Some((gap.witness.as_ref()?, None, false))));
        }
        for principal in &result.principals {
            let owner = principal.principal.as_deref();
            witnesses.extend(
                principal
                    .witness
                    .iter()
                    .map(|witness| (witness, owner, true)),
            );
            let gaps = principal
                .findings
                .iter()
                .filter(|finding| finding.role == Role::Gap);
            witnesses.extend(gaps.filter_map(|gap| Some((gap.witness.as_ref()?, owner, false))));
        }
        for (witness, owner, is_allowing) in witnesses {
            let request_of = Request::from(witness);
            let documents = applied(request, &readings, owner);
            let problem = wellformed::flaw(&request_of, now, true)
                .or_else(|| {
                    is_authorized(&request.settings, &request_of)
                        .then(|| "it is authorized".to_owned())
                })
                .or_else(|| {
                    (!is_protected(&request.settings, &request_of))
                        .then(|| "its trail is not protected".to_owned())
                })
                .or_else(|| {
                    let denied = !is_allowed(&documents, &request_of);
                    (is_allowing && denied).then(|| "it is not allowed".to_owned())
                })
                .or_else(|| {
                    (!actions.contains(&request_of.action.as_str()))
                        .then(|| "another action".to_owned())
                });
            if let Some(problem) = problem {
                return Err(format!(
                    "{id}: a witness is wrong: {problem}: {request_of:?}"
                ));
            }
        }
        for (position, action) in actions.iter().enumerate() {
            let at = all.iter().position(|known| known == action).unwrap();
            let got = result.actions[position].verdict;
            let worst = expected
                .iter()
                .map(|(_, found)| verdict(&found[at], request))
                .max()
                .unwrap();
            count.verdict(got);
            if got == Verdict::Undecided {
                let exists = worst == Verdict::Fail;
                count.undecided(
                    &result.summary,
                    exists,
                    format!("{id} {action}: {}\n{}", result.summary, show(request)),
                );
            } else if got != worst {
                let found: Vec<_> = expected
                    .iter()
                    .map(|(owner, found)| (owner, &found[at]))
                    .collect();
                return Err(format!(
                    "{id} {action}: the engine says {got:?}, brute force {worst:?}\nengine: {}\nwitness: {:?}\nbrute force: {found:?}",
                    result.summary,
                    result.witness.as_ref().map(|witness| (
                        &witness.principal,
                        &witness.resource,
                        &witness.context
                    ))
                ));
            }
        }
        if named {
            for (owner, found) in &expected {
                let result = result
                    .principals
                    .iter()
                    .find(|principal| principal.principal == *owner)
                    .ok_or_else(|| format!("{id}: no verdict for {owner:?}"))?;
                let worst = actions
                    .iter()
                    .map(|action| {
                        let at = all.iter().position(|known| known == action).unwrap();
                        verdict(&found[at], request)
                    })
                    .max()
                    .unwrap();
                if result.verdict != Verdict::Undecided && result.verdict != worst {
                    return Err(format!(
                        "{id} by {owner:?}: the engine says {:?}, brute force {worst:?}",
                        result.verdict
                    ));
                }
            }
        }
    }
    check_shape(&report)
}

fn applied_kinds(
    kind: Option<iam_guardrails::report::DocumentKind>,
) -> Vec<iam_guardrails::report::DocumentKind> {
    use iam_guardrails::report::DocumentKind::{Rcp, Resource};
    kind.into_iter()
        .filter(|kind| !matches!(kind, Rcp | Resource))
        .collect()
}

/// SEMANTICS, section 5.
fn verdict(found: &Found, request: &CheckRequest) -> Verdict {
    if found.allowed.is_some() {
        Verdict::Fail
    } else if (found.slips.is_some() || found.granted.is_some())
        && request.settings.explicit_deny == ExplicitDeny::Required
    {
        Verdict::Warn
    } else {
        Verdict::Pass
    }
}

/// What holds for every report.
fn check_shape(report: &Report) -> Result<(), String> {
    for result in &report.guardrails {
        let worst = result.actions.iter().map(|action| action.verdict).max();
        if worst.is_some_and(|worst| worst != result.verdict) {
            return Err(format!(
                "{}: {:?}, but by action {:?}",
                result.id, result.verdict, result.actions
            ));
        }
    }
    Ok(())
}

/// The check as it can be pasted.
fn show(request: &CheckRequest) -> String {
    let documents: Vec<String> = request
        .documents
        .iter()
        .map(|document| {
            format!(
                "{:?} attached to {:?}: {}",
                document.kind, document.attached_to, document.text
            )
        })
        .collect();
    format!(
        "{}\nsettings: {}",
        documents.join("\n"),
        serde_json::to_string(&request.settings).expect("settings are JSON")
    )
}

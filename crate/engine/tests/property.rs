//! The decision against brute force, on random documents.
//!
//! `PROPERTY_CASES` says how many cases are drawn, `PROPERTY_SEED` which; both are printed. A failure is shrunk
//! and printed as JSON in the form of the fixtures. `cargo xtask test --only property` runs 100,000 cases. None may be
//! undecided.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::panic,
    clippy::unreachable,
    reason = "these are tests"
)]

#[path = "support/candidates.rs"]
mod candidates;
#[path = "support/changes.rs"]
mod changes;
#[path = "support/documents.rs"]
mod documents;
#[path = "support/meaning.rs"]
mod meaning;
#[path = "support/metamorphic.rs"]
mod metamorphic;
#[path = "support/oracle.rs"]
mod oracle;
#[path = "support/random.rs"]
mod random;
#[path = "support/runner.rs"]
mod runner;
#[path = "support/templates.rs"]
mod templates;
#[path = "support/trusted.rs"]
mod trusted;
#[path = "support/values.rs"]
mod values;
#[path = "support/vocabulary.rs"]
mod vocabulary;
#[path = "support/wellformed.rs"]
mod wellformed;

use std::collections::BTreeSet;

use candidates::Target;
use documents::{Draw, Vocabulary, draws};
use iam_guardrails::check;
use iam_guardrails::evaluate::{self, Applied, Request};
use iam_guardrails::policy;
use iam_guardrails::report::{DocumentKind, GuardrailResult, Report, Role, Verdict, Witness};
use iam_guardrails::request::{CheckRequest, ExplicitDeny};
use iam_guardrails::source::parse;
use meaning::{Document, is_allowed, read};
use oracle::{Found, Oracle, is_authorized, is_protected};
use proptest::prelude::{Strategy, any, prop_oneof};
use runner::{Count, run};
use serde_json::Value;
use trusted::Trusted;
use vocabulary::{BUCKET, TRAIL, VARIABLES};

/// The guardrails on trails: their places in the report, and their actions.
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
/// The place of IAM-CLOUDTRAIL-3.
const ON_BUCKETS: usize = 2;

#[test]
fn trails() {
    run("trails", 46, mixed(), &classes(&TRAIL), |draw, count| {
        let request = draw.request(&TRAIL);
        compare_trails(&request, count)
            .map_err(|flaw| format!("{flaw}\n{}", runner::show(&request)))
    });
}

/// Keys compared with each other, in few statements: there is much to go through for brute force.
#[test]
fn variables() {
    let classes = ["variable", "variable with default"].map(str::to_owned);
    run("variables", 1, draws(1, 2, 2), &classes, |draw, count| {
        let request = draw.request(&VARIABLES);
        compare_trails(&request, count)
            .map_err(|flaw| format!("{flaw}\n{}", runner::show(&request)))
    });
}

#[test]
fn buckets() {
    run("buckets", 36, mixed(), &classes(&BUCKET), |draw, count| {
        let request = draw.request(&BUCKET);
        compare_buckets(&request, count)
            .map_err(|flaw| format!("{flaw}\n{}", runner::show(&request)))
    });
}

/// Parts of policies are unknown: what is said of them holds for all that they may turn out to be.
#[test]
fn templates_of_trails() {
    let strategy = (draws(2, 3, 2), any::<u64>());
    run(
        "templates of trails",
        1,
        strategy,
        &[],
        |(draw, seed), count| templates::compare(&draw.request(&TRAIL), &TRAIL, *seed, count),
    );
}

#[test]
fn templates_of_buckets() {
    let strategy = (draws(2, 2, 2), any::<u64>());
    run(
        "templates of buckets",
        1,
        strategy,
        &[],
        |(draw, seed), count| templates::compare(&draw.request(&BUCKET), &BUCKET, *seed, count),
    );
}

/// Up to 20 statements: too many for brute force, but not for the engine, and what it shows must stand.
#[test]
fn many_statements() {
    run("many statements", 10, draws(4, 5, 4), &[], |draw, count| {
        decided(&draw.request(&TRAIL), count)
    });
}

#[test]
fn many_variables() {
    run("many variables", 4, draws(2, 2, 2), &[], |draw, count| {
        decided(&draw.request(&VARIABLES), count)
    });
}

/// There is an answer, and what it shows stands.
fn decided(request: &CheckRequest, count: &mut Count) -> Result<(), String> {
    let report = checked(request, count)?;
    witnesses_stand(request, &read(request), &report)
        .and_then(|()| shape(&report))
        .map_err(|flaw| format!("{flaw}\n{}", runner::show(request)))
}

/// Small cases mostly, which brute force goes through quickly, and some larger ones.
fn mixed() -> impl Strategy<Value = Draw> {
    prop_oneof![3 => draws(2, 2, 2), 1 => draws(3, 3, 3)]
}

/// What the cases must hold at least once.
fn classes(words: &Vocabulary) -> Vec<String> {
    let mut classes: Vec<String> = ["NotAction", "NotResource", "`*`", "`?`"]
        .into_iter()
        .chain(["variable", "variable with default"])
        .map(str::to_owned)
        .collect();
    for kind in words.kinds {
        classes.push(format!("kind {kind:?}"));
        if *kind == DocumentKind::Resource {
            classes.push("NotPrincipal".to_owned());
        }
        if *kind == DocumentKind::Identity {
            classes.push("attachedTo".to_owned());
        }
    }
    for (kind, _) in words.principals {
        classes.push(format!("principal {kind}").replace("principal AWS*", "principal "));
    }
    for key in words.keys {
        classes.push(format!("key {}", key.name.to_lowercase()));
    }
    for name in meaning::COMPARISONS {
        classes.push(name.to_owned());
        if name != "Null" {
            classes.push(format!("{name} IfExists"));
            classes.push(format!("ForAnyValue:{name}"));
            classes.push(format!("ForAllValues:{name}"));
        }
    }
    for name in [
        "StringEquals",
        "StringEqualsIgnoreCase",
        "StringLike",
        "NumericEquals",
        "DateEquals",
        "IpAddress",
        "ArnEquals",
        "ArnLike",
    ] {
        for class in [
            format!("{name} negated"),
            format!("{name} negated IfExists"),
            format!("ForAnyValue:{name} negated"),
            format!("ForAllValues:{name} negated"),
        ] {
            classes.push(class);
        }
    }
    for setting in [
        "authorizedPrincipals",
        "protectedTrails",
        "trailBuckets",
        "organizationIds",
        "trustedAccounts",
        "explicitDeny",
        "now",
    ] {
        classes.push(format!("setting {setting}"));
    }
    let distinct: BTreeSet<String> = classes.into_iter().collect();
    distinct.into_iter().collect()
}

/// The engine's report, with what it was about counted.
fn checked(request: &CheckRequest, count: &mut Count) -> Result<Report, String> {
    for (class, times) in meaning::classes(&read(request)) {
        count.class(&class, times);
    }
    let settings = &request.settings;
    for (name, is_set) in [
        (
            "authorizedPrincipals",
            !settings.authorized_principals.is_empty(),
        ),
        ("protectedTrails", !settings.protected_trails.is_empty()),
        ("trailBuckets", !settings.trail_buckets.is_empty()),
        ("organizationIds", !settings.organization_ids.is_empty()),
        ("trustedAccounts", !settings.trusted_accounts.is_empty()),
        (
            "explicitDeny",
            settings.explicit_deny == ExplicitDeny::Optional,
        ),
        ("now", settings.now.is_some()),
    ] {
        if is_set {
            count.class(&format!("setting {name}"), 1);
        }
    }
    let start = std::time::Instant::now();
    let report = check(request);
    count.time("engine", start.elapsed());
    let refused = report.documents.iter().find(|document| {
        let error = iam_guardrails::report::Severity::Error;
        let mut problems = document.problems.iter();
        problems.any(|problem| problem.severity == error)
    });
    if let Some(document) = refused {
        return Err(format!(
            "a drawn document is refused: {:?}\n{}",
            document.problems,
            runner::show(request)
        ));
    }
    for result in &report.guardrails {
        count.verdict(result.id, result.verdict);
        if result.verdict == Verdict::Undecided {
            let case = runner::show(request);
            return Err(format!("{}: {}\n{case}", result.id, result.summary));
        }
    }
    Ok(report)
}

/// The documents that apply to a principal's action on a trail.
fn applied<'d>(documents: &'d [Document], owner: Option<&str>) -> Vec<&'d Document> {
    use DocumentKind::{Identity, Rcp, Resource};
    documents
        .iter()
        .filter(|document| {
            ![Rcp, Resource].contains(&document.kind)
                && (document.kind != Identity || document.attached_to.as_deref() == owner)
        })
        .collect()
}

/// The principals that identity-based policies are attached to; the unnamed one where there are none.
fn owners(documents: &[Document]) -> BTreeSet<Option<String>> {
    let mut owners: BTreeSet<Option<String>> = documents
        .iter()
        .filter(|document| document.kind == DocumentKind::Identity)
        .map(|document| document.attached_to.clone())
        .collect();
    if owners.is_empty() {
        owners.insert(None);
    }
    owners
}

/// Holds the report on trails against what brute force finds.
fn compare_trails(request: &CheckRequest, count: &mut Count) -> Result<(), String> {
    let report = checked(request, count)?;
    let documents = read(request);
    witnesses_stand(request, &documents, &report)?;
    shape(&report)?;
    if applied(&documents, None).is_empty() && owners(&documents).contains(&None) {
        return match GUARDRAILS
            .iter()
            .all(|(index, _)| report.guardrails[*index].verdict == Verdict::NotApplicable)
        {
            true => Ok(()),
            false => Err("a verdict without a document that bears on it".to_owned()),
        };
    }
    let all: Vec<&str> = GUARDRAILS
        .iter()
        .flat_map(|(_, actions)| *actions)
        .copied()
        .collect();
    let now = request.settings.now.as_deref().and_then(values::seconds);
    let mut expected: Vec<(Option<String>, Vec<Found>)> = Vec::new();
    let others: Vec<String> = owners(&documents).into_iter().flatten().collect();
    for owner in owners(&documents) {
        let own = applied(&documents, owner.as_deref());
        let start = std::time::Instant::now();
        let settings = &request.settings;
        let oracle = Oracle::of_trails(own.clone(), settings, owner.as_deref(), &others, &all);
        let found = oracle.find(&all);
        count.time("brute force", start.elapsed());
        for found in &found {
            for (found, must_be_allowed) in [
                (&found.allowed, true),
                (&found.slips, false),
                (&found.granted, false),
            ] {
                let Some(found) = found else { continue };
                keeps_the_rules(found, now, true, |found| {
                    !must_be_allowed || is_allowed(&own, found)
                })?;
                evaluated(request, &documents, found)?;
            }
        }
        expected.push((owner, found));
    }
    for (index, actions) in GUARDRAILS {
        let result = &report.guardrails[index];
        for (position, action) in actions.iter().enumerate() {
            let at = all.iter().position(|known| known == action).unwrap();
            let got = result.actions[position].verdict;
            let verdicts = expected
                .iter()
                .map(|(_, found)| verdict(&found[at], request));
            let worst = verdicts.max().unwrap();
            let without_denies =
                |report: &Report| report.guardrails[index].actions[position].verdict;
            agree(got, worst, result, count)
                .or_else(|flaw| {
                    held_back(request, (got, worst), &without_denies, count).ok_or(flaw)
                })
                .map_err(|flaw| format!("{} {action}: {flaw}: {expected:?}", result.id))?;
        }
        if expected.iter().all(|(owner, _)| owner.is_none()) {
            continue;
        }
        for (owner, found) in &expected {
            let own = result
                .principals
                .iter()
                .find(|principal| principal.principal == *owner)
                .ok_or_else(|| format!("{}: no verdict for {owner:?}", result.id))?;
            let by_action = actions.iter().map(|action| {
                let at = all.iter().position(|known| known == action).unwrap();
                verdict(&found[at], request)
            });
            let worst = by_action.max().unwrap();
            let without_denies = |report: &Report| {
                let mut principals = report.guardrails[index].principals.iter();
                let own = principals.find(|principal| principal.principal == *owner);
                own.map_or(Verdict::NotApplicable, |own| own.verdict)
            };
            let verdicts = (own.verdict, worst);
            agree(own.verdict, worst, result, count)
                .or_else(|flaw| held_back(request, verdicts, &without_denies, count).ok_or(flaw))
                .map_err(|flaw| format!("{} by {owner:?}: {flaw}: {found:?}", result.id))?;
        }
    }
    Ok(())
}

/// Brute force tries values by examples, so it may miss a request that the engine shows; what the engine shows
/// was held against the plain reading before. It never finds one that is none.
fn agree(
    engine: Verdict,
    brute_force: Verdict,
    result: &GuardrailResult,
    count: &mut Count,
) -> Result<(), String> {
    let shown = match engine {
        Verdict::Fail => true,
        Verdict::Warn => result
            .findings
            .iter()
            .any(|finding| finding.role == Role::Gap && finding.witness.is_some()),
        _ => false,
    };
    if engine == brute_force {
        Ok(())
    } else if shown && engine > brute_force {
        count.class("shown by the engine and missed by brute force", 1);
        Ok(())
    } else {
        Err(format!(
            "the engine says {engine:?} ({}), brute force {brute_force:?}",
            result.summary
        ))
    }
}

/// Of what only a `Deny` holds back no request is shown, but without the denies one is, and is held against the plain
/// reading: where brute force missed it, the engine is right.
fn held_back(
    request: &CheckRequest,
    verdicts: (Verdict, Verdict),
    verdict: &dyn Fn(&Report) -> Verdict,
    count: &mut Count,
) -> Option<()> {
    if verdicts != (Verdict::Warn, Verdict::Pass) {
        return None;
    }
    let mut without = request.clone();
    for document in &mut without.documents {
        let mut policy: Value = serde_json::from_str(&document.text).ok()?;
        for statement in policy["Statement"].as_array_mut()? {
            if statement["Effect"] == "Deny" {
                statement.as_object_mut()?.remove("NotAction");
                statement["Action"] = "s3:ListBucket".into();
            }
        }
        document.text = policy.to_string();
    }
    let report = check(&without);
    witnesses_stand(&without, &read(&without), &report).ok()?;
    count.class("held back by a Deny, and missed by brute force", 1);
    (verdict(&report) == Verdict::Fail).then_some(())
}

fn keeps_the_rules(
    request: &Request,
    now: Option<i64>,
    on_trail: bool,
    stands: impl Fn(&Request) -> bool,
) -> Result<(), String> {
    if let Some(flaw) = wellformed::flaw(request, now, on_trail) {
        return Err(format!("brute force is wrong: {flaw}: {request:?}"));
    }
    if !stands(request) {
        return Err(format!("brute force is wrong: not allowed: {request:?}"));
    }
    Ok(())
}

/// The engine's own reading of single requests, `evaluate`, says the same of every statement.
fn evaluated(
    request: &CheckRequest,
    documents: &[Document],
    asked: &Request,
) -> Result<(), String> {
    for (input, document) in request.documents.iter().zip(documents) {
        let node = parse(&input.text).map_err(|problem| problem.message)?;
        let reading = policy::read(node, input.kind);
        let policy = reading.policy.as_ref().ok_or("no policy")?;
        let applied = Applied {
            kind: document.kind,
            policy,
        };
        for (statement, plain) in policy.statements.iter().zip(&document.statements) {
            if evaluate::matches(statement, applied, asked) != plain.matches(asked) {
                let place = statement.index;
                let text = &input.text;
                return Err(format!(
                    "`evaluate` and the plain reading differ on statement {place} of {text}: {asked:?}"
                ));
            }
        }
    }
    Ok(())
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

/// Every witness is a request that AWS could send, is the guardrail's business, and gets through, or slips past
/// the `Deny` whose gap it shows.
fn witnesses_stand(
    request: &CheckRequest,
    documents: &[Document],
    report: &Report,
) -> Result<(), String> {
    let now = request.settings.now.as_deref().and_then(values::seconds);
    let named = owners(documents).iter().any(Option::is_some);
    for (index, actions) in GUARDRAILS {
        let result = &report.guardrails[index];
        let mut shown: Vec<(&Witness, Option<&str>, bool)> = Vec::new();
        let gaps = |findings: &'_ [iam_guardrails::report::Finding]| -> Vec<Witness> {
            let gaps = findings.iter().filter(|finding| finding.role == Role::Gap);
            gaps.filter_map(|gap| gap.witness.clone()).collect()
        };
        let own_gaps = gaps(&result.findings);
        let principals: Vec<(Option<&str>, Option<&Witness>, Vec<Witness>)> = result
            .principals
            .iter()
            .map(|principal| {
                let owner = principal.principal.as_deref();
                (owner, principal.witness.as_ref(), gaps(&principal.findings))
            })
            .collect();
        if named {
            for (owner, witness, gaps) in &principals {
                shown.extend(witness.iter().map(|witness| (*witness, *owner, true)));
                shown.extend(gaps.iter().map(|gap| (gap, *owner, false)));
            }
        } else {
            shown.extend(result.witness.iter().map(|witness| (witness, None, true)));
            shown.extend(own_gaps.iter().map(|gap| (gap, None, false)));
        }
        for (witness, owner, allowed) in shown {
            let shown = Request::from(witness);
            let problem = if let Some(flaw) = wellformed::flaw(&shown, now, true) {
                flaw
            } else if is_authorized(&request.settings, &shown) {
                "it is authorized".to_owned()
            } else if !is_protected(&request.settings, &shown) {
                "its trail is not protected".to_owned()
            } else if allowed && !is_allowed(&applied(documents, owner), &shown) {
                "it is not allowed".to_owned()
            } else if !actions.contains(&shown.action.as_str()) {
                "it is about another action".to_owned()
            } else {
                continue;
            };
            let id = &result.id;
            return Err(format!("{id}: a witness is wrong: {problem}: {shown:?}"));
        }
    }
    Ok(())
}

/// Holds the report on trail buckets against what brute force finds.
fn compare_buckets(request: &CheckRequest, count: &mut Count) -> Result<(), String> {
    let report = checked(request, count)?;
    shape(&report)?;
    let documents = read(request);
    let now = request.settings.now.as_deref().and_then(values::seconds);
    let result = &report.guardrails[ON_BUCKETS];
    let witness = result.witness.as_ref().map(Request::from);
    let caps = documents
        .iter()
        .filter(|document| document.kind == DocumentKind::Rcp);
    let caps: Vec<&Document> = caps.collect();
    let mut worst = Verdict::NotApplicable;
    let mut found_all = Vec::new();
    let mut witness_stands = false;
    for document in &documents {
        let Some(names) = trusted::trail_buckets(document, &request.settings) else {
            continue;
        };
        worst = worst.max(Verdict::Pass);
        let trusted = Trusted::new(document, &request.settings);
        let mut own = vec![document];
        own.extend(&caps);
        for name in names {
            for (target, actions) in [
                (Target::Objects(name.clone()), trusted::OBJECT_ACTIONS),
                (Target::Bucket(name.clone()), trusted::BUCKET_ACTIONS),
            ] {
                let start = std::time::Instant::now();
                let oracle = Oracle::of_bucket(
                    own.clone(),
                    target,
                    &request.settings,
                    &trusted.excluded(),
                    &trusted.given(),
                    actions,
                );
                let found = oracle
                    .find(actions)
                    .into_iter()
                    .find_map(|found| found.allowed);
                count.time("brute force", start.elapsed());
                if let Some(found) = found {
                    keeps_the_rules(&found, now, false, |found| {
                        is_allowed(&own, found) && trusted.is_outsider(found)
                    })?;
                    evaluated(request, &documents, &found)?;
                    worst = Verdict::Fail;
                    found_all.push(found);
                }
            }
            witness_stands |= witness.as_ref().is_some_and(|witness| {
                wellformed::flaw(witness, now, false).is_none()
                    && trusted::is_in_bucket(witness, &name)
                    && trusted.is_outsider(witness)
                    && is_allowed(&own, witness)
            });
        }
    }
    if let Some(witness) = &witness
        && !witness_stands
    {
        let flaw = wellformed::flaw(witness, now, false);
        return Err(format!(
            "{}: a witness is wrong: {flaw:?}: {witness:?}",
            result.id
        ));
    }
    agree(result.verdict, worst, result, count)
        .map_err(|flaw| format!("{}: {flaw}: {found_all:?}", result.id))
}

/// What holds for every report.
fn shape(report: &Report) -> Result<(), String> {
    for result in &report.guardrails {
        let worst = result.actions.iter().map(|action| action.verdict).max();
        if worst.is_some_and(|worst| worst != result.verdict) {
            return Err(format!(
                "{}: {:?}, but by action {:?}",
                result.id, result.verdict, result.actions
            ));
        }
        if (result.verdict == Verdict::Fail) != result.witness.is_some() {
            return Err(format!(
                "{}: {:?} and witness {:?}",
                result.id, result.verdict, result.witness
            ));
        }
    }
    Ok(())
}

//! The verdict on policies of which parts are unknown: `fail` only if every value fails, and no other verdict unless
//! it holds for every value.

mod telling;
mod trails;

use std::rc::Rc;

use super::{Context, Draft, Holds, Reading, Sides, Unknown, read};
use crate::case::{Case, Document, Ruling, Trails};
use crate::evaluate::Request;
use crate::guardrail::{Guardrail, Subject, is_trail_bucket_policy, trail_buckets_of, trusted_by};
use crate::policy::{self};
use crate::report::{DocumentKind, Severity, Verdict};
use crate::request::{KindInput, Settings};

use telling::{assume, dependent, distinct, for_every_value, listed};
use trails::tells_trails_apart;

/// Asks a guardrail about a case.
pub(crate) fn check(case: &Case<'_>, guardrail: &Guardrail) -> Ruling {
    let mut ruling = (guardrail.check)(case, guardrail);
    let unknowns: Vec<Unknown> = case
        .documents
        .iter()
        .filter_map(|document| document.draft.as_deref())
        .flat_map(Draft::unknowns)
        .collect();
    if unknowns.is_empty() {
        return ruling;
    }
    if ruling.verdict == Some(Verdict::Fail) {
        ruling = certain(case, guardrail, &Sides::new())
            .or_else(|| by_conditions(case, guardrail, &unknowns))
            .unwrap_or_else(|| dependent(ruling, case, guardrail, &unknowns));
    }
    let judged = matches!(ruling.verdict, Some(Verdict::Fail | Verdict::Undecided));
    if guardrail.subject == Subject::Bucket && !judged {
        perhaps_a_trail_bucket(&mut ruling, case);
    }
    assume(&mut ruling, &unknowns, case.settings);
    ruling
}

/// A `fail` whatever the unknown parts are, with conditions as these say.
fn certain(case: &Case<'_>, guardrail: &Guardrail, sides: &Sides) -> Option<Ruling> {
    let restrictive = reread(case, Reading::Restrictive, false, sides);
    let certain = (guardrail.check)(&restrictive, guardrail);
    let caller = guardrail.subject == Subject::Caller;
    if certain.verdict == Some(Verdict::Fail)
        && (caller
            || (is_certainly_a_trail_buckets(&restrictive)
                && is_an_outsiders(&certain, &restrictive, guardrail)))
    {
        return Some(certain);
    }
    // Where no statement tells one trail from another, one that is allowed is as good as any.
    let certain = if tells_trails_apart(&restrictive) {
        certain
    } else {
        let any_trail = reread(case, Reading::Restrictive, true, sides);
        (guardrail.check)(&any_trail, guardrail)
    };
    (certain.verdict == Some(Verdict::Fail) && caller).then(|| for_every_value(certain))
}

/// How many conditions are gone through: each doubles the work.
const MOST_CONDITIONS: usize = 4;

/// The verdict where it is the same whichever branches the conditions take: one that decides in several places takes
/// the same in all.
fn by_conditions(case: &Case<'_>, guardrail: &Guardrail, unknowns: &[Unknown]) -> Option<Ruling> {
    let mut conditions: Vec<&Unknown> = Vec::new();
    for unknown in unknowns.iter().filter(|unknown| unknown.decides) {
        if !conditions.iter().any(|known| known.of == unknown.of) {
            conditions.push(unknown);
        }
    }
    let mut inputs = case.documents.iter().filter(|document| {
        let unknowns = document.draft.as_ref().map(|draft| draft.unknowns());
        unknowns.is_some_and(|unknowns| unknowns.iter().any(|unknown| unknown.decides))
    });
    // Templates of several inputs may have different conditions by the same name.
    let source = inputs.next()?.source;
    if conditions.len() > MOST_CONDITIONS
        || inputs.any(|document| document.source != source)
        || guardrail.subject == Subject::Bucket
    {
        return None;
    }
    let mut worst: Option<Ruling> = None;
    for choice in 0..1_usize << conditions.len() {
        let sides: Sides = conditions
            .iter()
            .enumerate()
            .map(|(bit, condition)| (Rc::clone(&condition.of), choice >> bit & 1))
            .collect();
        let permissive = reread(case, Reading::Permissive, false, &sides);
        let ruling = (guardrail.check)(&permissive, guardrail);
        let ruling = match ruling.verdict {
            Some(Verdict::Fail) => certain(case, guardrail, &sides)?,
            Some(Verdict::Undecided) => return None,
            _ => ruling,
        };
        let fails = |ruling: &Ruling| ruling.verdict == Some(Verdict::Fail);
        match &worst {
            // Some fail, and others do not.
            Some(worst) if fails(worst) != fails(&ruling) => return None,
            Some(worst) if worst.verdict >= ruling.verdict => {}
            _ => worst = Some(ruling),
        }
    }
    worst.map(|mut ruling| {
        let names = distinct(conditions.iter().copied());
        ruling.summary = format!(
            "{}; so it is whichever way {} {} decided",
            ruling.summary,
            listed(&names),
            if names.len() == 1 { "is" } else { "are" },
        );
        ruling
    })
}

/// Whether a policy is a trail bucket's by what is known of it alone.
fn is_certainly_a_trail_buckets(case: &Case<'_>) -> bool {
    case.documents.iter().any(|document| {
        let (Some(DocumentKind::Resource), Some(policy)) =
            (document.reading.kind, &document.reading.policy)
        else {
            return false;
        };
        let mut known = policy.clone();
        if let Some(draft) = &document.draft {
            let own = |unknown: &Unknown| {
                matches!(
                    unknown.holds,
                    Holds::OwnBucket | Holds::Partition | Holds::Account
                )
            };
            let mut unknowns = draft.unknowns();
            unknowns.retain(|unknown| !own(unknown));
            known.statements.retain(|statement| {
                !unknowns.iter().any(|unknown| {
                    unknown.span.start < statement.span.end
                        && statement.span.start < unknown.span.end
                })
            });
        }
        is_trail_bucket_policy(case.settings, &known)
    })
}

/// Whether the request is an outsider's whomever the unknown parts of the policies trust: as many others must get in too
/// as there are of these.
fn is_an_outsiders(ruling: &Ruling, case: &Case<'_>, guardrail: &Guardrail) -> bool {
    let mut settings = case.settings.clone();
    if !settings.organization_ids.is_empty() || !settings.trusted_accounts.is_empty() {
        return true;
    }
    let mut unknowns: Vec<Unknown> = Vec::new();
    for document in &case.documents {
        let (Some(DocumentKind::Resource), Some(draft), Some(policy)) = (
            document.reading.kind,
            &document.draft,
            &document.reading.policy,
        ) else {
            continue;
        };
        let [organizations, accounts] = trusted_by(&settings, policy);
        settings.organization_ids.extend(organizations);
        settings.trusted_accounts.extend(accounts);
        draft.each_statement(&mut |statement| {
            unknowns.extend(
                statement
                    .get("Condition")
                    .map(Draft::unknowns)
                    .into_iter()
                    .flatten(),
            );
        });
    }
    let mut witness = ruling.witness.clone();
    for _ in distinct(unknowns.iter()) {
        let Some(outsider) = &witness else {
            return false;
        };
        let request = Request::from(outsider);
        let account = request.value("aws:principalaccount").map(str::to_owned);
        let account = account.or_else(|| outsider.principal.split(':').nth(4).map(str::to_owned));
        let organization = request.value("aws:principalorgid").map(str::to_owned);
        // Nobody trusts one that has neither.
        if account.is_none() && organization.is_none() {
            return true;
        }
        settings.trusted_accounts.extend(account);
        settings.organization_ids.extend(organization);
        let others = altered(case, case.documents.clone(), &settings);
        witness = (guardrail.check)(&others, guardrail).witness;
    }
    witness.is_some()
}

/// Where nobody named the trail buckets, one is known by whom its policy lets in and to which objects. Where that is
/// unknown, it may be one.
fn perhaps_a_trail_bucket(ruling: &mut Ruling, case: &Case<'_>) {
    let mut telling = Vec::new();
    let buckets = |document: &Document<'_>| {
        let policy = document.reading.policy.as_ref()?;
        trail_buckets_of(case.settings, policy)
    };
    // Of the statements that may be left out, one reading has those that allow and the other those that deny.
    let restrictive = reread(case, Reading::Restrictive, false, &Sides::new());
    for (document, other) in case.documents.iter().zip(&restrictive.documents) {
        let (Some(DocumentKind::Resource), Some(draft)) = (document.reading.kind, &document.draft)
        else {
            continue;
        };
        let known = buckets(document);
        let others = buckets(other).unwrap_or_default();
        let judged = |bucket| known.as_ref().is_some_and(|known| known.contains(bucket));
        if !others.iter().all(judged) {
            telling.extend(draft.unknowns());
        }
        if known.is_none() {
            draft.each_statement(&mut |statement| {
                for element in ["Resource", "NotResource", "Principal"] {
                    let unknowns = statement.get(element).map(Draft::unknowns);
                    telling.extend(
                        unknowns
                            .into_iter()
                            .flatten()
                            .filter(|unknown| unknown.holds == Holds::Anything),
                    );
                }
            });
        }
    }
    let names = distinct(telling.iter());
    if !names.is_empty() {
        ruling.verdict = Some(Verdict::Undecided);
        ruling.summary = format!(
            "not decided: whether this is a trail bucket's policy depends on {}; name the bucket under trail buckets \
             (`trailBuckets`) if it is",
            listed(&names)
        );
    }
}

/// The policy of a draft in the permissive reading.
pub(crate) fn permissive<'t>(
    draft: &Draft<'t>,
    kind: KindInput,
    settings: &Settings,
) -> policy::Reading<'t> {
    reading(
        draft,
        &context(draft, Reading::Permissive, kind, settings),
        kind,
    )
}

/// A draft as JSON, in one of the readings.
pub(crate) fn json(
    draft: &Draft<'_>,
    reading: Reading,
    kind: KindInput,
    settings: &Settings,
) -> String {
    read(draft, &context(draft, reading, kind, settings)).to_json()
}

fn context(draft: &Draft<'_>, reading: Reading, kind: KindInput, settings: &Settings) -> Context {
    Context {
        reading,
        kind: match kind {
            KindInput::Given(kind) => kind,
            KindInput::Auto => detected(draft),
        },
        trusts_named: settings.organization_ids.is_empty() && settings.trusted_accounts.is_empty(),
        names_buckets: !settings.trail_buckets.is_empty(),
        any_trail: false,
        sides: Rc::default(),
    }
}

fn reading<'t>(draft: &Draft<'t>, context: &Context, kind: KindInput) -> policy::Reading<'t> {
    let mut read = policy::read(read(draft, context), kind);
    // What stands in an unknown part's place is not the author's.
    let unknowns = draft.unknowns();
    read.problems.retain(|problem| {
        let span = problem.span;
        !unknowns.iter().any(|unknown| match problem.severity {
            Severity::Error => unknown.span.start <= span.start && span.end <= unknown.span.end,
            Severity::Warning => unknown.span.start < span.end && span.start < unknown.span.end,
        })
    });
    read
}

/// As `policy::kind` detects it.
fn detected(draft: &Draft<'_>) -> DocumentKind {
    let mut has_principal = false;
    let mut allows = false;
    draft.each_statement(&mut |statement| {
        has_principal |=
            statement.get("Principal").is_some() || statement.get("NotPrincipal").is_some();
        allows |= statement.get("Effect").and_then(Draft::text).as_deref() != Some("Deny");
    });
    match (has_principal, allows) {
        (true, _) => DocumentKind::Resource,
        (false, true) => DocumentKind::Identity,
        (false, false) => DocumentKind::Scp,
    }
}

/// The case with every draft in this reading.
fn reread<'t>(case: &Case<'t>, as_read: Reading, any_trail: bool, sides: &Sides) -> Case<'t> {
    let sides = Rc::new(sides.clone());
    let documents = case.documents.iter().map(|document| {
        let (Some(draft), Some(kind)) = (&document.draft, document.reading.kind) else {
            return Rc::clone(document);
        };
        let given = KindInput::Given(kind);
        let context = Context {
            any_trail,
            sides: Rc::clone(&sides),
            ..context(draft, as_read, given, case.settings)
        };
        let reading = reading(draft, &context, given);
        Rc::new(Document {
            reading: policy::Reading {
                kind_reason: document.reading.kind_reason.clone(),
                ..reading
            },
            name: document.name.clone(),
            json: Some(self::read(draft, &context).to_json()),
            error: document.error.clone(),
            draft: document.draft.clone(),
            source: document.source,
            span: document.span,
        })
    });
    altered(case, documents.collect(), case.settings)
}

/// The case with other documents and settings.
fn altered<'c>(
    case: &Case<'c>,
    documents: Vec<Rc<Document<'c>>>,
    settings: &'c Settings,
) -> Case<'c> {
    Case {
        documents,
        principal: case.principal.clone(),
        like: case.like.clone(),
        name: case.name.clone(),
        others: case.others.clone(),
        authorized: case.authorized.clone(),
        trails: Trails::default(),
        settings,
        complete: case.complete,
        lacks: case.lacks,
    }
}

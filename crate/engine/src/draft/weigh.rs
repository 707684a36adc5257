//! The verdict on policies of which parts are unknown: `fail` only if every value fails, and no other verdict unless
//! it holds for every value.

mod telling;
mod trails;

use std::rc::Rc;

use super::{Context, Draft, Holds, Piece, Reading, Sides, Unknown, Value, condition, read, text};
use crate::case::{Case, Document, Ruling, Trails};
use crate::evaluate::Request;
use crate::guardrail::{
    Guardrail, Subject, buckets_named, is_about_any_bucket, trail_buckets_of, trusted_by,
};
use crate::policy::{self};
use crate::report::{DocumentKind, Role, Severity, Verdict};
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
    let judged =
        |ruling: &Ruling| matches!(ruling.verdict, Some(Verdict::Fail | Verdict::Undecided));
    if guardrail.subject == Subject::Bucket && !judged(&ruling) {
        perhaps_a_trail_bucket(&mut ruling, case, &Sides::new());
    }
    if guardrail.subject == Subject::Bucket
        && !judged(&ruling)
        && let Some(doubt) = trusted_for_some(case, guardrail)
    {
        let assumptions = std::mem::take(&mut ruling.assumptions);
        ruling = match doubt.verdict {
            Some(Verdict::Fail) => dependent(doubt, case, guardrail, &unknowns),
            _ => doubt,
        };
        ruling.assumptions = assumptions;
    }
    assume(&mut ruling, &unknowns, case.settings);
    ruling
}

/// A `fail` whatever the unknown parts are, with conditions as these say.
fn certain(case: &Case<'_>, guardrail: &Guardrail, sides: &Sides) -> Option<Ruling> {
    let restrictive = reread(case, Reading::Restrictive, sides);
    let certain = (guardrail.check)(&restrictive, guardrail);
    let caller = guardrail.subject == Subject::Caller;
    if certain.verdict == Some(Verdict::Fail)
        && (caller
            || (is_certainly_a_trail_buckets(&certain, &restrictive)
                && is_an_outsiders(&certain, &restrictive, guardrail)))
    {
        return Some(certain);
    }
    // Where no statement tells one trail from another, one that is allowed is as good as any.
    let certain = if tells_trails_apart(&restrictive) {
        certain
    } else {
        let any_trail = reread_as(case, &|context| Context {
            reading: Reading::Restrictive,
            any_trail: true,
            sides: Rc::new(sides.clone()),
            ..context
        });
        (guardrail.check)(&any_trail, guardrail)
    };
    (certain.verdict == Some(Verdict::Fail) && caller).then(|| for_every_value(certain))
}

/// How many conditions are gone through: each doubles the work.
const MOST_CONDITIONS: usize = 4;

/// The verdict where it is the same whichever branches the conditions take: one that decides in several places takes
/// the same in all.
fn by_conditions(case: &Case<'_>, guardrail: &Guardrail, unknowns: &[Unknown]) -> Option<Ruling> {
    let conditions = conditions(unknowns);
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
    for sides in every_way(&conditions) {
        let permissive = reread(case, Reading::Permissive, &sides);
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

/// The conditions, each once.
fn conditions(unknowns: &[Unknown]) -> Vec<&Unknown> {
    let mut conditions: Vec<&Unknown> = Vec::new();
    for unknown in unknowns.iter().filter(|unknown| unknown.decides) {
        if !conditions.iter().any(|known| known.of == unknown.of) {
            conditions.push(unknown);
        }
    }
    conditions
}

/// Every way in which they may be decided.
fn every_way(conditions: &[&Unknown]) -> impl Iterator<Item = Sides> {
    (0..1_usize << conditions.len()).map(move |choice| {
        conditions
            .iter()
            .enumerate()
            .map(|(bit, condition)| (Rc::clone(&condition.of), choice >> bit & 1))
            .collect()
    })
}

/// What lets an outsider in whom the policy trusts for some values of what is unknown, and not for others.
fn trusted_for_some(case: &Case<'_>, guardrail: &Guardrail) -> Option<Ruling> {
    let named = &case.settings;
    if !named.organization_ids.is_empty() || !named.trusted_accounts.is_empty() {
        return None;
    }
    let strictly = |sides: &Sides| {
        let sides = Rc::new(sides.clone());
        let strict = reread_as(case, &|context| Context {
            trusts_certain: true,
            sides: Rc::clone(&sides),
            ..context
        });
        let mut ruling = (guardrail.check)(&strict, guardrail);
        if ruling.verdict == Some(Verdict::NotApplicable) {
            perhaps_a_trail_bucket(&mut ruling, &strict, &sides);
        }
        matches!(ruling.verdict, Some(Verdict::Fail | Verdict::Undecided)).then_some(ruling)
    };
    let doubt = strictly(&Sides::new())?;
    let mut unknowns = Vec::new();
    let mut sources = Vec::new();
    for document in &case.documents {
        if let (Some(DocumentKind::Resource), Some(draft)) =
            (document.reading.kind, &document.draft)
        {
            unknowns.extend(draft.unknowns());
            sources.push(document.source);
        }
    }
    let mut conditions = conditions(&unknowns);
    conditions.truncate(MOST_CONDITIONS);
    sources.dedup();
    // Templates of several inputs may have different conditions by the same name.
    if conditions.is_empty() || sources.len() != 1 {
        return Some(doubt);
    }
    every_way(&conditions).find_map(|sides| strictly(&sides))
}

/// Whether a policy that lets somebody in is that of a trail bucket, and of this one, by what is known of it alone.
fn is_certainly_a_trail_buckets(ruling: &Ruling, case: &Case<'_>) -> bool {
    let Some(witness) = &ruling.witness else {
        return false;
    };
    let at = witness.resource.splitn(6, ':').nth(5).unwrap_or_default();
    let at = at.split('/').next().unwrap_or_default();
    case.documents.iter().enumerate().any(|(index, document)| {
        let grants = ruling
            .findings
            .iter()
            .any(|finding| finding.role == Role::Grants && finding.document == index);
        let (true, Some(DocumentKind::Resource), Some(policy)) =
            (grants, document.reading.kind, &document.reading.policy)
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
        let buckets = trail_buckets_of(case.settings, &known).unwrap_or_default();
        let named = known
            .statements
            .iter()
            .flat_map(|statement| &statement.resource);
        let named = named.flat_map(|element| element.matching.list());
        let named = buckets_named(case.settings, named.map(|value| value.value.as_ref()));
        // One that stands for all of a pattern does so only where no other is named.
        let elsewhere = document.draft.as_deref().is_some_and(|draft| {
            let (names, unknowns) = resources_of(draft);
            let names = names.iter().map(String::as_str);
            !unknowns.is_empty() || !buckets_named(case.settings, names).is_empty()
        });
        buckets.iter().any(|bucket| bucket == at)
            && (!elsewhere || named.iter().any(|bucket| bucket == at))
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
    let mut is_certain = true;
    let mut asks_for_owner = false;
    for document in &case.documents {
        let Some(policy) = &document.reading.policy else {
            continue;
        };
        asks_for_owner |= asks_for_the_owner(policy);
        if document.reading.kind != Some(DocumentKind::Resource) {
            continue;
        }
        let mut named: Vec<(String, String)> = Vec::new();
        for condition in policy
            .statements
            .iter()
            .flat_map(|statement| &statement.conditions)
        {
            let key = condition.key.value.to_ascii_lowercase();
            let values = condition.values.iter();
            named.extend(values.map(|value| (key.clone(), value.value.to_string())));
        }
        if let Some(draft) = &document.draft {
            named.extend(condition::possibly_named(draft));
            let given = KindInput::Given(DocumentKind::Resource);
            let context = context(draft, Reading::Restrictive, given, case.settings);
            is_certain &= !condition::certainly_named(draft, &context).more;
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
        let [organizations, accounts] = trusted_by(&named);
        settings.organization_ids.extend(organizations);
        settings.trusted_accounts.extend(accounts);
    }
    // Whose the bucket is depends on whom the policy trusts.
    if asks_for_owner && !is_certain {
        return false;
    }
    let another = |settings: &Settings| {
        let others = altered(case, case.documents.clone(), settings);
        (guardrail.check)(&others, guardrail).witness
    };
    let mut witness =
        if settings.organization_ids.is_empty() && settings.trusted_accounts.is_empty() {
            ruling.witness.clone()
        } else {
            another(&settings)
        };
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
        witness = another(&settings);
    }
    witness.is_some()
}

/// Whether a policy asks for the organization or the account of the bucket.
fn asks_for_the_owner(policy: &policy::Policy<'_>) -> bool {
    let asks = |text: &str| {
        let text = text.to_ascii_lowercase();
        text.contains("aws:resourceorg") || text.contains("aws:resourceaccount")
    };
    policy.statements.iter().any(|statement| {
        let resources = statement.resource.iter();
        let mut resources = resources.flat_map(|element| element.matching.list());
        resources.any(|resource| asks(&resource.value))
            || statement.conditions.iter().any(|condition| {
                let mut values = condition.values.iter();
                asks(&condition.key.value) || values.any(|value| asks(&value.value))
            })
    })
}

/// Where nobody named the trail buckets, one is known by whom its policy lets in and to which objects. Where that is
/// unknown, it may be one.
fn perhaps_a_trail_bucket(ruling: &mut Ruling, case: &Case<'_>, sides: &Sides) {
    let mut telling = Vec::new();
    let buckets = |document: &Document<'_>| {
        let policy = document.reading.policy.as_ref()?;
        trail_buckets_of(case.settings, policy)
    };
    let has_cap_on_some = case.documents.iter().any(|document| {
        let caps = document.reading.kind == Some(DocumentKind::Rcp);
        let policy = document.reading.policy.as_ref().filter(|_| caps);
        policy.is_some_and(|policy| !is_about_any_bucket(policy))
    });
    // Of the statements that may be left out, one reading has those that allow and the other those that deny.
    let restrictive = reread(case, Reading::Restrictive, sides);
    for (document, other) in case.documents.iter().zip(&restrictive.documents) {
        let (Some(DocumentKind::Resource), Some(draft)) = (document.reading.kind, &document.draft)
        else {
            continue;
        };
        let known = buckets(document);
        let others = buckets(other).unwrap_or_default();
        let judged = |bucket: &String| known.as_ref().is_some_and(|known| known.contains(bucket));
        if !others.iter().all(judged) {
            telling.extend(draft.unknowns());
        }
        let policy = document.reading.policy.as_ref();
        // Another may be named in what this reading leaves out.
        let (names, _) = resources_of(draft);
        let mut named = buckets_named(case.settings, names.iter().map(String::as_str)).into_iter();
        if known.is_some() && !named.all(|bucket| judged(&bucket)) {
            telling.extend(draft.unknowns());
        }
        // One that is unknown may be another than those that were judged.
        if known.is_some() && case.settings.trail_buckets.is_empty() {
            if !policy.is_some_and(is_about_any_bucket) {
                telling.extend(resources_of(draft).1);
            } else if has_cap_on_some {
                telling.extend(draft.unknowns());
            }
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

/// The resources that are known, in whichever branch, and what is unknown in the buckets of the others.
fn resources_of(draft: &Draft<'_>) -> (Vec<String>, Vec<Unknown>) {
    let (mut names, mut unknowns) = (Vec::new(), Vec::new());
    draft.each_statement(&mut |statement| {
        for element in ["Resource", "NotResource"] {
            if let Some(resources) = statement.get(element) {
                collect_resources(resources, &mut names, &mut unknowns);
            }
        }
    });
    (names, unknowns)
}

fn collect_resources(resources: &Draft<'_>, names: &mut Vec<String>, unknowns: &mut Vec<Unknown>) {
    match &resources.value {
        Value::List(drafts) | Value::Either(_, drafts) => {
            for draft in drafts {
                collect_resources(draft, names, unknowns);
            }
        }
        Value::Text(pieces) => {
            // Past the fifth colon is the bucket's name, up to a slash.
            let mut before = String::new();
            for piece in text::settled(pieces, false, true) {
                match piece {
                    Piece::Known(text) => before.push_str(&text),
                    Piece::Unknown(unknown) => {
                        let rest = before.splitn(6, ':').nth(5);
                        match rest {
                            Some(rest) if rest.contains('/') => break,
                            None if unknown.holds != Holds::Anything => before.push('*'),
                            _ => return unknowns.push(unknown),
                        }
                    }
                }
            }
            names.push(before);
        }
        Value::Unknown(unknown) => unknowns.push(unknown.clone()),
        Value::Null | Value::Bool(_) | Value::Object(_) | Value::Nothing => {}
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
        trusts_certain: false,
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
fn reread<'t>(case: &Case<'t>, as_read: Reading, sides: &Sides) -> Case<'t> {
    let sides = Rc::new(sides.clone());
    reread_as(case, &|context| Context {
        reading: as_read,
        sides: Rc::clone(&sides),
        ..context
    })
}

/// The case with every draft read so.
fn reread_as<'t>(case: &Case<'t>, how: &dyn Fn(Context) -> Context) -> Case<'t> {
    let documents = case.documents.iter().map(|document| {
        let (Some(draft), Some(kind)) = (&document.draft, document.reading.kind) else {
            return Rc::clone(document);
        };
        let given = KindInput::Given(kind);
        let context = how(context(draft, Reading::Permissive, given, case.settings));
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
            named: context
                .trusts_certain
                .then(|| condition::certainly_named(draft, &context)),
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

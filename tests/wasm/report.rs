//! A report is handed over field by field: what arrives is what its JSON says.

use std::collections::BTreeMap;

use iam_guardrails::policy::Effect;
use iam_guardrails::report::{
    ActionVerdict, Bearing, ContextValue, DocumentKind, DocumentReport, Finding, GuardrailResult,
    InputReport, PrincipalReport, PrincipalResult, Problem, Replay, Report, Role, Severity,
    StatementReport, Verdict, Witness,
};
use iam_guardrails::text::Place;
use wasm_bindgen_test::wasm_bindgen_test;

use super::contract::departures;
use super::fixtures::{FIXTURES, request};
use super::js::{js, json};

#[wasm_bindgen_test]
fn every_field_and_every_word_arrives() {
    let report = whole();
    let arrived = crate::report::to_js(&report);
    assert_eq!(json(&arrived), serde_json::to_string(&report).unwrap());
    assert_eq!(departures(&arrived, "Report"), [""; 0]);
}

#[wasm_bindgen_test]
fn an_empty_report_arrives() {
    let report = Report::default();
    assert_eq!(
        json(&crate::report::to_js(&report)),
        serde_json::to_string(&report).unwrap()
    );
}

#[wasm_bindgen_test]
fn the_fixtures_reports_arrive() {
    let fixtures = FIXTURES
        .iter()
        .filter(|(folder, ..)| folder.starts_with("cloudtrail-"));
    for (folder, file, fixture) in fixtures {
        let request = crate::shape::check_request(&request(&js(fixture))).unwrap();
        let report = iam_guardrails::check(&request);
        assert_eq!(
            json(&crate::report::to_js(&report)),
            serde_json::to_string(&report).unwrap(),
            "{folder}/{file}"
        );
    }
}

/// A report that has every field in every way, and every word of an enum.
fn whole() -> Report {
    let span = |start| Place {
        start,
        end: start + 7,
        line: start / 10 + 1,
        column: u32::MAX,
    };
    let verdicts = vec![
        Verdict::NotApplicable,
        Verdict::Pass,
        Verdict::Warn,
        Verdict::Undecided,
        Verdict::Fail,
    ];
    let kinds = [
        Some(DocumentKind::Identity),
        Some(DocumentKind::PermissionsBoundary),
        Some(DocumentKind::Session),
        Some(DocumentKind::Scp),
        Some(DocumentKind::Rcp),
        Some(DocumentKind::Resource),
        None,
    ];
    let bearings = [
        Bearing::Judged,
        Bearing::TrustPolicy,
        Bearing::NoGuardrail,
        Bearing::Unread,
    ];
    let roles = [
        Role::Grants,
        Role::Gap,
        Role::Shadowed,
        Role::Denies,
        Role::Note,
    ];
    let problems = |message: &str| {
        [Severity::Error, Severity::Warning].map(|severity| Problem {
            severity,
            message: message.to_owned(),
            span: span(3),
        })
    };
    let witness = Witness {
        principal: "arn:aws:iam::111122223333:role/Entwickler-\u{E9}".to_owned(),
        action: "cloudtrail:StopLogging".to_owned(),
        resource: "\u{1F600}\u{1F600} \"\\\n\u{0}".to_owned(),
        context: BTreeMap::from([
            ("__proto__".to_owned(), ContextValue::One(String::new())),
            (
                "aws:TagKeys".to_owned(),
                ContextValue::Many(vec!["a".to_owned(), "\u{2028}".to_owned()]),
            ),
            ("none".to_owned(), ContextValue::Many(Vec::new())),
        ]),
        replay: Some(1),
    };
    let findings: Vec<Finding> = roles
        .into_iter()
        .enumerate()
        .map(|(index, role)| Finding {
            role,
            document: index,
            statement: (index > 1).then_some(index),
            span: span(40),
            marks: (0..3).map(span).collect(),
            message: format!("finding {index} \u{2026}"),
            witness: (index == 1).then(|| Witness {
                replay: None,
                ..witness.clone()
            }),
        })
        .collect();
    Report {
        inputs: vec![InputReport {
            form: "a policy".to_owned(),
            form_reason: "it is \u{65E5}\u{672C}\u{8A9E}".to_owned(),
            problems: problems("of the input").into(),
        }],
        documents: kinds
            .into_iter()
            .zip(bearings.into_iter().cycle())
            .enumerate()
            .map(|(index, (kind, bearing))| DocumentReport {
                source: index,
                name: format!("document {index}"),
                path: "RoleDetailList[3]".to_owned(),
                span: span(0),
                attached_to: vec!["one".to_owned(), "two".to_owned()],
                kind,
                kind_reason: "because".to_owned(),
                bearing,
                statements: [
                    (Effect::Allow, None),
                    (Effect::Deny, Some("Sid".to_owned())),
                ]
                .into_iter()
                .enumerate()
                .map(|(index, (effect, sid))| StatementReport {
                    index,
                    sid,
                    effect,
                    span: span(9),
                })
                .collect(),
                problems: problems("of the document").into(),
            })
            .collect(),
        principals: [None, Some("arn:aws:iam::111122223333:user/a".to_owned())]
            .map(|principal| PrincipalReport {
                principal,
                name: "someone".to_owned(),
                documents: vec![0, 2],
                verdict: Verdict::Fail,
                verdicts: verdicts.clone(),
            })
            .into(),
        guardrails: vec![GuardrailResult {
            id: "IAM-CLOUDTRAIL-1",
            verdict: Verdict::Fail,
            summary: "summary".to_owned(),
            actions: verdicts
                .iter()
                .map(|verdict| ActionVerdict {
                    action: "cloudtrail:DeleteTrail",
                    verdict: *verdict,
                })
                .collect(),
            findings: findings.clone(),
            witness: Some(witness.clone()),
            principals: [(None, None), (Some("arn".to_owned()), Some(witness))]
                .map(|(principal, witness)| PrincipalResult {
                    principal,
                    name: "someone".to_owned(),
                    verdict: Verdict::Undecided,
                    summary: String::new(),
                    witness,
                    findings: findings.clone(),
                })
                .into(),
        }],
        assumptions: vec!["assumed".into(), "\u{E9}".to_owned().into()],
        replays: vec![Replay {
            command: "aws iam simulate-custom-policy".to_owned(),
            notes: vec!["note".to_owned(), String::new()],
        }],
    }
}

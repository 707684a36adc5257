//! The native reader of `tests/fixtures/forms`: what is found in each input, whom it belongs to, what is decided, and
//! that what is marked is the right text of the input. What the members mean stands in `tests/fixtures/forms/README.md`.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop at what should not be"
)]

mod joined;
mod trusted;

use std::fs;
use std::path::Path;

use iam_guardrails::report::{GuardrailResult, Report};
use iam_guardrails::request::{CheckRequest, DocumentInput, Settings};
use iam_guardrails::text::Place;
use iam_guardrails::{Survey, check};
use serde_json::{Value, json};

/// Name, text and expectation of each input.
fn inputs() -> Vec<(String, String, Value)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/forms");
    let mut inputs = Vec::new();
    for entry in fs::read_dir(&folder).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        if name.ends_with(".expect.json") || name == "README.md" {
            continue;
        }
        let read = |name: &str| fs::read_to_string(folder.join(name)).unwrap();
        let expected = serde_json::from_str(&read(&format!("{name}.expect.json"))).unwrap();
        inputs.push((name.clone(), read(&name), expected));
    }
    inputs.sort_by(|one, other| one.0.cmp(&other.0));
    assert!(inputs.len() > 25, "only {} inputs", inputs.len());
    inputs
}

pub(crate) fn request(name: &str, text: &str) -> CheckRequest {
    CheckRequest {
        documents: vec![DocumentInput {
            name: name.to_owned(),
            text: text.to_owned(),
            ..DocumentInput::default()
        }],
        settings: Settings {
            now: Some("2026-01-01T00:00:00Z".to_owned()),
            ..Settings::default()
        },
    }
}

fn cut(text: &[u16], place: Place) -> String {
    String::from_utf16(&text[place.start as usize..place.end as usize]).unwrap()
}

/// What is marked, each text once, in the order of the input.
fn marks(guardrails: &[GuardrailResult], text: &[u16]) -> Vec<String> {
    let mut places: Vec<Place> = guardrails
        .iter()
        .flat_map(|guardrail| &guardrail.findings)
        .flat_map(|finding| finding.marks.clone())
        .collect();
    places.sort_by_key(|place| (place.start, place.end));
    let mut marks: Vec<String> = Vec::new();
    for place in places {
        let mark = cut(text, place);
        if !marks.contains(&mark) {
            marks.push(mark);
        }
    }
    marks
}

/// A report in the shape of the expectations.
fn told(report: &Report, text: &[u16]) -> Value {
    let documents: Vec<Value> = report
        .documents
        .iter()
        .map(|document| {
            json!({
                "name": document.name,
                "path": document.path,
                "kind": document.kind,
                "bearing": document.bearing,
                "attachedTo": document.attached_to,
            })
        })
        .collect();
    let principals: Vec<Value> = report
        .principals
        .iter()
        .map(|principal| {
            json!({
                "name": principal.name,
                "principal": principal.principal,
                "verdicts": principal.verdicts,
            })
        })
        .collect();
    json!({
        "documents": documents,
        "principals": principals,
        "marks": marks(&report.guardrails, text),
    })
}

#[test]
fn every_form_is_read_as_expected() {
    let mut wrong = String::new();
    for (name, text, expected) in inputs() {
        let units: Vec<u16> = text.encode_utf16().collect();
        let report = check(&request(&name, &text));
        let told = told(&report, &units);
        for member in ["documents", "principals", "marks"] {
            if told[member] != expected[member] {
                wrong += &format!(
                    "{name}: {member} are\n{:#}\ninstead of\n{:#}\n",
                    told[member], expected[member]
                );
            }
        }
        let input = &report.inputs[0];
        let form = expected["form"].as_str().unwrap();
        if !input.form.contains(form) || input.form_reason.is_empty() {
            wrong += &format!("{name}: the form is `{}`, not `{form}`\n", input.form);
        }
        let problems = expected["problems"].as_array().unwrap();
        let told: Vec<&str> = input
            .problems
            .iter()
            .map(|problem| problem.message.as_str())
            .collect();
        let same = problems.len() == told.len()
            && problems
                .iter()
                .zip(&told)
                .all(|(says, message)| message.contains(says.as_str().unwrap()));
        if !same {
            wrong += &format!("{name}: the problems are {told:#?} instead of {problems:#?}\n");
        }
        for document in &report.documents {
            for statement in &document.statements {
                let inside = document.span.start <= statement.span.start
                    && statement.span.end <= document.span.end;
                assert!(inside, "{name}: a statement outside of its document");
                let statement = cut(&units, statement.span);
                // Terraform writes `effect`. Of a policy of AWS's that everybody knows its name stands there, and of
                // statements that are known when a template is deployed the reference to them.
                assert!(
                    statement.to_lowercase().contains("effect")
                        || statement.contains(&document.name)
                        || statement == "${Statements}",
                    "{name}: `{statement}` is no statement"
                );
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// A survey says in steps what a check says at once, and its reports on one principal are parts of it.
#[test]
fn a_survey_says_what_a_check_says() {
    for (name, text, _) in inputs() {
        let request = request(&name, &text);
        let whole = check(&request);
        let mut survey = Survey::new(&request);
        let found = survey.overview();
        assert_eq!(found.inputs, whole.inputs, "{name}");
        assert_eq!(found.principals, whole.principals.len(), "{name}");
        assert_eq!(found.documents.len(), whole.documents.len(), "{name}");
        let mut rows = Vec::new();
        loop {
            let step = survey.step(2);
            assert_eq!(step.total, found.principals);
            assert!(step.rows.len() <= 2);
            rows.extend(step.rows);
            assert_eq!(step.judged, rows.len());
            if rows.len() == step.total {
                break;
            }
        }
        assert!(survey.step(1).rows.is_empty());
        assert_eq!(survey.assumptions(), whole.assumptions, "{name}");
        for (summary, document) in survey.overview().documents.iter().zip(&whole.documents) {
            assert_eq!(summary.bearing, Some(document.bearing), "{name}");
            assert_eq!(summary.kind, document.kind, "{name}");
            assert_eq!(summary.errors + summary.warnings, document.problems.len());
        }
        for row in rows {
            let principal = whole
                .principals
                .iter()
                .find(|principal| principal.name == row.name)
                .unwrap();
            assert_eq!(principal.verdicts, row.verdicts, "{name}");
            assert_eq!(principal.documents, row.documents, "{name}");
            let report = survey.report(row.index);
            assert_eq!(report.principals.len(), 1, "{name}");
            assert_eq!(report.principals[0].verdicts, row.verdicts, "{name}");
            let verdicts: Vec<_> = report
                .guardrails
                .iter()
                .map(|result| result.verdict)
                .collect();
            assert_eq!(verdicts, row.verdicts, "{name}");
            for (document, index) in report.documents.iter().zip(&row.documents) {
                assert_eq!(document, &whole.documents[*index], "{name}");
            }
        }
    }
}

/// The report on some principals has their documents and no others, and is the same otherwise.
#[test]
fn a_report_on_some_is_a_part_of_the_whole() {
    for (name, text, _) in inputs() {
        let request = request(&name, &text);
        let whole = check(&request);
        let mut survey = Survey::new(&request);
        let total = survey.principals();
        assert_eq!(survey.report_on(0..total), whole, "{name}");
        for index in 0..total {
            let only = survey.report_on([index]);
            let alone = survey.report(index);
            if total > 1 {
                assert_eq!(only.documents, alone.documents, "{name}");
                assert_eq!(only.assumptions, alone.assumptions, "{name}");
            }
            assert_eq!(only.principals[0].verdicts, alone.principals[0].verdicts);
            for (one, other) in only.guardrails.iter().zip(&alone.guardrails) {
                assert_eq!(one.verdict, other.verdict, "{name}");
                assert_eq!(one.witness, other.witness, "{name}");
                if total > 1 {
                    assert_eq!(one.findings, other.findings, "{name}");
                }
            }
        }
    }
}

/// An excerpt is a part of the input, holds the document, and says where it begins.
#[test]
fn an_excerpt_holds_its_document() {
    for (name, text, _) in inputs() {
        let units: Vec<u16> = text.encode_utf16().collect();
        let request = request(&name, &text);
        let survey = Survey::new(&request);
        for (index, document) in check(&request).documents.iter().enumerate() {
            let excerpt = survey.excerpt(index).unwrap();
            let start = excerpt.offset as usize;
            let length = excerpt.text.encode_utf16().count();
            assert_eq!(
                String::from_utf16(&units[start..start + length]).unwrap(),
                excerpt.text,
                "{name}"
            );
            assert!(excerpt.offset <= document.span.start, "{name}");
            assert!(document.span.end as usize <= start + length, "{name}");
            let before = String::from_utf16(&units[..start]).unwrap();
            assert_eq!(
                before.matches('\n').count() + 1,
                excerpt.line as usize,
                "{name}"
            );
        }
        assert_eq!(survey.excerpt(usize::MAX), None);
    }
}

pub(crate) fn fixture(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/forms");
    fs::read_to_string(folder.join(name)).unwrap()
}

/// A request of several inputs.
pub(crate) fn together(texts: &[&str]) -> CheckRequest {
    let mut all = request("input", "");
    all.documents = texts
        .iter()
        .map(|text| request("input", text).documents.remove(0))
        .collect();
    all
}

/// The verdicts of one principal, such as "fail warn not-applicable warn".
pub(crate) fn verdicts(report: &Report, name: &str) -> String {
    let principal = report
        .principals
        .iter()
        .find(|principal| principal.name == name)
        .unwrap_or_else(|| panic!("no {name}"));
    let names: Vec<&str> = principal
        .verdicts
        .iter()
        .map(|verdict| verdict.name())
        .collect();
    names.join(" ")
}

/// Whatever is cut off or put in the place of a character: no panic, and every place lies in the input.
#[test]
fn damaged_input_is_told_within_its_text() {
    for (name, text, _) in inputs() {
        let ends: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
        for at in ends.iter().step_by(ends.len() / 12 + 1) {
            let (before, after) = text.split_at(*at);
            let rest: String = after.chars().skip(1).collect();
            for damaged in [
                before.to_owned(),
                after.to_owned(),
                format!("{before}\"{rest}"),
                format!("{before}}}{rest}"),
                format!("{before}%{rest}"),
                format!("{before}{after}{text}"),
            ] {
                let length = damaged.encode_utf16().count();
                let report = check(&request(&name, &damaged));
                for document in &report.documents {
                    assert!(document.span.end as usize <= length, "{name}: {damaged}");
                    for problem in &document.problems {
                        assert!(problem.span.end as usize <= length, "{name}: {damaged}");
                    }
                }
                for problem in &report.inputs[0].problems {
                    assert!(problem.span.end as usize <= length, "{name}: {damaged}");
                }
            }
        }
    }
}

//! The shared fixtures (see `tests/fixtures/README.md`) through the JavaScript boundary.
//! What a finding says is checked natively; here, that verdicts and places survive the way.

use js_sys::{JSON, Object, Reflect};
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

use super::contract::departures;
use super::js::{at, cut, get, guardrail, items, js, json, number, set, text, verdict};

/// Folder, file name and text of every fixture.
pub(super) const FIXTURES: &[(&str, &str, &str)] =
    &include!(concat!(env!("OUT_DIR"), "/fixtures.rs"));

#[wasm_bindgen_test]
fn cloudtrail_1() {
    all_of("cloudtrail-1");
}

#[wasm_bindgen_test]
fn cloudtrail_2() {
    all_of("cloudtrail-2");
}

#[wasm_bindgen_test]
fn cloudtrail_3() {
    all_of("cloudtrail-3");
}

#[wasm_bindgen_test]
fn cloudtrail_4() {
    all_of("cloudtrail-4");
}

/// Checks a folder's fixtures, and says of all that are wrong what is.
fn all_of(folder: &str) {
    let mut count = 0;
    let mut wrong = Vec::new();
    for (_, file, fixture) in FIXTURES.iter().filter(|(of, ..)| *of == folder) {
        count += 1;
        wrong.extend(
            faults(folder, file, fixture)
                .into_iter()
                .map(|fault| format!("{folder}/{file}: {fault}")),
        );
    }
    assert!(count > 0, "no fixtures in {folder}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What is wrong with the report on a fixture.
fn faults(folder: &str, file: &str, fixture: &str) -> Vec<String> {
    let fixture = js(fixture);
    let request = request(&fixture);
    let report = match crate::check(&request) {
        Ok(report) => report,
        Err(error) => return vec![format!("threw {error:?}")],
    };
    let mut faults = departures(&report, "Report");
    let id = format!("IAM-{}", folder.to_uppercase());
    let expected = file.rsplit('.').nth(1).unwrap_or_default();
    let mut verdicts = vec![(id.clone(), expected.to_owned())];
    let others = at(&fixture, "expect");
    if others.is_object() && get(&others, "verdicts").is_object() {
        for other in items(&Object::entries(&get(&others, "verdicts").into())) {
            verdicts.push((text(&get(&other, "0")), text(&get(&other, "1"))));
        }
    }
    for (id, expected) in verdicts {
        let result = guardrail(&report, &id);
        let found = verdict(&report, &id);
        if found != expected {
            faults.push(format!(
                "{id} is {found}, not {expected}: {}",
                text(&get(&result, "summary"))
            ));
        }
        if get(&result, "witness").is_object() != (found == "fail") {
            faults.push(format!(
                "{id} is {found}, with the witness {}",
                json(&get(&result, "witness"))
            ));
        }
    }
    faults.extend(misplaced_statements(&request, &report));
    faults.extend(misplaced_findings(&request, &report));
    faults
}

/// The `CheckRequest` that a fixture stands for.
pub(super) fn request(fixture: &JsValue) -> JsValue {
    let request = js(r#"{"settings": {"now": "2026-01-01T00:00:00Z"}}"#);
    let documents = get(fixture, "documents");
    for document in items(&documents) {
        let policy = get(&document, "policy");
        if !policy.is_undefined() {
            let printed =
                JSON::stringify_with_replacer_and_space(&policy, &JsValue::NULL, &2.into())
                    .unwrap();
            set(&document, "text", &printed);
            Reflect::delete_property(&document.into(), &"policy".into()).unwrap();
        }
    }
    set(&request, "documents", &documents);
    let settings = get(fixture, "settings");
    if settings.is_object() {
        for entry in items(&Object::entries(&settings.into())) {
            set(
                &get(&request, "settings"),
                &text(&get(&entry, "0")),
                &get(&entry, "1"),
            );
        }
    }
    request
}

/// The text that a document of the report was read from.
fn source(request: &JsValue, document: &JsValue) -> JsValue {
    at(
        request,
        &format!("documents.{}.text", number(&get(document, "source"))),
    )
}

/// Statements whose span does not hold them.
fn misplaced_statements(request: &JsValue, report: &JsValue) -> Vec<String> {
    let mut faults = Vec::new();
    for document in items(&get(report, "documents")) {
        for statement in items(&get(&document, "statements")) {
            let held = String::from(cut(&source(request, &document), &get(&statement, "span")));
            let agrees = JSON::parse(&held).is_ok_and(|parsed| {
                let sid = Some(get(&parsed, "Sid")).filter(|sid| !sid.is_undefined());
                get(&parsed, "Effect") == get(&statement, "effect")
                    && sid.unwrap_or(JsValue::NULL) == get(&statement, "sid")
            });
            if !agrees {
                faults.push(format!("the span of {} holds {held}", json(&statement)));
            }
        }
    }
    faults
}

/// Findings that are not about a statement's span, or with marks outside it.
fn misplaced_findings(request: &JsValue, report: &JsValue) -> Vec<String> {
    let mut faults = Vec::new();
    for finding in findings(report) {
        let document = at(
            report,
            &format!("documents.{}", number(&get(&finding, "document"))),
        );
        let span = get(&finding, "span");
        let statement = get(&finding, "statement");
        if !statement.is_null() {
            let of = at(
                &document,
                &format!("statements.{}.span", number(&statement)),
            );
            if json(&of) != json(&span) {
                faults.push(format!(
                    "the span is not the statement's: {}",
                    json(&finding)
                ));
            }
        }
        let place = |span: &JsValue, field| number(&get(span, field));
        for mark in items(&get(&finding, "marks")) {
            if place(&mark, "start") < place(&span, "start")
                || place(&mark, "end") > place(&span, "end")
                || cut(&source(request, &document), &mark).length() == 0
            {
                faults.push(format!(
                    "the mark {} is not in it: {}",
                    json(&mark),
                    json(&finding)
                ));
            }
        }
    }
    faults
}

/// The findings of every guardrail, and of every principal.
fn findings(report: &JsValue) -> Vec<JsValue> {
    items(&get(report, "guardrails"))
        .flat_map(|guardrail| items(&get(&guardrail, "principals")).chain([guardrail]))
        .flat_map(|result| items(&get(&result, "findings")))
        .collect()
}

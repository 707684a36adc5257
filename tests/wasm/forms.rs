//! The forms of input (see `tests/fixtures/forms/README.md`) through the JavaScript boundary, by `check` and by a
//! `Survey` that is handed bytes.

use js_sys::{Array, Object, Reflect, Uint8Array};
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

use super::contract::departures;
use super::fixtures::FIXTURES;
use super::js::{at, cut, get, items, js, json, number, set, text};

/// Name, text and expectation of each input.
fn inputs() -> impl Iterator<Item = (&'static str, &'static str, JsValue)> {
    let of_forms = || FIXTURES.iter().filter(|(folder, ..)| *folder == "forms");
    let expected = move |file: &str| {
        let wanted = format!("{file}.expect.json");
        let (_, _, expected) = of_forms().find(|(_, file, _)| *file == wanted).unwrap();
        js(expected)
    };
    of_forms()
        .filter(|(_, file, _)| !file.ends_with(".expect.json") && *file != "README.md")
        .map(move |(_, file, input)| (*file, *input, expected(file)))
}

fn request(file: &str, member: &str, text: &JsValue) -> JsValue {
    let request = js(r#"{"settings": {"now": "2026-01-01T00:00:00Z"}, "documents": [{}]}"#);
    let document = at(&request, "documents.0");
    set(&document, "name", &file.into());
    set(&document, member, text);
    request
}

/// These members of an object, as JSON.
fn members(object: &JsValue, names: &[&str]) -> String {
    let picked = Object::new();
    for name in names {
        set(&picked, name, &get(object, name));
    }
    json(&picked)
}

fn same(file: &str, list: &str, report: &JsValue, expected: &JsValue, names: &[&str]) {
    let told: Vec<String> = items(&get(report, list))
        .map(|item| members(&item, names))
        .collect();
    let wanted: Vec<String> = items(&get(expected, list))
        .map(|item| members(&item, names))
        .collect();
    assert_eq!(told, wanted, "{list} of {file}");
}

/// What is marked, each text once, in the order of the input.
fn marks(report: &JsValue, input: &JsValue) -> Vec<String> {
    let mut marks: Vec<(u32, u32, String)> = items(&get(report, "guardrails"))
        .flat_map(|guardrail| items(&get(&guardrail, "findings")))
        .flat_map(|finding| items(&get(&finding, "marks")))
        .map(|mark| {
            let place = |field| number(&get(&mark, field)) as u32;
            (
                place("start"),
                place("end"),
                String::from(cut(input, &mark)),
            )
        })
        .collect();
    marks.sort();
    let mut texts: Vec<String> = Vec::new();
    for (.., mark) in marks {
        if !texts.contains(&mark) {
            texts.push(mark);
        }
    }
    texts
}

#[wasm_bindgen_test]
fn every_form_is_read_as_expected() {
    let mut count = 0;
    for (file, input, expected) in inputs() {
        count += 1;
        let input = JsValue::from(input);
        let report = crate::check(&request(file, "text", &input)).unwrap();
        assert_eq!(departures(&report, "Report"), [""; 0], "{file}");
        same(
            file,
            "documents",
            &report,
            &expected,
            &["name", "path", "kind", "bearing", "attachedTo"],
        );
        same(
            file,
            "principals",
            &report,
            &expected,
            &["name", "principal", "verdicts"],
        );
        let wanted: Vec<String> = items(&get(&expected, "marks"))
            .map(|mark| text(&mark))
            .collect();
        assert_eq!(marks(&report, &input), wanted, "{file}");
        let form = text(&at(&report, "inputs.0.form"));
        assert!(
            form.contains(&text(&get(&expected, "form"))),
            "{file}: {form}"
        );
    }
    assert!(count > 25, "only {count} inputs");
}

#[wasm_bindgen_test]
fn a_survey_of_bytes_says_what_a_check_says() {
    for (file, input, _) in inputs() {
        let report = crate::check(&request(file, "text", &input.into())).unwrap();
        // In two pieces, whatever character that parts.
        let (first, second) = input.as_bytes().split_at(input.len() / 2);
        let mut bytes = crate::utf8::Utf8::new(input.len());
        bytes.append(first);
        bytes.append(second);
        let bytes = JsValue::from(bytes);
        let mut survey = crate::survey::Survey::new(&request(file, "bytes", &bytes)).unwrap();
        let found = survey.overview().unwrap();
        assert_eq!(departures(&found, "Overview"), [""; 0], "{file}");
        let rows = Array::new();
        loop {
            let step = survey.step(3).unwrap();
            assert_eq!(departures(&step, "Step"), [""; 0], "{file}");
            for row in items(&get(&step, "rows")) {
                rows.push(&row);
            }
            assert_eq!(number(&get(&step, "judged")) as u32, rows.length());
            if get(&step, "judged") == get(&step, "total") {
                break;
            }
        }
        assert_eq!(rows.length(), number(&get(&found, "principals")) as u32);
        for row in items(&rows) {
            let alone = survey.report(number(&get(&row, "index")) as u32);
            assert_eq!(departures(&alone, "Report"), [""; 0], "{file}");
            let of = ["name", "principal", "verdict", "verdicts"];
            assert_eq!(
                members(&at(&alone, "principals.0"), &of),
                members(&row, &of),
                "{file}"
            );
        }
        let every: Vec<u32> = (0..rows.length()).collect();
        let whole = survey.report_on(&every);
        assert_eq!(json(&whole), json(&report), "{file}");
        let rest = survey.overview().unwrap();
        for (index, summary) in items(&get(&rest, "documents")).enumerate() {
            let document = at(&report, &format!("documents.{index}"));
            let of = ["name", "path", "kind", "bearing", "attachedTo", "source"];
            assert_eq!(members(&summary, &of), members(&document, &of), "{file}");
            let excerpt = survey.excerpt(index as u32).unwrap();
            assert_eq!(departures(&excerpt, "Excerpt"), [""; 0], "{file}");
        }
        let assumptions = survey.assumptions().unwrap();
        assert_eq!(
            json(&assumptions),
            json(&get(&report, "assumptions")),
            "{file}"
        );
        assert!(survey.excerpt(u32::MAX).unwrap().is_null());
    }
}

#[wasm_bindgen_test]
fn a_survey_takes_text_or_bytes() {
    let with = request("a", "text", &"{}".into());
    set(
        &at(&with, "documents.0"),
        "bytes",
        &Uint8Array::new_with_length(1),
    );
    let says = |request: &JsValue| {
        let error = crate::survey::Survey::new(request).err().unwrap();
        text(&get(&error, "message"))
    };
    assert!(
        says(&with).contains("both `text` and `bytes`"),
        "{}",
        says(&with)
    );
    let document = at(&with, "documents.0");
    Reflect::delete_property(&document.clone().into(), &"text".into()).unwrap();
    set(&document, "bytes", &"{}".into());
    assert_eq!(
        says(&with),
        "`documents[0].bytes` must be a Uint8Array or a Utf8, and is a string."
    );
    assert!(crate::check(&with).is_err(), "a check takes text alone");
}

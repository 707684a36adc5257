//! Texts that people really paste: broken, huge, and not quite Unicode. None of them throws.

use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

use super::js::{at, cut, get, guardrail, items, js, number, set, text, verdict};

const ADMIN: &str = r#"{"Version": "2012-10-17", "Statement": [{"Sid": "Everything", "Effect": "Allow", "Action": "*", "Resource": "*"}]}"#;

/// Checks one document beside a good one, which must still be judged.
fn check(pasted: &JsValue) -> JsValue {
    let request = js(r#"{"documents": [{"name": "pasted"}, {"name": "admin"}]}"#);
    set(&at(&request, "documents.0"), "text", pasted);
    set(&at(&request, "documents.1"), "text", &ADMIN.into());
    crate::check(&request).unwrap()
}

fn check_alone(pasted: &JsValue) -> JsValue {
    let request = js(r#"{"documents": [{"name": "pasted"}]}"#);
    set(&at(&request, "documents.0"), "text", pasted);
    crate::check(&request).unwrap()
}

#[wasm_bindgen_test]
fn a_broken_text_is_a_problem_with_its_place_and_the_others_are_read() {
    let deep = format!("{}{}", "[".repeat(3_000_000), "]".repeat(3_000_000));
    for broken in [
        "",
        " \r\n\t",
        "Version: 2012-10-17",
        r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow""#,
        "[1, 2, 3]",
        r#"{"Version": "2012-10-17", "Statement": "Allow"}"#,
        r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Permit", "Action": "*", "Resource": "*"}]}"#,
        r#"{"Version": "2012-10-17", "Statement": [], "Statement": []}"#,
        "\u{0}",
        &deep,
    ] {
        let shown: String = broken.chars().take(60).collect();
        let report = check(&broken.into());
        let document = at(&report, "documents.0");
        let error = items(&get(&document, "problems"))
            .find(|problem| text(&get(problem, "severity")) == "error")
            .unwrap_or_else(|| panic!("no error for {shown:?}"));
        let end = number(&at(&error, "span.end")) as usize;
        assert!(
            end <= broken.encode_utf16().count(),
            "an error past the end of {shown:?}"
        );
        assert!(number(&at(&error, "span.line")) >= 1.0);
        assert_eq!(
            items(&at(&report, "documents.1.statements")).count(),
            1,
            "beside {shown:?}"
        );
    }
}

#[wasm_bindgen_test]
fn lone_surrogates_count_as_one_code_unit() {
    // A high one at the end of a Sid, a low one in a name: no UTF-8 has these.
    let pasted = js(
        r#""{\"Version\": \"2012-10-17\", \"Id\": \"\ud83d\ude00\udc00\", \"Statement\": [{\"Sid\": \"A\ud83d\", \"Effect\": \"Allow\", \"Action\": \"*\", \"Resource\": \"*\"}]}""#,
    );
    let report = check_alone(&pasted);
    let document = at(&report, "documents.0");
    let spans = items(&get(&document, "statements"))
        .chain(items(&get(&document, "problems")))
        .map(|item| get(&item, "span"));
    let cuts: Vec<String> = spans.map(|span| cut(&pasted, &span).into()).collect();
    assert!(!cuts.is_empty(), "neither a statement nor a problem");
    let statement = cuts
        .iter()
        .find(|cut| cut.starts_with(r#"{"Sid""#) && cut.ends_with(r#""*"}"#));
    assert!(
        statement.is_some() || cuts.iter().any(|cut| cut.starts_with("\"A")),
        "no span hits the statement or its Sid: {cuts:?}"
    );
}

#[wasm_bindgen_test]
fn places_count_utf16_code_units_after_anything() {
    let before = "\u{feff}".repeat(0)
        + "\r\n\t{\"Id\": \"\u{1f6e1}\u{fe0f} caf\u{e9} \u{4e2d}\u{6587}\",\r\n\t\"Version\": \"2012-10-17\",\r\n\t\"Statement\": [";
    let statement = r#"{"Sid": "Second", "Effect": "Allow", "Action": "*", "Resource": "*"}"#;
    let pasted = JsValue::from(format!("{before}{statement}]}}"));
    let report = check_alone(&pasted);
    let span = at(&report, "documents.0.statements.0.span");
    assert_eq!(String::from(cut(&pasted, &span)), statement);
    assert_eq!(number(&get(&span, "line")), 4.0);
    assert_eq!(number(&get(&span, "column")), 16.0);
    assert_eq!(verdict(&report, "IAM-CLOUDTRAIL-1"), "fail");
    for finding in items(&get(&guardrail(&report, "IAM-CLOUDTRAIL-1"), "findings")) {
        for mark in items(&get(&finding, "marks")) {
            assert!(statement.contains(&String::from(cut(&pasted, &mark))));
        }
    }
}

#[wasm_bindgen_test]
fn ten_megabytes_are_read_in_whole() {
    let statement = r#"{"Sid": "Bücher", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::books/*"},"#;
    let many = statement.repeat(10_000_000 / statement.len());
    let last = r#"{"Sid": "Last", "Effect": "Allow", "Action": "cloudtrail:StopLogging", "Resource": "*"}"#;
    let pasted = JsValue::from(format!(
        r#"{{"Version": "2012-10-17", "Statement": [{many}{last}]}}"#
    ));
    let report = check_alone(&pasted);
    let document = at(&report, "documents.0");
    let statements: Vec<JsValue> = items(&get(&document, "statements")).collect();
    match statements.last() {
        Some(statement) => {
            assert_eq!(String::from(cut(&pasted, &get(statement, "span"))), last);
            assert_eq!(verdict(&report, "IAM-CLOUDTRAIL-1"), "fail");
        }
        // A text past the engine's bound is refused with a reason, and not judged in part.
        None => {
            let severity = at(&document, "problems.0.severity");
            assert_eq!(text(&severity), "error");
            assert_eq!(verdict(&report, "IAM-CLOUDTRAIL-1"), "undecided");
        }
    }
}

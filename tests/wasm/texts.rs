//! Texts that people really paste: broken, huge, and not quite Unicode. None of them throws.

use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

use super::js::{at, cut, get, guardrail, items, js, json, number, set, text, verdict};

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
    // Two in a resource and one in a Sid, where AWS takes none of them: no UTF-8 has these.
    let pasted = js(
        r#""{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Deny\", \"Action\": \"s3:*\", \"Resource\": \"arn:aws:s3:::\ud83d\udc00\ud83d/*\"}, {\"Sid\": \"A\ud83d\", \"Effect\": \"Allow\", \"Action\": \"*\", \"Resource\": \"*\"}]}""#,
    );
    let report = check_alone(&pasted);
    let problems: Vec<JsValue> = items(&at(&report, "documents.0.problems")).collect();
    let about_sid = problems
        .iter()
        .find(|problem| text(&get(problem, "message")).contains("`Sid`"))
        .unwrap_or_else(|| panic!("no problem with the Sid in {}", json(&report)));
    let held = cut(&pasted, &get(about_sid, "span"));
    assert_eq!(JsValue::from(held), js(r#""\"A\ud83d\"""#));
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
    let statement = r#"{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::books/Bücher/*"},"#;
    let count = 10_000_000 / statement.len();
    let many = statement.repeat(count);
    let last = r#"{"Sid": "Last", "Effect": "Allow", "Action": "cloudtrail:StopLogging", "Resource": "*"}"#;
    let pasted = JsValue::from(format!(
        r#"{{"Version": "2012-10-17", "Statement": [{many}{last}]}}"#
    ));
    let report = check_alone(&pasted);
    let statements: Vec<JsValue> = items(&at(&report, "documents.0.statements")).collect();
    assert_eq!(
        statements.len(),
        count + 1,
        "{}",
        json(&at(&report, "documents.0.problems"))
    );
    let span = get(&statements[count], "span");
    assert_eq!(String::from(cut(&pasted, &span)), last);
    assert_eq!(verdict(&report, "IAM-CLOUDTRAIL-1"), "fail");
}

//! The JavaScript boundary as a page, a worker and Node use it. The same tests run in all three:
//! the environment of wasm-bindgen's test runner says where (see `cargo xtask test --list`).

mod contract;
mod fixtures;
mod forms;
mod js;
mod performance;
mod report;
mod shape;
mod texts;

use wasm_bindgen_test::wasm_bindgen_test;

use self::js::{get, js, text};

#[wasm_bindgen_test]
fn the_version_is_the_packages() {
    assert_eq!(crate::version(), env!("CARGO_PKG_VERSION"));
}

#[wasm_bindgen_test]
fn the_default_settings_are_those_of_no_settings() {
    let defaults = crate::default_settings().unwrap();
    assert_eq!(text(&get(&defaults, "explicitDeny")), "required");
    assert!(
        get(&defaults, "now").is_undefined(),
        "each check reads the clock"
    );

    let request = js(
        r#"{"documents": [{"name": "admin", "text": "{\"Version\": \"2012-10-17\", \"Statement\": {\"Effect\": \"Allow\", \"Action\": \"*\", \"Resource\": \"*\"}}"}]}"#,
    );
    let without = crate::check(&request).unwrap();
    js::set(&request, "settings", &defaults);
    let with = crate::check(&request).unwrap();
    assert_eq!(js::json(&with), js::json(&without));
}

#[wasm_bindgen_test]
fn the_guardrails_are_those_of_a_report() {
    let listed = crate::guardrails().unwrap();
    let report = crate::check(&js(r#"{"documents": []}"#)).unwrap();
    let ids = |list| {
        js::items(&list)
            .map(|guardrail| text(&get(&guardrail, "id")))
            .collect::<Vec<_>>()
    };
    let ids_listed = ids(listed.clone());
    assert_eq!(ids_listed, ids(get(&report, "guardrails")));
    assert_eq!(
        ids_listed,
        [
            "IAM-CLOUDTRAIL-1",
            "IAM-CLOUDTRAIL-2",
            "IAM-CLOUDTRAIL-3",
            "IAM-CLOUDTRAIL-4"
        ]
    );
    for guardrail in js::items(&listed) {
        for field in ["title", "why", "remedy"] {
            assert!(
                !text(&get(&guardrail, field)).is_empty(),
                "{field} of {}",
                js::json(&guardrail)
            );
        }
        for reference in js::items(&get(&guardrail, "references")) {
            assert!(text(&reference).starts_with("https://docs.aws.amazon.com/"));
        }
    }
}

//! What is no `CheckRequest` throws an `Error` that names the field; nothing else throws.

use js_sys::{Array, Error, Function, Object};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;

use super::js::{at, get, guardrail, js, json, set, text, verdict};

/// The message of the `Error` that `check` throws.
fn refusal(request: &JsValue) -> String {
    let thrown = crate::check(request).expect_err("the request was accepted");
    let error = thrown
        .dyn_into::<Error>()
        .expect("what is thrown is an Error");
    error.message().into()
}

#[wasm_bindgen_test]
fn a_wrong_shape_is_refused_by_name() {
    for (request, says) in [
        ("null", "`request` must be an object, and is null."),
        ("3", "`request` must be an object, and is a number."),
        ("[]", "`request` must be an object, and is an array."),
        ("{}", "`documents` is missing."),
        (
            r#"{"documents": {}}"#,
            "`documents` must be an array, and is an object.",
        ),
        (
            r#"{"documents": "{}"}"#,
            "`documents` must be an array, and is a string.",
        ),
        (
            r#"{"documents": ["{}"]}"#,
            "`documents[0]` must be an object, and is a string.",
        ),
        (
            r#"{"documents": [{"name": "a", "text": ""}, {"name": "b"}]}"#,
            "`documents[1].text` is missing.",
        ),
        (
            r#"{"documents": [{"text": ""}]}"#,
            "`documents[0].name` is missing.",
        ),
        (
            r#"{"documents": [{"name": "a", "text": {}}]}"#,
            "`documents[0].text` must be a string, and is an object.",
        ),
        (
            r#"{"documents": [{"name": "a", "text": "", "kind": "bucket"}]}"#,
            "`documents[0].kind` is `bucket`, and must be `auto` or one of `identity`, `permissions-boundary`, `session`, `scp`, `rcp`, `resource`.",
        ),
        (
            r#"{"documents": [{"name": "a", "text": "", "kind": 1}]}"#,
            "`documents[0].kind` must be a string, and is a number.",
        ),
        (
            r#"{"documents": [{"name": "a", "text": "", "attachedto": "x"}]}"#,
            "`documents[0]` has a field `attachedto`, which is not known. The fields are `name`, `text`, `kind`, `attachedTo`.",
        ),
        (
            r#"{"documents": [{"name": "a", "text": "", "attachedTo": true}]}"#,
            "`documents[0].attachedTo` must be a string, and is a boolean.",
        ),
        (
            r#"{"documents": [], "setting": {}}"#,
            "`request` has a field `setting`, which is not known. The fields are `documents`, `settings`.",
        ),
        (
            r#"{"documents": [], "settings": []}"#,
            "`settings` must be an object, and is an array.",
        ),
        (
            r#"{"documents": [], "settings": {"authorisedPrincipals": []}}"#,
            "`settings` has a field `authorisedPrincipals`, which is not known. The fields are `authorizedPrincipals`, `protectedTrails`, `trailBuckets`, `organizationIds`, `trustedAccounts`, `explicitDeny`, `now`.",
        ),
        (
            r#"{"documents": [], "settings": {"authorizedPrincipals": "arn:aws:iam::111122223333:role/Ops"}}"#,
            "`settings.authorizedPrincipals` must be an array, and is a string.",
        ),
        (
            r#"{"documents": [], "settings": {"protectedTrails": ["*", null]}}"#,
            "`settings.protectedTrails[1]` must be a string, and is null.",
        ),
        (
            r#"{"documents": [], "settings": {"trustedAccounts": [111122223333]}}"#,
            "`settings.trustedAccounts[0]` must be a string, and is a number.",
        ),
        (
            r#"{"documents": [], "settings": {"explicitDeny": "never"}}"#,
            "`settings.explicitDeny` is `never`, and must be `required` or `optional`.",
        ),
        (
            r#"{"documents": [], "settings": {"explicitDeny": true}}"#,
            "`settings.explicitDeny` must be a string, and is a boolean.",
        ),
        (
            r#"{"documents": [], "settings": {"now": 0}}"#,
            "`settings.now` must be a string, and is a number.",
        ),
    ] {
        assert_eq!(refusal(&js(request)), says, "{request}");
    }
    assert_eq!(
        refusal(&JsValue::UNDEFINED),
        "`request` must be an object, and is undefined."
    );
    assert_eq!(
        refusal(&Function::new_no_args("")),
        "`request` must be an object, and is a function."
    );
}

#[wasm_bindgen_test]
fn a_request_that_holds_itself_is_refused() {
    let request = js(r#"{"documents": []}"#);
    set(&request, "settings", &request);
    assert!(refusal(&request).starts_with("`settings` has a field `documents`"));
}

#[wasm_bindgen_test]
fn what_a_getter_throws_is_passed_on() {
    let request = js("{}");
    let getter = js("{}");
    set(
        &getter,
        "get",
        &Function::new_no_args("throw new Error('no documents today')"),
    );
    set(&getter, "enumerable", &JsValue::TRUE);
    Object::define_property(
        request.unchecked_ref::<Object>(),
        &"documents".into(),
        getter.unchecked_ref(),
    );
    assert_eq!(refusal(&request), "no documents today");
}

#[wasm_bindgen_test]
fn undefined_and_null_count_as_left_out() {
    let document = js(
        r#"{"name": "empty", "text": "{\"Version\": \"2012-10-17\", \"Statement\": []}", "attachedTo": null}"#,
    );
    set(&document, "kind", &JsValue::UNDEFINED);
    let settings = js(r#"{"protectedTrails": null, "now": null}"#);
    set(&settings, "authorizedPrincipals", &JsValue::UNDEFINED);
    set(&settings, "explicitDeny", &JsValue::UNDEFINED);
    let request = js("{}");
    set(&request, "documents", &Array::of1(&document));
    set(&request, "settings", &settings);
    let report = crate::check(&request).unwrap();
    assert_eq!(text(&at(&report, "documents.0.name")), "empty");

    set(&request, "settings", &JsValue::NULL);
    crate::check(&request).unwrap();
}

#[wasm_bindgen_test]
fn a_request_is_not_changed() {
    let request = js(r#"{"documents": [{"name": "a", "text": "{}"}], "settings": {}}"#);
    let before = json(&request);
    crate::check(&request).unwrap();
    assert_eq!(json(&request), before);
}

#[wasm_bindgen_test]
fn a_setting_is_heard() {
    let request = js(
        r#"{"documents": [{"name": "ops", "attachedTo": "arn:aws:iam::111122223333:role/Ops",
            "text": "{\"Version\": \"2012-10-17\", \"Statement\": {\"Effect\": \"Allow\", \"Action\": \"*\", \"Resource\": \"*\"}}"}]}"#,
    );
    assert_eq!(
        verdict(&crate::check(&request).unwrap(), "IAM-CLOUDTRAIL-1"),
        "fail"
    );
    set(
        &request,
        "settings",
        &js(r#"{"authorizedPrincipals": ["arn:aws:iam::*:role/Ops"]}"#),
    );
    assert_eq!(
        verdict(&crate::check(&request).unwrap(), "IAM-CLOUDTRAIL-1"),
        "pass"
    );
}

#[wasm_bindgen_test]
fn the_clock_is_read_where_now_is_left_out() {
    let until = |year: &str| {
        let policy = js(
            r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*",
            "Condition": {"DateLessThan": {"aws:CurrentTime": ""}}}]}"#,
        );
        let condition = at(&policy, "Statement.0.Condition.DateLessThan");
        set(
            &condition,
            "aws:CurrentTime",
            &format!("{year}-01-01T00:00:00Z").into(),
        );
        let request = js(r#"{"documents": [{"name": "expiring", "kind": "identity"}]}"#);
        set(&at(&request, "documents.0"), "text", &json(&policy).into());
        request
    };
    // An Allow that expired long ago grants nothing; at a time before that it does.
    let expired = until("2020");
    assert_eq!(
        verdict(&crate::check(&expired).unwrap(), "IAM-CLOUDTRAIL-1"),
        "warn"
    );
    set(
        &expired,
        "settings",
        &js(r#"{"now": "2019-01-01T00:00:00Z"}"#),
    );
    assert_eq!(
        verdict(&crate::check(&expired).unwrap(), "IAM-CLOUDTRAIL-1"),
        "fail"
    );
    assert_eq!(
        verdict(&crate::check(&until("9999")).unwrap(), "IAM-CLOUDTRAIL-1"),
        "fail"
    );
}

#[wasm_bindgen_test]
fn missing_values_of_a_report_are_null() {
    let report = crate::check(&js(
        r#"{"documents": [{"name": "deny", "text": "{\"Version\": \"2012-10-17\", \"Statement\": {\"Effect\": \"Deny\", \"Action\": \"*\", \"Resource\": \"*\"}}"},
            {"name": "broken", "text": "{"}]}"#,
    ))
    .unwrap();
    assert!(at(&report, "documents.0.statements.0.sid").is_null());
    assert!(at(&report, "documents.1.kind").is_null());
    assert!(get(&guardrail(&report, "IAM-CLOUDTRAIL-1"), "witness").is_null());
}

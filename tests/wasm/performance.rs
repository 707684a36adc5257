//! The phases on the performance timeline.

use js_sys::{Reflect, global};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::Performance;

use super::js::{at, get, js, set};

const PHASES: [&str; 2] = ["iam-guardrails: parse", "iam-guardrails: decide"];

fn performance() -> Performance {
    get(&global(), "performance").unchecked_into()
}

#[wasm_bindgen_test]
fn each_check_that_takes_a_while_leaves_one_measure_a_phase() {
    let statement = r#"{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}"#;
    let policy = format!(r#"{{"Statement": [{}]}}"#, [statement; 20_000].join(","));
    let request = js(r#"{"documents": [{"name": "a"}]}"#);
    set(&at(&request, "documents.0"), "text", &policy.into());
    for _ in 0..3 {
        crate::check(&request).unwrap();
    }
    for phase in PHASES {
        let measures = performance().get_entries_by_name_with_entry_type(phase, "measure");
        assert_eq!(measures.length(), 1, "{phase}: only the last check's");
        let duration = get(&measures.get(0), "duration").as_f64().unwrap();
        assert!(
            (0.0..10_000.0).contains(&duration),
            "{phase} took {duration} ms"
        );
        let marks = performance().get_entries_by_name_with_entry_type(phase, "mark");
        assert_eq!(marks.length(), 0, "{phase}: no mark is left");
    }
}

#[wasm_bindgen_test]
fn a_check_does_without() {
    let (global, name) = (global(), JsValue::from("performance"));
    let before = Reflect::get_own_property_descriptor(&global, &name).unwrap();
    let request = js(r#"{"documents": []}"#);
    for other in ["{}", r#"{"value": null}"#, r#"{"value": {"mark": 1}}"#] {
        let other = js(other);
        set(&other, "configurable", &JsValue::TRUE);
        Reflect::define_property(&global, &name, other.unchecked_ref()).unwrap();
        let report = crate::check(&request);
        // In a worker it is the prototype that has one.
        if before.is_undefined() {
            Reflect::delete_property(&global, &name).unwrap();
        } else {
            Reflect::define_property(&global, &name, before.unchecked_ref()).unwrap();
        }
        report.unwrap();
    }
    assert!(performance().is_object());
}

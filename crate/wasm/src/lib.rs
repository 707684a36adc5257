//! iam-guardrails for JavaScript: converts values and computes nothing.
//! `types.d.ts` is the contract.

mod phases;
mod report;
mod shape;
mod survey;
#[cfg(test)]
#[cfg(target_arch = "wasm32")]
#[path = "../../../tests/wasm/tests.rs"]
mod tests;
mod utf8;

use iam_guardrails::request::Settings;
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::prelude::*;

use crate::phases::Phases;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = include_str!("types.d.ts");

/// Checks documents against every guardrail. Throws only where `request` is of a wrong shape.
#[wasm_bindgen(skip_typescript)]
pub fn check(request: &JsValue) -> Result<JsValue, JsValue> {
    let request = shape::check_request(request)?;
    let mut phases = Phases::default();
    let report = iam_guardrails::check_with(&request, &mut |phase| phases.begin(phase));
    Ok(report::to_js(&report))
}

/// What there is to check.
#[wasm_bindgen(skip_typescript)]
pub fn guardrails() -> Result<JsValue, JsValue> {
    to_js(&iam_guardrails::guardrails())
}

/// The settings that hold where a request has none.
#[wasm_bindgen(js_name = defaultSettings, skip_typescript)]
pub fn default_settings() -> Result<JsValue, JsValue> {
    // `now` is left out, so that each check reads the clock.
    let left_out = Serializer::json_compatible().serialize_missing_as_null(false);
    Ok(Settings::default().serialize(&left_out)?)
}

/// The version of the engine.
#[wasm_bindgen(skip_typescript)]
pub fn version() -> String {
    env!("CARGO_PKG_VERSION").to_owned()
}

/// One text for `JSON.parse`: each field by itself would be a call out of WebAssembly.
fn to_js(value: &impl Serialize) -> Result<JsValue, JsValue> {
    let json = serde_json::to_string(value).map_err(|error| JsError::new(&error.to_string()))?;
    js_sys::JSON::parse(&json)
}

/// A panic cannot be caught in WebAssembly: it leaves the instance in a state nobody knows.
#[wasm_bindgen(start, skip_typescript)]
fn start() {
    std::panic::set_hook(Box::new(|panic| {
        console_error_panic_hook::hook(panic);
        web_sys::console::error_1(
            &"iam-guardrails has stopped in the middle of its work, which is a bug in it. \
              Do not use this instance again: load the module anew, in a new worker if it runs in one."
                .into(),
        );
    }));
}

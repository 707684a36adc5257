//! JavaScript values, shortly.

use js_sys::{Array, JSON, JsString, Reflect};
use wasm_bindgen::{JsCast, JsValue};

/// A value written as JSON.
pub(super) fn js(json: &str) -> JsValue {
    JSON::parse(json).unwrap_or_else(|error| panic!("{error:?}: {json}"))
}

/// A value as JSON.
pub(super) fn json(value: &JsValue) -> String {
    JSON::stringify(value).unwrap().into()
}

/// A field; `undefined` where it is missing.
pub(super) fn get(object: &JsValue, field: &str) -> JsValue {
    Reflect::get(object, &field.into()).unwrap()
}

pub(super) fn set(object: &JsValue, field: &str, value: &JsValue) {
    Reflect::set(object, &field.into(), value).unwrap();
}

/// A field on the way to a value, such as `documents.0.name`.
pub(super) fn at(value: &JsValue, path: &str) -> JsValue {
    path.split('.')
        .fold(value.clone(), |value, field| get(&value, field))
}

pub(super) fn items(array: &JsValue) -> impl Iterator<Item = JsValue> + use<> {
    assert!(Array::is_array(array), "not an array: {}", json(array));
    array.unchecked_ref::<Array>().to_vec().into_iter()
}

pub(super) fn text(value: &JsValue) -> String {
    value
        .as_string()
        .unwrap_or_else(|| panic!("not a string: {value:?}"))
}

pub(super) fn number(value: &JsValue) -> f64 {
    value
        .as_f64()
        .unwrap_or_else(|| panic!("not a number: {value:?}"))
}

/// What a `Span` covers, cut as JavaScript cuts: by UTF-16 code units.
pub(super) fn cut(text: &JsValue, span: &JsValue) -> JsString {
    let end = |field| number(&get(span, field)) as u32;
    text.unchecked_ref::<JsString>()
        .slice(end("start"), end("end"))
}

/// The verdict of a guardrail in a report.
pub(super) fn verdict(report: &JsValue, id: &str) -> String {
    text(&get(&guardrail(report, id), "verdict"))
}

/// A guardrail's result in a report.
pub(super) fn guardrail(report: &JsValue, id: &str) -> JsValue {
    items(&get(report, "guardrails"))
        .find(|guardrail| text(&get(guardrail, "id")) == id)
        .unwrap_or_else(|| panic!("the report has no {id}"))
}

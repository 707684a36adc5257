//! `types.d.ts` is written by hand: what the engine answers must be of these types, no field more
//! and none less.

use js_sys::{Array, Object};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;

use super::js::{get, items, json};

const TYPES: &str = include_str!("../../crate/wasm/src/types.d.ts");

#[wasm_bindgen_test]
fn what_is_told_without_a_request_is_of_the_types() {
    assert_eq!(
        departures(&crate::guardrails().unwrap(), "GuardrailInfo[]"),
        [""; 0]
    );
    assert_eq!(
        departures(&crate::default_settings().unwrap(), "Settings"),
        [""; 0]
    );
    assert_eq!(departures(&crate::version().into(), "string"), [""; 0]);
}

#[wasm_bindgen_test]
fn departures_are_seen() {
    for (value, of, says) in [
        (
            r#"{"start": 0, "end": 1, "line": 1}"#,
            "Span",
            "Span.column is missing",
        ),
        (
            r#"{"start": 0, "end": 1, "line": 1, "column": 1, "byte": 0}"#,
            "Span",
            "Span.byte is not declared",
        ),
        (
            r#"{"start": "0", "end": 1, "line": 1, "column": 1}"#,
            "Span",
            "Span.start is no number: \"0\"",
        ),
        (
            r#"[{"action": "a:B", "verdict": "good"}]"#,
            "ActionVerdict[]",
            "ActionVerdict.verdict is no \"pass\"",
        ),
        ("null", "string", "string is no string: null"),
        ("{}", "string[]", "string[] is no array: {}"),
    ] {
        let found = departures(&super::js::js(value), of);
        assert!(
            found.len() == 1 && found[0].starts_with(says),
            "{value}: {found:?}"
        );
    }
    assert_eq!(departures(&JsValue::NULL, "Witness | null"), [""; 0]);
}

/// Where a value is not of a type of the contract.
pub(super) fn departures(value: &JsValue, of: &str) -> Vec<String> {
    let mut found = Vec::new();
    compare(value, of, of, &mut found);
    found
}

fn compare(value: &JsValue, of: &str, place: &str, found: &mut Vec<String>) {
    if let Some(of) = of.strip_suffix(" | null") {
        if !value.is_null() {
            compare(value, of, place, found);
        }
    } else if let Some(of) = of.strip_suffix("[]").filter(|of| !of.contains('<')) {
        if Array::is_array(value) {
            items(value).for_each(|item| compare(&item, of, of, found));
        } else {
            found.push(format!("{place} is no array: {}", json(value)));
        }
    } else if let Some(fields) = fields(of) {
        compare_fields(value, of, &fields, found);
    } else if !is_of(value, alias(of).unwrap_or(of)) {
        found.push(format!(
            "{place} is no {}: {}",
            alias(of).unwrap_or(of),
            json(value)
        ));
    }
}

fn compare_fields(value: &JsValue, of: &str, fields: &[Field], found: &mut Vec<String>) {
    if !value.is_object() {
        found.push(format!("{of} is no object: {}", json(value)));
        return;
    }
    for key in Object::keys(value.unchecked_ref::<Object>()) {
        let key = key.as_string().unwrap();
        if !fields.iter().any(|field| field.name == key) {
            found.push(format!("{of}.{key} is not declared"));
        }
    }
    for field in fields {
        let place = format!("{of}.{}", field.name);
        match get(value, field.name) {
            left_out if left_out.is_undefined() => {
                if !field.optional {
                    found.push(format!("{place} is missing"));
                }
            }
            value => compare(&value, field.of, &place, found),
        }
    }
}

/// A string, a number, one of some words, or a context.
fn is_of(value: &JsValue, of: &str) -> bool {
    match of {
        "string" => value.is_string(),
        "number" => value.as_f64().is_some(),
        "boolean" => value.as_bool().is_some(),
        "Record<string, string | string[]>" => {
            value.is_object()
                && Object::values(value.unchecked_ref::<Object>())
                    .iter()
                    .all(|value| {
                        value.is_string()
                            || Array::is_array(&value) && items(&value).all(|item| item.is_string())
                    })
        }
        words => {
            of.starts_with('"')
                && value.as_string().is_some_and(|value| {
                    words
                        .split(" | ")
                        .any(|word| word == format!("\"{value}\""))
                })
        }
    }
}

/// A field of an interface.
struct Field {
    name: &'static str,
    optional: bool,
    of: &'static str,
}

/// The fields of an interface; `None` where there is none of that name.
fn fields(interface: &str) -> Option<Vec<Field>> {
    let (_, rest) = TYPES.split_once(&format!("export interface {interface} {{\n"))?;
    let (body, _) = rest.split_once("\n}\n")?;
    let fields = body.lines().map(str::trim).filter_map(|line| {
        if line.starts_with(['/', '*']) {
            return None;
        }
        let (name, of) = line.strip_suffix(';')?.split_once(": ")?;
        let optional = name.ends_with('?');
        Some(Field {
            name: name.trim_end_matches('?'),
            optional,
            of,
        })
    });
    Some(fields.collect())
}

/// What a type's name stands for.
fn alias(name: &str) -> Option<&'static str> {
    let (_, rest) = TYPES.split_once(&format!("export type {name} = "))?;
    rest.split_once(";\n").map(|(of, _)| of)
}

//! Reads a `CheckRequest` from a JavaScript value, and names the field that is not as it should be.

use iam_guardrails::request::{CheckRequest, DocumentInput, KindInput, Settings};
use js_sys::{Array, JsString, Object, Reflect, Uint8Array};
use serde::de::DeserializeOwned;
use wasm_bindgen::convert::TryFromJsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsError, JsValue};

use crate::utf8::Utf8;

/// The names of the fields, but those of the settings.
const NAMES: [&str; 7] = [
    "documents",
    "settings",
    "name",
    "text",
    "bytes",
    "kind",
    "attachedTo",
];

/// The names of the fields of the settings.
const SETTINGS: [&str; 7] = [
    "authorizedPrincipals",
    "protectedTrails",
    "trailBuckets",
    "organizationIds",
    "trustedAccounts",
    "explicitDeny",
    "now",
];

fn names() -> impl Iterator<Item = &'static str> {
    NAMES.into_iter().chain(SETTINGS)
}

thread_local! {
    /// All names as JavaScript strings, made once: a request names a dozen fields, and each would be a text to decode.
    static KEYS: &'static [JsString] = names().map(JsString::from).collect::<Vec<_>>().leak();
}

/// The name of a field as a JavaScript string.
fn key(name: &str) -> Option<&'static JsString> {
    let keys = KEYS.with(|keys| *keys);
    keys.get(names().position(|known| known == name)?)
}

/// What the whole is called in a message.
const REQUEST: &str = "request";

/// Reads a request. A field with the value `undefined` or `null` counts as left out.
pub(crate) fn check_request(value: &JsValue) -> Result<CheckRequest, JsValue> {
    request(value, document)
}

/// As `check_request`; a document may have `bytes` in place of `text`.
pub(crate) fn survey_request(value: &JsValue) -> Result<CheckRequest, JsValue> {
    request(value, document_or_bytes)
}

fn request(
    value: &JsValue,
    document: fn(&JsValue, &str) -> Result<DocumentInput, JsValue>,
) -> Result<CheckRequest, JsValue> {
    let fields = Fields::of(value, REQUEST, &["documents", "settings"])?;
    let mut request = CheckRequest {
        documents: fields
            .list("documents", document)?
            .ok_or_else(|| fields.missing("documents"))?,
        settings: match fields.get("settings") {
            Some(value) => settings(value)?,
            None => Settings::default(),
        },
    };
    // The engine has no clock of its own.
    request
        .settings
        .now
        .get_or_insert_with(|| js_sys::Date::new_0().to_iso_string().into());
    Ok(request)
}

fn document(value: &JsValue, path: &str) -> Result<DocumentInput, JsValue> {
    let fields = Fields::of(value, path, &["name", "text", "kind", "attachedTo"])?;
    let text = fields
        .string("text")?
        .ok_or_else(|| fields.missing("text"))?;
    with_text(&fields, text)
}

fn document_or_bytes(value: &JsValue, path: &str) -> Result<DocumentInput, JsValue> {
    let known = ["name", "text", "bytes", "kind", "attachedTo"];
    let fields = Fields::of(value, path, &known)?;
    let text = match (fields.string("text")?, fields.get("bytes")) {
        (Some(text), None) => text,
        (None, Some(bytes)) => utf8(bytes, &fields.path("bytes"))?,
        (None, None) => return Err(fields.missing("text")),
        (Some(_), Some(_)) => {
            return Err(error(&format!(
                "`{path}` has both `text` and `bytes`, and must have one of them."
            )));
        }
    };
    with_text(&fields, text)
}

/// A text handed over as UTF-8.
fn utf8(value: &JsValue, path: &str) -> Result<String, JsValue> {
    let bytes = match value.dyn_ref::<Uint8Array>() {
        Some(bytes) => bytes.to_vec(),
        None => Utf8::try_from_js_value(value.clone())
            .map_err(|_| wrong(path, "a Uint8Array or a Utf8", value))?
            .into_bytes(),
    };
    // As TextDecoder does: what is no UTF-8 becomes U+FFFD.
    Ok(String::from_utf8(bytes)
        .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned()))
}

fn with_text(fields: &Fields<'_>, text: String) -> Result<DocumentInput, JsValue> {
    Ok(DocumentInput {
        name: fields
            .string("name")?
            .ok_or_else(|| fields.missing("name"))?,
        text,
        kind: match fields.string("kind")?.as_deref() {
            None | Some("auto") => KindInput::Auto,
            Some(_) => fields
                .word("kind", "`auto` or ")?
                .map_or(KindInput::Auto, KindInput::Given),
        },
        attached_to: fields.string("attachedTo")?,
    })
}

fn settings(value: &JsValue) -> Result<Settings, JsValue> {
    let fields = Fields::of(value, "settings", &SETTINGS)?;
    let strings = |name| fields.list(name, string);
    let default = Settings::default();
    Ok(Settings {
        authorized_principals: strings("authorizedPrincipals")?
            .unwrap_or(default.authorized_principals),
        protected_trails: strings("protectedTrails")?.unwrap_or(default.protected_trails),
        trail_buckets: strings("trailBuckets")?.unwrap_or(default.trail_buckets),
        organization_ids: strings("organizationIds")?.unwrap_or(default.organization_ids),
        trusted_accounts: strings("trustedAccounts")?.unwrap_or(default.trusted_accounts),
        explicit_deny: fields
            .word("explicitDeny", "")?
            .unwrap_or(default.explicit_deny),
        now: fields.string("now")?.or(default.now),
    })
}

fn string(value: &JsValue, path: &str) -> Result<String, JsValue> {
    text(value).ok_or_else(|| wrong(path, "a string", value))
}

/// The text of a value that is one. A lone surrogate becomes U+FFFD, one code unit for one: places stay true.
fn text(value: &JsValue) -> Option<String> {
    let text: &JsString = value.dyn_ref()?;
    if text.length() < LONG {
        return Some(text.into());
    }
    let utf8 = ENCODER.with(|encoder| encoder.encode(text)).to_vec();
    String::from_utf8(utf8).ok()
}

/// From so many code units on, encoding a text at once is worth its two calls out of WebAssembly. wasm-bindgen
/// takes it over unit by unit.
const LONG: u32 = 64;

thread_local! {
    static ENCODER: TextEncoder = TextEncoder::new();
}

#[wasm_bindgen]
extern "C" {
    /// As the browser has it. That of web-sys takes texts of Rust only.
    type TextEncoder;
    #[wasm_bindgen(constructor)]
    fn new() -> TextEncoder;
    #[wasm_bindgen(method)]
    fn encode(this: &TextEncoder, text: &JsString) -> Uint8Array;
}

/// The fields of a plain object, and where it stands in the request.
struct Fields<'a> {
    /// What the object has, by name: each call out of WebAssembly takes its time, and most fields are left out.
    values: Vec<(&'static str, JsValue)>,
    path: &'a str,
}

impl<'a> Fields<'a> {
    /// Refuses what is no plain object, and a field that is not known: it may be a setting misspelt.
    fn of(object: &JsValue, path: &'a str, known: &[&'static str]) -> Result<Self, JsValue> {
        if !object.is_object() || Array::is_array(object) {
            return Err(wrong(path, "an object", object));
        }
        let keys = Object::keys(object.unchecked_ref::<Object>());
        if keys.length() == 0 && !is_plain(object) {
            return Err(error(&format!(
                "`{path}` has no fields of its own, and what it inherits is not read: give a plain object."
            )));
        }
        let mut values = Vec::with_capacity(known.len());
        for key in keys {
            let is = |name: &&&str| self::key(name).map(AsRef::as_ref) == Some(&key);
            let Some(name) = known.iter().find(is) else {
                return Err(error(&format!(
                    "`{path}` has a field `{}`, which is not known. The fields are `{}`.",
                    key.as_string().unwrap_or_default(),
                    known.join("`, `")
                )));
            };
            values.push((*name, Reflect::get(object, &key)?));
        }
        Ok(Self { values, path })
    }

    fn path(&self, name: &str) -> String {
        if self.path == REQUEST {
            name.to_owned()
        } else {
            format!("{}.{name}", self.path)
        }
    }

    fn get(&self, name: &str) -> Option<&JsValue> {
        let (_, value) = self.values.iter().find(|(known, _)| *known == name)?;
        (!value.is_null_or_undefined()).then_some(value)
    }

    fn string(&self, name: &str) -> Result<Option<String>, JsValue> {
        self.get(name)
            .map(|value| text(value).ok_or_else(|| wrong(&self.path(name), "a string", value)))
            .transpose()
    }

    fn list<T>(
        &self,
        name: &str,
        read: fn(&JsValue, &str) -> Result<T, JsValue>,
    ) -> Result<Option<Vec<T>>, JsValue> {
        let Some(value) = self.get(name) else {
            return Ok(None);
        };
        let path = self.path(name);
        let array = value
            .dyn_ref::<Array>()
            .ok_or_else(|| wrong(&path, "an array", value))?;
        let items = array
            .iter()
            .enumerate()
            .map(|(index, item)| read(&item, &format!("{path}[{index}]")));
        items.collect::<Result<_, _>>().map(Some)
    }

    /// One of the words of a Rust enum; `besides` names what else would be right.
    fn word<T: DeserializeOwned>(&self, name: &str, besides: &str) -> Result<Option<T>, JsValue> {
        let Some(word) = self.string(name)? else {
            return Ok(None);
        };
        serde_wasm_bindgen::from_value(JsValue::from(&word))
            .map(Some)
            .map_err(|reason| {
                let reason = reason.to_string();
                let words = reason
                    .rsplit_once(", expected ")
                    .map_or(reason.as_str(), |(_, words)| words);
                error(&format!(
                    "`{}` is `{word}`, and must be {besides}{words}.",
                    self.path(name)
                ))
            })
    }

    fn missing(&self, name: &str) -> JsValue {
        error(&format!("`{}` is missing.", self.path(name)))
    }
}

/// Whether an object inherits nothing but what every object has, of this realm or of another.
fn is_plain(object: &JsValue) -> bool {
    let root = Object::get_prototype_of(object);
    root.is_null_or_undefined() || Object::get_prototype_of(&root).is_null_or_undefined()
}

fn wrong(path: &str, expected: &str, value: &JsValue) -> JsValue {
    let found = if value.is_null() {
        "null".to_owned()
    } else if value.is_undefined() {
        "undefined".to_owned()
    } else if Array::is_array(value) {
        "an array".to_owned()
    } else {
        let name = value.js_typeof().as_string().unwrap_or_default();
        format!("{} {name}", if name == "object" { "an" } else { "a" })
    };
    error(&format!("`{path}` must be {expected}, and is {found}."))
}

fn error(message: &str) -> JsValue {
    JsError::new(message).into()
}

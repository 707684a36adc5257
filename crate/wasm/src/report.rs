//! Hands a report over to JavaScript: its numbers and its texts, each one behind the other, of which `report.js` makes
//! objects. As JSON a report takes longer to write and to parse than the policy that it is about.

use std::borrow::Cow;
use std::collections::BTreeMap;

use iam_guardrails::policy::Effect;
use iam_guardrails::report::{
    ActionVerdict, Bearing, ContextValue, DocumentKind, DocumentReport, Finding, GuardrailResult,
    InputReport, PrincipalReport, PrincipalResult, Problem, Replay, Report, Role, Severity,
    StatementReport, Verdict, Witness,
};
use iam_guardrails::text::Place;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/src/report.js")]
extern "C" {
    fn report(numbers: &[u32], texts: &str) -> JsValue;
}

/// The report as types.d.ts has it.
pub(crate) fn to_js(value: &Report) -> JsValue {
    // What the report on a policy of usual length takes.
    let mut out = Parts {
        numbers: Vec::with_capacity(256),
        texts: String::with_capacity(4096),
    };
    value.write(&mut out);
    report(&out.numbers, &out.texts)
}

/// What a report is made of.
struct Parts {
    /// Numbers, the lengths of lists and of texts (in UTF-16 code units), and which one of an enum it is.
    numbers: Vec<u32>,
    texts: String,
}

impl Parts {
    fn number(&mut self, number: usize) {
        // Below `u32::MAX`, as the memory of WebAssembly is.
        self.numbers.push(u32::try_from(number).unwrap_or(u32::MAX));
    }

    fn text(&mut self, text: &str) {
        self.number(if text.is_ascii() {
            text.len()
        } else {
            text.encode_utf16().count()
        });
        self.texts.push_str(text);
    }
}

/// What stands in a report.
trait Write {
    fn write(&self, out: &mut Parts);
}

/// The fields in the order in which `report.js` reads them.
macro_rules! fields {
    ($($name:ident { $($field:ident),* })*) => {$(
        impl Write for $name {
            fn write(&self, out: &mut Parts) {
                let Self { $($field),* } = self;
                $($field.write(out);)*
            }
        }
    )*};
}

fields! {
    Report { inputs, documents, principals, guardrails, assumptions, replays }
    InputReport { form, form_reason, problems }
    DocumentReport { source, name, path, span, attached_to, kind, kind_reason, bearing, statements, problems }
    StatementReport { index, sid, effect, span }
    Problem { severity, message, span }
    PrincipalReport { principal, name, documents, verdict, verdicts }
    GuardrailResult { id, verdict, summary, actions, findings, witness, principals }
    ActionVerdict { action, verdict }
    PrincipalResult { principal, name, verdict, summary, witness, findings }
    Finding { role, document, statement, span, marks, message, witness }
    Witness { principal, action, resource, context, replay }
    Replay { command, notes }
    Place { start, end, line, column }
}

/// Enums: which one it is, in the order of their declaration.
macro_rules! variants {
    ($($name:ident)*) => {$(
        impl Write for $name {
            fn write(&self, out: &mut Parts) {
                out.numbers.push(*self as u32);
            }
        }
    )*};
}

variants! { Bearing DocumentKind Effect Role Severity Verdict }

impl Write for u32 {
    fn write(&self, out: &mut Parts) {
        out.numbers.push(*self);
    }
}

impl Write for usize {
    fn write(&self, out: &mut Parts) {
        out.number(*self);
    }
}

impl Write for String {
    fn write(&self, out: &mut Parts) {
        out.text(self);
    }
}

impl Write for Cow<'_, str> {
    fn write(&self, out: &mut Parts) {
        out.text(self);
    }
}

impl Write for &str {
    fn write(&self, out: &mut Parts) {
        out.text(self);
    }
}

impl<T: Write> Write for Option<T> {
    fn write(&self, out: &mut Parts) {
        out.number(usize::from(self.is_some()));
        if let Some(value) = self {
            value.write(out);
        }
    }
}

impl<T: Write> Write for Vec<T> {
    fn write(&self, out: &mut Parts) {
        out.number(self.len());
        for item in self {
            item.write(out);
        }
    }
}

impl Write for BTreeMap<String, ContextValue> {
    fn write(&self, out: &mut Parts) {
        out.number(self.len());
        for (key, value) in self {
            key.write(out);
            value.write(out);
        }
    }
}

impl Write for ContextValue {
    fn write(&self, out: &mut Parts) {
        match self {
            Self::One(value) => {
                out.number(0);
                value.write(out);
            }
            Self::Many(values) => {
                out.number(1);
                values.write(out);
            }
        }
    }
}

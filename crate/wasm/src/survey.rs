//! `Survey` of the JavaScript interface: a check in steps, that owns its texts.

use std::hint::black_box;

use iam_guardrails::CheckRequest;
use self_cell::self_cell;
use wasm_bindgen::prelude::*;

use crate::{report, shape, to_js};

type Steps<'t> = iam_guardrails::Survey<'t>;

self_cell!(
    struct Owned {
        owner: CheckRequest,
        #[not_covariant]
        dependent: Steps,
    }
);

/// A check in steps, for large input.
#[wasm_bindgen(skip_typescript)]
pub struct Survey(Owned);

#[wasm_bindgen]
impl Survey {
    /// Reads the texts and finds the policies in them. Throws only where `request` is of a wrong shape.
    #[wasm_bindgen(constructor)]
    pub fn new(request: &JsValue) -> Result<Survey, JsValue> {
        let request = shape::survey_request(request)?;
        reserve(request.documents.iter().map(|input| input.text.len()).sum());
        Ok(Self(Owned::new(request, |request| Steps::new(request))))
    }

    /// What was found.
    pub fn overview(&self) -> Result<JsValue, JsValue> {
        self.0.with_dependent(|_, steps| to_js(&steps.overview()))
    }

    /// Judges up to so many more principals.
    pub fn step(&mut self, principals: u32) -> Result<JsValue, JsValue> {
        self.0
            .with_dependent_mut(|_, steps| to_js(&steps.step(principals as usize)))
    }

    /// The full report on one principal.
    pub fn report(&mut self, row: u32) -> JsValue {
        self.0
            .with_dependent_mut(|_, steps| report::to_js(&steps.report(row as usize)))
    }

    /// The report on some principals together.
    #[wasm_bindgen(js_name = reportOn)]
    pub fn report_on(&mut self, rows: &[u32]) -> JsValue {
        let rows = rows.iter().map(|row| *row as usize);
        self.0
            .with_dependent_mut(|_, steps| report::to_js(&steps.report_on(rows)))
    }

    /// The text around one document.
    pub fn excerpt(&self, document: u32) -> Result<JsValue, JsValue> {
        self.0
            .with_dependent(|_, steps| to_js(&steps.excerpt(document as usize)))
    }

    /// What was taken for granted so far.
    pub fn assumptions(&self) -> Result<JsValue, JsValue> {
        self.0
            .with_dependent(|_, steps| to_js(&steps.assumptions()))
    }
}

/// Makes room at once for what is read out of so many bytes of text. The allocator asks for no more than it needs, page by
/// page, and each time the engine's memory is made anew for JavaScript: for a large text that takes longer than reading it.
fn reserve(bytes: usize) {
    drop(black_box(Vec::<u8>::with_capacity(bytes)));
}

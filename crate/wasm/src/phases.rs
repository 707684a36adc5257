//! The engine's phases on the browser's performance timeline, where its profiler shows them.

use iam_guardrails::Phase;
use js_sys::Reflect;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::Performance;

const PARSE: &str = "iam-guardrails: parse";
const DECIDE: &str = "iam-guardrails: decide";

/// Marks and measures the phases of one check.
pub(crate) struct Phases {
    /// A page, a worker and Node have one; an engine embedded elsewhere may have none, or half of one.
    performance: Option<Performance>,
    running: Option<&'static str>,
}

impl Default for Phases {
    fn default() -> Self {
        let get = |object: &JsValue, name: &str| Reflect::get(object, &JsValue::from(name)).ok();
        let performance = get(&js_sys::global(), "performance")
            .filter(|found| get(found, "clearMeasures").is_some_and(|method| method.is_function()))
            .map(JsCast::unchecked_into);
        Self {
            performance,
            running: None,
        }
    }
}

impl Phases {
    /// Ends the phase that runs, and begins the next.
    pub(crate) fn begin(&mut self, phase: Phase) {
        let Some(performance) = &self.performance else {
            return;
        };
        // What fails here is only a measurement missing.
        if let Some(name) = self.running.take() {
            let _ = performance.measure_with_start_mark(name, name);
            performance.clear_marks_with_mark_name(name);
        }
        self.running = match phase {
            Phase::Parse => Some(PARSE),
            Phase::Decide => Some(DECIDE),
            Phase::Done => None,
        };
        if let Some(name) = self.running {
            // The timeline keeps every entry for ever: ours are those of the last check.
            performance.clear_measures_with_measure_name(name);
            let _ = performance.mark(name);
        }
    }
}

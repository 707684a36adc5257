//! The engine's phases on the browser's performance timeline, where its profiler shows them.

use iam_guardrails::Phase;
use js_sys::{Object, Reflect};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};

/// The names of `Phase::Parse` and `Phase::Decide`.
const NAMES: [&str; 2] = ["iam-guardrails: parse", "iam-guardrails: decide"];

/// A check of fewer milliseconds leaves nothing: measuring it would take as long as the check itself.
const SHORTEST: f64 = 1.0;

#[wasm_bindgen]
extern "C" {
    /// `Performance`, whose measures have options. Those of web-sys are among what is unstable in it.
    type Performance;
    #[wasm_bindgen(method)]
    fn now(this: &Performance) -> f64;
    #[wasm_bindgen(method, catch)]
    fn measure(this: &Performance, name: &str, options: &Object) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, js_name = clearMeasures)]
    fn clear_measures(this: &Performance, name: &str);
}

thread_local! {
    static PERFORMANCE: JsValue = JsValue::from("performance");
    static CLEAR_MEASURES: JsValue = JsValue::from("clearMeasures");
}

/// Measures the phases of one check.
pub(crate) struct Phases {
    /// A page, a worker and Node have one; an engine embedded elsewhere may have none, or half of one.
    performance: Option<Performance>,
    /// When each phase began, and when the last one ended.
    times: [f64; NAMES.len() + 1],
}

impl Default for Phases {
    fn default() -> Self {
        let get = |object: &JsValue, name: &JsValue| Reflect::get(object, name).ok();
        let performance = PERFORMANCE
            .with(|name| get(&js_sys::global(), name))
            .filter(|found| {
                CLEAR_MEASURES
                    .with(|name| get(found, name))
                    .is_some_and(|method| method.is_function())
            })
            .map(JsCast::unchecked_into);
        Self {
            performance,
            times: [0.0; NAMES.len() + 1],
        }
    }
}

impl Phases {
    /// Ends the phase that runs, and begins the next.
    pub(crate) fn begin(&mut self, phase: Phase) {
        let Some(performance) = &self.performance else {
            return;
        };
        let [parse, decide, end] = &mut self.times;
        let now = performance.now();
        match phase {
            Phase::Parse => *parse = now,
            Phase::Decide => *decide = now,
            Phase::Done => {
                *end = now;
                if *end - *parse >= SHORTEST {
                    measure(performance, &self.times);
                }
            }
        }
    }
}

fn measure(performance: &Performance, times: &[f64]) {
    for (name, phase) in NAMES.iter().zip(times.windows(2)) {
        // The timeline keeps every entry for ever: ours are those of the last check.
        performance.clear_measures(name);
        let options = Object::new();
        for (field, time) in ["start", "end"].into_iter().zip(phase) {
            // What fails here is only a measurement missing.
            let _ = Reflect::set(&options, &field.into(), &(*time).into());
        }
        let _ = performance.measure(name, &options);
    }
}

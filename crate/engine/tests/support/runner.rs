//! Runs a property over many random cases; a failure is shrunk and told with its seed.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt::Debug;
use std::sync::atomic::Ordering::Relaxed;

use iam_guardrails::report::Verdict;
use iam_guardrails::request::{CheckRequest, KindInput};
use proptest::strategy::Strategy;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};
use serde_json::{Value, json};

use crate::meaning::{COMPARISONS, HELD};

/// How often what came up.
#[derive(Debug, Default)]
pub(crate) struct Count {
    pub(crate) by_name: BTreeMap<String, u64>,
    slowest: BTreeMap<String, u64>,
    /// The shortest case of each kind.
    examples: BTreeMap<String, String>,
}

impl Count {
    /// Something that the cases held or that came of them.
    pub(crate) fn class(&mut self, what: &str, times: u64) {
        *self.by_name.entry(what.to_owned()).or_default() += times;
    }

    pub(crate) fn verdict(&mut self, guardrail: &str, verdict: Verdict) {
        self.class(&format!("{guardrail} {}", verdict.name()), 1);
    }

    /// The shortest case of each kind of flaw, where they are gathered.
    fn flaw(&mut self, flaw: String) {
        let first = flaw.lines().next().unwrap_or_default();
        let first = first.split(" {").next().unwrap_or_default();
        // Names in backticks differ from case to case.
        let kind: Vec<&str> = first.split('`').step_by(2).collect();
        let kind = format!("FLAW {}", kind.join("…"));
        self.class(&kind, 1);
        self.example(kind, flaw);
    }

    fn example(&mut self, name: String, case: String) {
        let shortest = self.examples.entry(name).or_insert_with(|| case.clone());
        if case.len() < shortest.len() {
            *shortest = case;
        }
    }

    pub(crate) fn time(&mut self, what: &str, took: std::time::Duration) {
        let micros = took.as_micros() as u64;
        *self
            .by_name
            .entry(format!("microseconds of {what}"))
            .or_default() += micros;
        let slowest = self.slowest.entry(what.to_owned()).or_default();
        *slowest = micros.max(*slowest);
    }

    fn merge(&mut self, other: Self) {
        for (name, count) in other.by_name {
            *self.by_name.entry(name).or_default() += count;
        }
        for (name, case) in other.examples {
            self.example(name, case);
        }
        for (name, micros) in other.slowest {
            let slowest = self.slowest.entry(name).or_default();
            *slowest = micros.max(*slowest);
        }
    }
}

/// With so many cases for each class of the grammar, every class must come up.
const CASES_BY_CLASS: usize = 50;

/// The cases are drawn in so many rows, each on a thread of its own: the same ones on every machine.
const ROWS: u32 = 2;

/// How many cases are drawn, all properties together.
fn cases() -> u32 {
    variable("PROPERTY_CASES").map_or(300, |cases| {
        u32::try_from(cases).expect("PROPERTY_CASES is a count")
    })
}

/// Which cases are drawn.
pub(crate) fn seed() -> u64 {
    variable("PROPERTY_SEED").unwrap_or(0)
}

fn variable(name: &str) -> Option<u64> {
    let text = std::env::var(name).ok()?;
    Some(
        text.parse()
            .unwrap_or_else(|_| panic!("{name} is a number, not `{text}`")),
    )
}

/// The check as a fixture has it.
pub(crate) fn show(request: &CheckRequest) -> String {
    let documents: Vec<Value> = request
        .documents
        .iter()
        .map(|input| {
            let mut document = json!({"name": input.name});
            if let KindInput::Given(kind) = input.kind {
                document["kind"] = json!(kind);
            }
            if let Some(owner) = &input.attached_to {
                document["attachedTo"] = json!(owner);
            }
            match serde_json::from_str::<Value>(&input.text) {
                Ok(policy) => document["policy"] = policy,
                Err(_) => document["text"] = json!(input.text),
            }
            document
        })
        .collect();
    json!({"documents": documents, "settings": request.settings}).to_string()
}

/// Runs a property over its share of the cases, in hundredths; every class must come up in them.
pub(crate) fn run<S>(
    name: &str,
    share: u32,
    strategy: S,
    classes: &[String],
    property: impl Fn(&S::Value, &mut Count) -> Result<(), String> + Sync,
) where
    S: Strategy + Sync,
    S::Value: Debug,
{
    let seed = seed();
    let cases = (u64::from(cases()) * u64::from(share) / 100) as u32;
    let enough = cases as usize >= CASES_BY_CLASS * classes.len();
    println!("{name}: {cases} cases, PROPERTY_SEED={seed}");
    let gather = variable("PROPERTY_GATHER").is_some();
    let start = std::time::Instant::now();
    let (strategy, property) = (&strategy, &property);
    let run = |row: u32| {
        let mut bytes = [0; 32];
        bytes[..8].copy_from_slice(&seed.to_le_bytes());
        bytes[8..12].copy_from_slice(&row.to_le_bytes());
        let config = Config {
            cases: cases.div_ceil(ROWS),
            failure_persistence: None,
            max_shrink_iters: variable("PROPERTY_SHRINK").unwrap_or(4_000) as u32,
            ..Config::default()
        };
        let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
        let mut runner = TestRunner::new_with_rng(config, rng);
        let count = RefCell::new(Count::default());
        let outcome = runner.run(strategy, |value| {
            let mut count = count.borrow_mut();
            match property(&value, &mut count) {
                Err(flaw) if gather => {
                    count.flaw(flaw);
                    Ok(())
                }
                outcome => outcome.map_err(TestCaseError::fail),
            }
        });
        let outcome = match outcome {
            Err(TestError::Fail(reason, _)) => Err(format!("{reason}")),
            Err(TestError::Abort(reason)) => Err(format!("aborted: {reason}")),
            Ok(()) => Ok(()),
        };
        (count.into_inner(), outcome)
    };
    let run = &run;
    let results: Vec<(Count, Result<(), String>)> = std::thread::scope(|scope| {
        let handles: Vec<_> = (0..ROWS).map(|row| scope.spawn(move || run(row))).collect();
        handles
            .into_iter()
            .map(|handle| handle.join().expect("a thread"))
            .collect()
    });
    let mut count = Count::default();
    let mut failures = Vec::new();
    for (part, outcome) in results {
        count.merge(part);
        failures.extend(outcome.err());
    }
    for (what, times) in &count.by_name {
        println!("{times:>9} {what}");
    }
    let counted = COMPARISONS
        .iter()
        .zip(&HELD)
        .filter(|(comparison, _)| classes.iter().any(|class| class == *comparison));
    for (comparison, held) in counted {
        let [no, yes] = [0, 1].map(|at| held[at].load(Relaxed));
        println!("{comparison} held {yes} times and did not {no} times");
        if enough && (no == 0 || yes == 0) {
            failures.push(format!("`{comparison}` always holds or never does"));
        }
    }
    for (name, case) in &count.examples {
        println!("{name}\n{case}\n");
    }
    println!(
        "{name}: slowest, in microseconds: {:?}; {:.0} s",
        count.slowest,
        start.elapsed().as_secs_f64()
    );
    if enough {
        let missing = classes
            .iter()
            .filter(|class| !count.by_name.contains_key(*class));
        let missing: Vec<&String> = missing.collect();
        if !missing.is_empty() {
            failures.push(format!("the cases never held {missing:?}"));
        }
    }
    assert!(
        failures.is_empty(),
        "{name}, PROPERTY_SEED={seed}:\n{}",
        failures.join("\n\n")
    );
}

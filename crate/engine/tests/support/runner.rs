//! Runs a property over many random cases on every core; a failure is shrunk and told with its seed.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt::Debug;

use iam_guardrails::report::Verdict;
use proptest::strategy::Strategy;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};

/// How often what came up.
#[derive(Debug, Default)]
pub(crate) struct Count {
    by_name: BTreeMap<String, u64>,
    slowest: BTreeMap<String, u64>,
    /// The shortest case of each kind.
    examples: BTreeMap<String, String>,
}

impl Count {
    pub(crate) fn add(&mut self, what: &str) {
        *self.by_name.entry(what.to_owned()).or_default() += 1;
    }

    pub(crate) fn verdict(&mut self, verdict: Verdict) {
        self.add(&format!("{verdict:?}"));
    }

    /// Names in backticks differ from case to case.
    pub(crate) fn undecided(&mut self, summary: &str, found: bool, case: String) {
        let reason = summary
            .split_once(": ")
            .map_or(summary, |(_, reason)| reason);
        let reason: Vec<&str> = reason.split('`').step_by(2).collect();
        let found = if found {
            "a request exists"
        } else {
            "no request is known"
        };
        let name = format!("undecided, {found}: {}", reason.join("…"));
        self.add(&name);
        self.example(name, case);
    }

    /// The shortest case of each kind of flaw, where they are gathered.
    fn flaw(&mut self, flaw: String) {
        let first = flaw.lines().next().unwrap_or_default();
        let first = first.split(" {").next().unwrap_or_default();
        let kind: Vec<&str> = first.split('`').step_by(2).collect();
        let kind = format!("FLAW {}", kind.join("…"));
        self.add(&kind);
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

/// How many cases are drawn.
fn cases() -> u32 {
    let default = if cfg!(debug_assertions) { 300 } else { 100_000 };
    variable("PROPERTY_CASES").map_or(default, |cases| {
        u32::try_from(cases).expect("PROPERTY_CASES is a count")
    })
}

fn variable(name: &str) -> Option<u64> {
    let text = std::env::var(name).ok()?;
    Some(
        text.parse()
            .unwrap_or_else(|_| panic!("{name} is a number, not `{text}`")),
    )
}

pub(crate) fn run<S>(
    name: &str,
    strategy: S,
    property: impl Fn(&S::Value, &mut Count) -> Result<(), String> + Sync,
) where
    S: Strategy + Sync,
    S::Value: Debug,
{
    let seed = variable("PROPERTY_SEED").unwrap_or(0);
    let threads = std::thread::available_parallelism().map_or(1, |count| count.get() as u32);
    println!("{name}: {} cases, PROPERTY_SEED={seed}", cases());
    let gather = variable("PROPERTY_GATHER").is_some();
    let (strategy, property) = (&strategy, &property);
    let results: Vec<(Count, Result<(), String>)> = std::thread::scope(|scope| {
        let handles: Vec<_> = (0..threads)
            .map(|thread| {
                scope.spawn(move || {
                    let mut bytes = [0; 32];
                    bytes[..8].copy_from_slice(&seed.to_le_bytes());
                    bytes[8..12].copy_from_slice(&thread.to_le_bytes());
                    let config = Config {
                        cases: cases() / threads,
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
                })
            })
            .collect();
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
    for (name, case) in &count.examples {
        println!("{name}\n{case}\n");
    }
    println!("slowest, in microseconds: {:?}", count.slowest);
    assert!(
        failures.is_empty(),
        "{name}, PROPERTY_SEED={seed}:\n{}",
        failures.join("\n\n")
    );
}

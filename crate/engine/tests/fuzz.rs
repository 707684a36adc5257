//! Damaged texts through the whole engine: it never panics and never hangs, every place of a report is in the
//! text, and a second check says the same.
//!
//! Each case is a text of the corpus, or a policy of a fixture, damaged a few times: by bytes, by tokens, by JSON
//! nodes, by pieces of another text. `FUZZ_SECONDS` says how long; `FUZZ_SEED` is drawn by the clock and printed;
//! with `FUZZ_CASE` one case alone is tried. A failure is made small before it is shown.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::panic,
    reason = "these are tests"
)]

#[path = "support/damage.rs"]
mod damage;
#[path = "support/places.rs"]
mod places;
#[path = "support/random.rs"]
mod random;

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use damage::damage;
use iam_guardrails::report::DocumentKind;
use iam_guardrails::request::{CheckRequest, DocumentInput, KindInput, Settings};
use iam_guardrails::{Report, Survey, check};
use random::Random;
use serde_json::{Value, json};

/// Longer texts are cut: they would only be slower.
const LONGEST: usize = 20_000;
/// No input of that length may take longer, on a machine with much else to do.
const HANG: Duration = Duration::from_secs(60);

#[test]
fn damaged_texts() {
    let corpus = corpus();
    let seed = variable("FUZZ_SEED").unwrap_or_else(|| {
        let clock = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
        clock.as_nanos() as u64 >> 10
    });
    let seconds = variable("FUZZ_SECONDS").unwrap_or(3);
    println!(
        "fuzz: {} texts, {seconds} s, FUZZ_SEED={seed}",
        corpus.len()
    );
    if let Some(case) = variable("FUZZ_CASE") {
        let request = draw(&corpus, seed, case);
        println!("{}", show(&request));
        if let Err(flaw) = examine(&request) {
            panic!("{flaw}");
        }
        return;
    }
    // The panics are told with their inputs, once.
    std::panic::set_hook(Box::new(|_| {}));
    let end = Instant::now() + Duration::from_secs(seconds);
    let (next, stop) = (AtomicU64::new(0), AtomicBool::new(false));
    let tally = Mutex::new(Tally::default());
    let failures: Mutex<Vec<(u64, CheckRequest, String)>> = Mutex::default();
    let threads = std::thread::available_parallelism().map_or(1, |count| count.get());
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                let watched = Watched::start();
                while Instant::now() < end && !stop.load(Relaxed) {
                    let case = next.fetch_add(1, Relaxed);
                    let request = draw(&corpus, seed, case);
                    watched.begin(case, seed, &request);
                    let start = Instant::now();
                    let outcome = examine(&request);
                    let took = start.elapsed();
                    watched.end();
                    match outcome {
                        Ok(outcome) => tally.lock().unwrap().add(&outcome, took, case),
                        Err(flaw) => {
                            stop.store(true, Relaxed);
                            failures.lock().unwrap().push((case, request, flaw));
                        }
                    }
                }
            });
        }
    });
    drop(std::panic::take_hook());
    let tally = tally.into_inner().unwrap();
    println!("fuzz: {tally:?}");
    let failures = failures.into_inner().unwrap();
    if let Some((case, request, flaw)) = failures.into_iter().next() {
        std::panic::set_hook(Box::new(|_| {}));
        let small = shrunk(request);
        drop(std::panic::take_hook());
        panic!(
            "FUZZ_SEED={seed} FUZZ_CASE={case}: {flaw}\nmade small:\n{}",
            show(&small)
        );
    }
    assert!(
        tally.judged > 0 && tally.refused > 0,
        "the texts are all sound, or all damaged beyond reading"
    );
}

#[test]
fn every_text_of_the_corpus_is_sound() {
    for text in corpus() {
        let request = alone(&text);
        if let Err(flaw) = examine(&request) {
            panic!("{flaw}\n{}", show(&request));
        }
    }
}

/// What came of the cases.
#[derive(Debug, Default)]
struct Tally {
    cases: u64,
    /// Some document had a statement.
    judged: u64,
    /// No document had one.
    refused: u64,
    problems: u64,
    findings: u64,
    slowest: Duration,
    slowest_case: u64,
}

impl Tally {
    fn add(&mut self, outcome: &Outcome, took: Duration, case: u64) {
        self.cases += 1;
        if outcome.statements > 0 {
            self.judged += 1;
        } else {
            self.refused += 1;
        }
        self.problems += outcome.problems;
        self.findings += outcome.findings;
        if took > self.slowest {
            (self.slowest, self.slowest_case) = (took, case);
        }
    }
}

/// What one report held.
struct Outcome {
    statements: u64,
    problems: u64,
    findings: u64,
}

/// Checks an input twice; what is wrong with what comes of it.
fn examine(request: &CheckRequest) -> Result<Outcome, String> {
    let checked = || {
        catch_unwind(AssertUnwindSafe(|| check(request))).map_err(|panic| {
            let text = panic.downcast_ref::<String>().cloned();
            let text = text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
            format!("it panics: {}", text.unwrap_or_default())
        })
    };
    let report = checked()?;
    if checked()? != report {
        return Err("a second check says something else".to_owned());
    }
    catch_unwind(AssertUnwindSafe(|| survey(request, &report)))
        .map_err(|_| "the survey panics".to_owned())??;
    let json = serde_json::to_value(&report).map_err(|error| format!("no JSON: {error}"))?;
    let texts: Vec<&str> = request
        .documents
        .iter()
        .map(|document| document.text.as_str())
        .collect();
    places::check(&json, &texts)?;
    let count = |list: &Value, member: &str| -> u64 {
        let all = list.as_array().into_iter().flatten();
        all.map(|one| one[member].as_array().map_or(0, Vec::len) as u64)
            .sum()
    };
    Ok(Outcome {
        statements: count(&json["documents"], "statements"),
        problems: count(&json["documents"], "problems"),
        findings: count(&json["guardrails"], "findings"),
    })
}

/// In steps it comes to the same, and each principal's own report keeps to the texts.
fn survey(request: &CheckRequest, report: &Report) -> Result<(), String> {
    let texts: Vec<&str> = request
        .documents
        .iter()
        .map(|document| document.text.as_str())
        .collect();
    let mut survey = Survey::new(request);
    let overview = survey.overview();
    if overview.documents.len() != report.documents.len()
        || overview.principals != report.principals.len()
    {
        return Err("the survey finds other documents or principals".to_owned());
    }
    let mut verdicts = Vec::new();
    while verdicts.len() < overview.principals {
        let rows = survey.step(3).rows;
        if rows.is_empty() {
            return Err("the survey does not come to an end".to_owned());
        }
        verdicts.extend(rows.into_iter().map(|row| (row.name, row.verdicts)));
    }
    let mut whole: Vec<_> = report
        .principals
        .iter()
        .map(|principal| (principal.name.clone(), principal.verdicts.clone()))
        .collect();
    for (index, (_, row)) in verdicts.iter().enumerate().take(3) {
        let own = survey.report(index);
        if own.principals.iter().any(|one| one.verdicts != *row) {
            return Err("the report on one principal has other verdicts than its row".to_owned());
        }
        let json = serde_json::to_value(&own).map_err(|error| format!("no JSON: {error}"))?;
        places::check(&json, &texts)?;
    }
    whole.sort();
    verdicts.sort();
    if whole != verdicts {
        return Err("in steps the verdicts are others".to_owned());
    }
    for (index, document) in overview.documents.iter().enumerate().take(20) {
        let Some(excerpt) = survey.excerpt(index) else {
            return Err(format!("document {index} has no excerpt"));
        };
        let units: Vec<u16> = texts[document.source].encode_utf16().collect();
        let from = units.get(excerpt.offset as usize..).unwrap_or_default();
        let own: Vec<u16> = excerpt.text.encode_utf16().collect();
        if !from.starts_with(&own) {
            return Err(format!(
                "the excerpt of document {index} is not at its place"
            ));
        }
    }
    Ok(())
}

/// The case of this number.
fn draw(corpus: &[String], seed: u64, case: u64) -> CheckRequest {
    const KINDS: [KindInput; 8] = [
        KindInput::Auto,
        KindInput::Auto,
        KindInput::Given(DocumentKind::Identity),
        KindInput::Given(DocumentKind::Scp),
        KindInput::Given(DocumentKind::Rcp),
        KindInput::Given(DocumentKind::Resource),
        KindInput::Given(DocumentKind::Session),
        KindInput::Given(DocumentKind::PermissionsBoundary),
    ];
    let mut random = Random::new(seed, case);
    let documents = 1 + random.below(5) / 3;
    let documents = (0..documents)
        .map(|index| {
            let mut text = random.pick(corpus).clone();
            let other = random.pick(corpus);
            for _ in 0..random.below(6) {
                text = damage(&text, other, &mut random);
            }
            if text.len() > LONGEST {
                let end = (0..=LONGEST).rev().find(|at| text.is_char_boundary(*at));
                text.truncate(end.unwrap_or_default());
            }
            let attached = random.below(8) == 0;
            DocumentInput {
                name: format!("text {index}"),
                text,
                kind: *random.pick(&KINDS),
                attached_to: attached.then(|| "arn:aws:iam::111122223333:role/dev".to_owned()),
            }
        })
        .collect();
    let mut setting = |words: &[&str]| -> Vec<String> {
        let mut words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        words.truncate(random.below(2 * words.len() + 2));
        words
    };
    CheckRequest {
        documents,
        settings: Settings {
            authorized_principals: setting(&["arn:aws:iam::*:role/Ops*", "aws:PrincipalTag/é=*"]),
            protected_trails: setting(&["arn:aws:cloudtrail:*:*:trail/*", "${", ":::::"]),
            trail_buckets: setting(&["amzn-s3-demo-bucket", "logs"]),
            organization_ids: setting(&["o-a1b2c3d4e5"]),
            trusted_accounts: setting(&["111122223333"]),
            now: Some("2026-01-01T00:00:00Z".to_owned()),
            ..Settings::default()
        },
    }
}

fn alone(text: &str) -> CheckRequest {
    CheckRequest {
        documents: vec![DocumentInput {
            name: "text".to_owned(),
            text: text.to_owned(),
            ..DocumentInput::default()
        }],
        settings: Settings::default(),
    }
}

/// Takes away documents and pieces of text as long as something stays wrong.
fn shrunk(mut request: CheckRequest) -> CheckRequest {
    let fails = |request: &CheckRequest| examine(request).is_err();
    let mut index = 0;
    while index < request.documents.len() {
        let mut without = request.clone();
        without.documents.remove(index);
        if fails(&without) {
            request = without;
        } else {
            index += 1;
        }
    }
    let end = Instant::now() + Duration::from_secs(60);
    for index in 0..request.documents.len() {
        let mut size = request.documents[index].text.len().div_ceil(2);
        while size > 0 {
            let mut from = 0;
            while from < request.documents[index].text.len() && Instant::now() < end {
                let text = &request.documents[index].text;
                let to = (from + size).min(text.len());
                let mut without = request.clone();
                if text.is_char_boundary(from) && text.is_char_boundary(to) {
                    without.documents[index].text.replace_range(from..to, "");
                    if fails(&without) {
                        request = without;
                        continue;
                    }
                }
                from += size;
            }
            size /= 2;
        }
    }
    request
}

fn show(request: &CheckRequest) -> String {
    let documents: Vec<Value> = request
        .documents
        .iter()
        .map(|document| {
            json!({
                "name": document.name,
                "kind": match document.kind {
                    KindInput::Auto => json!("auto"),
                    KindInput::Given(kind) => json!(kind),
                },
                "attachedTo": document.attached_to,
                "text": document.text,
            })
        })
        .collect();
    json!({"documents": documents, "settings": request.settings}).to_string()
}

/// Ends the run with its input where one takes too long.
struct Watched {
    now: Arc<Mutex<Option<(Instant, String)>>>,
}

impl Watched {
    fn start() -> Self {
        let now: Arc<Mutex<Option<(Instant, String)>>> = Arc::default();
        let watched = Arc::downgrade(&now);
        std::thread::spawn(move || {
            while let Some(now) = watched.upgrade() {
                if let Some((since, what)) = now.lock().unwrap().as_ref()
                    && since.elapsed() > HANG
                {
                    println!("a check does not come to an end: {what}");
                    std::process::exit(1);
                }
                drop(now);
                std::thread::sleep(Duration::from_millis(500));
            }
        });
        Self { now }
    }

    fn begin(&self, case: u64, seed: u64, request: &CheckRequest) {
        let what = format!("FUZZ_SEED={seed} FUZZ_CASE={case}\n{}", show(request));
        *self.now.lock().unwrap() = Some((Instant::now(), what));
    }

    fn end(&self) {
        *self.now.lock().unwrap() = None;
    }
}

/// The texts of `tests/corpus`, and those of the fixtures.
fn corpus() -> Vec<String> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut texts: Vec<String> = files(&here.join("tests/corpus"))
        .iter()
        .map(|path| fs::read_to_string(path).expect("UTF-8"))
        .collect();
    assert!(texts.len() > 10, "the corpus is gone");
    for path in files(&here.join("../../tests/fixtures")) {
        let text = fs::read_to_string(&path).expect("UTF-8");
        let fixture: Value = serde_json::from_str(&text).unwrap_or_default();
        match fixture["documents"].as_array() {
            Some(documents) => texts.extend(documents.iter().map(|document| {
                let text = document["text"].as_str().map(str::to_owned);
                text.unwrap_or_else(|| {
                    serde_json::to_string_pretty(&document["policy"]).unwrap_or_default()
                })
            })),
            // What a fixture is about, such as a command's output.
            None => texts.push(text),
        }
    }
    texts.retain(|text| text.len() < LONGEST / 2);
    texts
}

/// The files of a folder and those below it, in order.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut entries: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|entry| entry.unwrap().path())
        .collect();
    entries.sort();
    entries
        .into_iter()
        .flat_map(|path| {
            if path.is_dir() {
                files(&path)
            } else {
                vec![path]
            }
        })
        .collect()
}

fn variable(name: &str) -> Option<u64> {
    let text = std::env::var(name).ok()?;
    Some(
        text.parse()
            .unwrap_or_else(|_| panic!("{name} is a number, not `{text}`")),
    )
}

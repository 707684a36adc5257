//! The README's tables say what the code does.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a panic is how a test fails"
)]

use std::path::Path;

use iam_guardrails::report::{DocumentKind, Verdict};
use iam_guardrails::{Settings, guardrails};

fn readme() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../README.md");
    std::fs::read_to_string(path).unwrap()
}

/// The rows below the table whose head begins with `head`, cell by cell, without backticks.
fn table(head: &str) -> Vec<Vec<String>> {
    let readme = readme();
    let rows: Vec<Vec<String>> = readme
        .lines()
        .skip_while(|line| !line.starts_with(&format!("| {head} |")))
        .skip(2)
        .take_while(|line| line.starts_with('|'))
        .map(|line| {
            line.trim_matches('|')
                .split(" | ")
                .map(|cell| cell.trim().replace('`', ""))
                .collect()
        })
        .collect();
    assert!(!rows.is_empty(), "the README has no table `{head}`");
    rows
}

fn first_column(head: &str) -> Vec<String> {
    table(head).into_iter().map(|row| row[0].clone()).collect()
}

fn words(values: &[impl serde::Serialize]) -> Vec<String> {
    values
        .iter()
        .map(|value| {
            serde_json::to_value(value)
                .unwrap()
                .as_str()
                .unwrap()
                .to_owned()
        })
        .collect()
}

#[test]
fn guardrails_are_those_of_the_code() {
    let rows = table("Guardrail");
    let guardrails = guardrails();
    assert_eq!(rows.len(), guardrails.len());
    for (row, guardrail) in rows.iter().zip(guardrails) {
        assert_eq!(row[0], guardrail.id);
        assert_eq!(row[1], guardrail.title);
        if !guardrail.actions.is_empty() {
            assert_eq!(row[2], guardrail.actions.join(", "));
        }
    }
}

#[test]
fn verdicts_are_those_of_the_code() {
    let mut listed = first_column("Verdict");
    let mut verdicts = words(&[
        Verdict::NotApplicable,
        Verdict::Pass,
        Verdict::Warn,
        Verdict::Undecided,
        Verdict::Fail,
    ]);
    listed.sort();
    verdicts.sort();
    assert_eq!(listed, verdicts);
}

#[test]
fn kinds_are_those_of_the_code() {
    let kinds = words(&[
        DocumentKind::Identity,
        DocumentKind::PermissionsBoundary,
        DocumentKind::Session,
        DocumentKind::Scp,
        DocumentKind::Rcp,
        DocumentKind::Resource,
    ]);
    assert_eq!(first_column("Kind"), kinds);
}

#[test]
fn settings_are_those_of_the_code() {
    let defaults = serde_json::to_value(Settings::default()).unwrap();
    let defaults = defaults.as_object().unwrap();
    let rows = table("Setting");
    let mut listed: Vec<&String> = rows.iter().map(|row| &row[0]).collect();
    let mut settings: Vec<&String> = defaults.keys().collect();
    listed.sort();
    settings.sort();
    assert_eq!(listed, settings);
    let explicit_deny = rows.iter().find(|row| row[0] == "explicitDeny").unwrap();
    assert_eq!(explicit_deny[2], defaults["explicitDeny"]);
}

#[test]
fn places_exist() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    for place in first_column("Place") {
        assert!(root.join(&place).is_dir(), "{place}");
    }
    for file in [
        "www/screenshot.png",
        "LICENSE",
        "CHANGELOG.md",
        "SECURITY.md",
    ] {
        assert!(
            readme().contains(file) && root.join(file).is_file(),
            "{file}"
        );
    }
}

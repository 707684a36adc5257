//! The native reader of `tests/fixtures`: every fixture is checked, every expectation compared, and all
//! disagreements are reported at once. What the members mean stands in `tests/fixtures/README.md`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::panic,
    reason = "a test may stop at what should not be"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use iam_guardrails::evaluate::{Applied, Request, is_allowed, matches as is_matched};
use iam_guardrails::policy::{Policy, read};
use iam_guardrails::report::{DocumentKind, Finding, GuardrailResult, Report, Role, Witness};
use iam_guardrails::request::CheckRequest;
use iam_guardrails::source;
use serde_json::{Value, json};

/// Where a fixture does not set `now`.
const NOW: &str = "2026-01-01T00:00:00Z";

const VERDICTS: [&str; 5] = ["pass", "warn", "fail", "not-applicable", "undecided"];

#[test]
fn every_fixture_is_answered_as_expected() {
    let fixtures = read_fixtures();
    let mut report = String::new();
    let mut wrong = 0;
    for fixture in &fixtures {
        let complaints = fixture.judge();
        if !complaints.is_empty() {
            wrong += 1;
            let _ = writeln!(report, "{}\n  {}", fixture.name, fixture.title());
            for complaint in complaints {
                let _ = writeln!(report, "  - {}", complaint.replace('\n', "\n    "));
            }
        }
    }
    assert!(
        wrong == 0,
        "{wrong} of {} fixtures are not answered as expected:\n\n{report}",
        fixtures.len()
    );
}

#[test]
fn every_guardrail_has_every_verdict() {
    let mut seen: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for fixture in read_fixtures() {
        seen.entry(fixture.guardrail)
            .or_default()
            .insert(fixture.verdict);
    }
    let expected: BTreeMap<String, BTreeSet<String>> = (1..=4)
        .map(|number| {
            // A bucket policy lets an outsider in or does not: IAM-CLOUDTRAIL-3 never warns.
            let verdicts = VERDICTS
                .iter()
                .filter(|verdict| number != 3 || **verdict != "warn");
            (
                format!("IAM-CLOUDTRAIL-{number}"),
                verdicts.map(ToString::to_string).collect(),
            )
        })
        .collect();
    assert_eq!(seen, expected);
}

#[test]
fn no_fixture_has_a_member_that_no_reader_knows() {
    let unknown: Vec<String> = read_fixtures()
        .iter()
        .flat_map(Fixture::unknown_members)
        .collect();
    assert!(unknown.is_empty(), "{}", unknown.join("\n"));
}

/// One file of the corpus.
struct Fixture {
    /// `cloudtrail-1/NAME.VERDICT.json`.
    name: String,
    guardrail: String,
    verdict: String,
    content: Value,
}

fn read_fixtures() -> Vec<Fixture> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures");
    let mut fixtures = Vec::new();
    for folder in folders(&root) {
        let folder_name = file_name(&folder);
        let number = folder_name.strip_prefix("cloudtrail-").unwrap_or_else(|| {
            panic!("{folder_name}: a folder is named after a guardrail, such as cloudtrail-1")
        });
        for path in files(&folder) {
            let file = file_name(&path);
            let verdict = file
                .strip_suffix(".json")
                .and_then(|stem| stem.rsplit_once('.'))
                .map(|(_, verdict)| verdict)
                .filter(|verdict| VERDICTS.contains(verdict))
                .unwrap_or_else(|| {
                    panic!("{folder_name}/{file}: a fixture is named NAME.VERDICT.json")
                });
            let text = fs::read_to_string(&path).unwrap();
            fixtures.push(Fixture {
                name: format!("{folder_name}/{file}"),
                guardrail: format!("IAM-CLOUDTRAIL-{number}"),
                verdict: verdict.to_owned(),
                content: serde_json::from_str(&text)
                    .unwrap_or_else(|error| panic!("{folder_name}/{file}: {error}")),
            });
        }
    }
    assert!(!fixtures.is_empty(), "no fixture in {}", root.display());
    fixtures
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    paths
}

fn folders(folder: &Path) -> Vec<PathBuf> {
    entries(folder)
        .into_iter()
        .filter(|path| path.is_dir())
        .collect()
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let (folders, files): (Vec<PathBuf>, Vec<PathBuf>) =
        entries(folder).into_iter().partition(|path| path.is_dir());
    assert!(folders.is_empty(), "{} holds folders", folder.display());
    files
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap().to_str().unwrap().to_owned()
}

impl Fixture {
    fn title(&self) -> &str {
        self.content["title"].as_str().unwrap_or("no title")
    }

    /// The fixture as a `CheckRequest`, and the texts of its documents.
    fn request(&self) -> (CheckRequest, Vec<String>) {
        let mut texts = Vec::new();
        let mut documents = Vec::new();
        for document in list(&self.content["documents"]) {
            let mut input = document.as_object().unwrap().clone();
            let text = match input.remove("policy") {
                Some(policy) => serde_json::to_string_pretty(&policy).unwrap(),
                None => input["text"].as_str().unwrap().to_owned(),
            };
            input.insert("text".to_owned(), json!(text));
            documents.push(Value::Object(input));
            texts.push(text);
        }
        let mut settings = self.content["settings"]
            .as_object()
            .cloned()
            .unwrap_or_default();
        settings.entry("now").or_insert_with(|| json!(NOW));
        let request = json!({ "documents": documents, "settings": settings });
        let request = serde_json::from_value(request)
            .unwrap_or_else(|error| panic!("{}: {error}", self.name));
        (request, texts)
    }

    /// Everything in which the engine's report differs from what the fixture expects.
    fn judge(&self) -> Vec<String> {
        let (request, texts) = self.request();
        let report = iam_guardrails::check(&request);
        let unconfirmed = unconfirmed(&request, &report);
        let report = serde_json::to_value(report).unwrap();
        let mut judge = Judge {
            report: &report,
            texts: &texts,
            complaints: unconfirmed,
        };
        judge.invariants();
        judge.verdict(&self.guardrail, &self.verdict);
        judge.expectations(&self.guardrail, &self.content["expect"]);
        judge.complaints
    }

    fn unknown_members(&self) -> Vec<String> {
        let mut unknown = Vec::new();
        let mut known = |place: &str, value: &Value, members: &[&str]| {
            for member in value
                .as_object()
                .into_iter()
                .flat_map(|object| object.keys())
            {
                if !members.contains(&member.as_str()) {
                    unknown.push(format!("{}: `{member}` in {place}", self.name));
                }
            }
        };
        let expect = &self.content["expect"];
        known(
            "the fixture",
            &self.content,
            &[
                "title",
                "source",
                "license",
                "documents",
                "settings",
                "expect",
            ],
        );
        known(
            "`expect`",
            expect,
            &[
                "verdicts",
                "actions",
                "principals",
                "kinds",
                "problems",
                "findings",
                "noFindings",
                "assumptions",
                "summary",
                "witness",
            ],
        );
        known(
            "`witness`",
            &expect["witness"],
            &["principal", "action", "resource", "context"],
        );
        for problem in list(&expect["problems"]) {
            known(
                "`problems`",
                problem,
                &["document", "severity", "at", "line", "says"],
            );
        }
        for finding in list(&expect["findings"])
            .iter()
            .chain(list(&expect["noFindings"]))
        {
            known(
                "`findings`",
                finding,
                &["role", "document", "statement", "marks", "says", "witness"],
            );
            known(
                "`findings`",
                &finding["witness"],
                &["principal", "action", "resource", "context"],
            );
        }
        if self.title() == "no title" {
            unknown.push(format!("{}: no title", self.name));
        }
        unknown
    }
}

/// Compares one report with what is expected of it.
struct Judge<'a> {
    report: &'a Value,
    texts: &'a [String],
    complaints: Vec<String>,
}

impl<'a> Judge<'a> {
    fn complain(&mut self, complaint: String) {
        self.complaints.push(complaint);
    }

    fn guardrail(&self, id: &str) -> &'a Value {
        list(&self.report["guardrails"])
            .iter()
            .find(|guardrail| guardrail["id"] == id)
            .unwrap_or_else(|| panic!("the report has no guardrail {id}"))
    }

    fn documents(&self) -> &'a [Value] {
        list(&self.report["documents"])
    }

    /// The text under a span of one document of the report.
    fn text_at(&self, document: usize, span: &Value) -> Option<String> {
        let source = usize::try_from(self.documents().get(document)?["source"].as_u64()?).ok()?;
        let units: Vec<u16> = self.texts.get(source)?.encode_utf16().collect();
        let (start, end) = range(span)?;
        String::from_utf16(units.get(start..end)?).ok()
    }

    /// What must hold whatever the documents are.
    fn invariants(&mut self) {
        for (index, document) in self.documents().iter().enumerate() {
            for statement in list(&document["statements"]) {
                let text = self.text_at(index, &statement["span"]).unwrap_or_default();
                let parsed: Value = serde_json::from_str(&text).unwrap_or_default();
                let sid = parsed.get("Sid").cloned().unwrap_or_default();
                if parsed["Effect"] != statement["effect"] || sid != statement["sid"] {
                    self.complain(format!(
                        "the span of statement {} in document {index} holds `{text}`",
                        statement["index"]
                    ));
                }
            }
            for problem in list(&document["problems"]) {
                if self.text_at(index, &problem["span"]).is_none() {
                    self.complain(format!(
                        "the span of a problem is not in the text: {problem}"
                    ));
                }
            }
        }
        for guardrail in list(&self.report["guardrails"]) {
            let id = &guardrail["id"];
            if (guardrail["verdict"] == "fail") == guardrail["witness"].is_null() {
                self.complain(format!(
                    "{id} is {}, its witness {}",
                    guardrail["verdict"], guardrail["witness"]
                ));
            }
            if guardrail["summary"].as_str().unwrap_or_default().is_empty() {
                self.complain(format!("{id} has no summary"));
            }
            for finding in list(&guardrail["findings"]) {
                self.finding_stands_in_its_statement(finding);
            }
        }
    }

    fn finding_stands_in_its_statement(&mut self, finding: &Value) {
        let document = index(&finding["document"]);
        let Some((start, end)) =
            range(&finding["span"]).filter(|_| self.text_at(document, &finding["span"]).is_some())
        else {
            return self.complain(format!(
                "the span of a finding is not in the text: {finding}"
            ));
        };
        if !finding["statement"].is_null() {
            let statement = &self.documents()[document]["statements"][index(&finding["statement"])];
            if statement["span"] != finding["span"] {
                self.complain(format!(
                    "the span of a finding is not its statement's: {finding}"
                ));
            }
        }
        for mark in list(&finding["marks"]) {
            let inside =
                range(mark).is_some_and(|(from, to)| start <= from && from < to && to <= end);
            if !inside || self.text_at(document, mark).is_none() {
                self.complain(format!(
                    "a mark of a finding is not inside its statement: {finding}"
                ));
            }
        }
    }

    fn verdict(&mut self, id: &str, expected: &str) {
        let guardrail = self.guardrail(id);
        if guardrail["verdict"] != expected {
            self.complain(format!(
                "{id} should be {expected}, is {}: {}{}",
                guardrail["verdict"].as_str().unwrap_or("nothing"),
                guardrail["summary"].as_str().unwrap_or_default(),
                if guardrail["witness"].is_null() {
                    String::new()
                } else {
                    format!("\n{}", guardrail["witness"])
                },
            ));
        }
    }

    fn expectations(&mut self, id: &str, expect: &Value) {
        let guardrail = self.guardrail(id);
        for (other, verdict) in members(&expect["verdicts"]) {
            self.verdict(other, verdict.as_str().unwrap());
        }
        for (action, verdict) in members(&expect["actions"]) {
            let found = list(&guardrail["actions"])
                .iter()
                .find(|entry| entry["action"] == *action);
            self.same(
                &format!("the verdict on {action}"),
                verdict,
                found.map_or(&Value::Null, |entry| &entry["verdict"]),
            );
        }
        for (principal, verdict) in members(&expect["principals"]) {
            let wanted = if principal.is_empty() {
                Value::Null
            } else {
                json!(principal)
            };
            let found = list(&guardrail["principals"])
                .iter()
                .find(|entry| entry["principal"] == wanted);
            self.same(
                &format!("the verdict for principal `{principal}`"),
                verdict,
                found.map_or(&Value::Null, |entry| &entry["verdict"]),
            );
        }
        if !expect["kinds"].is_null() {
            let kinds: Vec<Value> = self
                .documents()
                .iter()
                .map(|document| document["kind"].clone())
                .collect();
            self.same("the kinds", &expect["kinds"], &Value::Array(kinds));
        }
        self.problems(list(&expect["problems"]));
        for expected in list(&expect["findings"]) {
            if !list(&guardrail["findings"])
                .iter()
                .any(|finding| self.is_finding(finding, expected))
            {
                self.complain(format!(
                    "no finding {expected} among\n{}",
                    lines(&guardrail["findings"])
                ));
            }
        }
        for unexpected in list(&expect["noFindings"]) {
            if let Some(finding) = list(&guardrail["findings"])
                .iter()
                .find(|finding| self.is_finding(finding, unexpected))
            {
                self.complain(format!(
                    "there should be no finding {unexpected}: {finding}"
                ));
            }
        }
        for text in list(&expect["assumptions"]) {
            if !list(&self.report["assumptions"])
                .iter()
                .any(|assumption| says(assumption, text))
            {
                self.complain(format!(
                    "no assumption holds {text}:\n{}",
                    lines(&self.report["assumptions"])
                ));
            }
        }
        for text in list(&expect["summary"]) {
            if !says(&guardrail["summary"], text) {
                self.complain(format!(
                    "the summary does not hold {text}: {}",
                    guardrail["summary"]
                ));
            }
        }
        if !expect["witness"].is_null()
            && let Err(difference) = is_witness(&guardrail["witness"], &expect["witness"])
        {
            self.complain(format!(
                "the witness: {difference} in {}",
                guardrail["witness"]
            ));
        }
    }

    fn same(&mut self, what: &str, expected: &Value, found: &Value) {
        if expected != found {
            self.complain(format!("{what} should be {expected}, is {found}"));
        }
    }

    /// Each expected problem is reported, and each reported one is expected.
    fn problems(&mut self, expected: &[Value]) {
        let mut reported = Vec::new();
        for (index, document) in self.documents().iter().enumerate() {
            reported.extend(
                list(&document["problems"])
                    .iter()
                    .map(|problem| (index, problem)),
            );
        }
        for problem in expected {
            if !reported
                .iter()
                .any(|(document, found)| self.is_problem(*document, found, problem))
            {
                let found: Vec<String> = reported
                    .iter()
                    .map(|(_, found)| found.to_string())
                    .collect();
                self.complain(format!("no problem {problem} among [{}]", found.join("\n")));
            }
        }
        for (document, found) in reported {
            if !expected
                .iter()
                .any(|problem| self.is_problem(document, found, problem))
            {
                self.complain(format!("an unexpected problem: {found}"));
            }
        }
    }

    fn is_problem(&self, document: usize, found: &Value, expected: &Value) -> bool {
        let text = self.text_at(document, &found["span"]).unwrap_or_default();
        index(&expected["document"]) == document
            && expected["severity"] == found["severity"]
            && expected["at"].as_str().is_none_or(|at| text.contains(at))
            && expected["line"]
                .as_u64()
                .is_none_or(|line| found["span"]["line"] == line)
            && list(&expected["says"])
                .iter()
                .all(|text| says(&found["message"], text))
    }

    fn is_finding(&self, found: &Value, expected: &Value) -> bool {
        let document = index(&found["document"]);
        let statement = match &expected["statement"] {
            Value::Null => expected.get("statement").is_none() || found["statement"].is_null(),
            Value::String(sid) => {
                let statements = list(&self.documents()[document]["statements"]);
                found["statement"]
                    .as_u64()
                    .is_some_and(|at| statements[usize::try_from(at).unwrap()]["sid"] == **sid)
            }
            number => found["statement"] == *number,
        };
        let marked = |text: &Value| {
            list(&found["marks"])
                .iter()
                .filter_map(|mark| self.text_at(document, mark))
                .any(|mark| mark.contains(text.as_str().unwrap()))
        };
        statement
            && (expected["role"].is_null() || expected["role"] == found["role"])
            && (expected["document"].is_null() || expected["document"] == found["document"])
            && list(&expected["marks"]).iter().all(marked)
            && list(&expected["says"])
                .iter()
                .all(|text| says(&found["message"], text))
            && (expected["witness"].is_null()
                || is_witness(&found["witness"], &expected["witness"]).is_ok())
    }
}

/// The witnesses that `evaluate` does not confirm: every witness of a `fail` must be let through, and the
/// one of a `gap` must escape its statement.
fn unconfirmed(request: &CheckRequest, report: &Report) -> Vec<String> {
    let policies: Vec<Option<(DocumentKind, Policy<'_>)>> = request
        .documents
        .iter()
        .map(|document| {
            let reading = read(source::parse(&document.text).ok()?, document.kind);
            reading.kind.zip(reading.policy)
        })
        .collect();
    let applied = |guardrail: &GuardrailResult, witness: &Witness| {
        let attached = |index: usize| request.documents[index].attached_to.as_deref();
        let named = (0..policies.len()).any(|index| attached(index) == Some(&witness.principal));
        let applies = |index: usize, kind: DocumentKind| match kind {
            DocumentKind::Resource | DocumentKind::Rcp => guardrail.id == "IAM-CLOUDTRAIL-3",
            _ if guardrail.id == "IAM-CLOUDTRAIL-3" => false,
            DocumentKind::Identity => {
                attached(index) == named.then_some(witness.principal.as_str())
            }
            _ => true,
        };
        let documents = policies.iter().enumerate().filter_map(|(index, read)| {
            let (kind, policy) = read.as_ref()?;
            applies(index, *kind).then_some(Applied {
                kind: *kind,
                policy,
            })
        });
        documents.collect::<Vec<_>>()
    };
    let escapes = |finding: &Finding, witness: &Witness| {
        let document = &report.documents[finding.document];
        let (kind, policy) = policies[document.source].as_ref().unwrap();
        let statement = &policy.statements[finding.statement.unwrap()];
        let document = Applied {
            kind: *kind,
            policy,
        };
        !is_matched(statement, document, &Request::from(witness))
    };
    let mut unconfirmed = Vec::new();
    for guardrail in &report.guardrails {
        let by_principal = guardrail
            .principals
            .iter()
            .filter_map(|principal| principal.witness.as_ref());
        for witness in guardrail.witness.iter().chain(by_principal) {
            if guardrail.id != "IAM-CLOUDTRAIL-3" && !is_trail(&witness.resource) {
                unconfirmed.push(format!("{}: no trail: {}", guardrail.id, witness.resource));
            }
            if !is_allowed(&applied(guardrail, witness), &Request::from(witness)) {
                unconfirmed.push(format!("{}: not let through: {witness:?}", guardrail.id));
            }
        }
        for finding in &guardrail.findings {
            if let (Role::Gap, Some(witness)) = (finding.role, &finding.witness)
                && !escapes(finding, witness)
            {
                unconfirmed.push(format!("{}: does not escape: {finding:?}", guardrail.id));
            }
        }
    }
    unconfirmed
}

/// Whether a trail can have this ARN ("CloudTrail trail naming requirements").
fn is_trail(arn: &str) -> bool {
    let parts: Vec<&str> = arn.splitn(6, ':').collect();
    let &["arn", partition, "cloudtrail", region, account, rest] = parts.as_slice() else {
        return false;
    };
    let Some(name) = rest.strip_prefix("trail/") else {
        return false;
    };
    let words: Vec<&str> = region.split('-').collect();
    let word = |word: &&str| word.len() > 1 && word.chars().all(|c| c.is_ascii_lowercase());
    let digits = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_digit());
    let separated = name.split(['.', '_', '-']);
    (partition == "aws" || partition.starts_with("aws-"))
        && words.len() > 2
        && words[..words.len() - 1].iter().all(word)
        && digits(words[words.len() - 1])
        && account.len() == 12
        && digits(account)
        && (3..=128).contains(&name.len())
        && separated
            .into_iter()
            .all(|part| !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric()))
}

fn is_witness(found: &Value, expected: &Value) -> Result<(), String> {
    if found.is_null() {
        return Err("there is none".to_owned());
    }
    for member in ["principal", "action", "resource"] {
        if let Some(pattern) = expected[member].as_str()
            && !found[member]
                .as_str()
                .is_some_and(|value| matches(pattern, value))
        {
            return Err(format!("{member} is not {pattern}"));
        }
    }
    for (key, pattern) in members(&expected["context"]) {
        let value = members(&found["context"])
            .find(|(name, _)| name.eq_ignore_ascii_case(key))
            .map(|(_, value)| value);
        let fits = match (pattern.as_str(), value) {
            (None, value) => value.is_none(),
            (Some(_), None) => false,
            (Some(pattern), Some(Value::Array(values))) => values
                .iter()
                .any(|value| matches(pattern, value.as_str().unwrap())),
            (Some(pattern), Some(value)) => matches(pattern, value.as_str().unwrap()),
        };
        if !fits {
            return Err(format!("{key} is not {pattern}"));
        }
    }
    Ok(())
}

/// `*` and `?`; the shortest way to be right, not to be fast.
fn matches(pattern: &str, text: &str) -> bool {
    match pattern.chars().next() {
        None => text.is_empty(),
        Some('*') => {
            let rest = &pattern[1..];
            matches(rest, text)
                || text
                    .char_indices()
                    .any(|(at, c)| matches(rest, &text[at + c.len_utf8()..]))
        }
        Some(first) => text.chars().next().is_some_and(|c| {
            (first == '?' || first == c)
                && matches(&pattern[first.len_utf8()..], &text[c.len_utf8()..])
        }),
    }
}

fn says(message: &Value, text: &Value) -> bool {
    let message = message.as_str().unwrap_or_default().to_lowercase();
    message.contains(&text.as_str().unwrap().to_lowercase())
}

fn lines(values: &Value) -> String {
    let lines: Vec<String> = list(values).iter().map(ToString::to_string).collect();
    lines.join("\n")
}

/// The members of a list; none where there is no list.
fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// The members of an object; none where there is no object.
fn members(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

/// A position in a list, the first where it is left out.
fn index(value: &Value) -> usize {
    usize::try_from(value.as_u64().unwrap_or(0)).unwrap()
}

fn range(span: &Value) -> Option<(usize, usize)> {
    let offset = |name: &str| usize::try_from(span[name].as_u64()?).ok();
    Some((offset("start")?, offset("end")?))
}

//! A whole check: texts in, report out.

use std::borrow::Cow;
use std::cell::RefCell;

use crate::case::{Case, Document, Finding, Ruling};
use crate::guardrail::GUARDRAILS;
use crate::matcher::Matcher;
use crate::policy::value::parse_date;
use crate::policy::{Reading, read};
use crate::problem::Problem;
use crate::replay::{Pasted, bears_on, replay};
use crate::report::{
    self, DocumentKind, DocumentReport, GuardrailResult, PrincipalResult, Report, Severity,
    StatementReport, Verdict, Witness,
};
use crate::request::{CheckRequest, DocumentInput, KindInput, Settings};
use crate::source;
use crate::text::{Places, Span};

/// What a check is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// Reading the texts.
    Parse,
    /// Deciding the guardrails.
    Decide,
    /// Nothing any more.
    Done,
}

/// Checks documents against every guardrail.
pub fn check(request: &CheckRequest) -> Report {
    check_with(request, &mut |_| {})
}

/// As `check`, telling when each phase begins.
pub fn check_with(request: &CheckRequest, observe: &mut dyn FnMut(Phase)) -> Report {
    observe(Phase::Parse);
    let mut documents = Vec::with_capacity(request.documents.len());
    let mut reports = Vec::with_capacity(request.documents.len());
    let mut places = Vec::with_capacity(request.documents.len());
    for (source, input) in request.documents.iter().enumerate() {
        let text = Places::new(&input.text);
        let (document, report) = read_document(source, input, &text);
        documents.push(document);
        reports.push(report);
        places.push(text);
    }
    observe(Phase::Decide);
    let settings = &request.settings;
    let (authorized, remarks) = authorized(settings);
    let case = Case {
        documents,
        settings,
        now: settings.now.as_deref().and_then(parse_date),
        authorized,
        answers: RefCell::default(),
    };
    let mut assumptions = remarks;
    let mut guardrails = Vec::with_capacity(GUARDRAILS.len());
    for guardrail in GUARDRAILS {
        let ruling = (guardrail.check)(&case, guardrail);
        for assumption in &ruling.assumptions {
            if !assumptions.iter().any(|known| known == assumption) {
                assumptions.push(assumption.to_string());
            }
        }
        let mut result = result(guardrail.id, ruling, &reports, &places);
        add_replays(&mut result, request, &case);
        guardrails.push(result);
    }
    observe(Phase::Done);
    Report {
        documents: reports,
        guardrails,
        assumptions,
    }
}

fn read_document<'t>(
    source: usize,
    input: &'t DocumentInput,
    places: &Places<'t>,
) -> (Document<'t>, DocumentReport) {
    let mut reading = match source::parse(&input.text) {
        Ok(node) => read(node, input.kind),
        Err(problem) => unread(problem, input.kind),
    };
    let attached_to = attachment(input, &mut reading);
    let error = reading
        .problems
        .iter()
        .find(|problem| problem.severity == Severity::Error)
        .map(|problem| {
            format!(
                "line {}: {}",
                places.place(problem.span).line,
                problem.message
            )
        });
    let statements = reading
        .policy
        .iter()
        .flat_map(|policy| &policy.statements)
        .map(|statement| StatementReport {
            index: statement.index,
            sid: statement.sid.as_ref().map(|sid| sid.value.to_string()),
            effect: statement.effect.value,
            span: places.place(statement.span),
        })
        .collect();
    let report = DocumentReport {
        source,
        name: input.name.clone(),
        kind: reading.kind,
        kind_reason: reading.kind_reason,
        statements,
        problems: reading
            .problems
            .into_iter()
            .map(|problem| report::Problem {
                severity: problem.severity,
                message: problem.message,
                span: places.place(problem.span),
            })
            .collect(),
    };
    let document = Document {
        name: input.name.clone(),
        kind: reading.kind,
        policy: reading.policy,
        attached_to,
        error,
    };
    (document, report)
}

/// A text that is no JSON.
fn unread(problem: Problem, kind: KindInput) -> Reading<'static> {
    let kind = match kind {
        KindInput::Auto => None,
        KindInput::Given(kind) => Some(kind),
    };
    Reading {
        policy: None,
        kind,
        kind_reason: match kind {
            Some(_) => "you chose this kind".to_owned(),
            None => "the document could not be read, so its kind cannot be told".to_owned(),
        },
        problems: vec![problem],
    }
}

/// The principal that an identity-based policy is attached to. What is wrong with it is a problem of the
/// document, at its beginning.
fn attachment(input: &DocumentInput, reading: &mut Reading<'_>) -> Option<String> {
    let arn = input
        .attached_to
        .as_deref()
        .map(str::trim)
        .filter(|arn| !arn.is_empty())?;
    if reading.kind != Some(DocumentKind::Identity) {
        if reading.kind.is_some() {
            reading.problems.push(Problem::warning(
                Span::default(),
                format!("only identity-based policies are attached to a principal: `{arn}` is left aside"),
            ));
        }
        return None;
    }
    if !is_principal_arn(arn) {
        reading.problems.push(Problem::error(
            Span::default(),
            format!(
                "this policy cannot be attached to `{arn}`: name an IAM role, user or federated user by its ARN, \
                 such as `arn:aws:iam::111122223333:role/Developer`"
            ),
        ));
        reading.policy = None;
    }
    Some(arn.to_owned())
}

fn is_principal_arn(arn: &str) -> bool {
    let parts: Vec<&str> = arn.splitn(6, ':').collect();
    let &["arn", partition, service, "", account, rest] = parts.as_slice() else {
        return false;
    };
    let named = |prefix: &str| {
        rest.strip_prefix(prefix)
            .is_some_and(|name| !name.is_empty())
    };
    partition.starts_with("aws")
        && crate::evaluate::is_account(account)
        && !arn.contains(['*', '?'])
        && match service {
            "iam" => rest == "root" || named("role/") || named("user/"),
            "sts" => named("assumed-role/") || named("federated-user/"),
            _ => false,
        }
}

/// `authorizedPrincipals` as keys and the values that authorize; and what is to be said about entries that
/// authorize nobody.
fn authorized(settings: &Settings) -> (Vec<(String, Matcher)>, Vec<String>) {
    let mut authorized: Vec<(String, Vec<&str>)> = Vec::new();
    let mut remarks = Vec::new();
    for entry in &settings.authorized_principals {
        let entry = entry.trim();
        let (key, pattern) = match entry.split_once('=') {
            Some((key, pattern)) if key.contains(':') && !key.starts_with("arn:") => {
                (key.trim().to_ascii_lowercase(), pattern.trim())
            }
            _ => ("aws:principalarn".to_owned(), entry),
        };
        if key == "aws:principalarn"
            && !pattern.starts_with("arn:")
            && !pattern.starts_with(['*', '?'])
        {
            if !pattern.is_empty() {
                remarks.push(format!(
                    "`{entry}` authorizes nobody: write an ARN pattern such as `arn:aws:iam::*:role/{entry}`, or \
                     a condition key and a pattern such as `aws:PrincipalTag/team=security`"
                ));
            }
            continue;
        }
        match authorized.iter_mut().find(|(known, _)| *known == key) {
            Some((_, patterns)) => patterns.push(pattern),
            None => authorized.push((key, vec![pattern])),
        }
    }
    let matchers = authorized
        .into_iter()
        .map(|(key, patterns)| (key, Matcher::string_like(patterns)))
        .collect();
    (matchers, remarks)
}

/// A ruling as the report has it: its spans as places in the texts.
fn result(
    id: &str,
    ruling: Ruling,
    documents: &[DocumentReport],
    places: &[Places<'_>],
) -> GuardrailResult {
    let findings = |findings: Vec<Finding>| -> Vec<report::Finding> {
        findings
            .into_iter()
            .filter_map(|finding| place(finding, documents, places))
            .collect()
    };
    GuardrailResult {
        id: id.to_owned(),
        verdict: ruling.verdict.unwrap_or(Verdict::NotApplicable),
        summary: ruling.summary,
        actions: ruling.actions,
        findings: findings(ruling.findings),
        witness: ruling.witness,
        principals: ruling
            .principals
            .into_iter()
            .map(|principal| PrincipalResult {
                principal: principal.principal,
                verdict: principal.verdict,
                summary: principal.summary,
                witness: principal.witness,
                findings: findings(principal.findings),
            })
            .collect(),
    }
}

/// Adds to each witness the command that puts it to AWS's simulator.
fn add_replays(result: &mut GuardrailResult, request: &CheckRequest, case: &Case<'_>) {
    let mut witnesses: Vec<&mut Witness> = result.witness.iter_mut().collect();
    let mut findings: Vec<&mut report::Finding> = result.findings.iter_mut().collect();
    for principal in &mut result.principals {
        witnesses.extend(principal.witness.as_mut());
        findings.extend(&mut principal.findings);
    }
    witnesses.extend(
        findings
            .into_iter()
            .filter_map(|finding| finding.witness.as_mut()),
    );
    for witness in witnesses {
        let trail = witness.action.starts_with("cloudtrail:");
        let owner = case
            .documents
            .iter()
            .filter_map(|document| document.attached_to.as_deref())
            .find(|owner| *owner == witness.principal);
        let documents: Vec<Pasted<'_, '_>> = case
            .documents
            .iter()
            .zip(&request.documents)
            .filter_map(|(document, input)| {
                let (kind, policy) = (document.kind?, document.policy.as_ref()?);
                let own =
                    kind != DocumentKind::Identity || document.attached_to.as_deref() == owner;
                (own && bears_on(kind, trail)).then(|| Pasted {
                    name: &input.name,
                    kind,
                    policy,
                    json: Cow::Borrowed(&input.text),
                })
            })
            .collect();
        witness.replay = Some(replay(witness, &documents));
    }
}

fn place(
    finding: Finding,
    documents: &[DocumentReport],
    places: &[Places<'_>],
) -> Option<report::Finding> {
    let document = documents.get(finding.document)?;
    let text = places.get(document.source)?;
    let statement = finding.statement.and_then(|index| {
        document
            .statements
            .iter()
            .find(|statement| statement.index == index)
    });
    let mut marks: Vec<_> = finding
        .marks
        .into_iter()
        .map(|mark| text.place(mark))
        .collect();
    marks.sort_by_key(|mark| (mark.start, mark.end));
    marks.dedup();
    Some(report::Finding {
        role: finding.role,
        document: finding.document,
        statement: finding.statement,
        span: statement.map_or_else(|| text.place(Span::default()), |statement| statement.span),
        marks,
        message: finding.message,
        witness: finding.witness,
    })
}

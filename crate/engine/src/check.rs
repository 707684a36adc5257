//! A whole check: texts in, report out.

use crate::matcher::Matcher;
use crate::report::Report;
use crate::request::{CheckRequest, Settings};
use crate::survey::Survey;

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
    let survey = Survey::new(request);
    observe(Phase::Decide);
    let report = survey.finish();
    observe(Phase::Done);
    report
}

/// `authorizedPrincipals` as keys and the values that authorize; and what is to be said about entries that
/// authorize nobody.
pub(crate) fn authorized(settings: &Settings) -> (Vec<(String, Matcher)>, Vec<String>) {
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

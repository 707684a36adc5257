//! Placeholders that were never filled in: AWS's own samples are full of them, and protect nothing as pasted.

use crate::policy::arn::Arn;
use crate::policy::elements::{Text, excerpt};
use crate::policy::{Version, variable};
use crate::problem::Problems;

pub(super) fn warn(text: &Text<'_>, version: Version, problems: &mut Problems) {
    let Some(placeholder) = find(&text.value) else {
        return;
    };
    let why = if placeholder.starts_with("${AWS::") {
        "CloudFormation fills it in only under `Fn::Sub`, and AWS takes it literally here"
    } else if placeholder.starts_with("${") && version == Version::V2012 {
        "AWS takes it for a policy variable that no request resolves, so this matches nothing"
    } else {
        "AWS takes it literally, so this matches nothing that exists"
    };
    problems.warning(
        text.span,
        format!(
            "the placeholder `{}` is not filled in: {why}; put your own value there",
            excerpt(placeholder)
        ),
    );
}

/// The first placeholder of a text: `${Region}`, `[CLOUDTRAIL_NAME]`, `<account-id>`, `{{ account }}`, `ACCOUNT-ID`.
pub(in crate::policy) fn find(text: &str) -> Option<&str> {
    let variable = || {
        let unknown = |body: &str| !body.is_empty() && !variable::is_variable(body);
        let found = variable::all(text).find(|variable| variable.body.is_some_and(unknown));
        found.map(|variable| variable.whole)
    };
    // Tags and user agents may hold brackets of their own: in `[ ]` only capitals count.
    let capitals = |inner: &str| {
        inner.len() > 1 && is_name(inner) && !inner.bytes().any(|byte| byte.is_ascii_lowercase())
    };
    variable()
        .or_else(|| bracketed(text, "[", "]", capitals))
        .or_else(|| bracketed(text, "<", ">", is_name))
        .or_else(|| bracketed(text, "{{", "}}", |inner| is_name(inner.trim())))
        .or_else(|| named_account(text))
}

/// The first `open…close` whose inside is accepted, brackets included.
fn bracketed<'t>(
    text: &'t str,
    open: &str,
    close: &str,
    accept: impl Fn(&str) -> bool,
) -> Option<&'t str> {
    text.match_indices(open).find_map(|(at, _)| {
        let inner = text.get(at + open.len()..)?;
        let inner = inner.get(..inner.find(close)?)?;
        accept(inner).then(|| text.get(at..at + open.len() + inner.len() + close.len()))?
    })
}

/// Letters, digits, `-`, `_` and single words: no expression, no pattern.
fn is_name(inner: &str) -> bool {
    !inner.is_empty()
        && inner.len() <= 64
        && inner.bytes().any(|b| b.is_ascii_alphabetic())
        && inner
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"-_ .".contains(&b))
}

/// `arn:aws:iam::ACCOUNT-ID-WITHOUT-HYPHENS:root`, as AWS's pages write.
fn named_account(text: &str) -> Option<&str> {
    let account = Arn::parse(text)?.account?;
    account
        .to_ascii_lowercase()
        .contains("account")
        .then_some(account)
        .filter(|account| !account.contains("${"))
}

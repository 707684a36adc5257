//! Placeholders that were never filled in: AWS's own samples are full of them, and protect nothing as pasted.

use crate::policy::arn::Arn;
use crate::policy::elements::{Text, Weights, list};
use crate::policy::variable;
use crate::problem::Problems;

/// Tells of the placeholders in a text.
pub(super) fn warn(text: &Text<'_>, seen: &Seen<'_>, problems: &mut Problems) {
    let found = find_in(&text.value, seen);
    if found.is_empty() {
        return;
    }
    let (what, are, value) = match found.len() {
        1 => ("placeholder", "is", "value"),
        _ => ("placeholders", "are", "values"),
    };
    let hint = if found
        .iter()
        .any(|placeholder| placeholder.starts_with("${AWS::"))
    {
        ", or paste what CloudFormation makes of it"
    } else {
        ""
    };
    problems.warning(
        text.span,
        format!(
            "the {what} {} {are} not filled in, so this matches nothing that exists: put your own {value} there{hint}",
            list(&found)
        ),
    );
}

/// What a first look at a text shows. Most texts hold no bracket, and then neither a placeholder nor a policy variable.
pub(super) struct Seen<'t> {
    pub(super) arn: Option<Arn<'t>>,
    pub(super) opens: bool,
}

static OPENING: Weights = Weights::new(0).with(b"{[<", 1);

impl<'t> Seen<'t> {
    pub(super) fn of(text: &'t str) -> Self {
        Self {
            arn: Arn::parse(text),
            opens: OPENING.sum(text) > 0,
        }
    }
}

/// The placeholders of a text, each once: `${Region}`, `[CLOUDTRAIL_NAME]`, `<account-id>`, `{{ account }}`, and
/// `ACCOUNT-ID` in place of an account.
pub(in crate::policy) fn find(text: &str) -> Vec<&str> {
    find_in(text, &Seen::of(text))
}

fn find_in<'t>(text: &'t str, seen: &Seen<'t>) -> Vec<&'t str> {
    let mut found: Vec<&str> = seen
        .arn
        .as_ref()
        .and_then(named_account)
        .into_iter()
        .collect();
    if seen.opens {
        let unknown = |body: &str| !body.is_empty() && !variable::is_variable(body);
        // Tags and user agents may hold brackets of their own: in `[ ]` only capitals and joined words count.
        let spelled_out = |inner: &str| {
            let joined = inner.contains(['-', '_']);
            inner.len() > 1
                && is_name(inner)
                && (joined || !inner.bytes().any(|byte| byte.is_ascii_lowercase()))
        };
        let more = variable::all(text)
            .filter(|variable| variable.body.is_some_and(unknown))
            .map(|variable| variable.whole)
            .chain(bracketed(text, "[", "]", spelled_out))
            .chain(bracketed(text, "<", ">", is_name))
            .chain(bracketed(text, "{{", "}}", |inner| is_name(inner.trim())));
        found.extend(more.take(MOST));
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// So many are told of one text.
const MOST: usize = 5;

/// Every `open…close` whose inside is accepted, brackets included.
fn bracketed<'t>(
    text: &'t str,
    open: &'static str,
    close: &'static str,
    accept: impl Fn(&str) -> bool,
) -> impl Iterator<Item = &'t str> {
    places(text, open).filter_map(move |at| {
        let inner = text.get(at + open.len()..)?;
        // No name is longer; looking further would cost the square of a text full of brackets.
        let near = inner.get(..inner.floor_char_boundary(LONGEST + close.len()))?;
        let inner = near.get(..near.find(close)?)?;
        let end = at + open.len() + inner.len() + close.len();
        accept(inner).then(|| text.get(at..end))?
    })
}

/// Where a bracket of one or two characters stands: no search is prepared for it, since the texts are short.
fn places(text: &str, open: &'static str) -> impl Iterator<Item = usize> {
    let (bytes, open) = (text.as_bytes(), open.as_bytes());
    let mut from = 0;
    std::iter::from_fn(move || {
        loop {
            let rest = bytes.get(from..)?;
            let at = from + rest.iter().position(|byte| Some(byte) == open.first())?;
            if bytes.get(at..)?.starts_with(open) {
                from = at + open.len();
                return Some(at);
            }
            from = at + 1;
        }
    })
}

/// The longest name taken for a placeholder.
const LONGEST: usize = 64;

/// Letters, digits, `-`, `_` and single words: no expression, no pattern.
fn is_name(inner: &str) -> bool {
    !inner.is_empty()
        && inner.len() <= LONGEST
        && inner.bytes().any(|b| b.is_ascii_alphabetic())
        && inner
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"-_ .".contains(&b))
}

/// `arn:aws:iam::ACCOUNT-ID-WITHOUT-HYPHENS:root`, as AWS's pages write.
fn named_account<'t>(arn: &Arn<'t>) -> Option<&'t str> {
    let account = arn.account?;
    let named = account.starts_with(|c: char| c.is_ascii_alphabetic())
        && account.to_ascii_lowercase().contains("account");
    named.then_some(account)
}

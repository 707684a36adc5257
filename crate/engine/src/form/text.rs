//! A pasted text to what is in it. Text that is one JSON value is left to the forms of trees; the others are texts
//! around values, encoded ones, and parts of them.

mod around;
mod damaged;
mod encoded;
mod hcl;
mod inside;
mod markdown;
mod values;
mod yaml;

pub(super) use damaged::REST;

use super::Content;
use super::finder::{Finder, Recognised};
use super::policy_document::unnamed;
use crate::policy::{OF_STATEMENT, first};
use crate::problem::Problem;
use crate::source::{Node, Value, parse, shift};
use crate::text::Span;

/// A stretch of the pasted text.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stretch<'t> {
    pub(crate) text: &'t str,
    /// Its first position.
    pub(crate) start: u32,
}

impl Stretch<'_> {
    pub(crate) fn span(&self) -> Span {
        let len = Span::new(0, self.text.len()).end;
        Span {
            start: self.start,
            end: self.start.saturating_add(len),
        }
    }
}

impl<'t> Stretch<'t> {
    /// A part of it, from byte to byte.
    pub(crate) fn part(&self, from: usize, to: usize) -> Stretch<'t> {
        Stretch {
            text: self.text.get(from..to).unwrap_or_default(),
            start: self.start.saturating_add(Span::new(from, to).start),
        }
    }
}

/// A form of text that is no single JSON value.
type TextForm = for<'t> fn(Stretch<'t>, &str, &mut Finder<'t>) -> Option<Recognised>;

/// In the order in which they are tried.
static TEXT_FORMS: [TextForm; 9] = [
    encoded::find,
    markdown::find,
    inside::find,
    hcl::find,
    yaml::find,
    around::find,
    damaged::find,
    damaged::find_yaml,
    yaml::find_other,
];

/// Finds the policies of an input.
pub(crate) fn find(text: &str) -> Finder<'_> {
    let mut finder = Finder::new(text);
    let whole = Stretch { text, start: 0 };
    let (form, reason) = match stretch(whole, "", &mut finder) {
        Ok(known) => known,
        Err(Unknown::Tree(node)) => {
            // The reader of policy documents says what is wrong with it, and what would be right.
            let span = node.span;
            let content = no_document(node, &mut finder);
            finder.content(content, span, unnamed(""));
            (
                "not known".to_owned(),
                "it has none of the members by which forms are recognised".to_owned(),
            )
        }
        Err(Unknown::Text(problem)) => {
            let reason = problem.message.clone();
            // Of JSON that is broken, its error says enough.
            if !text.trim_start().is_empty() && !text.trim_start().starts_with(['{', '[', '"']) {
                finder.problem(whole.span(), ACCEPTED);
            }
            finder.content(Content::Broken(problem), whole.span(), unnamed(""));
            ("a text that could not be read".to_owned(), reason)
        }
    };
    finder.found.form = form;
    finder.found.reason = reason;
    finder
}

/// What is said where no policy was found.
const ACCEPTED: &str = "what is read here: a policy document, such as \
    `{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Deny\", \"Action\": \"cloudtrail:StopLogging\", \"Resource\": \"*\"}]}`; \
    several of them, or statements alone; the output of `aws iam get-account-authorization-details`, `get-policy-version`, \
    `get-role-policy`, of `aws organizations describe-policy`, `aws s3api get-bucket-policy` and commands alike; \
    CloudFormation and SAM templates; plans and state by `terraform show -json`";

/// A value that no form knows. Where nobody has meant a policy document, no more is said of it than what is read.
fn no_document<'t>(node: Node<'t>, finder: &mut Finder<'t>) -> Content<'t> {
    if looks_like_a_document(&node) {
        return Content::Tree(node);
    }
    finder.problem(node.span, ACCEPTED);
    let why = match &node.value {
        Value::Object(_) => "it has no `Statement`",
        other => &format!("it is {}", other.describe()),
    };
    Content::Broken(Problem::error(
        first(node.span),
        format!("no policy was found in it: {why}"),
    ))
}

/// Whether somebody has meant a policy document, and its own errors say enough.
fn looks_like_a_document(node: &Node<'_>) -> bool {
    match &node.value {
        Value::Object(members) => members.iter().any(|member| {
            let name = &*member.name.value;
            OF_STATEMENT.contains(&name) || ["Version", "Statement", "Id"].contains(&name)
        }),
        _ => false,
    }
}

/// What no form knows: a value, or a text that is none, and why.
pub(crate) enum Unknown<'t> {
    Tree(Node<'t>),
    Text(Problem),
}

/// Finds the policies of a text.
pub(crate) fn stretch<'t>(
    stretch: Stretch<'t>,
    path: &str,
    finder: &mut Finder<'t>,
) -> Result<Recognised, Unknown<'t>> {
    let mut node = match parse(stretch.text) {
        Ok(node) => node,
        Err(mut problem) => {
            shift(&mut problem.span, stretch.start);
            return TEXT_FORMS
                .iter()
                .find_map(|form| form(stretch, path, finder))
                .ok_or(Unknown::Text(problem));
        }
    };
    if stretch.start > 0 {
        node.shift(stretch.start);
    }
    match node.value {
        Value::String(_) => finder.string(node, path),
        _ => finder.tree(node, path),
    }
    .map_err(Unknown::Tree)
}

/// The forms that were recognised, each once.
fn distinct(forms: &[Recognised]) -> String {
    let mut names: Vec<&str> = Vec::new();
    for (form, _) in forms {
        if !names.contains(&form.as_str()) {
            names.push(form);
        }
    }
    names.join("; ")
}

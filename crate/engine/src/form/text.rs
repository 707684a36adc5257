//! A pasted text to what is in it.

use super::Content;
use super::finder::Finder;
use super::policy_document::unnamed;
use crate::source::{Value, parse};
use crate::text::Span;

/// Finds the policies of an input.
pub(crate) fn find(text: &str) -> Finder<'_> {
    let mut finder = Finder::new(text);
    let whole = Span::new(0, text.len());
    let node = match parse(text) {
        Ok(node) => node,
        Err(problem) => {
            finder.found.form = "a text that could not be read".to_owned();
            finder.found.reason = problem.message.clone();
            finder.content(Content::Broken(problem), whole, unnamed(""));
            return finder;
        }
    };
    let known = match node.value {
        Value::String(_) => finder.string(node, ""),
        _ => finder.tree(node, ""),
    };
    let (form, reason) = known.unwrap_or_else(|node| {
        // Told by the reader of policy documents: what is wrong, and what would be right.
        let span = node.span;
        finder.content(Content::Tree(node), span, unnamed(""));
        (
            "not known".to_owned(),
            "it has none of the members by which forms are recognised".to_owned(),
        )
    });
    finder.found.form = form;
    finder.found.reason = reason;
    finder
}

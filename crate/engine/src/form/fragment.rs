//! Parts of a policy document: a statement, or a list of statements.

use std::borrow::Cow;

use super::finder::Finder;
use super::policy_document::unnamed;
use super::{Content, Form};
use crate::draft::Draft;
use crate::policy::{OF_STATEMENT, first};
use crate::source::{Member, Node, Value};
use crate::text::{Span, Spanned};

pub(super) static STATEMENT: Form = Form {
    name: "a statement without its document",
    recognise: |node| {
        is_statement(node).then(|| "it has an `Effect`, and only elements of statements".to_owned())
    },
    find: |node, path, finder| {
        let span = node.span;
        document(Box::new([node]), span, path, finder);
    },
};

pub(super) static STATEMENTS: Form = Form {
    name: "a list of statements without their document",
    recognise: |node| match &node.value {
        Value::Array(nodes) if !nodes.is_empty() && nodes.iter().all(is_statement) => {
            Some("each of its elements has an `Effect`, and only elements of statements".to_owned())
        }
        _ => None,
    },
    find: |node, path, finder| {
        let span = node.span;
        if let Value::Array(nodes) = node.value {
            document(nodes, span, path, finder);
        }
    },
};

/// An object with an `Effect` and nothing that a statement does not have.
fn is_statement(node: &Node<'_>) -> bool {
    let Value::Object(members) = &node.value else {
        return false;
    };
    let mut effect = false;
    members.iter().all(|member| {
        effect |= member.name.value == "Effect";
        OF_STATEMENT.contains(&member.name.value.as_ref())
    }) && effect
}

/// Whether a tree is a document or statements of one.
pub(super) fn is_part_of_document(node: &Node<'_>) -> bool {
    match &node.value {
        Value::Array(nodes) => nodes.iter().any(is_statement),
        Value::Object(members) => {
            is_statement(node)
                || members
                    .iter()
                    .any(|member| member.name.value == "Statement")
        }
        _ => false,
    }
}

/// Whether a draft is a document.
pub(super) fn is_draft_of_document(draft: &Draft<'_>) -> bool {
    draft.get("Statement").is_some()
}

/// The document that the statements would stand in.
fn document<'t>(statements: Box<[Node<'t>]>, span: Span, path: &str, finder: &mut Finder<'t>) {
    finder.problem(
        span,
        "this is a part of a policy document: it is judged as the `Statement` of one with `\"Version\": \"2012-10-17\"`",
    );
    let start = first(span);
    let member = |name: &'static str, value, span| Member {
        name: Spanned::new(Cow::Borrowed(name), start),
        value: Node { span, value },
    };
    let node = Node {
        span,
        value: Value::Object(Box::new([
            member("Version", Value::String(Cow::Borrowed("2012-10-17")), start),
            member("Statement", Value::Array(statements), span),
        ])),
    };
    finder.content(Content::Rendered(node), span, unnamed(path));
}

//! The policy document: `Version`, `Id` and `Statement`.

use super::elements::{OF_DOCUMENT, OF_STATEMENT, excerpt, first, string, take, unknown_element};
use super::{Policy, Statement, Version, kind, statement, warnings};
use crate::problem::{Problem, Problems};
use crate::report::DocumentKind;
use crate::request::KindInput;
use crate::source::{Member, Node, Value};
use crate::text::Span;

/// What was read from one document.
#[derive(Debug)]
pub struct Reading<'t> {
    /// `None` where AWS would refuse the document.
    pub policy: Option<Policy<'t>>,
    /// The kind as given or detected; `None` where it could not be told.
    pub kind: Option<DocumentKind>,
    /// Why that kind.
    pub kind_reason: String,
    /// All that is wrong or suspicious, in the order of the text.
    pub problems: Vec<Problem>,
}

/// Reads a document. An error does not end the reading: all of them are told.
pub fn read<'t>(document: Node<'t>, kind: KindInput) -> Reading<'t> {
    let mut problems = Problems::default();
    let start = first(document.span);
    let header = read_document(document, &mut problems);
    let given = match kind {
        KindInput::Auto => None,
        KindInput::Given(kind) => Some(kind),
    };
    let detected = header.as_ref().map(|header| match given {
        Some(kind) => (kind, "you chose this kind".to_owned()),
        None => kind::detect(&header.policy),
    });
    if let (Some(header), Some((kind, _))) = (&header, &detected) {
        kind::check(&header.policy, *kind, &mut problems);
        kind::check_document(header, *kind, given.is_some(), start, &mut problems);
    }
    let policy = header
        .map(|header| header.policy)
        .filter(|_| !problems.has_errors());
    if let Some(policy) = &policy {
        warnings::find(policy, &mut problems);
    }
    // Half a document does not tell its kind.
    let (kind, kind_reason) = match detected.filter(|_| policy.is_some() || given.is_some()) {
        Some((kind, reason)) => (Some(kind), reason),
        None => (
            given,
            "the document has errors, so its kind cannot be told".to_owned(),
        ),
    };
    Reading {
        policy,
        kind,
        kind_reason,
        problems: problems.into_vec(),
    }
}

/// A document's elements.
pub(super) struct Header<'t> {
    pub(super) policy: Policy<'t>,
    /// Whether the document says its version.
    pub(super) has_version: bool,
    /// The name of the `Id` element.
    pub(super) id: Option<Span>,
}

fn read_document<'t>(document: Node<'t>, problems: &mut Problems) -> Option<Header<'t>> {
    let members = match document.value {
        Value::Object(members) => members,
        other => {
            problems.error(first(document.span), no_document(&other));
            return None;
        }
    };
    if let Some((span, message)) = other_document(&members) {
        problems.error(span, message);
        return None;
    }
    let unknown = |name: &str| unknown_element(name, false);
    let [version, id, statement] = take(members, &OF_DOCUMENT, unknown, problems);
    let has_version = version.is_some();
    let version = version.map_or(Version::V2008, |version| {
        read_version(version.value, problems)
    });
    let id = id.map(|id| {
        string("Id", id.value, problems);
        id.name.span
    });
    let statements = match statement {
        Some(statement) => read_statements(statement, version, problems),
        None => {
            problems.error(
                first(document.span),
                "the document has no `Statement` element, and AWS refuses it: add a list of statements",
            );
            Vec::new()
        }
    };
    Some(Header {
        policy: Policy {
            version,
            statements,
        },
        has_version,
        id,
    })
}

fn read_version(node: Node<'_>, problems: &mut Problems) -> Version {
    let Some(version) = string("Version", node, problems) else {
        return Version::V2012;
    };
    match version.value.as_ref() {
        "2012-10-17" => Version::V2012,
        "2008-10-17" => Version::V2008,
        other => {
            problems.error(
                version.span,
                format!(
                    "AWS knows no policy language version `{}`: write `2012-10-17`; it is the version of the language, not the date of your policy",
                    excerpt(other)
                ),
            );
            Version::V2012
        }
    }
}

fn read_statements<'t>(
    member: Member<'t>,
    version: Version,
    problems: &mut Problems,
) -> Vec<Statement<'t>> {
    let nodes = match member.value.value {
        Value::Array(nodes) => nodes.into_vec(),
        object @ Value::Object(_) => vec![Node {
            span: member.value.span,
            value: object,
        }],
        other => {
            problems.error(
                first(member.value.span),
                format!(
                    "`Statement` takes a statement or a list of statements, not {}",
                    other.describe()
                ),
            );
            return Vec::new();
        }
    };
    if nodes.is_empty() {
        problems.error(
            member.name.span,
            "the document has no statement, and AWS refuses it: add one",
        );
    }
    let mut statements = Vec::with_capacity(nodes.len());
    for (index, node) in nodes.into_iter().enumerate() {
        statements.extend(statement::read(index, node, version, problems));
    }
    statements
}

/// What stands in place of an object.
fn no_document(value: &Value<'_>) -> String {
    match value {
        Value::Array(nodes) if nodes.iter().any(is_statement) => {
            "this is a list of statements: put it into a document, `{\"Version\": \"2012-10-17\", \"Statement\": [ … ]}`".to_owned()
        }
        Value::Array(_) => {
            "this is a list, and a policy document is an object: paste each policy as a document of its own, beginning with `{`".to_owned()
        }
        Value::String(text) if text.trim_start().starts_with('{') => {
            "this is a string that holds a document: paste what is inside it, without the quotation marks around it and the backslashes in it".to_owned()
        }
        other => format!("a policy document is an object that begins with `{{`, and this is {}", other.describe()),
    }
}

fn is_statement(node: &Node<'_>) -> bool {
    matches!(&node.value, Value::Object(members) if members.iter().any(|member| member.name.value == "Effect"))
}

/// An object that is something else than a policy document, though it may hold one.
fn other_document(members: &[Member<'_>]) -> Option<(Span, String)> {
    let named = |names: &[&str]| {
        members
            .iter()
            .find(|member| names.contains(&member.name.value.as_ref()))
    };
    if named(&["Statement"]).is_some() {
        return None;
    }
    let told = if let Some(wrapper) = named(&[
        "PolicyVersion",
        "PolicyDocument",
        "AssumeRolePolicyDocument",
        "Policy",
        "policy",
        "Document",
        "Content",
    ]) {
        let name = &wrapper.name.value;
        (
            wrapper.name.span,
            format!(
                "the policy document is inside of `{name}`: paste only that part, the object that holds `Statement`"
            ),
        )
    } else if let Some(template) = named(&["AWSTemplateFormatVersion", "Resources"]) {
        (template.name.span, "this is a CloudFormation template: paste a policy document from it, the object that holds `Statement`".to_owned())
    } else if let Some(plan) = named(&["terraform_version", "format_version", "planned_values"]) {
        (plan.name.span, "this is a Terraform plan or state: paste a policy document from it, the object that holds `Statement`".to_owned())
    } else {
        let effect = named(&["Effect"]).filter(|_| {
            members
                .iter()
                .all(|member| OF_STATEMENT.contains(&member.name.value.as_ref()))
        })?;
        (effect.name.span, "this is a statement, not a document: put it into `{\"Version\": \"2012-10-17\", \"Statement\": [ … ]}`".to_owned())
    };
    Some(told)
}

#[cfg(test)]
mod tests;

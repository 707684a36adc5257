//! `aws organizations describe-policy`, and lists of what it gives: an SCP or RCP in a string ("DescribePolicy" in the
//! AWS Organizations API Reference).

use super::targets;
use crate::form::finder::{Finder, Policy};
use crate::form::members::{all_of, first, get, has, join, string, take, take_list};
use crate::form::register::{Attachment, Scp, Target};
use crate::form::{Applies, Form};
use crate::report::DocumentKind;
use crate::source::Node;

pub(in crate::form) static FORM: Form = Form {
    name: "the output of `aws organizations describe-policy`",
    recognise: |node| {
        let described = |policy: &Node<'_>| get(policy, "Content").is_some();
        if all_of(node, &["PolicySummary", "Content"]).is_some() {
            return Some(has(&["PolicySummary", "Content"]));
        }
        if get(node, "Policy").is_some_and(described) {
            return Some("its `Policy` has the member `Content`".to_owned());
        }
        let policies = get(node, "Policies")?;
        first(policies)
            .is_some_and(described)
            .then(|| "its `Policies` have the member `Content`".to_owned())
    },
    find,
};

fn find<'t>(mut node: Node<'t>, path: &str, finder: &mut Finder<'t>) {
    if let Some(mut one) = take(&mut node, "Policy") {
        let path = join(path, &one.name.value);
        // Dumps join the output of `list-targets-for-policy` to it.
        policy(&mut one.value, &path, targets(&node), finder);
    } else if get(&node, "Policies").is_some() {
        let path = join(path, "Policies");
        for (index, mut one) in take_list(&mut node, "Policies").into_iter().enumerate() {
            policy(&mut one, &format!("{path}[{index}]"), Vec::new(), finder);
        }
    } else {
        policy(&mut node, path, Vec::new(), finder);
    }
}

fn policy<'t>(node: &mut Node<'t>, path: &str, mut applied: Vec<Target>, finder: &mut Finder<'t>) {
    let summary = get(node, "PolicySummary").unwrap_or(node);
    let id = string(summary, "Id").map(str::to_owned);
    let name = string(summary, "Name").map(str::to_owned);
    let told = string(summary, "Type").map(str::to_owned);
    if let Some(arn) = string(summary, "Arn") {
        finder.found.register.managed_by(arn);
    }
    let name = name.or_else(|| id.clone()).unwrap_or_default();
    applied.extend(targets(node));
    let Some(content) = take(node, "Content") else {
        finder.problem(
            node.span,
            format!("`{path}` has no `Content`: paste what `aws organizations describe-policy` gives for it"),
        );
        return;
    };
    let kind = match told.as_deref() {
        Some("SERVICE_CONTROL_POLICY") => Some(DocumentKind::Scp),
        Some("RESOURCE_CONTROL_POLICY") => Some(DocumentKind::Rcp),
        None => None,
        Some(other) => {
            finder.problem(
                content.value.span,
                format!("the policy `{name}` is a `{other}`, which does not say who may do what: it is left aside"),
            );
            return;
        }
    };
    let index = finder.policy(
        content.value,
        Policy {
            name,
            path: join(path, &content.name.value),
            kind: kind.map(|kind| {
                let told = told.unwrap_or_default();
                (kind, format!("its `Type` is `{told}`"))
            }),
            applies: Applies::Unnamed,
        },
    );
    if kind == Some(DocumentKind::Scp) {
        let register = &mut finder.found.register;
        register.scps.extend(id.map(|id| (id, index)));
        register
            .attachments
            .extend(applied.into_iter().map(|target| Attachment {
                target,
                policy: Scp::Here(index),
                listed: None,
            }));
    }
}

//! `aws organizations describe-policy`, and lists of what it gives: an SCP or RCP in a string ("DescribePolicy" in the
//! AWS Organizations API Reference).

use std::collections::HashMap;

use super::finder::{Finder, Policy};
use super::members::{all_of, first, get, has, join, list, string, take, take_list};
use super::{Applies, Form, FoundPrincipal};
use crate::report::DocumentKind;
use crate::source::{Node, Value};

pub(super) static FORM: Form = Form {
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
    let mut targets = Targets::default();
    if let Some(mut one) = take(&mut node, "Policy") {
        let path = join(path, &one.name.value);
        // Dumps join the output of `list-targets-for-policy` to it.
        let beside = targets_of(&node);
        policy(&mut one.value, &path, beside, &mut targets, finder);
    } else if get(&node, "Policies").is_some() {
        let path = join(path, "Policies");
        for (index, mut one) in take_list(&mut node, "Policies").into_iter().enumerate() {
            policy(
                &mut one,
                &format!("{path}[{index}]"),
                Vec::new(),
                &mut targets,
                finder,
            );
        }
    } else {
        policy(&mut node, path, Vec::new(), &mut targets, finder);
    }
    finder.found.principals.extend(targets.list);
}

/// What SCPs are attached to, where the input says so.
#[derive(Default)]
struct Targets {
    known: HashMap<String, usize>,
    list: Vec<FoundPrincipal>,
}

impl Targets {
    fn add(&mut self, name: String, policy: usize) {
        let at = *self.known.entry(name.clone()).or_insert(self.list.len());
        match self.list.get_mut(at) {
            Some(target) => target.policies.push(policy),
            None => self.list.push(FoundPrincipal {
                name,
                policies: vec![policy],
                ..FoundPrincipal::default()
            }),
        }
    }
}

/// Names of the targets: accounts, organizational units or the root.
fn targets_of(node: &Node<'_>) -> Vec<String> {
    let ids = list(node, "TargetIds")
        .iter()
        .filter_map(|id| match &id.value {
            Value::String(id) => Some(target_name(id, None)),
            _ => None,
        });
    let targets = list(node, "Targets").iter().filter_map(|target| {
        let id = string(target, "TargetId").or_else(|| string(target, "Id"))?;
        Some(target_name(id, string(target, "Name")))
    });
    ids.chain(targets).collect()
}

fn target_name(id: &str, name: Option<&str>) -> String {
    let what = if id.starts_with("r-") {
        "root"
    } else if id.starts_with("ou-") {
        "organizational unit"
    } else {
        "account"
    };
    match name {
        Some(name) => format!("{what} {id} ({name})"),
        None => format!("{what} {id}"),
    }
}

fn policy<'t>(
    node: &mut Node<'t>,
    path: &str,
    mut applied: Vec<String>,
    targets: &mut Targets,
    finder: &mut Finder<'t>,
) {
    let summary = get(node, "PolicySummary").unwrap_or(node);
    let name = string(summary, "Name")
        .or_else(|| string(summary, "Id"))
        .unwrap_or_default()
        .to_owned();
    let told = string(summary, "Type").map(str::to_owned);
    applied.extend(targets_of(node));
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
    let by_target = !applied.is_empty() && kind == Some(DocumentKind::Scp);
    let index = finder.policy(
        content.value,
        Policy {
            name,
            path: join(path, &content.name.value),
            kind: kind.map(|kind| {
                let told = told.unwrap_or_default();
                (kind, format!("its `Type` is `{told}`"))
            }),
            applies: if by_target {
                Applies::Attached
            } else {
                Applies::Unnamed
            },
        },
    );
    if by_target {
        for target in applied {
            targets.add(target, index);
        }
    }
}

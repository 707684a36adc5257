//! Output of `aws organizations`: SCPs and RCPs, what they are attached to, and what stands where in an organization.

pub(super) mod described;
pub(super) mod listed;

use super::members::{get, list, string};
use super::register::Target;
use crate::source::{Node, Value};

/// The targets that an output lists: accounts, organizational units or the root.
fn targets(node: &Node<'_>) -> Vec<Target> {
    let ids = list(node, "TargetIds")
        .iter()
        .filter_map(|id| match &id.value {
            Value::String(id) => Some(Target::new(id, None)),
            _ => None,
        });
    let targets = list(node, "Targets").iter().filter_map(|target| {
        let id = string(target, "TargetId").or_else(|| string(target, "Id"))?;
        Some(Target::new(id, string(target, "Name")))
    });
    ids.chain(targets).collect()
}

/// Whether the first element of a list has these members.
fn lists(node: &Node<'_>, name: &str, of_each: &[&str]) -> bool {
    list(node, name)
        .first()
        .is_some_and(|first| of_each.iter().all(|member| get(first, member).is_some()))
}

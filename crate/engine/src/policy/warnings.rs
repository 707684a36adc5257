//! What AWS accepts and what probably does not do what its author meant.

pub(super) mod cloudtrail;
mod condition;
mod empty;
mod global_keys;
pub(super) mod placeholder;
mod session_arn;
mod variable;

use super::Policy;
use super::elements::Text;
use crate::problem::Problems;

/// Tells of everything suspicious in a document.
pub(super) fn find(policy: &Policy<'_>, problems: &mut Problems) {
    for statement in &policy.statements {
        empty::find(statement, problems);
        cloudtrail::find(statement, problems);
        for condition in &statement.conditions {
            condition::find(condition, problems);
            global_keys::find(condition, problems);
            session_arn::find(condition, problems);
        }
    }
    for text in texts(policy) {
        placeholder::warn(text, problems);
    }
    variable::find(policy, problems);
}

/// Every resource and condition value; actions are looked at by `cloudtrail`, and principals with a placeholder are errors.
fn texts<'p, 't>(policy: &'p Policy<'t>) -> impl Iterator<Item = &'p Text<'t>> {
    policy.statements.iter().flat_map(|statement| {
        let resources = statement
            .resource
            .iter()
            .flat_map(|element| element.matching.list());
        let values = statement
            .conditions
            .iter()
            .flat_map(|condition| &condition.values);
        resources.chain(values)
    })
}

#[cfg(test)]
mod tests;

//! What AWS accepts and what probably does not do what its author meant.

pub(super) mod cloudtrail;
mod condition;
mod empty;
mod global_keys;
pub(super) mod placeholder;
mod session_arn;
mod variable;

use self::placeholder::Seen;
use super::Policy;
use crate::problem::Problems;

/// Tells of everything suspicious in a document.
pub(super) fn find(policy: &Policy<'_>, problems: &mut Problems) {
    for statement in &policy.statements {
        empty::find(statement, problems);
        // Its principals were looked at as they were read: a placeholder there is an error.
        cloudtrail::find(statement, problems);
        for resource in statement
            .resource
            .iter()
            .flat_map(|element| element.matching.list())
        {
            let seen = Seen::of(&resource.value);
            if let Some(arn) = &seen.arn {
                cloudtrail::incomplete_trail(resource, arn, problems);
            }
            placeholder::warn(resource, &seen, problems);
            if seen.opens {
                variable::in_resource(resource, seen.arn.as_ref(), policy.version, problems);
            }
        }
        for condition in &statement.conditions {
            condition::find(condition, problems);
            global_keys::find(condition, problems);
            session_arn::find(condition, problems);
            for value in &condition.values {
                let seen = Seen::of(&value.value);
                placeholder::warn(value, &seen, problems);
                if seen.opens {
                    variable::in_value(value, condition.operator.value, policy.version, problems);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;

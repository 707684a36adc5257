//! Empty lists: AWS accepts them ("Empty array action" and others of Access Analyzer's suggestions).

use crate::policy::{Element, Matching, Statement};
use crate::problem::Problems;

pub(super) fn find(statement: &Statement<'_>, problems: &mut Problems) {
    element("Action", &statement.action, problems);
    if let Some(principal) = &statement.principal {
        element("Principal", principal, problems);
    }
    if let Some(resource) = &statement.resource {
        element("Resource", resource, problems);
    }
    for condition in &statement.conditions {
        if condition.values.is_empty() {
            problems.warning(
                condition.span,
                format!("the condition key `{}` has no values to compare with: give it some, or delete it", condition.key.value),
            );
        }
    }
}

fn element<T>(name: &str, element: &Element<T>, problems: &mut Problems) {
    match &element.matching {
        Matching::Only(list) if list.is_empty() => problems.warning(
            element.span,
            format!("the list `{name}` is empty, so the statement is about nothing at all: fill it, or delete the statement"),
        ),
        Matching::AllExcept(list) if list.is_empty() => problems.warning(
            element.span,
            format!("the list `Not{name}` is empty, so the statement is about everything: fill it, or write `\"{name}\": \"*\"` if that is meant"),
        ),
        _ => {}
    }
}

//! Whom a statement of a bucket policy is for, and whether its conditions keep strangers out.

use crate::policy::operator::{Comparison, SetOperator};
use crate::policy::principal::PrincipalKind;
use crate::policy::{Condition, Matching, Statement};
use crate::text::Span;

/// CloudTrail's service principal.
pub(super) const CLOUDTRAIL: &str = "cloudtrail.amazonaws.com";

/// Where a statement names CloudTrail's service principal.
pub(super) fn service_entry(statement: &Statement<'_>) -> Option<Span> {
    match statement
        .principal
        .as_ref()
        .map(|element| &element.matching)
    {
        Some(Matching::Only(list)) => list
            .iter()
            .find(|entry| {
                entry.kind == PrincipalKind::Service
                    && entry.value.value.eq_ignore_ascii_case(CLOUDTRAIL)
            })
            .map(|entry| entry.value.span),
        _ => None,
    }
}

/// Whether a statement is for callers other than services.
pub(super) fn names_iam_principals(statement: &Statement<'_>) -> bool {
    match statement
        .principal
        .as_ref()
        .map(|element| &element.matching)
    {
        Some(Matching::Only(list)) => list
            .iter()
            .any(|entry| entry.kind != PrincipalKind::Service),
        Some(Matching::AllExcept(_)) => true,
        None => false,
    }
}
/// Whether a condition holds only where its key is in the request.
pub(super) fn requires_presence(condition: &Condition<'_>) -> bool {
    let operator = condition.operator.value;
    !operator.if_exists
        && !operator.comparison.is_negated()
        && operator.comparison != Comparison::Null
        && operator.set != Some(SetOperator::ForAllValues)
}

pub(super) fn confining_key(condition: &Condition<'_>) -> bool {
    matches!(
        condition.key.value.to_ascii_lowercase().as_str(),
        "aws:principalorgid"
            | "aws:principalorgpaths"
            | "aws:principalaccount"
            | "aws:principalarn"
            | "aws:sourceaccount"
            | "aws:sourceorgid"
            | "aws:sourceorgpaths"
    )
}

/// Whether an `Allow`'s condition keeps strangers out.
pub(super) fn confines(condition: &Condition<'_>) -> bool {
    confining_key(condition) && requires_presence(condition)
}

/// Whether a condition ties CloudTrail's call to somebody's trail.
pub(super) fn confined_deputy(condition: &Condition<'_>) -> bool {
    matches!(
        condition.key.value.to_ascii_lowercase().as_str(),
        "aws:sourcearn" | "aws:sourceaccount" | "aws:sourceorgid" | "aws:sourceorgpaths"
    ) && !condition.operator.value.comparison.is_negated()
}

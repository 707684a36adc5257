//! Whether it matters which trail a policy is about.

use std::borrow::Cow;

use crate::case::Case;
use crate::policy::arn::Arn;
use crate::policy::{Effect, Element, Matching, Policy, Statement};
use crate::report::DocumentKind;
use crate::text::Spanned;

/// Whether a statement that denies or caps, or the settings, make a difference between two trails of one account.
pub(super) fn tells_trails_apart(case: &Case<'_>) -> bool {
    let apart = |kind: DocumentKind, statement: &Statement<'_>| {
        let grants = kind == DocumentKind::Identity && statement.effect.value == Effect::Allow;
        let about_all = statement.resource.as_ref().is_none_or(|resource| {
            all_or_none(resource) || (grants && matches!(resource.matching, Matching::Only(_)))
        });
        let by_region = statement.conditions.iter().any(|condition| {
            condition
                .key
                .value
                .eq_ignore_ascii_case("aws:RequestedRegion")
        });
        !about_all || by_region
    };
    !case.settings.protected_trails.is_empty()
        || case.documents.iter().any(|document| {
            let kind = document.reading.kind;
            let statements = |policy: &Policy<'_>| {
                kind.is_some_and(|kind| {
                    policy
                        .statements
                        .iter()
                        .any(|statement| apart(kind, statement))
                })
            };
            document.reading.policy.as_ref().is_some_and(statements)
        })
}

fn all_or_none(element: &Element<Spanned<Cow<'_, str>>>) -> bool {
    element
        .matching
        .list()
        .iter()
        .all(|value| is_about_any_trail(&value.value))
}

/// Whether a resource matches every trail of an account, or none.
fn is_about_any_trail(resource: &str) -> bool {
    if resource == "*" {
        return true;
    }
    let Some(arn) = Arn::parse(resource) else {
        return false;
    };
    let literal = |service: &str| !service.contains(['*', '?', '$']);
    match arn.service {
        Some(service) if literal(service) && service != "cloudtrail" => true,
        _ => {
            arn.service
                .is_none_or(|service| matches!(service, "*" | "cloudtrail"))
                && arn.region.is_none_or(|region| region == "*")
                && arn
                    .resource
                    .is_none_or(|resource| matches!(resource, "*" | "trail/*"))
        }
    }
}

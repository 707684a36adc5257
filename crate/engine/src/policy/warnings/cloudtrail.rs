//! Actions of CloudTrail: misspelled ones, and what a Deny about trails leaves open.

use super::placeholder;
use crate::pattern::action_matches;
use crate::policy::action::is_usual;
use crate::policy::arn::Arn;
use crate::policy::elements::{Text, excerpt};
use crate::policy::nearest::nearest;
use crate::policy::{Effect, Matching, Statement};
use crate::problem::Problems;

/// Service Authorization Reference, "Actions, resources, and condition keys for AWS CloudTrail".
pub(in crate::policy) const ACTIONS: [&str; 67] = [
    "AddTags",
    "CancelQuery",
    "CreateChannel",
    "CreateDashboard",
    "CreateEventDataStore",
    "CreateServiceLinkedChannel",
    "CreateTrail",
    "DeleteChannel",
    "DeleteDashboard",
    "DeleteEventDataStore",
    "DeleteResourcePolicy",
    "DeleteServiceLinkedChannel",
    "DeleteTrail",
    "DeregisterOrganizationDelegatedAdmin",
    "DescribeQuery",
    "DescribeTrails",
    "DisableFederation",
    "EnableFederation",
    "GenerateQuery",
    "GenerateQueryResultsSummary",
    "GetChannel",
    "GetDashboard",
    "GetEventConfiguration",
    "GetEventDataStore",
    "GetEventDataStoreData",
    "GetEventSelectors",
    "GetImport",
    "GetInsightSelectors",
    "GetQueryResults",
    "GetResourcePolicy",
    "GetServiceLinkedChannel",
    "GetTrail",
    "GetTrailStatus",
    "ListChannels",
    "ListDashboards",
    "ListEventDataStores",
    "ListImportFailures",
    "ListImports",
    "ListInsightsData",
    "ListInsightsMetricData",
    "ListPublicKeys",
    "ListQueries",
    "ListServiceLinkedChannels",
    "ListTags",
    "ListTrails",
    "LookupEvents",
    "PutEventConfiguration",
    "PutEventSelectors",
    "PutInsightSelectors",
    "PutResourcePolicy",
    "RegisterOrganizationDelegatedAdmin",
    "RemoveTags",
    "RestoreEventDataStore",
    "SearchSampleQueries",
    "StartDashboardRefresh",
    "StartEventDataStoreIngestion",
    "StartImport",
    "StartLogging",
    "StartQuery",
    "StopEventDataStoreIngestion",
    "StopImport",
    "StopLogging",
    "UpdateChannel",
    "UpdateDashboard",
    "UpdateEventDataStore",
    "UpdateServiceLinkedChannel",
    "UpdateTrail",
];

pub(super) fn find(statement: &Statement<'_>, problems: &mut Problems) {
    for action in statement.action.matching.list() {
        let begins = |with: &str| {
            let begin = action.value.get(..with.len());
            begin.is_some_and(|begin| begin.eq_ignore_ascii_case(with))
        };
        // Most are of a service whose name is not alike.
        let first = action.value.as_bytes().first();
        if matches!(first, Some(b'c' | b'C' | b'a' | b'A'))
            && ["cloud", "clodt", "coudt", "aws-c"].into_iter().any(begins)
            && is_usual(&action.value)
        {
            unknown_action(action, statement.effect.value, problems);
        }
    }
    insights(statement, problems);
}

/// Tells of characters that no action has.
pub(in crate::policy) fn strange(action: &Text<'_>, problems: &mut Problems) {
    let stray = |c: char| !c.is_ascii_graphic();
    if action.value.contains(stray) {
        let cleaned = action.value.replace(stray, "");
        problems.warning(
            action.span,
            format!(
                "the action `{}` holds a space or another character that no action has, so it names none: write `{}`",
                excerpt(&action.value),
                excerpt(&cleaned)
            ),
        );
    } else {
        placeholder::warn(action, &placeholder::Seen::of(&action.value), problems);
    }
}

fn unknown_action(action: &Text<'_>, effect: Effect, problems: &mut Problems) {
    let Some((service, name)) = action.value.split_once(':') else {
        return;
    };
    let consequence = match effect {
        Effect::Allow => "allows nothing",
        Effect::Deny => "denies nothing",
    };
    if service.eq_ignore_ascii_case("cloudtrail") {
        if ACTIONS.iter().any(|known| action_matches(name, known)) {
            return;
        }
        problems.warning_with(action.span, || {
            let plain = name.replace(['*', '?'], "");
            let near = nearest(&plain, ACTIONS.into_iter());
            let hint = near.map_or_else(String::new, |near| {
                format!("; did you mean `cloudtrail:{near}`?")
            });
            format!(
                "CloudTrail has no action `{}`, so this {consequence}{hint}",
                excerpt(&action.value)
            )
        });
    } else if [
        "cloudtrails",
        "cloud-trail",
        "cloudtrial",
        "clodtrail",
        "coudtrail",
        "aws-cloudtrail",
    ]
    .iter()
    .any(|slip| service.eq_ignore_ascii_case(slip))
    {
        problems.warning(
            action.span,
            format!(
                "AWS has no service `{service}`, so this {consequence}: write `cloudtrail:{}`",
                excerpt(name)
            ),
        );
    }
}

/// `PutInsightSelectors` works on event data stores too; a Deny on trail ARNs alone leaves it open there.
fn insights(statement: &Statement<'_>, problems: &mut Problems) {
    let (Effect::Deny, Matching::Only(actions)) =
        (statement.effect.value, &statement.action.matching)
    else {
        return;
    };
    let action = actions
        .iter()
        .find(|action| action_matches(&action.value, "cloudtrail:PutInsightSelectors"));
    let (Some(action), Some(resource)) = (action, &statement.resource) else {
        return;
    };
    let Matching::Only(resources) = &resource.matching else {
        return;
    };
    let trail = |resource: &Text<'_>| {
        Arn::parse(&resource.value)
            .and_then(|arn| arn.resource)
            .is_some_and(|name| name.starts_with("trail/"))
    };
    if !resources.is_empty() && resources.iter().all(trail) {
        problems.warning(
            action.span,
            "`cloudtrail:PutInsightSelectors` works on event data stores as well, and this Deny names trails only: add `arn:aws:cloudtrail:*:*:eventdatastore/*` to the `Resource`, or write `*`",
        );
    }
}

/// Trail ARNs have a region and an account: `arn:aws:cloudtrail:::trail/x` is none.
pub(super) fn incomplete_trail(resource: &Text<'_>, arn: &Arn<'_>, problems: &mut Problems) {
    if arn.service == Some("cloudtrail") && (arn.region == Some("") || arn.account == Some("")) {
        problems.warning(
            resource.span,
            format!(
                "the ARN of a trail has a region and an account, so `{}` matches none: write `arn:aws:cloudtrail:*:111122223333:trail/NAME`, or `*` in their place",
                excerpt(&resource.value)
            ),
        );
    }
}

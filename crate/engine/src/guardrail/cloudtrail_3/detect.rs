//! Is this policy a trail bucket's, and of which bucket?

use super::principals::service_entry;
use crate::pattern::{Pattern, Syntax};
use crate::policy::{Effect, Policy};

/// The buckets that a policy is about, where they are trail buckets.
pub(in crate::guardrail) fn trail_buckets(
    settings: &[String],
    policy: &Policy<'_>,
) -> Option<Vec<String>> {
    let mut named: Vec<&str> = Vec::new();
    let mut logs = false;
    for statement in &policy.statements {
        for value in statement
            .resource
            .iter()
            .flat_map(|element| element.matching.list())
        {
            logs |= value.value.contains("AWSLogs/");
            if let Some(bucket) = bucket_of(&value.value)
                && !named.contains(&bucket)
            {
                named.push(bucket);
            }
        }
    }
    if !settings.is_empty() {
        let listed = named_buckets(settings, &named);
        return (!listed.is_empty()).then_some(listed);
    }
    let serves_cloudtrail = policy.statements.iter().any(|statement| {
        statement.effect.value == Effect::Allow && service_entry(statement).is_some()
    });
    if !serves_cloudtrail && !logs {
        return None;
    }
    let concrete = named_buckets(settings, &named);
    if !concrete.is_empty() {
        return Some(concrete);
    }
    // Only patterns: a bucket that the first of them names.
    let example = named
        .first()
        .map_or("amzn-s3-demo-bucket".to_owned(), |pattern| {
            let filled = pattern.replace('*', "trail-logs").replace('?', "a");
            if filled.is_empty() {
                "amzn-s3-demo-bucket".to_owned()
            } else {
                filled
            }
        });
    Some(vec![example])
}

/// The buckets among the names and patterns: those that the settings list or, where these list none, all names.
fn named_buckets(settings: &[String], named: &[&str]) -> Vec<String> {
    if settings.is_empty() {
        let concrete = named.iter().filter(|bucket| !bucket.contains(['*', '?']));
        return concrete.map(|bucket| (*bucket).to_owned()).collect();
    }
    let syntax = Syntax {
        wildcards: true,
        variables: false,
    };
    let patterns: Vec<Pattern> = named
        .iter()
        .map(|pattern| Pattern::parse(pattern, syntax))
        .collect();
    let listed = settings.iter().filter(|bucket| {
        patterns
            .iter()
            .any(|pattern| pattern.matches(bucket, false))
    });
    listed.cloned().collect()
}

/// The buckets that these resources name for certain, of which a trail bucket's policy is judged.
pub(in crate::guardrail) fn buckets_of<'r>(
    settings: &[String],
    resources: impl Iterator<Item = &'r str>,
) -> Vec<String> {
    let named: Vec<&str> = resources.filter_map(bucket_of).collect();
    named_buckets(settings, &named)
}

/// Whether every bucket that a policy names is any.
pub(in crate::guardrail) fn is_about_any_bucket(policy: &Policy<'_>) -> bool {
    policy
        .statements
        .iter()
        .flat_map(|statement| &statement.resource)
        .flat_map(|element| element.matching.list())
        .filter_map(|value| bucket_of(&value.value))
        .all(|bucket| bucket == "*")
}

/// The bucket in an S3 ARN, wildcards and all.
fn bucket_of(resource: &str) -> Option<&str> {
    let parts: Vec<&str> = resource.splitn(6, ':').collect();
    match parts.as_slice() {
        ["arn", _, "s3", "", "", rest] => rest.split('/').next(),
        ["*"] => Some("*"),
        _ => None,
    }
}

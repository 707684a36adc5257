//! The guardrails: what each one asks, why, and what to do. One guardrail, one file.

mod cloudtrail_1;
mod cloudtrail_2;
mod cloudtrail_3;
mod cloudtrail_4;
mod explain;
mod trail_actions;

use serde::Serialize;

pub(crate) use self::explain::Reason;
use crate::case::{Case, Ruling};
use crate::policy::Policy;
use crate::request::Settings;

/// A guardrail: a question that has one verdict.
#[derive(Debug, Serialize)]
pub struct Guardrail {
    /// Such as `IAM-CLOUDTRAIL-1`.
    pub id: &'static str,
    /// What is checked.
    pub title: &'static str,
    /// Why it matters.
    pub why: &'static str,
    /// What to do about it.
    pub remedy: &'static str,
    /// AWS's pages on it.
    pub references: &'static [&'static str],
    /// The IAM actions it is about.
    pub actions: &'static [&'static str],
    /// Whom it is asked about.
    #[serde(skip)]
    pub(crate) subject: Subject,
    #[serde(skip)]
    pub(crate) check: fn(&Case<'_>, &Guardrail) -> Ruling,
}

/// Whom a guardrail is asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Subject {
    /// Each principal by itself.
    Caller,
    /// The trail buckets, whoever calls.
    Bucket,
}

/// Every guardrail, in the order of the report.
pub static GUARDRAILS: [&Guardrail; 4] = [
    &cloudtrail_1::GUARDRAIL,
    &cloudtrail_2::GUARDRAIL,
    &cloudtrail_3::GUARDRAIL,
    &cloudtrail_4::GUARDRAIL,
];

/// Every guardrail: what the page lists before anything is pasted.
pub fn guardrails() -> &'static [&'static Guardrail] {
    &GUARDRAILS
}

/// The buckets that these resources name, of which a trail bucket's policy is judged.
pub(crate) fn buckets_named<'r>(
    settings: &Settings,
    resources: impl Iterator<Item = &'r str>,
) -> Vec<String> {
    cloudtrail_3::buckets_of(&settings.trail_buckets, resources)
}

/// Whether a resource-based policy is a trail bucket's.
pub(crate) fn is_trail_bucket_policy(settings: &Settings, policy: &Policy<'_>) -> bool {
    trail_buckets_of(settings, policy).is_some()
}

/// The trail buckets that a resource-based policy is about, if it is a trail bucket's.
pub(crate) fn trail_buckets_of(settings: &Settings, policy: &Policy<'_>) -> Option<Vec<String>> {
    cloudtrail_3::trail_buckets(&settings.trail_buckets, policy)
}

/// Whether all that a resource-based policy names is about whichever bucket.
pub(crate) fn is_about_any_bucket(policy: &Policy<'_>) -> bool {
    cloudtrail_3::is_about_any_bucket(policy)
}

/// The organizations and the accounts that a trail bucket's policy trusts by these condition keys and values.
pub(crate) fn trusted_by(named: &[(String, String)]) -> [Vec<String>; 2] {
    let mut trusted = cloudtrail_3::Trusted::default();
    for (key, value) in named {
        trusted.take(key, value);
    }
    [trusted.organizations, trusted.accounts].map(|names| names.into_iter().collect())
}

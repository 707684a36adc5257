//! Whose bucket it is and who is trusted with it, by SEMANTICS, section 6.

use std::collections::BTreeSet;

use iam_guardrails::evaluate::Request;
use iam_guardrails::report::DocumentKind;
use iam_guardrails::request::Settings;

use crate::meaning::Document;
use crate::values::glob;
use crate::wellformed::{is_account, is_organization, part};

/// Actions on objects; those that the random policies tell apart are among them.
pub(crate) const OBJECT_ACTIONS: &[&str] = &[
    "s3:GetObject",
    "s3:PutObject",
    "s3:DeleteObject",
    "s3:GetObjectAcl",
    "s3:PutObjectAcl",
    "s3:AbortMultipartUpload",
    "s3:RestoreObject",
];

/// Actions on the bucket itself.
pub(crate) const BUCKET_ACTIONS: &[&str] = &[
    "s3:ListBucket",
    "s3:GetBucketAcl",
    "s3:PutBucketPolicy",
    "s3:PutBucketAcl",
    "s3:DeleteBucket",
    "s3:GetEncryptionConfiguration",
    "s3:PutEncryptionConfiguration",
];

/// The trail buckets that a document is the policy of.
pub(crate) fn trail_buckets(document: &Document, settings: &Settings) -> Option<Vec<String>> {
    if document.kind != DocumentKind::Resource {
        return None;
    }
    let resources: Vec<&str> = document
        .statements
        .iter()
        .flat_map(|statement| &statement.resource.list)
        .map(|pattern| pattern.written.as_str())
        .collect();
    let mut named: Vec<&str> = Vec::new();
    for resource in &resources {
        let bucket = match *resource {
            "*" => "*",
            resource if part(resource, 2) == "s3" => {
                part(resource, 5).split('/').next().unwrap_or_default()
            }
            _ => continue,
        };
        if !named.contains(&bucket) {
            named.push(bucket);
        }
    }
    if !settings.trail_buckets.is_empty() {
        let own = settings.trail_buckets.iter().filter(|bucket| {
            let mut named = named.iter();
            named.any(|pattern| glob(pattern, bucket))
        });
        let own: Vec<String> = own.cloned().collect();
        return (!own.is_empty()).then_some(own);
    }
    let serves = document.statements.iter().any(|statement| {
        let mut names = statement.principal.iter().flat_map(|element| &element.list);
        statement.allow
            && statement
                .principal
                .as_ref()
                .is_some_and(|list| !list.except)
            && names.any(|(kind, name)| kind == "Service" && name == "cloudtrail.amazonaws.com")
    });
    if !serves && !resources.iter().any(|text| text.contains("AWSLogs/")) {
        return None;
    }
    let concrete = named.iter().filter(|name| !name.contains(['*', '?']));
    let concrete: Vec<String> = concrete.map(|name| (*name).to_owned()).collect();
    if concrete.is_empty() {
        // Any bucket will do that the patterns name.
        let any = named.first().map(|name| name.replace('*', "trail-logs"));
        return Some(vec![any.map_or("amzn-s3-demo-bucket".to_owned(), |name| {
            name.replace('?', "a")
        })]);
    }
    Some(concrete)
}

/// Whether the request is on the bucket or one of its objects.
pub(crate) fn is_in_bucket(request: &Request, bucket: &str) -> bool {
    let rest = part(&request.resource, 5);
    part(&request.resource, 2) == "s3"
        && request.action.starts_with("s3:")
        && (rest == bucket || rest.split_once('/').is_some_and(|(name, _)| name == bucket))
}

/// Organizations and accounts: of the settings, or where they name none, those that the policy confines to.
pub(crate) struct Trusted {
    organizations: BTreeSet<String>,
    accounts: BTreeSet<String>,
}

impl Trusted {
    pub(crate) fn new(document: &Document, settings: &Settings) -> Self {
        let mut trusted = Self {
            organizations: settings.organization_ids.iter().cloned().collect(),
            accounts: settings.trusted_accounts.iter().cloned().collect(),
        };
        if !trusted.organizations.is_empty() || !trusted.accounts.is_empty() {
            return trusted;
        }
        for statement in &document.statements {
            let confining = statement
                .conditions
                .iter()
                .filter(|condition| condition.negated != statement.allow);
            for condition in confining {
                for value in &condition.values {
                    let text = value.written.as_str();
                    let organization = text.split('/').next().unwrap_or_default();
                    match condition.key.as_str() {
                        "aws:principalorgid" | "aws:sourceorgid" if is_organization(text) => {
                            trusted.organizations.insert(text.to_owned());
                        }
                        "aws:principalorgpaths" | "aws:sourceorgpaths"
                            if is_organization(organization) =>
                        {
                            trusted.organizations.insert(organization.to_owned());
                        }
                        "aws:principalaccount" | "aws:sourceaccount" if is_account(text) => {
                            trusted.accounts.insert(text.to_owned());
                        }
                        _ => {}
                    }
                }
            }
        }
        trusted
    }

    /// Requests with such a value are trusted.
    pub(crate) fn excluded(&self) -> Vec<(String, String)> {
        let mut excluded = Vec::new();
        for (keys, values) in [
            (
                ["aws:principalorgid", "aws:sourceorgid"],
                &self.organizations,
            ),
            (
                ["aws:principalaccount", "aws:sourceaccount"],
                &self.accounts,
            ),
        ] {
            for value in values {
                excluded.extend(keys.map(|key| (key.to_owned(), value.clone())));
            }
        }
        excluded
    }

    /// The bucket itself is in a trusted organization and account, where any are known.
    pub(crate) fn given(&self) -> Vec<(String, Vec<String>)> {
        [
            ("aws:resourceorgid", &self.organizations),
            ("aws:resourceaccount", &self.accounts),
        ]
        .into_iter()
        .filter(|(_, values)| !values.is_empty())
        .map(|(key, values)| (key.to_owned(), values.iter().cloned().collect()))
        .collect()
    }

    pub(crate) fn is_outsider(&self, request: &Request) -> bool {
        let trusted = self
            .excluded()
            .iter()
            .any(|(key, value)| request.value(key) == Some(value));
        let elsewhere = self.given().iter().any(|(key, values)| {
            let value = request.value(key);
            value.is_some_and(|value| !values.iter().any(|known| known == value))
        });
        !trusted && !elsewhere
    }
}

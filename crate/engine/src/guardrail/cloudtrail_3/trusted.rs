//! Who may touch the bucket: what the settings or the policy itself name.

use std::collections::BTreeSet;

use super::super::explain::{join, quoted};
use crate::case::Named;
use crate::evaluate::is_account;
use crate::matcher::Matcher;
use crate::policy::{Effect, Policy};
use crate::request::Settings;

/// Who may touch the bucket, and where that was taken from.
#[derive(Debug, Default)]
pub(in crate::guardrail) struct Trusted {
    pub(in crate::guardrail) organizations: BTreeSet<String>,
    pub(in crate::guardrail) accounts: BTreeSet<String>,
    pub(super) from_policy: bool,
    /// Whether the policy may name others too, of which the bucket's owner may be one.
    any_owner: bool,
}

impl Trusted {
    /// The settings; where they name nobody, every concrete value that the policy itself confines to.
    pub(in crate::guardrail) fn new(
        settings: &Settings,
        policy: &Policy<'_>,
        certain: Option<&Named>,
    ) -> Self {
        if !settings.organization_ids.is_empty() || !settings.trusted_accounts.is_empty() {
            return Self {
                organizations: settings.organization_ids.iter().cloned().collect(),
                accounts: settings.trusted_accounts.iter().cloned().collect(),
                ..Self::default()
            };
        }
        let mut trusted = Self {
            from_policy: true,
            ..Self::default()
        };
        if let Some(certain) = certain {
            trusted.any_owner = certain.more;
            for (key, value) in &certain.values {
                trusted.take(key, value);
            }
            return trusted;
        }
        for statement in &policy.statements {
            for condition in &statement.conditions {
                // An Allow confines by what it asks for, a Deny by what it spares.
                let negated = condition.operator.value.comparison.is_negated();
                if negated == (statement.effect.value == Effect::Deny) {
                    let key = condition.key.value.to_ascii_lowercase();
                    for value in &condition.values {
                        trusted.take(&key, &value.value);
                    }
                }
            }
        }
        trusted
    }

    /// Takes the value of a key, in lower case, that confines.
    pub(in crate::guardrail) fn take(&mut self, key: &str, text: &str) {
        match key {
            "aws:principalorgid" | "aws:sourceorgid" if is_concrete(text) => {
                self.organizations.insert(text.to_owned());
            }
            "aws:principalorgpaths" | "aws:sourceorgpaths" => {
                let organization = text.split('/').next().unwrap_or_default();
                if is_concrete(organization) {
                    self.organizations.insert(organization.to_owned());
                }
            }
            "aws:principalaccount" | "aws:sourceaccount" if is_account(text) => {
                self.accounts.insert(text.to_owned());
            }
            _ => {}
        }
    }

    /// Requests from these are nobody's concern.
    pub(super) fn excluded(&self) -> Vec<(String, Matcher)> {
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
            if !values.is_empty() {
                let matcher = Matcher::string_equals(values.iter().map(String::as_str));
                excluded.extend(keys.map(|key| (key.to_owned(), matcher.clone())));
            }
        }
        excluded
    }

    /// The bucket is in an organization and an account that are trusted, where any are set.
    pub(super) fn owner(&self) -> Vec<(String, Vec<String>)> {
        [
            ("aws:resourceorgid", &self.organizations),
            ("aws:resourceaccount", &self.accounts),
        ]
        .into_iter()
        .filter(|(_, values)| !self.any_owner && !values.is_empty())
        .map(|(key, values)| (key.to_owned(), values.iter().cloned().collect()))
        .collect()
    }

    pub(super) fn words(&self) -> String {
        let mut words = Vec::new();
        for (what, names) in [
            ("organization", &self.organizations),
            ("account", &self.accounts),
        ] {
            if !names.is_empty() {
                let plural = if names.len() == 1 { "" } else { "s" };
                words.push(format!(
                    "the {what}{plural} {}",
                    quoted(names.iter().map(String::as_str))
                ));
            }
        }
        join(&words, "and")
    }
}

/// An organization id without wildcards or placeholders.
fn is_concrete(text: &str) -> bool {
    text.strip_prefix("o-").is_some_and(|rest| {
        !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_alphanumeric())
    })
}

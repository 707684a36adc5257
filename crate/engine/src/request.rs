//! What a check takes: `CheckRequest` of the JavaScript interface.

use serde::{Deserialize, Serialize};

use crate::report::DocumentKind;

/// Documents and settings.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CheckRequest {
    /// The pasted documents.
    pub documents: Vec<DocumentInput>,
    /// What the check should know besides.
    #[serde(default)]
    pub settings: Settings,
}

/// One pasted text.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DocumentInput {
    /// A name for the report.
    pub name: String,
    /// The text as pasted.
    pub text: String,
    /// The kind, or `Auto` to have it detected.
    #[serde(default)]
    pub kind: KindInput,
    /// ARN of the principal an identity-based policy is attached to.
    #[serde(default)]
    pub attached_to: Option<String>,
}

/// A document kind, or the wish to have it detected.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum KindInput {
    /// Detect it.
    #[default]
    Auto,
    /// Take it as given.
    #[serde(untagged)]
    Given(DocumentKind),
}

/// All optional; every field overlays its default.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Settings {
    /// Who may hold the power: ARN patterns, or `KEY=PATTERN`. Empty: nobody.
    pub authorized_principals: Vec<String>,
    /// ARN patterns of the trails to protect. Empty: every trail.
    pub protected_trails: Vec<String>,
    /// Names of the buckets that hold CloudTrail logs. Empty: detected.
    pub trail_buckets: Vec<String>,
    /// Organizations whose principals may touch the buckets.
    pub organization_ids: Vec<String>,
    /// Accounts that may touch the buckets.
    pub trusted_accounts: Vec<String>,
    /// Whether the guardrails ask for an explicit `Deny`.
    pub explicit_deny: ExplicitDeny,
    /// The time of the check, ISO 8601. The engine has no clock: callers fill it in.
    pub now: Option<String>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            authorized_principals: Vec::new(),
            protected_trails: Vec::new(),
            trail_buckets: Vec::new(),
            organization_ids: Vec::new(),
            trusted_accounts: Vec::new(),
            explicit_deny: ExplicitDeny::Required,
            now: None,
        }
    }
}

/// Whether an open "explicitly denied" clause is a warning or a note.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ExplicitDeny {
    /// It is a warning.
    Required,
    /// It is a note.
    Optional,
}

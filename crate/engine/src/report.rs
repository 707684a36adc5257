//! What a check answers: `Report` of the JavaScript interface, field by field.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::policy::Effect;
use crate::text::Place;

/// The answer to one check.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// One for each input.
    pub inputs: Vec<InputReport>,
    /// One for each policy found.
    pub documents: Vec<DocumentReport>,
    /// Everyone who was judged by itself, the worst first.
    pub principals: Vec<PrincipalReport>,
    /// One for each guardrail, in the order of `guardrails()`.
    pub guardrails: Vec<GuardrailResult>,
    /// What was taken for granted because it was not pasted, in plain words.
    pub assumptions: Vec<Cow<'static, str>>,
    /// How to put the witnesses to AWS's own simulator; many findings share one.
    pub replays: Vec<Replay>,
}

/// What an input was recognised as.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct InputReport {
    /// Such as "a policy document", or "the output of `aws iam get-role`".
    pub form: String,
    /// By what it was recognised.
    pub form_reason: String,
    /// What was not understood, and parts that are damaged.
    pub problems: Vec<Problem>,
}

/// A principal, or another subject that is judged by itself, such as a version of a managed policy.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PrincipalReport {
    /// Its ARN; `None` where it is not known, and for a subject that is no principal.
    pub principal: Option<String>,
    /// What it is called.
    pub name: String,
    /// All documents that apply to it: indexes into `Report::documents`.
    pub documents: Vec<usize>,
    /// The worst of `verdicts`.
    pub verdict: Verdict,
    /// By guardrail, in the order of `guardrails()`.
    pub verdicts: Vec<Verdict>,
}

/// Whether a document has a say in any guardrail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Bearing {
    /// It was judged.
    Judged,
    /// It says who may take a role on, and bears on no guardrail.
    TrustPolicy,
    /// It bears on no guardrail, for the reason that stands with its kind.
    NoGuardrail,
    /// It could not be read.
    Unread,
}

/// What was read from one document.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DocumentReport {
    /// Index of the input the document stands in; its places count in that input's text.
    pub source: usize,
    /// Its own name, or the input's.
    pub name: String,
    /// Where in the input it stands, such as `RoleDetailList[3].RolePolicyList[0].PolicyDocument`; empty where the
    /// input is the policy.
    pub path: String,
    /// All of it.
    pub span: Place,
    /// Names of the principals it is attached to.
    pub attached_to: Vec<String>,
    /// The kind it was judged as; `None` where it could not be read.
    pub kind: Option<DocumentKind>,
    /// Why that kind, and why it has no say where it has none.
    pub kind_reason: String,
    /// Whether it has a say in any guardrail.
    pub bearing: Bearing,
    /// Its statements, in order.
    pub statements: Vec<StatementReport>,
    /// What is wrong or suspicious in it.
    pub problems: Vec<Problem>,
}

/// Where one statement stands.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StatementReport {
    /// Position in the `Statement` list, from 0.
    pub index: usize,
    /// The `Sid` element.
    pub sid: Option<String>,
    /// The `Effect` element.
    pub effect: Effect,
    /// The whole statement.
    pub span: Place,
}

/// Something wrong (`Error`: the document is not judged) or suspicious in a document.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Problem {
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong, why it matters, what to do.
    pub message: String,
    /// Where.
    pub span: Place,
}

/// How bad a problem is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// AWS would refuse the document; it is not judged.
    Error,
    /// AWS accepts it, and it probably does not do what its author meant.
    Warning,
}

/// The kinds of policy document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DocumentKind {
    /// An identity-based policy: grants.
    Identity,
    /// A permissions boundary: caps what identity-based policies grant.
    PermissionsBoundary,
    /// A session policy: caps what identity-based policies grant.
    Session,
    /// A service control policy: caps everything in an account.
    Scp,
    /// A resource control policy: caps access to resources.
    Rcp,
    /// A resource-based policy: grants and denies on one resource.
    Resource,
}

impl DocumentKind {
    /// The kind as AWS's documentation names it.
    pub fn words(self) -> &'static str {
        match self {
            Self::Identity => "identity-based policy",
            Self::PermissionsBoundary => "permissions boundary",
            Self::Session => "session policy",
            Self::Scp => "SCP",
            Self::Rcp => "RCP",
            Self::Resource => "resource-based policy",
        }
    }
}

/// A guardrail's answer. Ordered from best to worst, `NotApplicable` lowest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// No document can bear on the guardrail.
    NotApplicable,
    /// Both clauses hold for every request.
    Pass,
    /// No request is allowed, but one clause is open.
    Warn,
    /// The decision ran out of its budget, or a document that it needs could not be read.
    Undecided,
    /// A request is allowed that should not be; the witness shows it.
    Fail,
}

impl Verdict {
    /// The verdict as the report spells it.
    pub fn name(self) -> &'static str {
        match self {
            Self::NotApplicable => "not-applicable",
            Self::Pass => "pass",
            Self::Warn => "warn",
            Self::Undecided => "undecided",
            Self::Fail => "fail",
        }
    }
}

/// One guardrail's verdict and what decided it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct GuardrailResult {
    /// Such as `IAM-CLOUDTRAIL-1`.
    pub id: &'static str,
    /// The worst over all actions and principals.
    pub verdict: Verdict,
    /// The reason in one sentence.
    pub summary: String,
    /// The verdict by action; empty for IAM-CLOUDTRAIL-3.
    pub actions: Vec<ActionVerdict>,
    /// The statements that decide.
    pub findings: Vec<Finding>,
    /// Present exactly when the verdict is `Fail`.
    pub witness: Option<Witness>,
    /// The verdict by principal, where documents are attached to named principals.
    pub principals: Vec<PrincipalResult>,
}

/// The verdict on one action.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ActionVerdict {
    /// Such as `cloudtrail:StopLogging`.
    pub action: &'static str,
    /// Its verdict.
    pub verdict: Verdict,
}

/// The verdict for the documents attached to one principal.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PrincipalResult {
    /// The principal's ARN; `None` where it is not known.
    pub principal: Option<String>,
    /// What it is called.
    pub name: String,
    /// Its verdict.
    pub verdict: Verdict,
    /// The reason in one sentence.
    pub summary: String,
    /// Present exactly when the verdict is `Fail`.
    pub witness: Option<Witness>,
    /// The statements that decide.
    pub findings: Vec<Finding>,
}

/// A statement and its part in the verdict.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Finding {
    /// Its part.
    pub role: Role,
    /// Index into `Report::documents`.
    pub document: usize,
    /// The statement's index; `None` where the finding is about the document.
    pub statement: Option<usize>,
    /// The statement.
    pub span: Place,
    /// The elements in it that decided.
    pub marks: Vec<Place>,
    /// What it does, in AWS's terms.
    pub message: String,
    /// For `Role::Gap`: a request that slips through.
    pub witness: Option<Witness>,
}

/// A statement's part in a verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// An `Allow` that lets the witness through.
    Grants,
    /// A `Deny` about the action that leaves a request out.
    Gap,
    /// An `Allow` that only a `Deny` holds back.
    Shadowed,
    /// A `Deny` that covers.
    Denies,
    /// Something to know that does not change the verdict.
    Note,
}

/// A concrete request that the documents allow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Witness {
    /// The caller's ARN, or `*` for an anonymous caller.
    pub principal: String,
    /// Such as `cloudtrail:StopLogging`.
    pub action: String,
    /// The trail's, bucket's or object's ARN.
    pub resource: String,
    /// The condition keys the decision depends on.
    pub context: BTreeMap<String, ContextValue>,
    /// How to put the request to AWS's own simulator: index into `Report::replays`.
    pub replay: Option<usize>,
}

impl Witness {
    /// Whether two requests differ in their action at most.
    pub(crate) fn is_alike(&self, other: &Self) -> bool {
        self.principal == other.principal
            && self.resource == other.resource
            && self.context == other.context
    }
}

/// A command that puts a request to AWS's own policy simulator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Replay {
    /// For a POSIX shell. It holds whole policies.
    pub command: String,
    /// What the simulator should answer, and what it does not take.
    pub notes: Vec<String>,
}

/// The value of a condition key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum ContextValue {
    /// A single-valued key.
    One(String),
    /// A multivalued key.
    Many(Vec<String>),
}

//! The kind of a document, and the elements that each kind must and must not have.

use super::document::Header;
use super::elements::{Text, doubled, excerpt, first};
use super::principal::PrincipalKind;
use super::resource::is_arn_or_star;
use super::{Effect, Matching, Policy, PrincipalEntry, Statement, Version};
use crate::problem::Problems;
use crate::report::DocumentKind;
use crate::text::Span;

impl DocumentKind {
    /// In AWS's words, with its article.
    pub fn describe(self) -> &'static str {
        match self {
            Self::Identity => "an identity-based policy",
            Self::PermissionsBoundary => "a permissions boundary",
            Self::Session => "a session policy",
            Self::Scp => "a service control policy (SCP)",
            Self::Rcp => "a resource control policy (RCP)",
            Self::Resource => "a resource-based policy",
        }
    }
}

/// The kind of a document by its elements, and the reason in words.
pub fn detect(policy: &Policy<'_>) -> (DocumentKind, String) {
    let principal = policy
        .statements
        .iter()
        .find_map(|statement| Some((statement, statement.principal.as_ref()?)));
    if let Some((statement, element)) = principal {
        let name = match element.matching {
            Matching::Only(_) => "Principal",
            Matching::AllExcept(_) => "NotPrincipal",
        };
        let has =
            format!("has a `{name}` element, which identity-based policies and SCPs cannot have");
        let reason = about(statement, &has);
        return (DocumentKind::Resource, reason);
    }
    let allows = policy
        .statements
        .iter()
        .find(|statement| statement.effect.value == Effect::Allow);
    match allows {
        Some(statement) => (
            DocumentKind::Identity,
            about(statement, "allows, and none names a `Principal`"),
        ),
        None => (
            DocumentKind::Scp,
            "it only denies, as service control policies mostly do; if it is attached to a user, group or role, choose the identity-based policy".to_owned(),
        ),
    }
}

/// Says something of a statement.
fn about(statement: &Statement<'_>, what: &str) -> String {
    let number = statement.index + 1;
    match &statement.sid {
        Some(sid) if !sid.value.is_empty() => {
            format!("statement {number} (`{}`) {what}", sid.value)
        }
        _ => format!("statement {number} {what}"),
    }
}

/// Elements that AWS refuses in a document of this kind, or misses in it.
pub(super) fn check(policy: &Policy<'_>, kind: DocumentKind, problems: &mut Problems) {
    for statement in &policy.statements {
        check_principal(statement, kind, problems);
        check_resource(statement, kind, problems);
        check_sid(statement, kind, problems);
        if kind == DocumentKind::Rcp {
            check_rcp(statement, problems);
        }
    }
    unique_sids(policy, kind, problems);
}

/// What concerns the document as a whole: `Version` and `Id`.
pub(super) fn check_document(
    header: &Header<'_>,
    kind: DocumentKind,
    given: bool,
    start: Span,
    problems: &mut Problems,
) {
    let organizations = matches!(kind, DocumentKind::Scp | DocumentKind::Rcp);
    if organizations && given && header.policy.version != Version::V2012 {
        let problem = if header.has_version {
            "an old `Version`"
        } else {
            "no `Version`"
        };
        problems.warning(
            start,
            format!(
                "the document has {problem}, and AWS Organizations asks for `\"Version\": \"2012-10-17\"` in {}",
                kind.describe()
            ),
        );
    }
    if let Some(id) = header.id
        && kind != DocumentKind::Resource
    {
        problems.warning(
            id,
            format!("AWS allows the element `Id` in resource-based policies only, and this is taken as {}: delete it", kind.describe()),
        );
    }
}

fn check_principal(statement: &Statement<'_>, kind: DocumentKind, problems: &mut Problems) {
    let takes_principal = matches!(kind, DocumentKind::Resource | DocumentKind::Rcp);
    match &statement.principal {
        Some(element) if !takes_principal => problems.error(
            element.span,
            format!(
                "{} takes no `Principal` or `NotPrincipal`, and AWS refuses it: {}; or choose the kind resource-based policy",
                kind.describe(),
                if kind == DocumentKind::Scp { "name principals by the condition key `aws:PrincipalArn`" } else { "delete it, since the policy is about whom it is attached to" },
            ),
        ),
        Some(element)
            if matches!(element.matching, Matching::AllExcept(_))
                && statement.effect.value == Effect::Allow =>
        {
            problems.warning(
                element.span,
                "`NotPrincipal` under `Allow` lets in everyone it does not name, anonymous callers among them, and AWS documents it for `Deny` only: name those who are allowed under `Principal`",
            );
        }
        None if takes_principal => problems.error(
            first(statement.span),
            format!("the statement has no `Principal`, and {} needs one in each statement: say whom it is about", kind.describe()),
        ),
        _ => {}
    }
}

fn check_resource(statement: &Statement<'_>, kind: DocumentKind, problems: &mut Problems) {
    let Some(element) = &statement.resource else {
        // The trust policy of a role: its resource is the role itself.
        let sts = |action: &str| {
            action
                .get(..4)
                .is_some_and(|service| service.eq_ignore_ascii_case("sts:"))
        };
        let trust = kind == DocumentKind::Resource
            && matches!(&statement.action.matching, Matching::Only(actions) if actions.iter().all(|action| sts(&action.value)));
        if !trust {
            problems.error(
                first(statement.span),
                "the statement has neither `Resource` nor `NotResource`, and AWS refuses it: say which resources it is about, or write `\"Resource\": \"*\"`",
            );
        }
        return;
    };
    for resource in element.matching.list() {
        if is_arn_or_star(&resource.value) {
            continue;
        }
        let shown = excerpt(&resource.value);
        // Some services take other names in their own policies: `execute-api:/Prod/GET/pets` of API Gateway.
        if kind == DocumentKind::Resource {
            problems.warning(resource.span, format!("the resource `{shown}` is no ARN, and most services refuse it: write `arn:…`, or `*`"));
        } else {
            problems.error(resource.span, format!("the resource `{shown}` is no ARN, and AWS refuses it: write `arn:…`, or `*` alone"));
        }
    }
}

fn check_sid(statement: &Statement<'_>, kind: DocumentKind, problems: &mut Problems) {
    let Some(sid) = &statement.sid else { return };
    if in_iam(kind) && !sid.value.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        problems.error(
            sid.span,
            format!("a `Sid` in {} has only the letters A-Z, a-z and digits, and AWS refuses any other: rename it", kind.describe()),
        );
    }
}

/// AWS: "Statement IDs (SID) in a single policy must be unique."
fn unique_sids(policy: &Policy<'_>, kind: DocumentKind, problems: &mut Problems) {
    let sids = policy
        .statements
        .iter()
        .filter_map(|statement| statement.sid.as_ref());
    let sids = sids.filter(|sid| !sid.value.is_empty());
    for (sid, span) in doubled(sids.map(|sid| (sid.value.as_ref(), sid.span)).collect()) {
        let sid = excerpt(sid);
        if in_iam(kind) {
            problems.error(span, format!("the `Sid` `{sid}` stands here a second time, and AWS refuses doubled ones: rename one"));
        } else {
            problems.warning(span, format!("the `Sid` `{sid}` stands here a second time, and some services refuse that: rename one"));
        }
    }
}

/// Whether the document is kept by IAM, which is stricter about `Sid`.
fn in_iam(kind: DocumentKind) -> bool {
    matches!(
        kind,
        DocumentKind::Identity | DocumentKind::PermissionsBoundary | DocumentKind::Session
    )
}

/// "RCP syntax": only `RCPFullAWSAccess` allows; the others deny, for everyone, named actions.
fn check_rcp(statement: &Statement<'_>, problems: &mut Problems) {
    let everyone = |entries: &[PrincipalEntry<'_>]| matches!(entries, [only] if only.kind == PrincipalKind::Everyone);
    match &statement.principal {
        Some(element) if !matches!(&element.matching, Matching::Only(entries) if everyone(entries)) => problems.error(
            element.span,
            "an RCP takes only `\"Principal\": \"*\"`: name principals by the condition key `aws:PrincipalArn`",
        ),
        _ => {}
    }
    if matches!(statement.action.matching, Matching::AllExcept(_)) {
        problems.error(
            statement.action.span,
            "an RCP takes no `NotAction`: list the actions under `Action`",
        );
    }
    if statement.effect.value == Effect::Allow && !is_full_access(statement) {
        problems.error(
            statement.effect.span,
            "an RCP only denies; AWS's own `RCPFullAWSAccess` is the one that allows, everything to everyone",
        );
    }
}

fn is_full_access(statement: &Statement<'_>) -> bool {
    let star = |matching: &Matching<Text<'_>>| matches!(matching, Matching::Only(list) if matches!(list.as_slice(), [only] if only.value == "*"));
    star(&statement.action.matching)
        && statement
            .resource
            .as_ref()
            .is_some_and(|resource| star(&resource.matching))
        && statement.conditions.is_empty()
}

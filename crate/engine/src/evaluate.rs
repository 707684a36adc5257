//! Does this concrete request pass these policies? ("Policy evaluation logic".)
//!
//! Plain on purpose: every witness that `decide` finds is checked here before anyone sees it, and the
//! tests measure `decide` against it. Nothing is shared with the search but the matching of one value.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::matcher::Matcher;
use crate::pattern::{ArnPattern, Pattern, Syntax, action_matches};
use crate::policy::operator::{Comparison, SetOperator};
use crate::policy::principal::PrincipalKind;
use crate::policy::value::parse_bool;
use crate::policy::{
    Condition, Effect, Element, Matching, Policy, PrincipalEntry, Statement, Version,
};
use crate::report::{ContextValue, DocumentKind, Witness};
use crate::text::Spanned;

/// A policy in the part it plays.
#[derive(Debug, Clone, Copy)]
pub struct Applied<'a, 't> {
    /// The part.
    pub kind: DocumentKind,
    /// The policy.
    pub policy: &'a Policy<'t>,
}

/// A concrete request.
#[derive(Debug, Clone)]
pub struct Request {
    /// The caller's ARN; `*` for an anonymous caller; an identity provider or a canonical user id.
    pub principal: String,
    /// Such as `cloudtrail:StopLogging`.
    pub action: String,
    /// An ARN.
    pub resource: String,
    /// Condition keys in lower case, with their values.
    pub context: BTreeMap<String, Vec<String>>,
}

impl From<&Witness> for Request {
    fn from(witness: &Witness) -> Self {
        let values = |value: &ContextValue| match value {
            ContextValue::One(text) => vec![text.clone()],
            ContextValue::Many(texts) => texts.clone(),
        };
        Self {
            principal: witness.principal.clone(),
            action: witness.action.clone(),
            resource: witness.resource.clone(),
            context: witness
                .context
                .iter()
                .map(|(key, value)| (key.to_ascii_lowercase(), values(value)))
                .collect(),
        }
    }
}

impl Request {
    /// The value of a single-valued key.
    pub fn value(&self, key: &str) -> Option<&str> {
        match self.context.get(key).map(Vec::as_slice) {
            Some([value]) => Some(value),
            _ => None,
        }
    }
}

/// An element of a statement that does not match a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mismatch {
    /// `Action` or `NotAction`.
    Action,
    /// `Resource` or `NotResource`.
    Resource,
    /// `Principal` or `NotPrincipal`.
    Principal,
    /// The condition at this index.
    Condition(usize),
}

/// Whether AWS lets the request through: no matching `Deny` anywhere, a matching `Allow` in a granting
/// document, and one in each capping kind that holds an `Allow`. Where no granting document is given,
/// one that allows everything is assumed.
pub fn is_allowed(documents: &[Applied<'_, '_>], request: &Request) -> bool {
    !is_denied(documents, request) && is_granted(documents, request)
}

/// The same, of a request that no `Deny` matches.
pub fn is_granted(documents: &[Applied<'_, '_>], request: &Request) -> bool {
    let allowed_by = |of: &dyn Fn(DocumentKind) -> bool| {
        matching(documents, Effect::Allow, request).any(|document| of(document.kind))
    };
    let grants = |kind| matches!(kind, DocumentKind::Identity | DocumentKind::Resource);
    let assumed = !documents.iter().any(|document| grants(document.kind));
    (assumed || allowed_by(&grants))
        && CAPS
            .iter()
            .all(|cap| !caps(documents, *cap) || allowed_by(&|kind| kind == *cap))
}

/// Whether a `Deny` anywhere matches the request.
pub fn is_denied(documents: &[Applied<'_, '_>], request: &Request) -> bool {
    matching(documents, Effect::Deny, request).next().is_some()
}

/// The documents that have a statement with this effect that matches the request.
fn matching<'d, 'a, 't>(
    documents: &'d [Applied<'a, 't>],
    effect: Effect,
    request: &'d Request,
) -> impl Iterator<Item = &'d Applied<'a, 't>> {
    documents.iter().filter(move |document| {
        document.policy.statements.iter().any(|statement| {
            statement.effect.value == effect && matches(statement, **document, request)
        })
    })
}

/// The kinds that cap and never grant.
pub const CAPS: [DocumentKind; 4] = [
    DocumentKind::PermissionsBoundary,
    DocumentKind::Session,
    DocumentKind::Scp,
    DocumentKind::Rcp,
];

/// Whether the documents of a capping kind restrict anything besides what they deny. SCPs and RCPs without
/// any `Allow` stand beside the default `FullAWSAccess` or `RCPFullAWSAccess`.
pub fn caps<'d, 'a: 'd, 't: 'a>(
    documents: impl IntoIterator<Item = &'d Applied<'a, 't>>,
    kind: DocumentKind,
) -> bool {
    let mut of_kind = documents
        .into_iter()
        .filter(|document| document.kind == kind)
        .peekable();
    match kind {
        DocumentKind::Scp | DocumentKind::Rcp => of_kind
            .flat_map(|document| &document.policy.statements)
            .any(|statement| statement.effect.value == Effect::Allow),
        _ => of_kind.peek().is_some(),
    }
}

/// Whether a statement matches a request.
pub fn matches(statement: &Statement<'_>, document: Applied<'_, '_>, request: &Request) -> bool {
    mismatches(statement, document, request).next().is_none()
}

/// Every element of a statement that does not match a request, in AWS's order of the elements.
pub fn mismatches<'s>(
    statement: &'s Statement<'_>,
    document: Applied<'s, '_>,
    request: &'s Request,
) -> impl Iterator<Item = Mismatch> + 's {
    let version = document.policy.version;
    let principal = (!principal_matches(statement, request)).then_some(Mismatch::Principal);
    let action = (!names_action(&statement.action, &request.action)).then_some(Mismatch::Action);
    let resource =
        (!names_resource(statement, version, document.kind, request)).then_some(Mismatch::Resource);
    let conditions = statement
        .conditions
        .iter()
        .enumerate()
        .filter(move |(_, condition)| !condition_holds(condition, version, request))
        .map(|(index, _)| Mismatch::Condition(index));
    principal
        .into_iter()
        .chain(action)
        .chain(resource)
        .chain(conditions)
}

/// Whether an `Action` or `NotAction` element covers an action.
pub fn names_action(element: &Element<Spanned<Cow<'_, str>>>, action: &str) -> bool {
    let named = |list: &[Spanned<Cow<'_, str>>]| {
        list.iter()
            .any(|value| action_matches(&value.value, action))
    };
    match &element.matching {
        Matching::Only(list) => named(list),
        Matching::AllExcept(list) => !named(list),
    }
}

/// Whether an `Action` or `NotAction` element covers any of these actions.
pub fn names_any(element: &Element<Spanned<Cow<'_, str>>>, actions: &[&str]) -> bool {
    let Matching::Only(list) = &element.matching else {
        return actions.iter().any(|action| names_action(element, action));
    };
    // Most values are of another service, as their first letter tells: each is looked at once, whatever the actions.
    let first = |text: &str| text.as_bytes().first().map_or(0, |byte| byte | 0x20);
    let begin = actions.first().map_or(0, |action| first(action));
    let alike = actions.iter().all(|action| first(action) == begin);
    list.iter().any(|value| {
        let begins = first(&value.value);
        let may = begins == begin || begins == b'*' || begins == b'?' || !alike;
        may && actions
            .iter()
            .any(|action| action_matches(&value.value, action))
    })
}

fn names_resource(
    statement: &Statement<'_>,
    version: Version,
    kind: DocumentKind,
    request: &Request,
) -> bool {
    // Only trust policies have none, and they bear on no request that is decided here.
    let Some(element) = &statement.resource else {
        return false;
    };
    let lookup = |key: &str| request.value(key).map(str::to_owned);
    let named = |list: &[Spanned<Cow<'_, str>>]| {
        list.iter().any(|value| {
            let text = &value.value;
            if !text.contains('$') && text.is_ascii() && request.resource.is_ascii() {
                let complete = kind != DocumentKind::Resource;
                return ArnPattern::ascii_matches(text, complete, &request.resource);
            }
            resource_pattern(text, version, kind)
                .resolve(&lookup)
                .is_some_and(|pattern| pattern.matches(&request.resource))
        })
    };
    match &element.matching {
        Matching::Only(list) => named(list),
        Matching::AllExcept(list) => !named(list),
    }
}

/// A value of `Resource` or `NotResource` as a pattern.
pub fn resource_pattern(text: &str, version: Version, kind: DocumentKind) -> ArnPattern {
    let syntax = Syntax {
        wildcards: true,
        variables: version == Version::V2012,
    };
    ArnPattern::new(
        &Pattern::parse(text, syntax),
        kind != DocumentKind::Resource,
    )
}

fn principal_matches(statement: &Statement<'_>, request: &Request) -> bool {
    match statement
        .principal
        .as_ref()
        .map(|element| &element.matching)
    {
        None => true,
        Some(Matching::Only(list)) => list.iter().any(|entry| is_principal(entry, request)),
        Some(Matching::AllExcept(list)) => !list.iter().any(|entry| is_principal(entry, request)),
    }
}

fn is_principal(entry: &PrincipalEntry<'_>, request: &Request) -> bool {
    let value = entry.value.value.as_ref();
    match entry.kind {
        PrincipalKind::Everyone => true,
        PrincipalKind::Service | PrincipalKind::Federated | PrincipalKind::CanonicalUser => {
            value == request.principal
        }
        PrincipalKind::Aws => {
            // An identity provider stands for the sessions of its roles, which are in its account. Services and
            // canonical users have no ARN here.
            let parts: Vec<&str> = request.principal.splitn(6, ':').collect();
            let &["arn", partition, _, _, account, _] = parts.as_slice() else {
                return false;
            };
            match aws_principal(value) {
                Some(AwsPrincipal::Account {
                    partition: want,
                    account: named,
                }) => named == account && want.is_none_or(|want| want == partition),
                Some(AwsPrincipal::Arn(arn)) => arn == request.principal,
                Some(AwsPrincipal::Session(arn)) => session_arn(request) == Some(arn),
                None => false,
            }
        }
    }
}

/// What an `AWS` principal names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AwsPrincipal {
    /// The whole account.
    Account {
        /// The partition, where an ARN names it.
        partition: Option<String>,
        /// Twelve digits.
        account: String,
    },
    /// A role, user or federated user.
    Arn(String),
    /// A role session, `arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION`.
    Session(String),
}

/// Reads a value under `AWS`; a unique id (a deleted principal) names nobody.
pub fn aws_principal(value: &str) -> Option<AwsPrincipal> {
    if is_account(value) {
        return Some(AwsPrincipal::Account {
            partition: None,
            account: value.to_owned(),
        });
    }
    let parts: Vec<&str> = value.splitn(6, ':').collect();
    match parts.as_slice() {
        ["arn", partition, "iam", "", account, "root"] => Some(AwsPrincipal::Account {
            partition: Some((*partition).to_owned()),
            account: (*account).to_owned(),
        }),
        ["arn", _, "sts", "", _, rest] if rest.starts_with("assumed-role/") => {
            Some(AwsPrincipal::Session(value.to_owned()))
        }
        ["arn", ..] => Some(AwsPrincipal::Arn(value.to_owned())),
        _ => None,
    }
}

/// Whether a text is an account id.
pub fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The session's ARN of a role's request: the role's name without its path, and the session's name, which
/// stands in `aws:userid` after the `:`.
fn session_arn(request: &Request) -> Option<String> {
    let parts: Vec<&str> = request.principal.splitn(6, ':').collect();
    let ["arn", partition, "iam", "", account, rest] = parts.as_slice() else {
        return None;
    };
    let name = rest.strip_prefix("role/")?.rsplit('/').next()?;
    let (_, session) = request.value("aws:userid")?.split_once(':')?;
    Some(format!(
        "arn:{partition}:sts::{account}:assumed-role/{name}/{session}"
    ))
}

/// Whether one condition holds ("IAM JSON policy elements: Condition operators",
/// "Multivalued context keys").
pub fn condition_holds(condition: &Condition<'_>, version: Version, request: &Request) -> bool {
    let operator = condition.operator.value;
    let values = request
        .context
        .get(&condition.key.value.to_ascii_lowercase());
    let values: &[String] = values.map(Vec::as_slice).unwrap_or_default();
    let present = !values.is_empty();
    if operator.comparison == Comparison::Null {
        return condition
            .values
            .iter()
            .any(|value| parse_bool(&value.value) == Some(!present));
    }
    if !present && operator.if_exists {
        return true;
    }
    let lookup = |key: &str| request.value(key).map(str::to_owned);
    let negated = operator.comparison.is_negated();
    let holds = |value: &String| {
        let listed = condition.values.iter().any(|listed| {
            Matcher::lists(operator.comparison, &listed.value, version, &lookup, value)
        });
        listed != negated
    };
    match operator.set {
        Some(SetOperator::ForAllValues) => values.iter().all(holds),
        Some(SetOperator::ForAnyValue) => values.iter().any(holds),
        None if negated => values.iter().all(holds),
        None => values.iter().any(holds),
    }
}

//! The `Principal` and `NotPrincipal` elements.

use std::borrow::Cow;

use super::arn::{Arn, is_account_id};
use super::elements::{Text, excerpt, first, list, strings, take};
use super::nearest::did_you_mean;
use super::warnings::placeholder;
use crate::problem::Problems;
use crate::source::{Member, Node, Value};
use crate::text::Spanned;

/// One value of a `Principal` or `NotPrincipal` element.
#[derive(Debug, Clone)]
pub struct PrincipalEntry<'t> {
    /// The kind it is listed under.
    pub kind: PrincipalKind,
    /// The value as written.
    pub value: Spanned<Cow<'t, str>>,
}

/// The kinds of principal a resource-based policy can name ("AWS JSON policy elements: Principal").
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PrincipalKind {
    /// `"Principal": "*"` or `{"AWS": "*"}`: everyone, anonymous callers among them.
    Everyone,
    /// `AWS`: an account id, an account root ARN, a role, user, role session or federated user ARN, or a unique id.
    Aws,
    /// `Service`: an AWS service principal.
    Service,
    /// `Federated`: an identity provider.
    Federated,
    /// `CanonicalUser`: an S3 canonical user id.
    CanonicalUser,
}

const KINDS: [&str; 4] = ["AWS", "Service", "Federated", "CanonicalUser"];

/// The principals of the element.
pub(super) fn read<'t>(node: Node<'t>, problems: &mut Problems) -> Vec<PrincipalEntry<'t>> {
    match node.value {
        Value::String(value) if value == "*" => vec![PrincipalEntry {
            kind: PrincipalKind::Everyone,
            value: Spanned::new(value, node.span),
        }],
        Value::String(value) => {
            let shown = excerpt(&value);
            let kind = if value.contains(".amazonaws.com") {
                "Service"
            } else {
                "AWS"
            };
            problems.error(
                node.span,
                format!("a principal is `\"*\"`, or stands under its kind, and AWS refuses anything else: write `{{\"{kind}\": \"{shown}\"}}`"),
            );
            Vec::new()
        }
        Value::Object(members) => {
            let unknown = |name: &str| {
                let hint = did_you_mean(name, KINDS.into_iter());
                format!(
                    "AWS knows no kind of principal `{}`: the kinds are {}{hint}",
                    excerpt(name),
                    list(&KINDS)
                )
            };
            let [aws, service, federated, canonical_user] =
                take(members, &KINDS, unknown, problems);
            let mut entries = Vec::new();
            let mut read_kind = |member: Option<Member<'t>>, name: &str, kind: PrincipalKind| {
                let Some(member) = member else { return };
                for value in strings(name, member.value, problems) {
                    if let Some(message) = malformed(&value, kind) {
                        problems.error(value.span, message);
                    }
                    let everyone = kind == PrincipalKind::Aws && value.value == "*";
                    let kind = if everyone {
                        PrincipalKind::Everyone
                    } else {
                        kind
                    };
                    entries.push(PrincipalEntry { kind, value });
                }
            };
            read_kind(aws, "AWS", PrincipalKind::Aws);
            read_kind(service, "Service", PrincipalKind::Service);
            read_kind(federated, "Federated", PrincipalKind::Federated);
            read_kind(
                canonical_user,
                "CanonicalUser",
                PrincipalKind::CanonicalUser,
            );
            entries
        }
        other => {
            problems.error(
                first(node.span),
                format!("a principal is `\"*\"` or an object such as `{{\"AWS\": \"111122223333\"}}`, not {}", other.describe()),
            );
            Vec::new()
        }
    }
}

/// What is wrong with a value of its kind, if anything.
fn malformed(value: &Text<'_>, kind: PrincipalKind) -> Option<String> {
    let text = value.value.as_ref();
    let shown = excerpt(text);
    if text.is_empty() {
        return Some("a principal is empty: name one, or delete it".to_owned());
    }
    if kind == PrincipalKind::Aws && text == "*" {
        return None;
    }
    if let Some(placeholder) = placeholder::find(text).first() {
        return Some(format!(
            "the principal `{shown}` holds the placeholder `{placeholder}`, and AWS refuses it: fill it in"
        ));
    }
    if text.contains(['*', '?']) {
        return Some(match kind {
            PrincipalKind::Aws => format!(
                "AWS takes no wildcard in part of a principal, `{shown}`: name it in full; or write `\"*\"` and narrow it by the condition key `aws:PrincipalArn` under `ArnLike`"
            ),
            _ => format!(
                "AWS takes no wildcard in a principal of this kind, `{shown}`: name it in full"
            ),
        });
    }
    let known = match kind {
        PrincipalKind::Everyone => true,
        PrincipalKind::Aws => {
            return malformed_aws(text)
                .map(|why| format!("AWS refuses the principal `{shown}`: {why}"));
        }
        // AWS lists no format for these: services have their own domains, providers theirs.
        PrincipalKind::Service => text.contains('.') && !text.contains(char::is_whitespace),
        PrincipalKind::Federated => !text.contains(char::is_whitespace),
        PrincipalKind::CanonicalUser => {
            text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
        }
    };
    (!known).then(|| match kind {
        PrincipalKind::Service => format!("`{shown}` is no service principal: those are domain names such as `cloudtrail.amazonaws.com`"),
        PrincipalKind::CanonicalUser => format!("`{shown}` is no canonical user id: those have 64 hexadecimal digits"),
        _ => format!("`{shown}` is no identity provider: those are ARNs or domain names without spaces"),
    })
}

/// Why AWS refuses a value of `AWS`, if it does.
fn malformed_aws(text: &str) -> Option<&'static str> {
    if is_account_id(text) || is_unique_id(text) {
        return None;
    }
    let Some(arn) = Arn::parse(text) else {
        return Some(if text.bytes().all(|byte| byte.is_ascii_digit()) {
            "an account id has twelve digits"
        } else if text.contains(".amazonaws.com") {
            "a service principal stands under `Service`, not under `AWS`"
        } else {
            "it is neither a 12-digit account id nor an ARN"
        });
    };
    let Arn {
        service: Some(service),
        region: Some(region),
        account: Some(account),
        resource: Some(resource),
        ..
    } = arn
    else {
        return Some("its ARN is incomplete: `arn:aws:iam::111122223333:role/NAME`");
    };
    // "arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity …"
    let known_account =
        is_account_id(account) || (account == "cloudfront" && resource.starts_with("user/"));
    if !known_account {
        return Some("the account in its ARN is not a 12-digit id");
    }
    if !region.is_empty() {
        return Some("the ARN of a principal names no region");
    }
    let after = |prefix: &str| {
        resource
            .strip_prefix(prefix)
            .filter(|name| !name.is_empty())
    };
    let named = match service {
        "iam" if resource.starts_with("group/") => {
            return Some("a user group cannot be a principal: name its users, or a role");
        }
        "iam" => resource == "root" || after("user/").is_some() || after("role/").is_some(),
        "sts" => {
            after("federated-user/").is_some()
                || after("assumed-role/").is_some_and(|session| {
                    session
                        .split_once('/')
                        .is_some_and(|(role, name)| !role.is_empty() && !name.is_empty())
                })
        }
        _ => return Some("a principal's ARN is one of `iam` or `sts`"),
    };
    (!named).then_some("its ARN names no account root, user, role, role session or federated user")
}

/// What AWS shows in place of a principal that has been deleted ("IAM identifiers").
fn is_unique_id(text: &str) -> bool {
    let known = ["AIDA", "AROA", "AGPA", "AIPA", "ANPA", "ANVA"]
        .iter()
        .any(|prefix| text.starts_with(prefix));
    known
        && (16..=128).contains(&text.len())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
}

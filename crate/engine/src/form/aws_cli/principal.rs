//! `aws iam get-role`, `list-roles`, `get-user`, `list-users`, `get-group`: principals with their trust policies and
//! permissions boundaries, and without the policies that grant.

use crate::form::finder::Finder;
use crate::form::members::{get, has, join, string, take, take_list};
use crate::form::{Form, FoundPrincipal, Missing, Part, PrincipalKind};
use crate::source::{Node, Value};

pub(in crate::form) static FORM: Form = Form {
    name: "the output of `aws iam get-role`, `list-roles`, `get-user` or `list-users`",
    recognise: |node| {
        KINDS.iter().find_map(|kind| {
            let one = get(node, kind.one).filter(|one| get(one, kind.name).is_some());
            let all = get(node, kind.all).filter(|all| matches!(all.value, Value::Array(_)));
            match (one, all) {
                (Some(_), _) => Some(has(&[kind.one])),
                (_, Some(_)) => Some(has(&[kind.all])),
                _ if kind.kind == PrincipalKind::Role && get(node, TRUST).is_some() => {
                    Some(has(&[TRUST]))
                }
                _ => None,
            }
        })
    },
    find,
};

const TRUST: &str = "AssumeRolePolicyDocument";

/// How a kind of principal is written.
struct Kind {
    kind: PrincipalKind,
    word: &'static str,
    one: &'static str,
    all: &'static str,
    name: &'static str,
}

const KINDS: [Kind; 3] = [
    Kind {
        kind: PrincipalKind::Role,
        word: "role",
        one: "Role",
        all: "Roles",
        name: "RoleName",
    },
    Kind {
        kind: PrincipalKind::User,
        word: "user",
        one: "User",
        all: "Users",
        name: "UserName",
    },
    Kind {
        kind: PrincipalKind::Group,
        word: "group",
        one: "Group",
        all: "Groups",
        name: "GroupName",
    },
];

fn find<'t>(mut node: Node<'t>, path: &str, finder: &mut Finder<'t>) {
    finder.problem(
        node.span,
        "this output does not hold the policies that are attached to whom it lists: \
         `aws iam get-account-authorization-details` gives them all, \
         `aws iam get-role-policy` or `aws iam get-policy-version` a single one",
    );
    for kind in &KINDS {
        if let Some(one) = take(&mut node, kind.one) {
            principal(kind, one.value, &join(path, &one.name.value), finder);
        }
        for (index, one) in take_list(&mut node, kind.all).into_iter().enumerate() {
            let path = format!("{}[{index}]", join(path, kind.all));
            principal(kind, one, &path, finder);
        }
    }
    // A role by itself, as SDKs and `--query` give it.
    if let (Some(kind), Some(_)) = (KINDS.first(), get(&node, TRUST)) {
        principal(kind, node, path, finder);
    }
}

fn principal<'t>(kind: &Kind, mut node: Node<'t>, path: &str, finder: &mut Finder<'t>) {
    let name = string(&node, kind.name)
        .unwrap_or("without a name")
        .to_owned();
    if let Some(arn) = string(&node, "Arn")
        && kind.kind != PrincipalKind::Group
    {
        let boundary = get(&node, "PermissionsBoundary")
            .and_then(|boundary| string(boundary, "PermissionsBoundaryArn"));
        finder.found.principals.push(FoundPrincipal {
            arn: Some(arn.to_owned()),
            name: format!("{} {name}", kind.word),
            kind: kind.kind,
            missing: boundary
                .map(|policy| Missing::new(policy, Part::Boundary))
                .into_iter()
                .collect(),
            ..FoundPrincipal::default()
        });
    }
    if let Some(trust) = take(&mut node, TRUST) {
        let path = join(path, &trust.name.value);
        finder.trust_policy(trust.value, &name, path);
    }
}

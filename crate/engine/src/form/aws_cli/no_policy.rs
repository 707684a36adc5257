//! Commands of the AWS CLI that list policies by name, or tell of them, without the documents.

use crate::form::finder::Finder;
use crate::form::found::anywhere;
use crate::form::members::{first, get, has, list, string};
use crate::form::{Form, FoundPrincipal, Missing, Part, PrincipalKind};
use crate::source::{Node, Value};

pub(in crate::form) static FORM: Form = Form {
    name: "a list of policies without their documents",
    recognise: |node| LISTINGS.iter().find_map(|listing| listing.recognise(node)),
    find,
};

/// An output that holds no policy.
struct Listing {
    /// The member that it is told by, and one that this must hold.
    member: &'static str,
    holds: &'static str,
    /// What gives the documents.
    instead: &'static str,
}

const POLICY_VERSION: &str = "`aws iam get-policy-version --policy-arn ARN --version-id VERSION`, with the `DefaultVersionId` that is listed; or all of an account by `aws iam get-account-authorization-details`";
const LISTINGS: [Listing; 6] = [
    Listing {
        member: "Policies",
        holds: "DefaultVersionId",
        instead: POLICY_VERSION,
    },
    Listing {
        member: "Policy",
        holds: "DefaultVersionId",
        instead: POLICY_VERSION,
    },
    Listing {
        member: "Versions",
        holds: "VersionId",
        instead: POLICY_VERSION,
    },
    Listing {
        member: "AttachedPolicies",
        holds: "PolicyArn",
        instead: "`aws iam get-policy --policy-arn ARN` and then `aws iam get-policy-version`; or all of an account by `aws iam get-account-authorization-details`",
    },
    Listing {
        member: "AttachedManagedPolicies",
        holds: "Arn",
        instead: "`aws iam get-policy --policy-arn ARN` and then `aws iam get-policy-version`",
    },
    Listing {
        member: "PolicyNames",
        holds: "",
        instead: "`aws iam get-role-policy`, `get-user-policy` or `get-group-policy` for each name; or all of an account by `aws iam get-account-authorization-details`",
    },
];

impl Listing {
    fn recognise(&self, node: &Node<'_>) -> Option<String> {
        let value = get(node, self.member)?;
        let one = match &value.value {
            Value::Array(nodes) if nodes.is_empty() => return Some(has(&[self.member])),
            Value::Array(_) => first(value)?,
            _ => value,
        };
        (self.holds.is_empty() || get(one, self.holds).is_some()).then(|| has(&[self.member]))
    }
}

fn find<'t>(node: Node<'t>, _: &str, finder: &mut Finder<'t>) {
    let listing = LISTINGS
        .iter()
        .find(|listing| listing.recognise(&node).is_some());
    let Some(listing) = listing else { return };
    holder(&node, finder);
    let what = match get(&node, listing.member).map(|value| &value.value) {
        Some(Value::Array(nodes)) if nodes.is_empty() => "this list is empty".to_owned(),
        Some(Value::Array(nodes)) => format!("this lists {} policies", nodes.len()),
        _ => match string(&node, "PolicyName") {
            Some(name) => format!("this tells of the policy `{name}`"),
            None => "this tells of a policy".to_owned(),
        },
    };
    finder.problem(
        node.span,
        format!(
            "{what} and holds no document, so there is nothing to judge in it: add the output of {}",
            listing.instead
        ),
    );
}

/// The principal that the command names has the policies that are listed, wherever their documents are.
fn holder(node: &Node<'_>, finder: &mut Finder<'_>) {
    let holder = [
        ("role-name", PrincipalKind::Role, "role"),
        ("user-name", PrincipalKind::User, "user"),
        ("group-name", PrincipalKind::Group, "group"),
    ]
    .into_iter()
    .find_map(|(option, kind, word)| Some((finder.option(option)?.to_owned(), kind, word)));
    let Some((name, kind, word)) = holder else {
        return;
    };
    let attached = list(node, "AttachedPolicies")
        .iter()
        .filter_map(|policy| string(policy, "PolicyArn"));
    let missing: Vec<Missing> = attached
        .map(|arn| Missing {
            policy: arn.to_owned(),
            part: Part::Identity,
        })
        .collect();
    if !missing.is_empty() {
        finder.found.principals.push(FoundPrincipal {
            resources: anywhere(word, &name),
            name: format!("{word} {name}"),
            kind,
            missing,
            ..FoundPrincipal::default()
        });
    }
}

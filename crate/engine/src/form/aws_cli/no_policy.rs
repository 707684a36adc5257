//! Commands of the AWS CLI that list policies by name, or tell of them, without the documents.

use crate::form::Form;
use crate::form::finder::Finder;
use crate::form::members::{first, get, has, string};
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
const LISTINGS: [Listing; 3] = [
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
];

impl Listing {
    fn recognise(&self, node: &Node<'_>) -> Option<String> {
        let value = get(node, self.member)?;
        let one = match &value.value {
            Value::Array(nodes) if nodes.is_empty() => return Some(has(&[self.member])),
            Value::Array(_) => first(value)?,
            _ => value,
        };
        get(one, self.holds).map(|_| has(&[self.member]))
    }
}

fn find<'t>(node: Node<'t>, _: &str, finder: &mut Finder<'t>) {
    let listing = LISTINGS
        .iter()
        .find(|listing| listing.recognise(&node).is_some());
    let Some(listing) = listing else { return };
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

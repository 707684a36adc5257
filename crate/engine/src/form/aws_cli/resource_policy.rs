//! `aws s3api get-bucket-policy` and the commands of other services that answer alike: a resource-based policy as a
//! string.

use crate::form::finder::{Finder, Policy};
use crate::form::members::{get, has, join, string, take};
use crate::form::{Applies, Form};
use crate::report::DocumentKind;
use crate::source::{Node, Value};

pub(in crate::form) static FORM: Form = Form {
    name: "the output of `aws s3api get-bucket-policy`, or of a command that answers alike",
    recognise: |node| {
        MEMBERS
            .iter()
            .find(|member| holds_string(node, member))
            .map(|member| has(&[member]))
            .or_else(|| {
                holds_string(get(node, "Attributes")?, "Policy").then(|| has(&["Attributes"]))
            })
    },
    find,
};

/// `Policy`: S3, KMS, Lambda, Glacier and others; `ResourcePolicy`: Secrets Manager; `policyText`: ECR.
const MEMBERS: [&str; 3] = ["Policy", "ResourcePolicy", "PolicyText"];

fn holds_string(node: &Node<'_>, member: &str) -> bool {
    matches!(
        get(node, member),
        Some(Node {
            value: Value::String(_),
            ..
        })
    )
}

fn find<'t>(mut node: Node<'t>, path: &str, finder: &mut Finder<'t>) {
    // SQS and SNS give it among a queue's or topic's attributes.
    if let Some(attributes) = take(&mut node, "Attributes") {
        return find(
            attributes.value,
            &join(path, &attributes.name.value),
            finder,
        );
    }
    let name = string(&node, "Name").unwrap_or_default().to_owned();
    let Some(policy) = MEMBERS.iter().find_map(|member| take(&mut node, member)) else {
        return;
    };
    finder.policy(
        policy.value,
        Policy {
            name,
            path: join(path, &policy.name.value),
            kind: Some((
                DocumentKind::Resource,
                format!(
                    "commands that give `{}` give the policy of a resource",
                    policy.name.value
                ),
            )),
            applies: Applies::Unnamed,
        },
    );
}

//! `aws iam get-policy-version`: a version of a managed policy.

use crate::form::finder::{Finder, Policy};
use crate::form::members::{all_of, get, has, is_true, join, string, take};
use crate::form::{Applies, Form};
use crate::report::DocumentKind;
use crate::source::Node;

pub(in crate::form) static FORM: Form = Form {
    name: "the output of `aws iam get-policy-version`",
    recognise: |node| match get(node, "PolicyVersion") {
        Some(version) => get(version, "Document").map(|_| has(&["PolicyVersion"])),
        None => all_of(node, &["Document", "VersionId"]),
    },
    find,
};

fn find<'t>(mut node: Node<'t>, path: &str, finder: &mut Finder<'t>) {
    let default = get(&node, "Policy")
        .and_then(|policy| string(policy, "DefaultVersionId"))
        .map(str::to_owned);
    // Neither the ARN nor the name is in what this command gives.
    let arn = get(&node, "Policy")
        .and_then(|policy| string(policy, "Arn"))
        .or_else(|| finder.option("policy-arn"))
        .map(str::to_owned);
    let (mut version, path) = match take(&mut node, "PolicyVersion") {
        Some(member) => {
            let path = join(path, &member.name.value);
            (member.value, path)
        }
        None => (node, path.to_owned()),
    };
    let version_id = string(&version, "VersionId").map(|id| format!("version {id}"));
    let policy_name = arn.as_deref().and_then(|arn| arn.rsplit('/').next());
    let name = match (policy_name, version_id) {
        (Some(name), Some(version)) => format!("{name}, {version}"),
        (Some(name), None) => name.to_owned(),
        (None, Some(version)) => format!("managed policy, {version}"),
        (None, None) => String::new(),
    };
    // Only its default version is in force.
    let in_force = is_true(&version, "IsDefaultVersion")
        || (default.is_some() && default.as_deref() == string(&version, "VersionId"));
    let Some(document) = take(&mut version, "Document") else {
        return;
    };
    let index = finder.policy(
        document.value,
        Policy {
            name,
            path: join(&path, &document.name.value),
            kind: Some((
                DocumentKind::Identity,
                "it is a version of a managed policy; if it is a permissions boundary, choose that"
                    .to_owned(),
            )),
            applies: Applies::Unnamed,
        },
    );
    if let Some(arn) = arn.filter(|_| in_force) {
        finder.found.register.managed.push((arn, index));
    }
}

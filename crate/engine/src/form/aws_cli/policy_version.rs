//! `aws iam get-policy-version`: a version of a managed policy.

use crate::form::finder::{Finder, Policy};
use crate::form::members::{all_of, get, has, join, string, take};
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
    let (mut version, path) = match take(&mut node, "PolicyVersion") {
        Some(member) => {
            let path = join(path, &member.name.value);
            (member.value, path)
        }
        None => (node, path.to_owned()),
    };
    let name = string(&version, "VersionId")
        .map(|version| format!("managed policy, version {version}"))
        .unwrap_or_default();
    if let Some(document) = take(&mut version, "Document") {
        finder.policy(
            document.value,
            Policy {
                name,
                path: join(&path, &document.name.value),
                kind: Some((
                    DocumentKind::Identity,
                    "it is a version of a managed policy; if it is a permissions boundary, choose that".to_owned(),
                )),
                applies: Applies::Unnamed,
            },
        );
    }
}

//! `aws iam get-role-policy`, `get-user-policy` and `get-group-policy`: an inline policy and the name of whom it is in.

use crate::form::finder::{Finder, Policy};
use crate::form::found::anywhere;
use crate::form::members::{all_of, join, string, take};
use crate::form::{Applies, Form, FoundPrincipal, PrincipalKind};
use crate::report::DocumentKind;
use crate::source::Node;

pub(in crate::form) static FORM: Form = Form {
    name: "the output of `aws iam get-role-policy`, `get-user-policy` or `get-group-policy`",
    recognise: |node| {
        HOLDERS
            .iter()
            .find_map(|(name, ..)| all_of(node, &[name, "PolicyName", "PolicyDocument"]))
    },
    find,
};

/// The member that names whom the policy is in, what that is, and its word.
const HOLDERS: [(&str, PrincipalKind, &str); 3] = [
    ("RoleName", PrincipalKind::Role, "role"),
    ("UserName", PrincipalKind::User, "user"),
    ("GroupName", PrincipalKind::Group, "group"),
];

fn find<'t>(mut node: Node<'t>, path: &str, finder: &mut Finder<'t>) {
    let holder = HOLDERS
        .iter()
        .find_map(|(member, kind, word)| Some((string(&node, member)?.to_owned(), *kind, *word)));
    let name = string(&node, "PolicyName").unwrap_or_default().to_owned();
    let Some(document) = take(&mut node, "PolicyDocument") else {
        return;
    };
    let index = finder.policy(
        document.value,
        Policy {
            name,
            path: join(path, &document.name.value),
            kind: Some((
                DocumentKind::Identity,
                "the input says that it is an inline policy".to_owned(),
            )),
            applies: if holder.is_some() {
                Applies::Attached
            } else {
                Applies::Unnamed
            },
        },
    );
    finder.found.register.inline.push(index);
    if let Some((name, kind, word)) = holder {
        finder.found.principals.push(FoundPrincipal {
            resources: anywhere(word, &name),
            name: format!("{word} {name}"),
            kind,
            policies: vec![index],
            ..FoundPrincipal::default()
        });
    }
}

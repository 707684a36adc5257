//! `aws sso-admin get-inline-policy-for-permission-set`: an identity-based policy in a string.

use crate::form::finder::{Finder, Policy};
use crate::form::members::{get, has, join, take};
use crate::form::{Applies, Form};
use crate::report::DocumentKind;
use crate::source::{Node, Value};

pub(in crate::form) static FORM: Form = Form {
    name: "the output of `aws sso-admin get-inline-policy-for-permission-set`",
    recognise: |node| {
        matches!(&get(node, "InlinePolicy")?.value, Value::String(_))
            .then(|| has(&["InlinePolicy"]))
    },
    find,
};

fn find<'t>(mut node: Node<'t>, path: &str, finder: &mut Finder<'t>) {
    let Some(policy) = take(&mut node, "InlinePolicy") else {
        return;
    };
    if matches!(&policy.value.value, Value::String(text) if text.trim().is_empty()) {
        finder.problem(
            policy.value.span,
            "the permission set has no inline policy: its managed policies are listed by \
             `aws sso-admin list-managed-policies-in-permission-set`",
        );
        return;
    }
    finder.policy(
        policy.value,
        Policy {
            name: String::new(),
            path: join(path, &policy.name.value),
            kind: Some((
                DocumentKind::Identity,
                "the inline policy of a permission set is one of the role that it makes".to_owned(),
            )),
            applies: Applies::Unnamed,
        },
    );
}

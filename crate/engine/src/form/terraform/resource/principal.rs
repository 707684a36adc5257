//! Roles, users and groups, and the resources that are policies of theirs.

use std::collections::HashSet;

use super::{Resources, identity};
use crate::form::exact::text;
use crate::form::finder::Policy;
use crate::form::terraform::module::{Resource, list};
use crate::form::{Applies, Part, PrincipalKind};
use crate::report::DocumentKind;

impl<'m, 'n, 't> Resources<'m, 'n, 't> {
    /// A role, user or group with what stands inside of it.
    pub(super) fn principal(&mut self, resource: &'m Resource<'n, 't>, kind: PrincipalKind) {
        let name = resource.text("name").unwrap_or(&resource.address);
        let principal = self.found(kind, name);
        if let Some(found) = self.finder.found.principals.get_mut(principal) {
            found.complete = true;
            // A group makes no request.
            if kind != PrincipalKind::Group {
                found.arn = self.module.arn(resource, kind.word());
                found.resources = vec![arn_resource(resource, kind.word())];
            }
        }
        for (index, block) in list(resource.values, "inline_policy").enumerate() {
            let (Some(name), Some(document)) = (
                text(block, "name"),
                crate::form::exact::get(block, "policy"),
            ) else {
                continue;
            };
            let own = self.own_inline.contains(&(
                resource.text("name").unwrap_or_default().to_owned(),
                name.to_owned(),
            ));
            if own || name.is_empty() {
                continue;
            }
            let policy = identity(
                name,
                resource.path(&format!("inline_policy[{index}].policy")),
                "it is an inline policy",
            );
            let found = self.string(document.clone(), policy);
            self.finder.found.give(principal, found);
        }
        if resource.is_unknown("inline_policy") && resource.writes("inline_policy") {
            self.finder.found.lacks(
                principal,
                "inline policies known after apply",
                Part::Identity,
            );
        }
        if resource.get("assume_role_policy").is_some() {
            let policy = Policy {
                name: format!("trust policy of {}", resource.address),
                path: resource.path("assume_role_policy"),
                kind: Some((
                    DocumentKind::Resource,
                    "it is the trust policy of a role".to_owned(),
                )),
                applies: Applies::Trust,
            };
            self.document(resource, "assume_role_policy", policy);
        }
        let has_boundary = resource
            .text("permissions_boundary")
            .is_some_and(|arn| !arn.is_empty());
        if has_boundary || resource.is_unknown("permissions_boundary") {
            self.attached
                .push((principal, resource, "permissions_boundary", Part::Boundary));
        }
        let listed = list(resource.values, "managed_policy_arns");
        self.listed
            .extend(listed.map(|node| (principal, resource, node)));
    }

    pub(super) fn inline_policy(&mut self, resource: &'m Resource<'n, 't>) {
        let name = resource.text("name").unwrap_or(&resource.address);
        let policy = identity(name, resource.path("policy"), "it is an inline policy");
        let found = self.document(resource, "policy", policy);
        if let Some(principal) = self.holder(resource) {
            if self.inline.insert((principal, name.to_owned())) {
                self.finder.found.give(principal, found);
            }
        } else if let Some(found) = self.finder.found.policies.get_mut(found) {
            found.applies = Applies::Unnamed;
        }
    }

    pub(super) fn managed_policy(&mut self, resource: &'m Resource<'n, 't>) {
        let is_in = |used: &HashSet<String>| {
            used.contains(&resource.address)
                || resource.text("arn").is_some_and(|arn| used.contains(arn))
        };
        let (boundary, attached) = (is_in(&self.boundaries), is_in(&self.granting));
        let name = resource.text("name").unwrap_or(&resource.address);
        let mut policy = identity(name, resource.path("policy"), "it is an `aws_iam_policy`");
        if boundary && !attached {
            policy.kind = Some((
                DocumentKind::PermissionsBoundary,
                "a principal has it as its permissions boundary".to_owned(),
            ));
        } else if !boundary && !attached {
            policy.applies = Applies::Unnamed;
        }
        let found = self.document(resource, "policy", policy);
        self.managed.insert(resource.address.clone(), found);
        if let Some(arn) = resource.text("arn") {
            self.managed.insert(arn.to_owned(), found);
            self.finder
                .found
                .register
                .managed
                .push((arn.to_owned(), found));
        }
    }

    pub(super) fn policy_attachment(&mut self, resource: &'m Resource<'n, 't>) {
        for (attribute, kind) in [
            ("roles", PrincipalKind::Role),
            ("users", PrincipalKind::User),
            ("groups", PrincipalKind::Group),
        ] {
            for principal in self.names(resource, attribute, kind) {
                self.attached
                    .push((principal, resource, "policy_arn", Part::Identity));
            }
        }
    }
}

/// The last part of a role's or user's ARN, with `*` for what is known after apply.
fn arn_resource(resource: &Resource<'_, '_>, word: &str) -> String {
    let path = match resource.text("path") {
        Some(path) => path,
        None if resource.is_unknown("path") => "/*",
        None => "/",
    };
    match (resource.text("name"), resource.text("name_prefix")) {
        (Some(name), _) => format!("{word}{path}{name}"),
        (None, Some(prefix)) => format!("{word}{path}{prefix}*"),
        (None, None) => format!("{word}{path}*"),
    }
}

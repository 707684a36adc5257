//! Roles, users and groups, and the resources that are policies of theirs.

use super::{Resource, Resources, elements, identity};
use crate::draft::Value;
use crate::form::cloudformation::attachment::{principal_kind, targets};
use crate::form::exact::get;
use crate::form::finder::Policy;
use crate::form::{Applies, Part, PrincipalKind};
use crate::report::DocumentKind;
use crate::source::Node;

impl<'r, 't> Resources<'r, 't> {
    /// A role, user or group with what stands inside of it.
    pub(super) fn principal(&mut self, resource: &Resource<'r, 't>) {
        let Some((kind, _)) = principal_kind(resource.kind) else {
            return;
        };
        let principal = self.principal_of(kind, resource.id);
        if let Some(found) = self.finder.found.principals.get_mut(principal) {
            found.complete = true;
        }
        self.inline_policies(principal, resource);
        for (property, part) in [
            ("ManagedPolicyArns", Part::Identity),
            ("PermissionsBoundary", Part::Boundary),
        ] {
            self.attach_later(principal, resource, property, part);
        }
        if let Some(trust) = resource.property("AssumeRolePolicyDocument") {
            let path = resource.path("AssumeRolePolicyDocument");
            self.trust_policy(resource, trust, path);
        }
        for target in resource
            .property("Groups")
            .map(|groups| targets(self.template, groups))
            .unwrap_or_default()
        {
            let group = self.target(PrincipalKind::Group, &target);
            self.holders.join(principal, group);
        }
    }

    pub(super) fn trust_policy(
        &mut self,
        resource: &Resource<'r, 't>,
        trust: &Node<'t>,
        path: String,
    ) {
        let policy = Policy {
            name: format!("trust policy of {}", resource.id),
            path,
            kind: Some((
                DocumentKind::Resource,
                "it is the trust policy of a role".to_owned(),
            )),
            applies: Applies::Trust,
        };
        self.document(trust, policy, true);
    }

    /// The property `Policies`: a list of names and documents.
    pub(super) fn inline_policies(&mut self, principal: usize, resource: &Resource<'r, 't>) {
        let Some(policies) = resource.property("Policies") else {
            return;
        };
        for (index, (node, certain)) in elements(self.template, policies).into_iter().enumerate() {
            let Some(document) = get(node, "PolicyDocument") else {
                // `AWS::NoValue`, or another function that yields a policy or none.
                let draft = self.template.resolve(node);
                if !matches!(draft.value, Value::Nothing) {
                    self.finder
                        .found
                        .lacks(principal, "an inline policy", Part::Identity);
                    self.finder.problem(
                        node.span,
                        "this is no inline policy with a `PolicyDocument` that can be read here",
                    );
                }
                continue;
            };
            let name = get(node, "PolicyName")
                .and_then(|name| self.template.resolve(name).text())
                .map_or_else(|| format!("{} {}", resource.id, index + 1), Into::into);
            let policy = Policy {
                name,
                path: resource.path(&format!("Policies[{index}].PolicyDocument")),
                kind: Some(identity("it is an inline policy")),
                applies: Applies::Attached,
            };
            let found = self.document(document, policy, certain);
            self.finder.found.give(principal, found);
        }
    }

    /// A policy resource that is attached by names.
    pub(super) fn policy(&mut self, resource: &Resource<'r, 't>) {
        let Some(document) = resource.property("PolicyDocument") else {
            return;
        };
        let to = self.attached_to(
            resource,
            &[
                "Roles",
                "Users",
                "Groups",
                "RoleName",
                "UserName",
                "GroupName",
            ],
        );
        let certain = to.iter().all(|(_, certain)| *certain);
        let policy = Policy {
            name: self.name(resource, "PolicyName"),
            path: resource.path("PolicyDocument"),
            kind: Some(identity(&format!("it is an `{}`", resource.kind))),
            applies: if to.is_empty() {
                Applies::Unnamed
            } else {
                Applies::Attached
            },
        };
        let found = self.document(document, policy, certain);
        for (principal, _) in to {
            self.finder.found.give(principal, found);
        }
    }

    pub(super) fn managed_policy(&mut self, resource: &Resource<'r, 't>) {
        let Some(document) = resource.property("PolicyDocument") else {
            return;
        };
        let to = self.attached_to(resource, &["Roles", "Users", "Groups"]);
        let certain = to.iter().all(|(_, certain)| *certain);
        let used = self.listed.get(resource.id).copied();
        let policy = Policy {
            name: self.name(resource, "ManagedPolicyName"),
            path: resource.path("PolicyDocument"),
            kind: Some(match used {
                Some(Part::Boundary) if to.is_empty() => (
                    DocumentKind::PermissionsBoundary,
                    "a principal of the template has it as its permissions boundary".to_owned(),
                ),
                _ => identity("it is an `AWS::IAM::ManagedPolicy`"),
            }),
            applies: if to.is_empty() && used.is_none() {
                Applies::Unnamed
            } else {
                Applies::Attached
            },
        };
        let found = self.document(document, policy, certain && resource.condition.is_none());
        self.managed.insert(resource.id.to_owned(), found);
        for (principal, _) in to {
            self.finder.found.give(principal, found);
        }
    }

    pub(super) fn membership(&mut self, resource: &Resource<'r, 't>) {
        let list = |property: &str| {
            resource
                .property(property)
                .map(|node| targets(self.template, node))
                .unwrap_or_default()
        };
        let (groups, users) = (list("GroupName"), list("Users"));
        for group in &groups {
            let group = self.target(PrincipalKind::Group, group);
            for user in &users {
                let user = self.target(PrincipalKind::User, user);
                self.holders.join(user, group);
            }
        }
    }
}

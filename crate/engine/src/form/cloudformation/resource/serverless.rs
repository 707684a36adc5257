//! The roles that SAM makes for functions and state machines.

use super::{Resource, Resources, elements, identity};
use crate::form::cloudformation::attachment::targets;
use crate::form::cloudformation::sam_templates;
use crate::form::exact::get;
use crate::form::finder::Policy;
use crate::form::known::allowing;
use crate::form::{Applies, Content, Part, PrincipalKind};
use crate::source;

impl<'r, 't> Resources<'r, 't> {
    /// The role that SAM makes for a function or state machine.
    pub(super) fn serverless(&mut self, resource: &Resource<'r, 't>) {
        // With a role of its own, SAM makes none, and `Policies` counts for nothing.
        if resource.property("Role").is_some() {
            return;
        }
        let Some(policies) = resource.property("Policies") else {
            return;
        };
        let name = format!("role of {}", resource.id);
        let principal = self.found(PrincipalKind::Role, &format!("{}Role", resource.id), name);
        if let Some(found) = self.finder.found.principals.get_mut(principal) {
            found.resources = vec!["role/*".to_owned()];
            found.complete = true;
        }
        for (index, (node, certain)) in elements(self.template, policies).into_iter().enumerate() {
            let path = resource.path(&format!("Policies[{index}]"));
            let is_document = get(node, "Statement").is_some();
            let is_function = matches!(&node.value, source::Value::Object(members)
                if members.iter().all(|member| member.name.value == "Ref" || member.name.value.starts_with("Fn::")));
            match &node.value {
                source::Value::Object(_) if is_document => {
                    let policy = Policy {
                        name: format!("{} {}", resource.id, index + 1),
                        path,
                        kind: Some(identity("it is in the `Policies` of a SAM resource")),
                        applies: Applies::Attached,
                    };
                    let found = self.document(node, policy, certain);
                    self.finder.found.give(principal, found);
                }
                source::Value::Object(members) if !is_function => {
                    for member in members {
                        self.policy_template(principal, member, &path, certain);
                    }
                }
                _ => {
                    for mut target in targets(self.template, node) {
                        target.certain &= certain;
                        target.of_aws = target.resource.is_none();
                        self.attached
                            .push((principal, target, Part::Identity, path.clone()));
                    }
                }
            }
        }
        let globals = get(self.root, "Globals").and_then(|globals| get(globals, "Function"));
        let boundary = resource
            .property("PermissionsBoundary")
            .or_else(|| get(globals?, "PermissionsBoundary"));
        for target in boundary
            .map(|node| targets(self.template, node))
            .unwrap_or_default()
        {
            let path = resource.path("PermissionsBoundary");
            self.attached
                .push((principal, target, Part::Boundary, path));
        }
        if let Some(trust) = resource.property("AssumeRolePolicyDocument") {
            let path = resource.path("AssumeRolePolicyDocument");
            self.trust_policy(resource, trust, path);
        }
    }

    /// What a policy template of SAM grants.
    pub(super) fn policy_template(
        &mut self,
        principal: usize,
        member: &source::Member<'t>,
        path: &str,
        certain: bool,
    ) {
        let name = member.name.value.as_ref();
        let span = member.span();
        match sam_templates::actions(name).filter(|_| certain) {
            Some(actions) => {
                let policy = Policy {
                    name: name.to_owned(),
                    path: format!("{path}.{name}"),
                    kind: Some(identity(
                        "it is a policy template of SAM, taken to allow all of its service",
                    )),
                    applies: Applies::Attached,
                };
                let content = Content::Rendered(allowing(actions, span));
                let found = self.finder.content(content, span, policy);
                self.finder.found.give(principal, found);
            }
            None => {
                self.finder.found.lacks(
                    principal,
                    &format!("SAM policy template {name}"),
                    Part::Identity,
                );
                self.finder.problem(
                    member.name.span,
                    format!("`{name}` is none of SAM's policy templates that are known here: what it grants is not judged"),
                );
            }
        }
    }
}

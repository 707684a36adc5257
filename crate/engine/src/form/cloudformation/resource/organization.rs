//! SCPs, RCPs and permission sets.

use super::{Resource, Resources, elements, identity};
use crate::form::cloudformation::attachment::targets;
use crate::form::exact::get;
use crate::form::finder::Policy;
use crate::form::found::permission_set_role;
use crate::form::register::{Attachment, Scp};
use crate::form::{Applies, Part, PrincipalKind, register};
use crate::report::DocumentKind;

impl<'r, 't> Resources<'r, 't> {
    pub(super) fn organizations_policy(&mut self, resource: &Resource<'r, 't>) {
        let Some(content) = resource.property("Content") else {
            return;
        };
        let kind = resource
            .property("Type")
            .and_then(|kind| self.template.resolve(kind).text());
        let kind = match kind.as_deref() {
            Some("SERVICE_CONTROL_POLICY") => DocumentKind::Scp,
            Some("RESOURCE_CONTROL_POLICY") => DocumentKind::Rcp,
            _ => return,
        };
        let targets = resource
            .property("TargetIds")
            .map(|node| targets(self.template, node))
            .unwrap_or_default();
        let certain = targets.iter().all(|target| target.certain) && resource.condition.is_none();
        let policy = Policy {
            name: self.name(resource, "Name"),
            path: resource.path("Content"),
            kind: Some((kind, "the template says so in `Type`".to_owned())),
            applies: Applies::Unnamed,
        };
        let found = self.document(content, policy, certain);
        let attached = targets.iter().filter(|_| kind == DocumentKind::Scp);
        let register = &mut self.finder.found.register;
        register
            .attachments
            .extend(attached.map(|target| Attachment {
                target: register::Target::new(&target.words(), None),
                policy: Scp::Here(found),
                listed: None,
            }));
    }

    pub(super) fn permission_set(&mut self, resource: &Resource<'r, 't>) {
        let name = format!("permission set {}", self.name(resource, "Name"));
        let principal = self.found(PrincipalKind::Other, resource.id, name);
        let known = resource
            .property("Name")
            .and_then(|name| self.template.resolve(name).text());
        if let Some(found) = self.finder.found.principals.get_mut(principal) {
            found.complete = true;
            found.resources = vec![permission_set_role(known.as_deref())];
        }
        if let Some(document) = resource.property("InlinePolicy") {
            let policy = Policy {
                name: format!("{} inline policy", resource.id),
                path: resource.path("InlinePolicy"),
                kind: Some(identity("it is the inline policy of a permission set")),
                applies: Applies::Attached,
            };
            let found = self.document(document, policy, true);
            self.finder.found.give(principal, found);
        }
        self.attach_later(principal, resource, "ManagedPolicies", Part::Identity);
        for (property, member) in [
            ("CustomerManagedPolicyReferences", "Name"),
            ("PermissionsBoundary", "CustomerManagedPolicyReference"),
        ] {
            let part = if member == "Name" {
                Part::Identity
            } else {
                Part::Boundary
            };
            for (node, _) in resource
                .property(property)
                .map(|node| elements(self.template, node))
                .unwrap_or_default()
            {
                let name = get(node, member)
                    .or_else(|| get(node, "ManagedPolicyArn"))
                    .and_then(|name| self.template.resolve(name).text());
                let name = name
                    .as_deref()
                    .unwrap_or("a customer managed policy")
                    .to_owned();
                self.finder.found.lacks(principal, &name, part);
            }
        }
    }
}

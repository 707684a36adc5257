//! SCPs, RCPs, what they are attached to, and permission sets.

use super::Resources;
use crate::form::finder::Policy;
use crate::form::found::permission_set_role;
use crate::form::register::{Attachment, Scp, Target};
use crate::form::terraform::module::Resource;
use crate::form::{Applies, PrincipalKind};
use crate::report::DocumentKind;

impl<'m, 'n, 't> Resources<'m, 'n, 't> {
    pub(super) fn organizations_policy(&mut self, resource: &'m Resource<'n, 't>) {
        let kind = match resource.text("type") {
            None | Some("SERVICE_CONTROL_POLICY") => DocumentKind::Scp,
            Some("RESOURCE_CONTROL_POLICY") => DocumentKind::Rcp,
            Some(_) => return,
        };
        let policy = Policy {
            name: resource
                .text("name")
                .unwrap_or(&resource.address)
                .to_owned(),
            path: resource.path("content"),
            kind: Some((kind, "its resource says so in `type`".to_owned())),
            applies: Applies::Unnamed,
        };
        let found = self.document(resource, "content", policy);
        if kind == DocumentKind::Scp {
            self.organizations.insert(resource.address.clone(), found);
            if let Some(id) = resource.text("id") {
                self.organizations.insert(id.to_owned(), found);
            }
        }
    }

    pub(super) fn organizations_attachment(&mut self, attachment: &Resource<'n, 't>) {
        let by_reference = self
            .module
            .referred(attachment, "policy_id")
            .and_then(|policy| self.organizations.get(&policy.address));
        let by_id = || self.organizations.get(attachment.text("policy_id")?);
        let Some(found) = by_reference.or_else(by_id).copied() else {
            return;
        };
        let target = match attachment.text("target_id") {
            Some(id) => id.to_owned(),
            None => match self.module.referred(attachment, "target_id") {
                Some(target) => target.address.clone(),
                None => format!("of {}", attachment.address),
            },
        };
        self.finder.found.register.attachments.push(Attachment {
            target: Target::new(&target, None),
            policy: Scp::Here(found),
            listed: None,
        });
    }

    /// What stands where in the organization.
    pub(super) fn organization(&mut self, resource: &Resource<'n, 't>) {
        let register = &mut self.finder.found.register;
        if let Some(arn) = resource.text("arn") {
            register.managed_by(arn);
        }
        if let (Some(id), Some(parent)) = (resource.text("id"), resource.text("parent_id")) {
            register.parents.push((id.to_owned(), parent.to_owned()));
        }
    }

    pub(super) fn permission_set(&mut self, resource: &Resource<'n, 't>, attribute: &str) -> usize {
        let set = match attribute {
            "arn" => Some(resource),
            _ => self.module.referred(resource, attribute).or_else(|| {
                let arn = resource.text(attribute)?;
                self.module
                    .of_kind("aws_ssoadmin_permission_set")
                    .find(|set| set.text("arn") == Some(arn))
            }),
        };
        let id = set.map_or_else(
            || {
                resource
                    .text(attribute)
                    .unwrap_or(&resource.address)
                    .to_owned()
            },
            |set| set.address.clone(),
        );
        let known = set.and_then(|set| set.text("name"));
        let name = known.unwrap_or(&id);
        let principal =
            self.principal_named(PrincipalKind::Other, &id, format!("permission set {name}"));
        if let Some(found) = self.finder.found.principals.get_mut(principal) {
            found.resources = vec![permission_set_role(known)];
        }
        principal
    }
}

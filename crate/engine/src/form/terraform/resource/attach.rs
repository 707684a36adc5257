//! Who has which policy, by references, names and ARNs.

use super::Resources;
use crate::form::terraform::module::{Resource, list};
use crate::form::{Part, PrincipalKind};
use crate::source::{Node, Value};

/// The attributes by which a resource names a role, user or group.
const HOLDERS: [(&str, PrincipalKind); 3] = [
    ("role", PrincipalKind::Role),
    ("user", PrincipalKind::User),
    ("group", PrincipalKind::Group),
];

impl<'m, 'n, 't> Resources<'m, 'n, 't> {
    /// Whom `role`, `user` or `group` names.
    pub(super) fn holder(&mut self, resource: &Resource<'n, 't>) -> Option<usize> {
        HOLDERS
            .into_iter()
            .find_map(|(attribute, kind)| self.named(resource, attribute, kind))
    }

    pub(super) fn named(
        &mut self,
        resource: &Resource<'n, 't>,
        attribute: &str,
        kind: PrincipalKind,
    ) -> Option<usize> {
        // The provider takes a role's id for its name, and they are the same.
        if let Some(name) = resource.text(attribute) {
            return Some(self.found(kind, name));
        }
        let referred = self.module.referred(resource, attribute)?;
        let name = referred.text("name").unwrap_or(&referred.address);
        Some(self.found(kind, name))
    }

    /// Whom a list of names names.
    pub(super) fn names(
        &mut self,
        resource: &Resource<'n, 't>,
        attribute: &str,
        kind: PrincipalKind,
    ) -> Vec<usize> {
        let mut all: Vec<usize> = list(resource.values, attribute)
            .filter_map(|node| match &node.value {
                Value::String(name) => Some(self.found(kind, name)),
                _ => None,
            })
            .collect();
        if resource.is_unknown(attribute)
            && let Some(referred) = self.module.referred(resource, attribute)
        {
            let name = referred.text("name").unwrap_or(&referred.address);
            all.push(self.found(kind, name));
        }
        all
    }

    pub(super) fn attach(
        &mut self,
        principal: usize,
        resource: &Resource<'n, 't>,
        attribute: &'static str,
        part: Part,
    ) {
        let referred = self
            .module
            .referred(resource, attribute)
            .and_then(|policy| self.managed.get(&policy.address))
            .copied();
        match (referred, resource.get(attribute)) {
            (Some(found), _) => self.finder.found.give_as(principal, found, part),
            (None, Some(node)) => {
                if let Value::String(arn) = &node.value {
                    self.attach_arn(principal, arn, node, part, resource.path(attribute));
                }
            }
            (None, None) => {
                let what = resource.path(attribute);
                self.finder.found.lacks(principal, &what, part);
            }
        }
    }

    pub(super) fn attach_arn(
        &mut self,
        principal: usize,
        arn: &str,
        node: &Node<'t>,
        part: Part,
        path: String,
    ) {
        if let Some(found) = self.managed.get(arn).copied() {
            self.finder.found.give_as(principal, found, part);
        } else if part == Part::Identity
            && let Some(found) = self.finder.known_policy(arn, node.span, &path)
        {
            self.finder.found.give(principal, found);
        } else {
            self.finder.found.lacks(principal, arn, part);
        }
    }
}

//! Who has which policy, by references, names and ARNs.

use super::{Resource, Resources};
use crate::form::cloudformation::attachment::{Target, targets};
use crate::form::exact::{get, text};
use crate::form::found::anywhere;
use crate::form::{Part, PrincipalKind};
use crate::source;

impl<'r, 't> Resources<'r, 't> {
    pub(super) fn attach_later(
        &mut self,
        principal: usize,
        resource: &Resource<'r, 't>,
        property: &str,
        part: Part,
    ) {
        let Some(node) = resource.property(property) else {
            return;
        };
        for (index, target) in targets(self.template, node).into_iter().enumerate() {
            let path = match node.value {
                source::Value::Array(_) => resource.path(&format!("{property}[{index}]")),
                _ => resource.path(property),
            };
            self.attached.push((principal, target, part, path));
        }
    }

    /// A managed policy of this template, one of AWS's that everybody knows, or one that is not here.
    pub(super) fn attach(
        &mut self,
        principal: usize,
        target: &Target<'t>,
        part: Part,
        path: String,
    ) {
        let here = target
            .resource
            .as_ref()
            .and_then(|id| self.managed.get(id))
            .copied();
        let words = target.words();
        let by_name = || {
            let literal = target.text()?;
            // An ARN of an account's own policy ends with its name.
            let (_, path) = literal
                .split_once(":policy/")
                .filter(|(account, _)| !account.ends_with(":aws"))?;
            let name = path.rsplit('/').next().unwrap_or_default();
            let id = self
                .by_name
                .get(&("AWS::IAM::ManagedPolicy", name.to_owned()))?;
            self.managed.get(*id).copied()
        };
        match here.or_else(by_name) {
            Some(policy) if target.certain => {
                self.finder.found.give_as(principal, policy, part);
            }
            None if target.certain && part == Part::Identity => {
                let literal = target.text().unwrap_or_default();
                let span = target.draft.span;
                match self.finder.known_policy(&literal, span, &path) {
                    Some(found) => self.finder.found.give(principal, found),
                    None => self.finder.found.lacks(principal, &words, part),
                }
            }
            _ => self.finder.found.lacks(principal, &words, part),
        }
    }

    /// The principals that a policy's properties name, and whether it is certainly attached.
    pub(super) fn attached_to(
        &mut self,
        resource: &Resource<'r, 't>,
        properties: &[&str],
    ) -> Vec<(usize, bool)> {
        let mut all = Vec::new();
        for property in properties {
            let kind = match property.as_bytes().first() {
                Some(b'R') => PrincipalKind::Role,
                Some(b'U') => PrincipalKind::User,
                _ => PrincipalKind::Group,
            };
            let Some(node) = resource.property(property) else {
                continue;
            };
            for target in targets(self.template, node) {
                let principal = self.target(kind, &target);
                let same_condition = resource.condition.is_none()
                    || target
                        .resource
                        .as_ref()
                        .is_some_and(|id| self.condition_of(id) == resource.condition);
                all.push((principal, target.certain && same_condition));
            }
        }
        all
    }

    pub(super) fn condition_of(&self, id: &str) -> Option<&'r str> {
        text(get(get(self.root, "Resources")?, id)?, "Condition")
    }

    /// A principal that an attachment names.
    pub(super) fn target(&mut self, kind: PrincipalKind, target: &Target<'t>) -> usize {
        match &target.resource {
            Some(id) => self.principal_of(kind, id),
            None => {
                let name = target.words();
                let of_type = match kind {
                    PrincipalKind::Role => "AWS::IAM::Role",
                    PrincipalKind::User => "AWS::IAM::User",
                    _ => "AWS::IAM::Group",
                };
                let id = self.by_name.get(&(of_type, name.clone())).copied();
                match id {
                    Some(id) => self.principal_of(kind, id),
                    None => {
                        let principal = self.found(kind, &name, format!("{} {name}", kind.word()));
                        if let (Some(found), Some(name)) = (
                            self.finder.found.principals.get_mut(principal),
                            target.text(),
                        ) {
                            found.resources = anywhere(kind.word(), &name);
                        }
                        principal
                    }
                }
            }
        }
    }

    /// A principal of the template, by its logical id.
    pub(super) fn principal_of(&mut self, kind: PrincipalKind, id: &str) -> usize {
        // Its name is what it is where the principal is there, whatever refers to it.
        let before = self.template.assume(self.condition_of(id));
        let name = self
            .template
            .resources
            .get(id)
            .and_then(|named| named.name.as_ref())
            .and_then(|name| self.template.resolve(name).text());
        let name = name.as_deref().unwrap_or(id);
        let principal = self.found(kind, id, format!("{} {name}", kind.word()));
        if let Some(found) = self.finder.found.principals.get_mut(principal)
            && kind != PrincipalKind::Group
            && found.resources.is_empty()
        {
            found.resources.extend(self.template.arn_resource(id));
        }
        self.template.assume(before.as_deref());
        principal
    }
}

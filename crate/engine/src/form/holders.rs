//! Roles, users, groups and others that have policies, as templates and plans make them: what is said of one in several
//! places comes together by its id.

use std::collections::HashMap;

use super::{Found, FoundPrincipal, Missing, Part, PrincipalKind};

/// Those of one template or plan. A holder is a position among the principals found.
#[derive(Debug, Default)]
pub(super) struct Holders {
    known: HashMap<(PrincipalKind, String), usize>,
    /// Users and the groups that they are in.
    memberships: Vec<(usize, usize)>,
}

impl Holders {
    /// The holder with this id, under this name where it is new.
    pub(super) fn holder(
        &mut self,
        found: &mut Found<'_>,
        kind: PrincipalKind,
        id: &str,
        name: String,
    ) -> usize {
        *self.known.entry((kind, id.to_owned())).or_insert_with(|| {
            found.principals.push(FoundPrincipal {
                name,
                kind,
                ..FoundPrincipal::default()
            });
            found.principals.len() - 1
        })
    }

    /// A user is in a group.
    pub(super) fn join(&mut self, user: usize, group: usize) {
        self.memberships.push((user, group));
    }

    /// Gives users what their groups have, now that all of it is known.
    pub(super) fn share(&mut self, found: &mut Found<'_>) {
        for (user, group) in std::mem::take(&mut self.memberships) {
            let Some(of_group) = found.principals.get(group) else {
                continue;
            };
            let (policies, missing) = (of_group.policies.clone(), of_group.missing.clone());
            if let Some(user) = found.principals.get_mut(user) {
                user.policies.extend(policies);
                user.missing.extend(missing);
            }
        }
    }
}

impl Found<'_> {
    /// A holder has a policy.
    pub(super) fn give(&mut self, holder: usize, policy: usize) {
        if let Some(found) = self.principals.get_mut(holder)
            && !found.policies.contains(&policy)
        {
            found.policies.push(policy);
        }
    }

    /// As `give`, in the part in which a managed policy is attached here.
    pub(super) fn give_as(&mut self, holder: usize, policy: usize, part: Part) {
        let policy = self.as_kind(policy, part.kind());
        self.give(holder, policy);
    }

    /// A holder has a policy that is not here.
    pub(super) fn lacks(&mut self, holder: usize, policy: &str, part: Part) {
        if let Some(found) = self.principals.get_mut(holder) {
            let missing = Missing::new(policy, part);
            if !found.missing.contains(&missing) {
                found.missing.push(missing);
            }
        }
    }
}

impl PrincipalKind {
    /// As it is written in ARNs.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Role => "role",
            Self::User => "user",
            Self::Group => "group",
            Self::Other => "",
        }
    }
}

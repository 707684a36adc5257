//! Where SCPs apply: what each target has, and whether a principal's account belongs to it ("SCP evaluation": an
//! account is bound by the SCPs of the root, of each organizational unit on the way to it, and by its own).

mod doubt;
mod untold;

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use super::Survey;
use super::group::Group;
use crate::case::{Document, Ruling};
use crate::evaluate::{Applied, Request, is_account, is_allowed};
use crate::form::{Applies, FULL_ACCESS, Missing, Part, Register, Scp};
use crate::policy::first;
use crate::report::{DocumentKind, Problem, Severity};

use untold::{Untold, add_untold};

/// The targets of SCPs, and what is told of the organization.
#[derive(Debug, Default)]
pub(super) struct Scopes {
    pub(super) targets: Vec<Target>,
    parents: HashMap<String, String>,
    management: HashSet<String>,
}

/// What SCPs are attached to.
#[derive(Debug)]
pub(super) struct Target {
    pub(super) id: String,
    pub(super) name: String,
    /// Indexes of its SCPs.
    pub(super) documents: Vec<usize>,
    /// SCPs whose documents are not here.
    pub(super) missing: Vec<Missing>,
    /// Whether somebody who is judged belongs to it.
    joined: bool,
}

/// Whether an account belongs to a target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Belongs {
    Yes,
    No,
    /// The inputs do not say.
    Unknown,
}

/// How high an organization can be: five levels of organizational units below the root, and the account.
const HIGHEST: usize = 8;

impl Scopes {
    /// From what all inputs say, each with the index of its source; and the lists whose documents are missing.
    fn new(register: &Register, sources: &[usize]) -> (Self, Vec<Untold>) {
        let mut scopes = Self {
            parents: register.parents.iter().cloned().collect(),
            management: register.management.iter().cloned().collect(),
            ..Self::default()
        };
        let here: HashMap<&str, usize> = register
            .scps
            .iter()
            .map(|(id, policy)| (id.as_str(), *policy))
            .collect();
        let mut untold: Vec<Untold> = Vec::new();
        for (attachment, source) in register.attachments.iter().zip(sources) {
            let at = scopes.target(&attachment.target.id, &attachment.target.name);
            let Some(target) = scopes.targets.get_mut(at) else {
                continue;
            };
            let document = match &attachment.policy {
                Scp::Here(policy) => Some(*policy),
                Scp::Id { id, .. } => here.get(id.as_str()).copied(),
            };
            match (document, &attachment.policy) {
                (Some(document), _) => {
                    if !target.documents.contains(&document) {
                        target.documents.push(document);
                    }
                }
                // It allows everything, and is assumed beside the SCPs that are here.
                (None, Scp::Id { id, .. }) if id == FULL_ACCESS => {}
                (None, Scp::Id { id, name }) => {
                    let missing = Missing::new(id.clone(), Part::Scp);
                    if !target.missing.contains(&missing) {
                        target.missing.push(missing);
                    }
                    if let Some(span) = attachment.listed {
                        add_untold(&mut untold, (*source, span), &target.name, (id, name));
                    }
                }
                (None, Scp::Here(_)) => {}
            }
        }
        (scopes, untold)
    }

    fn target(&mut self, id: &str, name: &str) -> usize {
        if let Some(at) = self.targets.iter().position(|target| target.id == id) {
            // Of two names the one that says more.
            if let Some(target) = self.targets.get_mut(at)
                && target.name.len() < name.len()
            {
                name.clone_into(&mut target.name);
            }
            return at;
        }
        self.targets.push(Target {
            id: id.to_owned(),
            name: name.to_owned(),
            documents: Vec::new(),
            missing: Vec::new(),
            joined: false,
        });
        self.targets.len() - 1
    }
}

/// Whether an account, if it is known, belongs to a target.
fn belongs(parents: &HashMap<String, String>, account: Option<&str>, target: &str) -> Belongs {
    let Some(account) = account else {
        return Belongs::Unknown;
    };
    let mut at = account;
    for _ in 0..HIGHEST {
        if at == target {
            return Belongs::Yes;
        }
        match parents.get(at) {
            Some(parent) => at = parent,
            None => break,
        }
    }
    // Up to the root all that is above the account is told.
    let told = at.starts_with("r-")
        && ["r-", "ou-"]
            .iter()
            .any(|prefix| target.starts_with(prefix));
    if is_account(target) || told {
        Belongs::No
    } else {
        Belongs::Unknown
    }
}

impl Survey<'_> {
    /// What the inputs say of targets. SCPs that are attached to some apply to nobody else, and of those that are not
    /// here it is said how to come by them. `attached_in` has the input of each attachment.
    pub(super) fn scopes(&mut self, register: &Register, attached_in: &[usize]) -> Scopes {
        let (scopes, untold) = Scopes::new(register, attached_in);
        for target in &scopes.targets {
            for index in &target.documents {
                if let Some(document) = self.documents.get_mut(*index) {
                    document.found.applies = Applies::Attached;
                    document.scoped = true;
                    document.attached_to.push(target.name.clone());
                }
            }
        }
        for list in untold {
            let (source, span) = list.listed;
            if let Some(input) = self.inputs.get_mut(source) {
                let span = input.place(first(span));
                input.report.problems.push(Problem {
                    severity: Severity::Warning,
                    message: list.message(),
                    span,
                });
            }
        }
        scopes
    }

    /// Adds what caps a group: what caps everyone here, and the SCPs of the targets that its account belongs to.
    pub(super) fn cap(&self, group: &mut Group, caps: &[usize], scopes: &mut Scopes) {
        let account = group
            .principal
            .as_deref()
            .and_then(|arn| arn.split(':').nth(4))
            .filter(|account| is_account(account));
        let is_scp = |index: &&usize| {
            let facts = self
                .documents
                .get(**index)
                .and_then(|entry| entry.facts.as_ref());
            facts.is_some_and(|facts| facts.kind == Some(DocumentKind::Scp))
        };
        if scopes.management.contains(account.unwrap_or_default()) {
            group
                .documents
                .extend(caps.iter().filter(|index| !is_scp(index)));
            group.unbound = caps.iter().any(|index| is_scp(&index)) || !scopes.targets.is_empty();
        } else {
            group.documents.extend(caps);
            let everywhere: Vec<usize> = caps.iter().filter(is_scp).copied().collect();
            for target in &mut scopes.targets {
                match belongs(&scopes.parents, account, &target.id) {
                    Belongs::No => {}
                    Belongs::Yes => {
                        target.joined = true;
                        group.documents.extend(&target.documents);
                        group.missing.extend(target.missing.iter().cloned());
                        group
                            .levels
                            .push((target.name.clone(), target.documents.clone()));
                    }
                    Belongs::Unknown => {
                        group.perhaps.extend(&target.documents);
                        group.doubtful.push(target.name.clone());
                    }
                }
            }
            if !everywhere.is_empty() {
                group.levels.push((
                    "those that are pasted without a target".to_owned(),
                    everywhere,
                ));
            }
        }
        group.documents.sort_unstable();
        group.documents.dedup();
        group
            .perhaps
            .retain(|index| !group.documents.contains(index));
        group.perhaps.sort_unstable();
        group.perhaps.dedup();
    }

    /// Where SCPs stand at several levels, each must allow the request ("SCP evaluation"): which one does not, in
    /// words.
    pub(super) fn refusing_level(
        &self,
        group: &Group,
        documents: &[Rc<Document<'_>>],
        ruling: &Ruling,
    ) -> Option<String> {
        let witness = ruling.witness.as_ref().filter(|_| group.levels.len() > 1)?;
        let request = Request::from(witness);
        let (level, _) = group.levels.iter().find(|(_, level)| {
            let applied: Vec<Applied<'_, '_>> = group
                .documents
                .iter()
                .zip(documents)
                .filter(|(index, _)| level.contains(index))
                .filter_map(|(_, document)| {
                    let (kind, policy) =
                        (document.reading.kind?, document.reading.policy.as_ref()?);
                    Some(Applied { kind, policy })
                })
                .collect();
            !is_allowed(&applied, &request)
        })?;
        Some(format!(
            "SCPs of several levels apply, each must allow a request, and of those for {level} none allows the one that was found; whether there is another that all allow is not known"
        ))
    }
}

impl Scopes {
    /// The targets that nobody judged belongs to: each is judged by itself, for an administrator there.
    pub(super) fn alone(&self) -> Vec<Group> {
        self.targets
            .iter()
            .filter(|target| !target.joined && !target.documents.is_empty())
            .map(|target| Group {
                name: target.name.clone(),
                named: true,
                callers: true,
                documents: target.documents.clone(),
                missing: target.missing.clone(),
                ..Group::default()
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_belongs_to_what_is_above_it() {
        let parents = [
            ("111122223333", "ou-ab12-11111111"),
            ("ou-ab12-11111111", "r-ab12"),
            ("444455556666", "ou-ab12-22222222"),
            ("ou-ab12-33333333", "ou-ab12-33333333"),
            ("777788889999", "ou-ab12-33333333"),
        ];
        let parents: HashMap<String, String> = parents
            .into_iter()
            .map(|(child, parent)| (child.to_owned(), parent.to_owned()))
            .collect();
        for (account, target, expected) in [
            (Some("111122223333"), "111122223333", Belongs::Yes),
            (Some("111122223333"), "444455556666", Belongs::No),
            (Some("111122223333"), "ou-ab12-11111111", Belongs::Yes),
            (Some("111122223333"), "r-ab12", Belongs::Yes),
            (Some("111122223333"), "ou-ab12-22222222", Belongs::No),
            (Some("444455556666"), "ou-ab12-22222222", Belongs::Yes),
            (Some("444455556666"), "r-ab12", Belongs::Unknown),
            (Some("777788889999"), "r-ab12", Belongs::Unknown),
            (Some("999999999999"), "r-ab12", Belongs::Unknown),
            (None, "111122223333", Belongs::Unknown),
            (Some("111122223333"), "!Ref Target", Belongs::Unknown),
        ] {
            assert_eq!(
                belongs(&parents, account, target),
                expected,
                "{account:?} {target}"
            );
        }
    }
}

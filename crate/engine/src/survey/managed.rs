//! Policies that a principal lists by ARN or name, and whose documents stand in another place of the inputs.

use std::collections::HashMap;

use super::group::Group;
use super::{Entry, Survey};
use crate::form::missing::name_of_aws;
use crate::form::{Applies, FoundPolicy, FoundPrincipal, Missing, Part, Register};
use crate::report::DocumentKind;
use crate::request::KindInput;

impl<'t> Survey<'t> {
    /// Gives each principal the documents that it lacks and that are here.
    pub(super) fn join_managed(&mut self, found: &mut [FoundPrincipal], register: &Register) {
        let mut managed: HashMap<String, usize> = HashMap::new();
        for (arn, document) in &register.managed {
            managed.entry(arn.clone()).or_insert(*document);
            if let Some(name) = name_of_aws(arn) {
                managed.entry(name).or_insert(*document);
            }
        }
        if managed.is_empty() {
            return;
        }
        // Of a policy that grants to one and caps another there are two documents, of a kind each. Those that grant
        // come first, so that it is known which they are.
        let mut caps: HashMap<usize, usize> = HashMap::new();
        for part in [Part::Identity, Part::Boundary] {
            for principal in &mut *found {
                let (here, missing): (Vec<Missing>, _) = std::mem::take(&mut principal.missing)
                    .into_iter()
                    .partition(|missing| {
                        missing.part == part && managed.contains_key(&missing.policy)
                    });
                principal.missing = missing;
                for known in here {
                    let Some(document) = managed.get(&known.policy).copied() else {
                        continue;
                    };
                    let document = match part {
                        Part::Boundary => *caps
                            .entry(document)
                            .or_insert_with(|| self.as_boundary(document)),
                        _ => document,
                    };
                    if let Some(entry) = self.documents.get_mut(document) {
                        entry.found.applies = Applies::Attached;
                    }
                    principal.policies.push(document);
                }
            }
        }
    }

    /// Of the inline policies that are listed by name, those lack no longer that are here. `inline` has the documents
    /// that are inline policies.
    pub(super) fn join_inline(&self, inline: &[usize], groups: &mut [Group]) {
        for group in groups {
            let Group {
                documents, missing, ..
            } = group;
            missing.retain(|missing| {
                let is_it = |index: &&usize| {
                    inline.binary_search(index).is_ok()
                        && self
                            .documents
                            .get(**index)
                            .is_some_and(|entry| entry.name == missing.policy)
                };
                missing.part != Part::Inline || !documents.iter().any(|index| is_it(&index))
            });
        }
    }

    /// The document as a permissions boundary: itself, where it is nothing else, or else once more.
    fn as_boundary(&mut self, document: usize) -> usize {
        let boundary = DocumentKind::PermissionsBoundary;
        let Some(entry) = self.documents.get_mut(document) else {
            return document;
        };
        let Some(input) = self.request.documents.get(entry.source) else {
            return document;
        };
        if input.kind != KindInput::Auto || entry.kind == KindInput::Given(boundary) {
            return document;
        }
        let kind = Some((
            boundary,
            "a principal here has it as its permissions boundary".to_owned(),
        ));
        if entry.found.applies != Applies::Attached {
            entry.found.kind = kind;
            entry.kind = KindInput::Given(boundary);
            return document;
        }
        let found = FoundPolicy {
            kind,
            content: entry.found.content.clone(),
            name: entry.name.clone(),
            path: entry.found.path.clone(),
            span: entry.found.span,
            applies: Applies::Attached,
        };
        let again = Entry::new(entry.source, input, found, (0, 1));
        self.documents.push(again);
        self.documents.len() - 1
    }
}

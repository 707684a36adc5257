//! Who is judged by itself, and with which documents.

use std::collections::HashMap;

use super::Survey;
use super::scopes::Scopes;
use crate::case::Ruling;
use crate::form::{Applies, FoundPrincipal, Missing, PrincipalKind};
use crate::guardrail::Subject;
use crate::report::{DocumentKind, Verdict};

/// A principal, or another subject that is judged by itself, and all that applies to it.
#[derive(Debug, Default)]
pub(super) struct Group {
    /// The principal's ARN.
    pub(super) principal: Option<String>,
    pub(super) name: String,
    /// Whether the documents say who it is.
    pub(super) named: bool,
    /// Indexes of the documents that apply to it.
    pub(super) documents: Vec<usize>,
    /// Whether what callers may do is asked.
    pub(super) callers: bool,
    /// Whether bucket policies are asked about.
    pub(super) resources: bool,
    /// SCPs that the inputs do not say apply, or do not.
    pub(super) perhaps: Vec<usize>,
    /// Names of the targets that they, or SCPs that are not here, are attached to.
    pub(super) doubtful: Vec<String>,
    /// The SCPs of each target that it belongs to, by the target's name: each of them must allow what is allowed.
    pub(super) levels: Vec<(String, Vec<usize>)>,
    /// Whether SCPs that are here do not bind it, since it is in the management account.
    pub(super) unbound: bool,
    /// Where its ARN is not known: patterns of which the ARN matches one.
    pub(super) like: Vec<String>,
    pub(super) missing: Vec<Missing>,
    pub(super) complete: bool,
    /// Whether it is no principal but a policy, of which nobody says who has it.
    pub(super) policy_alone: bool,
    /// Why it is not judged.
    pub(super) aside: Option<String>,
}

impl Group {
    /// The answer of a guardrail that does not ask about this one.
    pub(super) fn not_judged(&self, subject: Subject) -> Ruling {
        Ruling {
            verdict: Some(Verdict::NotApplicable),
            summary: match (&self.aside, subject) {
                (Some(reason), _) => reason.clone(),
                (None, Subject::Caller) => {
                    "these are resource-based policies, and each principal is judged by itself".to_owned()
                }
                (None, Subject::Bucket) => {
                    "no bucket policy is pasted: paste the policy of the bucket that holds the trail's logs".to_owned()
                }
            },
            ..Ruling::default()
        }
    }
}

/// The documents that belong to no principal that is named.
#[derive(Default)]
struct Unattached {
    /// What grants, or may grant.
    identity: Vec<usize>,
    /// What caps everyone here.
    caps: Vec<usize>,
    /// Resource-based policies and what caps them.
    resources: Vec<usize>,
}

impl Survey<'_> {
    /// Sorts the documents by whom they apply to. The principals that the request names come before those found.
    /// `inline` has the documents that are inline policies.
    pub(super) fn form_groups(
        &mut self,
        found: Vec<FoundPrincipal>,
        inline: &[usize],
        scopes: Scopes,
    ) {
        let mut groups: Vec<Group> = Vec::new();
        let mut unattached = Unattached::default();
        let mut by_arn: HashMap<String, usize> = HashMap::new();
        for index in 0..self.documents.len() {
            let Some(document) = self.documents.get(index) else {
                continue;
            };
            let attached_here = document.owner.is_some();
            match &document.found.applies {
                Applies::Attached if !attached_here => continue,
                Applies::Trust | Applies::Nobody(_) => {
                    self.load(index);
                    continue;
                }
                Applies::Attached | Applies::Unnamed => {}
            }
            self.keep(index);
            let Some(document) = self.documents.get(index) else {
                continue;
            };
            let kind = document.facts.as_ref().and_then(|facts| facts.kind);
            match (kind, &document.owner) {
                (Some(DocumentKind::Identity), Some(arn)) => {
                    let at = *by_arn.entry(arn.clone()).or_insert_with(|| {
                        groups.push(Group {
                            principal: Some(arn.clone()),
                            name: arn.clone(),
                            named: true,
                            callers: true,
                            ..Group::default()
                        });
                        groups.len() - 1
                    });
                    if let Some(group) = groups.get_mut(at) {
                        group.documents.push(index);
                    }
                }
                (Some(DocumentKind::Identity), None) => unattached.identity.push(index),
                (Some(DocumentKind::Resource | DocumentKind::Rcp), _) => {
                    unattached.resources.push(index);
                }
                (Some(_), _) => unattached.caps.push(index),
                // What could not be read may be anything.
                (None, _) => {
                    unattached.caps.push(index);
                    unattached.resources.push(index);
                }
            }
        }
        self.add_found(found, &mut groups, &by_arn);
        self.join_inline(inline, &mut groups);
        let mut scopes = scopes;
        for group in &mut groups {
            if group.aside.is_none() {
                self.cap(group, &unattached.caps, &mut scopes);
            }
        }
        for mut target in scopes.alone() {
            self.cap(&mut target, &unattached.caps, &mut Scopes::default());
            groups.push(target);
        }
        if groups.is_empty() || !unattached.identity.is_empty() {
            let mut documents = unattached.identity;
            documents.extend(unattached.resources);
            let mut group = Group {
                name: "the unnamed principal".to_owned(),
                documents,
                callers: true,
                resources: true,
                ..Group::default()
            };
            self.cap(&mut group, &unattached.caps, &mut scopes);
            groups.push(group);
        } else if !unattached.resources.is_empty() {
            groups.push(Group {
                name: "resource-based policies".to_owned(),
                documents: unattached.resources,
                resources: true,
                ..Group::default()
            });
        }
        self.tell_attachments(&groups);
        self.groups = groups;
    }

    /// The principals that the inputs name. The same one can be found in several places: by its ARN, or by its name
    /// where the ARN is not there and only one has that name.
    fn add_found(
        &self,
        found: Vec<FoundPrincipal>,
        groups: &mut Vec<Group>,
        by_arn: &HashMap<String, usize>,
    ) {
        let mut by_arn = by_arn.clone();
        let partial = found
            .iter()
            .any(|principal| !principal.resources.is_empty());
        let partition = if partial { self.partition() } else { "" };
        let mut by_name: HashMap<(PrincipalKind, String), Option<usize>> = HashMap::new();
        let (with_arn, without): (Vec<_>, Vec<_>) = found
            .into_iter()
            .partition(|principal| principal.arn.is_some());
        for principal in with_arn.into_iter().chain(without) {
            let name = (principal.kind, principal.name.clone());
            let known = match (&principal.arn, principal.kind) {
                (_, PrincipalKind::Other) => None,
                (Some(arn), _) => by_arn.get(arn).copied(),
                (None, _) => by_name.get(&name).copied().flatten(),
            };
            let at = known.unwrap_or(groups.len());
            if known.is_none() {
                groups.push(Group {
                    principal: principal.arn.clone(),
                    like: principal
                        .resources
                        .iter()
                        .map(|resource| format!("arn:{partition}:iam::*:{resource}"))
                        .collect(),
                    name: principal.name,
                    named: true,
                    callers: principal.aside.is_none(),
                    policy_alone: principal.policy_alone,
                    ..Group::default()
                });
            }
            if let Some(group) = groups.get_mut(at) {
                group.documents.extend(principal.policies);
                for missing in principal.missing {
                    if !group.missing.contains(&missing) {
                        group.missing.push(missing);
                    }
                }
                group.complete |= principal.complete;
                group.aside = group.aside.take().or(principal.aside);
            }
            if let Some(arn) = principal.arn {
                by_arn.insert(arn, at);
            }
            // Of two with the same name nobody can tell which is meant.
            by_name
                .entry(name)
                .and_modify(|known| *known = known.filter(|known| *known == at))
                .or_insert(Some(at));
        }
        // A principal of which no more than its existence is known is not judged.
        groups.retain(|group| {
            !group.documents.is_empty()
                || group.complete
                || group.aside.is_some()
                || group.missing.iter().any(Missing::may_grant)
        });
    }

    /// The partition of principals whose ARN is not known: `aws`, unless another one is written somewhere.
    fn partition(&self) -> &'static str {
        let inputs = &self.request.documents;
        if inputs.iter().any(|input| input.text.contains("arn:aws-")) {
            "aws*"
        } else {
            "aws"
        }
    }

    /// Writes down for each document whom it is attached to, and which ones apply to several.
    fn tell_attachments(&mut self, groups: &[Group]) {
        for group in groups {
            for index in group.documents.iter().chain(&group.perhaps) {
                let Some(document) = self.documents.get_mut(*index) else {
                    continue;
                };
                let own = document.found.applies == Applies::Attached || document.owner.is_some();
                if own && group.named && !document.scoped {
                    document.attached_to.push(group.name.clone());
                }
                document.shared |= document.groups > 0;
                document.groups += 1;
            }
        }
    }

    /// The ARNs of the principals that the unnamed one is not.
    pub(super) fn others(&self, group: &Group) -> Vec<String> {
        if group.named {
            return Vec::new();
        }
        self.groups
            .iter()
            .filter_map(|group| group.principal.clone())
            .collect()
    }
}

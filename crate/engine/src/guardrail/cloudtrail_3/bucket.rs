//! One trail bucket's policy: does it let anybody from outside in?

use std::collections::BTreeSet;

use super::super::explain::{action_marks, caller, circumstances, quoted, why_not};
use super::actions::{BUCKET, OBJECT};
use super::detect::trail_buckets;
use super::principals::{confines, confining_key, names_iam_principals};
use super::trusted::Trusted;
use crate::case::{Case, Finding, Findings, Located, references, statements};
use crate::decide::{Answer, Caller, Names, Question, Space, Target, decide};
use crate::evaluate::{Applied, caps, names_action};
use crate::policy::principal::PrincipalKind;
use crate::policy::{Condition, Effect};
use crate::report::{DocumentKind, Role, Verdict, Witness};
use crate::text::Span;

/// What was found for one bucket policy.
pub(super) struct BucketCheck {
    pub(super) verdict: Verdict,
    pub(super) summary: String,
    pub(super) findings: Vec<Finding>,
    pub(super) witness: Option<Witness>,
    pub(super) assumptions: Vec<String>,
}

/// A trail bucket's policy, with what caps it.
pub(super) struct Bucket<'c, 't> {
    names: Vec<String>,
    pub(super) allows: Vec<Located<'c, 't>>,
    caps: Vec<Vec<Located<'c, 't>>>,
    pub(super) denies: Vec<Located<'c, 't>>,
    trusted: Trusted,
    callers: Vec<Caller>,
    known: Names,
    now: Option<i64>,
    has_rcp: bool,
}

impl<'c, 't> Bucket<'c, 't> {
    /// `None` where the policy is not a trail bucket's.
    pub(super) fn new(
        case: &'c Case<'t>,
        (document, applied): (usize, Applied<'c, 't>),
        caps_documents: &[(usize, Applied<'c, 't>)],
    ) -> Option<Self> {
        let names = trail_buckets(&case.settings.trail_buckets, applied.policy)?;
        let own = [(document, applied)];
        let all: Vec<(usize, Applied<'c, 't>)> =
            own.iter().chain(caps_documents).copied().collect();
        let applied_caps: Vec<Applied<'c, 't>> = caps_documents
            .iter()
            .map(|(_, document)| *document)
            .collect();
        let caps = if caps(&applied_caps, DocumentKind::Rcp) {
            vec![statements(caps_documents, Effect::Allow)]
        } else {
            Vec::new()
        };
        let allows = statements(&own, Effect::Allow);
        let denies = statements(&all, Effect::Deny);
        let mut callers = vec![
            Caller::Role,
            Caller::User,
            Caller::Root,
            Caller::FederatedUser,
            Caller::Anonymous,
        ];
        // One that only a `NotPrincipal` names is let in by an `Allow` of everyone.
        for located in allows.iter().chain(&denies) {
            let listed = located
                .reference
                .statement
                .principal
                .iter()
                .flat_map(|element| element.matching.list());
            for entry in listed {
                let name = entry.value.value.to_string();
                let special = match entry.kind {
                    PrincipalKind::Federated => Caller::Provider(name),
                    PrincipalKind::CanonicalUser => Caller::CanonicalUser(name),
                    _ => continue,
                };
                if !callers.contains(&special) {
                    callers.push(special);
                }
            }
        }
        let mut known = crate::case::names(
            case,
            allows
                .iter()
                .chain(&denies)
                .map(|located| located.reference.statement),
        );
        // A stranger's account and organization are not the ones that the policy trusts.
        let trusted = Trusted::new(
            case.settings,
            applied.policy,
            case.documents
                .get(document)
                .and_then(|document| document.named.as_ref()),
        );
        known
            .accounts
            .retain(|account| !trusted.accounts.contains(account));
        known
            .organizations
            .retain(|organization| !trusted.organizations.contains(organization));
        Some(Self {
            names,
            allows,
            caps,
            denies,
            trusted,
            callers,
            known,
            now: case.now(),
            has_rcp: !caps_documents.is_empty(),
        })
    }

    fn space(&self, target: Target) -> Space {
        Space {
            target,
            callers: self.callers.clone(),
            principal: None,
            like: Vec::new(),
            within: Vec::new(),
            excluded: self.trusted.excluded(),
            given: self.trusted.owner(),
            now: self.now,
            names: self.known.clone(),
        }
    }

    /// The actions that the statements tell apart, on the bucket and on its objects: one for each set of
    /// statements that name the same.
    fn actions(&self) -> Vec<(Target, String)> {
        let written: Vec<String> = self
            .allows
            .iter()
            .chain(&self.denies)
            .flat_map(|located| located.reference.statement.action.matching.list())
            .map(|action| action.value.to_string())
            .filter(|action| {
                action.to_ascii_lowercase().starts_with("s3:") && !action.contains(['*', '?', ' '])
            })
            .collect();
        // An action that the lists do not know yet may be on the bucket or on objects.
        let unknown = |action: &&String| {
            !OBJECT
                .iter()
                .chain(&BUCKET)
                .any(|known| known.eq_ignore_ascii_case(action))
        };
        let mut all = Vec::new();
        for name in &self.names {
            let mut seen: BTreeSet<(bool, Vec<bool>)> = BTreeSet::new();
            for (object, actions) in [(true, OBJECT.as_slice()), (false, BUCKET.as_slice())] {
                let extra: Vec<&String> = written.iter().filter(unknown).collect();
                for action in actions
                    .iter()
                    .copied()
                    .chain(extra.into_iter().map(String::as_str))
                {
                    let naming: Vec<bool> = self
                        .allows
                        .iter()
                        .chain(self.caps.iter().flatten())
                        .chain(&self.denies)
                        .map(|located| names_action(&located.reference.statement.action, action))
                        .collect();
                    if naming.iter().take(self.allows.len()).any(|names| *names)
                        && seen.insert((object, naming))
                    {
                        let target = if object {
                            Target::Object(name.clone())
                        } else {
                            Target::Bucket(name.clone())
                        };
                        all.push((target, action.to_owned()));
                    }
                }
            }
        }
        all
    }

    /// Whether an outsider gets in by this `Allow`, past these denies.
    fn let_in(
        &self,
        allow: &Located<'c, 't>,
        actions: &[(Target, String)],
        denies: &[Located<'c, 't>],
    ) -> Answer {
        let mut undecided = None;
        for (target, action) in actions {
            if !names_action(&allow.reference.statement.action, action) {
                continue;
            }
            let mut each = vec![vec![allow.reference]];
            each.extend(self.caps.iter().map(|cap| references(cap)));
            let question = Question {
                action,
                each,
                none_of: references(denies),
            };
            match decide(&question, self.space(target.clone())) {
                Answer::None => {}
                Answer::Undecided(reason) => undecided = Some(reason),
                found => return found,
            }
        }
        undecided.map_or(Answer::None, Answer::Undecided)
    }

    pub(super) fn check(&self) -> BucketCheck {
        let actions = self.actions();
        let mut findings = Findings::default();
        let mut witness: Option<Witness> = None;
        let mut undecided = None;
        for allow in &self.allows {
            match self.let_in(allow, &actions, &self.denies) {
                Answer::Found(found) => {
                    findings.add(self.grants(allow, &found));
                    witness.get_or_insert(found);
                }
                Answer::Undecided(reason) => undecided = Some(reason),
                Answer::None => self.held_back(allow, &actions, &mut findings),
            }
        }
        if let Some(witness) = &witness {
            for deny in &self.denies {
                let reason = why_not(deny, witness);
                let message = format!(
                    "this `Deny` does not stop `{}` by {}: {}",
                    witness.action,
                    caller(&witness.principal),
                    reason.words
                );
                findings.add(finding(
                    deny,
                    Role::Gap,
                    reason.marks,
                    message,
                    Some(witness.clone()),
                ));
            }
        } else if undecided.is_none() {
            self.denies_that_cover(&actions, &mut findings);
        }
        self.notes(&mut findings);
        let buckets = quoted(self.names.iter().map(String::as_str));
        let (verdict, summary) = match (&witness, undecided) {
            (Some(witness), _) => (
                Verdict::Fail,
                format!(
                    "{} from outside may call `{}` on `{}`",
                    caller(&witness.principal),
                    witness.action,
                    witness.resource
                ),
            ),
            (None, Some(reason)) => (
                Verdict::Undecided,
                format!("not decided for the bucket {buckets}: {reason}"),
            ),
            (None, None) => {
                let trusted = self.trusted.words();
                let for_services = !self
                    .allows
                    .iter()
                    .any(|allow| names_iam_principals(allow.reference.statement));
                let whom = if for_services {
                    ": its policy lets in AWS services only".to_owned()
                } else if trusted.is_empty() {
                    String::new()
                } else {
                    format!(", only by {trusted}")
                };
                (
                    Verdict::Pass,
                    format!("the bucket {buckets} can be touched by nobody from outside{whom}"),
                )
            }
        };
        BucketCheck {
            verdict,
            summary,
            findings: findings.into_vec(),
            witness,
            assumptions: self.assumptions(),
        }
    }

    fn grants(&self, allow: &Located<'c, 't>, witness: &Witness) -> Finding {
        let statement = allow.reference.statement;
        let mut marks = action_marks(&statement.action, &witness.action);
        marks.extend(statement.principal.as_ref().map(|element| element.span));
        let message = format!(
            "this `Allow` lets {} from outside call `{}` on `{}`{}",
            caller(&witness.principal),
            witness.action,
            witness.resource,
            if statement.conditions.is_empty() {
                ": it has no `Condition` on `aws:PrincipalOrgID` or `aws:SourceAccount`".to_owned()
            } else {
                format!(
                    "{}: its `Condition` does not confine it to a trusted organization or account",
                    circumstances(allow, witness)
                )
            }
        );
        finding(allow, Role::Grants, marks, message, None)
    }

    /// Why nobody from outside gets in by this `Allow`, where it is for IAM principals at all.
    fn held_back(
        &self,
        allow: &Located<'c, 't>,
        actions: &[(Target, String)],
        findings: &mut Findings,
    ) {
        let statement = allow.reference.statement;
        if !names_iam_principals(statement) {
            return;
        }
        if matches!(self.let_in(allow, actions, &[]), Answer::Found(_)) {
            let message =
                "this `Allow` would let callers from outside in; only a `Deny` holds it back"
                    .to_owned();
            let marks = statement
                .principal
                .iter()
                .map(|element| element.span)
                .collect();
            findings.add(finding(allow, Role::Shadowed, marks, message, None));
            return;
        }
        let confining: Vec<&Condition<'_>> = statement
            .conditions
            .iter()
            .filter(|condition| confines(condition))
            .collect();
        if !confining.is_empty() {
            let keys = quoted(
                confining
                    .iter()
                    .map(|condition| condition.key.value.as_ref()),
            );
            let marks = confining.iter().map(|condition| condition.span).collect();
            let message =
                format!("this `Allow` is confined by {keys}: nobody from outside gets in by it");
            findings.add(finding(allow, Role::Note, marks, message, None));
            return;
        }
        let idle = !actions
            .iter()
            .any(|(_, action)| names_action(&statement.action, action));
        let (marks, message) = if idle {
            (
                vec![statement.action.span],
                "this `Allow` names no action on this bucket or its objects",
            )
        } else {
            (
                statement
                    .principal
                    .iter()
                    .map(|element| element.span)
                    .collect(),
                "nobody from outside gets in by this `Allow`: no such request meets its `Principal`, `Resource` and `Condition`",
            )
        };
        findings.add(finding(allow, Role::Note, marks, message.to_owned(), None));
    }

    /// The denies without which somebody from outside would get in.
    fn denies_that_cover(&self, actions: &[(Target, String)], findings: &mut Findings) {
        for (index, deny) in self.denies.iter().enumerate() {
            let others: Vec<Located<'c, 't>> = self
                .denies
                .iter()
                .enumerate()
                .filter(|(other, _)| *other != index)
                .map(|(_, deny)| *deny)
                .collect();
            let needed = self
                .allows
                .iter()
                .any(|allow| matches!(self.let_in(allow, actions, &others), Answer::Found(_)));
            if needed {
                let marks = deny
                    .reference
                    .statement
                    .conditions
                    .iter()
                    .filter(|condition| confining_key(condition))
                    .map(|condition| condition.span)
                    .collect();
                let message = "this `Deny` keeps everyone from outside out".to_owned();
                findings.add(finding(deny, Role::Denies, marks, message, None));
            }
        }
    }

    fn assumptions(&self) -> Vec<String> {
        let mut all = vec![
            "callers from outside have whatever identity-based policies they need in their own accounts".to_owned(),
        ];
        if self.trusted.from_policy {
            let trusted = self.trusted.words();
            all.push(if trusted.is_empty() {
                "no organization or account is trusted: none is set, and the bucket policy names none".to_owned()
            } else {
                format!(
                    "trusted because the bucket policy names them: {trusted}; set organization ids or trusted \
                     accounts to check against your own"
                )
            });
        }
        if !self.has_rcp {
            all.push("no RCP is pasted, so none restricts access to the bucket".to_owned());
        } else if self.caps.is_empty() {
            all.push("no RCP here holds an `Allow`: the default `RCPFullAWSAccess` is assumed beside them".to_owned());
        }
        all
    }
}

pub(super) fn finding(
    located: &Located<'_, '_>,
    role: Role,
    marks: Vec<Span>,
    message: String,
    witness: Option<Witness>,
) -> Finding {
    Finding {
        role,
        document: located.document,
        statement: Some(located.reference.statement.index),
        marks,
        message,
        witness,
    }
}

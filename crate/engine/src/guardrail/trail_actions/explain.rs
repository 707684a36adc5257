//! What is said about a verdict: the statements that decide, why each does, and one sentence for it all.

use std::borrow::Cow;
use std::collections::HashMap;

use super::super::explain::{
    Reason, action_marks, caller, circumstances, join, list, quoted, why_not,
};
use super::{ActionCheck, KINDS, Subject, applied};
use crate::case::{ACTIONS, Finding, Findings, Located};
use crate::decide::{Answer, Question, Reference, decide};
use crate::evaluate::{Request, caps, matches, names_action};
use crate::policy::Statement;
use crate::report::{DocumentKind, Role, Verdict, Witness};

/// How many statements are told of in each part: nobody reads more.
const MOST_TOLD: usize = 500;

impl<'c, 't> Subject<'c, 't> {
    /// The statements that decide about one action. Findings that differ in the action only become one.
    pub(super) fn explain(&self, action: &str, check: &ActionCheck, findings: &mut Findings) {
        let named =
            |located: &&Located<'_, '_>| names_action(&located.reference.statement.action, action);
        let mut tell = |located: &Located<'_, '_>, role, marks, message, witness| {
            let finding = Finding {
                role,
                document: located.document,
                statement: Some(located.reference.statement.index),
                marks,
                message,
                witness,
            };
            findings.add_for(action, finding);
        };
        let action_marks =
            |located: &Located<'_, '_>| action_marks(&located.reference.statement.action, action);
        if check.verdict == Verdict::Fail
            && let Some(witness) = &check.witness
        {
            let request = Request::from(witness);
            let granting = |grant: &&Located<'_, '_>| {
                matches(
                    grant.reference.statement,
                    grant.reference.document,
                    &request,
                )
            };
            for grant in self.grants.iter().filter(granting).take(MOST_TOLD) {
                let message = format!(
                    "this `Allow` lets {} call {ACTIONS}{}",
                    caller(&witness.principal),
                    circumstances(grant, witness)
                );
                tell(grant, Role::Grants, action_marks(grant), message, None);
            }
            let capping = self.caps.iter().flatten();
            for cap in capping.filter(granting).take(MOST_TOLD) {
                let kind = cap.reference.document.kind;
                let message = format!(
                    "this `Allow` of the {} covers {ACTIONS}, so that the {} does not hold it back",
                    kind.words(),
                    kind.words()
                );
                tell(cap, Role::Note, action_marks(cap), message, None);
            }
        }
        for deny in self.denies.iter().take(MOST_TOLD) {
            if let Some(witness) = &check.witness {
                let reason = self.why_not(deny, witness);
                let does_not = if check.verdict == Verdict::Fail {
                    "does not stop"
                } else {
                    "does not explicitly deny"
                };
                let message = format!(
                    "this `Deny` {does_not} {ACTIONS} by {}: {}",
                    caller(&witness.principal),
                    reason.words
                );
                tell(
                    deny,
                    Role::Gap,
                    reason.marks,
                    message,
                    Some(witness.clone()),
                );
            } else if named(&deny)
                && matches!(
                    self.question(action, vec![vec![*deny]], &[]),
                    Answer::Found(_)
                )
            {
                let others = std::slice::from_ref(deny);
                let alone = self.question(action, Vec::new(), others) == Answer::None;
                let message = if alone && deny.reference.statement.conditions.is_empty() {
                    format!("this `Deny` stops {ACTIONS} by everyone unauthorized")
                } else if alone {
                    format!(
                        "this `Deny` stops {ACTIONS} by everyone unauthorized: its `Condition` spares none of them"
                    )
                } else {
                    format!(
                        "this `Deny` stops {ACTIONS}, together with others that cover what it leaves out"
                    )
                };
                tell(deny, Role::Denies, action_marks(deny), message, None);
            }
        }
        if matches!(check.verdict, Verdict::Fail | Verdict::Undecided) {
            return;
        }
        for grant in self.grants.iter().filter(named).take(MOST_TOLD) {
            let allowing = self.allowing(Some(vec![*grant]));
            let shadowed =
                check.granted && matches!(self.question(action, allowing, &[]), Answer::Found(_));
            if shadowed {
                let message = format!(
                    "this `Allow` names {ACTIONS} for a principal that is not authorized; only a `Deny` holds it back"
                );
                tell(grant, Role::Shadowed, action_marks(grant), message, None);
            } else {
                let reason = self.why_idle(action, grant);
                tell(grant, Role::Note, reason.marks, reason.words, None);
            }
        }
    }

    /// Why a `Deny` does not match a request: of one that names the action, the same for every action.
    fn why_not(&self, deny: &Located<'c, 't>, witness: &Witness) -> Reason {
        let statement = deny.reference.statement;
        if !names_action(&statement.action, &witness.action) {
            return why_not(deny, witness);
        }
        let mut known = self.case.trails.reasons.borrow_mut();
        let of_request = match known.iter().position(|(of, _)| of.is_alike(witness)) {
            Some(at) => known.get_mut(at),
            None => {
                known.push((witness.clone(), HashMap::new()));
                known.last_mut()
            }
        };
        let Some((_, reasons)) = of_request else {
            return why_not(deny, witness);
        };
        let place = (deny.document, statement.index);
        let reason = reasons
            .entry(place)
            .or_insert_with(|| why_not(deny, witness));
        reason.clone()
    }

    /// Why an `Allow` that names an action grants it to nobody unauthorized.
    fn why_idle(&self, action: &str, grant: &Located<'c, 't>) -> Reason {
        let idle = format!("this `Allow` names {ACTIONS}, and grants nothing here");
        let marks = action_marks(&grant.reference.statement.action, action);
        if self.question(action, vec![vec![*grant]], &[]) == Answer::None {
            let hindrance = self.hindrance(action, grant);
            return Reason {
                words: format!(
                    "{idle}: no request by anyone unauthorized, for a protected trail, from now on, meets {}",
                    hindrance.words
                ),
                marks: [marks, hindrance.marks].concat(),
            };
        }
        // Each cap alone, or else all of them together.
        let held_back = |cap: &&Vec<Located<'c, 't>>| {
            self.question(action, vec![vec![*grant], (*cap).clone()], &[]) == Answer::None
        };
        let kinds = || {
            KINDS.into_iter().filter(|kind| {
                *kind != DocumentKind::Identity && caps(applied(&self.documents), *kind)
            })
        };
        let alone: Vec<&str> = kinds()
            .zip(&self.caps)
            .filter(|(_, cap)| held_back(cap))
            .map(|(kind, _)| kind.words())
            .collect();
        let by = match alone.as_slice() {
            [] => format!(
                "the {} together do not allow it",
                join(
                    &kinds().map(DocumentKind::words).collect::<Vec<_>>(),
                    "and the"
                )
            ),
            [one] => format!("the {one} does not allow it"),
            _ => format!("neither the {} allows it", join(&alone, "nor the")),
        };
        Reason {
            words: format!("{idle}: {by}"),
            marks,
        }
    }

    /// The element of a statement that by itself is met by no request, or else all that can leave one out.
    fn hindrance(&self, action: &str, grant: &Located<'c, 't>) -> Reason {
        let statement = grant.reference.statement;
        let idle = |part: &Statement<'t>| {
            let reference = Reference {
                statement: part,
                ..grant.reference
            };
            let question = Question {
                action,
                each: vec![vec![reference]],
                none_of: Vec::new(),
            };
            decide(&question, self.decider().space()) == Answer::None
        };
        if let Some(resource) = &statement.resource {
            let part = Statement {
                conditions: Vec::new(),
                ..statement.clone()
            };
            if idle(&part) {
                return Reason {
                    words: "its `Resource`".to_owned(),
                    marks: vec![resource.span],
                };
            }
        }
        for condition in &statement.conditions {
            let part = Statement {
                conditions: vec![condition.clone()],
                ..statement.clone()
            };
            if idle(&part) {
                return Reason {
                    words: format!("its condition on `{}`", condition.key.value),
                    marks: vec![condition.span],
                };
            }
        }
        Reason {
            words: "its conditions together".to_owned(),
            marks: statement
                .conditions
                .iter()
                .map(|condition| condition.span)
                .collect(),
        }
    }

    pub(super) fn summary(&self, verdict: Verdict, checks: &[(&str, ActionCheck)]) -> String {
        let of = |test: &dyn Fn(&ActionCheck) -> bool| {
            quoted(
                checks
                    .iter()
                    .filter(|(_, check)| test(check))
                    .map(|(action, _)| *action),
            )
        };
        match verdict {
            Verdict::Fail => {
                let failing = checks
                    .iter()
                    .find(|(_, check)| check.verdict == Verdict::Fail);
                let Some(witness) = failing.and_then(|(_, check)| check.witness.as_ref()) else {
                    return String::new();
                };
                let assumed = if self.has_grants {
                    ""
                } else {
                    ", if its own policies allow it"
                };
                format!(
                    "{} may call {} on `{}`{assumed}",
                    caller(&witness.principal),
                    of(&|check| check.verdict == Verdict::Fail),
                    witness.resource
                )
            }
            Verdict::Undecided => {
                let reason = checks.iter().find_map(|(_, check)| check.undecided.clone());
                format!(
                    "not decided for {}: {}",
                    of(&|check| check.undecided.is_some()),
                    reason.unwrap_or_default()
                )
            }
            _ => self.standing(verdict, checks),
        }
    }

    /// The sentence where nobody unauthorized gets through: which clauses hold.
    fn standing(&self, verdict: Verdict, checks: &[(&str, ActionCheck)]) -> String {
        let (it, them, are) = match checks.len() {
            1 => ("it is", "it", "is"),
            _ => ("they are", "them", "are"),
        };
        let all = checks.iter().map(|(action, _)| *action);
        // Those of which something is true, as the subject of a clause.
        let those = |test: fn(&ActionCheck) -> bool| -> Option<Cow<'static, str>> {
            let some = || checks.iter().filter(|(_, check)| test(check));
            match some().count() {
                0 => None,
                count if count == checks.len() => Some(it.into()),
                count => {
                    let are = if count == 1 { "is" } else { "are" };
                    let some = quoted(some().map(|(action, _)| *action));
                    Some(format!("{some} {are}").into())
                }
            }
        };
        let not_denied = those(|check| check.not_denied);
        let granted = those(|check| check.granted);
        if not_denied.is_none() && granted.is_none() {
            let rest = if self.has_grants {
                [", and no `Allow` grants ", them].concat()
            } else {
                ", whatever their own policies allow".to_owned()
            };
            let all = quoted(all);
            return format!("{all} {are} explicitly denied to everyone unauthorized{rest}");
        }
        // Most reports have this sentence several times: it is put together in one piece of memory.
        let mut said = String::with_capacity(256);
        said.push_str("nobody unauthorized may call ");
        list(all, "and", &mut said);
        said.push_str(", but ");
        if let Some(subject) = &not_denied {
            said.extend([
                &**subject,
                " not explicitly denied to everyone unauthorized",
            ]);
            let named = || {
                self.grants.iter().any(|grant| {
                    let element = &grant.reference.statement.action;
                    checks
                        .iter()
                        .any(|(action, _)| names_action(element, action))
                })
            };
            match &granted {
                Some(_) => said.push_str(", and "),
                None if !self.has_grants || named() => {
                    said.push_str(": only the implicit deny holds");
                }
                None => said.extend([
                    ": only the implicit deny holds, since no `Allow` names ",
                    them,
                ]),
            }
        }
        if let Some(subject) = &granted {
            said.extend([&**subject, " in an `Allow` that only a `Deny` holds back"]);
        }
        if verdict == Verdict::Pass {
            said.push_str(", which is enough where explicit denies are optional");
        }
        said
    }
}

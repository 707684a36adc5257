//! The question that IAM-CLOUDTRAIL-1, -2 and -4 share: may anyone unauthorized call these actions on a
//! protected trail? They differ in the actions only.

mod explain;

use std::borrow::Cow;

use super::explain::quoted;
use super::{GUARDRAILS, Guardrail};
use crate::case::{Case, Finding, Findings, Located, Ruling, Signature, names, references};
use crate::decide::{Answer, Caller, Decider, Question, Reference, Space, Target};
use crate::evaluate::{Applied, caps, is_account, names_action, names_any, resource_pattern};
use crate::matcher::Matcher;
use crate::policy::{Effect, Matching, Statement, Version};
use crate::report::{ActionVerdict, DocumentKind, Role, Verdict, Witness};
use crate::request::ExplicitDeny;

/// The kinds of document that bear on an action on a trail. Resource control policies do not: CloudTrail is
/// none of the services that they apply to ("Resource control policies (RCPs)").
const KINDS: [DocumentKind; 4] = [
    DocumentKind::Identity,
    DocumentKind::PermissionsBoundary,
    DocumentKind::Session,
    DocumentKind::Scp,
];

/// What a document that could not be read may do.
const MAY: &str = "allow or deny something";

/// Checks the guardrail's actions for the principal of the case.
pub(super) fn check(case: &Case<'_>, guardrail: &Guardrail) -> Ruling {
    let actions = guardrail.actions;
    let unreadable = case.unreadable(&KINDS);
    let documents = case.applied(&KINDS);
    let is_authorized =
        || case.lacks && !Subject::new(case, documents.clone(), actions).has_requests;
    if documents.is_empty() && !is_authorized() {
        let nothing = match &case.name {
            Some(name) if case.complete => format!("no policy here is attached to {name}"),
            _ => format!(
                "no document here can allow or deny {}: paste an identity-based policy, a permissions \
                 boundary, a session policy or an SCP",
                quoted(actions.iter().copied())
            ),
        };
        let mut ruling = Ruling {
            verdict: Some(Verdict::NotApplicable),
            summary: nothing,
            actions: by_action(actions, |_| Verdict::NotApplicable),
            ..Ruling::default()
        };
        ruling.withhold(&unreadable, MAY);
        return ruling;
    }
    let subject = Subject::new(case, documents, actions);
    let check = subject.check(actions);
    let mut ruling = Ruling {
        verdict: Some(check.verdict),
        summary: check.summary,
        actions: check.actions,
        findings: check.findings,
        witness: check.witness,
        assumptions: subject.assumptions(),
        settled: !subject.has_requests,
    };
    if ruling.verdict == Some(Verdict::Fail)
        && let Some(why) = subject.perhaps_authorized()
    {
        ruling.depends(&why);
    }
    ruling.withhold(&unreadable, MAY);
    ruling
}

/// The documents without their positions.
fn applied<'d, 'c, 't>(
    documents: &'d [(usize, Applied<'c, 't>)],
) -> impl Iterator<Item = &'d Applied<'c, 't>> {
    documents.iter().map(|(_, document)| document)
}

fn by_action(actions: &[&'static str], verdict: impl Fn(&str) -> Verdict) -> Vec<ActionVerdict> {
    actions
        .iter()
        .map(|action| ActionVerdict {
            action,
            verdict: verdict(action),
        })
        .collect()
}

/// What was found for one principal.
struct Check {
    verdict: Verdict,
    summary: String,
    actions: Vec<ActionVerdict>,
    findings: Vec<Finding>,
    witness: Option<Witness>,
}

/// What was found for one action.
struct ActionCheck {
    verdict: Verdict,
    witness: Option<Witness>,
    /// The explicit deny does not cover every request.
    not_denied: bool,
    /// An `Allow` would grant a request that only a `Deny` holds back.
    granted: bool,
    undecided: Option<String>,
}

/// One principal, and all that applies to it.
struct Subject<'c, 't> {
    case: &'c Case<'t>,
    owner: Option<&'c str>,
    /// Each with its position among those of the case.
    documents: Vec<(usize, Applied<'c, 't>)>,
    /// The statements that have a say on trails, whatever the action.
    statements: Vec<Located<'c, 't>>,
    /// Whether a granting document is pasted; else one that allows everything is assumed.
    has_grants: bool,
    grants: Vec<Located<'c, 't>>,
    caps: Vec<Vec<Located<'c, 't>>>,
    denies: Vec<Located<'c, 't>>,
    /// Whether any request is left that nobody authorized makes.
    has_requests: bool,
}

impl<'c, 't> Subject<'c, 't> {
    fn new(case: &'c Case<'t>, documents: Vec<(usize, Applied<'c, 't>)>, actions: &[&str]) -> Self {
        let owner = case.principal.as_deref();
        let statements = trail_statements(case, &documents);
        let about =
            |located: &Located<'_, '_>| names_any(&located.reference.statement.action, actions);
        let allows = |wanted: DocumentKind| -> Vec<Located<'c, 't>> {
            let wanted = |located: &&Located<'_, '_>| {
                let Reference {
                    document,
                    statement,
                } = located.reference;
                document.kind == wanted && statement.effect.value == Effect::Allow
            };
            let allows = statements.iter().filter(wanted).copied();
            allows.filter(about).collect()
        };
        let grants = allows(DocumentKind::Identity);
        let caps: Vec<Vec<Located<'c, 't>>> = KINDS
            .into_iter()
            .filter(|kind| *kind != DocumentKind::Identity && caps(applied(&documents), *kind))
            .map(allows)
            .collect();
        let denies = statements
            .iter()
            .filter(|located| {
                let statement = located.reference.statement;
                statement.effect.value == Effect::Deny && (about(located) || spares(statement))
            })
            .copied()
            .collect();
        let mut subject = Self {
            case,
            owner,
            has_grants: case.complete
                || documents
                    .iter()
                    .any(|(_, document)| document.kind == DocumentKind::Identity),
            documents,
            statements,
            grants,
            caps,
            denies,
            has_requests: true,
        };
        let limited = owner.is_some()
            || !case.like.is_empty()
            || !case.authorized.is_empty()
            || !case.settings.protected_trails.is_empty();
        if limited {
            let any = Question {
                action: actions.first().copied().unwrap_or_default(),
                ..Question::default()
            };
            subject.has_requests = *case
                .trails
                .has_requests
                .get_or_init(|| subject.decider().decide(&any) != Answer::None);
        }
        subject
    }

    /// Answers for every guardrail about trails.
    fn decider(&self) -> &'c Decider {
        let make = || Decider::new(self.space());
        self.case.trails.decider.get_or_init(make)
    }

    /// The requests that are asked about, whatever the action.
    fn space(&self) -> Space {
        let case = self.case;
        // Names are looked for first in the statements that grant.
        let mut statements: Vec<Reference<'_, '_>> = references(&self.statements);
        statements.sort_by_key(
            |Reference {
                 document,
                 statement,
             }| {
                let denies = statement.effect.value == Effect::Deny;
                (denies, document.kind != DocumentKind::Identity)
            },
        );
        Space {
            target: Target::Trail,
            callers: callers(case),
            principal: self.owner.map(str::to_owned),
            like: like(case),
            within: case
                .settings
                .protected_trails
                .iter()
                .map(|pattern| resource_pattern(pattern, Version::V2008, DocumentKind::Identity))
                .collect(),
            excluded: excluded(case),
            given: Vec::new(),
            now: case.now(),
            names: names(
                case,
                statements.into_iter().map(|reference| reference.statement),
            ),
        }
    }

    /// What is taken for granted because it is not pasted.
    fn assumptions(&self) -> Vec<Cow<'static, str>> {
        let has = |kind| applied(&self.documents).any(|document| document.kind == kind);
        let mut all: Vec<Cow<'static, str>> = Vec::with_capacity(6);
        match (self.has_grants, self.owner, &self.case.name) {
            (true, ..) if self.case.complete => {}
            (true, Some(owner), _) => all.push(
                format!("the identity-based policies attached to `{owner}` are all here").into(),
            ),
            (true, None, Some(_)) => all.push(
                "of a principal that is named without its ARN, the policies here are all".into(),
            ),
            (true, None, None) => all.push(
                "the identity-based policies are attached to one principal, which is not authorized"
                    .into(),
            ),
            (false, ..) => all.push(
                "no identity-based policy is pasted: one that allows everything is assumed".into(),
            ),
        }
        let absent = match (
            has(DocumentKind::PermissionsBoundary),
            has(DocumentKind::Session),
            has(DocumentKind::Scp),
        ) {
            (true, true, true) => "",
            (true, true, false) => "no SCP is pasted, so none restricts anything",
            (true, false, true) => "no session policy is pasted, so none restricts anything",
            (true, false, false) => {
                "no session policy or SCP is pasted, so none restricts anything"
            }
            (false, true, true) => "no permissions boundary is pasted, so none restricts anything",
            (false, true, false) => {
                "no permissions boundary or SCP is pasted, so none restricts anything"
            }
            (false, false, true) => {
                "no permissions boundary or session policy is pasted, so none restricts anything"
            }
            (false, false, false) => {
                "no permissions boundary, session policy or SCP is pasted, so none restricts anything"
            }
        };
        if !absent.is_empty() {
            all.push(absent.into());
        }
        if has(DocumentKind::Scp) {
            if !caps(applied(&self.documents), DocumentKind::Scp) {
                all.push("no SCP here holds an `Allow`: the default `FullAWSAccess` is assumed beside them".into());
            }
            all.push(
                "all SCPs apply to the same account, which is not the management account; SCPs do not bind \
                 service-linked roles and AWS service principals"
                    .into(),
            );
        }
        if let (None, Some(name), [like, ..]) =
            (self.owner, &self.case.name, self.case.like.as_slice())
        {
            all.push(
                format!("the ARN of {name} is not in the input: it is one like `{like}`").into(),
            );
        }
        if self.case.authorized.is_empty() {
            all.push("no principal is authorized: `authorizedPrincipals` is empty".into());
        }
        if self.case.settings.protected_trails.is_empty() {
            all.push("every trail is to be protected: `protectedTrails` is empty".into());
        }
        all
    }

    /// Of a principal whose ARN is known in part only: why it may be authorized, if it may.
    fn perhaps_authorized(&self) -> Option<String> {
        let (None, Some(name)) = (self.owner, &self.case.name) else {
            return None;
        };
        let (_, authorized) = self
            .case
            .authorized
            .iter()
            .find(|(key, _)| key == "aws:principalarn")
            .filter(|_| !self.case.like.is_empty())?;
        let mut space = (*self.decider().space()).clone();
        space.excluded.clear();
        space.like.push(authorized.clone());
        let any = Question {
            action: "cloudtrail:StopLogging",
            ..Question::default()
        };
        (Decider::new(space).decide(&any) != Answer::None).then(|| {
            format!(
                "whether {name} is authorized depends on its ARN, which is not in the input: it is one like {}",
                quoted(self.case.like.iter().map(String::as_str))
            )
        })
    }

    fn question(
        &self,
        action: &str,
        each: Vec<Vec<Located<'c, 't>>>,
        none_of: &[Located<'c, 't>],
    ) -> Answer {
        // Statements that do not name the action have no say; the others are asked about once for all actions.
        let naming = |list: &[Located<'c, 't>]| -> Vec<Located<'c, 't>> {
            list.iter()
                .filter(|located| names_action(&located.reference.statement.action, action))
                .copied()
                .collect()
        };
        let place =
            |located: &Located<'_, '_>| (located.document, located.reference.statement.index);
        let each: Vec<Vec<Located<'c, 't>>> = each.iter().map(|list| naming(list)).collect();
        let none_of = naming(none_of);
        let signature = Signature {
            each: each
                .iter()
                .map(|list| list.iter().map(place).collect())
                .collect(),
            none_of: none_of.iter().map(place).collect(),
        };
        if let Some(answer) = self.case.trails.answers.borrow().get(&signature) {
            return match answer {
                Answer::Found(witness) => Answer::Found(Witness {
                    action: action.to_owned(),
                    ..witness.clone()
                }),
                other => other.clone(),
            };
        }
        let question = Question {
            action,
            each: each.iter().map(|list| references(list)).collect(),
            none_of: references(&none_of),
        };
        let answer = self.decider().decide(&question);
        self.case
            .trails
            .answers
            .borrow_mut()
            .insert(signature, answer.clone());
        answer
    }

    /// The lists of which one `Allow` each must match, beginning with these grants.
    fn allowing(&self, grants: Option<Vec<Located<'c, 't>>>) -> Vec<Vec<Located<'c, 't>>> {
        grants
            .into_iter()
            .chain(self.caps.iter().cloned())
            .collect()
    }

    fn grants(&self) -> Option<Vec<Located<'c, 't>>> {
        self.has_grants.then(|| self.grants.clone())
    }

    fn check(&self, actions: &[&'static str]) -> Check {
        if !self.has_requests {
            let whom = match (self.owner, &self.case.name) {
                (Some(owner), _) => format!("`{owner}` is authorized"),
                (None, Some(name))
                    if !self.case.like.is_empty() && !self.case.authorized.is_empty() =>
                {
                    format!("{name} is authorized, whatever its account is")
                }
                _ => "every principal is authorized, or no trail is protected".to_owned(),
            };
            return Check {
                verdict: Verdict::Pass,
                summary: format!("{whom}: there is no request that the guardrail forbids"),
                actions: by_action(actions, |_| Verdict::Pass),
                findings: Vec::new(),
                witness: None,
            };
        }
        let mut findings = Findings::default();
        let checks: Vec<_> = actions
            .iter()
            .map(|action| (*action, self.check_action(action)))
            .collect();
        for (action, check) in &checks {
            self.explain(action, check, &mut findings);
        }
        let verdict = checks
            .iter()
            .map(|(_, check)| check.verdict)
            .max()
            .unwrap_or(Verdict::Pass);
        let mut findings = findings.into_vec();
        if verdict == Verdict::Pass {
            for finding in &mut findings {
                if matches!(finding.role, Role::Gap | Role::Shadowed) {
                    finding.role = Role::Note;
                }
            }
        }
        Check {
            verdict,
            summary: self.summary(verdict, &checks),
            actions: checks
                .iter()
                .map(|(action, check)| ActionVerdict {
                    action,
                    verdict: check.verdict,
                })
                .collect(),
            witness: checks
                .into_iter()
                .find_map(|(_, check)| check.witness.filter(|_| check.verdict == Verdict::Fail)),
            findings,
        }
    }

    fn check_action(&self, action: &str) -> ActionCheck {
        let names = |list: &[Located<'_, '_>]| {
            list.iter()
                .any(|located| names_action(&located.reference.statement.action, action))
        };
        let mut check = ActionCheck {
            verdict: Verdict::Pass,
            witness: None,
            not_denied: false,
            granted: false,
            undecided: None,
        };
        let mut answer = |answer: Answer| match answer {
            Answer::Found(witness) => Some(witness),
            Answer::None => None,
            Answer::Undecided(reason) => {
                check.undecided.get_or_insert(reason);
                None
            }
        };
        let grantable = !self.has_grants || names(&self.grants);
        if grantable
            && let Some(witness) =
                answer(self.question(action, self.allowing(self.grants()), &self.denies))
        {
            return ActionCheck {
                verdict: Verdict::Fail,
                witness: Some(witness),
                ..check
            };
        }
        // Without any `Deny` every request slips through, and there is no gap to show one for.
        let slips = if self.denies.is_empty() {
            check.not_denied = true;
            None
        } else {
            answer(self.question(action, Vec::new(), &self.denies))
        };
        let granted = self.has_grants
            && grantable
            && answer(self.question(action, self.allowing(self.grants()), &[])).is_some();
        check.not_denied |= slips.is_some();
        check.witness = slips;
        check.granted = granted;
        check.verdict = if check.undecided.is_some() {
            Verdict::Undecided
        } else if (check.not_denied || check.granted)
            && self.case.settings.explicit_deny == ExplicitDeny::Required
        {
            Verdict::Warn
        } else {
            Verdict::Pass
        };
        check
    }
}

/// The statements that have a say on trails. They are looked for once, for all guardrails.
fn trail_statements<'c, 't>(
    case: &'c Case<'t>,
    documents: &[(usize, Applied<'c, 't>)],
) -> Vec<Located<'c, 't>> {
    let find = || {
        let actions: Vec<&str> = GUARDRAILS
            .iter()
            .filter(|guardrail| guardrail.subject == super::Subject::Caller)
            .flat_map(|guardrail| guardrail.actions)
            .copied()
            .collect();
        let mut found = Vec::new();
        for (index, document) in documents {
            for (at, statement) in document.policy.statements.iter().enumerate() {
                let denies = statement.effect.value == Effect::Deny;
                if names_any(&statement.action, &actions) || (denies && spares(statement)) {
                    found.push((*index, at));
                }
            }
        }
        found
    };
    let places = case.trails.statements.get_or_init(find);
    let locate = |(index, at): &(usize, usize)| {
        let (_, document) = documents.iter().find(|(known, _)| known == index)?;
        let reference = Reference {
            document: *document,
            statement: document.policy.statements.get(*at)?,
        };
        Some(Located {
            document: *index,
            reference,
        })
    };
    places.iter().filter_map(locate).collect()
}

/// Whether a statement has a `NotAction`: in a Deny, a hole where it leaves the actions out.
fn spares(statement: &Statement<'_>) -> bool {
    matches!(statement.action.matching, Matching::AllExcept(_))
}

/// The requests that are none of this principal's: those that are authorized, and those of principals that
/// have policies of their own.
fn excluded(case: &Case<'_>) -> Vec<(String, Matcher)> {
    let mut excluded = case.authorized.clone();
    if !case.others.is_empty() {
        let others = case.others.iter().map(String::as_str);
        excluded.push((
            "aws:principalarn".to_owned(),
            Matcher::string_equals(others),
        ));
    }
    excluded
}

/// What is known of the caller's ARN where it is not known as a whole.
fn like(case: &Case<'_>) -> Vec<Matcher> {
    let patterns = case.like.iter().map(String::as_str);
    match (&case.principal, case.like.as_slice()) {
        (None, [_, ..]) => vec![Matcher::string_like(patterns)],
        _ => Vec::new(),
    }
}

/// The kinds of caller that a principal can be.
fn callers(case: &Case<'_>) -> Vec<Caller> {
    let arn = match (&case.principal, case.like.as_slice()) {
        (Some(arn), _) => arn,
        (None, [pattern, ..]) => pattern,
        (None, []) => return Caller::IAM.to_vec(),
    };
    let parts: Vec<&str> = arn.splitn(6, ':').collect();
    let kind = match parts.as_slice() {
        ["arn", _, "iam", "", account, "root"] if is_account(account) => Caller::Root,
        ["arn", _, "iam", "", _, rest] if rest.starts_with("user/") => Caller::User,
        ["arn", _, "sts", "", _, rest] if rest.starts_with("federated-user/") => {
            Caller::FederatedUser
        }
        _ => Caller::Role,
    };
    vec![kind]
}

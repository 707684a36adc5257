//! IAM-CLOUDTRAIL-3: nobody from outside may touch the bucket that holds the trail's logs.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::Guardrail;
use super::bucket_actions::{BUCKET, OBJECT};
use super::explain::{action_marks, caller, join, quoted, why_not};
use crate::case::{Case, Finding, Findings, Located, Ruling, references, statements};
use crate::decide::{Answer, Caller, Names, Question, Space, Target, decide};
use crate::evaluate::{Applied, Request, caps, is_account, matches, names_action};
use crate::matcher::Matcher;
use crate::pattern::{Pattern, Syntax};
use crate::policy::operator::{Comparison, SetOperator};
use crate::policy::principal::PrincipalKind;
use crate::policy::{Condition, Effect, Matching, Policy, Statement};
use crate::report::{DocumentKind, Role, Verdict, Witness};
use crate::request::Settings;
use crate::text::Span;

pub(super) static GUARDRAIL: Guardrail = Guardrail {
    id: "IAM-CLOUDTRAIL-3",
    title: "Check that the CloudTrail S3 bucket includes either the PrincipalOrgId or source account for IAM \
            Roles. (This is not applicable to the CloudTrail service role)",
    why: "Ensure that CloudTrail S3 buckets are scoped to allow only the authorized accounts to read and write \
          to the CloudTrail S3 bucket. Unauthorized writes from external parties could potentially occur via \
          confused deputy if the S3 bucket is known to external parties. Add aws:PrincipalOrgID or \
          aws:SourceAccount to the bucket policy for any IAM Roles that access the CloudTrail S3 bucket.",
    remedy: "Add aws:PrincipalOrgID or aws:SourceAccount to the bucket policy for any IAM Roles that access the \
             CloudTrail S3 bucket. This is not applicable to the CloudTrail service role.",
    references: &[
        "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-set-bucket-policy-for-multiple-accounts.html",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalorgid",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-sourceaccount",
    ],
    actions: &[],
    check,
};

const CLOUDTRAIL: &str = "cloudtrail.amazonaws.com";

fn check(case: &Case<'_>, _: &Guardrail) -> Ruling {
    let resource_documents = case.applied(&[DocumentKind::Resource], |_| true);
    let caps_documents = case.applied(&[DocumentKind::Rcp], |_| true);
    let unreadable = case.unreadable(&[DocumentKind::Resource, DocumentKind::Rcp]);
    let checks: Vec<BucketCheck> = resource_documents
        .iter()
        .filter_map(|document| Bucket::new(case, *document, &caps_documents))
        .map(|bucket| bucket.check())
        .collect();
    let worst = checks.iter().max_by_key(|check| check.verdict);
    let mut ruling = match worst {
        Some(worst) => Ruling {
            verdict: Some(worst.verdict),
            summary: worst.summary.clone(),
            witness: checks.iter().find_map(|check| check.witness.clone()),
            ..Ruling::default()
        },
        None => Ruling {
            verdict: Some(Verdict::NotApplicable),
            summary: if resource_documents.is_empty() {
                "no bucket policy is pasted: paste the policy of the bucket that holds the trail's logs".to_owned()
            } else {
                "no policy here is a trail bucket's: name the bucket under trail buckets (`trailBuckets`) if one is"
                    .to_owned()
            },
            ..Ruling::default()
        },
    };
    let mut findings = Findings::default();
    for check in checks {
        check
            .findings
            .into_iter()
            .for_each(|finding| findings.add(finding));
        ruling
            .assumptions
            .extend(check.assumptions.into_iter().map(Cow::Owned));
    }
    ruling.findings = findings.into_vec();
    ruling.withhold(&unreadable, "be a trail bucket's policy");
    ruling
}

/// What was found for one bucket policy.
struct BucketCheck {
    verdict: Verdict,
    summary: String,
    findings: Vec<Finding>,
    witness: Option<Witness>,
    assumptions: Vec<String>,
}

/// Who may touch the bucket, and where that was taken from.
#[derive(Debug, Default)]
struct Trusted {
    organizations: BTreeSet<String>,
    accounts: BTreeSet<String>,
    from_policy: bool,
}

impl Trusted {
    /// The settings; where they name nobody, every concrete value that the policy itself confines to.
    fn new(settings: &Settings, policy: &Policy<'_>) -> Self {
        if !settings.organization_ids.is_empty() || !settings.trusted_accounts.is_empty() {
            return Self {
                organizations: settings.organization_ids.iter().cloned().collect(),
                accounts: settings.trusted_accounts.iter().cloned().collect(),
                from_policy: false,
            };
        }
        let mut trusted = Self {
            from_policy: true,
            ..Self::default()
        };
        for statement in &policy.statements {
            for condition in &statement.conditions {
                // An Allow confines by what it asks for, a Deny by what it spares.
                let negated = condition.operator.value.comparison.is_negated();
                if negated == (statement.effect.value == Effect::Deny) {
                    trusted.take(condition);
                }
            }
        }
        trusted
    }

    fn take(&mut self, condition: &Condition<'_>) {
        for value in &condition.values {
            let text = value.value.as_ref();
            match condition.key.value.to_ascii_lowercase().as_str() {
                "aws:principalorgid" | "aws:sourceorgid" if is_concrete(text) => {
                    self.organizations.insert(text.to_owned());
                }
                "aws:principalorgpaths" | "aws:sourceorgpaths" => {
                    let organization = text.split('/').next().unwrap_or_default();
                    if is_concrete(organization) {
                        self.organizations.insert(organization.to_owned());
                    }
                }
                "aws:principalaccount" | "aws:sourceaccount" if is_account(text) => {
                    self.accounts.insert(text.to_owned());
                }
                _ => {}
            }
        }
    }

    /// Requests from these are nobody's concern.
    fn excluded(&self) -> Vec<(String, Matcher)> {
        let mut excluded = Vec::new();
        for (keys, values) in [
            (
                ["aws:principalorgid", "aws:sourceorgid"],
                &self.organizations,
            ),
            (
                ["aws:principalaccount", "aws:sourceaccount"],
                &self.accounts,
            ),
        ] {
            if !values.is_empty() {
                let matcher = Matcher::string_equals(values.iter().map(String::as_str));
                excluded.extend(keys.map(|key| (key.to_owned(), matcher.clone())));
            }
        }
        excluded
    }

    /// The bucket is in an organization and an account that are trusted, where any are set.
    fn owner(&self) -> Vec<(String, Vec<String>)> {
        [
            ("aws:resourceorgid", &self.organizations),
            ("aws:resourceaccount", &self.accounts),
        ]
        .into_iter()
        .filter(|(_, values)| !values.is_empty())
        .map(|(key, values)| (key.to_owned(), values.iter().cloned().collect()))
        .collect()
    }

    fn words(&self) -> String {
        let mut words = Vec::new();
        if !self.organizations.is_empty() {
            words.push(format!(
                "the organization {}",
                quoted(self.organizations.iter().map(String::as_str))
            ));
        }
        if !self.accounts.is_empty() {
            words.push(format!(
                "the account {}",
                quoted(self.accounts.iter().map(String::as_str))
            ));
        }
        join(&words, "and")
    }
}

/// An organization id without wildcards or placeholders.
fn is_concrete(text: &str) -> bool {
    text.strip_prefix("o-").is_some_and(|rest| {
        !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_alphanumeric())
    })
}

/// A trail bucket's policy, with what caps it.
struct Bucket<'c, 't> {
    names: Vec<String>,
    allows: Vec<Located<'c, 't>>,
    caps: Vec<Vec<Located<'c, 't>>>,
    denies: Vec<Located<'c, 't>>,
    trusted: Trusted,
    callers: Vec<Caller>,
    known: Names,
    now: Option<i64>,
    has_rcp: bool,
}

impl<'c, 't> Bucket<'c, 't> {
    /// `None` where the policy is not a trail bucket's.
    fn new(
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
        for located in &allows {
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
        let trusted = Trusted::new(case.settings, applied.policy);
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
            now: case.now,
            has_rcp: !caps_documents.is_empty(),
        })
    }

    fn space(&self, target: Target) -> Space {
        Space {
            target,
            callers: self.callers.clone(),
            principal: None,
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
            match decide(&question, &self.space(target.clone())) {
                Answer::None => {}
                Answer::Undecided(reason) => undecided = Some(reason),
                found => return found,
            }
        }
        undecided.map_or(Answer::None, Answer::Undecided)
    }

    fn check(&self) -> BucketCheck {
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
                let whom = if trusted.is_empty() {
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
                ": it has no `Condition` on `aws:PrincipalOrgID` or `aws:SourceAccount`"
            } else {
                ": its `Condition` does not confine it to a trusted organization or account"
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
            findings.add(finding(
                allow,
                Role::Note,
                marks,
                format!("this `Allow` is confined by {keys}: nobody from outside gets in by it"),
                None,
            ));
        }
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
                    "{trusted} is trusted because the bucket policy names it: set organization ids or trusted \
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

    /// What should be known besides, and changes no verdict.
    fn notes(&self, findings: &mut Findings) {
        for allow in &self.allows {
            let statement = allow.reference.statement;
            let service = service_entry(statement);
            if let Some(mark) = service
                && !statement
                    .conditions
                    .iter()
                    .any(|condition| confined_deputy(condition))
            {
                let message = "this `Allow` lets CloudTrail in for any account's trail (the confused deputy problem): \
                               add a condition on `aws:SourceArn`, `aws:SourceAccount` or `aws:SourceOrgID`"
                    .to_owned();
                findings.add(finding(allow, Role::Note, vec![mark], message, None));
            }
            if names_iam_principals(statement) {
                for condition in &statement.conditions {
                    if condition
                        .key
                        .value
                        .eq_ignore_ascii_case("aws:SourceAccount")
                        && requires_presence(condition)
                    {
                        let message = "AWS never sends `aws:SourceAccount` on a role's or user's own call, so this \
                                       `Allow` lets nobody in: the guardrail is met to the letter, and the role is \
                                       locked out; use `aws:PrincipalOrgID` or `aws:PrincipalAccount`"
                            .to_owned();
                        findings.add(finding(
                            allow,
                            Role::Note,
                            vec![condition.span],
                            message,
                            None,
                        ));
                    }
                }
            }
        }
        for request in self.deliveries() {
            for deny in &self.denies {
                let statement = deny.reference.statement;
                if matches(statement, deny.reference.document, &request) {
                    let message = format!(
                        "this `Deny` also stops CloudTrail's own `{}`: log delivery would break; spare it with \
                         `\"Bool\": {{\"aws:PrincipalIsAWSService\": \"false\"}}`",
                        request.action
                    );
                    let marks = statement
                        .conditions
                        .iter()
                        .map(|condition| condition.span)
                        .collect();
                    findings.add(finding(deny, Role::Note, marks, message, None));
                }
            }
        }
    }

    /// The requests by which CloudTrail delivers logs, as far as the policy's `Allow` for CloudTrail lets it.
    fn deliveries(&self) -> Vec<Request> {
        let first = |key: &str| -> Option<String> {
            self.allows
                .iter()
                .filter(|allow| service_entry(allow.reference.statement).is_some())
                .flat_map(|allow| &allow.reference.statement.conditions)
                .find(|condition| condition.key.value.eq_ignore_ascii_case(key))
                .and_then(|condition| condition.values.first())
                .map(|value| value.value.replace('*', "management-events"))
        };
        let source_arn = first("aws:SourceArn").unwrap_or_else(|| {
            "arn:aws:cloudtrail:us-east-1:111122223333:trail/management-events".to_owned()
        });
        let account = first("aws:SourceAccount")
            .or_else(|| {
                source_arn
                    .split(':')
                    .nth(4)
                    .map(str::to_owned)
                    .filter(|account| is_account(account))
            })
            .unwrap_or_else(|| "111122223333".to_owned());
        let context: Vec<(&str, String)> = vec![
            ("aws:principalisawsservice", "true".to_owned()),
            ("aws:principalservicename", CLOUDTRAIL.to_owned()),
            ("aws:sourcearn", source_arn),
            ("aws:sourceaccount", account),
            ("aws:securetransport", "true".to_owned()),
            ("aws:viaawsservice", "false".to_owned()),
            ("s3:x-amz-acl", "bucket-owner-full-control".to_owned()),
        ];
        // The actions and resources are those that the policy lets CloudTrail use.
        let mut requests = Vec::new();
        for (action, object) in [("s3:PutObject", true), ("s3:GetBucketAcl", false)] {
            let resource = self
                .allows
                .iter()
                .map(|allow| allow.reference.statement)
                .filter(|statement| {
                    service_entry(statement).is_some() && names_action(&statement.action, action)
                })
                .flat_map(|statement| {
                    statement
                        .resource
                        .iter()
                        .flat_map(|element| element.matching.list())
                })
                .find(|value| value.value.contains('/') == object)
                .map(|value| {
                    value
                        .value
                        .replace('*', "CloudTrail/us-east-1/2026/01/01/log.json.gz")
                });
            requests.extend(resource.map(|resource| {
                Request {
                    principal: CLOUDTRAIL.to_owned(),
                    action: action.to_owned(),
                    resource,
                    context: context
                        .iter()
                        .map(|(key, value)| ((*key).to_owned(), vec![value.clone()]))
                        .collect(),
                }
            }));
        }
        requests
    }
}

/// The buckets that a policy is about, where they are trail buckets.
fn trail_buckets(settings: &[String], policy: &Policy<'_>) -> Option<Vec<String>> {
    let mut named: Vec<&str> = Vec::new();
    let mut logs = false;
    for statement in &policy.statements {
        for value in statement
            .resource
            .iter()
            .flat_map(|element| element.matching.list())
        {
            logs |= value.value.contains("AWSLogs/");
            if let Some(bucket) = bucket_of(&value.value)
                && !named.contains(&bucket)
            {
                named.push(bucket);
            }
        }
    }
    if !settings.is_empty() {
        let listed: Vec<String> = settings
            .iter()
            .filter(|bucket| {
                let syntax = Syntax {
                    wildcards: true,
                    variables: false,
                };
                named
                    .iter()
                    .any(|pattern| Pattern::parse(pattern, syntax).matches(bucket, false))
            })
            .cloned()
            .collect();
        return (!listed.is_empty()).then_some(listed);
    }
    let serves_cloudtrail = policy.statements.iter().any(|statement| {
        statement.effect.value == Effect::Allow && service_entry(statement).is_some()
    });
    if !serves_cloudtrail && !logs {
        return None;
    }
    let concrete: Vec<String> = named
        .iter()
        .filter(|bucket| !bucket.contains(['*', '?']))
        .map(|bucket| (*bucket).to_owned())
        .collect();
    if !concrete.is_empty() {
        return Some(concrete);
    }
    // Only patterns: a bucket that the first of them names.
    let example = named
        .first()
        .map_or("amzn-s3-demo-bucket".to_owned(), |pattern| {
            let filled = pattern.replace('*', "trail-logs").replace('?', "a");
            if filled.is_empty() {
                "amzn-s3-demo-bucket".to_owned()
            } else {
                filled
            }
        });
    Some(vec![example])
}

/// The bucket in an S3 ARN, wildcards and all.
fn bucket_of(resource: &str) -> Option<&str> {
    let parts: Vec<&str> = resource.splitn(6, ':').collect();
    match parts.as_slice() {
        ["arn", _, "s3", "", "", rest] => rest.split('/').next(),
        ["*"] => Some("*"),
        _ => None,
    }
}

/// Where a statement names CloudTrail's service principal.
fn service_entry(statement: &Statement<'_>) -> Option<Span> {
    match statement
        .principal
        .as_ref()
        .map(|element| &element.matching)
    {
        Some(Matching::Only(list)) => list
            .iter()
            .find(|entry| {
                entry.kind == PrincipalKind::Service
                    && entry.value.value.eq_ignore_ascii_case(CLOUDTRAIL)
            })
            .map(|entry| entry.value.span),
        _ => None,
    }
}

/// Whether a statement is for callers other than services.
fn names_iam_principals(statement: &Statement<'_>) -> bool {
    match statement
        .principal
        .as_ref()
        .map(|element| &element.matching)
    {
        Some(Matching::Only(list)) => list
            .iter()
            .any(|entry| entry.kind != PrincipalKind::Service),
        Some(Matching::AllExcept(_)) => true,
        None => false,
    }
}

/// Whether a condition holds only where its key is in the request.
fn requires_presence(condition: &Condition<'_>) -> bool {
    let operator = condition.operator.value;
    !operator.if_exists
        && !operator.comparison.is_negated()
        && operator.comparison != Comparison::Null
        && operator.set != Some(SetOperator::ForAllValues)
}

fn confining_key(condition: &Condition<'_>) -> bool {
    matches!(
        condition.key.value.to_ascii_lowercase().as_str(),
        "aws:principalorgid"
            | "aws:principalorgpaths"
            | "aws:principalaccount"
            | "aws:principalarn"
            | "aws:sourceaccount"
            | "aws:sourceorgid"
            | "aws:sourceorgpaths"
    )
}

/// Whether an `Allow`'s condition keeps strangers out.
fn confines(condition: &Condition<'_>) -> bool {
    confining_key(condition) && requires_presence(condition)
}

/// Whether a condition ties CloudTrail's call to somebody's trail.
fn confined_deputy(condition: &Condition<'_>) -> bool {
    matches!(
        condition.key.value.to_ascii_lowercase().as_str(),
        "aws:sourcearn" | "aws:sourceaccount" | "aws:sourceorgid" | "aws:sourceorgpaths"
    ) && !condition.operator.value.comparison.is_negated()
}

fn finding(
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

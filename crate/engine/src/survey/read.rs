//! Reading a policy that was found, and what is reported of it.

use std::rc::Rc;

use super::{Entry, Survey};
use crate::case::Document;
use crate::form::{Applies, Content, FoundPolicy, FoundPrincipal, Missing, PrincipalKind};
use crate::guardrail::is_trail_bucket_policy;
use crate::policy::{Matching, Policy, Reading};
use crate::problem::Problem;
use crate::report::{self, Bearing, DocumentKind, DocumentReport, Severity, StatementReport};
use crate::request::{DocumentInput, KindInput};
use crate::text::Span;

/// What is known of a document once it has been read.
#[derive(Debug, Clone)]
pub(super) struct Facts {
    pub(super) kind: Option<DocumentKind>,
    pub(super) kind_reason: String,
    pub(super) bearing: Bearing,
    pub(super) errors: usize,
    pub(super) warnings: usize,
}

impl DocumentInput {
    /// The principal that the request attaches the input's policies to.
    pub(super) fn owner(&self) -> Option<&str> {
        self.attached_to
            .as_deref()
            .map(str::trim)
            .filter(|arn| !arn.is_empty())
    }
}

impl<'t> Entry<'t> {
    /// `place` is its position among the policies of its input, and how many those are.
    pub(super) fn new(
        source: usize,
        input: &DocumentInput,
        found: FoundPolicy<'t>,
        (index, count): (usize, usize),
    ) -> Self {
        let name = match (found.name.is_empty(), count) {
            (false, _) => found.name.clone(),
            (true, 1) => input.name.clone(),
            (true, _) => format!("{} ({})", input.name, index + 1),
        };
        Self {
            source,
            name,
            kind: match (input.kind, &found.kind) {
                (KindInput::Auto, Some((kind, _))) => KindInput::Given(*kind),
                (given, _) => given,
            },
            found,
            attached_to: Vec::new(),
            owner: input.owner().map(str::to_owned),
            facts: None,
            scoped: false,
            groups: 0,
            shared: false,
            kept: None,
        }
    }

    /// What the reader of policies made of it, completed by what the form knows.
    fn complete(&self, mut reading: Reading<'t>, given: KindInput) -> Reading<'t> {
        if given == KindInput::Auto
            && let Some((kind, reason)) = &self.found.kind
        {
            reading.kind = Some(*kind);
            reading.kind_reason.clone_from(reason);
        }
        if self.found.applies == Applies::Unnamed || self.owner.is_some() {
            self.attach(&mut reading);
        }
        reading
    }

    /// What is wrong with the principal that the request names is a problem of the document, at its beginning.
    fn attach(&self, reading: &mut Reading<'_>) {
        let Some(arn) = &self.owner else { return };
        let start = Span {
            start: self.found.span.start,
            end: self.found.span.start,
        };
        if reading.kind != Some(DocumentKind::Identity) {
            if reading.kind.is_some() {
                reading.problems.insert(0, Problem::warning(
                    start,
                    format!("only identity-based policies are attached to a principal: `{arn}` is left aside"),
                ));
            }
        } else if !is_principal_arn(arn) {
            reading.problems.insert(0, Problem::error(
                start,
                format!(
                    "this policy cannot be attached to `{arn}`: name an IAM role, user or federated user by its ARN, \
                     such as `arn:aws:iam::111122223333:role/Developer`"
                ),
            ));
            reading.policy = None;
        }
    }
}

impl<'t> Survey<'t> {
    /// Reads a document and keeps it: its kind decides to whom it applies.
    pub(super) fn keep(&mut self, index: usize) {
        if let Some(entry) = self.documents.get_mut(index) {
            entry.shared = true;
        }
        self.load(index);
    }

    /// A document, read where it is not kept.
    pub(super) fn load(&mut self, index: usize) -> Option<Rc<Document<'t>>> {
        let entry = self.documents.get_mut(index)?;
        if let Some(kept) = &entry.kept {
            return Some(Rc::clone(kept));
        }
        let settings = &self.request.settings;
        let json = entry.found.content.json(entry.kind, settings);
        let draft = entry.found.content.draft();
        let reading = if entry.shared {
            let empty = Content::Text("".into(), 0);
            std::mem::replace(&mut entry.found.content, empty).into_reading(entry.kind, settings)
        } else {
            entry.found.content.read(entry.kind, settings)
        };
        let entry = self.documents.get(index)?;
        let given = self.request.documents.get(entry.source)?.kind;
        let reading = entry.complete(reading, given);
        let input = self.inputs.get(entry.source)?;
        let error = reading
            .problems
            .iter()
            .find(|problem| problem.severity == Severity::Error)
            .map(|problem| {
                format!(
                    "line {}: {}",
                    input.place(problem.span).line,
                    problem.message
                )
            });
        let document = Rc::new(Document {
            name: entry.name.clone(),
            source: entry.source,
            span: entry.found.span,
            json,
            error,
            draft,
            named: None,
            reading,
        });
        let facts = self.facts(entry, &document);
        let entry = self.documents.get_mut(index)?;
        entry.facts.get_or_insert(facts);
        if entry.shared {
            entry.kept = Some(Rc::clone(&document));
        }
        Some(document)
    }

    fn facts(&self, entry: &Entry<'_>, document: &Document<'_>) -> Facts {
        let reading = &document.reading;
        let count = |severity| {
            reading
                .problems
                .iter()
                .filter(|problem| problem.severity == severity)
                .count()
        };
        let (bearing, why) = self.bearing(entry, reading);
        Facts {
            kind: reading.kind,
            kind_reason: match why {
                Some(why) => format!("{}; {why}", reading.kind_reason),
                None => reading.kind_reason.clone(),
            },
            bearing,
            errors: count(Severity::Error),
            warnings: count(Severity::Warning),
        }
    }

    /// Whether a document has a say in any guardrail; and the reason where it has none.
    fn bearing(&self, entry: &Entry<'_>, reading: &Reading<'_>) -> (Bearing, Option<String>) {
        let Some(policy) = &reading.policy else {
            return (Bearing::Unread, None);
        };
        match &entry.found.applies {
            Applies::Nobody(reason) => return (Bearing::NoGuardrail, Some(reason.clone())),
            Applies::Trust => return (Bearing::TrustPolicy, Some(TRUST.to_owned())),
            Applies::Attached | Applies::Unnamed => {}
        }
        if reading.kind != Some(DocumentKind::Resource) {
            return (Bearing::Judged, None);
        }
        if is_trust_policy(policy) {
            return (Bearing::TrustPolicy, Some(TRUST.to_owned()));
        }
        if is_trail_bucket_policy(&self.request.settings, policy) {
            return (Bearing::Judged, None);
        }
        (
            Bearing::NoGuardrail,
            Some("it is no trail bucket's policy, so it bears on no guardrail; name the bucket under trail buckets (`trailBuckets`) if it is one".to_owned()),
        )
    }

    /// What is reported of a document.
    pub(super) fn document_report(
        &self,
        index: usize,
        document: &Document<'_>,
    ) -> Option<DocumentReport> {
        let entry = self.documents.get(index)?;
        let input = self.inputs.get(entry.source)?;
        let facts = entry.facts.as_ref()?;
        let statements = document
            .reading
            .policy
            .iter()
            .flat_map(|policy| &policy.statements)
            .map(|statement| StatementReport {
                index: statement.index,
                sid: statement.sid.as_ref().map(|sid| sid.value.to_string()),
                effect: statement.effect.value,
                span: input.place(statement.span),
            })
            .collect();
        let problems = document
            .reading
            .problems
            .iter()
            .map(|problem| report::Problem {
                severity: problem.severity,
                message: problem.message.clone(),
                span: input.place(problem.span),
            })
            .collect();
        Some(DocumentReport {
            source: entry.source,
            name: entry.name.clone(),
            path: entry.found.path.clone(),
            span: input.place(entry.found.span),
            attached_to: entry.attached_to.clone(),
            kind: facts.kind,
            kind_reason: facts.kind_reason.clone(),
            bearing: facts.bearing,
            statements,
            problems,
        })
    }
}

const TRUST: &str =
    "it is a role's trust policy, which says who may take the role on and bears on no guardrail";

/// A trust policy speaks of taking on the role that it belongs to, and so names no resource.
fn is_trust_policy(policy: &Policy<'_>) -> bool {
    policy.statements.iter().all(|statement| {
        statement.resource.is_none()
            && matches!(&statement.action.matching, Matching::Only(actions) if actions.iter().all(|action| {
                action.value.get(..4).is_some_and(|service| service.eq_ignore_ascii_case("sts:"))
            }))
    })
}

/// Whom the request attaches an input to, lacking what those lack who are found in it.
pub(super) fn lacking(owner: &str, found: Vec<FoundPrincipal>) -> Option<FoundPrincipal> {
    let missing: Vec<Missing> = found.into_iter().flat_map(|one| one.missing).collect();
    (is_principal_arn(owner) && !missing.is_empty()).then(|| FoundPrincipal {
        arn: Some(owner.to_owned()),
        name: owner.to_owned(),
        kind: PrincipalKind::Role,
        missing,
        ..FoundPrincipal::default()
    })
}

fn is_principal_arn(arn: &str) -> bool {
    let parts: Vec<&str> = arn.splitn(6, ':').collect();
    let &["arn", partition, service, "", account, rest] = parts.as_slice() else {
        return false;
    };
    let named = |prefix: &str| {
        rest.strip_prefix(prefix)
            .is_some_and(|name| !name.is_empty())
    };
    partition.starts_with("aws")
        && crate::evaluate::is_account(account)
        && !arn.contains(['*', '?'])
        && match service {
            "iam" => rest == "root" || named("role/") || named("user/"),
            "sts" => named("assumed-role/") || named("federated-user/"),
            _ => false,
        }
}

//! A check in steps, for large input: what the texts hold is found at once, and then principal by principal is judged.
//! `check` is a survey run to its end.

mod group;
mod managed;
mod overview;
mod read;
mod result;
mod scopes;

use std::borrow::Cow;
use std::cmp::Reverse;
use std::rc::Rc;

use serde::Serialize;

use crate::case::{Case, Document, Ruling, Trails};
use crate::check::authorized;
use crate::draft;
use crate::form::{self, FoundPolicy, Missing, Register};
use crate::guardrail::{GUARDRAILS, Subject};
use crate::matcher::Matcher;
use crate::report::{DocumentReport, InputReport, PrincipalReport, Replay, Report, Verdict};
use crate::request::{CheckRequest, KindInput};
use crate::source::layers::Layers;
use crate::text::{Places, Span};

use group::Group;
pub use overview::{DocumentSummary, Excerpt, Overview};
use read::Facts;
use result::Placings;

/// The texts, what was found in them, and how far the judging has come.
#[derive(Debug)]
pub struct Survey<'t> {
    request: &'t CheckRequest,
    authorized: Vec<(String, Matcher)>,
    inputs: Vec<Input<'t>>,
    documents: Vec<Entry<'t>>,
    /// In the order in which they are judged.
    groups: Vec<Group>,
    /// How many of them are judged.
    judged: usize,
    assumptions: Vec<Cow<'static, str>>,
}

/// One pasted text.
#[derive(Debug)]
struct Input<'t> {
    places: Places<'t>,
    layers: Layers<'t>,
    report: InputReport,
}

impl Input<'_> {
    fn place(&self, span: Span) -> crate::text::Place {
        self.places.place(self.layers.resolve(span))
    }
}

/// A policy of an input.
#[derive(Debug)]
struct Entry<'t> {
    source: usize,
    name: String,
    found: FoundPolicy<'t>,
    kind: KindInput,
    /// Display names of those it is attached to.
    attached_to: Vec<String>,
    /// The principal that the request attaches it to.
    owner: Option<String>,
    /// What was seen when it was read first.
    facts: Option<Facts>,
    /// Whether it is an SCP that the inputs attach to targets.
    scoped: bool,
    /// How many principals it applies to.
    groups: usize,
    /// Policies that apply to several principals are read once and kept.
    shared: bool,
    kept: Option<Rc<Document<'t>>>,
}

/// What a step says of one principal.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PrincipalRow {
    /// Position in the order of judging, from 0.
    pub index: usize,
    /// The principal's ARN; `None` for one without, and for a subject that is no principal.
    pub principal: Option<String>,
    /// What it is called.
    pub name: String,
    /// Whether it is no principal but a policy, of which nobody says who has it.
    pub policy_alone: bool,
    /// The worst of `verdicts`.
    pub verdict: Verdict,
    /// By guardrail, in the order of `guardrails()`.
    pub verdicts: Vec<Verdict>,
    /// The reason for the worst verdict, in one sentence.
    pub summary: String,
    /// All documents that apply to it: indexes into `Overview::documents`.
    pub documents: Vec<usize>,
}

/// What one step has done.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Step {
    /// How many principals are judged, with those of this step.
    pub judged: usize,
    /// How many there are.
    pub total: usize,
    /// Those of this step.
    pub rows: Vec<PrincipalRow>,
}

/// Principals judged together, and the documents that apply to any of them.
struct Together {
    documents: Vec<Option<DocumentReport>>,
    placings: Placings,
    principals: Vec<PrincipalReport>,
    replays: Vec<Replay>,
}

impl Together {
    /// The report, but for what is told of the inputs and the assumptions.
    fn into_report(mut self) -> Report {
        if self.documents.iter().any(Option::is_none) {
            self.move_up();
        }
        self.principals
            .sort_by_key(|principal| Reverse(principal.verdict));
        Report {
            documents: self.documents.into_iter().flatten().collect(),
            principals: self.principals,
            guardrails: result::merge(self.placings),
            replays: self.replays,
            ..Report::default()
        }
    }

    /// Counts only the documents that are reported.
    fn move_up(&mut self) {
        let mut count = 0;
        let places: Vec<usize> = self
            .documents
            .iter()
            .map(|report| {
                count += usize::from(report.is_some());
                count.saturating_sub(1)
            })
            .collect();
        let place = |documents: &[usize]| -> Vec<usize> {
            let places = documents.iter().map(|index| places.get(*index).copied());
            places.map(Option::unwrap_or_default).collect()
        };
        for placed in self.placings.iter_mut().flatten() {
            placed.documents = place(&placed.documents).into();
        }
        for principal in &mut self.principals {
            principal.documents = place(&principal.documents);
        }
    }
}

/// A principal judged: the rulings in the order of the guardrails, and the documents that they count, with their
/// indexes.
struct Judged<'t> {
    rulings: [Ruling; GUARDRAILS.len()],
    members: Rc<[usize]>,
    documents: Vec<Rc<Document<'t>>>,
}

impl Judged<'_> {
    fn verdicts(&self) -> Vec<Verdict> {
        self.rulings
            .iter()
            .map(|ruling| ruling.verdict.unwrap_or(Verdict::NotApplicable))
            .collect()
    }

    /// The worst verdict and its reason.
    fn worst(&self) -> (Verdict, &str) {
        let mut worst = (Verdict::NotApplicable, None);
        for ruling in &self.rulings {
            let verdict = ruling.verdict.unwrap_or(Verdict::NotApplicable);
            if worst.1.is_none() || verdict > worst.0 {
                worst = (verdict, Some(ruling.summary.as_str()));
            }
        }
        (worst.0, worst.1.unwrap_or_default())
    }
}

impl<'t> Survey<'t> {
    /// Reads the texts, recognises their forms and finds the policies in them.
    pub fn new(request: &'t CheckRequest) -> Self {
        let settings = &request.settings;
        let (authorized, remarks) = authorized(settings);
        let mut survey = Self {
            request,
            authorized,
            inputs: Vec::with_capacity(request.documents.len()),
            documents: Vec::with_capacity(request.documents.len()),
            groups: Vec::new(),
            judged: 0,
            assumptions: remarks.into_iter().map(Cow::Owned).collect(),
        };
        let mut principals = Vec::new();
        let mut register = Register::default();
        let mut attached_in = Vec::new();
        for (source, input) in request.documents.iter().enumerate() {
            let finder = form::find(&input.text);
            let places = Places::new(&input.text);
            let first = survey.documents.len();
            let count = finder.found.policies.len();
            for (index, found) in finder.found.policies.into_iter().enumerate() {
                survey
                    .documents
                    .push(Entry::new(source, input, found, (index, count)));
            }
            attached_in.resize(
                register.attachments.len() + finder.found.register.attachments.len(),
                source,
            );
            register.add(finder.found.register, first);
            match input.owner() {
                None => {
                    for mut principal in finder.found.principals {
                        for policy in &mut principal.policies {
                            *policy += first;
                        }
                        principals.push(principal);
                    }
                }
                Some(owner) => principals.extend(read::lacking(owner, finder.found.principals)),
            }
            let layers = finder.layers;
            let problems = finder
                .found
                .problems
                .into_iter()
                .map(|problem| crate::report::Problem {
                    severity: problem.severity,
                    message: problem.message,
                    span: places.place(layers.resolve(problem.span)),
                })
                .collect();
            survey.inputs.push(Input {
                places,
                layers,
                report: InputReport {
                    form: finder.found.form,
                    form_reason: finder.found.reason,
                    problems,
                },
            });
        }
        survey.join_managed(&mut principals, &register);
        let scopes = survey.scopes(&register, &attached_in);
        survey.form_groups(principals, &register.inline, scopes);
        survey
    }

    /// Judges up to so many more principals.
    pub fn step(&mut self, principals: usize) -> Step {
        let first = self.judged;
        let last = first.saturating_add(principals).min(self.groups.len());
        let mut rows = Vec::with_capacity(last - first);
        for index in first..last {
            let judged = self.judge(index);
            rows.extend(self.row(index, &judged));
        }
        Step {
            judged: self.judged,
            total: self.groups.len(),
            rows,
        }
    }

    /// The full report on one principal alone, by its index in the order of judging. Its documents are those of its
    /// row, in that order, and are counted from 0. An index that there is not has an empty report.
    pub fn report(&mut self, index: usize) -> Report {
        let mut report = Report {
            inputs: self
                .inputs
                .iter()
                .map(|input| input.report.clone())
                .collect(),
            ..Report::default()
        };
        let mut judged = self.judge(index);
        let members = Rc::clone(&judged.members);
        judged.tell_assumptions(&mut report.assumptions);
        for (member, document) in members.iter().zip(&judged.documents) {
            report
                .documents
                .extend(self.document_report(*member, document));
        }
        self.count(index, &judged);
        let principal = self.principal(index, &judged);
        let reported = |document| report.documents.get(document);
        let mut placings = Placings::default();
        self.place(
            index,
            &mut judged,
            reported,
            &mut report.replays,
            &mut placings,
        );
        for placed in placings.iter_mut().flatten() {
            placed.documents = (0..members.len()).collect();
        }
        report.guardrails = result::merge(placings);
        report.principals = principal
            .into_iter()
            .map(|principal| PrincipalReport {
                documents: (0..members.len()).collect(),
                ..principal
            })
            .collect();
        report
    }

    /// What was taken for granted for the principals judged so far, in plain words.
    pub fn assumptions(&self) -> &[Cow<'static, str>] {
        &self.assumptions
    }

    /// How many principals there are to judge.
    pub fn principals(&self) -> usize {
        self.groups.len()
    }

    /// The report on everything, as `check` gives it.
    pub(crate) fn finish(mut self) -> Report {
        let mut together = self.together(0..self.groups.len(), &mut |_| {});
        self.complete(&mut together.documents);
        Report {
            inputs: self.inputs.into_iter().map(|input| input.report).collect(),
            assumptions: self.assumptions,
            ..together.into_report()
        }
    }

    /// The report on some principals together, by their indexes, with the documents that apply to them. On all of them
    /// it is as `check` gives it, with the documents that apply to nobody too.
    pub fn report_on(&mut self, indexes: impl IntoIterator<Item = usize>) -> Report {
        let mut assumptions = Vec::new();
        let mut asked = vec![false; self.groups.len()];
        let indexes = indexes.into_iter().inspect(|index| {
            if let Some(asked) = asked.get_mut(*index) {
                *asked = true;
            }
        });
        let mut together = self.together(indexes, &mut |judged| {
            judged.tell_assumptions(&mut assumptions);
        });
        if asked.iter().all(|asked| *asked) {
            self.complete(&mut together.documents);
            assumptions.clone_from(&self.assumptions);
        }
        let inputs = self.inputs.iter().map(|input| input.report.clone());
        Report {
            inputs: inputs.collect(),
            assumptions,
            ..together.into_report()
        }
    }

    /// Judges some principals, telling of each.
    fn together(
        &mut self,
        indexes: impl IntoIterator<Item = usize>,
        observe: &mut dyn FnMut(&Judged<'t>),
    ) -> Together {
        let indexes = indexes.into_iter();
        let count = indexes.size_hint().0;
        let mut together = Together {
            documents: vec![None; self.documents.len()],
            placings: Placings::default().map(|_| Vec::with_capacity(count)),
            principals: Vec::with_capacity(count),
            replays: Vec::new(),
        };
        let documents = &mut together.documents;
        for index in indexes {
            let mut judged = self.judge(index);
            let members = Rc::clone(&judged.members);
            for (member, document) in members.iter().zip(&judged.documents) {
                if let Some(report @ None) = documents.get_mut(*member) {
                    *report = self.document_report(*member, document);
                }
            }
            self.count(index, &judged);
            observe(&judged);
            together.principals.extend(self.principal(index, &judged));
            let reported = |document: usize| documents.get(*members.get(document)?)?.as_ref();
            let placings = &mut together.placings;
            self.place(
                index,
                &mut judged,
                reported,
                &mut together.replays,
                placings,
            );
        }
        together
    }

    /// Adds the documents that apply to nobody.
    fn complete(&mut self, documents: &mut [Option<DocumentReport>]) {
        for (index, report) in documents.iter_mut().enumerate() {
            if report.is_none()
                && let Some(document) = self.load(index)
            {
                *report = self.document_report(index, &document);
            }
        }
    }

    /// The documents that apply to a principal, and behind them those that may.
    fn members(&self, index: usize) -> Rc<[usize]> {
        let Some(group) = self.groups.get(index) else {
            return Rc::default();
        };
        let members = group.documents.iter().chain(&group.perhaps);
        members.copied().collect()
    }

    /// Judges one principal with all that applies to it.
    fn judge(&mut self, index: usize) -> Judged<'t> {
        let members = self.members(index);
        let documents: Vec<Rc<Document<'t>>> = members
            .iter()
            .filter_map(|document| self.load(*document))
            .collect();
        let Some(group) = self.groups.get(index) else {
            return Judged {
                rulings: Default::default(),
                members,
                documents,
            };
        };
        let case = self.case(group, documents.clone());
        // What surely applies, where that is not all.
        let certain = (!group.perhaps.is_empty()).then(|| {
            let certain = documents.iter().take(group.documents.len());
            self.case(group, certain.cloned().collect())
        });
        let rulings = GUARDRAILS.map(|guardrail| match guardrail.subject {
            Subject::Caller if group.callers => {
                let mut ruling = draft::check(&case, guardrail);
                // What fails with all that may apply fails; all else is judged without.
                if let Some(certain) = &certain
                    && ruling.verdict != Some(Verdict::Fail)
                {
                    ruling = draft::check(certain, guardrail);
                    ruling.depends(&group.doubt());
                }
                if let Some(level) = self.refusing_level(group, &documents, &ruling) {
                    ruling.depends(&level);
                }
                group.state(&mut ruling);
                ruling.lack(&group.missing);
                ruling
            }
            Subject::Bucket if group.resources => draft::check(&case, guardrail),
            subject => group.not_judged(subject),
        });
        Judged {
            rulings,
            members,
            documents,
        }
    }

    fn case(&self, group: &Group, documents: Vec<Rc<Document<'t>>>) -> Case<'t> {
        let lacks = group.missing.iter().any(Missing::may_grant);
        Case {
            documents,
            settings: &self.request.settings,
            authorized: self.authorized.clone(),
            principal: group.principal.clone(),
            like: group.like.clone(),
            name: group.named.then(|| group.name.clone()),
            // Who has policies that are not here is no administrator by assumption.
            complete: group.complete || lacks,
            lacks,
            others: self.others(group),
            trails: Trails::default(),
        }
    }

    /// Counts a principal as judged.
    fn count(&mut self, index: usize, judged: &Judged<'_>) {
        if index != self.judged {
            return;
        }
        self.judged += 1;
        judged.tell_assumptions(&mut self.assumptions);
    }

    /// Counts a principal as judged, and says in short what came out.
    fn row(&mut self, index: usize, judged: &Judged<'_>) -> Option<PrincipalRow> {
        self.count(index, judged);
        let principal = self.principal(index, judged)?;
        Some(PrincipalRow {
            index,
            principal: principal.principal,
            name: principal.name,
            policy_alone: self.groups.get(index)?.policy_alone,
            verdict: principal.verdict,
            verdicts: principal.verdicts,
            summary: judged.worst().1.to_owned(),
            documents: principal.documents,
        })
    }

    /// What is reported of a principal as a whole.
    fn principal(&self, index: usize, judged: &Judged<'_>) -> Option<PrincipalReport> {
        let group = self.groups.get(index)?;
        Some(PrincipalReport {
            principal: group.principal.clone(),
            name: group.name.clone(),
            documents: judged.members.to_vec(),
            verdict: judged.worst().0,
            verdicts: judged.verdicts(),
        })
    }
}

impl Judged<'_> {
    /// Adds what was taken for granted to what is told already, each once.
    fn tell_assumptions(&self, all: &mut Vec<Cow<'static, str>>) {
        for assumption in self.rulings.iter().flat_map(|ruling| &ruling.assumptions) {
            if !all.iter().any(|known| known == assumption) {
                all.push(assumption.clone());
            }
        }
    }
}

//! Rulings as the report has them: their spans as places in the pasted texts, over all principals.

use std::borrow::Cow;
use std::collections::HashMap;
use std::mem::take;
use std::rc::Rc;

use super::{Judged, Survey};
use crate::case::{self, Document};
use crate::guardrail::{GUARDRAILS, Subject};
use crate::replay::{Pasted, bears_on, replay};
use crate::report::{
    ActionVerdict, DocumentReport, Finding, GuardrailResult, PrincipalResult, Replay, Role,
    Verdict, Witness,
};
use crate::text::{Place, Span};

/// One guardrail's ruling on one principal, placed.
#[derive(Debug, Clone)]
pub(super) struct Placed {
    /// Whether the guardrail asks about it.
    pub(super) asked: bool,
    pub(super) named: bool,
    /// By position among the principal's documents: their indexes in the report.
    pub(super) documents: Rc<[usize]>,
    pub(super) actions: Vec<ActionVerdict>,
    pub(super) result: PrincipalResult,
}

/// By guardrail: the rulings on each principal.
pub(super) type Placings = [Vec<Placed>; GUARDRAILS.len()];

impl Survey<'_> {
    /// Adds the rulings on one principal. `report` finds what is reported of its documents; `replays` are those of the
    /// report.
    pub(super) fn place<'r>(
        &self,
        index: usize,
        judged: &mut Judged<'_>,
        report: impl Fn(usize) -> Option<&'r DocumentReport>,
        replays: &mut Vec<Replay>,
        placings: &mut Placings,
    ) {
        let Some(group) = self.groups.get(index) else {
            return;
        };
        let documents = Rc::clone(&judged.members);
        let rulings = take(&mut judged.rulings);
        // Findings about the same action share a witness: one command serves them all.
        let mut known: Vec<(Witness, usize)> = Vec::new();
        for ((guardrail, ruling), placings) in GUARDRAILS.iter().zip(rulings).zip(placings) {
            let verdict = ruling.verdict.unwrap_or(Verdict::NotApplicable);
            // Where it is the only one, and is not named, nobody is listed.
            let name = if group.named || self.groups.len() > 1 {
                group.name.clone()
            } else {
                String::new()
            };
            let mut findings: Vec<Finding> = ruling
                .findings
                .iter()
                .filter_map(|finding| self.finding(finding, report(finding.document)?))
                .collect();
            let mut witness = ruling.witness;
            let witnesses = findings
                .iter_mut()
                .filter_map(|finding| finding.witness.as_mut())
                .chain(&mut witness);
            for witness in witnesses {
                let same = known.iter().find(|(known, _)| known == witness);
                let replay = match same {
                    Some((_, replay)) => *replay,
                    None => {
                        replays.push(self.replay(witness, judged));
                        known.push((witness.clone(), replays.len() - 1));
                        replays.len() - 1
                    }
                };
                witness.replay = Some(replay);
            }
            placings.push(Placed {
                asked: match guardrail.subject {
                    Subject::Caller => group.callers,
                    Subject::Bucket => group.resources,
                },
                named: group.named,
                documents: Rc::clone(&documents),
                actions: ruling.actions,
                result: PrincipalResult {
                    principal: group.principal.clone(),
                    name,
                    verdict,
                    summary: ruling.summary,
                    witness,
                    findings,
                },
            });
        }
    }

    fn finding(&self, finding: &case::Finding, document: &DocumentReport) -> Option<Finding> {
        let input = self.inputs.get(document.source)?;
        let statement = finding.statement.and_then(|index| {
            document
                .statements
                .iter()
                .find(|statement| statement.index == index)
        });
        let mut marks: Vec<Place> = finding
            .marks
            .iter()
            .map(|mark| input.place(*mark))
            .collect();
        marks.sort_by_key(|mark| (mark.start, mark.end));
        marks.dedup();
        Some(Finding {
            role: finding.role,
            document: finding.document,
            statement: finding.statement,
            span: statement
                .map_or_else(|| input.place(Span::default()), |statement| statement.span),
            marks,
            message: finding.message.clone(),
            witness: finding.witness.clone(),
        })
    }

    /// The command that puts a witness to AWS's simulator.
    fn replay(&self, witness: &Witness, judged: &Judged<'_>) -> Replay {
        let trail = witness.action.starts_with("cloudtrail:");
        let documents: Vec<Pasted<'_, '_>> = judged
            .documents
            .iter()
            .filter_map(|document| {
                let policy = document.reading.policy.as_ref()?;
                let kind = document.reading.kind?;
                bears_on(kind, trail).then_some(())?;
                Some(Pasted {
                    name: &document.name,
                    kind,
                    policy,
                    json: Cow::Borrowed(self.json(document)?),
                })
            })
            .collect();
        replay(witness, &documents)
    }
}

impl Survey<'_> {
    /// A policy as JSON.
    fn json<'d>(&'d self, document: &'d Document<'_>) -> Option<&'d str> {
        match &document.json {
            Some(json) => Some(json),
            None => self.inputs.get(document.source)?.layers.raw(document.span),
        }
    }
}

/// The results by guardrail, over all principals: the worst verdict with its reason, and the findings of all.
pub(super) fn merge(placings: Placings) -> Vec<GuardrailResult> {
    GUARDRAILS
        .iter()
        .zip(placings)
        .map(|(guardrail, list)| merge_one(guardrail.id, guardrail.subject, list))
        .collect()
}

fn merge_one(id: &'static str, subject: Subject, mut list: Vec<Placed>) -> GuardrailResult {
    let named = list.iter().any(|placed| placed.named);
    if list.iter().any(|placed| placed.asked) {
        list.retain(|placed| placed.asked || placed.named);
    }
    let actions = worst_actions(&mut list);
    let listed = named && subject == Subject::Caller;
    let mut worst: Option<&mut Placed> = None;
    for placed in &mut list {
        let worse = |known: &&mut Placed| {
            (placed.asked, placed.result.verdict) > (known.asked, known.result.verdict)
        };
        if worst.as_ref().is_none_or(worse) {
            worst = Some(placed);
        }
    }
    let (verdict, summary, witness) = match worst.map(|worst| &mut worst.result) {
        None => (Verdict::NotApplicable, String::new(), None),
        Some(worst) if listed => (worst.verdict, worst.summary.clone(), worst.witness.clone()),
        // Nobody else asks for them.
        Some(worst) => (
            worst.verdict,
            take(&mut worst.summary),
            worst.witness.take(),
        ),
    };
    let mut result = GuardrailResult {
        id,
        verdict,
        summary,
        actions,
        findings: Vec::new(),
        witness,
        principals: Vec::new(),
    };
    let mut findings = Findings::default();
    for placed in &mut list {
        for finding in &mut placed.result.findings {
            finding.document = placed
                .documents
                .get(finding.document)
                .copied()
                .unwrap_or(finding.document);
            findings.add(finding);
        }
    }
    result.findings = findings.into_vec();
    if listed {
        result.principals = list.into_iter().map(|placed| placed.result).collect();
        result
            .principals
            .sort_by_key(|principal| std::cmp::Reverse(principal.verdict));
    }
    result
}

fn worst_actions(list: &mut [Placed]) -> Vec<ActionVerdict> {
    if let [only] = list {
        return take(&mut only.actions);
    }
    let mut actions: Vec<ActionVerdict> = Vec::new();
    for action in list.iter_mut().flat_map(|placed| take(&mut placed.actions)) {
        match actions
            .iter_mut()
            .find(|known| known.action == action.action)
        {
            Some(known) => known.verdict = known.verdict.max(action.verdict),
            None => actions.push(action),
        }
    }
    actions
}

/// A part, a document, a statement of it and what is said.
type Said = (Role, usize, Option<usize>, String);

/// Findings of all principals; what is said of a document that applies to several is said once.
#[derive(Default)]
struct Findings {
    known: HashMap<Said, usize>,
    list: Vec<Finding>,
}

impl Findings {
    fn add(&mut self, finding: &Finding) {
        let said = (
            finding.role,
            finding.document,
            finding.statement,
            finding.message.clone(),
        );
        let at = *self.known.entry(said).or_insert(self.list.len());
        match self.list.get_mut(at) {
            None => self.list.push(finding.clone()),
            Some(known) => {
                known.marks.extend(&finding.marks);
                known.marks.sort_by_key(|mark| (mark.start, mark.end));
                known.marks.dedup();
            }
        }
    }

    /// In the order grants, gap, shadowed, denies, note; then as they stand in the documents.
    fn into_vec(mut self) -> Vec<Finding> {
        self.list
            .sort_by_key(|finding| (finding.role, finding.document, finding.statement));
        self.list
    }
}

//! What a survey knows before, and beside, the verdicts.

use serde::Serialize;

use super::Survey;
use crate::report::{Bearing, DocumentKind, InputReport};

/// The inputs, the policies in them, and how many principals there are to judge.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Overview {
    /// One for each input.
    pub inputs: Vec<InputReport>,
    /// One for each policy found.
    pub documents: Vec<DocumentSummary>,
    /// How many principals there are to judge.
    pub principals: usize,
}

/// A policy that was found, in short.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DocumentSummary {
    /// Index of the input it stands in.
    pub source: usize,
    /// Its name.
    pub name: String,
    /// Where in the input; empty where it is the input.
    pub path: String,
    /// Its kind; `None` where it could not be read, and as long as it has not been.
    pub kind: Option<DocumentKind>,
    /// Whether it has a say in any guardrail; `None` as long as it has not been read.
    pub bearing: Option<Bearing>,
    /// Names of the principals it is attached to.
    pub attached_to: Vec<String>,
    /// How many errors it has.
    pub errors: usize,
    /// How many warnings it has.
    pub warnings: usize,
}

/// A part of an input around one policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Excerpt {
    /// Whole lines, where they are not too long.
    pub text: String,
    /// The number of the first of them, from 1.
    pub line: u32,
    /// UTF-16 code units of the input before it.
    pub offset: u32,
}

/// How many bytes of context an excerpt has on each side, at most.
const CONTEXT: usize = 400;

impl Survey<'_> {
    /// What was found. Kinds and counts of problems come as documents are read, the rest at once.
    pub fn overview(&self) -> Overview {
        let documents = self
            .documents
            .iter()
            .map(|entry| {
                let facts = entry.facts.as_ref();
                DocumentSummary {
                    source: entry.source,
                    name: entry.name.clone(),
                    path: entry.found.path.clone(),
                    kind: facts
                        .and_then(|facts| facts.kind)
                        .or_else(|| Some(entry.found.kind.as_ref()?.0)),
                    bearing: facts.map(|facts| facts.bearing),
                    attached_to: entry.attached_to.clone(),
                    errors: facts.map_or(0, |facts| facts.errors),
                    warnings: facts.map_or(0, |facts| facts.warnings),
                }
            })
            .collect();
        Overview {
            inputs: self
                .inputs
                .iter()
                .map(|input| input.report.clone())
                .collect(),
            documents,
            principals: self.groups.len(),
        }
    }

    /// The text of an input around a document, by its index in `Overview::documents`; `None` where there is none.
    pub fn excerpt(&self, document: usize) -> Option<Excerpt> {
        let entry = self.documents.get(document)?;
        let input = self.inputs.get(entry.source)?;
        let span = input.layers.resolve(entry.found.span);
        let text = input.layers.text();
        let (start, end) = (span.start as usize, span.end as usize);
        // Whole lines, and a little of what stands around them.
        let near = floor(text, start.saturating_sub(CONTEXT));
        let before = text.get(near..start)?;
        let from = match before.find('\n') {
            Some(line_break) => near + line_break + 1,
            None => near,
        };
        let far = floor(text, end.saturating_add(CONTEXT));
        let after = text.get(end..far)?;
        let to = match after.rfind('\n') {
            Some(line_break) => end + line_break,
            None => far,
        };
        let place = input.places.place(crate::text::Span::new(from, to));
        Some(Excerpt {
            text: text.get(from..to)?.to_owned(),
            line: place.line,
            offset: place.start,
        })
    }
}

/// The last character boundary up to an offset.
fn floor(text: &str, offset: usize) -> usize {
    let offset = offset.min(text.len());
    (0..4)
        .filter_map(|back| offset.checked_sub(back))
        .find(|at| text.is_char_boundary(*at))
        .unwrap_or_default()
}

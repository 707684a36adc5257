//! Why a statement does or does not match a request, in words and with the elements that say so.

mod condition;

use std::borrow::Cow;

use crate::case::Located;
use crate::evaluate::{Mismatch, Request, mismatches, resource_pattern};
use crate::pattern::action_matches;
use crate::policy::{Element, Matching, PrincipalEntry};
use crate::report::Witness;
use crate::text::{Span, Spanned};

/// A reason and the elements that give it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Reason {
    pub(crate) words: String,
    pub(crate) marks: Vec<Span>,
}

/// Why a statement does not match a request: every element that leaves it out.
pub(super) fn why_not(located: &Located<'_, '_>, witness: &Witness) -> Reason {
    let request = Request::from(witness);
    let statement = located.reference.statement;
    let document = located.reference.document;
    let mut words = Vec::new();
    let mut marks = Vec::new();
    for mismatch in mismatches(statement, document, &request) {
        let reason = match mismatch {
            Mismatch::Action => left_out_action(&statement.action, &request.action),
            Mismatch::Resource => match &statement.resource {
                Some(element) => left_out_resource(located, element, &request),
                None => Reason {
                    words: "it names no resource".to_owned(),
                    marks: vec![statement.span],
                },
            },
            Mismatch::Principal => match &statement.principal {
                Some(element) => left_out_principal(element, &request),
                None => continue,
            },
            Mismatch::Condition(index) => match statement.conditions.get(index) {
                Some(condition) => condition::left_out(located, condition, &request),
                None => continue,
            },
        };
        words.push(reason.words);
        marks.extend(reason.marks);
    }
    Reason {
        words: join(&words, "and"),
        marks,
    }
}

/// What the conditions of a statement ask for, as the request meets it: ", with `aws:SourceIp` `203.0.113.7`".
pub(super) fn circumstances(located: &Located<'_, '_>, witness: &Witness) -> String {
    condition::circumstances(located.reference.statement, &Request::from(witness))
}

/// The elements of a statement that let an action in.
pub(super) fn action_marks(element: &Element<Spanned<Cow<'_, str>>>, action: &str) -> Vec<Span> {
    match &element.matching {
        Matching::Only(list) => list
            .iter()
            .filter(|value| action_matches(&value.value, action))
            .map(|value| value.span)
            .collect(),
        Matching::AllExcept(_) => vec![element.span],
    }
}

fn left_out_action(element: &Element<Spanned<Cow<'_, str>>>, action: &str) -> Reason {
    match &element.matching {
        Matching::Only(_) => Reason {
            words: format!("its `Action` does not name `{action}`"),
            marks: vec![element.span],
        },
        Matching::AllExcept(list) => {
            let naming: Vec<_> = list
                .iter()
                .filter(|value| action_matches(&value.value, action))
                .collect();
            Reason {
                words: format!(
                    "its `NotAction` leaves out {}",
                    quoted(naming.iter().map(|value| value.value.as_ref()))
                ),
                marks: naming.iter().map(|value| value.span).collect(),
            }
        }
    }
}

fn left_out_resource(
    located: &Located<'_, '_>,
    element: &Element<Spanned<Cow<'_, str>>>,
    request: &Request,
) -> Reason {
    let document = located.reference.document;
    match &element.matching {
        // An empty list, or one of values that only a deployment knows.
        Matching::Only(list) if list.is_empty() => Reason {
            words: "its `Resource` names nothing as it stands".to_owned(),
            marks: vec![element.span],
        },
        Matching::Only(list) => Reason {
            words: format!(
                "it holds only on {}, not on `{}`",
                quoted(list.iter().map(|value| value.value.as_ref())),
                request.resource
            ),
            marks: vec![element.span],
        },
        Matching::AllExcept(list) => {
            let lookup = |key: &str| request.value(key).map(str::to_owned);
            let naming: Vec<_> = list
                .iter()
                .filter(|value| {
                    resource_pattern(&value.value, document.policy.version, document.kind)
                        .resolve(&lookup)
                        .is_some_and(|pattern| pattern.matches(&request.resource))
                })
                .collect();
            Reason {
                words: format!(
                    "its `NotResource` spares {}",
                    quoted(naming.iter().map(|value| value.value.as_ref()))
                ),
                marks: naming.iter().map(|value| value.span).collect(),
            }
        }
    }
}

fn left_out_principal(element: &Element<PrincipalEntry<'_>>, request: &Request) -> Reason {
    let caller = caller(&request.principal);
    let listed = quoted(
        element
            .matching
            .list()
            .iter()
            .map(|entry| entry.value.value.as_ref()),
    );
    let words = match &element.matching {
        Matching::Only(_) => format!("its `Principal` is {listed}, not {caller}"),
        Matching::AllExcept(_) => format!("its `NotPrincipal` spares {listed}"),
    };
    Reason {
        words,
        marks: vec![element.span],
    }
}

/// A caller as people name it.
pub(super) fn caller(principal: &str) -> String {
    if principal == "*" {
        "an anonymous caller".to_owned()
    } else {
        format!("`{principal}`")
    }
}

/// Texts in backticks, joined; long lists are cut.
pub(super) fn quoted<'t>(texts: impl Iterator<Item = &'t str> + Clone) -> String {
    listed(texts, "and")
}

/// The same with another word before the last.
fn listed<'t>(texts: impl Iterator<Item = &'t str> + Clone, last: &str) -> String {
    let shown = texts.clone().take(SHOWN);
    let length = shown.map(|text| text.len() + 4).sum::<usize>();
    let mut listed = String::with_capacity(length + last.len());
    list(texts, last, &mut listed);
    listed
}

/// How many texts of a list are shown.
const SHOWN: usize = 4;

/// Writes such a list behind a text.
pub(super) fn list<'t>(texts: impl Iterator<Item = &'t str> + Clone, last: &str, to: &mut String) {
    let count = texts.clone().count();
    for (index, text) in texts.take(SHOWN).enumerate() {
        if index > 0 && index + 1 == count {
            to.extend([" ", last, " "]);
        } else if index > 0 {
            to.push_str(", ");
        }
        to.extend(["`", text, "`"]);
    }
    match count {
        0 => to.push_str("nothing"),
        1..=SHOWN => {}
        _ => to.push_str(&format!(" {last} {} more", count - SHOWN)),
    }
}

/// "a", "a and b", "a, b and c".
pub(super) fn join(parts: &[impl AsRef<str>], and: &str) -> String {
    let between = parts.len() * (and.len() + 2);
    let length: usize = parts.iter().map(|part| part.as_ref().len()).sum();
    let mut joined = String::with_capacity(length + between);
    for (index, part) in parts.iter().enumerate() {
        if index > 0 && index + 1 == parts.len() {
            joined.push(' ');
            joined.push_str(and);
            joined.push(' ');
        } else if index > 0 {
            joined.push_str(", ");
        }
        joined.push_str(part.as_ref());
    }
    joined
}

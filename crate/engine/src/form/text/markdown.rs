//! Markdown with fenced blocks: each fence is a text of its own, and what stands around them is ignored.

use super::{Stretch, distinct, stretch};
use crate::form::finder::{Finder, Recognised};

pub(super) fn find<'t>(
    markdown: Stretch<'t>,
    path: &str,
    finder: &mut Finder<'t>,
) -> Option<Recognised> {
    let fences = fences(markdown);
    let mut forms = Vec::new();
    for (index, fence) in fences.iter().enumerate() {
        // Fences also hold commands and other languages.
        if let Ok(form) = stretch(*fence, &format!("{path}[{index}]"), finder) {
            forms.push(form);
        }
    }
    if forms.is_empty() {
        return None;
    }
    let reason = format!(
        "it has {} fenced blocks, {} of them with policies; the text around them is ignored",
        fences.len(),
        forms.len()
    );
    Some((format!("Markdown that holds {}", distinct(&forms)), reason))
}

/// The insides of fences ("CommonMark: Fenced code blocks"); one that is not closed ends with the text.
fn fences(markdown: Stretch<'_>) -> Vec<Stretch<'_>> {
    let mut fences = Vec::new();
    let mut open: Option<(&str, usize)> = None;
    let mut at = 0;
    for line in markdown.text.split_inclusive('\n') {
        let end = at + line.len();
        let marker = marker(line);
        match (open, marker) {
            (None, Some(marker)) => open = Some((marker, end)),
            (Some((opening, from)), Some(closing))
                if closing.starts_with(opening) && line.trim() == closing =>
            {
                fences.push(markdown.part(from, at));
                open = None;
            }
            _ => {}
        }
        at = end;
    }
    if let Some((_, from)) = open {
        fences.push(markdown.part(from, at));
    }
    fences
}

/// The backticks or tildes that a line begins with, if it is a fence.
fn marker(line: &str) -> Option<&str> {
    let line = line.trim_start();
    ['`', '~'].iter().find_map(|mark| {
        let len = line.len() - line.trim_start_matches(*mark).len();
        line.get(..len).filter(|_| len >= 3)
    })
}

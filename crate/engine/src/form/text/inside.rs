//! The inside of an object or a list, without its brackets: `"Effect": "Deny", …`, `"Statement": […]`, or statements
//! separated by commas. A comma at the end is one that came along.

use std::borrow::Cow;

use super::Stretch;
use crate::form::finder::{Finder, Recognised};
use crate::source::layers::Mapping;
use crate::source::parse;
use crate::text::Span;

/// A part that somebody copies is no longer.
const LONGEST: usize = 4 << 20;

pub(super) fn find<'t>(
    stretch: Stretch<'t>,
    path: &str,
    finder: &mut Finder<'t>,
) -> Option<Recognised> {
    if stretch.text.len() > LONGEST {
        return None;
    }
    let before = stretch.text.len() - stretch.text.trim_start().len();
    let text = stretch.text.trim().trim_end_matches(',').trim_end();
    let (open, close) = match text.chars().next()? {
        '"' => ('{', '}'),
        '{' => ('[', ']'),
        _ => return None,
    };
    let whole = format!("{open}{text}{close}");
    let mut node = parse(&whole).ok()?.into_owned();
    let span = stretch.part(before, before + text.len()).span();
    let none = |at: u32| Span { start: at, end: at };
    let mut mapping = Mapping::default();
    mapping.push(1, none(span.start));
    mapping.push(span.end - span.start, span);
    mapping.push(1, none(span.end));
    let start = finder.layers.add(mapping, Cow::Owned(whole))?;
    node.shift(start);
    finder.tree(node, path).ok().map(|(form, reason)| {
        (
            form,
            format!("{reason}, once the brackets around it are put in"),
        )
    })
}

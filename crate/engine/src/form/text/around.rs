//! Several JSON values one after another (also JSON Lines), and values with text around them, such as a shell's
//! prompt and the command whose output they are.

use super::values::{Bounds, values};
use super::{Stretch, Unknown, distinct, stretch};
use crate::form::Content;
use crate::form::command::Command;
use crate::form::finder::{Finder, Recognised};
use crate::form::policy_document::unnamed;
use crate::policy::excerpt;
use crate::problem::Problem;
use crate::source::{parse, shift};

pub(super) fn find<'t>(
    text: Stretch<'t>,
    path: &str,
    finder: &mut Finder<'t>,
) -> Option<Recognised> {
    let values = values(text);
    let one = matches!(values.as_slice(), [_]);
    if !is_worth_it(text, &values) {
        return None;
    }
    let before = finder.mark();
    let mut forms = Vec::new();
    let mut last = 0;
    for (index, bounds) in values.iter().enumerate() {
        let part = text.part(bounds.from, bounds.to);
        let behind = text.part(last, bounds.from);
        finder.follows(Command::last_in(behind.text));
        last = bounds.to;
        let path = if one {
            path.to_owned()
        } else {
            format!("{path}[{index}]")
        };
        match stretch_of_value(part, *bounds, &path, finder) {
            Ok(form) => forms.push(form),
            Err(Unknown::Tree(node)) => finder.problem(
                node.span,
                format!(
                    "`{}` is {} in which no policy was found, and it is left aside",
                    excerpt(&path),
                    node.value.describe()
                ),
            ),
            Err(Unknown::Text(problem)) => {
                finder.content(Content::Broken(problem), part.span(), unnamed(&path));
            }
        }
    }
    finder.follows(None);
    if forms.is_empty() {
        finder.back_to(before);
        return None;
    }
    remains(text, &values, finder);
    let forms = distinct(&forms);
    Some(if one {
        (
            format!("{forms}, with text around it"),
            "one JSON value stands in the text; what is around it is left aside".to_owned(),
        )
    } else {
        (
            format!("several values one after another: {forms}"),
            format!("{} JSON values stand in the text", values.len()),
        )
    })
}

/// Whether any value can be read: else the text is one value that is broken, and its own error says more.
fn is_worth_it(text: Stretch<'_>, values: &[Bounds]) -> bool {
    match values {
        [] => false,
        [one] => one.closed && parse(text.part(one.from, one.to).text).is_ok(),
        _ => true,
    }
}

fn stretch_of_value<'t>(
    part: Stretch<'t>,
    bounds: Bounds,
    path: &str,
    finder: &mut Finder<'t>,
) -> Result<Recognised, Unknown<'t>> {
    if bounds.closed
        && let Ok(mut node) = parse(part.text)
    {
        node.shift(part.start);
        return finder.tree(node, path).map_err(Unknown::Tree);
    }
    match parse(part.text) {
        Ok(_) => stretch(part, path, finder),
        Err(mut problem) => {
            shift(&mut problem.span, part.start);
            Err(Unknown::Text(problem))
        }
    }
}

/// Says of the first text between values that looks like a part of one that it was not understood.
fn remains<'t>(text: Stretch<'t>, values: &[Bounds], finder: &mut Finder<'t>) {
    let starts = std::iter::once(0).chain(values.iter().map(|bounds| bounds.to));
    let ends = values
        .iter()
        .map(|bounds| bounds.from)
        .chain(std::iter::once(text.text.len()));
    for (from, to) in starts.zip(ends) {
        let rest = text.part(from, to);
        if rest.text.contains(['{', '}']) {
            let blank = rest.text.len() - rest.text.trim_start().len();
            let place = rest.part(blank, rest.text.len());
            let shown =
                excerpt(place.text.lines().next().unwrap_or_default().trim_end()).into_owned();
            finder.found.problems.push(Problem::warning(
                place
                    .part(0, place.text.lines().next().map_or(0, str::len))
                    .span(),
                format!(
                    "`{shown}` stands between the policies and is no part of one: it is left aside"
                ),
            ));
            return;
        }
    }
}

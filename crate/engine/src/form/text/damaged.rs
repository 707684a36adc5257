//! Output that was cut off or is broken somewhere: the elements of its lists that stand before the damage are judged.

use super::Stretch;
use crate::form::finder::{Finder, Policy, Recognised};
use crate::form::{Applies, Content, FoundPrincipal, fragment};
use crate::problem::Problem;
use crate::source::{parse, shift};

pub(super) fn find<'t>(
    text: Stretch<'t>,
    path: &str,
    finder: &mut Finder<'t>,
) -> Option<Recognised> {
    let mut problem = parse(text.text).err()?;
    let place = problem.span.start as usize;
    // A bracket that is never closed is told at its place; the damage is at the end.
    let unclosed = matches!(text.text.as_bytes().get(place), Some(b'{' | b'['));
    let (cut, closing) = last_whole(text.text, if unclosed { text.text.len() } else { place })?;
    let whole = format!("{}{closing}", text.text.get(..cut)?);
    let mut node = parse(&whole).ok()?.into_owned();
    node.shift(text.start);
    // Of a policy without its last statements nothing can be said: each may deny.
    if fragment::is_part_of_document(&node) {
        return None;
    }
    let before = finder.mark();
    let principals = finder.found.principals.len();
    let Ok((form, reason)) = finder.tree(node, path) else {
        finder.back_to(before);
        return None;
    };
    if finder.found.policies.is_empty() {
        finder.back_to(before);
        return None;
    }
    shift(&mut problem.span, text.start);
    let rest = text.part(cut, text.text.len());
    finder.found.problems.push(Problem::error(
        problem.span,
        format!("this is {form}, and it is damaged or not all of it is here: what stands before is judged, and the rest is not. {}", problem.message),
    ));
    let named = finder.found.principals.len() > principals;
    let index = finder.content(
        Content::Broken(problem),
        rest.span(),
        Policy {
            name: "the rest of the input".to_owned(),
            path: String::new(),
            kind: None,
            applies: if named {
                Applies::Attached
            } else {
                Applies::Unnamed
            },
        },
    );
    if named {
        finder.found.principals.push(FoundPrincipal {
            name: "the rest of the input".to_owned(),
            policies: vec![index],
            ..FoundPrincipal::default()
        });
    }
    Some((format!("{form}, damaged"), reason))
}

/// Up to where the elements of the list at the top, or of the lists in the object at the top, are whole, and the
/// brackets that close it there.
fn last_whole(text: &str, end: usize) -> Option<(usize, &'static str)> {
    let mut open: Vec<u8> = Vec::new();
    let mut string = false;
    let mut escaped = false;
    let mut last = None;
    for (at, byte) in text.bytes().enumerate().take(end) {
        if string {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'"' => string = false,
                _ => {}
            }
            continue;
        }
        match byte {
            b'"' => string = true,
            b'{' | b'[' => open.push(byte),
            b'}' | b']' => {
                open.pop();
            }
            b',' => match open.as_slice() {
                [b'['] => last = Some((at, "]")),
                [b'{', b'['] => last = Some((at, "]}")),
                [b'{'] => last = Some((at, "}")),
                _ => {}
            },
            _ => {}
        }
    }
    last
}

//! Output that was cut off or is broken somewhere, in JSON or YAML: what stands whole before the damage is judged.

use std::borrow::Cow;

use super::Stretch;
use crate::form::finder::{Finder, Policy, Recognised};
use crate::form::{Applies, Content, FoundPrincipal, fragment};
use crate::problem::Problem;
use crate::source::{Node, parse, shift, yaml};

/// What of a damaged text is whole.
struct Whole<'t> {
    node: Node<'t>,
    /// Where it ends, in bytes of the text.
    end: usize,
    /// The member of the object at the top in which it ends.
    member: Option<Cow<'t, str>>,
    problem: Problem,
}

/// JSON that is damaged.
pub(super) fn find<'t>(
    text: Stretch<'t>,
    path: &str,
    finder: &mut Finder<'t>,
) -> Option<Recognised> {
    judge(whole_json(text)?, text, path, finder)
}

/// YAML that is damaged.
pub(super) fn find_yaml<'t>(
    text: Stretch<'t>,
    path: &str,
    finder: &mut Finder<'t>,
) -> Option<Recognised> {
    if !yaml::is_meant(text.text) {
        return None;
    }
    let damaged = yaml::parse_damaged(text.text)?;
    let before = finder.mark();
    finder.is_yaml(text.span());
    let mut whole = Whole {
        node: damaged.node,
        end: damaged.end as usize,
        member: damaged.member,
        problem: damaged.problem,
    };
    whole.node.shift(text.start);
    let known = judge(whole, text, path, finder);
    if known.is_none() {
        finder.back_to(before);
    }
    known.map(|(form, reason)| (format!("{form}, in YAML"), reason))
}

fn whole_json<'t>(text: Stretch<'t>) -> Option<Whole<'t>> {
    let problem = parse(text.text).err()?;
    let place = problem.span.start as usize;
    // A bracket that is never closed is told at its place; the damage is at the end.
    let unclosed = matches!(text.text.as_bytes().get(place), Some(b'{' | b'['));
    let cut = last_whole(text.text, if unclosed { text.text.len() } else { place })?;
    let whole = format!("{}{}", text.text.get(..cut.at)?, cut.closing);
    let mut node = parse(&whole).ok()?.into_owned();
    node.shift(text.start);
    Some(Whole {
        node,
        end: cut.at,
        member: cut.member.map(Cow::Borrowed),
        problem,
    })
}

/// Finds what is in the whole part, and says that there is more.
fn judge<'t>(
    whole: Whole<'t>,
    text: Stretch<'t>,
    path: &str,
    finder: &mut Finder<'t>,
) -> Option<Recognised> {
    let mut problem = whole.problem;
    // Of a policy without its last statements nothing can be said: each may deny.
    if fragment::is_part_of_document(&whole.node) {
        return None;
    }
    let before = finder.mark();
    let principals = finder.found.principals.len();
    finder.ends_in(whole.member.map(Cow::into_owned));
    let known = finder.tree(whole.node, path);
    finder.ends_in(None);
    let Ok((form, reason)) = known else {
        finder.back_to(before);
        return None;
    };
    if finder.found.policies.is_empty() {
        finder.back_to(before);
        return None;
    }
    shift(&mut problem.span, text.start);
    let rest = text.part(whole.end, text.text.len());
    finder.found.problems.push(Problem::error(
        problem.span,
        format!("this is {form}, and it is damaged or not all of it is here: what stands before is judged, and the rest is not. {}", problem.message),
    ));
    let named = finder.found.principals.len() > principals;
    let index = finder.content(
        Content::Broken(problem),
        rest.span(),
        Policy {
            name: REST.to_owned(),
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
            name: REST.to_owned(),
            policies: vec![index],
            ..FoundPrincipal::default()
        });
    }
    Some((format!("{form}, damaged"), reason))
}

/// What the part that cannot be read is called.
pub(crate) const REST: &str = "the rest of the input";

/// Where a text can be cut.
struct Cut<'a> {
    at: usize,
    /// The brackets that close it there.
    closing: &'static str,
    /// The member of the object at the top in which it is.
    member: Option<&'a str>,
}

/// Up to where the elements of the list at the top, of the lists in the object at the top, or the resources of a
/// template, are whole.
fn last_whole(text: &str, end: usize) -> Option<Cut<'_>> {
    let mut open: Vec<u8> = Vec::new();
    // Where the string begins that is being read, or was read last.
    let mut string: Option<usize> = None;
    let mut last_string = "";
    let mut member = None;
    let mut escaped = false;
    let mut last = None;
    for (at, byte) in text.bytes().enumerate().take(end) {
        if let Some(start) = string {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'"' => {
                    string = None;
                    last_string = text.get(start..at).unwrap_or_default();
                }
                _ => {}
            }
            continue;
        }
        match byte {
            b'"' => string = Some(at + 1),
            b'{' | b'[' => open.push(byte),
            b'}' | b']' => {
                open.pop();
            }
            b':' if open == [b'{'] => member = Some(last_string),
            b',' => {
                let closing = match open.as_slice() {
                    [b'['] => "]",
                    [b'{', b'['] => "]}",
                    [b'{'] => "}",
                    [b'{', b'{'] if member == Some("Resources") => "}}",
                    _ => continue,
                };
                let member = member.filter(|_| open.len() > 1);
                last = Some(Cut {
                    at,
                    closing,
                    member,
                });
            }
            _ => {}
        }
    }
    last
}

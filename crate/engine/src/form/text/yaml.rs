//! YAML: templates mostly, and policies that are kept in it. Several documents stand between lines of `---`.

use super::{Stretch, distinct};
use crate::form::Content;
use crate::form::finder::{Finder, Recognised};
use crate::form::policy_document::unnamed;
use crate::problem::Problem;
use crate::source::{Node, Value, shift, yaml};

/// YAML in which a form is recognised.
pub(super) fn find<'t>(
    stretch: Stretch<'t>,
    path: &str,
    finder: &mut Finder<'t>,
) -> Option<Recognised> {
    let before = finder.mark();
    let nodes = parse(stretch, finder)?.ok()?;
    let several = nodes.len() > 1;
    let mut forms = Vec::new();
    for (index, node) in nodes.into_iter().enumerate() {
        let path = if several {
            format!("{path}[{index}]")
        } else {
            path.to_owned()
        };
        match finder.tree(node, &path) {
            Ok(form) => forms.push(form),
            Err(node) if several => finder.problem(
                node.span,
                "no policy was found in this YAML document, and it is left aside",
            ),
            Err(_) => {}
        }
    }
    if forms.is_empty() {
        finder.back_to(before);
        return None;
    }
    let names = distinct(&forms);
    let (_, reason) = forms.into_iter().next()?;
    Some((format!("{names} in YAML"), reason))
}

/// YAML in which none is, or that cannot be read.
pub(super) fn find_other<'t>(
    stretch: Stretch<'t>,
    path: &str,
    finder: &mut Finder<'t>,
) -> Option<Recognised> {
    match parse(stretch, finder)? {
        Err(problem) => {
            let reason = problem.message.clone();
            finder.content(Content::Broken(problem), stretch.span(), unnamed(path));
            Some(("YAML that could not be read".to_owned(), reason))
        }
        Ok(nodes) => {
            let node = nodes
                .into_iter()
                .find(|node| matches!(node.value, Value::Object(_)))?;
            // As of JSON: the reader of policy documents says what is wrong with it.
            let span = node.span;
            let content = super::no_document(node, finder);
            finder.content(content, span, unnamed(path));
            Some((
                "YAML, not known".to_owned(),
                "it has none of the members by which forms are recognised".to_owned(),
            ))
        }
    }
}

/// The documents of a text that is meant as YAML.
fn parse<'t>(
    stretch: Stretch<'t>,
    finder: &mut Finder<'t>,
) -> Option<Result<Vec<Node<'t>>, Problem>> {
    if !yaml::is_meant(stretch.text) {
        return None;
    }
    Some(match yaml::parse(stretch.text) {
        Ok(mut nodes) => {
            for node in &mut nodes {
                if stretch.start > 0 {
                    node.shift(stretch.start);
                }
            }
            finder.is_yaml(stretch.span());
            Ok(nodes)
        }
        Err(mut problem) => {
            shift(&mut problem.span, stretch.start);
            Err(problem)
        }
    })
}

//! An object of a form that is not known here, in which there are policies all the same: a response that a tool has
//! wrapped, a file that somebody has put together.

use super::finder::{Finder, recognise};
use super::members::join;
use super::{Form, policy_document};
use crate::source::{Node, Value};

pub(super) static FORM: Form = Form {
    name: "an object of no known form with policies in it",
    recognise: |node| {
        let Value::Object(members) = &node.value else {
            return None;
        };
        // A document with a slip of the pen is told of its slip.
        let meant = members.iter().any(|member| {
            let name = member.name.value.trim_end_matches(['s', 'S']);
            name.eq_ignore_ascii_case("Statement")
        });
        (!meant && holds_any(node)).then(|| "policies stand somewhere in it".to_owned())
    },
    find: |node, path, finder| {
        finder.problem(
            node.span,
            "this form is not known here, so it is not known either to whom its policies are attached: they are taken \
             as pasted by themselves",
        );
        find(node, path, finder);
    },
};

/// Whether a form stands below a node that is none.
fn holds_any(node: &Node<'_>) -> bool {
    match &node.value {
        Value::Array(nodes) => nodes.iter().any(is_or_holds),
        Value::Object(members) => members.iter().any(|member| is_or_holds(&member.value)),
        Value::String(text) => may_hold_document(text),
        _ => false,
    }
}

fn is_or_holds(node: &Node<'_>) -> bool {
    is_known(node) || holds_any(node)
}

/// Whether another form than the ones that take anything recognises it.
fn is_known(node: &Node<'_>) -> bool {
    recognise(node, &[&FORM, &policy_document::ARRAY]).is_some()
}

/// Whether any form recognises an element of a list.
pub(super) fn may_be_found_in(node: &Node<'_>) -> bool {
    match &node.value {
        Value::String(text) => may_hold_document(text),
        _ => recognise(node, &[]).is_some(),
    }
}

fn may_hold_document(text: &str) -> bool {
    let begins = text.trim_start();
    (begins.starts_with('{') || begins.starts_with("%7B") || begins.starts_with("%7b"))
        && text.contains("Statement")
        && text.contains("Effect")
}

fn find<'t>(node: Node<'t>, path: &str, finder: &mut Finder<'t>) {
    if is_known(&node) {
        // Recognised a moment ago.
        let _ = finder.tree(node, path);
        return;
    }
    match node.value {
        Value::Array(nodes) => {
            for (index, node) in nodes.into_iter().enumerate() {
                find(node, &format!("{path}[{index}]"), finder);
            }
        }
        Value::Object(members) => {
            for member in members {
                find(member.value, &join(path, &member.name.value), finder);
            }
        }
        Value::String(ref text) if may_hold_document(text) => finder.part(node, path),
        _ => {}
    }
}

//! Members of an object by their exact names, as templates have them.

use crate::source::{self, Node};

/// The value of a member, by its exact name.
pub(crate) fn get<'n, 't>(node: &'n Node<'t>, name: &str) -> Option<&'n Node<'t>> {
    match &node.value {
        source::Value::Object(members) => members
            .iter()
            .find(|member| member.name.value == name)
            .map(|member| &member.value),
        _ => None,
    }
}

/// The members of a member.
pub(crate) fn members<'n, 't>(
    node: &'n Node<'t>,
    name: &str,
) -> impl Iterator<Item = (&'n str, &'n Node<'t>)> {
    let members = match get(node, name).map(|node| &node.value) {
        Some(source::Value::Object(members)) => &**members,
        _ => &[],
    };
    members
        .iter()
        .map(|member| (member.name.value.as_ref(), &member.value))
}

/// The text of a member.
pub(crate) fn text<'n>(node: &'n Node<'_>, name: &str) -> Option<&'n str> {
    scalar(get(node, name)?)
}

/// A text, number or boolean as it is written.
pub(crate) fn scalar<'n>(node: &'n Node<'_>) -> Option<&'n str> {
    match &node.value {
        source::Value::String(text) => Some(text),
        source::Value::Number(number) => Some(number),
        source::Value::Bool(true) => Some("true"),
        source::Value::Bool(false) => Some("false"),
        _ => None,
    }
}

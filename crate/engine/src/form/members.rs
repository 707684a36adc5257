//! Members of an object by AWS's names. The CLI writes `PolicyDocument`; SDKs and tools write `policyDocument` and
//! `policy_document` for the same, and both are understood.

use crate::source::{Member, Node, Value};

/// Whether a member's name is this one of AWS's.
pub(super) fn is_named(name: &str, wanted: &str) -> bool {
    name == wanted
        || (name.len() >= wanted.len()
            && name
                .bytes()
                .filter(|byte| *byte != b'_')
                .map(|byte| byte.to_ascii_lowercase())
                .eq(wanted.bytes().map(|byte| byte.to_ascii_lowercase())))
}

/// The value of a member; of doubled ones the first.
pub(super) fn get<'n, 't>(node: &'n Node<'t>, name: &str) -> Option<&'n Node<'t>> {
    let Value::Object(members) = &node.value else {
        return None;
    };
    members
        .iter()
        .find(|member| is_named(&member.name.value, name))
        .map(|member| &member.value)
}

/// The string of a member.
pub(super) fn string<'n>(node: &'n Node<'_>, name: &str) -> Option<&'n str> {
    match &get(node, name)?.value {
        Value::String(text) => Some(text),
        _ => None,
    }
}

/// Whether a member is `true`.
pub(super) fn is_true(node: &Node<'_>, name: &str) -> bool {
    get(node, name).is_some_and(|node| node.value == Value::Bool(true))
}

/// The elements of a member that is a list.
pub(super) fn list<'n, 't>(node: &'n Node<'t>, name: &str) -> &'n [Node<'t>] {
    match get(node, name) {
        Some(Node {
            value: Value::Array(nodes),
            ..
        }) => nodes,
        _ => &[],
    }
}

/// The first element of a list.
pub(super) fn first<'n, 't>(node: &'n Node<'t>) -> Option<&'n Node<'t>> {
    match &node.value {
        Value::Array(nodes) => nodes.first(),
        _ => None,
    }
}

/// The strings in a member that is a list.
pub(super) fn strings(node: &Node<'_>, name: &str) -> Vec<String> {
    list(node, name)
        .iter()
        .filter_map(|node| match &node.value {
            Value::String(text) => Some(text.to_string()),
            _ => None,
        })
        .collect()
}

/// Takes a member out; what stays is of no use but for its other members.
pub(super) fn take<'t>(node: &mut Node<'t>, name: &str) -> Option<Member<'t>> {
    let Value::Object(members) = &mut node.value else {
        return None;
    };
    let index = members
        .iter()
        .position(|member| is_named(&member.name.value, name))?;
    let mut all = Vec::from(std::mem::take(members));
    let member = all.remove(index);
    *members = all.into();
    Some(member)
}

/// Takes the elements of a member that is a list; a lone object is a list of one.
pub(super) fn take_list<'t>(node: &mut Node<'t>, name: &str) -> Vec<Node<'t>> {
    match take(node, name) {
        None => Vec::new(),
        Some(member) => match member.value.value {
            Value::Array(nodes) => nodes.into(),
            Value::Object(_) => vec![member.value],
            _ => Vec::new(),
        },
    }
}

/// `` the members `A` and `B` ``, as a reason.
pub(super) fn has(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [only] => ["it has the member `", only, "`"].concat(),
        [first @ .., last] => format!("it has the members `{}` and `{last}`", first.join("`, `")),
    }
}

/// The reason, where an object has all these members.
pub(super) fn all_of(node: &Node<'_>, names: &[&str]) -> Option<String> {
    names
        .iter()
        .all(|name| get(node, name).is_some())
        .then(|| has(names))
}

/// The path of a member.
pub(super) fn join(path: &str, member: &str) -> String {
    if path.is_empty() {
        member.to_owned()
    } else {
        format!("{path}.{member}")
    }
}

//! A policy document by itself, and a list of them.

use super::finder::Policy;
use super::members::has;
use super::{Applies, Form, nested};
use crate::source::Value;

pub(super) static DOCUMENT: Form = Form {
    name: "a policy document",
    recognise: |node| match &node.value {
        Value::Object(members) => members
            .iter()
            .any(|member| member.name.value == "Statement")
            .then(|| has(&["Statement"])),
        _ => None,
    },
    find: |node, path, finder| {
        finder.policy(node, unnamed(path));
    },
};

pub(super) static ARRAY: Form = Form {
    name: "a list",
    recognise: |node| match &node.value {
        Value::Array(nodes) => nodes
            .iter()
            .any(nested::may_be_found_in)
            .then(|| "it is a list".to_owned()),
        _ => None,
    },
    find: |node, path, finder| {
        if let Value::Array(nodes) = node.value {
            for (index, node) in nodes.into_iter().enumerate() {
                finder.part(node, &format!("{path}[{index}]"));
            }
        }
    },
};

/// A document of which no more is known than where it stands.
pub(super) fn unnamed(path: &str) -> Policy {
    Policy {
        name: String::new(),
        path: path.to_owned(),
        kind: None,
        applies: Applies::Unnamed,
    }
}

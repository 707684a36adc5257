//! Whom a policy of a template is attached to, and what is attached to whom: by `Ref`, by a literal name, by an ARN.

use super::template::Template;
use crate::draft::{Draft, Holds, Piece, Value};
use crate::form::PrincipalKind;
use crate::form::exact::{get, text};
use crate::form::missing::OF_AWS;
use crate::source::{self, Node};

/// One element of a list of names or ARNs.
#[derive(Debug)]
pub(super) struct Target<'t> {
    /// The resource of this template that it refers to.
    pub(super) resource: Option<String>,
    /// Its value.
    pub(super) draft: Draft<'t>,
    /// Whether it is there whatever the conditions are.
    pub(super) certain: bool,
    /// Whether a name alone is that of one of AWS's managed policies, as SAM takes it.
    pub(super) of_aws: bool,
}

impl Target<'_> {
    /// Its text, with `aws` for the partition: AWS's own policies are the same in all.
    pub(super) fn text(&self) -> Option<String> {
        let Value::Text(pieces) = &self.draft.value else {
            return None;
        };
        pieces
            .iter()
            .map(|piece| match piece {
                Piece::Known(text) => Some(text.as_ref()),
                Piece::Unknown(unknown) if unknown.holds == Holds::Partition => Some("aws"),
                Piece::Unknown(_) => None,
            })
            .collect()
    }

    /// Its name, in words where nobody knows it.
    pub(super) fn words(&self) -> String {
        if self.of_aws
            && let Some(name) = self.text().filter(|name| !name.contains(':'))
        {
            return format!("{OF_AWS}{name}");
        }
        self.text().unwrap_or_else(|| {
            let unknowns = self.draft.unknowns();
            let unknown = unknowns
                .iter()
                .find(|unknown| unknown.holds != Holds::Partition);
            match unknown {
                Some(unknown) => unknown.what.trim_matches('`').to_owned(),
                None => "a policy that is not named".to_owned(),
            }
        })
    }
}

/// The elements of a list, or the one that stands without a list, through `Fn::If`.
pub(super) fn targets<'t>(template: &Template<'t>, node: &Node<'t>) -> Vec<Target<'t>> {
    let mut all = Vec::new();
    collect(template, node, true, &mut all);
    all
}

fn collect<'t>(template: &Template<'t>, node: &Node<'t>, certain: bool, all: &mut Vec<Target<'t>>) {
    match &node.value {
        source::Value::Array(nodes) => {
            for node in nodes {
                collect(template, node, certain, all);
            }
        }
        _ if let Some(then) = get(node, "Fn::If").and_then(|node| template.taken(node)) => {
            collect(template, then, certain, all);
        }
        _ if let Some(source::Value::Array(nodes)) =
            get(node, "Fn::If").map(|node| &node.value) =>
        {
            for node in nodes.iter().skip(1) {
                collect(template, node, false, all);
            }
        }
        _ => {
            let draft = template.resolve(node);
            match draft.value {
                Value::Nothing | Value::Null => {}
                Value::List(drafts) => all.extend(drafts.into_iter().map(|draft| Target {
                    resource: None,
                    draft,
                    certain,
                    of_aws: false,
                })),
                _ => all.push(Target {
                    resource: referred(template, node),
                    draft,
                    certain,
                    of_aws: false,
                }),
            }
        }
    }
}

/// The resource that `Ref` or `Fn::GetAtt` names.
pub(super) fn referred(template: &Template<'_>, node: &Node<'_>) -> Option<String> {
    let id = match text(node, "Ref") {
        Some(id) => id.to_owned(),
        None => match &get(node, "Fn::GetAtt")?.value {
            source::Value::String(path) => path.split('.').next()?.to_owned(),
            source::Value::Array(nodes) => match &nodes.first()?.value {
                source::Value::String(id) => id.to_string(),
                _ => return None,
            },
            _ => return None,
        },
    };
    template.resources.contains_key(&id).then_some(id)
}

/// The kind of principal that a resource type is, and its word.
pub(super) fn principal_kind(kind: &str) -> Option<(PrincipalKind, &'static str)> {
    match kind {
        "AWS::IAM::Role" => Some((PrincipalKind::Role, "role")),
        "AWS::IAM::User" => Some((PrincipalKind::User, "user")),
        "AWS::IAM::Group" => Some((PrincipalKind::Group, "group")),
        _ => None,
    }
}

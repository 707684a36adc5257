//! The `Resource` and `NotResource` elements.

use super::elements::{Text, strings};
use super::{Version, variable};
use crate::problem::Problems;
use crate::source::Node;

/// The resources of the element, as written. Whether each must be an ARN depends on the document's kind (`kind`).
pub(super) fn read<'t>(node: Node<'t>, version: Version, problems: &mut Problems) -> Vec<Text<'t>> {
    let resources = strings("Resource", node, problems);
    if version == Version::V2012 {
        for resource in &resources {
            variable::check(&resource.value, resource.span, problems);
        }
    }
    resources
}

/// AWS: "Resource … must be in ARN format or "*"".
pub(super) fn is_arn_or_star(resource: &str) -> bool {
    resource == "*" || resource.starts_with("arn:")
}

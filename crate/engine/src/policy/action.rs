//! The `Action` and `NotAction` elements.

use super::elements::{Text, excerpt, strings};
use super::nearest::nearest;
use super::warnings::cloudtrail;
use crate::problem::Problems;
use crate::source::Node;

/// The actions of the element, as written.
pub(super) fn read<'t>(node: Node<'t>, problems: &mut Problems) -> Vec<Text<'t>> {
    let actions = strings("Action", node, problems);
    for action in &actions {
        if let Some(message) = malformed(&action.value) {
            problems.error(action.span, message);
        }
    }
    actions
}

/// AWS: "Actions/Conditions must be prefaced by a vendor" and "can contain only one colon".
fn malformed(action: &str) -> Option<String> {
    if action == "*" {
        return None;
    }
    let shown = excerpt(action);
    let Some((service, name)) = action.split_once(':') else {
        let known = nearest(action, cloudtrail::ACTIONS.iter().copied());
        return Some(match known {
            _ if action.is_empty() => "an action is empty: write `service:action`, such as `cloudtrail:StopLogging`, or `*`".to_owned(),
            Some(known) => format!("the action `{shown}` names no service, and AWS refuses it: did you mean `cloudtrail:{known}`?"),
            None => format!("the action `{shown}` names no service, and AWS refuses it: write `service:action`, such as `cloudtrail:StopLogging`, or `*` alone"),
        });
    };
    if name.contains(':') {
        Some(format!(
            "the action `{shown}` holds more than one colon, and AWS refuses it: write `service:action`"
        ))
    } else if service.is_empty() || name.is_empty() {
        Some(format!(
            "the action `{shown}` is incomplete, and AWS refuses it: write `service:action`, such as `cloudtrail:StopLogging`"
        ))
    } else {
        None
    }
}

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
        if !is_well_formed(&action.value) {
            problems.error_with(action.span, || malformed(&action.value));
        }
    }
    actions
}

/// `*`, or `service:action` with one colon.
fn is_well_formed(action: &str) -> bool {
    let bytes = action.as_bytes();
    let colon = |byte: &u8| *byte == b':';
    // Texts of two dozen bytes: byte by byte is sooner than a search that is made for long ones.
    let Some(at) = bytes.iter().position(colon) else {
        return action == "*";
    };
    let name = bytes.get(at + 1..).unwrap_or_default();
    at > 0 && !name.is_empty() && !name.iter().fold(false, |any, byte| any | colon(byte))
}

/// AWS: "Actions/Conditions must be prefaced by a vendor" and "can contain only one colon".
fn malformed(action: &str) -> String {
    let shown = excerpt(action);
    if action.is_empty() {
        return "an action is empty: write `service:action`, such as `cloudtrail:StopLogging`, or `*`".to_owned();
    }
    let Some((_, name)) = action.split_once(':') else {
        return match nearest(action, cloudtrail::ACTIONS.into_iter()) {
            Some(known) => format!(
                "the action `{shown}` names no service, and AWS refuses it: did you mean `cloudtrail:{known}`?"
            ),
            None => format!(
                "the action `{shown}` names no service, and AWS refuses it: write `service:action`, such as `cloudtrail:StopLogging`, or `*` alone"
            ),
        };
    };
    if name.contains(':') {
        format!(
            "the action `{shown}` holds more than one colon, and AWS refuses it: write `service:action`"
        )
    } else {
        format!(
            "the action `{shown}` is incomplete, and AWS refuses it: write `service:action`, such as `cloudtrail:StopLogging`"
        )
    }
}

//! The `Action` and `NotAction` elements.

use super::elements::{Text, Weights, excerpt, strings};
use super::nearest::nearest;
use super::warnings::cloudtrail;
use crate::problem::Problems;
use crate::source::Node;

/// The actions of the element, as written.
pub(super) fn read<'t>(node: Node<'t>, problems: &mut Problems) -> Vec<Text<'t>> {
    let actions = strings("Action", node, problems);
    for action in &actions {
        if is_usual(&action.value) {
            continue;
        }
        if is_well_formed(&action.value) {
            cloudtrail::strange(action, problems);
        } else {
            problems.error_with(action.span, || malformed(&action.value));
        }
    }
    actions
}

/// Whether an action is well-formed and made of the characters that actions have: one look at each of its bytes.
pub(super) fn is_usual(action: &str) -> bool {
    let bytes = action.as_bytes();
    STRANGE.sum(action) == 1 && bytes.first() != Some(&b':') && bytes.last() != Some(&b':')
        || action == "*"
}

/// The colon counts once, what no action has more often.
static STRANGE: Weights = Weights::new(2)
    .with(
        b"*?-_.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
        0,
    )
    .with(b":", 1);

/// `*`, or `service:action` with one colon.
fn is_well_formed(action: &str) -> bool {
    match action.split_once(':') {
        Some((service, name)) => !service.is_empty() && !name.is_empty() && !name.contains(':'),
        None => action == "*",
    }
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

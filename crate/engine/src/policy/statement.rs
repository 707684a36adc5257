//! A statement: `Sid`, `Effect` and the elements that say what it is about.

use super::elements::{OF_STATEMENT, Text, excerpt, first, string, take, unknown_element};
use super::{
    Effect, Element, Matching, Statement, Version, action, condition, principal, resource,
};
use crate::problem::Problems;
use crate::source::{Member, Node, Value};
use crate::text::{Span, Spanned};

/// Reads a statement; `None` where it has no effect or no actions that could be read.
pub(super) fn read<'t>(
    index: usize,
    node: Node<'t>,
    version: Version,
    problems: &mut Problems,
) -> Option<Statement<'t>> {
    let span = node.span;
    let members = match node.value {
        Value::Object(members) => members,
        other => {
            problems.error(
                first(span),
                format!(
                    "a statement is an object in `{{ }}`, not {}",
                    other.describe()
                ),
            );
            return None;
        }
    };
    let unknown = |name: &str| unknown_element(name, true);
    let [
        sid,
        effect,
        principal,
        not_principal,
        action,
        not_action,
        resource,
        not_resource,
        condition,
    ] = take(members, &OF_STATEMENT, unknown, problems);

    let sid = sid.and_then(|sid| string("Sid", sid.value, problems));
    let effect = read_effect(effect, span, problems);
    let principal = one_of("Principal", principal, not_principal, problems)
        .map(|(member, negated)| element(member, negated, |node| principal::read(node, problems)));
    let action = one_of("Action", action, not_action, problems);
    if action.is_none() {
        problems.error(
            first(span),
            "the statement has neither `Action` nor `NotAction`, and AWS refuses it: say which actions it is about",
        );
    }
    let action = action
        .map(|(member, negated)| element(member, negated, |node| action::read(node, problems)));
    let resource = one_of("Resource", resource, not_resource, problems).map(|(member, negated)| {
        element(member, negated, |node| {
            resource::read(node, version, problems)
        })
    });
    let conditions = condition.map_or_else(Vec::new, |condition| {
        condition::read(condition.value, version, problems)
    });
    Some(Statement {
        index,
        span,
        sid,
        effect: effect?,
        principal,
        action: action?,
        resource,
        conditions,
    })
}

fn read_effect(
    effect: Option<Member<'_>>,
    statement: Span,
    problems: &mut Problems,
) -> Option<Spanned<Effect>> {
    let Some(effect) = effect else {
        problems.error(
            first(statement),
            "the statement has no `Effect`, and AWS refuses it: write `\"Effect\": \"Allow\"` or `\"Effect\": \"Deny\"`",
        );
        return None;
    };
    let effect: Text<'_> = string("Effect", effect.value, problems)?;
    let value = match effect.value.as_ref() {
        "Allow" => Effect::Allow,
        "Deny" => Effect::Deny,
        other => {
            problems.error(
                effect.span,
                format!(
                    "`Effect` is `Allow` or `Deny`, in this spelling, not `{}`",
                    excerpt(other)
                ),
            );
            return None;
        }
    };
    Some(Spanned::new(value, effect.span))
}

/// `X` or `NotX`, and whether it is `NotX`.
fn one_of<'t>(
    name: &str,
    plain: Option<Member<'t>>,
    negated: Option<Member<'t>>,
    problems: &mut Problems,
) -> Option<(Member<'t>, bool)> {
    match (plain, negated) {
        (Some(plain), Some(negated)) => {
            problems.error(
                plain.name.span.max(negated.name.span),
                format!("the statement has both `{name}` and `Not{name}`, and AWS refuses that: keep one, or make two statements of it"),
            );
            Some((plain, false))
        }
        (Some(plain), None) => Some((plain, false)),
        (None, Some(negated)) => Some((negated, true)),
        (None, None) => None,
    }
}

fn element<'t, T>(
    member: Member<'t>,
    negated: bool,
    read: impl FnOnce(Node<'t>) -> Vec<T>,
) -> Element<T> {
    let span = member.span();
    let values = read(member.value);
    let matching = if negated {
        Matching::AllExcept(values)
    } else {
        Matching::Only(values)
    };
    Element { span, matching }
}

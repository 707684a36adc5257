//! AWS's managed policy `AdministratorAccess`, which nobody pastes and everybody knows ("AWS managed policies").

use crate::source::{Member, Node, Value};
use crate::text::{Span, Spanned};

/// The policy, marked where its ARN stands.
pub(super) fn administrator_access<'t>(span: Span) -> Node<'t> {
    let text = |text: &'static str| Node {
        span,
        value: Value::String(text.into()),
    };
    let object = |members: Vec<(&'static str, Node<'t>)>| Node {
        span,
        value: Value::Object(
            members
                .into_iter()
                .map(|(name, value)| Member {
                    name: Spanned::new(name.into(), span),
                    value,
                })
                .collect(),
        ),
    };
    let statement = object(vec![
        ("Effect", text("Allow")),
        ("Action", text("*")),
        ("Resource", text("*")),
    ]);
    object(vec![
        ("Version", text("2012-10-17")),
        ("Statement", statement),
    ])
}

//! AWS's managed policies that nobody pastes and everybody knows: those whose document AWS documents and has never
//! changed ("AWS managed policies for job functions", "AWS managed policies for AWS Lambda").

use super::Applies;
use super::Content;
use super::finder::{Finder, Policy};
use crate::report::DocumentKind;
use crate::source::{Member, Node, Value};
use crate::text::{Span, Spanned};

/// A managed policy of AWS's, and what it allows on all resources.
struct Known {
    /// Its ARN, but for the partition.
    arn: &'static str,
    actions: &'static [&'static str],
}

const KNOWN: [Known; 2] = [
    Known {
        arn: ":iam::aws:policy/AdministratorAccess",
        actions: &["*"],
    },
    Known {
        arn: ":iam::aws:policy/service-role/AWSLambdaBasicExecutionRole",
        actions: &[
            "logs:CreateLogGroup",
            "logs:CreateLogStream",
            "logs:PutLogEvents",
        ],
    },
];

impl Finder<'_> {
    /// The policy with this ARN, or of this name, if it is one that is known; marked where the ARN stands.
    pub(super) fn known_policy(&mut self, arn: &str, span: Span, path: &str) -> Option<usize> {
        let named = |known: &&Known| {
            let name = known.arn.rsplit('/').next();
            arn.strip_prefix("arn:aws")
                .is_some_and(|rest| rest.ends_with(known.arn))
                || name == Some(arn)
        };
        let known = KNOWN.iter().find(named)?;
        let name = known.arn.rsplit('/').next().unwrap_or_default();
        let policy = Policy {
            name: name.to_owned(),
            path: path.to_owned(),
            kind: Some((
                DocumentKind::Identity,
                format!(
                    "it is AWS's managed policy that allows {}",
                    told(known.actions)
                ),
            )),
            applies: Applies::Attached,
        };
        Some(self.content(
            Content::Rendered(allowing(known.actions, span)),
            span,
            policy,
        ))
    }
}

fn told(actions: &[&str]) -> String {
    match actions {
        ["*"] => "everything".to_owned(),
        _ => format!("`{}`", actions.join("`, `")),
    }
}

/// A document that allows these actions on all resources.
pub(super) fn allowing<'t>(actions: &[&'static str], span: Span) -> Node<'t> {
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
    let actions = Node {
        span,
        value: Value::Array(actions.iter().copied().map(text).collect()),
    };
    let statement = object(vec![
        ("Effect", text("Allow")),
        ("Action", actions),
        ("Resource", text("*")),
    ]);
    object(vec![
        ("Version", text("2012-10-17")),
        ("Statement", statement),
    ])
}

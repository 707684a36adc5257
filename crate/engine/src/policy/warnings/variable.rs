//! Policy variables where AWS does not resolve them.

use super::global_keys;
use crate::policy::arn::Arn;
use crate::policy::elements::Text;
use crate::policy::operator::{Operator, ValueType};
use crate::policy::{Version, variable};
use crate::problem::Problems;

/// `arn` is the resource's, if it is one.
pub(super) fn in_resource(
    resource: &Text<'_>,
    arn: Option<&Arn<'_>>,
    version: Version,
    problems: &mut Problems,
) {
    match version {
        Version::V2008 => literal(resource, problems),
        Version::V2012 => {
            before_fifth_colon(resource, arn, problems);
            unknown(resource, problems);
        }
    }
}

pub(super) fn in_value(
    value: &Text<'_>,
    operator: Operator,
    version: Version,
    problems: &mut Problems,
) {
    match (version, operator.comparison.value_type()) {
        (Version::V2008, _) => literal(value, problems),
        (Version::V2012, ValueType::String | ValueType::Arn) => unknown(value, problems),
        (Version::V2012, _) => {
            if let Some(variable) = first(value) {
                problems.warning(
                    value.span,
                    format!("one of AWS's pages has policy variables with `Bool`, others have them with string and ARN operators only: under `{operator}`, `{variable}` may never match"),
                );
            }
        }
    }
}

/// The first variable that is one; others are placeholders.
fn first<'t>(text: &'t Text<'_>) -> Option<&'t str> {
    let known = variable::all(&text.value)
        .find(|variable| variable.body.is_some_and(variable::is_variable));
    known.map(|variable| variable.whole)
}

fn literal(text: &Text<'_>, problems: &mut Problems) {
    if let Some(variable) = first(text) {
        problems.warning(
            text.span,
            format!("`{variable}` is literal text here, not a policy variable: variables need `\"Version\": \"2012-10-17\"`, and without it this matches nothing"),
        );
    }
}

/// Variables of global condition keys that AWS does not have.
fn unknown(text: &Text<'_>, problems: &mut Problems) {
    for variable in variable::all(&text.value) {
        let name = variable
            .body
            .filter(|body| variable::is_variable(body))
            .and_then(|body| body.split(',').next());
        if let Some(message) = name.and_then(global_keys::unknown) {
            problems.warning(
                text.span,
                format!("`{}` has no value: {message}", variable.whole),
            );
        }
    }
}

/// "You can't use a variable to replace parts of the ARN before the fifth colon, such as the service or account."
fn before_fifth_colon(resource: &Text<'_>, arn: Option<&Arn<'_>>, problems: &mut Problems) {
    let (Some(variable), Some(arn)) = (first(resource), arn) else {
        return;
    };
    let parts = [Some(arn.partition), arn.service, arn.region, arn.account];
    if parts
        .into_iter()
        .flatten()
        .any(|part| part.contains(variable))
    {
        problems.warning(
            resource.span,
            format!("AWS documents policy variables only for the last part of an ARN, after the fifth colon: `{variable}` stands before it, so this may match nothing"),
        );
    }
}

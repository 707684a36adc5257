//! The `Condition` element.

use std::borrow::Cow;

use super::elements::{Text, doubled, excerpt, first};
use super::nearest::nearest;
use super::operator::{Comparison, Operator, SetOperator, ValueType};
use super::value::{decode_base64, parse_bool, parse_date, parse_ip_range, parse_number};
use super::{Version, variable};
use crate::problem::Problems;
use crate::source::{Member, Node, Value};
use crate::text::{Span, Spanned};

/// One operator, one key and its values. Values are ORed (for a negated operator: NORed).
#[derive(Debug, Clone)]
pub struct Condition<'t> {
    /// From the key (its opening quote) to the end of its values.
    pub span: Span,
    /// The operator; its span is that of the operator's name.
    pub operator: Spanned<Operator>,
    /// The condition key as written; keys are compared without regard to case.
    pub key: Spanned<Cow<'t, str>>,
    /// The values; numbers and booleans as they are written.
    pub values: Vec<Spanned<Cow<'t, str>>>,
}

/// The (operator, key) pairs of the element.
pub(super) fn read<'t>(
    node: Node<'t>,
    version: Version,
    problems: &mut Problems,
) -> Vec<Condition<'t>> {
    let Some(blocks) = members(
        "Condition",
        node,
        "{\"StringEquals\": {\"aws:PrincipalOrgID\": \"o-…\"}}",
        problems,
    ) else {
        return Vec::new();
    };
    let mut conditions = Vec::new();
    let mut operators = Vec::new();
    let several = blocks.len() > 1;
    for block in blocks {
        let name = block.name;
        let operator = Operator::parse(&name.value);
        if operator.is_none() {
            problems.error_with(name.span, || unknown_operator(&name.value));
        }
        let operator = operator.map(|operator| Spanned::new(operator, name.span));
        let keys = members(
            &excerpt(&name.value),
            block.value,
            "{\"aws:PrincipalOrgID\": \"o-…\"}",
            problems,
        );
        let keys = keys.unwrap_or_default();
        doubled_keys(&keys, problems);
        conditions.extend(
            keys.into_iter()
                .filter_map(|key| read_key(key, operator.clone(), version, problems)),
        );
        if several {
            operators.push((name.value, name.span));
        }
    }
    for (name, span) in doubled(operators) {
        problems.error_with(span, || {
            format!(
                "the operator `{}` stands here a second time, and AWS refuses doubled names: put all its keys into one block",
                excerpt(&name)
            )
        });
    }
    conditions
}

fn members<'t>(
    element: &str,
    node: Node<'t>,
    example: &str,
    problems: &mut Problems,
) -> Option<Box<[Member<'t>]>> {
    match node.value {
        Value::Object(members) => Some(members),
        other => {
            problems.error(
                first(node.span),
                format!(
                    "`{element}` takes an object, such as `{example}`, not {}",
                    other.describe()
                ),
            );
            None
        }
    }
}

fn read_key<'t>(
    member: Member<'t>,
    operator: Option<Spanned<Operator>>,
    version: Version,
    problems: &mut Problems,
) -> Option<Condition<'t>> {
    let span = member.span();
    let key = member.name;
    let named = key
        .value
        .split_once(':')
        .is_some_and(|(prefix, name)| !prefix.is_empty() && !name.is_empty());
    if !named {
        problems.error(key.span, unknown_key(&key.value));
    }
    let values = read_values(&key.value, member.value, problems);
    let operator = operator?;
    for value in &values {
        if let Some(message) = malformed(value, operator.value, version) {
            problems.error(value.span, message);
        } else if version == Version::V2012 {
            variable::check(&value.value, value.span, problems);
        }
    }
    Some(Condition {
        span,
        operator,
        key,
        values,
    })
}

fn read_values<'t>(key: &str, node: Node<'t>, problems: &mut Problems) -> Vec<Text<'t>> {
    match node.value {
        Value::Array(nodes) => nodes
            .into_iter()
            .filter_map(|node| read_value(key, node, problems))
            .collect(),
        _ => read_value(key, node, problems).into_iter().collect(),
    }
}

fn read_value<'t>(key: &str, node: Node<'t>, problems: &mut Problems) -> Option<Text<'t>> {
    let value = match node.value {
        Value::String(value) => value,
        Value::Number(number) => String::from(number).into(),
        Value::Bool(value) => Cow::Borrowed(if value { "true" } else { "false" }),
        other => {
            problems.error(
                first(node.span),
                format!(
                    "a value of `{}` is a string, a number or a boolean, not {}",
                    excerpt(key),
                    other.describe()
                ),
            );
            return None;
        }
    };
    Some(Spanned::new(value, node.span))
}

/// Access Analyzer: "Duplicate keys with different case".
fn doubled_keys(keys: &[Member<'_>], problems: &mut Problems) {
    if keys.len() < 2 {
        return;
    }
    let names = keys
        .iter()
        .map(|key| (key.name.value.to_ascii_lowercase(), key.name.span));
    for (name, span) in doubled(names.collect()) {
        problems.error_with(span, || {
            format!(
                "the condition key `{}` stands here a second time (case does not count), and AWS refuses that: put all its values into one list",
                excerpt(&name)
            )
        });
    }
}

fn unknown_operator(name: &str) -> String {
    let shown = excerpt(name);
    if name == "NullIfExists" {
        return "AWS refuses `NullIfExists`: `Null` itself asks whether the key exists".to_owned();
    }
    // Only the comparison is guessed at; the rest is kept.
    let (set, rest) = match name.split_once(':') {
        Some((set, rest)) => (Some(set), rest),
        None => (None, name),
    };
    let lower = rest.to_ascii_lowercase();
    let (comparison, if_exists) = match lower.strip_suffix("ifexists") {
        Some(comparison) => (comparison, true),
        None => (lower.as_str(), false),
    };
    let sets = [SetOperator::ForAllValues, SetOperator::ForAnyValue];
    let guess = nearest(
        comparison.trim(),
        Comparison::ALL.into_iter().map(Comparison::name),
    )
    .and_then(|comparison| {
        let set = match set {
            Some(set) => {
                let near = nearest(set.trim(), ["ForAllValues", "ForAnyValue"].into_iter())?;
                sets.into_iter().find(|set| set.prefix().starts_with(near))
            }
            None => None,
        };
        Some(Operator {
            set,
            comparison: Comparison::parse(comparison)?,
            if_exists,
        })
    });
    match guess {
        Some(guess) => format!(
            "AWS knows no condition operator `{shown}`, and it distinguishes case: did you mean `{guess}`?"
        ),
        None => format!(
            "AWS knows no condition operator `{shown}`: it is one such as `StringEquals`, `StringLike`, `ArnLike` or `Bool`, `ForAnyValue:` or `ForAllValues:` before it, `IfExists` behind"
        ),
    }
}

fn unknown_key(key: &str) -> String {
    if Operator::parse(key).is_some() {
        return format!(
            "`{key}` is an operator and stands in place of a condition key: operators stand directly in `Condition`, keys inside of them"
        );
    }
    format!(
        "`{}` is no condition key, and AWS refuses it: keys are written `prefix:name`, such as `aws:PrincipalArn`",
        excerpt(key)
    )
}

/// What is wrong with a value that its operator cannot take.
fn malformed(value: &Text<'_>, operator: Operator, version: Version) -> Option<String> {
    let text = value.value.as_ref();
    // A policy variable stands for a value that only the request has.
    let variable = || version == Version::V2012 && variable::any(text);
    let (fits, wanted) = match operator.comparison.value_type() {
        ValueType::String | ValueType::Arn => return None,
        // One of AWS's pages has variables with `Bool`, others do not.
        ValueType::Bool if variable() && operator.comparison == Comparison::Bool => return None,
        ValueType::Number => (
            parse_number(text).is_some(),
            "a number, such as `10` or `2.5`",
        ),
        ValueType::Date => (
            parse_date(text).is_some(),
            "a date such as `2026-01-31T12:00:00Z` (ISO 8601, with `Z` or an offset such as `+01:00` behind a time), or seconds since 1970",
        ),
        ValueType::Bool => (parse_bool(text).is_some(), "`true` or `false`"),
        ValueType::Binary => (
            decode_base64(text).is_some(),
            "bytes in base64, such as `QmluYXJ5`",
        ),
        ValueType::Ip => (
            parse_ip_range(text).is_some(),
            "an IP address or a range in CIDR notation, such as `203.0.113.0/24`",
        ),
    };
    let why = match variable() {
        true => "AWS takes policy variables with string and ARN operators only",
        false if fits => return None,
        false => "the value can never match",
    };
    let not = match text {
        "" => "an empty text".to_owned(),
        _ => format!("`{}`", excerpt(text)),
    };
    Some(format!("`{operator}` takes {wanted}, not {not}: {why}"))
}

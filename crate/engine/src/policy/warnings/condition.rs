//! Condition values that are valid and yet read otherwise than they look.

use crate::policy::Condition;
use crate::policy::elements::{Text, excerpt};
use crate::policy::operator::{Comparison, ValueType};
use crate::policy::value::{parse_bool, parse_date};
use crate::problem::Problems;

pub(super) fn find(condition: &Condition<'_>, problems: &mut Problems) {
    let comparison = condition.operator.value.comparison;
    if comparison.value_type() == ValueType::Bool {
        both(condition, problems);
    }
    for value in &condition.values {
        match comparison.value_type() {
            ValueType::String => wildcard(comparison, value, problems),
            ValueType::Date => date(value, problems),
            ValueType::Arn => arn(condition, value, problems),
            ValueType::Ip => host_bits(value, problems),
            ValueType::Number | ValueType::Bool | ValueType::Binary => {}
        }
    }
}

/// Access Analyzer: "Invalid condition multiple Boolean".
fn both(condition: &Condition<'_>, problems: &mut Problems) {
    let has = |wanted| {
        let mut values = condition.values.iter();
        values.any(|value| parse_bool(&value.value) == Some(wanted))
    };
    if has(true) && has(false) {
        problems.warning(
            condition.span,
            format!(
                "`true` or `false` is no choice: AWS says to give `{}` a single value here",
                condition.key.value
            ),
        );
    }
}

/// Access Analyzer: "Wildcard without like operator".
fn wildcard(comparison: Comparison, value: &Text<'_>, problems: &mut Problems) {
    let literal = matches!(
        comparison.positive(),
        Comparison::StringEquals | Comparison::StringEqualsIgnoreCase
    );
    let is_wildcard = |byte| matches!(byte, b'*' | b'?');
    if !literal || !value.value.bytes().any(is_wildcard) {
        return;
    }
    let like = match (value.value.starts_with("arn:"), comparison.is_negated()) {
        (true, false) => "ArnLike",
        (true, true) => "ArnNotLike",
        (false, false) => "StringLike",
        (false, true) => "StringNotLike",
    };
    // `${*}` is the escaped character.
    if value
        .value
        .replace("${*}", "")
        .replace("${?}", "")
        .contains(['*', '?'])
    {
        problems.warning(
            value.span,
            format!(
                "`{}` takes `*` and `?` literally, so `{}` is no pattern: use `{like}` if it is meant as one",
                comparison.name(),
                excerpt(&value.value)
            ),
        );
    }
}

fn date(value: &Text<'_>, problems: &mut Problems) {
    let text = value.value.as_ref();
    if text.len() == 4 {
        problems.warning(
            value.span,
            format!("`{text}` is taken as the year, not as seconds since 1970: write `{text}-01-01T00:00:00Z` to be sure"),
        );
    } else if text.bytes().all(|byte| byte.is_ascii_digit())
        && parse_date(text).is_some_and(|micros| micros > YEAR_3000)
    {
        problems.warning(
            value.span,
            format!("`{text}` is taken as seconds since 1970, which is after the year 3000: milliseconds are three digits too many"),
        );
    }
}

/// 3000-01-01 in microseconds since 1970.
const YEAR_3000: i64 = 32_503_680_000_000_000;

fn arn(condition: &Condition<'_>, value: &Text<'_>, problems: &mut Problems) {
    let text = value.value.as_ref();
    if text.starts_with("arn:") && text.split(':').count() < 6 && !text.contains("${") {
        problems.warning(
            value.span,
            format!(
                "`{}` compares ARNs part by part, and `{}` has fewer than the six parts that each ARN has, so it matches nothing: write `arn:partition:service:region:account:resource`, a part may be `*`",
                condition.operator.value,
                excerpt(text)
            ),
        );
    }
    if !text.starts_with("arn:") && !text.starts_with(['*', '?', '$']) {
        problems.warning(
            value.span,
            format!(
                "`{}` compares ARNs, and `{}` is none, so it matches nothing: write `arn:…`",
                condition.operator.value,
                excerpt(text)
            ),
        );
    }
}

/// Access Analyzer: "Improve IP range".
fn host_bits(value: &Text<'_>, problems: &mut Problems) {
    let Ok(net) = value.value.parse::<ipnet::IpNet>() else {
        return;
    };
    if net.trunc() != net {
        problems.warning(
            value.span,
            format!("AWS ignores the bits after the prefix, so `{net}` is the range `{}`: write that, or a longer prefix", net.trunc()),
        );
    }
}

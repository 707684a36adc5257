//! Conditions in words: what one asks for, and why a request does not meet it.

use super::{Reason, join, listed, quoted};
use crate::case::Located;
use crate::evaluate::Request;
use crate::matcher::Matcher;
use crate::policy::operator::{Comparison, Operator, SetOperator};
use crate::policy::{Condition, Statement};

/// Why a condition does not hold for a request.
pub(super) fn left_out(
    located: &Located<'_, '_>,
    condition: &Condition<'_>,
    request: &Request,
) -> Reason {
    let operator = condition.operator.value;
    let key = condition.key.value.as_ref();
    let values = request.context.get(&key.to_ascii_lowercase());
    let spares = operator.comparison.is_negated() && operator.set.is_none();
    if let Some(values) = values
        && spares
    {
        return sparing(located, condition, values, request);
    }
    if condition.values.is_empty() {
        return Reason {
            words: format!("its condition on `{key}` lists no value as it stands"),
            marks: vec![condition.span],
        };
    }
    let here = match values {
        Some(values) => {
            let its = if values.len() > 1 {
                "its values are"
            } else {
                "it is"
            };
            format!("here {its} {}", quoted(values.iter().map(String::as_str)))
        }
        None => absent(key),
    };
    Reason {
        words: format!("{}, and {here}", requirement(condition)),
        marks: vec![condition.span],
    }
}

/// "it holds only where …": what a condition asks for.
fn requirement(condition: &Condition<'_>) -> String {
    let operator = condition.operator.value;
    let key = condition.key.value.as_ref();
    let values = || condition.values.iter().map(|value| value.value.as_ref());
    let any = listed(values(), "or");
    let negated = operator.comparison.is_negated();
    let relation = relation(operator);
    if operator.comparison == Comparison::Null {
        let presence = if values().any(|value| value.eq_ignore_ascii_case("true")) {
            "is absent"
        } else {
            "is present"
        };
        return format!("it holds only where `{key}` {presence}");
    }
    match operator.set {
        Some(SetOperator::ForAllValues) if negated => {
            format!("it holds only where no value of `{key}` {relation} {any}")
        }
        Some(SetOperator::ForAllValues) => {
            format!("it holds only where every value of `{key}` {relation} {any}")
        }
        Some(SetOperator::ForAnyValue) if negated => {
            format!("it holds only where `{key}` has a value other than {any}")
        }
        Some(SetOperator::ForAnyValue) => {
            format!("it holds only where a value of `{key}` {relation} {any}")
        }
        None => match plainly(condition) {
            Some(plain) => format!("it holds only {plain} (`{key}` {relation} {any})"),
            None => format!("it holds only where `{key}` {relation} {any}"),
        },
    }
}

/// An exception: which of its values spares the request.
fn sparing(
    located: &Located<'_, '_>,
    condition: &Condition<'_>,
    values: &[String],
    request: &Request,
) -> Reason {
    let operator = condition.operator.value;
    let key = condition.key.value.as_ref();
    let version = located.reference.document.policy.version;
    let lookup = |name: &str| request.value(name).map(str::to_owned);
    let sparing: Vec<_> = condition
        .values
        .iter()
        .filter(|value| {
            values.iter().any(|actual| {
                Matcher::lists(operator.comparison, &value.value, version, &lookup, actual)
            })
        })
        .collect();
    let texts = || sparing.iter().map(|value| value.value.as_ref());
    let to_the_letter = texts().any(|text| values.iter().any(|actual| actual == text));
    let spared = listed(texts(), "or");
    let actual = quoted(values.iter().map(String::as_str));
    let words = match (key.eq_ignore_ascii_case("aws:PrincipalArn"), to_the_letter) {
        (true, true) => format!("it spares {spared}, which is not authorized"),
        (true, false) => format!("it spares {spared}, and so {actual}, which is not authorized"),
        (false, true) => format!(
            "it spares requests whose `{key}` {} {spared}",
            relation(operator)
        ),
        (false, false) => format!(
            "it spares requests whose `{key}` {} {spared}, and here it is {actual}",
            relation(operator)
        ),
    };
    Reason {
        words,
        marks: sparing.iter().map(|value| value.span).collect(),
    }
}

/// How a key's value and one of the listed ones are related, its negation left out.
fn relation(operator: Operator) -> &'static str {
    match operator.comparison.positive() {
        Comparison::StringEqualsIgnoreCase => "is, in any case,",
        Comparison::StringLike | Comparison::ArnLike | Comparison::ArnEquals => "is like",
        Comparison::NumericLessThan => "is less than",
        Comparison::NumericLessThanEquals => "is at most",
        Comparison::NumericGreaterThan => "is greater than",
        Comparison::NumericGreaterThanEquals => "is at least",
        Comparison::DateLessThan => "is before",
        Comparison::DateLessThanEquals => "is not after",
        Comparison::DateGreaterThan => "is after",
        Comparison::DateGreaterThanEquals => "is not before",
        Comparison::IpAddress => "is in",
        _ => "is",
    }
}

/// What a yes-or-no key means to people.
fn plainly(condition: &Condition<'_>) -> Option<&'static str> {
    let operator = condition.operator.value;
    let equals = matches!(
        operator.comparison,
        Comparison::Bool | Comparison::StringEquals | Comparison::StringLike
    );
    let [value] = condition.values.as_slice() else {
        return None;
    };
    let yes = match value.value.to_ascii_lowercase().as_str() {
        "true" => true,
        "false" => false,
        _ => return None,
    };
    let key = condition.key.value.to_ascii_lowercase();
    let words = match (key.as_str(), yes) {
        ("aws:multifactorauthpresent", true) => "with MFA",
        ("aws:multifactorauthpresent", false) => "without MFA",
        ("aws:securetransport", true) => "over TLS",
        ("aws:securetransport", false) => "without TLS",
        ("aws:viaawsservice", true) => "where an AWS service passes the call on",
        ("aws:viaawsservice", false) => "where the caller calls directly",
        ("aws:principalisawsservice", true) => "for calls by AWS services themselves",
        ("aws:principalisawsservice", false) => "for calls that no AWS service makes itself",
        _ => return None,
    };
    equals.then_some(words)
}

/// That a request does not carry a key, and which requests do not ("AWS global condition context keys").
fn absent(key: &str) -> String {
    let lower = key.to_ascii_lowercase();
    let why = match lower.as_str() {
        "aws:multifactorauthpresent" | "aws:multifactorauthage" | "aws:tokenissuetime" => {
            ": calls signed with long-term access keys do not"
        }
        "aws:sourceip" => ": calls through a VPC endpoint do not",
        "aws:sourcevpc" | "aws:sourcevpce" | "aws:vpcsourceip" => {
            ": calls from the internet do not"
        }
        "aws:username" => ": only IAM users do",
        "aws:principalorgid" | "aws:principalorgpaths" => {
            ": callers outside every organization do not"
        }
        "aws:sourcearn" | "aws:sourceaccount" | "aws:sourceorgid" | "aws:sourceorgpaths" => {
            ": only calls by AWS services do"
        }
        _ if lower.starts_with("aws:principaltag/") => ": principals without the tag do not",
        _ if lower.starts_with("aws:requesttag/") || lower == "aws:tagkeys" => {
            ": these actions set no tags"
        }
        _ => "",
    };
    format!("this request does not carry the key{why}")
}

/// What the conditions of a statement ask for, as the request meets it.
pub(super) fn circumstances(statement: &Statement<'_>, request: &Request) -> String {
    let (mut with, mut without): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
    let mut seen: Vec<String> = Vec::new();
    for condition in &statement.conditions {
        let key = condition.key.value.as_ref();
        let lower = key.to_ascii_lowercase();
        // Who calls is told already.
        if lower == "aws:principalarn" || seen.contains(&lower) {
            continue;
        }
        match request.context.get(&lower) {
            Some(values) => with.push(format!(
                "`{key}` {}",
                quoted(values.iter().map(String::as_str))
            )),
            None => without.push(format!("`{key}`")),
        }
        seen.push(lower);
    }
    let mut words = String::new();
    for (word, list) in [(", with ", with), (", without ", without)] {
        if !list.is_empty() {
            words.push_str(word);
            words.push_str(&join(&list, "and"));
        }
    }
    words
}

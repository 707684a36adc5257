//! Context keys as the simulator takes them: name, values and type ("ContextEntry" in the IAM API Reference).

use std::collections::BTreeMap;

use serde_json::json;

use super::Pasted;
use crate::policy::operator::{Comparison, ValueType};
use crate::report::ContextValue;

/// The list for `--context-entries`.
pub(super) fn entries(
    context: &BTreeMap<String, ContextValue>,
    documents: &[Pasted<'_, '_>],
) -> String {
    let entries: Vec<serde_json::Value> = context
        .iter()
        .map(|(key, value)| {
            let (values, list) = match value {
                ContextValue::One(text) => (vec![text.as_str()], ""),
                ContextValue::Many(texts) => (texts.iter().map(String::as_str).collect(), "List"),
            };
            let kind = own_type(key).or_else(|| asked_type(key, documents));
            let kind = format!("{}{list}", kind.unwrap_or("string"));
            json!({ "ContextKeyName": key, "ContextKeyValues": values, "ContextKeyType": kind })
        })
        .collect();
    serde_json::Value::Array(entries).to_string()
}

/// The type of a key that has one ("AWS global condition context keys"; "Condition keys for Amazon S3").
fn own_type(key: &str) -> Option<&'static str> {
    Some(match key.to_ascii_lowercase().as_str() {
        "aws:securetransport"
        | "aws:viaawsservice"
        | "aws:multifactorauthpresent"
        | "aws:principalisawsservice" => "boolean",
        "aws:multifactorauthage"
        | "s3:max-keys"
        | "s3:object-lock-remaining-retention-days"
        | "s3:signatureage"
        | "s3:tlsversion" => "numeric",
        "aws:currenttime" | "aws:tokenissuetime" | "s3:object-lock-retain-until-date" => "date",
        "aws:sourceip" | "aws:vpcsourceip" => "ip",
        _ => return None,
    })
}

/// The type that the policies take the key's value for, where they agree: a tag may hold a number.
fn asked_type(key: &str, documents: &[Pasted<'_, '_>]) -> Option<&'static str> {
    let mut types = documents
        .iter()
        .flat_map(|document| &document.policy.statements)
        .flat_map(|statement| &statement.conditions)
        .filter(|condition| condition.key.value.eq_ignore_ascii_case(key))
        .map(|condition| condition.operator.value.comparison)
        .filter(|comparison| *comparison != Comparison::Null)
        .map(|comparison| match comparison.value_type() {
            ValueType::String | ValueType::Arn => "string",
            ValueType::Number => "numeric",
            ValueType::Date => "date",
            ValueType::Bool => "boolean",
            ValueType::Binary => "binary",
            ValueType::Ip => "ip",
        });
    let first = types.next()?;
    types.all(|other| other == first).then_some(first)
}

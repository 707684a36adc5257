//! Random documents: small vocabularies, so that statements meet each other often.
//!
//! A case is drawn as plain numbers, which shrink well, and read as documents afterwards.

use iam_guardrails::report::DocumentKind;
use iam_guardrails::request::{CheckRequest, DocumentInput, ExplicitDeny, KindInput, Settings};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use crate::vocabulary::{ACCOUNTS, ATTACHED, ORGANIZATIONS, PROTECTED};

/// A case as it is drawn.
#[derive(Debug, Clone)]
pub(crate) struct Draw {
    /// The condition keys that this case is about.
    pub(crate) keys: Vec<u8>,
    pub(crate) documents: Vec<DocumentDraw>,
    pub(crate) settings: SettingsDraw,
}

#[derive(Debug, Clone)]
pub(crate) struct DocumentDraw {
    pub(crate) kind: u8,
    pub(crate) attached_to: u8,
    pub(crate) version: u8,
    pub(crate) statements: Vec<StatementDraw>,
}

#[derive(Debug, Clone)]
pub(crate) struct StatementDraw {
    pub(crate) effect: u8,
    pub(crate) not: u8,
    pub(crate) actions: Vec<u8>,
    pub(crate) resources: Vec<u8>,
    pub(crate) principals: Vec<u8>,
    pub(crate) conditions: Vec<ConditionDraw>,
}

#[derive(Debug, Clone)]
pub(crate) struct ConditionDraw {
    pub(crate) key: u8,
    pub(crate) operator: u8,
    pub(crate) modifier: u8,
    pub(crate) values: Vec<u8>,
}

#[derive(Debug, Clone)]
pub(crate) struct SettingsDraw {
    pub(crate) authorized: Vec<u8>,
    pub(crate) protected: Vec<u8>,
    pub(crate) now: u8,
    pub(crate) explicit_deny: u8,
    pub(crate) organizations: Vec<u8>,
    pub(crate) accounts: Vec<u8>,
    pub(crate) buckets: u8,
}

/// Cases with up to this many documents, statements in each and conditions in each.
pub(crate) fn draws(
    documents: usize,
    statements: usize,
    conditions: usize,
) -> impl Strategy<Value = Draw> {
    let number = || 0..=u8::MAX;
    let condition = (
        number(),
        number(),
        number(),
        prop::collection::vec(number(), 1..=3),
    )
        .prop_map(|(key, operator, modifier, values)| ConditionDraw {
            key,
            operator,
            modifier,
            values,
        });
    let statement = (
        number(),
        number(),
        prop::collection::vec(number(), 1..=3),
        prop::collection::vec(number(), 1..=2),
        prop::collection::vec(number(), 1..=2),
        prop::collection::vec(condition, 0..=conditions),
    )
        .prop_map(
            |(effect, not, actions, resources, principals, conditions)| StatementDraw {
                effect,
                not,
                actions,
                resources,
                principals,
                conditions,
            },
        );
    let document = (
        number(),
        number(),
        number(),
        prop::collection::vec(statement, 1..=statements),
    )
        .prop_map(|(kind, attached_to, version, statements)| DocumentDraw {
            kind,
            attached_to,
            version,
            statements,
        });
    let settings = (
        prop::collection::vec(number(), 0..=2),
        prop::collection::vec(number(), 0..=2),
        number(),
        number(),
        prop::collection::vec(number(), 0..=2),
        prop::collection::vec(number(), 0..=2),
        number(),
    )
        .prop_map(
            |(authorized, protected, now, explicit_deny, organizations, accounts, buckets)| {
                SettingsDraw {
                    authorized,
                    protected,
                    now,
                    explicit_deny,
                    organizations,
                    accounts,
                    buckets,
                }
            },
        );
    (
        prop::collection::vec(number(), 1..=4),
        prop::collection::vec(document, 1..=documents),
        settings,
    )
        .prop_map(|(keys, documents, settings)| Draw {
            keys,
            documents,
            settings,
        })
}

fn pick<T: Copy>(from: &[T], number: u8) -> T {
    from[usize::from(number) % from.len()]
}

/// The words of one kind of case.
pub(crate) struct Vocabulary {
    pub(crate) kinds: &'static [DocumentKind],
    pub(crate) actions: &'static [&'static str],
    pub(crate) resources: &'static [&'static str],
    pub(crate) principals: &'static [(&'static str, &'static str)],
    pub(crate) keys: &'static [Key],
    pub(crate) authorized: &'static [&'static str],
}

/// A condition key, the operators that are used with it, and its values.
#[derive(Clone, Copy)]
pub(crate) struct Key {
    pub(crate) name: &'static str,
    pub(crate) types: &'static [Type],
    pub(crate) values: &'static [&'static str],
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Type {
    Text,
    Arn,
    Number,
    Date,
    Bool,
    Ip,
    Binary,
}

impl Type {
    fn operators(self) -> &'static [&'static str] {
        match self {
            Self::Text => &[
                "StringLike",
                "StringEquals",
                "StringNotEquals",
                "StringNotLike",
                "StringEqualsIgnoreCase",
                "StringNotEqualsIgnoreCase",
            ],
            Self::Arn => &["ArnLike", "ArnNotLike", "ArnEquals", "ArnNotEquals"],
            Self::Number => &[
                "NumericEquals",
                "NumericNotEquals",
                "NumericLessThan",
                "NumericLessThanEquals",
                "NumericGreaterThan",
                "NumericGreaterThanEquals",
            ],
            Self::Date => &[
                "DateEquals",
                "DateNotEquals",
                "DateLessThan",
                "DateLessThanEquals",
                "DateGreaterThan",
                "DateGreaterThanEquals",
            ],
            Self::Bool => &["Bool"],
            Self::Ip => &["IpAddress", "NotIpAddress"],
            Self::Binary => &["BinaryEquals"],
        }
    }

    fn takes(self, value: &str, variables: bool) -> bool {
        if value.contains("${") {
            return matches!(self, Self::Text | Self::Arn)
                || (variables && matches!(self, Self::Bool));
        }
        match self {
            Self::Text | Self::Arn => true,
            Self::Number => value.parse::<f64>().is_ok_and(f64::is_finite),
            Self::Date => {
                (value.len() > 10 && value.contains('T') && value.ends_with('Z'))
                    || value.parse::<i64>().is_ok()
            }
            Self::Bool => value == "true" || value == "false",
            Self::Ip => {
                let address = value.split('/').next().unwrap_or_default();
                address.parse::<std::net::IpAddr>().is_ok()
            }
            Self::Binary => matches!(value, "QmluYXJ5" | "QQ==" | "1234" | "true"),
        }
    }
}

impl Draw {
    /// The check that was drawn.
    pub(crate) fn request(&self, words: &Vocabulary) -> CheckRequest {
        CheckRequest {
            documents: self
                .documents
                .iter()
                .enumerate()
                .map(|(index, document)| self.document(index, document, words))
                .collect(),
            settings: self.settings(words),
        }
    }

    fn document(&self, index: usize, draw: &DocumentDraw, words: &Vocabulary) -> DocumentInput {
        let kind = pick(words.kinds, draw.kind);
        let variables = !draw.version.is_multiple_of(8);
        let version = if variables {
            "2012-10-17"
        } else {
            "2008-10-17"
        };
        let statements: Vec<Value> = draw
            .statements
            .iter()
            .map(|statement| self.statement(statement, kind, variables, words))
            .collect();
        let attached = kind == DocumentKind::Identity && draw.attached_to >= 192;
        DocumentInput {
            name: format!("document {index}"),
            text: json!({"Version": version, "Statement": statements}).to_string(),
            kind: KindInput::Given(kind),
            attached_to: attached.then(|| pick(&ATTACHED, draw.attached_to).to_owned()),
        }
    }

    fn statement(
        &self,
        draw: &StatementDraw,
        kind: DocumentKind,
        variables: bool,
        words: &Vocabulary,
    ) -> Value {
        let rcp = kind == DocumentKind::Rcp;
        let allow = match kind {
            DocumentKind::Rcp => false,
            DocumentKind::Scp => draw.effect.is_multiple_of(4),
            _ => !draw.effect.is_multiple_of(3),
        };
        let list = |from: &[&str], numbers: &[u8]| -> Vec<String> {
            let mut list: Vec<String> = numbers
                .iter()
                .map(|number| pick(from, *number).to_owned())
                .collect();
            list.dedup();
            list
        };
        let mut statement = Map::new();
        statement.insert(
            "Effect".to_owned(),
            json!(if allow { "Allow" } else { "Deny" }),
        );
        let not_action = draw.not % 5 == 1 && !rcp;
        let actions = list(words.actions, &draw.actions);
        let name = if not_action { "NotAction" } else { "Action" };
        let plain = draw.not >= 128;
        statement.insert(name.to_owned(), one_or_list(actions, plain));
        let name = if draw.not % 7 == 1 {
            "NotResource"
        } else {
            "Resource"
        };
        let resources = list(words.resources, &draw.resources);
        statement.insert(name.to_owned(), one_or_list(resources, plain));
        if rcp {
            statement.insert("Principal".to_owned(), json!("*"));
        } else if kind == DocumentKind::Resource {
            let name = if draw.not % 9 == 1 && !allow {
                "NotPrincipal"
            } else {
                "Principal"
            };
            statement.insert(name.to_owned(), principals(&draw.principals, words));
        }
        let conditions = self.conditions(&draw.conditions, variables, words);
        if !conditions.is_empty() {
            statement.insert("Condition".to_owned(), Value::Object(conditions));
        }
        Value::Object(statement)
    }

    fn conditions(
        &self,
        draws: &[ConditionDraw],
        variables: bool,
        words: &Vocabulary,
    ) -> Map<String, Value> {
        let mut blocks: Map<String, Value> = Map::new();
        for draw in draws {
            let key = pick(words.keys, pick(&self.keys, draw.key));
            let (operator, values) = if draw.modifier % 8 == 7 {
                (
                    "Null".to_owned(),
                    vec![pick(&["true", "false"], draw.values[0])],
                )
            } else {
                let of = pick(key.types, draw.operator >> 4);
                let mut values: Vec<&str> = draw
                    .values
                    .iter()
                    .map(|number| pick(key.values, *number))
                    .filter(|value| of.takes(value, variables))
                    .collect();
                values.dedup();
                if values.is_empty() {
                    values.extend(key.values.iter().find(|value| of.takes(value, variables)));
                }
                let set = match draw.modifier >> 4 {
                    0..=9 => "",
                    10..=12 => "ForAnyValue:",
                    _ => "ForAllValues:",
                };
                let suffix = if draw.modifier % 8 == 1 {
                    "IfExists"
                } else {
                    ""
                };
                let comparison = pick(of.operators(), draw.operator & 15);
                (format!("{set}{comparison}{suffix}"), values)
            };
            if values.is_empty() {
                continue;
            }
            let block = blocks
                .entry(operator)
                .or_insert_with(|| Value::Object(Map::new()));
            if let Value::Object(keys) = block {
                let values = values.into_iter().map(str::to_owned).collect();
                let plain = draw.values[0].is_multiple_of(2);
                keys.entry(key.name)
                    .or_insert_with(|| one_or_list(values, plain));
            }
        }
        blocks
    }

    fn settings(&self, words: &Vocabulary) -> Settings {
        let draw = &self.settings;
        let list = |from: &[&str], numbers: &[u8]| -> Vec<String> {
            let all = numbers.iter().filter(|number| **number >= 96);
            all.map(|number| pick(from, *number).to_owned()).collect()
        };
        Settings {
            authorized_principals: list(words.authorized, &draw.authorized),
            protected_trails: list(&PROTECTED, &draw.protected),
            trail_buckets: match draw.buckets {
                0..=127 => vec!["logs".to_owned()],
                128..=159 => vec!["logs".to_owned(), "other".to_owned()],
                _ => Vec::new(),
            },
            organization_ids: list(&ORGANIZATIONS, &draw.organizations),
            trusted_accounts: list(&ACCOUNTS, &draw.accounts),
            explicit_deny: if draw.explicit_deny >= 224 {
                ExplicitDeny::Optional
            } else {
                ExplicitDeny::Required
            },
            now: (draw.now < 224).then(|| "2026-01-01T00:00:00Z".to_owned()),
        }
    }
}

/// A list, or the one value of it by itself, which says the same.
fn one_or_list(mut values: Vec<String>, plain: bool) -> Value {
    if plain && values.len() == 1 {
        json!(values.remove(0))
    } else {
        json!(values)
    }
}

fn principals(numbers: &[u8], words: &Vocabulary) -> Value {
    let mut kinds: Map<String, Value> = Map::new();
    for number in numbers {
        let (kind, value) = pick(words.principals, *number);
        if kind.is_empty() {
            return json!("*");
        }
        let list = kinds.entry(kind).or_insert_with(|| json!([]));
        if let Value::Array(list) = list
            && !list.contains(&json!(value))
        {
            list.push(json!(value));
        }
    }
    Value::Object(kinds)
}

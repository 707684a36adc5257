//! Changes to policies of which it is known what they must do to the verdicts.

use iam_guardrails::report::{DocumentKind, Verdict};
use serde_json::{Map, Value, json};

use crate::random::Random;

/// A check whose policies are JSON.
#[derive(Debug, Clone)]
pub(crate) struct Policies {
    pub(crate) list: Vec<(DocumentKind, Option<String>, Value)>,
    /// How each is written.
    pub(crate) print: fn(&Value) -> String,
}

/// What a change must do to a verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Effect {
    Same,
    /// The order of the verdicts is from best to worst.
    NotWorse,
    NotBetter,
    /// An explicit `Deny` stops everything.
    Denied,
}

impl Effect {
    pub(crate) fn is_met(self, before: Verdict, after: Verdict) -> bool {
        match self {
            Self::Same => after == before,
            Self::NotWorse => after <= before,
            Self::NotBetter => after >= before,
            Self::Denied => after < Verdict::Undecided,
        }
    }
}

/// A change: its name, what it must do, and itself; it says whether there was something to change.
pub(crate) type Change = (&'static str, Effect, fn(&mut Policies, &mut Random) -> bool);

pub(crate) const CHANGES: &[Change] = &[
    (
        "the documents in another order",
        Effect::Same,
        |policies, random| shuffle(&mut policies.list, random),
    ),
    (
        "the statements in another order",
        Effect::Same,
        |policies, random| each_list(policies, |statements| shuffle(statements, random)),
    ),
    ("a statement twice", Effect::Same, |policies, random| {
        each_list(policies, |statements| {
            let mut again = random.pick(statements).clone();
            again.as_object_mut().map(|members| members.remove("Sid"));
            statements.insert(random.below(statements.len() + 1), again);
            true
        })
    }),
    (
        "a list of actions split",
        Effect::Same,
        |policies, random| split(policies, random, &["Action"]),
    ),
    (
        "a list of resources split",
        Effect::Same,
        |policies, random| split(policies, random, &["Resource"]),
    ),
    (
        "a list of condition values split",
        Effect::Same,
        split_values,
    ),
    (
        "actions in another case",
        Effect::Same,
        |policies, random| {
            each_statement(policies, |_, statement| {
                let actions = statement.get_mut("Action").or(None);
                actions.is_some_and(|actions| recase(actions, random))
            })
        },
    ),
    (
        "condition keys in another case",
        Effect::Same,
        |policies, random| {
            each_statement(policies, |_, statement| {
                let blocks = statement
                    .get_mut("Condition")
                    .and_then(Value::as_object_mut);
                let mut changed = false;
                for keys in blocks.into_iter().flat_map(Map::values_mut) {
                    let Some(keys) = keys.as_object_mut() else {
                        continue;
                    };
                    let renamed: Map<String, Value> = std::mem::take(keys)
                        .into_iter()
                        .map(|(key, values)| (in_another_case(&key, random), values))
                        .collect();
                    *keys = renamed;
                    changed = true;
                }
                changed
            })
        },
    ),
    ("other Sids", Effect::Same, |policies, random| {
        let mut number = 0;
        each_statement(policies, |_, statement| {
            number += 1;
            if random.below(3) == 0 {
                return statement.remove("Sid").is_some();
            }
            statement.insert("Sid".to_owned(), json!(format!("Renamed{number}")));
            true
        })
    }),
    (
        "single values for lists of one",
        Effect::Same,
        |policies, _| {
            each_statement(policies, |_, statement| {
                let mut changed = false;
                for name in ["Action", "NotAction", "Resource", "NotResource"] {
                    if let Some(value) = statement.get_mut(name) {
                        changed |= unlist(value);
                    }
                }
                let blocks = statement
                    .get_mut("Condition")
                    .and_then(Value::as_object_mut);
                for keys in blocks.into_iter().flat_map(Map::values_mut) {
                    for values in keys.as_object_mut().into_iter().flat_map(Map::values_mut) {
                        changed |= unlist(values);
                    }
                }
                changed
            })
        },
    ),
    (
        "lists of one for single values",
        Effect::Same,
        |policies, _| {
            each_statement(policies, |_, statement| {
                let mut changed = false;
                for name in ["Action", "NotAction", "Resource", "NotResource"] {
                    if let Some(value) = statement.get_mut(name)
                        && value.is_string()
                    {
                        *value = json!([value.take()]);
                        changed = true;
                    }
                }
                changed
            })
        },
    ),
    (
        "printed in another way",
        Effect::Same,
        |policies, random| {
            let prints: [fn(&Value) -> String; 3] = [
                |policy| serde_json::to_string_pretty(policy).unwrap_or_default(),
                |policy| {
                    let text = serde_json::to_string_pretty(policy).unwrap_or_default();
                    format!("\u{feff}\r\n{}\r\n", text.replace('\n', "\r\n\t"))
                },
                |policy| format!("  {policy}\n\n"),
            ];
            policies.print = *random.pick(&prints);
            true
        },
    ),
    (
        "a statement about another service",
        Effect::Same,
        |policies, random| {
            let place = random.below(policies.list.len());
            add(
                &mut policies.list[place],
                "Deny",
                &["sqs:SendMessage"],
                "arn:aws:sqs:*:*:*",
            )
        },
    ),
    (
        "an `Allow` about another service",
        Effect::Same,
        |policies, random| {
            let place = random.below(policies.list.len());
            policies.list[place].0 == DocumentKind::Identity
                && add(&mut policies.list[place], "Allow", &["sqs:*"], "*")
        },
    ),
    ("an `Allow` more", Effect::NotBetter, |policies, random| {
        let place = random.below(policies.list.len());
        match policies.list[place].0 {
            DocumentKind::Identity => {
                add(&mut policies.list[place], "Allow", &["cloudtrail:*"], "*")
            }
            DocumentKind::Resource => {
                add(&mut policies.list[place], "Allow", &["s3:GetObject"], "")
            }
            _ => false,
        }
    }),
    ("a wider `Deny`", Effect::NotWorse, |policies, random| {
        each_statement(policies, |kind, statement| {
            if statement["Effect"] != "Deny" || random.below(2) == 0 {
                return false;
            }
            // Who is trusted with a bucket, and which it is, is read from the conditions and resources.
            if !matches!(kind, DocumentKind::Resource | DocumentKind::Rcp) {
                if random.below(2) == 0 {
                    return statement.remove("Condition").is_some();
                }
                statement.remove("NotResource");
                statement.insert("Resource".to_owned(), json!("*"));
            }
            if kind != DocumentKind::Rcp {
                statement.remove("NotAction");
                statement.insert("Action".to_owned(), json!("*"));
            }
            true
        })
    }),
    ("a `Deny` of everything", Effect::Denied, |policies, _| {
        let deny = |principal: bool, action: &str| {
            let mut deny = json!({"Effect": "Deny", "Action": action, "Resource": "*"});
            if principal {
                deny["Principal"] = json!("*");
            }
            json!({"Version": "2012-10-17", "Statement": [deny]})
        };
        let all = [
            (DocumentKind::Scp, deny(false, "*")),
            (DocumentKind::Rcp, deny(true, "s3:*")),
        ];
        policies
            .list
            .extend(all.map(|(kind, policy)| (kind, None, policy)));
        true
    }),
];

fn shuffle<T>(list: &mut [T], random: &mut Random) -> bool {
    for place in (1..list.len()).rev() {
        list.swap(place, random.below(place + 1));
    }
    list.len() > 1
}

fn recase(value: &mut Value, random: &mut Random) -> bool {
    match value {
        Value::String(text) => {
            *text = in_another_case(text, random);
            true
        }
        Value::Array(values) => {
            let recased = values.iter_mut().map(|value| recase(value, random));
            recased.fold(false, |any, one| any | one)
        }
        _ => false,
    }
}

fn in_another_case(text: &str, random: &mut Random) -> String {
    text.chars()
        .map(|c| match random.below(3) {
            0 => c.to_ascii_uppercase(),
            1 => c.to_ascii_lowercase(),
            _ => c,
        })
        .collect()
}

fn unlist(value: &mut Value) -> bool {
    match value {
        Value::Array(values) if values.len() == 1 => {
            *value = values.remove(0);
            true
        }
        _ => false,
    }
}

/// Each document's statements as a list; whether any of them was changed.
fn each_list(policies: &mut Policies, mut change: impl FnMut(&mut Vec<Value>) -> bool) -> bool {
    let mut changed = false;
    for (_, _, policy) in &mut policies.list {
        let statements = &mut policy["Statement"];
        if !statements.is_array() {
            *statements = json!([statements.take()]);
        }
        if let Some(statements) = statements.as_array_mut()
            && !statements.is_empty()
        {
            changed |= change(statements);
        }
    }
    changed
}

fn each_statement(
    policies: &mut Policies,
    mut change: impl FnMut(DocumentKind, &mut Map<String, Value>) -> bool,
) -> bool {
    let kinds: Vec<DocumentKind> = policies.list.iter().map(|(kind, _, _)| *kind).collect();
    let mut kinds = kinds.into_iter().zip(&mut policies.list);
    kinds
        .by_ref()
        .fold(false, |changed, (kind, (_, _, policy))| {
            let statements = match &mut policy["Statement"] {
                Value::Array(statements) => statements.iter_mut().collect(),
                statement => vec![statement],
            };
            let own = statements
                .into_iter()
                .filter_map(Value::as_object_mut)
                .fold(false, |changed, statement| {
                    changed | change(kind, statement)
                });
            changed | own
        })
}

/// Each statement with such a list as two with a part each.
fn split(policies: &mut Policies, random: &mut Random, path: &[&str]) -> bool {
    split_at(policies, random, |statement| {
        let list = path
            .iter()
            .try_fold(statement, |value, name| value.get_mut(*name));
        list.and_then(Value::as_array_mut)
    })
}

/// Only where values are ORed: for negated operators and `ForAllValues:` two statements say something else.
fn split_values(policies: &mut Policies, random: &mut Random) -> bool {
    split_at(policies, random, |statement| {
        let blocks = statement.get_mut("Condition")?.as_object_mut()?;
        let lists = blocks
            .iter_mut()
            .filter(|(operator, _)| !operator.contains("Not") && !operator.contains("ForAll"))
            .filter_map(|(_, keys)| keys.as_object_mut())
            .flat_map(Map::values_mut)
            .filter_map(Value::as_array_mut);
        lists.into_iter().find(|values| values.len() > 1)
    })
}

fn split_at(
    policies: &mut Policies,
    random: &mut Random,
    list: impl Fn(&mut Value) -> Option<&mut Vec<Value>>,
) -> bool {
    each_list(policies, |statements| {
        let mut changed = false;
        let mut all = Vec::new();
        for mut first in std::mem::take(statements) {
            let mut second = first.clone();
            if let Some(values) = list(&mut second)
                && values.len() > 1
            {
                let at = 1 + random.below(values.len() - 1);
                *values = values.split_off(at);
                second.as_object_mut().map(|members| members.remove("Sid"));
                if let Some(values) = list(&mut first) {
                    values.truncate(at);
                }
                all.push(second);
                changed = true;
            }
            all.push(first);
        }
        *statements = all;
        changed
    })
}

/// One statement more; of a bucket's policy on the resources that its first statement is about, where none are
/// given.
fn add(
    (kind, _, policy): &mut (DocumentKind, Option<String>, Value),
    effect: &str,
    actions: &[&str],
    resource: &str,
) -> bool {
    let statements = &mut policy["Statement"];
    if !statements.is_array() {
        *statements = json!([statements.take()]);
    }
    let Some(statements) = statements.as_array_mut() else {
        return false;
    };
    let mut statement = json!({"Effect": effect, "Action": actions, "Resource": resource});
    if matches!(kind, DocumentKind::Resource | DocumentKind::Rcp) {
        statement["Principal"] = json!("*");
    }
    if *kind == DocumentKind::Resource || resource.is_empty() {
        let Some(own) = statements.first().and_then(|first| first.get("Resource")) else {
            return false;
        };
        statement["Resource"] = own.clone();
    }
    statements.push(statement);
    true
}

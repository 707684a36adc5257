//! Random documents: small vocabularies, so that statements meet each other often.
//!
//! A case is drawn as plain numbers, which shrink well, and read as documents afterwards.

use iam_guardrails::report::DocumentKind;
use iam_guardrails::request::{CheckRequest, DocumentInput, ExplicitDeny, KindInput, Settings};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

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
        statement.insert(name.to_owned(), json!(actions));
        let name = if draw.not % 7 == 1 {
            "NotResource"
        } else {
            "Resource"
        };
        statement.insert(
            name.to_owned(),
            json!(list(words.resources, &draw.resources)),
        );
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
                keys.entry(key.name).or_insert_with(|| json!(values));
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

const ATTACHED: [&str; 7] = [
    "arn:aws:iam::111122223333:role/dev",
    "arn:aws:iam::111122223333:user/alice",
    "arn:aws:iam::222233334444:role/team/ops",
    "arn:aws:sts::111122223333:assumed-role/ops/alice",
    "arn:aws:sts::111122223333:federated-user/alice",
    "arn:aws:iam::111122223333:root",
    "arn:aws-cn:iam::222233334444:user/team/ops",
];

const PROTECTED: [&str; 5] = [
    "arn:aws:cloudtrail:*:*:trail/ops-*",
    "arn:*:cloudtrail:*:111122223333:trail/*",
    "arn:aws:cloudtrail:us-east-1:111122223333:trail/dev",
    "arn:aws:cloudtrail:eu-*:*:trail/*",
    "*",
];

const ORGANIZATIONS: [&str; 2] = ["o-aaa111", "o-bbb222"];
const ACCOUNTS: [&str; 2] = ["111122223333", "222233334444"];

use DocumentKind::{Identity, PermissionsBoundary, Rcp, Resource, Scp, Session};
use Type::{Arn, Binary, Bool, Date, Ip, Number, Text};

/// Documents that may or may not let somebody act on a trail.
pub(crate) const TRAIL: Vocabulary = Vocabulary {
    kinds: &[
        Identity,
        Scp,
        Identity,
        PermissionsBoundary,
        Scp,
        Identity,
        Session,
        Rcp,
        Resource,
        Scp,
    ],
    actions: &[
        "*",
        "cloudtrail:*",
        "cloudtrail:StopLogging",
        "cloudtrail:DeleteTrail",
        "CloudTrail:stop*",
        "cloudtrail:Put*",
        "cloudtrail:UpdateTrail",
        "cloudtrail:?????eTrail",
        "s3:GetObject",
        "cloudtrail:*Selectors",
        "cloudtrail:PutInsightSelectors",
    ],
    resources: &[
        "*",
        "*",
        "arn:aws:cloudtrail:*:*:trail/*",
        "arn:*:cloudtrail:*:*:trail/*",
        "arn:*:cloudtrail:*:*:trail/ops-*",
        "arn:aws:cloudtrail:us-east-1:111122223333:trail/dev",
        "arn:aws:cloudtrail:eu-*:*:trail/*",
        "arn:*:cloudtrail:*:222233334444:*",
        "arn:aws:cloudtrail:*",
        "arn:*:cloudtrail:*:*:trail/${aws:username}*",
        "arn:*:cloudtrail:*:${aws:PrincipalAccount}:trail/*",
        "arn:*:cloudtrail:*:*:trail/${aws:PrincipalTag/team, 'dev'}",
        "arn:*:cloudtrail:${aws:RequestedRegion}:*:trail/*",
        "arn:aws:s3:::logs/*",
        "arn:*:cloudtrail:*:*:trail/???",
        "arn:*:cloudtrail:*:*:*s",
    ],
    principals: &[("", "*"), ("AWS", "111122223333")],
    keys: &[
        Key {
            name: "aws:PrincipalArn",
            types: &[Arn, Arn, Text, Arn],
            values: &[
                "arn:aws:iam::111122223333:role/ops",
                "arn:*:iam::*:role/ops*",
                "arn:aws:iam::*:role/*",
                "arn:aws:iam::111122223333:user/alice",
                "arn:*:iam::*:user/${aws:username}",
                "arn:*:iam::*:root",
                "arn:aws:sts::*:federated-user/*",
                "arn:*:iam::222233334444:*",
                "arn:*:iam::*:role/team/*",
                "arn:*:iam::*:*/${aws:PrincipalTag/team}",
                "*",
            ],
        },
        Key {
            name: "aws:PrincipalArn",
            types: &[Arn, Text],
            values: &[
                "arn:*:iam::*:role/ops*",
                "arn:aws:iam::111122223333:role/ops",
                "arn:*:iam::*:user/*",
                "arn:*:iam::*:*s",
            ],
        },
        Key {
            name: "AWS:principalaccount",
            types: &[Text, Text, Number],
            values: &[
                "111122223333",
                "222233334444",
                "1111*",
                "${aws:ResourceAccount}",
                "*4444",
            ],
        },
        Key {
            name: "aws:ResourceAccount",
            types: &[Text],
            values: &["111122223333", "${aws:PrincipalAccount}", "2*"],
        },
        Key {
            name: "aws:PrincipalType",
            types: &[Text],
            values: &["User", "AssumedRole", "Account", "F*", "account"],
        },
        Key {
            name: "aws:userid",
            types: &[Text],
            values: &[
                "AROAEXAMPLEID:*",
                "*:alice",
                "111122223333",
                "*:${aws:username}",
                "AIDA*",
                "111122223333:alice",
            ],
        },
        Key {
            name: "aws:username",
            types: &[Text],
            values: &["alice", "ops", "o*", "*", "${aws:PrincipalTag/team}"],
        },
        Key {
            name: "aws:PrincipalTag/team",
            types: &[Text, Text, Text, Arn],
            values: &[
                "ops",
                "dev",
                "o*",
                "",
                "${aws:username}",
                "${aws:PrincipalTag/unit, 'ops'}",
                "?ps",
                "Ops",
                "arn:aws:iam::*:role/ops",
            ],
        },
        Key {
            name: "aws:PrincipalTag/unit",
            types: &[Text, Number, Date, Bool, Ip, Binary],
            values: &[
                "ops",
                "dev",
                "10",
                "20.5",
                "*s",
                "true",
                "10.0.0.0/8",
                "2026-06-01T00:00:00Z",
                "QmluYXJ5",
                "QQ==",
                "d*",
            ],
        },
        Key {
            name: "aws:ResourceTag/team",
            types: &[Text],
            values: &["ops", "dev", "${aws:PrincipalTag/team}", "o*"],
        },
        Key {
            name: "aws:PrincipalOrgID",
            types: &[Text],
            values: &[
                "o-aaa111",
                "o-*",
                "o-bbb222",
                "o-aaa*",
                "${aws:ResourceOrgID}",
            ],
        },
        Key {
            name: "aws:PrincipalOrgPaths",
            types: &[Text],
            values: &[
                "o-aaa111/*",
                "o-aaa111/r-ab12/ou-ab12-11111111/*",
                "o-*/r-ab12/ou-ab12-11111111/",
                "*",
            ],
        },
        Key {
            name: "aws:ResourceOrgID",
            types: &[Text],
            values: &["o-aaa111", "${aws:PrincipalOrgID}", "o-b*"],
        },
        Key {
            name: "aws:CurrentTime",
            types: &[Date],
            values: &[
                "2026-01-01T00:00:00Z",
                "2025-06-01T00:00:00Z",
                "2026-06-01T00:00:00Z",
                "2026-06-01T00:00:01Z",
            ],
        },
        Key {
            name: "aws:EpochTime",
            types: &[Number, Date],
            values: &["1767225600", "1780272000", "1780272001", "1748736000"],
        },
        Key {
            name: "aws:SourceIp",
            types: &[Ip, Ip, Ip, Ip, Text],
            values: &[
                "10.0.0.0/8",
                "10.1.0.0/16",
                "10.1.2.3",
                "203.0.113.0/24",
                "0.0.0.0/0",
                "::/0",
                "2001:db8::/32",
                "0.0.0.0/1",
                "128.0.0.0/1",
            ],
        },
        Key {
            name: "aws:VpcSourceIp",
            types: &[Ip],
            values: &["10.0.0.0/8", "10.1.2.0/24", "0.0.0.0/0"],
        },
        Key {
            name: "aws:SourceVpce",
            types: &[Text],
            values: &["vpce-0a1b2c3d", "vpce-*", "vpce-1111"],
        },
        Key {
            name: "aws:SourceVpc",
            types: &[Text],
            values: &["vpc-0a1b2c3d", "vpc-*"],
        },
        Key {
            name: "aws:MultiFactorAuthPresent",
            types: &[Bool, Bool, Text],
            values: &["true", "false"],
        },
        Key {
            name: "aws:MultiFactorAuthAge",
            types: &[Number],
            values: &["3600", "300", "0", "10.5"],
        },
        Key {
            name: "aws:ViaAWSService",
            types: &[Bool],
            values: &["true", "false"],
        },
        Key {
            name: "aws:CalledVia",
            types: &[Text],
            values: &[
                "cloudformation.amazonaws.com",
                "athena.amazonaws.com",
                "*.amazonaws.com",
                "cloud*",
            ],
        },
        Key {
            name: "aws:CalledViaFirst",
            types: &[Text],
            values: &["cloudformation.amazonaws.com", "a*"],
        },
        Key {
            name: "aws:CalledViaLast",
            types: &[Text],
            values: &["cloudformation.amazonaws.com", "athena.amazonaws.com"],
        },
        Key {
            name: "aws:SecureTransport",
            types: &[Bool, Text],
            values: &["true", "false"],
        },
        Key {
            name: "aws:UserAgent",
            types: &[Text],
            values: &["aws-cli/*", "*console*", "ops"],
        },
        Key {
            name: "aws:RequestedRegion",
            types: &[Text],
            values: &["us-east-1", "eu-*", "eu-west-1", "us-*"],
        },
        Key {
            name: "aws:PrincipalIsAWSService",
            types: &[Bool],
            values: &["true", "false"],
        },
        Key {
            name: "aws:SourceArn",
            types: &[Arn, Text],
            values: &["arn:aws:cloudtrail:*:111122223333:trail/*", "*"],
        },
        Key {
            name: "s3:prefix",
            types: &[Text],
            values: &["a*", "*"],
        },
        Key {
            name: "aws:TagKeys",
            types: &[Text],
            values: &["team", "*"],
        },
        Key {
            name: "aws:RequestTag/team",
            types: &[Text],
            values: &["ops", "${aws:PrincipalTag/team}"],
        },
        Key {
            name: "aws:TokenIssueTime",
            types: &[Date],
            values: &["2026-01-01T00:00:00Z", "2026-06-01T00:00:00Z"],
        },
    ],
    authorized: &[
        "arn:aws:iam::111122223333:role/ops",
        "arn:aws:iam::*:role/ops*",
        "aws:PrincipalTag/team=ops",
        "arn:aws:iam::111122223333:user/alice",
        "aws:PrincipalAccount=222233334444",
        "aws:userid=AROAEXAMPLEID:*",
        "arn:*:iam::*:root",
        "aws:PrincipalOrgID=o-aaa*",
        "aws:PrincipalTag/unit=d*",
        "arn:aws:iam::*:role/team/*",
        "*",
    ],
};

//! What policies say of one request, read from their JSON by AWS's pages: nothing of the engine's reading or
//! matching is used here, so that the two can be held against each other.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use iam_guardrails::evaluate::Request;
use iam_guardrails::report::DocumentKind;
use iam_guardrails::request::{CheckRequest, KindInput};
use serde_json::Value;

use crate::values::instant;

/// A document.
#[derive(Debug)]
pub(crate) struct Document {
    pub(crate) kind: DocumentKind,
    pub(crate) attached_to: Option<String>,
    pub(crate) statements: Vec<Statement>,
}

#[derive(Debug)]
pub(crate) struct Statement {
    pub(crate) kind: DocumentKind,
    pub(crate) allow: bool,
    pub(crate) action: Element<String>,
    pub(crate) resource: Element<Pattern>,
    /// The type (`AWS`, `Service`, …; empty for `*`) and the value.
    pub(crate) principal: Option<Element<(String, String)>>,
    pub(crate) conditions: Vec<Condition>,
}

/// A list, or all but a list (`NotAction`, `NotResource`, `NotPrincipal`).
#[derive(Debug)]
pub(crate) struct Element<T> {
    pub(crate) except: bool,
    pub(crate) list: Vec<T>,
}

impl<T> Element<T> {
    fn has(&self, test: impl Fn(&T) -> bool) -> bool {
        self.list.iter().any(test) != self.except
    }
}

#[derive(Debug)]
pub(crate) struct Condition {
    /// `ForAllValues`, `ForAnyValue` or empty.
    pub(crate) set: String,
    /// Without the `Not`.
    pub(crate) comparison: String,
    pub(crate) negated: bool,
    pub(crate) if_exists: bool,
    /// In lower case.
    pub(crate) key: String,
    pub(crate) values: Vec<Pattern>,
}

/// Reads documents whose kinds are given.
pub(crate) fn read(request: &CheckRequest) -> Vec<Document> {
    request
        .documents
        .iter()
        .map(|input| {
            let KindInput::Given(kind) = input.kind else {
                panic!("the kind is given here");
            };
            let json: Value = serde_json::from_str(&input.text).expect("JSON");
            let variables = json["Version"] == "2012-10-17";
            Document {
                kind,
                attached_to: input.attached_to.clone(),
                statements: list(&json["Statement"])
                    .iter()
                    .map(|statement| Statement::read(statement, kind, variables))
                    .collect(),
            }
        })
        .collect()
}

/// A value, or each of a list.
fn list(value: &Value) -> Vec<&Value> {
    match value {
        Value::Array(values) => values.iter().collect(),
        value => vec![value],
    }
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        value => value.to_string(),
    }
}

impl Statement {
    fn read(json: &Value, kind: DocumentKind, variables: bool) -> Self {
        let either = |name: &str| {
            let not = format!("Not{name}");
            match (json.get(name), json.get(&not)) {
                (Some(value), None) => Some((false, value)),
                (None, Some(value)) => Some((true, value)),
                _ => None,
            }
        };
        let texts = |value: &Value| -> Vec<String> { list(value).into_iter().map(text).collect() };
        let (except, actions) = either("Action").expect("an action");
        let (except_resource, resources) = either("Resource").expect("a resource");
        let blocks = json.get("Condition").and_then(Value::as_object);
        let conditions = blocks.into_iter().flatten().flat_map(|(operator, keys)| {
            let keys = keys.as_object().into_iter().flatten();
            keys.map(|(key, values)| Condition::read(operator, key, &texts(values), variables))
        });
        Self {
            kind,
            allow: json["Effect"] == "Allow",
            action: Element {
                except,
                list: texts(actions),
            },
            resource: Element {
                except: except_resource,
                list: texts(resources)
                    .iter()
                    .map(|text| Pattern::read(text, true, variables))
                    .collect(),
            },
            principal: either("Principal").map(|(except, value)| Element {
                except,
                list: match value {
                    Value::Object(kinds) => kinds
                        .iter()
                        .flat_map(|(kind, values)| {
                            texts(values).into_iter().map(move |name| {
                                let everyone = kind == "AWS" && name == "*";
                                let kind = if everyone { "" } else { kind };
                                (kind.to_owned(), name)
                            })
                        })
                        .collect(),
                    everyone => vec![(String::new(), text(everyone))],
                },
            }),
            conditions: conditions.collect(),
        }
    }

    pub(crate) fn names_action(&self, action: &str) -> bool {
        let action: Vec<char> = action.to_lowercase().chars().collect();
        self.action.has(|pattern| {
            let pattern = Pattern::read(&pattern.to_lowercase(), true, false);
            glob(&pattern.pieces, &action)
        })
    }

    /// "IAM JSON policy elements: Resource"; an ARN that stops early goes on as `*`, but not in a
    /// resource-based policy.
    pub(crate) fn names_resource(&self, request: &Request) -> bool {
        let complete = self.kind != DocumentKind::Resource;
        self.resource
            .has(|pattern| pattern.matches_arn(&request.resource, complete, request))
    }

    /// "IAM JSON policy elements: Principal".
    pub(crate) fn names_principal(&self, request: &Request) -> bool {
        let Some(element) = &self.principal else {
            return true;
        };
        element.has(|(kind, name)| match kind.as_str() {
            "" => true,
            "AWS" => is_aws_principal(name, request),
            _ => *name == request.principal,
        })
    }

    pub(crate) fn matches(&self, request: &Request) -> bool {
        self.names_action(&request.action)
            && self.names_resource(request)
            && self.names_principal(request)
            && self
                .conditions
                .iter()
                .all(|condition| condition.holds(request))
    }
}

fn is_aws_principal(name: &str, request: &Request) -> bool {
    let caller: Vec<&str> = request.principal.splitn(6, ':').collect();
    let [_, partition, service, _, account, rest] = caller.as_slice() else {
        return false;
    };
    let session = request
        .value("aws:userid")
        .and_then(|id| Some(id.split_once(':')?.1));
    let role = rest
        .strip_prefix("role/")
        .and_then(|name| name.rsplit('/').next());
    name == *account
        || name == format!("arn:{partition}:iam::{account}:root")
        || (*service == "iam" || *service == "sts") && name == request.principal
        || matches!((role, session), (Some(role), Some(session))
            if name == format!("arn:{partition}:sts::{account}:assumed-role/{role}/{session}"))
}

/// "Policy evaluation logic": no `Deny`, a grant (assumed where no document grants), and an `Allow` by each
/// kind that caps.
pub(crate) fn is_allowed(documents: &[&Document], request: &Request) -> bool {
    use DocumentKind::{Identity, PermissionsBoundary, Rcp, Resource, Scp, Session};
    let matching = |kinds: &[DocumentKind], allow: bool| {
        statements(documents, kinds)
            .any(|statement| statement.allow == allow && statement.matches(request))
    };
    let grants = [Identity, Resource];
    let grants_given = documents
        .iter()
        .any(|document| grants.contains(&document.kind));
    let all = [Identity, Resource, PermissionsBoundary, Session, Scp, Rcp];
    !matching(&all, false)
        && (!grants_given || matching(&grants, true))
        && [PermissionsBoundary, Session, Scp, Rcp]
            .iter()
            .all(|kind| !is_cap(documents, *kind) || matching(&[*kind], true))
}

/// Whether the documents of a kind leave anything out that no `Allow` of theirs names: SCPs and RCPs that only
/// deny stand beside `FullAWSAccess`.
pub(crate) fn is_cap(documents: &[&Document], kind: DocumentKind) -> bool {
    match kind {
        DocumentKind::Scp | DocumentKind::Rcp => {
            statements(documents, &[kind]).any(|statement| statement.allow)
        }
        _ => documents.iter().any(|document| document.kind == kind),
    }
}

fn statements<'d>(
    documents: &'d [&Document],
    kinds: &'d [DocumentKind],
) -> impl Iterator<Item = &'d Statement> {
    documents
        .iter()
        .filter(|document| kinds.contains(&document.kind))
        .flat_map(|document| &document.statements)
}

/// The comparisons, and how often each did not hold and did.
pub(crate) const COMPARISONS: [&str; 19] = [
    "StringEquals",
    "StringEqualsIgnoreCase",
    "StringLike",
    "NumericEquals",
    "NumericLessThan",
    "NumericLessThanEquals",
    "NumericGreaterThan",
    "NumericGreaterThanEquals",
    "DateEquals",
    "DateLessThan",
    "DateLessThanEquals",
    "DateGreaterThan",
    "DateGreaterThanEquals",
    "Bool",
    "BinaryEquals",
    "IpAddress",
    "ArnEquals",
    "ArnLike",
    "Null",
];
pub(crate) static HELD: [[AtomicU64; 2]; 19] = [const { [const { AtomicU64::new(0) }; 2] }; 19];

impl Condition {
    fn read(operator: &str, key: &str, values: &[String], variables: bool) -> Self {
        let (set, rest) = operator.split_once(':').unwrap_or(("", operator));
        let (rest, if_exists) = match rest.strip_suffix("IfExists") {
            Some(rest) => (rest, true),
            None => (rest, false),
        };
        let comparison = rest.replacen("Not", "", 1);
        let wildcards = comparison == "StringLike" || comparison.starts_with("Arn");
        Self {
            set: set.to_owned(),
            negated: comparison != rest,
            comparison,
            if_exists,
            key: key.to_lowercase(),
            values: values
                .iter()
                .map(|value| Pattern::read(value, wildcards, variables))
                .collect(),
        }
    }

    /// "IAM JSON policy elements: Condition operators", "Multivalued context keys".
    pub(crate) fn holds(&self, request: &Request) -> bool {
        let holds = self.is_met(request);
        if let Some(at) = COMPARISONS.iter().position(|name| *name == self.comparison) {
            HELD[at][usize::from(holds)].fetch_add(1, Relaxed);
        }
        holds
    }

    fn is_met(&self, request: &Request) -> bool {
        let values: &[String] = request.context.get(&self.key).map_or(&[], Vec::as_slice);
        if self.comparison == "Null" {
            let asked = if values.is_empty() { "true" } else { "false" };
            return self.values.iter().any(|value| value.written == asked);
        }
        if values.is_empty() && self.if_exists {
            return true;
        }
        let accepted = |value: &String| {
            self.values
                .iter()
                .any(|wanted| self.accepts(wanted, value, request))
        };
        match (self.set.as_str(), self.negated) {
            ("ForAllValues", negated) => values.iter().all(|value| accepted(value) != negated),
            ("ForAnyValue", negated) => values.iter().any(|value| accepted(value) != negated),
            (_, false) => values.iter().any(accepted),
            (_, true) => !values.iter().any(accepted),
        }
    }

    fn accepts(&self, wanted: &Pattern, value: &str, request: &Request) -> bool {
        let characters: Vec<char> = value.chars().collect();
        let Some(pieces) = wanted.resolved(request) else {
            return false;
        };
        if self.comparison.starts_with("Arn") {
            // A variable may be a whole ARN, so it is put in before the parts are told apart.
            let whole = Pattern {
                written: String::new(),
                pieces: pieces.into_owned(),
                has_variables: false,
            };
            return whole.matches_arn(value, false, request);
        }
        if self.comparison == "StringLike" {
            return glob(&pieces, &characters);
        }
        let wanted: String = pieces
            .iter()
            .map(|piece| match piece {
                Piece::Char(c) => *c,
                _ => unreachable!("no wildcards here"),
            })
            .collect();
        let compare = |name: &str, order: Option<std::cmp::Ordering>| {
            order.is_some_and(|order| match name {
                "Equals" => order.is_eq(),
                "LessThan" => order.is_lt(),
                "LessThanEquals" => order.is_le(),
                "GreaterThan" => order.is_gt(),
                "GreaterThanEquals" => order.is_ge(),
                other => panic!("{other} is no comparison"),
            })
        };
        if let Some(name) = self.comparison.strip_prefix("Numeric") {
            return match (number(value), number(&wanted)) {
                (Some(value), Some(wanted)) => compare(name, value.partial_cmp(&wanted)),
                _ => false,
            };
        }
        if let Some(name) = self.comparison.strip_prefix("Date") {
            return match (instant(value), instant(&wanted)) {
                (Some(value), Some(wanted)) => compare(name, Some(value.cmp(&wanted))),
                _ => false,
            };
        }
        match self.comparison.as_str() {
            "StringEquals" | "BinaryEquals" => wanted == value,
            "StringEqualsIgnoreCase" => wanted.to_lowercase() == value.to_lowercase(),
            "Bool" => {
                let is_bool = ["true", "false"].contains(&wanted.to_lowercase().as_str());
                is_bool && wanted.to_lowercase() == value.to_lowercase()
            }
            "IpAddress" => is_in_range(value, &wanted),
            other => panic!("{other} is no comparison"),
        }
    }
}

fn number(text: &str) -> Option<f64> {
    let plain = |c: char| c.is_ascii_digit() || "+-.eE".contains(c);
    text.chars()
        .all(plain)
        .then(|| text.parse().ok())
        .flatten()
        .filter(|number: &f64| number.is_finite())
}

/// Whether an address is in a range, `10.0.0.0/8`, or is the address.
fn is_in_range(address: &str, range: &str) -> bool {
    let (network, length) = match range.split_once('/') {
        Some((network, length)) => (network, length.parse::<u32>().ok()),
        None => (range, Some(u32::MAX)),
    };
    match (address.parse(), network.parse(), length) {
        (Ok(IpAddr::V4(address)), Ok(IpAddr::V4(network)), Some(length)) => {
            let drop = 32 - length.min(32);
            u64::from(u32::from(address)) >> drop == u64::from(u32::from(network)) >> drop
        }
        (Ok(IpAddr::V6(address)), Ok(IpAddr::V6(network)), Some(length)) => {
            let same = (u128::from(address) ^ u128::from(network)).leading_zeros();
            same >= length.min(128)
        }
        _ => false,
    }
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Piece {
    Char(char),
    /// `?`
    One,
    /// `*`
    Many,
    /// The key in lower case, and the default.
    Variable(String, Option<String>),
}

/// A text with wildcards and policy variables.
#[derive(Debug, Clone)]
pub(crate) struct Pattern {
    pub(crate) written: String,
    pieces: Vec<Piece>,
    has_variables: bool,
}

impl Pattern {
    pub(crate) fn read(text: &str, wildcards: bool, variables: bool) -> Self {
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some(c) = rest.chars().next() {
            let variable = rest
                .strip_prefix("${")
                .filter(|_| variables)
                .and_then(|rest| rest.split_once('}'));
            if let Some((body, after)) = variable {
                rest = after;
                if let "*" | "?" | "$" = body {
                    pieces.extend(body.chars().map(Piece::Char));
                    continue;
                }
                let (key, default) = match body.split_once(',') {
                    Some((key, default)) => (key, Some(default.trim().trim_matches('\''))),
                    None => (body, None),
                };
                pieces.push(Piece::Variable(
                    key.trim().to_lowercase(),
                    default.map(str::to_owned),
                ));
                continue;
            }
            rest = &rest[c.len_utf8()..];
            pieces.push(match c {
                '*' if wildcards => Piece::Many,
                '?' if wildcards => Piece::One,
                c => Piece::Char(c),
            });
        }
        Self {
            written: text.to_owned(),
            has_variables: pieces
                .iter()
                .any(|piece| matches!(piece, Piece::Variable(..))),
            pieces,
        }
    }

    /// The pattern with the request's values; `None` where a variable has none.
    fn resolved(&self, request: &Request) -> Option<std::borrow::Cow<'_, [Piece]>> {
        if !self.has_variables {
            return Some((&self.pieces).into());
        }
        let mut pieces = Vec::new();
        for piece in &self.pieces {
            match piece {
                Piece::Variable(key, default) => {
                    let value = request.value(key).or(default.as_deref())?;
                    pieces.extend(value.chars().map(Piece::Char));
                }
                piece => pieces.push(piece.clone()),
            }
        }
        Some(pieces.into())
    }

    /// Part by part; a variable's value never splits a part.
    pub(crate) fn matches_arn(&self, arn: &str, complete: bool, request: &Request) -> bool {
        if !self.pieces.is_empty() && self.pieces.iter().all(|piece| *piece == Piece::Many) {
            return true;
        }
        let wanted: Vec<&[Piece]> = self
            .pieces
            .splitn(6, |piece| *piece == Piece::Char(':'))
            .collect();
        let given: Vec<&str> = arn.splitn(6, ':').collect();
        if given.len() != 6 || wanted.len() != 6 && !complete {
            return false;
        }
        // A part without a value leaves the whole pattern without one.
        if self.has_variables && self.resolved(request).is_none() {
            return false;
        }
        wanted.iter().zip(given).all(|(wanted, given)| {
            let given: Vec<char> = given.chars().collect();
            let part = Self {
                written: String::new(),
                pieces: wanted.to_vec(),
                has_variables: self.has_variables,
            };
            part.resolved(request)
                .is_some_and(|pieces| glob(&pieces, &given))
        })
    }
}

/// `*` and `?`: the last `*` takes one character more whenever the rest does not fit.
fn glob(pattern: &[Piece], text: &[char]) -> bool {
    let (mut at, mut from) = (0, 0);
    let mut star = None;
    while from < text.len() {
        match pattern.get(at) {
            Some(Piece::Many) => {
                star = Some((at, from));
                at += 1;
            }
            Some(Piece::One) => (at, from) = (at + 1, from + 1),
            Some(Piece::Char(c)) if *c == text[from] => (at, from) = (at + 1, from + 1),
            _ => {
                let Some((back, taken)) = star else {
                    return false;
                };
                star = Some((back, taken + 1));
                (at, from) = (back + 1, taken + 1);
            }
        }
    }
    pattern[at..].iter().all(|piece| *piece == Piece::Many)
}

/// What the documents hold, by class of the grammar.
pub(crate) fn classes(documents: &[Document]) -> BTreeMap<String, u64> {
    let mut classes = BTreeMap::new();
    let mut add = |class: String| *classes.entry(class).or_default() += 1;
    for document in documents {
        add(format!("kind {:?}", document.kind));
        if document.attached_to.is_some() {
            add("attachedTo".to_owned());
        }
        for statement in &document.statements {
            let named = [
                ("NotAction", statement.action.except),
                ("NotResource", statement.resource.except),
                (
                    "NotPrincipal",
                    statement.principal.as_ref().is_some_and(|list| list.except),
                ),
            ];
            for (name, _) in named.iter().filter(|(_, except)| *except) {
                add((*name).to_owned());
            }
            for condition in &statement.conditions {
                let not = if condition.negated { " negated" } else { "" };
                add(format!("{}{not}", condition.comparison));
                if condition.if_exists {
                    add(format!("{}{not} IfExists", condition.comparison));
                }
                if !condition.set.is_empty() {
                    add(format!("{}:{}{not}", condition.set, condition.comparison));
                }
                add(format!("key {}", condition.key));
            }
            let values = statement
                .conditions
                .iter()
                .flat_map(|condition| &condition.values);
            for pattern in statement.resource.list.iter().chain(values) {
                for piece in &pattern.pieces {
                    match piece {
                        Piece::Many => add("`*`".to_owned()),
                        Piece::One => add("`?`".to_owned()),
                        Piece::Variable(_, Some(_)) => add("variable with default".to_owned()),
                        Piece::Variable(_, None) => add("variable".to_owned()),
                        Piece::Char(_) => {}
                    }
                }
            }
            for (kind, _) in statement.principal.iter().flat_map(|list| &list.list) {
                add(format!("principal {kind}"));
            }
        }
    }
    classes
}

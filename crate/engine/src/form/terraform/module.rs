//! The resources of a plan or a state, with what is unknown of each and what its configuration refers to.

use std::collections::HashMap;

use crate::form::exact::{get, text};
use crate::source::{Node, Value};

/// Modules stand in each other, so deep and no deeper.
const DEEPEST: usize = 32;

/// All resources, whatever module they are in.
#[derive(Debug, Default)]
pub(super) struct Module<'n, 't> {
    pub(super) resources: Vec<Resource<'n, 't>>,
    /// Positions by address, and by address without the keys of instances.
    addresses: HashMap<String, usize>,
    plain_addresses: HashMap<String, Vec<usize>>,
    /// Whether all resources are made by one provider, with one account.
    one_provider: bool,
}

/// A resource, or an instance of one.
#[derive(Debug)]
pub(super) struct Resource<'n, 't> {
    /// Such as `module.logs.aws_iam_role.writer[0]`.
    pub(super) address: String,
    pub(super) kind: &'n str,
    /// Whether it is a data source.
    pub(super) is_data: bool,
    pub(super) values: &'n Node<'t>,
    /// `true` in the place of each value that is unknown (`after_unknown`).
    unknown: Option<&'n Node<'t>>,
    /// The expressions of its configuration.
    expressions: Option<&'n Node<'t>>,
}

impl<'n, 't> Module<'n, 't> {
    /// Of the output of `terraform show -json`.
    pub(super) fn shown(root: &'n Node<'t>) -> Self {
        let mut module = Self::default();
        let mut unknown = HashMap::new();
        let mut changed = Vec::new();
        for change in list(root, "resource_changes") {
            let (Some(address), Some(of)) = (text(change, "address"), get(change, "change")) else {
                continue;
            };
            if let Some(after) = get(of, "after_unknown") {
                unknown.insert(address, after);
            }
            if let Some(after) = get(of, "after") {
                changed.push((change, after));
            }
        }
        let mut expressions = HashMap::new();
        let configuration = get(root, "configuration").and_then(|all| get(all, "root_module"));
        if let Some(configuration) = configuration {
            collect_expressions(configuration, "", 0, &mut expressions);
        }
        let providers = get(root, "configuration").and_then(|all| get(all, "provider_config"));
        if let Some(Value::Object(providers)) = providers.map(|providers| &providers.value) {
            let of_aws = providers
                .iter()
                .filter(|provider| text(&provider.value, "name") == Some("aws"));
            module.one_provider = of_aws.count() == 1;
        }
        let before = get(root, "prior_state").and_then(|state| get(state, "values"));
        for (values, data_only) in [
            (get(root, "planned_values"), false),
            (get(root, "values"), false),
            // What data sources read is not planned.
            (before, true),
        ] {
            if let Some(root_module) = values.and_then(|values| get(values, "root_module")) {
                module.collect(root_module, data_only, 0, &unknown, &expressions);
            }
        }
        // Data sources that are read when the plan is applied, and plans without planned values.
        for (change, after) in changed {
            module.add(change, after, false, &unknown, &expressions);
        }
        module
    }

    /// Of a state file of version 4.
    pub(super) fn state(root: &'n Node<'t>) -> Self {
        let mut module = Self::default();
        for resource in list(root, "resources") {
            let (Some(kind), Some(name)) = (text(resource, "type"), text(resource, "name")) else {
                continue;
            };
            let is_data = text(resource, "mode") == Some("data");
            let prefix = text(resource, "module").map_or_else(String::new, |of| format!("{of}."));
            let data = if is_data { "data." } else { "" };
            for instance in list(resource, "instances") {
                let Some(values) = get(instance, "attributes") else {
                    continue;
                };
                let key = match get(instance, "index_key").map(|key| &key.value) {
                    Some(Value::Number(number)) => format!("[{number}]"),
                    Some(Value::String(key)) => format!("[\"{key}\"]"),
                    _ => String::new(),
                };
                module.push(Resource {
                    address: format!("{prefix}{data}{kind}.{name}{key}"),
                    kind,
                    is_data,
                    values,
                    unknown: None,
                    expressions: None,
                });
            }
        }
        module
    }

    fn collect(
        &mut self,
        module: &'n Node<'t>,
        data_only: bool,
        depth: usize,
        unknown: &HashMap<&'n str, &'n Node<'t>>,
        expressions: &HashMap<String, &'n Node<'t>>,
    ) {
        for resource in list(module, "resources") {
            if let Some(values) = get(resource, "values") {
                self.add(resource, values, data_only, unknown, expressions);
            }
        }
        if depth < DEEPEST {
            for child in list(module, "child_modules") {
                self.collect(child, data_only, depth + 1, unknown, expressions);
            }
        }
    }

    fn add(
        &mut self,
        resource: &'n Node<'t>,
        values: &'n Node<'t>,
        data_only: bool,
        unknown: &HashMap<&'n str, &'n Node<'t>>,
        expressions: &HashMap<String, &'n Node<'t>>,
    ) {
        let (Some(address), Some(kind)) = (text(resource, "address"), text(resource, "type"))
        else {
            return;
        };
        let is_data = text(resource, "mode") == Some("data");
        if (data_only && !is_data) || self.addresses.contains_key(address) {
            return;
        }
        self.push(Resource {
            address: address.to_owned(),
            kind,
            is_data,
            values,
            unknown: unknown.get(address).copied(),
            expressions: expressions.get(&without_keys(address)).copied(),
        });
    }

    fn push(&mut self, resource: Resource<'n, 't>) {
        let index = self.resources.len();
        self.addresses.insert(resource.address.clone(), index);
        self.plain_addresses
            .entry(without_keys(&resource.address))
            .or_default()
            .push(index);
        self.resources.push(resource);
    }

    /// The resource that the configuration of an attribute refers to.
    pub(super) fn referred(
        &self,
        resource: &Resource<'n, 't>,
        attribute: &str,
    ) -> Option<&Resource<'n, 't>> {
        let references = list(get(resource.expressions?, attribute)?, "references");
        let (module, key) = (module_of(&resource.address), key_of(&resource.address));
        references
            .filter_map(|reference| match &reference.value {
                Value::String(reference) => Some(format!("{module}{}", without_keys(reference))),
                _ => None,
            })
            .find_map(
                |address| match self.plain_addresses.get(&address)?.as_slice() {
                    [only] => self.resources.get(*only),
                    // Of several instances, the one with the same key.
                    many => many
                        .iter()
                        .filter_map(|index| self.resources.get(*index))
                        .find(|other| !key.is_empty() && key_of(&other.address) == key),
                },
            )
    }

    /// The ARN of a role or user: as it is told, or made of its name and the account that the provider was asked for.
    pub(super) fn arn(&self, resource: &Resource<'n, 't>, word: &str) -> Option<String> {
        if let Some(arn) = resource.text("arn") {
            return Some(arn.to_owned());
        }
        let mut callers = self.resources.iter().filter(|other| {
            other.is_data && other.kind == "aws_caller_identity" && self.one_provider
        });
        let caller = callers.next()?.text("arn")?;
        if callers.any(|other| other.text("arn") != Some(caller)) {
            return None;
        }
        let mut parts = caller.split(':');
        let (partition, account) = (parts.nth(1)?, parts.nth(2)?);
        let name = resource.text("name")?;
        let path = match resource.text("path") {
            Some(path) => path,
            None if resource.is_unknown("path") => return None,
            None => "/",
        };
        Some(format!("arn:{partition}:iam::{account}:{word}{path}{name}"))
    }

    /// All resources of a type.
    pub(super) fn of_kind(&self, kind: &str) -> impl Iterator<Item = &Resource<'n, 't>> {
        self.resources
            .iter()
            .filter(move |resource| resource.kind == kind && !resource.is_data)
    }
}

impl<'n, 't> Resource<'n, 't> {
    /// A value that is known.
    pub(super) fn get(&self, attribute: &str) -> Option<&'n Node<'t>> {
        get(self.values, attribute).filter(|node| node.value != Value::Null)
    }

    /// A text that is known.
    pub(super) fn text(&self, attribute: &str) -> Option<&'n str> {
        text(self.values, attribute)
    }

    /// Whether any part of a value is unknown.
    pub(super) fn is_unknown(&self, attribute: &str) -> bool {
        self.unknown
            .and_then(|unknown| get(unknown, attribute))
            .is_some_and(|unknown| is_true(unknown, 0))
    }

    /// What is unknown of an attribute.
    pub(super) fn unknown(&self, attribute: &str) -> Option<&'n Node<'t>> {
        get(self.unknown?, attribute)
    }

    /// Whether the configuration writes an attribute; taken for granted where there is none.
    pub(super) fn writes(&self, attribute: &str) -> bool {
        self.expressions
            .is_none_or(|expressions| get(expressions, attribute).is_some())
    }

    /// Where an attribute stands, as Terraform writes it.
    pub(super) fn path(&self, attribute: &str) -> String {
        format!("{}.{attribute}", self.address)
    }
}

fn is_true(unknown: &Node<'_>, depth: usize) -> bool {
    match &unknown.value {
        Value::Bool(value) => *value,
        Value::Array(nodes) => depth < DEEPEST && nodes.iter().any(|node| is_true(node, depth + 1)),
        Value::Object(members) => {
            depth < DEEPEST
                && members
                    .iter()
                    .any(|member| is_true(&member.value, depth + 1))
        }
        _ => false,
    }
}

fn collect_expressions<'n, 't>(
    module: &'n Node<'t>,
    prefix: &str,
    depth: usize,
    all: &mut HashMap<String, &'n Node<'t>>,
) {
    for resource in list(module, "resources") {
        if let (Some(address), Some(expressions)) =
            (text(resource, "address"), get(resource, "expressions"))
        {
            all.insert(format!("{prefix}{address}"), expressions);
        }
    }
    if depth >= DEEPEST {
        return;
    }
    for (name, call) in crate::form::exact::members(module, "module_calls") {
        if let Some(module) = get(call, "module") {
            collect_expressions(module, &format!("{prefix}module.{name}."), depth + 1, all);
        }
    }
}

/// The elements of a member that is a list.
pub(super) fn list<'n, 't>(
    node: &'n Node<'t>,
    name: &str,
) -> impl Iterator<Item = &'n Node<'t>> + use<'n, 't> {
    match get(node, name).map(|node| &node.value) {
        Some(Value::Array(nodes)) => nodes.as_ref(),
        _ => &[],
    }
    .iter()
}

/// An address, or a reference to an attribute, as the address of its resource without keys of instances:
/// `module.a["x"].aws_iam_role.b[0].name` is `module.a.aws_iam_role.b`.
fn without_keys(address: &str) -> String {
    let mut plain = String::with_capacity(address.len());
    let mut rest = address;
    while let Some((before, after)) = rest.split_once('[') {
        plain.push_str(before);
        // A key in quotation marks may hold brackets.
        let end = match after.strip_prefix('"') {
            Some(quoted) => quoted.find("\"]").map(|at| at + 3),
            None => after.find(']').map(|at| at + 1),
        };
        rest = end.and_then(|end| after.get(end..)).unwrap_or_default();
    }
    plain.push_str(rest);
    let mut parts: Vec<&str> = Vec::new();
    let mut left = 0;
    for part in plain.split('.') {
        parts.push(part);
        left = match (left, part) {
            (0, "module") => 1,
            (0, "data") => 2,
            // A type, and the name behind it ends the address.
            (0, _) => 9,
            (9, _) => break,
            (2, _) => 9,
            (_, _) => 0,
        };
    }
    parts.join(".")
}

/// `module.a.` of an address, without keys.
fn module_of(address: &str) -> String {
    let plain = without_keys(address);
    let parts: Vec<&str> = plain.split('.').collect();
    let modules = parts
        .chunks(2)
        .take_while(|pair| pair.first() == Some(&"module"))
        .count();
    parts
        .get(..2 * modules)
        .unwrap_or_default()
        .iter()
        .map(|part| format!("{part}."))
        .collect()
}

/// `["x"]` at the end of an address.
fn key_of(address: &str) -> &str {
    match address.rfind('[') {
        Some(at) if address.ends_with(']') => address.get(at..).unwrap_or_default(),
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        for (address, plain, module, key) in [
            ("aws_iam_role.b", "aws_iam_role.b", "", ""),
            ("aws_iam_role.b.name", "aws_iam_role.b", "", ""),
            ("aws_iam_role.b[0].name", "aws_iam_role.b", "", ""),
            (
                "aws_iam_role.b[\"x.y]\"]",
                "aws_iam_role.b",
                "",
                "[\"x.y]\"]",
            ),
            (
                "data.aws_iam_policy_document.d.json",
                "data.aws_iam_policy_document.d",
                "",
                "",
            ),
            (
                "module.a[\"k\"].module.c.aws_iam_role.b[1]",
                "module.a.module.c.aws_iam_role.b",
                "module.a.module.c.",
                "[1]",
            ),
            (
                "module.a.data.aws_iam_policy_document.d",
                "module.a.data.aws_iam_policy_document.d",
                "module.a.",
                "",
            ),
            ("var.x", "var.x", "", ""),
            ("each.value", "each.value", "", ""),
            ("broken[", "broken", "", ""),
        ] {
            assert_eq!(without_keys(address), plain);
            assert_eq!(module_of(address), module, "{address}");
            assert_eq!(key_of(address), key, "{address}");
        }
    }
}

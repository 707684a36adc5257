//! The resources of a template that hold policies, type by type.

mod attach;
mod bucket;
mod organization;
mod principal;
mod serverless;

use std::collections::HashMap;
use std::rc::Rc;

use super::attachment::{Target, referred};
use super::json_text;
use super::template::Template;
use crate::draft::{Draft, Value};
use crate::form::exact::{get, members, text};
use crate::form::finder::{Finder, Policy};
use crate::form::holders::Holders;
use crate::form::text::REST;
use crate::form::{Content, Part, PrincipalKind};
use crate::report::DocumentKind;
use crate::source::{self, Node};

/// Walks over the resources.
pub(super) struct Resources<'r, 't> {
    template: &'r Template<'t>,
    root: &'r Node<'t>,
    path: &'r str,
    finder: &'r mut Finder<'t>,
    /// By logical id or name.
    holders: Holders,
    /// Resources by type and literal name.
    by_name: HashMap<(&'r str, String), &'r str>,
    /// Managed policies that principals of the template list, and as what.
    listed: HashMap<String, Part>,
    /// Managed policies of this template, by logical id.
    managed: HashMap<String, usize>,
    /// What is attached to whom, once all resources have been read.
    attached: Vec<(usize, Target<'t>, Part, String)>,
}

/// One resource.
struct Resource<'r, 't> {
    id: &'r str,
    kind: &'r str,
    properties: &'r Node<'t>,
    condition: Option<&'r str>,
    path: String,
}

impl<'r, 't> Resource<'r, 't> {
    fn property(&self, name: &str) -> Option<&'r Node<'t>> {
        get(self.properties, name)
    }

    fn path(&self, property: &str) -> String {
        format!("{}.{property}", self.path)
    }
}

impl<'r, 't> Resources<'r, 't> {
    pub(super) fn new(
        template: &'r Template<'t>,
        root: &'r Node<'t>,
        path: &'r str,
        finder: &'r mut Finder<'t>,
    ) -> Self {
        Self {
            template,
            root,
            path,
            finder,
            holders: Holders::default(),
            by_name: by_name(template),
            listed: listed(template, root),
            managed: HashMap::new(),
            attached: Vec::new(),
        }
    }

    pub(super) fn read(&mut self, id: &'r str, node: &'r Node<'t>) {
        let kind = text(node, "Type").unwrap_or_default();
        let Some(properties) = get(node, "Properties") else {
            return;
        };
        let prefix = if self.path.is_empty() {
            String::new()
        } else {
            format!("{}.", self.path)
        };
        let resource = Resource {
            id,
            kind,
            properties,
            condition: text(node, "Condition"),
            path: format!("{prefix}Resources.{id}.Properties"),
        };
        let before = self.template.assume(resource.condition);
        match kind {
            "AWS::IAM::Role" | "AWS::IAM::User" | "AWS::IAM::Group" => self.principal(&resource),
            "AWS::IAM::Policy"
            | "AWS::IAM::RolePolicy"
            | "AWS::IAM::UserPolicy"
            | "AWS::IAM::GroupPolicy" => self.policy(&resource),
            "AWS::IAM::ManagedPolicy" => self.managed_policy(&resource),
            "AWS::IAM::UserToGroupAddition" => self.membership(&resource),
            "AWS::S3::BucketPolicy" => self.bucket_policy(&resource),
            "AWS::Organizations::Policy" => self.organizations_policy(&resource),
            "AWS::SSO::PermissionSet" => self.permission_set(&resource),
            "AWS::Serverless::Function" | "AWS::Serverless::StateMachine" => {
                self.serverless(&resource);
            }
            _ => {}
        }
        self.template.assume(before.as_deref());
    }

    /// Attaches what was to be attached, now that all resources are known.
    pub(super) fn finish(mut self) {
        for (principal, target, part, path) in std::mem::take(&mut self.attached) {
            self.attach(principal, &target, part, path);
        }
        self.holders.share(&mut self.finder.found);
        // Resources that are cut off may attach policies to the principals that are here.
        if self.finder.lacks_some_of("Resources") {
            for principal in 0..self.finder.found.principals.len() {
                self.finder.found.lacks(principal, REST, Part::Identity);
            }
        }
    }

    fn found(&mut self, kind: PrincipalKind, id: &str, name: String) -> usize {
        self.holders.holder(&mut self.finder.found, kind, id, name)
    }

    /// The name that a property gives, or else the logical id.
    fn name(&self, resource: &Resource<'r, 't>, property: &str) -> String {
        resource
            .property(property)
            .and_then(|name| self.template.resolve(name).text())
            .map_or_else(|| resource.id.to_owned(), Into::into)
    }

    /// A document, or a string that holds one.
    fn document(&mut self, node: &Node<'t>, policy: Policy, certain: bool) -> usize {
        if let source::Value::String(_) = &node.value {
            return self.finder.policy(node.clone(), policy);
        }
        let draft = json_text::draft(self.template, node, self.finder)
            .unwrap_or_else(|| self.template.resolve(node));
        self.draft(draft, policy, certain)
    }

    fn draft(&mut self, draft: Draft<'t>, policy: Policy, certain: bool) -> usize {
        let span = draft.span;
        let draft = if certain {
            draft
        } else {
            let whether = self.template.condition("of its attachment", span);
            let nothing = Draft {
                span,
                value: Value::Nothing,
            };
            Draft {
                span,
                value: Value::Either(whether, vec![draft, nothing]),
            }
        };
        self.finder
            .content(Content::Draft(Rc::new(draft)), span, policy)
    }
}

/// The resources whose names are literal.
fn by_name<'r>(template: &'r Template<'_>) -> HashMap<(&'r str, String), &'r str> {
    template
        .resources
        .iter()
        .filter_map(|(id, named)| {
            let name = template.resolve(named.name.as_ref()?).text()?;
            Some(((named.kind.as_str(), name.into_owned()), id.as_str()))
        })
        .collect()
}

/// The managed policies of the template that its principals list: one that any lists as its own grants.
fn listed(template: &Template<'_>, root: &Node<'_>) -> HashMap<String, Part> {
    let mut all = HashMap::new();
    let mut add = |node: Option<&Node<'_>>, part: Part| {
        for (node, _) in node
            .map(|node| elements(template, node))
            .unwrap_or_default()
        {
            let Some(id) = referred(template, node) else {
                continue;
            };
            if part == Part::Identity {
                all.insert(id, part);
            } else {
                all.entry(id).or_insert(part);
            }
        }
    };
    for (_, resource) in members(root, "Resources") {
        let before = template.assume(text(resource, "Condition"));
        let property = |name: &str| get(get(resource, "Properties")?, name);
        for name in ["ManagedPolicyArns", "ManagedPolicies", "Policies"] {
            add(property(name), Part::Identity);
        }
        add(property("PermissionsBoundary"), Part::Boundary);
        template.assume(before.as_deref());
    }
    let of_all = get(root, "Globals").and_then(|globals| get(globals, "Function"));
    add(
        of_all.and_then(|all| get(all, "PermissionsBoundary")),
        Part::Boundary,
    );
    all
}

/// The elements of a list or the lone one, those in `Fn::If` included, and whether they are certainly there.
fn elements<'n, 't>(template: &Template<'t>, node: &'n Node<'t>) -> Vec<(&'n Node<'t>, bool)> {
    fn collect<'n, 't>(
        template: &Template<'t>,
        node: &'n Node<'t>,
        certain: bool,
        all: &mut Vec<(&'n Node<'t>, bool)>,
    ) {
        match &node.value {
            source::Value::Array(nodes) => {
                for node in nodes {
                    collect(template, node, certain, all);
                }
            }
            _ if let Some(then) = get(node, "Fn::If").and_then(|node| template.taken(node)) => {
                collect(template, then, certain, all);
            }
            _ if let Some(source::Value::Array(nodes)) =
                get(node, "Fn::If").map(|node| &node.value) =>
            {
                for node in nodes.iter().skip(1) {
                    collect(template, node, false, all);
                }
            }
            _ => all.push((node, certain)),
        }
    }
    let mut all = Vec::new();
    collect(template, node, true, &mut all);
    all
}

fn identity(reason: &str) -> (DocumentKind, String) {
    (DocumentKind::Identity, reason.to_owned())
}

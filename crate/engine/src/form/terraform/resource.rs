//! The resources of the `aws` provider that hold policies or attach them.

mod attach;
mod organization;
mod principal;

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use super::document;
use super::module::{Module, Resource};
use crate::form::finder::{Finder, Policy};
use crate::form::holders::Holders;
use crate::form::{Applies, Content, Part, PrincipalKind};
use crate::report::DocumentKind;
use crate::source::{Node, Value, parse};

/// Walks over the resources.
pub(super) struct Resources<'m, 'n, 't> {
    module: &'m Module<'n, 't>,
    finder: &'m mut Finder<'t>,
    /// By name or address.
    holders: Holders,
    /// Managed policies, by address and by ARN.
    managed: HashMap<String, usize>,
    /// Managed policies that cap and that grant, by address and by ARN.
    boundaries: HashSet<String>,
    granting: HashSet<String>,
    /// Roles and the names of their inline policies that are resources of their own.
    own_inline: HashSet<(String, String)>,
    /// Inline policies by holder and name: a role's state lists those that are resources of their own once more.
    inline: HashSet<(usize, String)>,
    /// What is attached to whom: the principal, the resource that says so, its attribute, the part.
    attached: Vec<(usize, &'m Resource<'n, 't>, &'static str, Part)>,
    /// The ARNs that principals list themselves.
    listed: Vec<(usize, &'m Resource<'n, 't>, &'n Node<'t>)>,
    /// SCPs by the address and the id of their resource.
    organizations: HashMap<String, usize>,
    /// The documents that resources hold, without white space.
    documents: HashSet<String>,
}

impl<'m, 'n, 't> Resources<'m, 'n, 't> {
    pub(super) fn new(module: &'m Module<'n, 't>, finder: &'m mut Finder<'t>) -> Self {
        let mut boundaries = HashSet::new();
        let mut granting = HashSet::new();
        let mut own_inline = HashSet::new();
        for resource in module.resources.iter().filter(|resource| !resource.is_data) {
            for (attribute, used) in [
                ("permissions_boundary", &mut boundaries),
                ("policy_arn", &mut granting),
            ] {
                let referred = module.referred(resource, attribute);
                used.extend(referred.map(|policy| policy.address.clone()));
                used.extend(resource.text(attribute).map(str::to_owned));
            }
            if resource.kind == "aws_iam_role_policy"
                && let (Some(role), Some(name)) = (resource.text("role"), resource.text("name"))
            {
                own_inline.insert((role.to_owned(), name.to_owned()));
            }
        }
        Self {
            module,
            finder,
            boundaries,
            granting,
            own_inline,
            holders: Holders::default(),
            managed: HashMap::new(),
            inline: HashSet::new(),
            attached: Vec::new(),
            listed: Vec::new(),
            organizations: HashMap::new(),
            documents: HashSet::new(),
        }
    }

    pub(super) fn read(&mut self, resource: &'m Resource<'n, 't>) {
        if resource.is_data {
            return;
        }
        match resource.kind {
            "aws_iam_role" => self.principal(resource, PrincipalKind::Role),
            "aws_iam_user" => self.principal(resource, PrincipalKind::User),
            "aws_iam_group" => self.principal(resource, PrincipalKind::Group),
            "aws_iam_policy" => self.managed_policy(resource),
            "aws_iam_role_policy" | "aws_iam_user_policy" | "aws_iam_group_policy" => {
                self.inline_policy(resource);
            }
            "aws_iam_role_policy_attachment"
            | "aws_iam_user_policy_attachment"
            | "aws_iam_group_policy_attachment" => {
                if let Some(principal) = self.holder(resource) {
                    self.attached
                        .push((principal, resource, "policy_arn", Part::Identity));
                }
            }
            "aws_iam_policy_attachment" => self.policy_attachment(resource),
            "aws_iam_user_group_membership" => {
                let user = self.named(resource, "user", PrincipalKind::User);
                for group in self.names(resource, "groups", PrincipalKind::Group) {
                    if let Some(user) = user {
                        self.holders.join(user, group);
                    }
                }
            }
            "aws_iam_group_membership" => {
                let group = self.named(resource, "group", PrincipalKind::Group);
                for user in self.names(resource, "users", PrincipalKind::User) {
                    if let Some(group) = group {
                        self.holders.join(user, group);
                    }
                }
            }
            "aws_s3_bucket_policy" => {
                let bucket = resource.text("bucket").unwrap_or(&resource.address);
                let policy = Policy {
                    name: format!("policy of the bucket {bucket}"),
                    path: resource.path("policy"),
                    kind: Some((
                        DocumentKind::Resource,
                        "it is an `aws_s3_bucket_policy`".to_owned(),
                    )),
                    applies: Applies::Unnamed,
                };
                self.document(resource, "policy", policy);
            }
            "aws_organizations_policy" => self.organizations_policy(resource),
            "aws_organizations_account" | "aws_organizations_organizational_unit" => {
                self.organization(resource);
            }
            "aws_ssoadmin_permission_set" => {
                self.permission_set(resource, "arn");
            }
            "aws_ssoadmin_permission_set_inline_policy" => {
                let principal = self.permission_set(resource, "permission_set_arn");
                let policy = identity(
                    "inline policy of a permission set",
                    resource.path("inline_policy"),
                    "it is the inline policy of a permission set",
                );
                let found = self.document(resource, "inline_policy", policy);
                self.finder.found.give(principal, found);
            }
            "aws_ssoadmin_managed_policy_attachment" => {
                let principal = self.permission_set(resource, "permission_set_arn");
                self.attached
                    .push((principal, resource, "managed_policy_arn", Part::Identity));
            }
            "aws_ssoadmin_customer_managed_policy_attachment" => {
                let principal = self.permission_set(resource, "permission_set_arn");
                self.finder
                    .found
                    .lacks(principal, "a customer managed policy", Part::Identity);
            }
            "aws_ssoadmin_permissions_boundary_attachment" => {
                let principal = self.permission_set(resource, "permission_set_arn");
                self.finder
                    .found
                    .lacks(principal, "its permissions boundary", Part::Boundary);
            }
            _ => {}
        }
    }

    /// Attaches what was to be attached, and lists the documents that nothing uses.
    pub(super) fn finish(mut self) {
        for (principal, resource, attribute, part) in std::mem::take(&mut self.attached) {
            self.attach(principal, resource, attribute, part);
        }
        for (principal, resource, node) in std::mem::take(&mut self.listed) {
            if let Value::String(arn) = &node.value {
                let path = resource.path("managed_policy_arns");
                self.attach_arn(principal, arn, node, Part::Identity, path);
            }
        }
        for attachment in self.module.of_kind("aws_organizations_policy_attachment") {
            self.organizations_attachment(attachment);
        }
        self.holders.share(&mut self.finder.found);
        for data in &self.module.resources {
            if data.is_data && data.kind == "aws_iam_policy_document" {
                self.data_document(data);
            }
        }
    }

    fn found(&mut self, kind: PrincipalKind, name: &str) -> usize {
        self.principal_named(kind, name, format!("{} {name}", kind.word()))
    }

    fn principal_named(&mut self, kind: PrincipalKind, id: &str, name: String) -> usize {
        self.holders.holder(&mut self.finder.found, kind, id, name)
    }

    /// The document that an attribute holds as a string; where it is unknown, the data source that it comes from.
    fn document(
        &mut self,
        resource: &'m Resource<'n, 't>,
        attribute: &str,
        policy: Policy,
    ) -> usize {
        if let Some(node) = resource.get(attribute) {
            return self.string(node.clone(), policy);
        }
        let data = self
            .module
            .referred(resource, attribute)
            .filter(|data| data.is_data && data.kind == "aws_iam_policy_document");
        if let Some(json) = data.and_then(|data| data.get("json")) {
            return self.string(json.clone(), policy);
        }
        let span = resource.values.span;
        let draft = data
            .and_then(document::draft)
            .unwrap_or_else(|| document::unknown(span, &resource.address, attribute));
        if let Some(data) = data {
            self.documents.insert(data.address.clone());
        }
        let span = draft.span;
        self.finder
            .content(Content::Draft(Rc::new(draft)), span, policy)
    }

    fn string(&mut self, node: Node<'t>, policy: Policy) -> usize {
        if let Value::String(text) = &node.value {
            self.documents.insert(normal(text));
        }
        self.finder.policy(node, policy)
    }

    /// A document that is made for others: where a resource holds it, it is judged there.
    fn data_document(&mut self, data: &'m Resource<'n, 't>) {
        let used = self.documents.contains(&data.address)
            || data
                .text("json")
                .is_some_and(|json| self.documents.contains(&normal(json)));
        let policy = Policy {
            name: data.address.clone(),
            path: data.path("json"),
            kind: None,
            applies: if used {
                Applies::Nobody("a resource holds this document, and it is judged there".to_owned())
            } else {
                Applies::Unnamed
            },
        };
        match (data.get("json"), document::draft(data)) {
            (Some(json), _) => {
                self.finder.policy(json.clone(), policy);
            }
            (None, Some(draft)) => {
                let span = draft.span;
                self.finder
                    .content(Content::Draft(Rc::new(draft)), span, policy);
            }
            (None, None) => {}
        }
    }
}

fn identity(name: &str, path: String, reason: &str) -> Policy {
    Policy {
        name: name.to_owned(),
        path,
        kind: Some((DocumentKind::Identity, reason.to_owned())),
        applies: Applies::Attached,
    }
}

/// A document without white space between its parts.
fn normal(json: &str) -> String {
    parse(json).map_or_else(|_| json.to_owned(), |node| node.to_json())
}

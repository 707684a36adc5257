//! The resources of the `aws` provider that hold policies or attach them.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use super::document;
use super::module::{Module, Resource, list};
use crate::form::exact::text;
use crate::form::finder::{Finder, Policy};
use crate::form::found::permission_set_role;
use crate::form::register::{Attachment, Scp, Target};
use crate::form::{Applies, Content, FoundPrincipal, Missing, Part, PrincipalKind};
use crate::report::DocumentKind;
use crate::source::{Node, Value, parse};

/// Walks over the resources.
pub(super) struct Resources<'m, 'n, 't> {
    module: &'m Module<'n, 't>,
    finder: &'m mut Finder<'t>,
    /// Positions among the finder's principals, by kind and name or address.
    principals: HashMap<(PrincipalKind, String), usize>,
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
    memberships: Vec<(usize, usize)>,
    /// SCPs by the address and the id of their resource.
    organizations: HashMap<String, usize>,
    /// The documents that resources hold, without white space.
    documents: HashSet<String>,
}

/// The attributes by which a resource names a role, user or group.
const HOLDERS: [(&str, PrincipalKind); 3] = [
    ("role", PrincipalKind::Role),
    ("user", PrincipalKind::User),
    ("group", PrincipalKind::Group),
];

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
            principals: HashMap::new(),
            managed: HashMap::new(),
            inline: HashSet::new(),
            attached: Vec::new(),
            listed: Vec::new(),
            memberships: Vec::new(),
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
                    self.memberships.extend(user.map(|user| (user, group)));
                }
            }
            "aws_iam_group_membership" => {
                let group = self.named(resource, "group", PrincipalKind::Group);
                for user in self.names(resource, "users", PrincipalKind::User) {
                    self.memberships.extend(group.map(|group| (user, group)));
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
                self.give(principal, found);
            }
            "aws_ssoadmin_managed_policy_attachment" => {
                let principal = self.permission_set(resource, "permission_set_arn");
                self.attached
                    .push((principal, resource, "managed_policy_arn", Part::Identity));
            }
            "aws_ssoadmin_customer_managed_policy_attachment" => {
                let principal = self.permission_set(resource, "permission_set_arn");
                self.lacks(principal, "a customer managed policy", Part::Identity);
            }
            "aws_ssoadmin_permissions_boundary_attachment" => {
                let principal = self.permission_set(resource, "permission_set_arn");
                self.lacks(principal, "its permissions boundary", Part::Boundary);
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
        for (user, group) in std::mem::take(&mut self.memberships) {
            let principals = &mut self.finder.found.principals;
            let Some(of_group) = principals.get(group) else {
                continue;
            };
            let (policies, missing) = (of_group.policies.clone(), of_group.missing.clone());
            if let Some(user) = principals.get_mut(user) {
                user.policies.extend(policies);
                user.missing.extend(missing);
            }
        }
        for data in &self.module.resources {
            if data.is_data && data.kind == "aws_iam_policy_document" {
                self.data_document(data);
            }
        }
    }

    /// A role, user or group with what stands inside of it.
    fn principal(&mut self, resource: &'m Resource<'n, 't>, kind: PrincipalKind) {
        let name = resource.text("name").unwrap_or(&resource.address);
        let principal = self.found(kind, name);
        if let Some(found) = self.finder.found.principals.get_mut(principal) {
            found.complete = true;
            // A group makes no request.
            if kind != PrincipalKind::Group {
                found.arn = self.module.arn(resource, word(kind));
                found.resources = vec![arn_resource(resource, word(kind))];
            }
        }
        for (index, block) in list(resource.values, "inline_policy").enumerate() {
            let (Some(name), Some(document)) = (
                text(block, "name"),
                crate::form::exact::get(block, "policy"),
            ) else {
                continue;
            };
            let own = self.own_inline.contains(&(
                resource.text("name").unwrap_or_default().to_owned(),
                name.to_owned(),
            ));
            if own || name.is_empty() {
                continue;
            }
            let policy = identity(
                name,
                resource.path(&format!("inline_policy[{index}].policy")),
                "it is an inline policy",
            );
            let found = self.string(document.clone(), policy);
            self.give(principal, found);
        }
        if resource.is_unknown("inline_policy") && resource.writes("inline_policy") {
            self.lacks(
                principal,
                "inline policies known after apply",
                Part::Identity,
            );
        }
        if resource.get("assume_role_policy").is_some() {
            let policy = Policy {
                name: format!("trust policy of {}", resource.address),
                path: resource.path("assume_role_policy"),
                kind: Some((
                    DocumentKind::Resource,
                    "it is the trust policy of a role".to_owned(),
                )),
                applies: Applies::Trust,
            };
            self.document(resource, "assume_role_policy", policy);
        }
        let has_boundary = resource
            .text("permissions_boundary")
            .is_some_and(|arn| !arn.is_empty());
        if has_boundary || resource.is_unknown("permissions_boundary") {
            self.attached
                .push((principal, resource, "permissions_boundary", Part::Boundary));
        }
        let listed = list(resource.values, "managed_policy_arns");
        self.listed
            .extend(listed.map(|node| (principal, resource, node)));
    }

    fn inline_policy(&mut self, resource: &'m Resource<'n, 't>) {
        let name = resource.text("name").unwrap_or(&resource.address);
        let policy = identity(name, resource.path("policy"), "it is an inline policy");
        let found = self.document(resource, "policy", policy);
        if let Some(principal) = self.holder(resource) {
            if self.inline.insert((principal, name.to_owned())) {
                self.give(principal, found);
            }
        } else if let Some(found) = self.finder.found.policies.get_mut(found) {
            found.applies = Applies::Unnamed;
        }
    }

    fn managed_policy(&mut self, resource: &'m Resource<'n, 't>) {
        let is_in = |used: &HashSet<String>| {
            used.contains(&resource.address)
                || resource.text("arn").is_some_and(|arn| used.contains(arn))
        };
        let (boundary, attached) = (is_in(&self.boundaries), is_in(&self.granting));
        let name = resource.text("name").unwrap_or(&resource.address);
        let mut policy = identity(name, resource.path("policy"), "it is an `aws_iam_policy`");
        if boundary && !attached {
            policy.kind = Some((
                DocumentKind::PermissionsBoundary,
                "a principal has it as its permissions boundary".to_owned(),
            ));
        } else if !boundary && !attached {
            policy.applies = Applies::Unnamed;
        }
        let found = self.document(resource, "policy", policy);
        self.managed.insert(resource.address.clone(), found);
        if let Some(arn) = resource.text("arn") {
            self.managed.insert(arn.to_owned(), found);
            self.finder
                .found
                .register
                .managed
                .push((arn.to_owned(), found));
        }
    }

    fn policy_attachment(&mut self, resource: &'m Resource<'n, 't>) {
        for (attribute, kind) in [
            ("roles", PrincipalKind::Role),
            ("users", PrincipalKind::User),
            ("groups", PrincipalKind::Group),
        ] {
            for principal in self.names(resource, attribute, kind) {
                self.attached
                    .push((principal, resource, "policy_arn", Part::Identity));
            }
        }
    }

    fn organizations_policy(&mut self, resource: &'m Resource<'n, 't>) {
        let kind = match resource.text("type") {
            None | Some("SERVICE_CONTROL_POLICY") => DocumentKind::Scp,
            Some("RESOURCE_CONTROL_POLICY") => DocumentKind::Rcp,
            Some(_) => return,
        };
        let policy = Policy {
            name: resource
                .text("name")
                .unwrap_or(&resource.address)
                .to_owned(),
            path: resource.path("content"),
            kind: Some((kind, "its resource says so in `type`".to_owned())),
            applies: Applies::Unnamed,
        };
        let found = self.document(resource, "content", policy);
        if kind == DocumentKind::Scp {
            self.organizations.insert(resource.address.clone(), found);
            if let Some(id) = resource.text("id") {
                self.organizations.insert(id.to_owned(), found);
            }
        }
    }

    fn organizations_attachment(&mut self, attachment: &Resource<'n, 't>) {
        let by_reference = self
            .module
            .referred(attachment, "policy_id")
            .and_then(|policy| self.organizations.get(&policy.address));
        let by_id = || self.organizations.get(attachment.text("policy_id")?);
        let Some(found) = by_reference.or_else(by_id).copied() else {
            return;
        };
        let target = match attachment.text("target_id") {
            Some(id) => id.to_owned(),
            None => match self.module.referred(attachment, "target_id") {
                Some(target) => target.address.clone(),
                None => format!("of {}", attachment.address),
            },
        };
        self.finder.found.register.attachments.push(Attachment {
            target: Target::new(&target, None),
            policy: Scp::Here(found),
            listed: None,
        });
    }

    /// What stands where in the organization.
    fn organization(&mut self, resource: &Resource<'n, 't>) {
        let register = &mut self.finder.found.register;
        if let Some(arn) = resource.text("arn") {
            register.managed_by(arn);
        }
        if let (Some(id), Some(parent)) = (resource.text("id"), resource.text("parent_id")) {
            register.parents.push((id.to_owned(), parent.to_owned()));
        }
    }

    fn permission_set(&mut self, resource: &Resource<'n, 't>, attribute: &str) -> usize {
        let set = match attribute {
            "arn" => Some(resource),
            _ => self.module.referred(resource, attribute).or_else(|| {
                let arn = resource.text(attribute)?;
                self.module
                    .of_kind("aws_ssoadmin_permission_set")
                    .find(|set| set.text("arn") == Some(arn))
            }),
        };
        let id = set.map_or_else(
            || {
                resource
                    .text(attribute)
                    .unwrap_or(&resource.address)
                    .to_owned()
            },
            |set| set.address.clone(),
        );
        let known = set.and_then(|set| set.text("name"));
        let name = known.unwrap_or(&id);
        let principal =
            self.principal_named(PrincipalKind::Other, &id, format!("permission set {name}"));
        if let Some(found) = self.finder.found.principals.get_mut(principal) {
            found.resources = vec![permission_set_role(known)];
        }
        principal
    }

    /// Whom `role`, `user` or `group` names.
    fn holder(&mut self, resource: &Resource<'n, 't>) -> Option<usize> {
        HOLDERS
            .into_iter()
            .find_map(|(attribute, kind)| self.named(resource, attribute, kind))
    }

    fn named(
        &mut self,
        resource: &Resource<'n, 't>,
        attribute: &str,
        kind: PrincipalKind,
    ) -> Option<usize> {
        // The provider takes a role's id for its name, and they are the same.
        if let Some(name) = resource.text(attribute) {
            return Some(self.found(kind, name));
        }
        let referred = self.module.referred(resource, attribute)?;
        let name = referred.text("name").unwrap_or(&referred.address);
        Some(self.found(kind, name))
    }

    /// Whom a list of names names.
    fn names(
        &mut self,
        resource: &Resource<'n, 't>,
        attribute: &str,
        kind: PrincipalKind,
    ) -> Vec<usize> {
        let mut all: Vec<usize> = list(resource.values, attribute)
            .filter_map(|node| match &node.value {
                Value::String(name) => Some(self.found(kind, name)),
                _ => None,
            })
            .collect();
        if resource.is_unknown(attribute)
            && let Some(referred) = self.module.referred(resource, attribute)
        {
            let name = referred.text("name").unwrap_or(&referred.address);
            all.push(self.found(kind, name));
        }
        all
    }

    fn attach(
        &mut self,
        principal: usize,
        resource: &Resource<'n, 't>,
        attribute: &'static str,
        part: Part,
    ) {
        let referred = self
            .module
            .referred(resource, attribute)
            .and_then(|policy| self.managed.get(&policy.address))
            .copied();
        match (referred, resource.get(attribute)) {
            (Some(found), _) => self.give_as(principal, found, part),
            (None, Some(node)) => {
                if let Value::String(arn) = &node.value {
                    self.attach_arn(principal, arn, node, part, resource.path(attribute));
                }
            }
            (None, None) => {
                let what = resource.path(attribute);
                self.lacks(principal, &what, part);
            }
        }
    }

    fn attach_arn(
        &mut self,
        principal: usize,
        arn: &str,
        node: &Node<'t>,
        part: Part,
        path: String,
    ) {
        if let Some(found) = self.managed.get(arn).copied() {
            self.give_as(principal, found, part);
        } else if part == Part::Identity
            && let Some(found) = self.finder.known_policy(arn, node.span, &path)
        {
            self.give(principal, found);
        } else {
            self.lacks(principal, arn, part);
        }
    }

    /// As `give`, in the part in which a managed policy is attached here.
    fn give_as(&mut self, principal: usize, policy: usize, part: Part) {
        let policy = self.finder.found.as_kind(policy, part.kind());
        self.give(principal, policy);
    }

    fn give(&mut self, principal: usize, policy: usize) {
        if let Some(found) = self.finder.found.principals.get_mut(principal)
            && !found.policies.contains(&policy)
        {
            found.policies.push(policy);
        }
    }

    fn lacks(&mut self, principal: usize, policy: &str, part: Part) {
        if let Some(found) = self.finder.found.principals.get_mut(principal) {
            let missing = Missing {
                policy: policy.to_owned(),
                part,
            };
            if !found.missing.contains(&missing) {
                found.missing.push(missing);
            }
        }
    }

    fn found(&mut self, kind: PrincipalKind, name: &str) -> usize {
        self.principal_named(kind, name, format!("{} {name}", word(kind)))
    }

    fn principal_named(&mut self, kind: PrincipalKind, id: &str, name: String) -> usize {
        let principals = &mut self.finder.found.principals;
        *self
            .principals
            .entry((kind, id.to_owned()))
            .or_insert_with(|| {
                principals.push(FoundPrincipal {
                    name,
                    kind,
                    ..FoundPrincipal::default()
                });
                principals.len() - 1
            })
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

fn word(kind: PrincipalKind) -> &'static str {
    match kind {
        PrincipalKind::Role => "role",
        PrincipalKind::User => "user",
        PrincipalKind::Group => "group",
        PrincipalKind::Other => "",
    }
}

/// The last part of a role's or user's ARN, with `*` for what is known after apply.
fn arn_resource(resource: &Resource<'_, '_>, word: &str) -> String {
    let path = match resource.text("path") {
        Some(path) => path,
        None if resource.is_unknown("path") => "/*",
        None => "/",
    };
    match (resource.text("name"), resource.text("name_prefix")) {
        (Some(name), _) => format!("{word}{path}{name}"),
        (None, Some(prefix)) => format!("{word}{path}{prefix}*"),
        (None, None) => format!("{word}{path}*"),
    }
}

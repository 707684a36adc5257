//! The resources of a template that hold policies, type by type.

use std::collections::HashMap;
use std::rc::Rc;

use super::attachment::{Target, principal_kind, referred, targets};
use super::template::Template;
use super::{json_text, sam_templates};
use crate::draft::{Draft, Holds, Piece, Value};
use crate::form::exact::{get, members, text};
use crate::form::finder::{Finder, Policy};
use crate::form::found::{anywhere, permission_set_role};
use crate::form::known::allowing;
use crate::form::register::{self, Attachment, Scp};
use crate::form::text::REST;
use crate::form::{Applies, Content, FoundPrincipal, Missing, Part, PrincipalKind};
use crate::report::DocumentKind;
use crate::source::{self, Node};

/// Walks over the resources.
pub(super) struct Resources<'r, 't> {
    template: &'r Template<'t>,
    root: &'r Node<'t>,
    path: &'r str,
    finder: &'r mut Finder<'t>,
    /// Positions among the finder's principals, by kind and by logical id or name.
    principals: HashMap<(PrincipalKind, String), usize>,
    /// Resources by type and literal name.
    by_name: HashMap<(&'r str, String), &'r str>,
    /// Managed policies that principals of the template list, and as what.
    listed: HashMap<String, Part>,
    /// Managed policies of this template, by logical id.
    managed: HashMap<String, usize>,
    /// What is attached to whom, once all resources have been read.
    attached: Vec<(usize, Target<'t>, Part, String)>,
    /// Users in groups, as positions among the finder's principals.
    memberships: Vec<(usize, usize)>,
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
            principals: HashMap::new(),
            by_name: by_name(template),
            listed: listed(template, root),
            managed: HashMap::new(),
            attached: Vec::new(),
            memberships: Vec::new(),
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
    }

    /// Attaches what was to be attached, now that all resources are known.
    pub(super) fn finish(mut self) {
        for (principal, target, part, path) in std::mem::take(&mut self.attached) {
            self.attach(principal, &target, part, path);
        }
        // A user has what its groups have.
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
        // Resources that are cut off may attach policies to the principals that are here.
        if self.finder.lacks_some_of("Resources") {
            for principal in 0..self.finder.found.principals.len() {
                self.lacks(principal, REST, Part::Identity);
            }
        }
    }

    /// A role, user or group with what stands inside of it.
    fn principal(&mut self, resource: &Resource<'r, 't>) {
        let Some((kind, _)) = principal_kind(resource.kind) else {
            return;
        };
        let principal = self.principal_of(kind, resource.id);
        if let Some(found) = self.finder.found.principals.get_mut(principal) {
            found.complete = true;
        }
        self.inline_policies(principal, resource);
        for (property, part) in [
            ("ManagedPolicyArns", Part::Identity),
            ("PermissionsBoundary", Part::Boundary),
        ] {
            self.attach_later(principal, resource, property, part);
        }
        if let Some(trust) = resource.property("AssumeRolePolicyDocument") {
            let path = resource.path("AssumeRolePolicyDocument");
            self.trust_policy(resource, trust, path);
        }
        for target in resource
            .property("Groups")
            .map(|groups| targets(self.template, groups))
            .unwrap_or_default()
        {
            let group = self.target(PrincipalKind::Group, &target);
            self.memberships.push((principal, group));
        }
    }

    fn trust_policy(&mut self, resource: &Resource<'r, 't>, trust: &Node<'t>, path: String) {
        let policy = Policy {
            name: format!("trust policy of {}", resource.id),
            path,
            kind: Some((
                DocumentKind::Resource,
                "it is the trust policy of a role".to_owned(),
            )),
            applies: Applies::Trust,
        };
        self.document(trust, policy, true);
    }

    /// The property `Policies`: a list of names and documents.
    fn inline_policies(&mut self, principal: usize, resource: &Resource<'r, 't>) {
        let Some(policies) = resource.property("Policies") else {
            return;
        };
        for (index, (node, certain)) in elements(policies).into_iter().enumerate() {
            let Some(document) = get(node, "PolicyDocument") else {
                // `AWS::NoValue`, or another function that yields a policy or none.
                let draft = self.template.resolve(node);
                if !matches!(draft.value, Value::Nothing) {
                    self.lacks(principal, "an inline policy", Part::Identity);
                    self.finder.problem(
                        node.span,
                        "this is no inline policy with a `PolicyDocument` that can be read here",
                    );
                }
                continue;
            };
            let name = get(node, "PolicyName")
                .and_then(|name| self.template.resolve(name).text())
                .map_or_else(|| format!("{} {}", resource.id, index + 1), Into::into);
            let policy = Policy {
                name,
                path: resource.path(&format!("Policies[{index}].PolicyDocument")),
                kind: Some(identity("it is an inline policy")),
                applies: Applies::Attached,
            };
            let found = self.document(document, policy, certain);
            self.give(principal, found);
        }
    }

    /// A policy resource that is attached by names.
    fn policy(&mut self, resource: &Resource<'r, 't>) {
        let Some(document) = resource.property("PolicyDocument") else {
            return;
        };
        let to = self.attached_to(
            resource,
            &[
                "Roles",
                "Users",
                "Groups",
                "RoleName",
                "UserName",
                "GroupName",
            ],
        );
        let certain = to.iter().all(|(_, certain)| *certain);
        let policy = Policy {
            name: self.name(resource, "PolicyName"),
            path: resource.path("PolicyDocument"),
            kind: Some(identity(&format!("it is an `{}`", resource.kind))),
            applies: if to.is_empty() {
                Applies::Unnamed
            } else {
                Applies::Attached
            },
        };
        let found = self.document(document, policy, certain);
        for (principal, _) in to {
            self.give(principal, found);
        }
    }

    fn managed_policy(&mut self, resource: &Resource<'r, 't>) {
        let Some(document) = resource.property("PolicyDocument") else {
            return;
        };
        let to = self.attached_to(resource, &["Roles", "Users", "Groups"]);
        let certain = to.iter().all(|(_, certain)| *certain);
        let used = self.listed.get(resource.id).copied();
        let policy = Policy {
            name: self.name(resource, "ManagedPolicyName"),
            path: resource.path("PolicyDocument"),
            kind: Some(match used {
                Some(Part::Boundary) if to.is_empty() => (
                    DocumentKind::PermissionsBoundary,
                    "a principal of the template has it as its permissions boundary".to_owned(),
                ),
                _ => identity("it is an `AWS::IAM::ManagedPolicy`"),
            }),
            applies: if to.is_empty() && used.is_none() {
                Applies::Unnamed
            } else {
                Applies::Attached
            },
        };
        let found = self.document(document, policy, certain && resource.condition.is_none());
        self.managed.insert(resource.id.to_owned(), found);
        for (principal, _) in to {
            self.give(principal, found);
        }
    }

    fn membership(&mut self, resource: &Resource<'r, 't>) {
        let list = |property: &str| {
            resource
                .property(property)
                .map(|node| targets(self.template, node))
                .unwrap_or_default()
        };
        let (groups, users) = (list("GroupName"), list("Users"));
        for group in &groups {
            let group = self.target(PrincipalKind::Group, group);
            for user in &users {
                let user = self.target(PrincipalKind::User, user);
                self.memberships.push((user, group));
            }
        }
    }

    fn bucket_policy(&mut self, resource: &Resource<'r, 't>) {
        let (Some(bucket), Some(document)) = (
            resource.property("Bucket"),
            resource.property("PolicyDocument"),
        ) else {
            return;
        };
        let bucket = self.template.resolve(bucket);
        let mut draft = self.template.resolve(document);
        // In a bucket's own policy its name is what it is, whatever it is.
        if let Value::Text(pieces) = &bucket.value
            && let [Piece::Unknown(own)] = pieces.as_slice()
            && !own.of.is_empty()
        {
            mark_own_bucket(&mut draft, &own.of);
        }
        let named = bucket
            .text()
            .map_or_else(|| resource.id.to_owned(), |name| name.into_owned());
        let policy = Policy {
            name: format!("policy of the bucket {named}"),
            path: resource.path("PolicyDocument"),
            kind: Some((
                DocumentKind::Resource,
                "it is an `AWS::S3::BucketPolicy`".to_owned(),
            )),
            applies: Applies::Unnamed,
        };
        self.draft(draft, policy, true);
    }

    fn organizations_policy(&mut self, resource: &Resource<'r, 't>) {
        let Some(content) = resource.property("Content") else {
            return;
        };
        let kind = resource
            .property("Type")
            .and_then(|kind| self.template.resolve(kind).text());
        let kind = match kind.as_deref() {
            Some("SERVICE_CONTROL_POLICY") => DocumentKind::Scp,
            Some("RESOURCE_CONTROL_POLICY") => DocumentKind::Rcp,
            _ => return,
        };
        let targets = resource
            .property("TargetIds")
            .map(|node| targets(self.template, node))
            .unwrap_or_default();
        let certain = targets.iter().all(|target| target.certain) && resource.condition.is_none();
        let policy = Policy {
            name: self.name(resource, "Name"),
            path: resource.path("Content"),
            kind: Some((kind, "the template says so in `Type`".to_owned())),
            applies: Applies::Unnamed,
        };
        let found = self.document(content, policy, certain);
        let attached = targets.iter().filter(|_| kind == DocumentKind::Scp);
        let register = &mut self.finder.found.register;
        register
            .attachments
            .extend(attached.map(|target| Attachment {
                target: register::Target::new(&target.words(), None),
                policy: Scp::Here(found),
                listed: None,
            }));
    }

    fn permission_set(&mut self, resource: &Resource<'r, 't>) {
        let name = format!("permission set {}", self.name(resource, "Name"));
        let principal = self.found(PrincipalKind::Other, resource.id, name);
        let known = resource
            .property("Name")
            .and_then(|name| self.template.resolve(name).text());
        if let Some(found) = self.finder.found.principals.get_mut(principal) {
            found.complete = true;
            found.resources = vec![permission_set_role(known.as_deref())];
        }
        if let Some(document) = resource.property("InlinePolicy") {
            let policy = Policy {
                name: format!("{} inline policy", resource.id),
                path: resource.path("InlinePolicy"),
                kind: Some(identity("it is the inline policy of a permission set")),
                applies: Applies::Attached,
            };
            let found = self.document(document, policy, true);
            self.give(principal, found);
        }
        self.attach_later(principal, resource, "ManagedPolicies", Part::Identity);
        for (property, member) in [
            ("CustomerManagedPolicyReferences", "Name"),
            ("PermissionsBoundary", "CustomerManagedPolicyReference"),
        ] {
            let part = if member == "Name" {
                Part::Identity
            } else {
                Part::Boundary
            };
            for (node, _) in resource
                .property(property)
                .map(elements)
                .unwrap_or_default()
            {
                let name = get(node, member)
                    .or_else(|| get(node, "ManagedPolicyArn"))
                    .and_then(|name| self.template.resolve(name).text());
                let name = name
                    .as_deref()
                    .unwrap_or("a customer managed policy")
                    .to_owned();
                self.lacks(principal, &name, part);
            }
        }
    }

    /// The role that SAM makes for a function or state machine.
    fn serverless(&mut self, resource: &Resource<'r, 't>) {
        // With a role of its own, SAM makes none, and `Policies` counts for nothing.
        if resource.property("Role").is_some() {
            return;
        }
        let Some(policies) = resource.property("Policies") else {
            return;
        };
        let name = format!("role of {}", resource.id);
        let principal = self.found(PrincipalKind::Role, &format!("{}Role", resource.id), name);
        if let Some(found) = self.finder.found.principals.get_mut(principal) {
            found.resources = vec!["role/*".to_owned()];
            found.complete = true;
        }
        for (index, (node, certain)) in elements(policies).into_iter().enumerate() {
            let path = resource.path(&format!("Policies[{index}]"));
            let is_document = get(node, "Statement").is_some();
            let is_function = matches!(&node.value, source::Value::Object(members)
                if members.iter().all(|member| member.name.value == "Ref" || member.name.value.starts_with("Fn::")));
            match &node.value {
                source::Value::Object(_) if is_document => {
                    let policy = Policy {
                        name: format!("{} {}", resource.id, index + 1),
                        path,
                        kind: Some(identity("it is in the `Policies` of a SAM resource")),
                        applies: Applies::Attached,
                    };
                    let found = self.document(node, policy, certain);
                    self.give(principal, found);
                }
                source::Value::Object(members) if !is_function => {
                    for member in members {
                        self.policy_template(principal, member, &path, certain);
                    }
                }
                _ => {
                    for mut target in targets(self.template, node) {
                        target.certain &= certain;
                        target.of_aws = target.resource.is_none();
                        self.attached
                            .push((principal, target, Part::Identity, path.clone()));
                    }
                }
            }
        }
        let globals = get(self.root, "Globals").and_then(|globals| get(globals, "Function"));
        let boundary = resource
            .property("PermissionsBoundary")
            .or_else(|| get(globals?, "PermissionsBoundary"));
        for target in boundary
            .map(|node| targets(self.template, node))
            .unwrap_or_default()
        {
            let path = resource.path("PermissionsBoundary");
            self.attached
                .push((principal, target, Part::Boundary, path));
        }
        if let Some(trust) = resource.property("AssumeRolePolicyDocument") {
            let path = resource.path("AssumeRolePolicyDocument");
            self.trust_policy(resource, trust, path);
        }
    }

    /// What a policy template of SAM grants.
    fn policy_template(
        &mut self,
        principal: usize,
        member: &source::Member<'t>,
        path: &str,
        certain: bool,
    ) {
        let name = member.name.value.as_ref();
        let span = member.span();
        match sam_templates::actions(name).filter(|_| certain) {
            Some(actions) => {
                let policy = Policy {
                    name: name.to_owned(),
                    path: format!("{path}.{name}"),
                    kind: Some(identity(
                        "it is a policy template of SAM, taken to allow all of its service",
                    )),
                    applies: Applies::Attached,
                };
                let content = Content::Rendered(allowing(actions, span));
                let found = self.finder.content(content, span, policy);
                self.give(principal, found);
            }
            None => {
                self.lacks(
                    principal,
                    &format!("SAM policy template {name}"),
                    Part::Identity,
                );
                self.finder.problem(
                    member.name.span,
                    format!("`{name}` is none of SAM's policy templates that are known here: what it grants is not judged"),
                );
            }
        }
    }

    fn attach_later(
        &mut self,
        principal: usize,
        resource: &Resource<'r, 't>,
        property: &str,
        part: Part,
    ) {
        let Some(node) = resource.property(property) else {
            return;
        };
        for (index, target) in targets(self.template, node).into_iter().enumerate() {
            let path = match node.value {
                source::Value::Array(_) => resource.path(&format!("{property}[{index}]")),
                _ => resource.path(property),
            };
            self.attached.push((principal, target, part, path));
        }
    }

    /// A managed policy of this template, one of AWS's that everybody knows, or one that is not here.
    fn attach(&mut self, principal: usize, target: &Target<'t>, part: Part, path: String) {
        let here = target
            .resource
            .as_ref()
            .and_then(|id| self.managed.get(id))
            .copied();
        let words = target.words();
        let by_name = || {
            let literal = target.text()?;
            // An ARN of an account's own policy ends with its name.
            let (_, path) = literal
                .split_once(":policy/")
                .filter(|(account, _)| !account.ends_with(":aws"))?;
            let name = path.rsplit('/').next().unwrap_or_default();
            let id = self
                .by_name
                .get(&("AWS::IAM::ManagedPolicy", name.to_owned()))?;
            self.managed.get(*id).copied()
        };
        match here.or_else(by_name) {
            Some(policy) if target.certain => {
                let policy = self.finder.found.as_kind(policy, part.kind());
                self.give(principal, policy);
            }
            None if target.certain && part == Part::Identity => {
                let literal = target.text().unwrap_or_default();
                let span = target.draft.span;
                match self.finder.known_policy(&literal, span, &path) {
                    Some(found) => self.give(principal, found),
                    None => self.lacks(principal, &words, part),
                }
            }
            _ => self.lacks(principal, &words, part),
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

    fn give(&mut self, principal: usize, policy: usize) {
        if let Some(found) = self.finder.found.principals.get_mut(principal) {
            found.policies.push(policy);
        }
    }

    /// The principals that a policy's properties name, and whether it is certainly attached.
    fn attached_to(
        &mut self,
        resource: &Resource<'r, 't>,
        properties: &[&str],
    ) -> Vec<(usize, bool)> {
        let mut all = Vec::new();
        for property in properties {
            let kind = match property.as_bytes().first() {
                Some(b'R') => PrincipalKind::Role,
                Some(b'U') => PrincipalKind::User,
                _ => PrincipalKind::Group,
            };
            let Some(node) = resource.property(property) else {
                continue;
            };
            for target in targets(self.template, node) {
                let principal = self.target(kind, &target);
                let same_condition = resource.condition.is_none()
                    || target
                        .resource
                        .as_ref()
                        .is_some_and(|id| self.condition_of(id) == resource.condition);
                all.push((principal, target.certain && same_condition));
            }
        }
        all
    }

    fn condition_of(&self, id: &str) -> Option<&'r str> {
        text(get(get(self.root, "Resources")?, id)?, "Condition")
    }

    /// A principal that an attachment names.
    fn target(&mut self, kind: PrincipalKind, target: &Target<'t>) -> usize {
        match &target.resource {
            Some(id) => self.principal_of(kind, id),
            None => {
                let name = target.words();
                let of_type = match kind {
                    PrincipalKind::Role => "AWS::IAM::Role",
                    PrincipalKind::User => "AWS::IAM::User",
                    _ => "AWS::IAM::Group",
                };
                let id = self.by_name.get(&(of_type, name.clone())).copied();
                match id {
                    Some(id) => self.principal_of(kind, id),
                    None => {
                        let principal = self.found(kind, &name, format!("{} {name}", word(kind)));
                        if let (Some(found), Some(name)) = (
                            self.finder.found.principals.get_mut(principal),
                            target.text(),
                        ) {
                            found.resources = anywhere(word(kind), &name);
                        }
                        principal
                    }
                }
            }
        }
    }

    /// A principal of the template, by its logical id.
    fn principal_of(&mut self, kind: PrincipalKind, id: &str) -> usize {
        let name = self
            .template
            .resources
            .get(id)
            .and_then(|named| named.name.as_ref())
            .and_then(|name| self.template.resolve(name).text());
        let name = name.as_deref().unwrap_or(id);
        let principal = self.found(kind, id, format!("{} {name}", word(kind)));
        if let Some(found) = self.finder.found.principals.get_mut(principal)
            && kind != PrincipalKind::Group
            && found.resources.is_empty()
        {
            found.resources.extend(self.template.arn_resource(id));
        }
        principal
    }

    fn found(&mut self, kind: PrincipalKind, id: &str, name: String) -> usize {
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
        for (node, _) in node.map(elements).unwrap_or_default() {
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
        let property = |name: &str| get(get(resource, "Properties")?, name);
        for name in ["ManagedPolicyArns", "ManagedPolicies", "Policies"] {
            add(property(name), Part::Identity);
        }
        add(property("PermissionsBoundary"), Part::Boundary);
    }
    let of_all = get(root, "Globals").and_then(|globals| get(globals, "Function"));
    add(
        of_all.and_then(|all| get(all, "PermissionsBoundary")),
        Part::Boundary,
    );
    all
}

/// The elements of a list or the lone one, those in `Fn::If` included, and whether they are certainly there.
fn elements<'n, 't>(node: &'n Node<'t>) -> Vec<(&'n Node<'t>, bool)> {
    fn collect<'n, 't>(node: &'n Node<'t>, certain: bool, all: &mut Vec<(&'n Node<'t>, bool)>) {
        match &node.value {
            source::Value::Array(nodes) => {
                nodes.iter().for_each(|node| collect(node, certain, all));
            }
            _ if let Some(source::Value::Array(nodes)) =
                get(node, "Fn::If").map(|node| &node.value) =>
            {
                for node in nodes.iter().skip(1) {
                    collect(node, false, all);
                }
            }
            _ => all.push((node, certain)),
        }
    }
    let mut all = Vec::new();
    collect(node, true, &mut all);
    all
}

fn mark_own_bucket(draft: &mut Draft<'_>, bucket: &str) {
    match &mut draft.value {
        Value::Text(pieces) => {
            for piece in pieces {
                if let Piece::Unknown(unknown) = piece
                    && unknown.of.as_ref() == bucket
                {
                    unknown.holds = Holds::OwnBucket;
                }
            }
        }
        Value::List(drafts) | Value::Either(_, drafts) => {
            drafts
                .iter_mut()
                .for_each(|draft| mark_own_bucket(draft, bucket));
        }
        Value::Object(members) => members
            .iter_mut()
            .for_each(|member| mark_own_bucket(&mut member.value, bucket)),
        _ => {}
    }
}

fn identity(reason: &str) -> (DocumentKind, String) {
    (DocumentKind::Identity, reason.to_owned())
}

fn word(kind: PrincipalKind) -> &'static str {
    match kind {
        PrincipalKind::Role => "role",
        PrincipalKind::User => "user",
        PrincipalKind::Group => "group",
        PrincipalKind::Other => "",
    }
}

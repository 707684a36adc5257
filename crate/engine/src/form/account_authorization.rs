//! `aws iam get-account-authorization-details`: every user, group and role of an account with its policies
//! ("GetAccountAuthorizationDetails" in the IAM API Reference).

use std::collections::{HashMap, HashSet};

use super::finder::{Finder, Policy};
use super::members::{all_of, get, has, is_true, join, string, strings, take, take_list};
use super::text::REST;
use super::{Applies, Form, FoundPrincipal, Missing, Part, PrincipalKind};
use crate::report::DocumentKind;
use crate::source::{Node, Value};
use crate::text::Span;

pub(super) static FORM: Form = Form {
    name: "the output of `aws iam get-account-authorization-details`",
    recognise: |node| {
        let lists: Vec<&str> = LISTS
            .iter()
            .map(|list| list.member)
            .filter(|member| get(node, member).is_some())
            .collect();
        let policies = || {
            let first = super::members::first(get(node, POLICIES)?)?;
            all_of(first, &[VERSIONS])?;
            Some(has(&[POLICIES, VERSIONS]))
        };
        if !lists.is_empty() {
            return Some(has(&lists));
        }
        let alone = LISTS.iter().find_map(|list| list.one(node));
        alone
            .map(|members| has(&members))
            .or_else(|| all_of(node, &["Arn", VERSIONS]))
            .or_else(policies)
    },
    find,
};

const POLICIES: &str = "Policies";
const VERSIONS: &str = "PolicyVersionList";

/// A list of principals, and what its members are called.
struct List {
    member: &'static str,
    kind: PrincipalKind,
    word: &'static str,
    name: &'static str,
    inline: &'static str,
}

impl List {
    /// The members by which an object is one of the list, taken out of it by `--query` or `jq`.
    fn one(&self, node: &Node<'_>) -> Option<[&'static str; 2]> {
        get(node, self.name)?;
        let policies = [self.inline, ATTACHED].into_iter();
        let mut lists = policies.filter(|member| {
            get(node, member).is_some_and(|value| matches!(value.value, Value::Array(_)))
        });
        Some([self.name, lists.next()?])
    }
}

const ATTACHED: &str = "AttachedManagedPolicies";
const LISTS: [List; 3] = [
    List {
        member: "UserDetailList",
        kind: PrincipalKind::User,
        word: "user",
        name: "UserName",
        inline: "UserPolicyList",
    },
    List {
        member: "GroupDetailList",
        kind: PrincipalKind::Group,
        word: "group",
        name: "GroupName",
        inline: "GroupPolicyList",
    },
    List {
        member: "RoleDetailList",
        kind: PrincipalKind::Role,
        word: "role",
        name: "RoleName",
        inline: "RolePolicyList",
    },
];

/// A principal before its managed policies and groups are looked up.
struct Principal {
    kind: PrincipalKind,
    word: &'static str,
    name: String,
    arn: Option<String>,
    inline: Vec<usize>,
    /// ARNs of managed policies, and where each stands.
    attached: Vec<(String, Span, String)>,
    groups: Vec<String>,
    boundary: Option<String>,
}

impl Principal {
    /// AWS: "you can't restrict service-linked roles" by SCPs, nor edit what they may do.
    fn is_service_linked(&self) -> bool {
        self.arn
            .as_deref()
            .is_some_and(|arn| arn.contains(":role/aws-service-role/"))
    }
}

fn find<'t>(mut node: Node<'t>, path: &str, finder: &mut Finder<'t>) {
    if is_true(&node, "IsTruncated") || get(&node, "NextToken").is_some() {
        finder.problem(
            node.span,
            "this is one page of the output: principals and policies of other pages are not judged. \
             The AWS CLI gives all pages where it is not told `--max-items` or `--no-paginate`",
        );
    }
    let alone = LISTS.iter().find(|list| list.one(&node).is_some());
    if let Some(list) = alone {
        let principal = principal(list, node, path, finder);
        let first = finder.found.principals.len();
        Attachments::new(HashMap::new(), true).attach(vec![principal], finder);
        if finder.is_cut_off() {
            for principal in first..finder.found.principals.len() {
                finder.found.lacks(principal, REST, Part::Identity);
            }
        }
        return;
    }
    let mut principals = Vec::new();
    for list in &LISTS {
        let path = join(path, list.member);
        for (index, node) in take_list(&mut node, list.member).into_iter().enumerate() {
            principals.push(principal(list, node, &format!("{path}[{index}]"), finder));
        }
    }
    let managed = if get(&node, VERSIONS).is_some() {
        managed(std::iter::once((node, path.to_owned())), finder)
    } else {
        let path = join(path, POLICIES);
        let policies = take_list(&mut node, POLICIES).into_iter().enumerate();
        managed(
            policies.map(|(index, policy)| (policy, format!("{path}[{index}]"))),
            finder,
        )
    };
    if principals.is_empty() {
        // Policies alone, such as by `--filter LocalManagedPolicy`: who has them is not told.
        let mut named: Vec<(String, usize)> = managed.into_iter().collect();
        named.sort_by_key(|(_, index)| *index);
        for (_, index) in named {
            finder.by_itself(index);
        }
        return;
    }
    Attachments::new(managed, false).attach(principals, finder);
}

/// One principal with its inline policies.
fn principal<'t>(
    list: &List,
    mut node: Node<'t>,
    path: &str,
    finder: &mut Finder<'t>,
) -> Principal {
    let mut principal = Principal {
        kind: list.kind,
        word: list.word,
        name: string(&node, list.name)
            .unwrap_or("without a name")
            .to_owned(),
        arn: string(&node, "Arn").map(str::to_owned),
        inline: Vec::new(),
        attached: attached(&node, path),
        groups: strings(&node, "GroupList"),
        boundary: get(&node, "PermissionsBoundary")
            .and_then(|boundary| string(boundary, "PermissionsBoundaryArn"))
            .map(str::to_owned),
    };
    if get(&node, list.name).is_none() {
        finder.problem(
            node.span,
            format!(
                "`{path}` has no `{}`, so it is not known who this is; its policies are judged",
                list.name
            ),
        );
    }
    let linked = principal.is_service_linked();
    for (index, mut inline) in take_list(&mut node, list.inline).into_iter().enumerate() {
        let path = format!("{}[{index}]", join(path, list.inline));
        let name = string(&inline, "PolicyName").unwrap_or_default().to_owned();
        let Some(document) = take(&mut inline, "PolicyDocument") else {
            finder.problem(
                inline.span,
                format!("`{path}` has no `PolicyDocument`: a part of the output is missing, and the rest is judged"),
            );
            continue;
        };
        let policy = Policy {
            name,
            path: join(&path, &document.name.value),
            kind: Some((
                DocumentKind::Identity,
                format!(
                    "it is an inline policy of the {} `{}`",
                    list.word, principal.name
                ),
            )),
            applies: if linked {
                Applies::Nobody(SERVICE_LINKED.to_owned())
            } else {
                Applies::Attached
            },
        };
        let index = finder.policy(document.value, policy);
        finder.found.register.inline.push(index);
        if !linked {
            principal.inline.push(index);
        }
    }
    if let Some(trust) = take(&mut node, "AssumeRolePolicyDocument") {
        let path = join(path, &trust.name.value);
        finder.trust_policy(trust.value, &principal.name, path);
    }
    principal
}

/// The managed policies that are attached to a principal: by ARN, and where each stands.
fn attached(node: &Node<'_>, path: &str) -> Vec<(String, Span, String)> {
    let path = join(path, ATTACHED);
    let named = |(index, policy)| {
        ["PolicyArn", "PolicyName"].iter().find_map(|member| {
            let name = get(policy, member)?;
            let Value::String(text) = &name.value else {
                return None;
            };
            let path = format!("{path}[{index}].{member}");
            Some((text.to_string(), name.span, path))
        })
    };
    let policies = super::members::list(node, ATTACHED);
    policies.iter().enumerate().filter_map(named).collect()
}

/// The default version of each managed policy, by ARN: the only one that is in force.
fn managed<'t>(
    policies: impl Iterator<Item = (Node<'t>, String)>,
    finder: &mut Finder<'t>,
) -> HashMap<String, usize> {
    let mut managed = HashMap::new();
    for (mut policy, path) in policies {
        let name = string(&policy, "PolicyName").unwrap_or_default().to_owned();
        let arn = string(&policy, "Arn").unwrap_or(&name).to_owned();
        let default = string(&policy, "DefaultVersionId").map(str::to_owned);
        let versions = take_list(&mut policy, VERSIONS);
        let found = versions.into_iter().enumerate().find(|(_, version)| {
            is_true(version, "IsDefaultVersion")
                || (default.is_some() && string(version, "VersionId") == default.as_deref())
        });
        let document =
            found.and_then(|(index, mut version)| Some((index, take(&mut version, "Document")?)));
        let Some((version, document)) = document else {
            finder.problem(
                policy.span,
                format!("{} does not have the document of its default version: a part of the output is missing", if path.is_empty() { "this".to_owned() } else { format!("`{path}`") }),
            );
            continue;
        };
        let index = finder.policy(
            document.value,
            Policy {
                name,
                path: format!(
                    "{}[{version}].{}",
                    join(&path, VERSIONS),
                    document.name.value
                ),
                kind: Some((
                    DocumentKind::Identity,
                    "it is a managed policy, in its default version".to_owned(),
                )),
                applies: Applies::Nobody(UNATTACHED.to_owned()),
            },
        );
        finder.found.register.managed.push((arn.clone(), index));
        managed.insert(arn, index);
    }
    managed
}

const SERVICE_LINKED: &str = "it belongs to a service-linked role, which only its AWS service can use: SCPs do not bind those, and they are out of scope here";
const UNATTACHED: &str =
    "it is attached to no user, group or role of this output, so it grants nothing";

/// Managed policies by ARN, and who has them.
struct Attachments {
    managed: HashMap<String, usize>,
    /// Managed policies that are permissions boundaries.
    boundaries: HashMap<String, usize>,
    /// Those that are attached as identity-based policies.
    used: HashSet<usize>,
    /// Whether one principal is here without the others.
    alone: bool,
}

impl Attachments {
    fn new(managed: HashMap<String, usize>, alone: bool) -> Self {
        Self {
            managed,
            boundaries: HashMap::new(),
            used: HashSet::new(),
            alone,
        }
    }

    fn attach(mut self, principals: Vec<Principal>, finder: &mut Finder<'_>) {
        let groups: HashMap<&str, &Principal> = principals
            .iter()
            .filter(|principal| principal.kind == PrincipalKind::Group)
            .map(|group| (group.name.as_str(), group))
            .collect();
        let mut peopled: HashSet<&str> = HashSet::new();
        for principal in &principals {
            if principal.kind == PrincipalKind::Group {
                continue;
            }
            if principal.is_service_linked() {
                finder.found.principals.push(FoundPrincipal {
                    aside: Some("a service-linked role, which only its AWS service can use: SCPs do not bind those, and they are out of scope here".to_owned()),
                    ..named(principal)
                });
                continue;
            }
            let mut found = named(principal);
            self.own(principal, &mut found, finder);
            for name in &principal.groups {
                match groups.get(name.as_str()) {
                    Some(group) => self.own(group, &mut found, finder),
                    None => found
                        .missing
                        .push(Missing::new(format!("group {name}"), Part::Identity)),
                }
                peopled.insert(name);
            }
            if let Some(arn) = &principal.boundary {
                match self.boundary(arn, finder) {
                    Some(index) => found.policies.push(index),
                    None => found
                        .missing
                        .push(Missing::new(arn.clone(), Part::Boundary)),
                }
            }
            found.policies.sort_unstable();
            found.policies.dedup();
            finder.found.principals.push(found);
        }
        for principal in &principals {
            if principal.kind == PrincipalKind::Group && !peopled.contains(principal.name.as_str())
            {
                let mut found = FoundPrincipal {
                    arn: None,
                    ..named(principal)
                };
                if !self.alone {
                    found.name += " (without users)";
                }
                self.own(principal, &mut found, finder);
                finder.found.principals.push(found);
            }
        }
        for index in self.used {
            finder.attached(index);
        }
    }

    /// The inline and attached policies of a user, role or group, for this principal.
    fn own(&mut self, holder: &Principal, found: &mut FoundPrincipal, finder: &mut Finder<'_>) {
        found.policies.extend(&holder.inline);
        for (arn, span, path) in &holder.attached {
            let here = self.managed.get(arn).copied();
            match here.or_else(|| finder.known_policy(arn, *span, path)) {
                Some(index) => {
                    self.managed.entry(arn.clone()).or_insert(index);
                    self.used.insert(index);
                    found.policies.push(index);
                }
                None => found
                    .missing
                    .push(Missing::new(arn.clone(), Part::Identity)),
            }
        }
    }

    /// A managed policy as a permissions boundary: a document of its own, since it may be attached to others as an
    /// identity-based policy.
    fn boundary(&mut self, arn: &str, finder: &mut Finder<'_>) -> Option<usize> {
        if let Some(index) = self.boundaries.get(arn) {
            return Some(*index);
        }
        let index = finder.again(
            *self.managed.get(arn)?,
            DocumentKind::PermissionsBoundary,
            "it is a managed policy that a principal here has as its permissions boundary",
        )?;
        self.boundaries.insert(arn.to_owned(), index);
        Some(index)
    }
}

fn named(principal: &Principal) -> FoundPrincipal {
    FoundPrincipal {
        arn: principal.arn.clone(),
        name: format!("{} {}", principal.word, principal.name),
        kind: principal.kind,
        complete: true,
        ..FoundPrincipal::default()
    }
}

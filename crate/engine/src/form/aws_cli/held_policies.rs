//! Commands that name the policies of a role, user, group or permission set, without the documents: `aws iam
//! list-attached-role-policies`, `list-role-policies` and those alike.

use crate::form::finder::Finder;
use crate::form::found::{anywhere, permission_set_role};
use crate::form::members::{first, get, has, is_true, join, list};
use crate::form::missing::PAGES;
use crate::form::text::REST;
use crate::form::{Form, FoundPrincipal, Missing, Part, PrincipalKind};
use crate::source::{Node, Value};
use crate::text::Span;

pub(in crate::form) static FORM: Form = Form {
    name: "a list of the policies that somebody has, without their documents",
    recognise: |node| LISTS.iter().find_map(|list| list.recognise(node)),
    find,
};

/// A list by the member that it is told by.
struct List {
    member: &'static str,
    /// The member that names a policy in it; `None` where it has the names themselves.
    policy: Option<&'static str>,
    /// What it does not name, and the commands that do.
    others: (&'static str, &'static str),
}

const LISTS: [List; 3] = [
    List {
        member: "AttachedPolicies",
        policy: Some("PolicyArn"),
        others: ("inline policies", "list"),
    },
    List {
        member: "AttachedManagedPolicies",
        policy: Some("Arn"),
        others: ("inline policies", ""),
    },
    List {
        member: "PolicyNames",
        policy: None,
        others: ("managed policies", "list-attached"),
    },
];

impl List {
    fn recognise(&self, node: &Node<'_>) -> Option<String> {
        let value = get(node, self.member)?;
        let Value::Array(nodes) = &value.value else {
            return None;
        };
        let known = match (first(value), self.policy) {
            (Some(one), Some(member)) => get(one, member).is_some(),
            _ => nodes
                .iter()
                .all(|node| matches!(node.value, Value::String(_))),
        };
        known.then(|| has(&[self.member]))
    }

    /// What tells of the policies that it does not name.
    fn others(&self, holder: Option<&Holder>) -> String {
        let (what, verb) = self.others;
        let command = match holder {
            _ if verb.is_empty() => "aws sso-admin get-inline-policy-for-permission-set".to_owned(),
            Some(Holder { kind, name }) if *kind != PrincipalKind::Other => {
                let word = kind.word();
                format!("aws iam {verb}-{word}-policies --{word}-name {name}")
            }
            _ => format!("aws iam {verb}-role-policies` or `{verb}-user-policies"),
        };
        format!("whether there are {what} besides is told by `{command}`")
    }

    /// The policies that are named, and where.
    fn names(&self, node: &Node<'_>, path: &str) -> Vec<(String, Span, String)> {
        let path = join(path, self.member);
        let named = |(index, one): (usize, &Node<'_>)| {
            let (name, path) = match self.policy {
                Some(member) => (get(one, member)?, format!("{path}[{index}].{member}")),
                None => (one, format!("{path}[{index}]")),
            };
            match &name.value {
                Value::String(text) => Some((text.to_string(), name.span, path)),
                _ => None,
            }
        };
        let nodes = list(node, self.member);
        nodes.iter().enumerate().filter_map(named).collect()
    }
}

/// Whose policies are listed, as the command line says.
struct Holder {
    kind: PrincipalKind,
    name: String,
}

impl Holder {
    fn of(finder: &Finder<'_>) -> Option<Self> {
        let kinds = [
            ("role-name", PrincipalKind::Role),
            ("user-name", PrincipalKind::User),
            ("group-name", PrincipalKind::Group),
            ("permission-set-arn", PrincipalKind::Other),
        ];
        kinds.into_iter().find_map(|(option, kind)| {
            let name = finder.option(option)?.to_owned();
            Some(Self { kind, name })
        })
    }

    fn told(&self) -> String {
        match self.kind {
            PrincipalKind::Other => {
                let id = self.name.rsplit('/').next().unwrap_or_default();
                format!("permission set {id}")
            }
            kind => format!("{} {}", kind.word(), self.name),
        }
    }

    fn resources(&self) -> Vec<String> {
        match self.kind {
            PrincipalKind::Other => vec![permission_set_role(None)],
            kind => anywhere(kind.word(), &self.name),
        }
    }
}

fn find<'t>(node: Node<'t>, path: &str, finder: &mut Finder<'t>) {
    let list = LISTS.iter().find(|list| list.recognise(&node).is_some());
    let Some(list) = list else { return };
    let holder = Holder::of(finder);
    let of_holder = holder
        .as_ref()
        .map(|holder| (holder.kind.word(), holder.name.as_str()));
    let mut principal = FoundPrincipal {
        name: "the holder of the listed policies".to_owned(),
        ..FoundPrincipal::default()
    };
    if let Some(holder) = &holder {
        principal.name = holder.told();
        principal.resources = holder.resources();
        principal.kind = holder.kind;
    }
    for (name, span, path) in list.names(&node, path) {
        if list.policy.is_none() {
            principal.missing.push(Missing::inline(&name, of_holder));
        } else if let Some(known) = finder.known_policy(&name, span, &path) {
            principal.policies.push(known);
        } else {
            principal.missing.push(Missing::new(name, Part::Identity));
        }
    }
    tell(list, &node, &principal, holder.as_ref(), finder);
    if is_true(&node, "IsTruncated") || get(&node, "NextToken").is_some() {
        finder.problem(
            node.span,
            format!(
                "this is one page, and {PAGES} may name more policies: the AWS CLI gives all pages where \
                 it is not told `--max-items` or `--no-paginate`"
            ),
        );
        principal.missing.push(Missing::new(PAGES, Part::Identity));
    }
    if finder.lacks_some_of(list.member) {
        principal.missing.push(Missing::new(REST, Part::Identity));
    }
    if !principal.policies.is_empty() || !principal.missing.is_empty() {
        finder.found.principals.push(principal);
    }
}

/// Says what the list lacks. Of somebody who is named the verdict says so.
fn tell(
    list: &List,
    node: &Node<'_>,
    principal: &FoundPrincipal,
    holder: Option<&Holder>,
    finder: &mut Finder<'_>,
) {
    let empty = principal.policies.is_empty() && principal.missing.is_empty();
    let message = match holder {
        _ if empty => format!(
            "this list is empty, so there is nothing to judge in it; {}",
            list.others(holder)
        ),
        None => "this names policies without saying whose they are: paste it together with its command; or paste what \
            `aws iam get-account-authorization-details` gives, which is everybody with all documents"
            .to_owned(),
        Some(_) => return,
    };
    finder.problem(node.span, message);
}

//! Commands of `aws organizations` that list what is attached to what, and what stands below what. Each says one side
//! of it only; the other is in the command line.

use super::{lists, targets};
use crate::form::Form;
use crate::form::finder::Finder;
use crate::form::members::{has, list, string};
use crate::form::register::{Attachment, Scp, Target};
use crate::source::Node;

pub(in crate::form) static POLICIES: Form = Form {
    name: "the output of `aws organizations list-policies-for-target`",
    recognise: |node| lists(node, "Policies", &["Id", "Type"]).then(|| has(&["Policies"])),
    find: find_policies,
};

pub(in crate::form) static TARGETS: Form = Form {
    name: "the output of `aws organizations list-targets-for-policy`",
    recognise: |node| lists(node, "Targets", &["TargetId", "Type"]).then(|| has(&["Targets"])),
    find: find_targets,
};

pub(in crate::form) static TREE: Form = Form {
    name: "the output of `aws organizations list-parents`, `list-accounts` or `list-organizational-units-for-parent`",
    recognise: |node| {
        [
            ("Parents", ["Id", "Type"]),
            ("Accounts", ["Id", "Arn"]),
            ("OrganizationalUnits", ["Id", "Arn"]),
            ("Children", ["Id", "Type"]),
        ]
        .into_iter()
        .find(|(name, members)| lists(node, name, members))
        .map(|(name, _)| has(&[name]))
    },
    find: find_tree,
};

/// The policies of a target that the output or the command names.
fn find_policies<'t>(node: Node<'t>, _: &str, finder: &mut Finder<'t>) {
    let target = string(&node, "TargetId")
        .or_else(|| finder.option("target-id"))
        .map(|id| Target::new(id, None));
    let policies: Vec<(&str, &str)> = list(&node, "Policies")
        .iter()
        .filter(|policy| string(policy, "Type") == Some("SERVICE_CONTROL_POLICY"))
        .filter_map(|policy| {
            let id = string(policy, "Id")?;
            Some((id, string(policy, "Name").unwrap_or(id)))
        })
        .collect();
    for arn in list(&node, "Policies")
        .iter()
        .filter_map(|policy| string(policy, "Arn"))
    {
        finder.found.register.managed_by(arn);
    }
    let Some(target) = target else {
        let named: Vec<String> = policies
            .iter()
            .filter(|(id, _)| *id != FULL_ACCESS)
            .map(|(id, name)| format!("`{id}` ({name})"))
            .collect();
        let message = match named.as_slice() {
            [] => "this lists policies, none of them an SCP of your own, and holds no document: there is nothing to judge".to_owned(),
            named => format!(
                "this lists {} and holds no document, nor does it say to what they are attached: add what `aws organizations \
                 describe-policy --policy-id ID` gives for each, and paste this list together with its command line, \
                 which names the target (`--target-id`)",
                named.join(", ")
            ),
        };
        return finder.problem(node.span, message);
    };
    for (id, name) in policies {
        finder.found.register.attachments.push(Attachment {
            target: target.clone(),
            policy: Scp::Id {
                id: id.to_owned(),
                name: name.to_owned(),
            },
            listed: Some(node.span),
        });
    }
}

/// AWS's own SCP that allows everything; it stands beside all that is pasted.
pub(crate) const FULL_ACCESS: &str = "p-FullAWSAccess";

/// The targets of a policy that the output or the command names.
fn find_targets<'t>(node: Node<'t>, _: &str, finder: &mut Finder<'t>) {
    let policy = string(&node, "PolicyId").or_else(|| finder.option("policy-id"));
    let Some(id) = policy.map(str::to_owned) else {
        return finder.problem(
            node.span,
            "this lists targets and does not say of which policy: paste it together with its command line, which \
             names it (`--policy-id`)",
        );
    };
    for arn in list(&node, "Targets")
        .iter()
        .filter_map(|target| string(target, "Arn"))
    {
        finder.found.register.managed_by(arn);
    }
    for target in targets(&node) {
        finder.found.register.attachments.push(Attachment {
            target,
            policy: Scp::Id {
                id: id.clone(),
                name: id.clone(),
            },
            listed: Some(node.span),
        });
    }
}

/// Who stands below whom.
fn find_tree<'t>(node: Node<'t>, _: &str, finder: &mut Finder<'t>) {
    let child = finder.option("child-id").map(str::to_owned);
    let parent = finder.option("parent-id").map(str::to_owned);
    let mut untold = None;
    for parent in list(&node, "Parents")
        .iter()
        .filter_map(|parent| string(parent, "Id"))
    {
        match &child {
            Some(child) => finder
                .found
                .register
                .parents
                .push((child.clone(), parent.to_owned())),
            None => untold = Some("--child-id"),
        }
    }
    for name in ["Accounts", "OrganizationalUnits", "Children"] {
        for child in list(&node, name) {
            if let Some(arn) = string(child, "Arn") {
                finder.found.register.managed_by(arn);
            }
            let Some(id) = string(child, "Id") else {
                continue;
            };
            match string(child, "ParentId").or(parent.as_deref()) {
                Some(parent) => finder
                    .found
                    .register
                    .parents
                    .push((id.to_owned(), parent.to_owned())),
                None => untold = Some("--parent-id"),
            }
        }
    }
    if let Some(option) = untold {
        finder.problem(
            node.span,
            format!(
                "this does not say whose parent or children it lists: paste it together with its command line, which \
                 names it (`{option}`)"
            ),
        );
    }
}

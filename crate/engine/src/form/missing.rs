//! Policies that apply to a principal and whose documents are not in the input: what they may do, and the command
//! that gives each.

use std::borrow::Cow;

use super::text::REST;
use crate::report::DocumentKind;

/// A policy that applies to a principal and whose document is not in the input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Missing {
    /// Its ARN, id or name.
    pub(crate) policy: String,
    pub(crate) part: Part,
    /// The command that gives it, where its name alone does not tell.
    pub(crate) command: Option<String>,
}

/// What a missing policy does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    /// It grants, and may deny.
    Identity,
    /// As `Identity`, and it stands in whom it belongs to: other principals have others of the same name.
    Inline,
    /// It caps, as a principal's permissions boundary.
    Boundary,
    /// It caps, as an SCP.
    Scp,
}

/// Before the name of a managed policy of AWS's of which no more is known.
pub(crate) const OF_AWS: &str = "AWS managed policy ";

impl Part {
    /// The kind of document that has this part.
    pub(crate) fn kind(self) -> DocumentKind {
        match self {
            Self::Identity | Self::Inline => DocumentKind::Identity,
            Self::Boundary => DocumentKind::PermissionsBoundary,
            Self::Scp => DocumentKind::Scp,
        }
    }
}

impl Missing {
    pub(crate) fn new(policy: impl Into<String>, part: Part) -> Self {
        Self {
            policy: policy.into(),
            part,
            command: None,
        }
    }

    /// An inline policy, and the word and the name of whom it is in, where that is known.
    pub(crate) fn inline(policy: &str, holder: Option<(&str, &str)>) -> Self {
        let holder = holder.filter(|(_, name)| is_plain(name) && is_plain(policy));
        Self {
            command: holder.map(|(word, name)| {
                format!("`aws iam get-{word}-policy --{word}-name {name} --policy-name {policy}`")
            }),
            ..Self::new(policy, Part::Inline)
        }
    }

    /// Whether it may stop what the documents at hand allow. AWS's own managed policies grant; those that deny say so
    /// in their names.
    pub(crate) fn may_stop(&self) -> bool {
        self.part != Part::Identity || !self.is_taken_to_grant()
    }

    /// Whether it may allow, or deny, what the documents at hand do not.
    pub(crate) fn may_grant(&self) -> bool {
        self.part.kind() == DocumentKind::Identity
    }

    /// Whether it is one of AWS's managed policies, which are taken to deny nothing.
    pub(crate) fn is_taken_to_grant(&self) -> bool {
        let denies = ["Deny", "Quarantine", "Boundary", "AllowList"];
        self.part == Part::Identity
            && self
                .of_aws()
                .is_some_and(|name| !denies.iter().any(|word| name.contains(word)))
    }

    /// The name of a managed policy of AWS's.
    fn of_aws(&self) -> Option<&str> {
        if let Some(name) = self.policy.strip_prefix(OF_AWS) {
            return Some(name);
        }
        let (_, name) = self.policy.split_once(":iam::aws:policy/")?;
        name.rsplit('/').next()
    }

    /// How to come by its document, where it is known by its ARN, id or name: "… gives it".
    fn source(&self) -> Option<String> {
        let policy = &self.policy;
        if let Some(command) = &self.command {
            return Some(command.clone());
        }
        if self.part == Part::Scp {
            let is_id = policy.starts_with("p-") && is_plain(policy);
            return is_id
                .then(|| format!("`aws organizations describe-policy --policy-id {policy}`"));
        }
        if let Some(name) = policy.strip_prefix(OF_AWS).filter(|name| is_plain(name)) {
            return Some(format!(
                "`aws iam get-policy-version` for the ARN and the version that `aws iam list-policies --scope AWS \
                 --query \"Policies[?PolicyName=='{name}'].[Arn,DefaultVersionId]\"` tells"
            ));
        }
        let is_arn = policy.starts_with("arn:") && policy.contains(":policy/") && is_plain(policy);
        is_arn.then(|| {
            format!(
                "`aws iam get-policy-version --policy-arn {policy} --version-id $(aws iam get-policy --policy-arn {policy} \
                 --query Policy.DefaultVersionId --output text)`"
            )
        })
    }
}

/// The name of one of AWS's managed policies as it is written where its ARN is not known.
pub(crate) fn name_of_aws(arn: &str) -> Option<String> {
    let (_, path) = arn.split_once(":iam::aws:policy/")?;
    let name = path.rsplit('/').next()?;
    Some(format!("{OF_AWS}{name}"))
}

/// What a list that is one page of several does not have.
pub(crate) const PAGES: &str = "the pages of the list that follow";

/// Whether a shell takes it as one word.
fn is_plain(text: &str) -> bool {
    text.chars()
        .all(|c| c.is_ascii_alphanumeric() || "_:/+=,.@-".contains(c))
}

/// Whether it is a single policy.
pub(crate) fn is_one(missing: &[&Missing]) -> bool {
    matches!(missing, [one] if one.policy != PAGES)
}

/// That these are attached and not here.
pub(crate) fn told(missing: &[&Missing]) -> String {
    if missing.iter().any(|missing| missing.policy == REST) {
        return format!("{REST} could not be read and may attach a policy");
    }
    const SHOWN: usize = 4;
    let (pages, named): (Vec<&Missing>, Vec<&Missing>) =
        missing.iter().partition(|missing| missing.policy == PAGES);
    let names: Vec<String> = named
        .iter()
        .take(SHOWN)
        .map(|missing| match missing.part {
            Part::Inline => format!("the inline policy `{}`", missing.policy),
            _ => format!("`{}`", missing.policy),
        })
        .collect();
    let more = named.len() - names.len();
    let names = match names.as_slice() {
        [] => return format!("{PAGES} are not in the input"),
        [_, ..] if more > 0 => format!("{} and {more} more", names.join(", ")),
        [first @ .., last] if !first.is_empty() => format!("{} and {last}", first.join(", ")),
        _ => names.concat(),
    };
    let are = if named.len() == 1 { "is" } else { "are" };
    let pages = if pages.is_empty() {
        String::new()
    } else {
        format!(", nor are {PAGES}")
    };
    format!("{names} {are} attached and not in the input{pages}")
}

/// What is to be added, and how to come by it.
pub(crate) fn wanted(missing: &[&Missing]) -> Cow<'static, str> {
    let what = if missing.iter().all(|missing| missing.policy == PAGES) {
        "them"
    } else if is_one(missing) {
        "its document"
    } else {
        "their documents"
    };
    if missing.iter().any(|missing| missing.policy == REST) {
        return "mend it, or paste all of it".into();
    }
    let first = missing.iter().find_map(|missing| missing.source());
    match (first, missing) {
        (None, _) => format!("add {what}").into(),
        (Some(source), [_]) => {
            format!("add {what}, pasted together with the command: by {source}").into()
        }
        (Some(source), _) => {
            format!("add {what}, each pasted together with its command, such as by {source}").into()
        }
    }
}

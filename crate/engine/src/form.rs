//! The forms in which policies are pasted: which one an input is, which policies are in it, and whom they are
//! attached to. A form is recognised by its structure, never by a name of a file.
//!
//! To add one: a file in `form/` with a `Form`, and its entry in `FORMS`. `recognise` looks at a tree without changing
//! it; `find` takes the tree apart, hands each policy to the `Finder`, and says what it did not understand.

mod account_authorization;
mod aws_cli;
mod cloudformation;
mod command;
mod exact;
mod finder;
mod found;
mod fragment;
mod holders;
mod holes;
mod known;
mod managed_policies;
mod members;
pub(crate) mod missing;
mod nested;
mod organizations;
mod policy_document;
mod register;
mod terraform;
mod text;

use crate::source::Node;

pub(crate) use finder::Finder;
pub(crate) use found::{Applies, Content, Found, FoundPolicy, FoundPrincipal, PrincipalKind};
pub(crate) use missing::{Missing, Part};
pub(crate) use organizations::listed::FULL_ACCESS;
pub(crate) use register::{Register, Scp};
pub(crate) use text::find;

/// A form of input.
pub(crate) struct Form {
    /// As `Report.inputs` names it: "the output of `aws iam get-role`".
    pub(crate) name: &'static str,
    /// The members by which it is recognised, as a reason in words; `None` where the tree is something else.
    pub(crate) recognise: fn(&Node<'_>) -> Option<String>,
    /// Hands the policies of a recognised tree to the finder. The path is where the tree stands in the input.
    pub(crate) find: for<'t> fn(Node<'t>, &str, &mut Finder<'t>),
}

/// Every form of a tree, in the order in which they are tried: the first that recognises it takes it.
static FORMS: [&Form; 21] = [
    &policy_document::DOCUMENT,
    &cloudformation::FORM,
    &terraform::SHOWN,
    &terraform::STATE,
    &account_authorization::FORM,
    &organizations::described::FORM,
    &organizations::listed::POLICIES,
    &organizations::listed::TARGETS,
    &organizations::listed::TREE,
    &aws_cli::inline_policy::FORM,
    &aws_cli::policy_version::FORM,
    &aws_cli::resource_policy::FORM,
    &aws_cli::permission_set::FORM,
    &aws_cli::principal::FORM,
    &aws_cli::held_policies::FORM,
    &aws_cli::no_policy::FORM,
    &managed_policies::FORM,
    &fragment::STATEMENT,
    &fragment::STATEMENTS,
    &policy_document::ARRAY,
    &nested::FORM,
];

//! Output of the AWS CLI: one file for each group of commands that answer alike.

pub(super) mod held_policies;
pub(super) mod inline_policy;
pub(super) mod no_policy;
pub(super) mod permission_set;
pub(super) mod policy_version;
pub(super) mod principal;
pub(super) mod resource_policy;

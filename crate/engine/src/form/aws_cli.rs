//! Output of the AWS CLI: one file for each group of commands that answer alike.

pub(super) mod inline_policy;

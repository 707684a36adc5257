//! iam-guardrails: decides whether IAM policies let anyone who should not switch off CloudTrail.
#![forbid(unsafe_code)]

mod decide;
pub mod evaluate;
pub mod matcher;
pub mod pattern;
pub mod policy;
pub mod problem;
pub mod report;
pub mod request;
pub mod source;
pub mod text;

//! iam-guardrails: decides whether IAM policies let anyone who should not switch off CloudTrail.
#![forbid(unsafe_code)]

mod case;
mod check;
mod decide;
pub mod evaluate;
pub mod guardrail;
pub mod matcher;
pub mod pattern;
pub mod policy;
pub mod problem;
mod replay;
pub mod report;
pub mod request;
pub mod source;
pub mod text;

pub use check::{Phase, check, check_with};
pub use guardrail::{GuardrailInfo, guardrails};
pub use report::Report;
pub use request::{CheckRequest, Settings};

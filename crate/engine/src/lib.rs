//! iam-guardrails: decides whether IAM policies let anyone who should not switch off CloudTrail.
//!
//! [`check`] takes documents and settings ([`CheckRequest`]) and answers with a [`Report`]: what was read,
//! a verdict for each guardrail with the statements that decide it, and, for a `fail`, a concrete request that
//! AWS would let through. A bad document is part of the report, never an error.
//!
//! The way of a text through the engine: [`source`] reads it to a tree with places, `form` finds the policies in it
//! and whom they are attached to, [`policy`] reads them to typed statements, each [`guardrail`] asks its questions, `decide` answers them over all requests, and
//! [`evaluate`] confirms every request that was found.
//!
//! ```
//! use iam_guardrails::report::Verdict;
//! use iam_guardrails::request::{CheckRequest, DocumentInput};
//!
//! let report = iam_guardrails::check(&CheckRequest {
//!     documents: vec![DocumentInput {
//!         name: "admin".to_owned(),
//!         text: r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}"#
//!             .to_owned(),
//!         ..DocumentInput::default()
//!     }],
//!     ..CheckRequest::default()
//! });
//! let stop_logging = &report.guardrails[0];
//! assert_eq!(stop_logging.id, "IAM-CLOUDTRAIL-1");
//! assert_eq!(stop_logging.verdict, Verdict::Fail);
//! let witness = stop_logging.witness.as_ref().unwrap();
//! assert_eq!(witness.principal, "arn:aws:iam::111122223333:role/Developer");
//! ```
#![forbid(unsafe_code)]

mod case;
mod check;
mod decide;
mod draft;
pub mod evaluate;
mod form;
pub mod guardrail;
pub mod matcher;
pub mod pattern;
pub mod policy;
pub mod problem;
mod replay;
pub mod report;
pub mod request;
pub mod source;
mod survey;
pub mod text;

pub use check::{Phase, check, check_with};
pub use guardrail::{Guardrail, guardrails};
pub use report::Report;
pub use request::{CheckRequest, Settings};
pub use survey::{DocumentSummary, Excerpt, Overview, PrincipalRow, Step, Survey};

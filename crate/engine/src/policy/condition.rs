//! The `Condition` element.

use std::borrow::Cow;

use crate::policy::operator::Operator;
use crate::text::{Span, Spanned};

/// One operator, one key and its values. Values are ORed (for a negated operator: NORed).
#[derive(Debug, Clone)]
pub struct Condition<'t> {
    /// From the key (its opening quote) to the end of its values.
    pub span: Span,
    /// The operator; its span is that of the operator's name.
    pub operator: Spanned<Operator>,
    /// The condition key as written; keys are compared without regard to case.
    pub key: Spanned<Cow<'t, str>>,
    /// The values; numbers and booleans as they are written.
    pub values: Vec<Spanned<Cow<'t, str>>>,
}

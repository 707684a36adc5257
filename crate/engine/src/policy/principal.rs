//! The `Principal` and `NotPrincipal` elements.

use std::borrow::Cow;

use crate::text::Spanned;

/// One value of a `Principal` or `NotPrincipal` element.
#[derive(Debug, Clone)]
pub struct PrincipalEntry<'t> {
    /// The kind it is listed under.
    pub kind: PrincipalKind,
    /// The value as written.
    pub value: Spanned<Cow<'t, str>>,
}

/// The kinds of principal a resource-based policy can name ("AWS JSON policy elements: Principal").
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PrincipalKind {
    /// `"Principal": "*"` or `{"AWS": "*"}`: everyone, anonymous callers among them.
    Everyone,
    /// `AWS`: an account id, an account root ARN, a role, user, role session or federated user ARN, or a unique id.
    Aws,
    /// `Service`: an AWS service principal.
    Service,
    /// `Federated`: an identity provider.
    Federated,
    /// `CanonicalUser`: an S3 canonical user id.
    CanonicalUser,
}

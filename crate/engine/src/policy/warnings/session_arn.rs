//! An STS session ARN compared with `aws:PrincipalArn`, which holds the role's ARN: an exemption that exempts nobody.

use crate::policy::Condition;
use crate::policy::arn::Arn;
use crate::policy::elements::excerpt;
use crate::problem::Problems;

pub(super) fn find(condition: &Condition<'_>, problems: &mut Problems) {
    if !condition.key.value.eq_ignore_ascii_case("aws:PrincipalArn") {
        return;
    }
    for value in &condition.values {
        let Some(arn) = Arn::parse(&value.value) else {
            continue;
        };
        let Some(session) = arn
            .resource
            .and_then(|resource| resource.strip_prefix("assumed-role/"))
        else {
            continue;
        };
        let role = session.split_once('/').map_or(session, |(role, _)| role);
        let account = arn.account.unwrap_or_default();
        let partition = arn.partition;
        problems.warning(
            value.span,
            format!(
                "`aws:PrincipalArn` holds the ARN of the role, never that of its session, so `{}` matches nobody: write `arn:{partition}:iam::{account}:role/{role}` (with the role's path, if it has one)",
                excerpt(&value.value)
            ),
        );
    }
}

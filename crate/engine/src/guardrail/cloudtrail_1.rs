//! IAM-CLOUDTRAIL-1: nobody unauthorized may delete a trail or stop its logging.

use super::{Guardrail, Subject, trail_actions};

pub(super) static GUARDRAIL: Guardrail = Guardrail {
    id: "IAM-CLOUDTRAIL-1",
    title: "Check that Principals aren’t allowed to DeleteTrail or StopLogging",
    why: "As Cloudtrail is the source for auditing of activity within your AWS Account, it is important to \
          verify that this functionality cannot be disabled by most entities within your Organization. This \
          permission should be limited to breakglass roles (those who own the logging capability). It is also \
          important to call out that Cloudtrail supports Resource Level Permissions for individual trails, so \
          this can be scoped to Infosec/Logging Team owned Trails if the usecase exists for other independent \
          teams to need access to manage their own trails",
    remedy: "Verify that DeleteTrail and StopLogging are explicitly denied to non-whitelisted Principals And \
             That DeleteTrail and StopLogging permissions don’t exist in an Allow Statement for any \
             non-whitelisted principal",
    references: &[
        "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/security_iam_id-based-policy-examples.html",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/list_awscloudtrail.html",
    ],
    actions: &["cloudtrail:DeleteTrail", "cloudtrail:StopLogging"],
    subject: Subject::Caller,
    check: trail_actions::check,
};

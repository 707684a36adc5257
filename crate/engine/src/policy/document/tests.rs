//! Bad documents: each is told in words, at its place, and all of what is wrong at once.

use crate::policy::{Effect, Matching, Version, read};
use crate::report::{DocumentKind, Severity};
use crate::request::KindInput;
use crate::source;

/// The errors of a text: what is marked, and the message.
fn errors(text: &str, kind: KindInput) -> Vec<(&str, String)> {
    let reading = read(source::parse(text).unwrap(), kind);
    let errors: Vec<_> = reading
        .problems
        .into_iter()
        .filter(|problem| problem.severity == Severity::Error)
        .map(|problem| {
            let range = problem.span.start as usize..problem.span.end as usize;
            (text.get(range).unwrap(), problem.message)
        })
        .collect();
    assert_eq!(errors.is_empty(), reading.policy.is_some(), "{text}");
    errors
}

/// Each expected error, in the order of the text: what is marked, and words of the message.
#[track_caller]
fn told_as(text: &str, kind: KindInput, expected: &[(&str, &str)]) {
    let told = errors(text, kind);
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

#[track_caller]
fn told(text: &str, expected: &[(&str, &str)]) {
    told_as(text, KindInput::Auto, expected);
}

/// The errors of a document with one statement.
#[track_caller]
fn in_statement(statement: &str, expected: &[(&str, &str)]) {
    let text = format!("{{\"Version\": \"2012-10-17\", \"Statement\": [{statement}]}}");
    told(&text, expected);
}

/// The errors of an identity-based policy's statement with this condition.
#[track_caller]
fn in_condition(condition: &str, expected: &[(&str, &str)]) {
    in_statement(
        &format!(
            "{{\"Effect\": \"Allow\", \"Action\": \"s3:*\", \"Resource\": \"*\", \"Condition\": {condition}}}"
        ),
        expected,
    );
}

/// The errors of a bucket policy's statement with this principal.
#[track_caller]
fn in_principal(principal: &str, expected: &[(&str, &str)]) {
    in_statement(
        &format!(
            "{{\"Effect\": \"Allow\", \"Principal\": {principal}, \"Action\": \"s3:*\", \"Resource\": \"*\"}}"
        ),
        expected,
    );
}

const GOOD: &str = "{\"Effect\": \"Allow\", \"Action\": \"s3:*\", \"Resource\": \"*\"}";

#[test]
fn what_is_no_document() {
    told("[]", &[("[", "this is a list")]);
    told(&format!("[{GOOD}]"), &[("[", "a list of statements")]);
    told("null", &[("n", "this is `null`")]);
    told(
        "\"{\\\"Version\\\": 1}\"",
        &[("\"", "a string that holds a document")],
    );
    told("12", &[("1", "this is a number")]);
    told("{}", &[("{", "no `Statement`")]);
    told(GOOD, &[("\"Effect\"", "a statement, not a document")]);
    told(
        "{\"PolicyVersion\": {\"Document\": {}}}",
        &[("\"PolicyVersion\"", "inside of `PolicyVersion`")],
    );
    told(
        "{\"AWSTemplateFormatVersion\": \"2010-09-09\"}",
        &[("\"AWSTemplateFormatVersion\"", "CloudFormation")],
    );
    told(
        "{\"format_version\": \"1.2\"}",
        &[("\"format_version\"", "Terraform")],
    );
}

#[test]
fn elements_of_the_document() {
    told(
        &format!(
            "{{\"version\": \"2012-10-17\", \"Statements\": [], \"Statement\": [{GOOD}], \"Comment\": 1}}"
        ),
        &[
            ("\"version\"", "is written `Version`"),
            ("\"Statements\"", "did you mean `Statement`?"),
            ("\"Comment\"", "knows no element `Comment` in the document"),
        ],
    );
    told(
        &format!("{{\"Effect\": \"Allow\", \"Statement\": [{GOOD}]}}"),
        &[("\"Effect\"", "move it into one")],
    );
    told(
        &format!("{{\"Version\": \"2012-10-18\", \"Id\": 1, \"Statement\": {GOOD}}}"),
        &[
            ("\"2012-10-18\"", "no policy language version"),
            ("1", "`Id` takes a string, not a number"),
        ],
    );
    told(
        &format!("{{\"Version\": 2012, \"Statement\": {GOOD}}}"),
        &[("2", "`Version` takes a string, not a number")],
    );
    told("{\"Statement\": []}", &[("\"Statement\"", "no statement")]);
    told("{\"Statement\": null}", &[("n", "not `null`")]);
    told(
        "{\"Statement\": [[]]}",
        &[("[", "a statement is an object")],
    );
    told(
        &format!("{{\"Statement\": [{GOOD}], \"Statement\": [{GOOD}], \"Statement\": 1}}"),
        &[
            ("\"Statement\"", "a second time"),
            ("\"Statement\"", "a second time"),
        ],
    );
}

#[test]
fn elements_of_a_statement() {
    in_statement(
        "{}",
        &[
            ("{", "no `Effect`"),
            ("{", "neither `Action` nor `NotAction`"),
        ],
    );
    in_statement(
        "{\"Version\": \"2012-10-17\", \"effect\": \"Allow\", \"Effect\": \"allow\", \"Actions\": [], \"NotAction\": 1, \"Resource\": {\"Ref\": \"x\"}}",
        &[
            ("\"Version\"", "an element of the document"),
            ("\"effect\"", "is written `Effect`"),
            ("\"allow\"", "`Effect` is `Allow` or `Deny`"),
            ("\"Actions\"", "did you mean `Action`?"),
            ("1", "takes a string or a list of strings, not a number"),
            ("{", "takes a string or a list of strings, not an object"),
        ],
    );
    in_statement(
        "{\"Sid\": 1, \"Effect\": true, \"Action\": [\"s3:*\", [\"s3:*\"], null], \"Resource\": [\"*\", 1]}",
        &[
            ("1", "`Sid` takes a string"),
            ("t", "`Effect` takes a string, not a boolean"),
            ("[", "holds strings, not a list"),
            ("n", "holds strings, not `null`"),
            ("1", "holds strings, not a number"),
        ],
    );
    in_statement(
        "{\"Effect\": \"Deny\", \"NotAction\": \"s3:*\", \"Action\": \"s3:*\", \"Resource\": \"*\", \"NotResource\": \"*\"}",
        &[
            ("\"Action\"", "both `Action` and `NotAction`"),
            ("\"NotResource\"", "both `Resource` and `NotResource`"),
        ],
    );
    in_statement(
        "{\"Effect\": \"Deny\", \"Effect\": \"Allow\", \"Action\": \"s3:*\", \"Resource\": \"*\"}",
        &[("\"Effect\"", "a second time")],
    );
    in_statement(
        "{\"Effect\": \"Allow\", \"Action\": \"s3:*\"}",
        &[("{", "neither `Resource` nor `NotResource`")],
    );
    in_statement(
        "{\"Sid\": \"a b\", \"Effect\": \"Allow\", \"Action\": \"s3:*\", \"Resource\": \"*\"}",
        &[("\"a b\"", "only the letters A-Z")],
    );
}

#[test]
fn actions() {
    let with = |action: &str| {
        format!("{{\"Effect\": \"Allow\", \"Action\": \"{action}\", \"Resource\": \"*\"}}")
    };
    for good in [
        "*",
        "s3:*",
        "S3:GetObject",
        "*:*",
        "cloudtrail:Stop?ogging",
        "sts: AssumeRole",
    ] {
        in_statement(&with(good), &[]);
    }
    in_statement(&with(""), &[("\"\"", "an action is empty")]);
    in_statement(
        &with("DeleteTrail"),
        &[("\"DeleteTrail\"", "did you mean `cloudtrail:DeleteTrail`?")],
    );
    in_statement(
        &with("cloudtrail*"),
        &[("\"cloudtrail*\"", "names no service")],
    );
    in_statement(
        &with("s3:s3:Get"),
        &[("\"s3:s3:Get\"", "more than one colon")],
    );
    in_statement(&with(":Get"), &[("\":Get\"", "incomplete")]);
    in_statement(&with("s3:"), &[("\"s3:\"", "incomplete")]);
}

#[test]
fn resources() {
    let with = |resource: &str| {
        format!("{{\"Effect\": \"Allow\", \"Action\": \"s3:*\", \"Resource\": \"{resource}\"}}")
    };
    for good in [
        "*",
        "arn:aws:s3:::*",
        "arn:aws:s3",
        "arn:*:s3:::b",
        "arn:aws:s3:::b/${aws:username}/${*}",
    ] {
        in_statement(&with(good), &[]);
    }
    in_statement(&with(""), &[("\"\"", "is no ARN")]);
    in_statement(&with("my-bucket"), &[("\"my-bucket\"", "is no ARN")]);
    in_statement(&with("**"), &[("\"**\"", "is no ARN")]);
    in_statement(
        &with("ARN:aws:s3:::b"),
        &[("\"ARN:aws:s3:::b\"", "is no ARN")],
    );
    in_statement(
        &with("arn:aws:s3:::${aws:username"),
        &[("\"arn:aws:s3:::${aws:username\"", "not closed")],
    );
    in_statement(
        &with("arn:aws:s3:::${}"),
        &[("\"arn:aws:s3:::${}\"", "empty policy variable")],
    );
    // In a resource-based policy some services take other names.
    in_statement(
        "{\"Effect\": \"Allow\", \"Principal\": \"*\", \"Action\": \"execute-api:Invoke\", \"Resource\": \"execute-api:/Prod/GET/pets\"}",
        &[],
    );
}

#[test]
fn principals() {
    for good in [
        "\"*\"",
        "{\"AWS\": \"*\"}",
        "{\"AWS\": \"111122223333\"}",
        "{\"AWS\": [\"arn:aws:iam::111122223333:root\", \"arn:aws-cn:iam::111122223333:role/path/R\"]}",
        "{\"AWS\": \"arn:aws:sts::111122223333:assumed-role/R/session\"}",
        "{\"AWS\": \"arn:aws:sts::111122223333:federated-user/name\"}",
        "{\"AWS\": \"arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E1EXAMPLE\"}",
        "{\"AWS\": \"AROAEXAMPLEEXAMPLE12\"}",
        "{\"Service\": \"cloudtrail.amazonaws.com\", \"Federated\": \"cognito-identity.amazonaws.com\"}",
        "{\"Federated\": \"arn:aws:iam::111122223333:saml-provider/P\"}",
        "{\"CanonicalUser\": \"79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be\"}",
    ] {
        in_principal(good, &[]);
    }
    in_principal(
        "\"111122223333\"",
        &[("\"111122223333\"", "write `{\"AWS\": \"111122223333\"}`")],
    );
    in_principal(
        "\"ec2.amazonaws.com\"",
        &[("\"ec2.amazonaws.com\"", "write `{\"Service\":")],
    );
    in_principal("7", &[("7", "not a number")]);
    in_principal("[\"*\"]", &[("[", "not a list")]);
    in_principal("{\"aws\": \"*\"}", &[("\"aws\"", "did you mean `AWS`?")]);
    in_principal(
        "{\"AWS\": \"*\", \"AWS\": \"*\"}",
        &[("\"AWS\"", "a second time")],
    );
    for (value, words) in [
        ("", "is empty"),
        ("11112222333", "twelve digits"),
        ("Bob", "neither a 12-digit account id nor an ARN"),
        ("ec2.amazonaws.com", "stands under `Service`"),
        (
            "arn:aws:iam::111122223333:role/*",
            "no wildcard in part of a principal",
        ),
        ("arn:aws:iam::*:root", "no wildcard in part of a principal"),
        ("arn:aws:iam::1111:root", "not a 12-digit id"),
        ("arn:aws:iam::<account>:root", "the placeholder `<account>`"),
        (
            "arn:aws:iam::ACCOUNT-ID:root",
            "the placeholder `ACCOUNT-ID`",
        ),
        ("arn:aws:iam:us-east-1:111122223333:root", "names no region"),
        ("arn:aws:iam::111122223333", "incomplete"),
        (
            "arn:aws:iam::111122223333:group/G",
            "a user group cannot be a principal",
        ),
        (
            "arn:aws:iam::111122223333:policy/P",
            "names no account root",
        ),
        (
            "arn:aws:sts::111122223333:assumed-role/R",
            "names no account root",
        ),
        ("arn:aws:s3:::bucket", "not a 12-digit id"),
        (
            "arn:aws:lambda::111122223333:function/f",
            "one of `iam` or `sts`",
        ),
    ] {
        in_principal(
            &format!("{{\"AWS\": \"{value}\"}}"),
            &[(&format!("\"{value}\""), words)],
        );
    }
    in_principal(
        "{\"Service\": \"*\"}",
        &[("\"*\"", "no wildcard in a principal of this kind")],
    );
    in_principal(
        "{\"Service\": \"cloudtrail\"}",
        &[("\"cloudtrail\"", "is no service principal")],
    );
    in_principal(
        "{\"CanonicalUser\": \"abc\"}",
        &[("\"abc\"", "64 hexadecimal digits")],
    );
}

#[test]
fn conditions() {
    for good in [
        "{}",
        "{\"StringEquals\": {}}",
        "{\"StringEquals\": {\"aws:PrincipalTag/a:b\": []}}",
        "{\"Bool\": {\"aws:SecureTransport\": [true, \"False\"]}}",
        "{\"ForAnyValue:StringLikeIfExists\": {\"aws:TagKeys\": \"a*\"}}",
        "{\"NumericLessThan\": {\"s3:max-keys\": [1, -2.5, \"10\"]}}",
        "{\"IpAddress\": {\"aws:SourceIp\": [\"10.0.0.1\", \"2001:db8::/32\"]}}",
        "{\"token.actions.githubusercontent.com:sub\": {}, \"StringEquals\": {\"saml:aud\": \"x\"}}",
    ] {
        let expected: &[_] = if good.contains("\"token.actions.githubusercontent.com:sub\": {}") {
            &[(
                "\"token.actions.githubusercontent.com:sub\"",
                "no condition operator",
            )]
        } else {
            &[]
        };
        in_condition(good, expected);
    }
    in_condition("[]", &[("[", "`Condition` takes an object")]);
    in_condition(
        "{\"StringEquals\": \"x\"}",
        &[("\"", "`StringEquals` takes an object")],
    );
    in_condition(
        "{\"StringEqual\": {\"aws:x\": 1}}",
        &[("\"StringEqual\"", "did you mean `StringEquals`?")],
    );
    in_condition(
        "{\"stringLikeIfexists\": {}}",
        &[(
            "\"stringLikeIfexists\"",
            "did you mean `StringLikeIfExists`?",
        )],
    );
    in_condition(
        "{\"ForAllValue:ArnLike\": {}}",
        &[(
            "\"ForAllValue:ArnLike\"",
            "did you mean `ForAllValues:ArnLike`?",
        )],
    );
    in_condition(
        "{\"NullIfExists\": {}}",
        &[("\"NullIfExists\"", "AWS refuses `NullIfExists`")],
    );
    in_condition(
        "{\"aws:PrincipalArn\": {\"ArnLike\": \"*\"}}",
        &[
            ("\"aws:PrincipalArn\"", "no condition operator"),
            (
                "\"ArnLike\"",
                "is an operator and stands in place of a condition key",
            ),
        ],
    );
    in_condition(
        "{\"Bool\": {}, \"Bool\": {}}",
        &[("\"Bool\"", "a second time")],
    );
    in_condition(
        "{\"Bool\": {\"aws:SecureTransport\": \"true\", \"AWS:SecureTransport\": \"true\"}}",
        &[("\"AWS:SecureTransport\"", "a second time")],
    );
    in_condition(
        "{\"StringEquals\": {\"PrincipalArn\": \"x\", \":a\": 1, \"a:\": 2}}",
        &[
            ("\"PrincipalArn\"", "is no condition key"),
            ("\":a\"", "is no condition key"),
            ("\"a:\"", "is no condition key"),
        ],
    );
    in_condition(
        "{\"StringEquals\": {\"aws:x\": [null, {}, [], \"a\"]}}",
        &[
            ("n", "not `null`"),
            ("{", "not an object"),
            ("[", "not a list"),
        ],
    );
    in_condition(
        "{\"StringEquals\": {\"aws:x\": \"${aws:username, none}\"}}",
        &[("\"${aws:username, none}\"", "single quotation marks")],
    );
}

/// Each family of operators with values that are not of its type, and with the odd ones that are.
#[test]
fn values_of_each_type() {
    let number = (
        "takes a number",
        &[
            "",
            "ten",
            "1,000",
            "0x10",
            " 5",
            "5 ",
            "NaN",
            "inf",
            "*",
            "1_000",
            "true",
            "\u{ff19}",
            "${aws:EpochTime}",
        ][..],
        &["0", "-3", "+3", "3.5", ".5", "1e5"][..],
    );
    let date = (
        "takes a date",
        &[
            "",
            "yesterday",
            "2026-13-01",
            "2026-02-30",
            "2026-1-1",
            "2026-*",
            "01/02/2026",
            "true",
            "2026-01-01T25:00:00Z",
            "2026-01-01T00:00:60Z",
            "2026-01-01T00:00:00",
            "2026-01-01 00:00:00Z",
            "2026-01-01T00:00:00+0100",
            "20260101T000000Z",
            "1767225600.5",
            "${aws:CurrentTime}",
        ][..],
        &[
            "2026-01",
            "2026-01-01",
            "2026-01-01T00:00Z",
            "2026-01-01T00:00:00.5Z",
            "2026-01-01T00:00:00+01:00",
            "1767225600",
            "-5",
        ][..],
    );
    let truth = (
        "takes `true` or `false`",
        &["", "yes", "1", " true", "*", "tru"][..],
        &["true", "TRUE", "False"][..],
    );
    let bytes = (
        "takes bytes in base64",
        &["%%%", "abc", "YQ=", "YW Jj", "-_8=", "${aws:x}"][..],
        &["", "YQ==", "YWJj"][..],
    );
    let address = (
        "takes an IP address",
        &[
            "",
            "host",
            "203.0.113.0/33",
            "203.0.113.256",
            "203.0.113",
            "203.0.113.*",
            "203.0.113.0/",
            "203.0.113.0/024",
            " 203.0.113.0/24",
            "010.0.0.1",
            "203.0.113.1-203.0.113.9",
            "2001:db8::/129",
            "fe80::1%eth0",
            "/0",
            "${aws:SourceIp}",
        ][..],
        &[
            "203.0.113.7",
            "0.0.0.0/0",
            "2001:DB8:1234:5678::/64",
            "::/0",
            "::ffff:203.0.113.7",
        ][..],
    );
    for (operators, (words, wrong, right)) in [
        (
            &[
                "NumericEquals",
                "NumericNotEqualsIfExists",
                "NumericLessThan",
                "NumericGreaterThanEquals",
            ][..],
            number,
        ),
        (
            &[
                "DateEquals",
                "DateNotEquals",
                "DateLessThanEqualsIfExists",
                "DateGreaterThan",
            ],
            date,
        ),
        (&["Bool", "BoolIfExists", "Null"], truth),
        (&["BinaryEquals", "BinaryEqualsIfExists"], bytes),
        (
            &[
                "IpAddress",
                "NotIpAddressIfExists",
                "ForAnyValue:NotIpAddress",
            ],
            address,
        ),
    ] {
        for operator in operators {
            let text = |value: &str| format!("{{\"{operator}\": {{\"aws:x\": \"{value}\"}}}}");
            for value in wrong {
                in_condition(&text(value), &[(&format!("\"{value}\""), words)]);
            }
            for value in right {
                in_condition(&text(value), &[]);
            }
        }
    }
    in_condition(
        "{\"Null\": {\"aws:x\": \"${aws:x}\"}}",
        &[(
            "\"${aws:x}\"",
            "policy variables with string and ARN operators only",
        )],
    );
    in_condition(
        "{\"NumericEquals\": {\"aws:x\": [1, true, \"\"]}}",
        &[("true", "not `true`"), ("\"\"", "not an empty text")],
    );
    in_condition("{\"Bool\": {\"aws:x\": [true, 1]}}", &[("1", "not `1`")]);
    // One of AWS's pages has variables with `Bool`.
    in_condition("{\"Bool\": {\"aws:x\": \"${aws:SecureTransport}\"}}", &[]);
}

#[test]
fn variables_are_literal_in_the_old_version() {
    told(
        "{\"Version\": \"2008-10-17\", \"Statement\": {\"Effect\": \"Allow\", \"Action\": \"s3:*\", \"Resource\": \"arn:aws:s3:::${\", \"Condition\": {\"StringEquals\": {\"aws:x\": \"${\"}, \"NumericEquals\": {\"aws:x\": \"${a:b}\"}}}}",
        &[("\"${a:b}\"", "takes a number")],
    );
}

#[test]
fn every_error_is_told_at_once() {
    let text = format!(
        "{{\"Statement\": [{}]}}",
        ["{\"Effect\": \"allow\", \"Action\": 1, \"Resource\": 2}"; 1000].join(",")
    );
    let told = errors(&text, KindInput::Auto);
    assert_eq!(told.len(), 101);
    assert_eq!(told.last().unwrap().1, "2900 more problems are not listed");
}

#[test]
fn what_a_good_document_says() {
    let text = "{\"Id\": \"x\", \"Statement\": [{\"Sid\": \"A\\u0042\", \"Effect\": \"Deny\", \"NotPrincipal\": {\"AWS\": \"111122223333\"}, \"NotAction\": [\"s3:Get*\"], \"Resource\": \"*\", \"Condition\": {\"Bool\": {\"aws:SecureTransport\": false}, \"NumericLessThan\": {\"a:b\": 1.50}}}]}";
    let reading = read(source::parse(text).unwrap(), KindInput::Auto);
    assert_eq!(reading.problems, []);
    assert_eq!(reading.kind, Some(DocumentKind::Resource));
    let policy = reading.policy.unwrap();
    assert_eq!(policy.version, Version::V2008);
    let [statement] = policy.statements.as_slice() else {
        panic!("{policy:?}")
    };
    let slice = |span: crate::text::Span| text.get(span.start as usize..span.end as usize).unwrap();
    assert_eq!(statement.sid.as_ref().unwrap().value, "AB");
    assert_eq!(statement.effect.value, Effect::Deny);
    assert_eq!(slice(statement.effect.span), "\"Deny\"");
    assert_eq!(slice(statement.action.span), "\"NotAction\": [\"s3:Get*\"]");
    assert!(
        matches!(&statement.action.matching, Matching::AllExcept(list) if list[0].value == "s3:Get*")
    );
    assert!(
        matches!(&statement.principal.as_ref().unwrap().matching, Matching::AllExcept(list) if list[0].value.value == "111122223333")
    );
    assert!(
        matches!(&statement.resource.as_ref().unwrap().matching, Matching::Only(list) if list[0].value == "*")
    );
    let [bool, number] = statement.conditions.as_slice() else {
        panic!("{statement:?}")
    };
    assert_eq!(
        (slice(bool.span), slice(bool.operator.span)),
        ("\"aws:SecureTransport\": false", "\"Bool\"")
    );
    assert_eq!(
        (
            bool.values[0].value.as_ref(),
            number.values[0].value.as_ref()
        ),
        ("false", "1.50")
    );
}

mod kinds {
    use super::*;

    const DENY: &str = "{\"Effect\": \"Deny\", \"Action\": \"s3:*\", \"Resource\": \"*\"}";
    const BUCKET: &str = "{\"Sid\": \"in\", \"Effect\": \"Allow\", \"Principal\": \"*\", \"Action\": \"s3:*\", \"Resource\": \"*\"}";

    fn document(statements: &[&str]) -> String {
        format!(
            "{{\"Version\": \"2012-10-17\", \"Statement\": [{}]}}",
            statements.join(", ")
        )
    }

    #[test]
    fn detected_with_its_reason() {
        for (statements, kind, reason) in [
            (
                vec![GOOD],
                DocumentKind::Identity,
                "statement 1 allows, and none names a `Principal`",
            ),
            (
                vec![DENY, GOOD],
                DocumentKind::Identity,
                "statement 2 allows",
            ),
            (vec![DENY, DENY], DocumentKind::Scp, "it only denies"),
            (
                vec![BUCKET],
                DocumentKind::Resource,
                "statement 1 (`in`) has a `Principal` element",
            ),
        ] {
            let text = document(&statements);
            let reading = read(source::parse(&text).unwrap(), KindInput::Auto);
            assert_eq!(reading.kind, Some(kind));
            assert!(
                reading.kind_reason.contains(reason),
                "{}",
                reading.kind_reason
            );
        }
    }

    #[test]
    fn a_given_kind_stands_even_with_errors() {
        let reading = read(
            source::parse("{}").unwrap(),
            KindInput::Given(DocumentKind::Rcp),
        );
        assert_eq!(reading.kind, Some(DocumentKind::Rcp));
        let reading = read(source::parse("{}").unwrap(), KindInput::Auto);
        assert_eq!(reading.kind, None);
        let text = document(&[GOOD]);
        let reading = read(
            source::parse(&text).unwrap(),
            KindInput::Given(DocumentKind::Session),
        );
        assert_eq!(
            (reading.kind, reading.kind_reason.as_str()),
            (Some(DocumentKind::Session), "you chose this kind")
        );
    }

    #[test]
    fn elements_by_kind() {
        use DocumentKind::*;
        for kind in [Identity, PermissionsBoundary, Session, Scp] {
            let principal = "\"Principal\": \"*\"";
            told_as(
                &document(&[BUCKET]),
                KindInput::Given(kind),
                &[(principal, "takes no `Principal`")],
            );
            told_as(&document(&[GOOD]), KindInput::Given(kind), &[]);
        }
        told_as(&document(&[BUCKET]), KindInput::Given(Resource), &[]);
        told_as(
            &document(&[GOOD]),
            KindInput::Given(Resource),
            &[("{", "no `Principal`")],
        );
        told(&document(&[BUCKET, DENY]), &[("{", "no `Principal`")]);
        told(
            &document(&[
                "{\"Effect\": \"Allow\", \"Principal\": \"*\", \"Action\": \"s3:GetObject\"}",
            ]),
            &[("{", "neither `Resource`")],
        );
    }

    #[test]
    fn the_resource_of_a_trust_policy_is_its_role() {
        told(
            &document(&[
                "{\"Effect\": \"Allow\", \"Principal\": {\"Service\": \"ec2.amazonaws.com\"}, \"Action\": [\"sts:AssumeRole\", \"STS:TagSession\"]}",
            ]),
            &[],
        );
    }

    #[test]
    fn scps_have_the_full_language() {
        for statement in [
            "{\"Effect\": \"Allow\", \"NotAction\": \"s3:*\", \"Resource\": \"arn:aws:s3:::b\", \"Condition\": {\"Bool\": {\"aws:SecureTransport\": \"true\"}}}",
            "{\"Sid\": \"with space\", \"Effect\": \"Deny\", \"Action\": \"s3:*Object\", \"NotResource\": \"arn:aws:s3:::b\"}",
        ] {
            told_as(
                &document(&[statement]),
                KindInput::Given(DocumentKind::Scp),
                &[],
            );
        }
    }

    #[test]
    fn rcps_deny_to_everyone() {
        let rcp = KindInput::Given(DocumentKind::Rcp);
        let with = |effect: &str, principal: &str, action: &str| {
            document(&[&format!(
                "{{\"Effect\": \"{effect}\", {principal}, {action}, \"Resource\": \"*\"}}"
            )])
        };
        let everyone = "\"Principal\": \"*\"";
        told_as(&with("Deny", everyone, "\"Action\": \"s3:*\""), rcp, &[]);
        told_as(
            &with(
                "Deny",
                "\"Principal\": {\"AWS\": \"*\"}",
                "\"Action\": \"s3:*\"",
            ),
            rcp,
            &[],
        );
        told_as(&with("Allow", everyone, "\"Action\": \"*\""), rcp, &[]);
        told_as(
            &with("Allow", everyone, "\"Action\": \"s3:*\""),
            rcp,
            &[("\"Allow\"", "an RCP only denies")],
        );
        told_as(
            &with(
                "Deny",
                "\"Principal\": {\"AWS\": \"111122223333\"}",
                "\"NotAction\": \"s3:*\"",
            ),
            rcp,
            &[
                (
                    "\"Principal\": {\"AWS\": \"111122223333\"}",
                    "only `\"Principal\": \"*\"`",
                ),
                ("\"NotAction\": \"s3:*\"", "no `NotAction`"),
            ],
        );
        told_as(
            &document(&[GOOD]),
            rcp,
            &[("{", "no `Principal`"), ("\"Allow\"", "an RCP only denies")],
        );
    }

    #[test]
    fn sids_are_unique() {
        let twice = document(&[
            &GOOD.replace('{', "{\"Sid\": \"A\", "),
            &GOOD.replace('{', "{\"Sid\": \"A\", "),
        ]);
        told(&twice, &[("\"A\"", "a second time")]);
        told_as(&twice, KindInput::Given(DocumentKind::Scp), &[]);
        let unnamed = document(&[
            &GOOD.replace('{', "{\"Sid\": \"\", "),
            &GOOD.replace('{', "{\"Sid\": \"\", "),
        ]);
        told(&unnamed, &[]);
    }
}

#[test]
fn megabytes_of_errors_are_quick() {
    let started = std::time::Instant::now();
    for piece in [
        "{\"Effect\": \"allow\"}",
        "1",
        "{\"Effect\": \"Deny\", \"Action\": [\"xcloudtrail:DeleteTrailz\", \"\"], \"Resource\": [\"[A][\"]}",
    ] {
        let text = format!(
            "{{\"Statement\": [{}]}}",
            vec![piece; 200_000 / piece.len()].join(",")
        );
        assert!(
            !read(source::parse(&text).unwrap(), KindInput::Auto)
                .problems
                .is_empty()
        );
    }
    for object in [
        "{\"Statement\": {$}}",
        "{\"Statement\": {\"Effect\": \"Deny\", \"Action\": \"*\", \"Resource\": \"*\", \"Condition\": {$}}}",
        "{\"Statement\": {\"Effect\": \"Deny\", \"Action\": \"*\", \"Resource\": \"*\", \"Condition\": {\"Bool\": {$}}}}",
    ] {
        let members: Vec<String> = (0..20_000)
            .map(|n| format!("\"Effecd{n}\": {{}}"))
            .collect();
        let text = object.replace('$', &members.join(","));
        assert!(
            !read(source::parse(&text).unwrap(), KindInput::Auto)
                .problems
                .is_empty()
        );
    }
    let long = "[".repeat(200_000);
    let text = format!(
        "{{\"Version\": \"2012-10-17\", \"Statement\": {{\"Effect\": \"Deny\", \"Action\": \"s3:{long}\", \"Resource\": \"arn:{long}${{{long}\"}}}}"
    );
    assert!(
        !read(source::parse(&text).unwrap(), KindInput::Auto)
            .problems
            .is_empty()
    );
    assert!(started.elapsed().as_secs() < 20, "{:?}", started.elapsed());
}

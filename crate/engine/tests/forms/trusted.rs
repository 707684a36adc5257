//! Whom a trail bucket's policy trusts where parts of it are unknown: only who is trusted whatever these are.

use iam_guardrails::check;
use iam_guardrails::report::Verdict::{self, Fail, Pass, Undecided};

use crate::request;

/// The verdict on a trail bucket's policy with these statements; in a template or as it is.
fn verdict(statements: &str, in_template: bool) -> Verdict {
    let policy = format!(
        r#"{{"Version": "2012-10-17", "Statement": [{{"Effect": "Allow", "Action": "s3:PutObject",
            "Principal": {{"Service": "cloudtrail.amazonaws.com"}}, "Resource": "arn:aws:s3:::logs/AWSLogs/*"}}, {statements}]}}"#
    );
    let text = match in_template {
        true => format!(
            r#"{{"Resources": {{"Policy": {{"Type": "AWS::S3::BucketPolicy",
                "Properties": {{"Bucket": "logs", "PolicyDocument": {policy}}}}}}}}}"#
        ),
        false => policy,
    };
    check(&request("input", &text)).guardrails[2].verdict
}

/// An `Allow` of everyone, or of whom it says, with a condition.
fn allow(principal: &str, condition: &str) -> String {
    format!(
        r#"{{"Effect": "Allow", "Principal": {principal}, "Action": "s3:GetObject", "Resource": "arn:aws:s3:::logs/*",
            "Condition": {{{condition}}}}}"#
    )
}

fn everyone(condition: &str) -> String {
    allow("\"*\"", condition)
}

fn equals(key: &str, value: &str) -> String {
    format!(r#""StringEquals": {{"{key}": {value}}}"#)
}

/// Which branch a condition takes; `None` where it is unknown.
type Side = Option<bool>;

fn either(side: Side, then: &str, otherwise: &str) -> String {
    match side {
        Some(true) => then.to_owned(),
        Some(false) => otherwise.to_owned(),
        None => format!(r#"{{"Fn::If": ["Some", {then}, {otherwise}]}}"#),
    }
}

/// The verdicts on the template, on its first and on its second branch.
fn compare(what: &str, expected: [Verdict; 3], statements: impl Fn(Side) -> String) {
    let found =
        [None, Some(true), Some(false)].map(|side| verdict(&statements(side), side.is_none()));
    assert_eq!(found, expected, "{what}");
}

#[test]
fn who_is_named_in_one_branch_is_not_trusted_in_the_other() {
    let organization = |value: &str| everyone(&equals("aws:PrincipalOrgID", value));
    let account = |value: &str| everyone(&equals("aws:PrincipalAccount", value));
    let partner = allow(r#"{"AWS": "arn:aws:iam::111122223333:root"}"#, "");
    let own = "\"${aws:ResourceOrgID}\"";
    let (one, other) = ("\"o-aaa111\"", "\"o-bbb222\"");
    let none = r#"{"Ref": "AWS::NoValue"}"#;
    let doubt = [Undecided, Fail, Pass];
    compare("the bucket's own organization", doubt, |side| {
        organization(&either(side, own, one))
    });
    compare("one more in a list", [Undecided, Pass, Fail], |side| {
        let more = match side {
            Some(false) => own.to_owned(),
            side => format!("{own}, {}", either(side, one, none)),
        };
        organization(&format!("[{more}]"))
    });
    compare("an account that another statement lets in", doubt, |side| {
        let named = account(&either(side, "\"444455556666\"", "\"111122223333\""));
        format!("{partner}, {named}")
    });
    compare(
        "a statement that may be left out",
        [Undecided, Pass, Fail],
        |side| {
            let named = account("\"111122223333\"");
            match side {
                Some(false) => partner.clone(),
                side => format!("{partner}, {}", either(side, &named, none)),
            }
        },
    );
    // It is trusted in the one branch, so that not every branch fails; the third statement is nobody's.
    compare("no fail for all", [Undecided, Pass, Fail], |side| {
        let named = account("\"111122223333\"");
        match side {
            None => format!(
                "{partner}, {}, {}",
                either(None, &named, none),
                r#"{"Fn::If": ["Another", IT, {"Ref": "AWS::NoValue"}]}"#
                    .replace("IT", &everyone(""))
            ),
            Some(true) => format!("{partner}, {named}"),
            Some(false) => partner.clone(),
        }
    });
    compare(
        "the bucket's organization is asked for",
        [Undecided, Fail, Pass],
        |side| {
            let named = organization(&either(side, one, other));
            format!("{named}, {}", everyone(&equals("aws:ResourceOrgID", one)))
        },
    );
    compare(
        "a test that may be left out",
        [Undecided, Pass, Fail],
        |side| match side {
            Some(false) => everyone(""),
            side => organization(&either(side, one, none)),
        },
    );
}

#[test]
fn who_is_named_in_every_branch_is_trusted() {
    let organization = |value: &str| everyone(&equals("aws:PrincipalOrgID", value));
    let (one, other) = ("\"o-aaa111\"", "\"o-bbb222\"");
    let none = r#"{"Ref": "AWS::NoValue"}"#;
    let pass = [Pass; 3];
    compare("values", pass, |side| {
        organization(&either(side, one, other))
    });
    compare("statements", pass, |side| {
        either(side, &organization(one), &organization(other))
    });
    compare("one more in a list", pass, |side| match side {
        Some(false) => organization(one),
        side => organization(&format!("[{one}, {}]", either(side, other, none))),
    });
    let parameter = organization(r#"{"Ref": "Organization"}"#);
    assert_eq!(verdict(&parameter, true), Pass);
    let asked = everyone(&equals("aws:ResourceOrgID", other));
    assert_eq!(verdict(&format!("{parameter}, {asked}"), true), Undecided);
}

/// A policy is judged on the buckets that it names: one that is unknown may be another.
#[test]
fn a_bucket_that_is_unknown_may_be_another_trail_bucket() {
    let denied = r#"{"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "arn:aws:s3:::logs/*",
        "Condition": {"StringNotEquals": {"aws:PrincipalOrgID": "o-aaa111"}}}"#;
    let on = |bucket: &str| {
        let open = everyone("").replace("\"arn:aws:s3:::logs/*\"", bucket);
        format!("{denied}, {open}")
    };
    assert_eq!(
        verdict(&on(r#"{"Fn::Sub": "arn:aws:s3:::${Bucket}/*"}"#), true),
        Undecided
    );
    assert_eq!(verdict(&on("\"arn:aws:s3:::other/*\""), false), Fail);
    assert_eq!(verdict(&on("\"arn:aws:s3:::logs/*\""), false), Pass);
    let key = r#"{"Fn::Sub": "arn:aws:s3:::logs/${Prefix}*"}"#;
    assert_eq!(verdict(&on(key), true), Pass);
}

//! The two readings of a draft, element by element.

use std::rc::Rc;

use super::*;
use crate::report::DocumentKind;
use crate::text::Span;

/// A draft from JSON: `<name>` in a string is unknown, `"<!name>"` alone an unknown value, an object
/// `{"either": […]}` a choice; names tell what they hold.
fn draft(json: &str) -> Draft<'static> {
    from(source::parse(json).unwrap().into_owned())
}

fn unknown(name: &str) -> Unknown {
    Unknown {
        span: Span::new(0, 0),
        what: Rc::from(format!("`{name}`")),
        of: Rc::from(name),
        holds: match name {
            "partition" => Holds::Partition,
            "account" => Holds::Account,
            "bucket" => Holds::OwnBucket,
            "region" => Holds::Word,
            _ => Holds::Anything,
        },
        decides: name.starts_with("if-"),
    }
}

fn from(node: Node<'static>) -> Draft<'static> {
    let span = node.span;
    let value = match node.value {
        source::Value::String(text) if text.starts_with("<!") => {
            Value::Unknown(unknown(text.trim_matches(['<', '!', '>'])))
        }
        source::Value::String(text) => {
            let mut pieces = Vec::new();
            for (index, part) in text.split(['<', '>']).enumerate() {
                if index % 2 == 1 {
                    pieces.push(Piece::Unknown(unknown(part)));
                } else if !part.is_empty() {
                    pieces.push(Piece::Known(Cow::Owned(part.to_owned())));
                }
            }
            Value::Text(pieces)
        }
        source::Value::Array(nodes) => Value::List(nodes.into_iter().map(from).collect()),
        source::Value::Object(members) if members[0].name.value == "either" => {
            let Value::List(branches) = from(members[0].value.clone()).value else {
                panic!("a list of branches")
            };
            Value::Either(unknown("which"), branches)
        }
        source::Value::Object(members) => Value::Object(
            members
                .into_iter()
                .map(|member| Member {
                    name: member.name,
                    value: from(member.value),
                })
                .collect(),
        ),
        other => return Draft::from(Node { span, value: other }),
    };
    Draft { span, value }
}

fn context() -> Context {
    Context {
        reading: Reading::Permissive,
        kind: DocumentKind::Identity,
        trusts_named: true,
        trusts_certain: false,
        names_buckets: false,
        any_trail: false,
        sides: Rc::default(),
    }
}

/// The statements of a document with this one, in both readings.
fn readings(statement: &str, kind: DocumentKind) -> [String; 2] {
    let document = draft(&format!("{{\"Statement\": [{statement}]}}"));
    [Reading::Permissive, Reading::Restrictive].map(|reading| {
        let context = Context {
            reading,
            kind,
            ..context()
        };
        let json = read(&document, &context).to_json();
        let inner = json.strip_prefix("{\"Statement\":[").unwrap();
        inner.strip_suffix("]}").unwrap().replace('"', "'")
    })
}

#[test]
fn lists_grow_and_shrink() {
    for (statement, permissive, restrictive) in [
        (
            r#"{"Effect":"Allow","Action":["a:b","c:<x>"],"Resource":"*"}"#,
            "{'Effect':'Allow','Action':['a:b','c:*'],'Resource':'*'}",
            "{'Effect':'Allow','Action':['a:b'],'Resource':'*'}",
        ),
        (
            r#"{"Effect":"Deny","Action":["a:b","<x>"],"Resource":"*"}"#,
            "{'Effect':'Deny','Action':['a:b'],'Resource':'*'}",
            "{'Effect':'Deny','Action':['a:b','*'],'Resource':'*'}",
        ),
        (
            r#"{"Effect":"Allow","NotAction":["a:b","c:<x>"],"Resource":"*"}"#,
            "{'Effect':'Allow','NotAction':['a:b'],'Resource':'*'}",
            "{'Effect':'Allow','NotAction':['a:b','c:*'],'Resource':'*'}",
        ),
        (
            r#"{"Effect":"Allow","Action":{"either":["a:b",["a:b","c:d"]]},"NotResource":"<!x>"}"#,
            "{'Effect':'Allow','Action':['a:b','a:b','c:d'],'NotResource':[]}",
            "{'Effect':'Allow','Action':['a:b'],'NotResource':['*']}",
        ),
    ] {
        let [wide, narrow] = readings(statement, DocumentKind::Identity);
        assert_eq!(
            (wide.as_str(), narrow.as_str()),
            (permissive, restrictive),
            "{statement}"
        );
    }
}

#[test]
fn resources_by_what_their_parts_may_hold() {
    for (resource, wide, narrow) in [
        ("arn:aws:s3:::<x>/y", "['arn:aws:s3:::*/y']", "[]"),
        // What may hold colons may be all that follows.
        (
            "arn:aws:cloudtrail:<x>:111122223333:trail/y",
            "['arn:aws:cloudtrail:*']",
            "[]",
        ),
        (
            "arn:aws:cloudtrail:<region>:111122223333:trail/y",
            "['arn:aws:cloudtrail:*:111122223333:trail/y']",
            "[]",
        ),
        ("<x>:trail/y", "['*']", "[]"),
        // The own partition, account and bucket are known for what they are.
        (
            "arn:<partition>:cloudtrail:*:<account>:trail/y",
            "['arn:*:cloudtrail:*:*:trail/y']",
            "['arn:*:cloudtrail:*:*:trail/y']",
        ),
        (
            "arn:<partition>:s3:::<bucket>/*",
            "['arn:*:s3:::bucket-bucket/*']",
            "['arn:*:s3:::bucket-bucket/*']",
        ),
        ("arn:aws:s3:::<account>", "['arn:aws:s3:::*']", "[]"),
        // A policy variable whose name is unknown.
        ("arn:aws:s3:::${aws:<x>}", "['*']", "[]"),
        // One that may begin in what is unknown.
        ("arn:aws:s3:::<x>{aws:username}/y", "['*']", "[]"),
        (
            "arn:aws:s3:::<x>/${aws:username}/y",
            "['arn:aws:s3:::*/${aws:username}/y']",
            "[]",
        ),
    ] {
        let statement = format!(r#"{{"Effect":"Allow","Action":"*","Resource":"{resource}"}}"#);
        let expected = [wide, narrow]
            .map(|list| format!("{{'Effect':'Allow','Action':'*','Resource':{list}}}"));
        assert_eq!(
            readings(&statement, DocumentKind::Identity),
            expected,
            "{resource}"
        );
    }
}

#[test]
fn conditions_by_their_operators() {
    let never = "never";
    let always = "";
    for (condition, more, less) in [
        (
            r#"{"StringLike":{"a:k":["x","y<u>"]}}"#,
            "{'StringLike':{'a:k':['x','y*']}}",
            "{'StringLike':{'a:k':['x']}}",
        ),
        (
            r#"{"StringEquals":{"a:k":"<u>"}}"#,
            "{'StringLike':{'a:k':['*']}}",
            never,
        ),
        (
            r#"{"StringEquals":{"a:k":["*","<u>"]}}"#,
            "{'StringLike':{'a:k':['*','*']}}",
            "{'StringEquals':{'a:k':['*']}}",
        ),
        (
            r#"{"StringEqualsIgnoreCase":{"a:k":"<u>"}}"#,
            "{'Null':{'a:k':'false'}}",
            never,
        ),
        (
            r#"{"StringEqualsIfExists":{"a:k":"<u>"}}"#,
            "{'StringLikeIfExists':{'a:k':['*']}}",
            "{'Null':{'a:k':'true'}}",
        ),
        (
            r#"{"NumericLessThan":{"a:k":"<u>"}}"#,
            "{'Null':{'a:k':'false'}}",
            never,
        ),
        (
            r#"{"BoolIfExists":{"a:k":"<u>"}}"#,
            always,
            "{'Null':{'a:k':'true'}}",
        ),
        (
            r#"{"StringNotEquals":{"a:k":"<u>"}}"#,
            always,
            "{'StringNotLike':{'a:k':['*']}}",
        ),
        (
            r#"{"StringNotLike":{"a:k":["x","y<u>"]}}"#,
            "{'StringNotLike':{'a:k':['x']}}",
            "{'StringNotLike':{'a:k':['x','y*']}}",
        ),
        (
            r#"{"NotIpAddress":{"a:k":["<u>"]}}"#,
            always,
            "{'Null':{'a:k':'true'}}",
        ),
        (
            r#"{"ForAllValues:StringEquals":{"a:k":"<u>"}}"#,
            "{'ForAllValues:StringLike':{'a:k':['*']}}",
            "{'Null':{'a:k':'true'}}",
        ),
        (
            r#"{"ForAnyValue:StringNotEquals":{"a:k":"<u>"}}"#,
            "{'Null':{'a:k':'false'}}",
            "{'ForAnyValue:StringNotLike':{'a:k':['*']}}",
        ),
        (r#"{"Null":{"a:k":"<u>"}}"#, always, never),
        (
            r#"{"StringEquals":{"a:k":"x"},"Bool":"<!u>"}"#,
            "{'StringEquals':{'a:k':'x'}}",
            never,
        ),
        (r#""<!u>""#, always, never),
        (
            r#"{"either":[{"Bool":{"a:k":"true"}},{"Bool":{"a:l":"true"}}]}"#,
            always,
            "{'Bool':{'a:k':'true','a:l':'true'}}",
        ),
        // Two tests of one key under one operator cannot be said: left out, or impossible.
        (
            r#"{"Null":{"a:k":"true"},"NumericEquals":{"a:k":"<u>"}}"#,
            "{'Null':{'a:k':'true'}}",
            never,
        ),
    ] {
        let allow =
            format!(r#"{{"Effect":"Allow","Action":"*","Resource":"*","Condition":{condition}}}"#);
        let shown = |condition: &str, effect: &str| match condition {
            "never" => format!("{{'Effect':'{effect}','Action':[],'Resource':'*'}}"),
            "" => format!("{{'Effect':'{effect}','Action':'*','Resource':'*'}}"),
            _ => format!(
                "{{'Effect':'{effect}','Action':'*','Resource':'*','Condition':{condition}}}"
            ),
        };
        assert_eq!(
            readings(&allow, DocumentKind::Identity),
            [shown(more, "Allow"), shown(less, "Allow")],
            "{condition}"
        );
        // Of a `Deny` it is the other way round.
        let deny = allow.replace("Allow", "Deny");
        assert_eq!(
            readings(&deny, DocumentKind::Identity),
            [shown(less, "Deny"), shown(more, "Deny")],
            "{condition}"
        );
    }
}

#[test]
fn whoever_a_bucket_policy_names_is_trusted_whatever_the_name_is() {
    let statement = |effect: &str, operator: &str| {
        format!(
            r#"{{"Effect":"{effect}","Principal":"*","Action":"*","Resource":"*","Condition":{{"{operator}":{{"aws:PrincipalOrgID":"<org>"}}}}}}"#
        )
    };
    for (effect, operator, known) in [
        ("Allow", "StringEquals", true),
        ("Deny", "StringNotEquals", true),
        ("Allow", "StringNotEquals", false),
        ("Deny", "StringEquals", false),
        // It may hold a wildcard.
        ("Allow", "StringLike", false),
    ] {
        let [permissive, _] = readings(&statement(effect, operator), DocumentKind::Resource);
        assert_eq!(
            permissive.contains("'o-org'"),
            known,
            "{effect} {operator}: {permissive}"
        );
    }
}

#[test]
fn statements_and_documents() {
    let unknown = |kind| readings(r#""<!x>""#, kind);
    let [permissive, restrictive] = unknown(DocumentKind::Identity);
    assert!(
        permissive.starts_with("{'Effect':'Allow','Action':'*','Resource':'*'}"),
        "{permissive}"
    );
    assert!(
        restrictive.starts_with("{'Effect':'Deny','Action':'*','Resource':'*'}"),
        "{restrictive}"
    );
    // What may be left out: an `Allow` is there, a `Deny` is not; or the other way round.
    let perhaps = r#"{"either":[{"Effect":"Deny","Action":"a:b","Resource":"*"},[]]}"#;
    let [permissive, restrictive] = readings(perhaps, DocumentKind::Identity);
    assert_eq!(permissive, "{'Effect':'Deny','Action':[],'Resource':'*'}");
    assert_eq!(
        restrictive,
        "{'Effect':'Deny','Action':'a:b','Resource':'*'}"
    );
    // A cap that may not be there caps nothing.
    let cap = r#"{"either":[{"Effect":"Allow","Action":"a:b","Resource":"*"},[]]}"#;
    let [permissive, restrictive] = readings(cap, DocumentKind::Scp);
    assert_eq!(permissive, "{'Effect':'Allow','Action':'*','Resource':'*'}");
    assert_eq!(restrictive, "{'Effect':'Allow','Action':[],'Resource':'*'}");
    // Both readings have the same statements at the same positions.
    for kind in [
        DocumentKind::Identity,
        DocumentKind::Scp,
        DocumentKind::Resource,
        DocumentKind::Rcp,
    ] {
        for statement in [
            r#""<!x>""#,
            perhaps,
            cap,
            r#"{"Effect":"<e>","Action":"a:b","Resource":"*"}"#,
        ] {
            let [permissive, restrictive] = readings(statement, kind);
            let count = |text: &str| text.matches("'Effect'").count();
            assert_eq!(
                count(&permissive),
                count(&restrictive),
                "{kind:?} {statement}"
            );
        }
    }
}

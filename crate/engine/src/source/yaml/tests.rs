#![expect(clippy::string_slice, reason = "a panic fails the test")]

use super::*;
use crate::source::layers::Layers;

/// The tree as JSON, each scalar as the text that is marked for it.
fn shown(text: &str, node: &Node<'_>, marked: bool) -> String {
    let own = || {
        let slice = &text[node.span.start as usize..node.span.end as usize];
        format!("{slice:?}")
    };
    match &node.value {
        Value::Array(nodes) => {
            let nodes: Vec<String> = nodes.iter().map(|node| shown(text, node, marked)).collect();
            format!("[{}]", nodes.join(","))
        }
        Value::Object(members) => {
            let members: Vec<String> = members
                .iter()
                .map(|member| {
                    let name = &member.name.value;
                    format!("{name}:{}", shown(text, &member.value, marked))
                })
                .collect();
            format!("{{{}}}", members.join(","))
        }
        _ if marked => own(),
        Value::String(value) => format!("{value:?}"),
        Value::Bool(value) => value.to_string(),
        Value::Null => "null".to_owned(),
        Value::Number(number) => number.to_string(),
    }
}

fn tree(text: &str) -> String {
    let nodes = parse(text).unwrap_or_else(|problem| panic!("{text:?}: {}", problem.message));
    let nodes: Vec<String> = nodes.iter().map(|node| shown(text, node, false)).collect();
    nodes.join(" ")
}

fn marks(text: &str) -> String {
    let nodes = parse(text).unwrap();
    nodes.iter().map(|node| shown(text, node, true)).collect()
}

#[test]
fn scalars_as_cloudformation_reads_them() {
    for (text, expected) in [
        ("Version: 2012-10-17", r#"{Version:"2012-10-17"}"#),
        ("AWS: 012345678901", r#"{AWS:"012345678901"}"#),
        ("a: 1.50", r#"{a:"1.50"}"#),
        (
            "a: [yes, No, ON, off, true, 'true', \"no\"]",
            r#"{a:[true,false,true,false,true,"true","no"]}"#,
        ),
        ("a: ~\nb:\nc: null\nd: ''", r#"{a:null,b:null,c:null,d:""}"#),
        ("a: !!str 12\nb: !!str true", r#"{a:"12",b:"true"}"#),
        ("on: 1\ntrue: 2", r#"{on:"1",true:"2"}"#),
        ("Effect: Allow # who", r#"{Effect:"Allow"}"#),
        ("a: \"x\\u00e9\\ty\"", "{a:\"xé\\ty\"}"),
    ] {
        assert_eq!(tree(text), expected, "{text}");
    }
}

#[test]
fn tags_are_the_functions_they_stand_for() {
    for (text, expected) in [
        ("a: !Ref Role", r#"{a:{Ref:"Role"}}"#),
        ("a: !GetAtt Role.Arn", r#"{a:{Fn::GetAtt:["Role","Arn"]}}"#),
        (
            "a: !GetAtt [Role, Arn]",
            r#"{a:{Fn::GetAtt:["Role","Arn"]}}"#,
        ),
        (
            "a: !GetAtt Nested.Outputs.Arn",
            r#"{a:{Fn::GetAtt:["Nested","Outputs.Arn"]}}"#,
        ),
        ("a: !Sub '${A}-x'", r#"{a:{Fn::Sub:"${A}-x"}}"#),
        (
            "a: !Sub\n- x${B}\n- {B: !Ref C}",
            r#"{a:{Fn::Sub:["x${B}",{B:{Ref:"C"}}]}}"#,
        ),
        (
            "a: !Join [':', [a, !Ref B]]",
            r#"{a:{Fn::Join:[":",["a",{Ref:"B"}]]}}"#,
        ),
        (
            "a: !If [C, !Ref 'AWS::NoValue', x]",
            r#"{a:{Fn::If:["C",{Ref:"AWS::NoValue"},"x"]}}"#,
        ),
        ("a: !Condition C", r#"{a:{Condition:"C"}}"#),
        (
            "- !Select [0, !Split [',', a]]",
            r#"[{Fn::Select:["0",{Fn::Split:[",","a"]}]}]"#,
        ),
        (
            "a: !Equals [!Ref A, true]",
            r#"{a:{Fn::Equals:[{Ref:"A"},true]}}"#,
        ),
        ("a: !Ref", r#"{a:{Ref:""}}"#),
    ] {
        assert_eq!(tree(text), expected, "{text}");
    }
}

#[test]
fn what_is_marked_is_what_stands_there() {
    let text = "a: 'it''s'\nb: \"q\\\"\"\nc: plain\n  goes on  # note\nd: |-\n  one\n\n  two\n\ne: >\n  folded\n  text\n";
    assert_eq!(
        marks(text),
        r#"{a:"'it''s'",b:"\"q\\\"\"",c:"plain\n  goes on",d:"one\n\n  two",e:"folded\n  text"}"#
    );
    // Objects and lists: from their first to their last character, a tag included.
    let text = "Statement:\n  - Effect: Deny\n    Action: a:b\n\n  # next\n  - Effect: !Sub x\nLast: {a: [1, 2] }\n";
    let node = parse(text).unwrap().remove(0);
    let slice = |span: Span| &text[span.start as usize..span.end as usize];
    assert_eq!(slice(node.span), text.trim_end());
    let Value::Object(members) = node.value else {
        panic!("an object")
    };
    let Value::Array(statements) = &members[0].value.value else {
        panic!("a list")
    };
    assert_eq!(slice(statements[0].span), "Effect: Deny\n    Action: a:b");
    assert_eq!(slice(statements[1].span), "Effect: !Sub x");
    let Value::Object(second) = &statements[1].value else {
        panic!("an object")
    };
    assert_eq!(slice(second[0].value.span), "!Sub x");
    assert_eq!(slice(second[0].name.span), "Effect");
    assert_eq!(slice(members[1].value.span), "{a: [1, 2] }");
    assert_eq!(slice(members[1].span()), "Last: {a: [1, 2] }");
}

#[test]
fn documents_duplicates_aliases_and_merge_keys() {
    assert_eq!(tree("a: 1\n---\n- b\n...\n---\nc"), r#"{a:"1"} ["b"] "c""#);
    assert_eq!(tree(""), "");
    assert_eq!(tree("# nothing\n"), "");
    assert_eq!(tree("a: 1\na: 2"), r#"{a:"1",a:"2"}"#);
    assert_eq!(tree("a: &x [1, 2]\nb: *x"), r#"{a:["1","2"],b:["1","2"]}"#);
    assert_eq!(tree("k: &n name\n*n : v"), r#"{k:"name",name:"v"}"#);
    assert_eq!(
        tree("x: &x {a: 1, b: 2}\ny: &y {b: 3, c: 4}\nz:\n  <<: [*x, *y]\n  a: 5"),
        r#"{x:{a:"1",b:"2"},y:{b:"3",c:"4"},z:{a:"5",b:"2",c:"4"}}"#
    );
    assert_eq!(tree("'<<': {a: 1}"), r#"{<<:{a:"1"}}"#);
}

#[test]
fn aliases_are_marked_where_they_or_their_parts_are() {
    let text = "a: &x {k: v}\nb: &y t\nc: {d: *x, e: *y}\nf: 1\n";
    assert_eq!(
        marks(text),
        r#"{a:{k:"v"},b:"t",c:{d:{k:"v"},e:"*y"},f:"1"}"#
    );
    let node = parse(text).unwrap().remove(0);
    let Value::Object(members) = &node.value else {
        panic!("an object")
    };
    let Value::Object(aliased) = &members[2].value.value else {
        panic!("an object")
    };
    let slice = |span: Span| &text[span.start as usize..span.end as usize];
    assert_eq!(slice(node.span), text.trim_end());
    assert_eq!(slice(members[2].value.span), "{d: *x, e: *y}");
    assert_eq!(slice(aliased[0].value.span), "{k: v}");
    assert_eq!(slice(aliased[0].span()), "d");
    assert_eq!(slice(aliased[1].span()), "e: *y");
}

#[test]
fn a_billion_laughs_are_refused_at_once() {
    let mut text = "a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol, lol]\n".to_owned();
    for level in 1..12 {
        let before = format!("*a{}", level - 1);
        let list = vec![before; 10].join(", ");
        text.push_str(&format!("a{level}: &a{level} [{list}]\n"));
    }
    let problem = parse(&text).unwrap_err();
    assert!(
        problem.message.contains("stand for millions of values"),
        "{}",
        problem.message
    );
    assert_eq!(
        &text[problem.span.start as usize..problem.span.end as usize],
        "*a4"
    );
    // As one long text.
    let long = format!(
        "a: &a {}\nb: [{}]",
        "x".repeat(1 << 20),
        vec!["*a"; 100].join(",")
    );
    assert!(parse(&long).is_err());
    let endless = parse("a: &a [1, *a]").unwrap_err();
    assert!(endless.message.contains("never end"), "{}", endless.message);
}

#[test]
fn deep_nesting_is_refused() {
    for text in [
        "[".repeat(100_000),
        "- ".repeat(100_000),
        format!("{}1", "{a: ".repeat(5000)),
    ] {
        let problem = parse(&text).unwrap_err();
        assert!(problem.message.contains("nested"), "{}", problem.message);
    }
    let deep = format!("{}1{}", "[".repeat(100), "]".repeat(100));
    assert!(parse(&deep).is_ok());
}

#[test]
fn errors_have_words_and_a_place() {
    let mut wrong = Vec::new();
    for (text, words, place) in [
        ("a:\n\tb: 1", "indented with spaces", "\t"),
        ("a:\n  b: 1\n c: 2", "indentation fits none", "c: 2"),
        ("a: 'open", "never closed", "'open"),
        ("a: \"x\"y", "something follows a quoted text", "y"),
        ("a: [1, 2", "never closed", "["),
        ("a: {x: 1]", "is closed by `]`", "{"),
        ("a: b: c", "to a line of their own", ": c"),
        ("a: *none", "names nothing", "*none"),
        ("a: @x", "cannot begin with `@`", "@"),
        ("a: \"\\q\"", "no such escape", "\"\\q\""),
        ("? [a]\n: b", "where the name of a value is expected", "["),
    ] {
        let problem = parse(text).expect_err(text);
        let slice = &text[problem.span.start as usize..problem.span.end as usize];
        if !problem.message.contains(words) || slice != place {
            wrong.push(format!("{text:?}: {} ({slice:?})", problem.message));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn what_looks_like_yaml() {
    for text in [
        "AWSTemplateFormatVersion: 2010-09-09",
        "# c\n\nVersion: '2012'",
        "---\na",
        "- a",
        "'x': y",
        "Resources:\n  a: b",
    ] {
        assert!(is_meant(text), "{text}");
    }
    for text in [
        "",
        "hello world",
        "{\"a\": 1}",
        "resource \"x\" {",
        "a:b",
        "https://x",
    ] {
        assert!(!is_meant(text), "{text}");
    }
}

/// A scalar's value character by character, with what it comes from where that is something else.
fn mapped(text: &str) -> String {
    let node = parse(text).unwrap().remove(0);
    let Value::String(value) = &node.value else {
        panic!("a text: {text:?}")
    };
    let raw = &text[node.span.start as usize..node.span.end as usize];
    let mut layers = Layers::new(text);
    let start = layers
        .add(mapping(raw, value, node.span.start), "".into())
        .unwrap();
    let mut shown = String::new();
    for (at, c) in value.char_indices() {
        let at = start as usize + at;
        let span = layers.resolve(Span::new(at, at + c.len_utf8()));
        let from = &text[span.start as usize..span.end as usize];
        if from == c.to_string() {
            shown.push(c);
        } else {
            shown.push_str(&format!("<{from}>"));
        }
    }
    shown
}

#[test]
fn values_are_mapped_back_to_the_text() {
    for (text, expected) in [
        ("plain text", "plain text"),
        ("plain\n  text", "plain<\n  >text"),
        ("'it''s é'", "it<''>s é"),
        (
            r#""a\"b\\\u00e9\x41\ud83d\ude00z""#,
            r#"a<\">b<\\><\u00e9><\x41><\ud83d\ude00>z"#,
        ),
        ("\"a\n\n  b \\\n   c\"", "a<\n\n  >b c"),
        (
            "|\n  {\"a\":\n    \"b\"}\n",
            "{\"a\":<\n    ><\n    ><\n    >\"b\"}<>",
        ),
        (">-\n  {\"a\":\n  \"b\"}\n", "{\"a\":<\n  >\"b\"}"),
        // A block that begins and ends with a quotation mark.
        ("|-\n  \"a\\n\"\n", "\"a\\n\""),
    ] {
        assert_eq!(mapped(text), expected, "{text:?}");
    }
}

#[test]
fn no_text_breaks_the_map() {
    // Raw texts that do not read as the value is said to be.
    for (raw, value) in [
        ("\"a\"", "b"),
        ("'", "x"),
        ("\"", ""),
        ("a b", "a\n\nb c"),
        ("", "é"),
        ("\"\\u12\"", "x"),
    ] {
        let mut layers = Layers::new(raw);
        let start = layers.add(mapping(raw, value, 0), "".into()).unwrap();
        let span = layers.resolve(Span::new(start as usize, start as usize + value.len()));
        assert!(
            span.start <= span.end && span.end as usize <= raw.len(),
            "{raw:?}"
        );
    }
}

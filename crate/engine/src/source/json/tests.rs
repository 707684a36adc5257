#![expect(clippy::string_slice, reason = "a panic fails the test")]

use std::time::{Duration, Instant};

use proptest::collection;
use proptest::strategy::Strategy;
use serde_json::Value as Oracle;

use super::{reader, second};
use crate::source::{Node, Value, parse};
use crate::text::Places;

fn to_oracle(node: &Node<'_>) -> Oracle {
    match &node.value {
        Value::Null => Oracle::Null,
        Value::Bool(value) => Oracle::Bool(*value),
        Value::Number(text) => serde_json::from_str(text).unwrap(),
        Value::String(value) => Oracle::String(value.to_string()),
        Value::Array(elements) => elements.iter().map(to_oracle).collect(),
        Value::Object(members) => members
            .iter()
            .map(|member| (member.name.value.to_string(), to_oracle(&member.value)))
            .collect(),
    }
}

/// Every span holds what it says; strings read back from their span alone.
fn check_spans(text: &str, node: &Node<'_>) {
    let slice = &text[node.span.start as usize..node.span.end as usize];
    match &node.value {
        Value::Null => assert_eq!(slice, "null"),
        Value::Bool(value) => assert_eq!(slice, value.to_string()),
        Value::Number(number) => assert_eq!(slice, &**number),
        Value::String(value) => assert_eq!(serde_json::from_str::<String>(slice).unwrap(), *value),
        Value::Array(elements) => {
            assert!(slice.starts_with('[') && slice.ends_with(']'));
            elements
                .iter()
                .for_each(|element| check_spans(text, element));
        }
        Value::Object(members) => {
            assert!(slice.starts_with('{') && slice.ends_with('}'));
            for member in members {
                let name = &text[member.name.span.start as usize..member.name.span.end as usize];
                assert_eq!(
                    serde_json::from_str::<String>(name).unwrap(),
                    member.name.value
                );
                check_spans(text, &member.value);
            }
        }
    }
}

/// Both readers give the same tree, or neither gives one.
fn readers_agree(text: &str) {
    assert_eq!(reader::read(text), second::read(text).ok(), "{text:?}");
}

/// Accepts, refuses and reads as serde_json does; a refusal has a place that can be shown.
fn agrees(text: &str) {
    readers_agree(text);
    match (parse(text), serde_json::from_str::<Oracle>(text)) {
        (Ok(node), Ok(oracle)) => {
            assert_eq!(to_oracle(&node), oracle, "{text:?}");
            check_spans(text, &node);
        }
        (Err(problem), Err(_)) => {
            let (start, end) = (problem.span.start as usize, problem.span.end as usize);
            assert!(text.get(start..end).is_some(), "{text:?}: {problem:?}");
            assert!(start < end || text.is_empty(), "{text:?}: {problem:?}");
            assert!(!problem.message.is_empty() && !problem.message.ends_with('.'));
        }
        (ours, theirs) => panic!("{text:?}: {ours:?}, serde_json: {theirs:?}"),
    }
}

#[test]
fn hand_written_texts_agree_with_serde_json() {
    let texts = [
        "",
        " ",
        "\t\r\n ",
        "null",
        "true",
        "false",
        "nul",
        "nulll",
        "True",
        "NULL",
        "truefalse",
        "true_",
        "true-1",
        "0",
        "-0",
        "-",
        "+1",
        "01",
        "-01",
        "00",
        "007",
        "1.",
        ".5",
        "-.5",
        "1.5",
        "1.5e",
        "1e5",
        "1E+5",
        "1e-5",
        "1e+",
        "0x10",
        "1e308",
        "Infinity",
        "-Infinity",
        "NaN",
        "1 2",
        "1,",
        "[1 2]",
        "123456789012345678901234567890",
        "0.10",
        "1.0e0",
        r#""""#,
        r#""a""#,
        r#"""#,
        r#""a"#,
        r#""\""#,
        r#""\"""#,
        r#""\\""#,
        r#""\\\""#,
        r#""\/\b\f\n\r\t""#,
        r#""\a""#,
        r#""\'""#,
        r#""\x41""#,
        r#""\v""#,
        r#""\0""#,
        r#""\ ""#,
        r#""\u0041""#,
        r#""\u00e9""#,
        r#""\u004""#,
        r#""\u""#,
        r#""\u+041""#,
        r#""\U0041""#,
        r#""\ud83d\ude00""#,
        r#""\ud83d""#,
        r#""\ude00""#,
        r#""\ud83d\ud83d""#,
        r#""\ud83dx""#,
        r#""\ud83d\n""#,
        r#""\ud83d\u""#,
        r#""\ude00\ud83d""#,
        r#""\u0000""#,
        r#""\uFFFF\uD7FF\uE000""#,
        "\"\\",
        "\"\\\n\"",
        "\"a\nb\"",
        "\"a\rb\"",
        "\"a\tb\"",
        "\"a\u{0}b\"",
        "\"a\u{1f}b\"",
        "\"a\u{7f}b\"",
        "\"\u{85}\u{2028}\"",
        "\"é\u{1F600}\u{FEFF}\u{10FFFF}\"",
        "'a'",
        "“a”",
        "`a`",
        "\u{FEFF}{}",
        "{}\u{FEFF}",
        "\u{A0}{}",
        "{}\u{A0}",
        "{\u{2003}}",
        "\u{B}{}",
        "\u{C}{}",
        "{}\u{0}",
        "\u{0}",
        "[\u{1}]",
        "\u{200B}{}",
        "{}\u{7f}",
        "{}",
        "[]",
        "{",
        "[",
        "}",
        "]",
        "{]",
        "[}",
        "[[]",
        "{}{}",
        "{}}",
        "[]]",
        "[],",
        ",",
        ":",
        "{,}",
        "[,]",
        "[,1]",
        "[1,]",
        "[1,,2]",
        "[1:2]",
        "[1 ,2]",
        "[1 true]",
        "[a]",
        "[\"a\" \"b\"]",
        "[\"a\"\"b\"]",
        "[{}{}]",
        "[{}[]]",
        "[1{}]",
        r#"{"a":1}"#,
        r#"{"a":1,}"#,
        r#"{"a":1,,"b":2}"#,
        r#"{"a":1 "b":2}"#,
        r#"{"a":1"b":2}"#,
        r#"{"a"}"#,
        r#"{"a":}"#,
        r#"{"a":,}"#,
        r#"{"a"::1}"#,
        r#"{"a":1:2}"#,
        r#"{"a",1}"#,
        r#"{"a" 1}"#,
        r#"{a:1}"#,
        r#"{1:1}"#,
        r#"{null:1}"#,
        r#"{'a':1}"#,
        r#"{"a":1 {}}"#,
        r#"{"a":1 []}"#,
        r#"{"a":{"b":1}"#,
        r#"{"a":["b"}"#,
        r#"{"a":{"b":1]}"#,
        r#"{"a":1]"#,
        r#"{"a": tru}"#,
        r#"{"a":1,"a":2}"#,
        r#"{"":{"":[]}}"#,
        r#"{"a":1} x"#,
        r#"{"a":1}//c"#,
        "//c\n{}",
        "/*c*/{}",
        "{/*c*/}",
        "{}/*",
        "/",
        "{}/",
        r#"{"a":007}"#,
        r#"{"a":0 7}"#,
        r#"{"a":00}"#,
        r#"{"a":-}"#,
        r#"{"a":+1}"#,
        r#"{"a":.5}"#,
        r#"{"a":1e}"#,
        r#"{"a"#,
        r#"{"a":"#,
        r#"{"a":"b"c"}"#,
        r#"{"a":"b\"}"#,
        r#"{"a":"b\","c":1}"#,
        "{\"a\":\"b,\n\"c\":1}",
        "{\"a\":\"b\n",
        "{\"a\": \"b\\\nc\"}",
        "[\"\\u{1F600}\"]",
        "[\"\\\u{1F600}\"]",
        "[\"\\u12\u{1F600}\"]",
        "\u{1F600}",
        "[\u{1F600}]",
        "[1\u{1F600}]",
        "{\u{E9}:1}",
        "[\"é\u{1F600}\\n\u{1F600}\", 1]",
        "{\"é\": \"\u{1F600}\\u00e9x\"}",
        "Version: 2012-10-17",
        "<a>",
        "arn:aws:iam::1:role/a",
    ];
    for text in texts {
        agrees(text);
        agrees(&format!("[{text}]"));
        agrees(&format!("{{\"k\": {text}}}"));
        agrees(&format!("{text} "));
        agrees(&format!("\r\n{text}"));
    }
}

const POLICY: &str = r#"{
  "Version": "2012-10-17", "Id": "é😀",
  "Statement": [{"Sid": "A\u00e9", "Effect": "Deny", "Action": ["cloudtrail:*", "s3:Get*"], "Resource": "*",
    "Condition": {"Bool": {"aws:ViaAWSService": false}, "NumericLessThan": {"aws:MultiFactorAuthAge": [0, -1.5e3, "7"]}}}]
}
"#;

#[test]
fn every_truncation_agrees_with_serde_json() {
    for end in (0..=POLICY.len()).filter(|&at| POLICY.is_char_boundary(at)) {
        agrees(&POLICY[..end]);
    }
}

/// xorshift64*: the same texts in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as usize % bound
    }
}

#[test]
fn random_changes_to_a_policy_agree_with_serde_json() {
    let pieces = [
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\"",
        "\\",
        "\\u",
        "\\ud83d",
        "\\ude00",
        "0",
        "1",
        "-",
        ".",
        "e",
        "true",
        "null",
        "a",
        " ",
        "\n",
        "\t",
        "\u{0}",
        "\u{1F600}",
        "é",
        "\u{FEFF}",
        "\u{A0}",
        "//",
        "/*",
        "'",
        "“",
        "+",
        "\"x\"",
        "{}",
        "[]",
    ];
    let boundaries: Vec<usize> = (0..=POLICY.len())
        .filter(|&at| POLICY.is_char_boundary(at))
        .collect();
    let mut random = Random(1);
    for _ in 0..30_000 {
        let start = boundaries[random.below(boundaries.len())];
        let cut = if random.below(2) == 0 {
            0
        } else {
            random.below(12)
        };
        let end = (start..=POLICY.len())
            .filter(|&at| POLICY.is_char_boundary(at))
            .nth(cut)
            .unwrap_or(POLICY.len());
        let piece = pieces[random.below(pieces.len())];
        agrees(&[&POLICY[..start], piece, &POLICY[end..]].concat());
    }
}

#[test]
fn random_tokens_agree_with_serde_json() {
    let tokens = [
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\"a\"",
        "\"b\\n\"",
        "\"\\u00e9\"",
        "1",
        "0",
        "-2.5e1",
        "true",
        "null",
        " ",
        "x",
        "\"",
    ];
    let mut random = Random(2);
    for _ in 0..60_000 {
        let length = 1 + random.below(9);
        let text: String = (0..length)
            .map(|_| tokens[random.below(tokens.len())])
            .collect();
        agrees(&text);
    }
}

proptest::proptest! {
    /// Trees with doubled names, escapes and white space wherever it may stand.
    #[test]
    fn any_tree_is_read_alike(text in json()) {
        readers_agree(&text);
        proptest::prop_assert!(reader::read(&text).is_some(), "{:?}", text);
        check_spans(&text, &parse(&text).unwrap());
    }

    #[test]
    fn any_text_is_read_alike(text in "([\\[\\]{},:\"\\\\ \n\t0-9eE.+-]|true|null|\\\\u|d83d|\\PC){0,40}") {
        readers_agree(&text);
    }
}

/// JSON text.
fn json() -> impl Strategy<Value = String> {
    let space = || "[ \t\r\n]{0,3}";
    let string = || "\"([^\"\\\\\x00-\x1F]|\\\\[\"\\\\/bfnrt]|\\\\u[0-9A-Ca-c][0-9A-Fa-f]{3}|\\\\uD83D\\\\ude0[0-9]){0,12}\"";
    let number = "-?(0|[1-9][0-9]{0,20})(\\.[0-9]{1,4})?([eE][+-]?[0-9]{1,3})?";
    let leaf = proptest::prop_oneof![string(), number, "true|false|null"];
    let leaf = (space(), leaf, space()).prop_map(|(before, value, after)| before + &value + &after);
    leaf.prop_recursive(5, 40, 6, move |value| {
        let member = (space(), string(), space(), value.clone())
            .prop_map(|(before, name, after, value)| format!("{before}{name}{after}:{value}"));
        let list = collection::vec(value, 0..6).prop_map(|list| format!("[{}]", list.join(",")));
        let object =
            collection::vec(member, 0..6).prop_map(|list| format!("{{{}}}", list.join(",")));
        (space(), proptest::prop_oneof![list, object], space())
            .prop_map(|(before, value, after)| before + &value + &after)
    })
}

#[test]
fn what_is_too_much_for_the_quick_reader_is_read_by_the_other() {
    for text in [
        format!("{}{}", "[".repeat(200), "]".repeat(200)),
        "9".repeat(10_000),
    ] {
        assert_eq!(reader::read(&text), None);
        assert!(parse(&text).is_ok());
    }
}

#[test]
fn numbers_stay_text() {
    // serde_json refuses `1e999`; it is JSON, and no condition key is ever that large.
    for number in ["1e999", "123456789012345678901234567890", "0.1000", "-0"] {
        assert_eq!(parse(number).unwrap().value, Value::Number(number.into()));
    }
}

#[test]
fn depth_is_bounded() {
    let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    assert!(parse(&nested(200)).is_ok());
    let problem = parse(&nested(100_000)).unwrap_err();
    assert!(problem.message.contains("nested"), "{}", problem.message);
}

#[test]
fn megabytes_of_nothing_good_are_quick() {
    let texts = [
        "[".repeat(400_000),
        "{\"a\":".repeat(200_000),
        "]".repeat(400_000),
        "\"".repeat(400_000),
        "\\".repeat(400_000),
        format!("\"{}", "a".repeat(400_000)),
        format!("\"{}", "\\n".repeat(200_000)),
        " ".repeat(400_000),
        "1,".repeat(200_000),
        format!("[{}", "1,".repeat(200_000)),
        "\u{1F600}".repeat(400_000),
    ];
    for text in texts {
        let started = Instant::now();
        assert!(parse(&text).is_err());
        assert!(started.elapsed() < Duration::from_secs(20));
    }
}

#[test]
fn what_is_too_long_is_not_read() {
    let text = " ".repeat(crate::source::MAX_TEXT + 1);
    assert!(parse(&text).unwrap_err().message.contains("256 MB"));
}

/// `text`, the characters that are marked, and words of the message.
fn told(text: &str, marked: &str, words: &str) {
    let problem = parse(text).unwrap_err();
    let place = Places::new(text).place(problem.span);
    let slice = &text[problem.span.start as usize..problem.span.end as usize];
    assert!(
        slice == marked && problem.message.contains(words),
        "{text:?} at {place:?} {slice:?}: {}",
        problem.message
    );
}

#[test]
fn messages_say_what_is_wrong_at_its_place() {
    told("", "", "the document is empty");
    told(" \n", " \n", "the document is empty");
    told("hello", "hello", "this is not JSON");
    told(
        "Version: 2012-10-17\nStatement: []",
        "Version: 2012-10-17",
        "YAML",
    );
    told("<policy/>", "<policy/>", "XML");
    told("```json\n{}\n```", "```json", "Markdown");
    told("arn:aws:iam::1:role/a", "arn:aws:iam::1:role/a", "an ARN");
    told("%7B%22a%22", "%7B%22a%22", "URL-encoded");
    told(
        "policy = jsonencode({",
        "policy = jsonencode({",
        "Terraform",
    );
    told("\u{FEFF}{}", "\u{FEFF}", "byte order mark");
    told("{“a”: 1}", "“", "typographic");
    told("{\u{A0}\"a\": 1}", "\u{A0}", "U+00A0");
    told("{\"a\": é}", "é", "outside of quotation marks");
    told("{\"a\": \"b\tc\"}", "\t", "a tab character");
    told("{\"a\": \"b\u{0}c\"}", "\u{0}", "U+0000");
    told(
        "{\"a\": \"b,\n\"c\": 1}",
        "\"b,",
        "no closing `\"` on its line",
    );
    told("{\"a\": \"b", "\"b", "the text ends inside this string");
    told("{\"a\": {\"b\": 1}", "{", "never closed");
    told("{\"a\": [1, 2", "[", "never closed");
    told("{\"a\":", ":", "the text ends here");
    told("{\"a\"", "\"", "the text ends here");
    told(
        "{\"a\": 1 \"b\": 2}",
        "1",
        "a comma is missing after this value",
    );
    told(
        "{\"a\": [\"b\" \"c\"]}",
        "\"",
        "a comma is missing after this value",
    );
    told("{\"a\": \"b\"c\"}", "c", "write that as `\\\"`");
    told("{\"a\": 1,}", ",", "nothing follows this comma");
    told("{\"a\": [1,]}", ",", "nothing follows this comma");
    told("{\"a\": 1,,}", ",", "two commas");
    told("{\"a\"::1}", ":", "two colons");
    told("{\"a\":}", "}", "a value is missing after the colon");
    told("{\"a\" 1}", "1", "a colon is missing");
    told("{\"a\": [1}", "}", "close the list with `]` first");
    told("{\"a\": 1]", "]", "close the object with `}` first");
    told("{Effect: 1}", "Effect", "write `\"Effect\"`");
    told("{'a': 1}", "'", "use `\"`");
    told("{\"a\": True}", "True", "`true` in JSON");
    told("{\"a\": Allow, \"b\": 1}", "Allow", "write `\"Allow\"`");
    told("{\"a\": 007}", "0", "does not begin with `0`");
    told("{\"a\": 1.}", "1.", "not a number as JSON writes them");
    told("{\"a\": 1} // note\n", "// note", "no comments");
    told("{\n  // note\n}", "// note", "no comments");
    told("{} {}", "{", "a second document begins here");
    told("{}}", "}", "closes nothing");
    told("{} x", "x", "delete what follows");
    told("{} thanks!", "thanks", "delete what follows");
    told("{\"a\": [\"}\\\"]\"]} @", "@", "delete what follows");
    told("Please look: {", "Please look: {", "begins with `{`");
    told("\"Version\": 1", ":", "the `{` that begins");
    told("{\"a\": \"\\d\"}", "\\d", "no escape that JSON knows");
    told(
        "{\"a\": \"\\ud83d\"}",
        "\\ud83d",
        "half of a surrogate pair",
    );
    told("{\"a\": \"\\u12\"}", "\\u12", "four hexadecimal digits");
    told("[1, @]", "@", "no meaning in JSON");
}

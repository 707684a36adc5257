//! What a span of a decoded text marks in the pasted one decodes to the text under it, through every wrapping.

use std::borrow::Cow;

use proptest::prelude::*;

use super::Layers;
use crate::source::{Node, Value, decode, parse};
use crate::text::Span;

#[derive(Debug, Clone, Copy)]
enum Wrapping {
    Json,
    JsonAscii,
    Percent,
}

fn wrap(text: &str, wrapping: Wrapping) -> String {
    match wrapping {
        Wrapping::Json => serde_json::to_string(text).unwrap(),
        Wrapping::JsonAscii => {
            let mut wrapped = String::from("\"");
            for unit in text.encode_utf16() {
                match u8::try_from(unit) {
                    Ok(byte) if byte.is_ascii_alphanumeric() => wrapped.push(char::from(byte)),
                    _ => wrapped.push_str(&format!("\\u{unit:04X}")),
                }
            }
            wrapped + "\""
        }
        Wrapping::Percent => text
            .bytes()
            .map(|byte| {
                if byte.is_ascii_alphanumeric() {
                    char::from(byte).to_string()
                } else {
                    format!("%{byte:02X}")
                }
            })
            .collect(),
    }
}

/// The innermost text and its first position.
fn unwrap<'t>(layers: &mut Layers<'t>, wrappings: &[Wrapping]) -> (String, u32) {
    let (mut text, mut start) = (layers.text().to_owned(), 0);
    for wrapping in wrappings.iter().rev() {
        let (decoded, mapping) = match wrapping {
            Wrapping::Percent => decode::percent(&text, start).unwrap(),
            Wrapping::Json | Wrapping::JsonAscii => {
                let mapping = decode::json_string(&text, start);
                let Value::String(decoded) = parse(&text).unwrap().value else {
                    panic!("{text} is no string");
                };
                (decoded.into_owned(), mapping)
            }
        };
        start = layers.add(mapping, Cow::Owned(decoded.clone())).unwrap();
        text = decoded;
    }
    (text, start)
}

/// The marked part of the pasted text, decoded by itself.
fn decoded(part: &str, wrappings: &[Wrapping]) -> String {
    let mut text = part.to_owned();
    for wrapping in wrappings.iter().rev() {
        text = match wrapping {
            Wrapping::Percent => decode::percent(&text, 0).unwrap().0,
            Wrapping::Json | Wrapping::JsonAscii => {
                serde_json::from_str(&format!("\"{text}\"")).unwrap()
            }
        };
    }
    text
}

fn wrappings() -> impl Strategy<Value = Vec<Wrapping>> {
    let one = prop_oneof![
        Just(Wrapping::Json),
        Just(Wrapping::JsonAscii),
        Just(Wrapping::Percent)
    ];
    prop::collection::vec(one, 0..4)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn every_range_is_found_again(text in "[a-c\"\\\\\u{e9}\u{20ac}\u{1F600}\n/%]{1,20}", wrappings in wrappings()) {
        let pasted = wrappings.iter().fold(text.clone(), |text, one| wrap(&text, *one));
        let mut layers = Layers::new(&pasted);
        let (inner, start) = unwrap(&mut layers, &wrappings);
        prop_assert_eq!(&inner, &text);
        let ends: Vec<usize> = (0..=text.len()).filter(|&at| text.is_char_boundary(at)).collect();
        for &from in &ends {
            for &to in ends.iter().filter(|&&to| to >= from) {
                let span = Span::new(start as usize + from, start as usize + to);
                let place = layers.resolve(span);
                let part = layers.raw(place).unwrap();
                prop_assert_eq!(decoded(part, &wrappings), &text[from..to]);
                prop_assert_eq!(layers.raw(span), Some(&text[from..to]));
            }
        }
    }
}

/// Every node of a policy within layers marks its own text.
#[test]
fn the_nodes_of_a_policy_mark_their_own_text() {
    let policy = r#"{"Version":"2012-10-17","Statement":[{"Sid":"Größe","Effect":"Deny","Action":["cloudtrail:StopLogging","s3:*"],"Resource":"*","Condition":{"Bool":{"aws:SecureTransport":false}}}]}"#;
    for wrappings in [
        vec![],
        vec![Wrapping::Json],
        vec![Wrapping::Percent, Wrapping::Json],
        vec![Wrapping::Json, Wrapping::JsonAscii, Wrapping::Percent],
    ] {
        let pasted = wrappings
            .iter()
            .fold(policy.to_owned(), |text, one| wrap(&text, *one));
        let mut layers = Layers::new(&pasted);
        let (inner, start) = unwrap(&mut layers, &wrappings);
        let mut node = parse(&inner).unwrap();
        node.shift(start);
        let mut nodes = 0;
        visit(&node, &mut |node| {
            nodes += 1;
            let part = layers.raw(layers.resolve(node.span)).unwrap();
            let read: serde_json::Value = serde_json::from_str(&decoded(part, &wrappings)).unwrap();
            assert_eq!(
                read,
                serde_json::from_str::<serde_json::Value>(&node.to_json()).unwrap()
            );
        });
        assert_eq!(nodes, 13);
    }
}

fn visit(node: &Node<'_>, look: &mut dyn FnMut(&Node<'_>)) {
    look(node);
    match &node.value {
        Value::Array(nodes) => nodes.iter().for_each(|node| visit(node, look)),
        Value::Object(members) => members.iter().for_each(|member| visit(&member.value, look)),
        _ => {}
    }
}

//! Damage to texts: by bytes, by tokens, by JSON nodes, and by pieces of another text.

use serde_json::Value;

use crate::random::Random;

/// Pieces of policies, and of what is none.
const TOKENS: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "\"",
    "\\",
    "null",
    "true",
    "-0",
    "1e999",
    "0x1",
    "''",
    "---",
    "\n",
    "\r",
    "\r\n",
    "\t",
    " ",
    "\u{feff}",
    "\u{0}",
    "\u{2028}",
    "\u{1f600}",
    "é",
    "\\ud83d",
    "\\u0000",
    "\\/",
    "*",
    "?",
    "${",
    "}",
    "${aws:username}",
    "${*}",
    "${a:b, 'c'}",
    "%7B%22",
    "\"Statement\":",
    "\"Effect\":\"Deny\"",
    "\"NotAction\":\"*\"",
    "\"Principal\":\"*\"",
    "\"Condition\":{\"StringEquals\":{\"aws:PrincipalArn\":\"*\"}}",
    "\"cloudtrail:StopLogging\"",
    "\"arn:aws:cloudtrail:*:*:trail/*\"",
    "\"arn:aws:s3:::logs/*\"",
    "\"ForAnyValue:StringLike\":",
    "\"2012-10-17\"",
    "\"2008-10-17\"",
    "\"Version\":",
    "\"Action\":[\"*\"]",
    "\"Resource\":\"*\"",
    "\"aws:CurrentTime\":\"2026-13-01\"",
    "\"aws:SourceIp\":\"::/129\"",
    "99999999999999999999",
    "********************",
    "?*?*?*?*?*?*?*?*",
    "[[[[[[[[[[[[[[[[",
    "{\"a\":{\"a\":{\"a\":",
    "```json\n",
    "Resources:\n",
    "  - ",
    "|\n",
    ">-\n",
    "&a ",
    "*a ",
    "!Sub ",
    "!!binary ",
    "Fn::Sub: ",
    "PolicyDocument",
];

/// The text with one more damage.
pub(crate) fn damage(text: &str, other: &str, random: &mut Random) -> String {
    match random.below(8) {
        0 => bytes(text, random),
        1 | 2 => tokens(text, random),
        3..=5 => nodes(text, other, random),
        6 => splice(text, other, random),
        _ => dress(text, random),
    }
}

/// A place between two characters.
fn place(text: &str, random: &mut Random) -> usize {
    let at = random.below(text.len() + 1);
    (at..=text.len())
        .find(|at| text.is_char_boundary(*at))
        .unwrap_or(text.len())
}

fn range(text: &str, random: &mut Random) -> (usize, usize) {
    let from = place(text, random);
    let length = 1 << random.below(8);
    let to = (from + random.below(length)..text.len())
        .find(|at| text.is_char_boundary(*at))
        .unwrap_or(text.len());
    (from, to.max(from))
}

/// Bytes changed, left out, doubled; what is no text then is replaced.
fn bytes(text: &str, random: &mut Random) -> String {
    let mut bytes = text.as_bytes().to_vec();
    for _ in 0..=random.below(4) {
        let at = random.below(bytes.len() + 1);
        match random.below(3) {
            0 if at < bytes.len() => bytes[at] ^= 1 << random.below(8),
            1 if at < bytes.len() => drop(bytes.remove(at)),
            _ => bytes.insert(at, random.below(256) as u8),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// A range left out, doubled, or replaced by a token.
fn tokens(text: &str, random: &mut Random) -> String {
    let (from, to) = range(text, random);
    let (before, piece, after) = (&text[..from], &text[from..to], &text[to..]);
    match random.below(4) {
        0 => format!("{before}{after}"),
        1 => format!("{before}{piece}{piece}{after}"),
        2 => format!("{before}{}{after}", random.pick(TOKENS)),
        _ => format!("{before}{}{piece}{after}", random.pick(TOKENS)),
    }
}

/// Two texts, or pieces of them, one behind the other.
fn splice(text: &str, other: &str, random: &mut Random) -> String {
    match random.below(3) {
        0 => format!("{text}\n{other}"),
        1 => format!(
            "{}{}",
            &text[..place(text, random)],
            &other[place(other, random)..]
        ),
        _ => {
            let at = place(text, random);
            let (from, to) = range(other, random);
            format!("{}{}{}", &text[..at], &other[from..to], &text[at..])
        }
    }
}

/// The whole text wrapped as people paste it.
fn dress(text: &str, random: &mut Random) -> String {
    match random.below(7) {
        0 => Value::String(text.to_owned()).to_string(),
        1 => format!("{{\"PolicyDocument\": {}}}", Value::String(text.to_owned())),
        2 => text.bytes().map(|byte| format!("%{byte:02X}")).collect(),
        3 => format!("```json\n{text}\n```\n"),
        4 => text.replace('\n', "\r\n"),
        5 => format!("[{text},\n{text}]"),
        _ => format!("Policy: |\n  {}\n", text.replace('\n', "\n  ")),
    }
}

/// A node of the JSON replaced, left out, doubled, wrapped or written as a string.
fn nodes(text: &str, other: &str, random: &mut Random) -> String {
    let Ok(mut root) = serde_json::from_str::<Value>(text) else {
        return tokens(text, random);
    };
    let donor: Value = serde_json::from_str(other).unwrap_or(Value::Null);
    let graft = {
        let at = random.below(count(&donor));
        nth(&donor, at).cloned().unwrap_or_default()
    };
    for _ in 0..=random.below(3) {
        let at = random.below(count(&root));
        change(&mut root, at, &graft, random);
    }
    if random.below(2) == 0 {
        root.to_string()
    } else {
        serde_json::to_string_pretty(&root).unwrap_or_default()
    }
}

fn children(value: &Value) -> Vec<&Value> {
    match value {
        Value::Array(values) => values.iter().collect(),
        Value::Object(members) => members.values().collect(),
        _ => Vec::new(),
    }
}

/// How many nodes there are, the root included.
fn count(value: &Value) -> usize {
    1 + children(value).into_iter().map(count).sum::<usize>()
}

fn nth(value: &Value, at: usize) -> Option<&Value> {
    if at == 0 {
        return Some(value);
    }
    let mut left = at - 1;
    for child in children(value) {
        let size = count(child);
        if left < size {
            return nth(child, left);
        }
        left -= size;
    }
    None
}

fn change(value: &mut Value, at: usize, graft: &Value, random: &mut Random) {
    if at > 0 {
        let mut left = at - 1;
        let children: Vec<&mut Value> = match value {
            Value::Array(values) => values.iter_mut().collect(),
            Value::Object(members) => members.values_mut().collect(),
            _ => return,
        };
        for child in children {
            let size = count(child);
            if left < size {
                return change(child, left, graft, random);
            }
            left -= size;
        }
        return;
    }
    let token = || Value::String("token".to_owned());
    *value = match (random.below(8), value.take()) {
        (0, _) => graft.clone(),
        (1, Value::Array(mut values)) if !values.is_empty() => {
            let again = values[random.below(values.len())].clone();
            values.insert(random.below(values.len()), again);
            Value::Array(values)
        }
        (1, Value::Object(mut members)) => {
            let names: Vec<String> = members.keys().cloned().collect();
            if let Some(name) = names.get(random.below(names.len())) {
                members.remove(name);
            }
            Value::Object(members)
        }
        (2, Value::Object(mut members)) => {
            let names: Vec<String> = members.keys().cloned().collect();
            if let Some(name) = names.get(random.below(names.len())) {
                let moved = members.remove(name).unwrap_or_else(token);
                let renamed = format!("Not{name}");
                members.insert(renamed, moved);
            }
            Value::Object(members)
        }
        (3, old) => Value::Array(vec![old.clone(), graft.clone(), old]),
        (4, old) => Value::String(old.to_string()),
        (5, Value::String(text)) => Value::String(tokens(&text, random)),
        (6, old) => serde_json::json!({ random.pick(TOKENS).trim_matches('"'): old }),
        (7, Value::Array(values)) => values.into_iter().next().unwrap_or_default(),
        (_, old) => old,
    };
}

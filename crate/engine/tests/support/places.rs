//! Whether the places of a report are in the texts that they are about, counted here a second time.

use serde_json::Value;

/// What is wrong with a place of a report, given as JSON.
pub(crate) fn check(report: &Value, texts: &[&str]) -> Result<(), String> {
    let rulers: Vec<Ruler> = texts.iter().map(|text| Ruler::new(text)).collect();
    let sources: Vec<usize> = list(&report["documents"])
        .map(|document| document["source"].as_u64().unwrap_or(u64::MAX) as usize)
        .collect();
    if let Some(source) = sources.iter().find(|source| **source >= texts.len()) {
        return Err(format!(
            "a document is of input {source}, which there is not"
        ));
    }
    for (document, source) in list(&report["documents"]).zip(&sources) {
        all(document, &rulers[*source])?;
    }
    for (input, ruler) in list(&report["inputs"]).zip(&rulers) {
        all(input, ruler)?;
    }
    let findings = list(&report["guardrails"]).flat_map(|guardrail| {
        let principals = list(&guardrail["principals"]);
        let by_principal = principals.flat_map(|principal| list(&principal["findings"]));
        list(&guardrail["findings"]).chain(by_principal)
    });
    for finding in findings {
        let document = finding["document"].as_u64().unwrap_or(u64::MAX) as usize;
        let Some(source) = sources.get(document) else {
            return Err(format!(
                "a finding is about document {document}, which there is not"
            ));
        };
        let (ruler, whole) = (&rulers[*source], ends(&finding["span"]));
        all(finding, ruler)?;
        for mark in list(&finding["marks"]) {
            let mark = ends(mark);
            // What a YAML alias or merge key brings in stands at its anchor.
            let inside = (whole.0 <= mark.0 && mark.1 <= whole.1) || has_alias(texts[*source]);
            if !inside && !finding["statement"].is_null() {
                return Err(format!(
                    "a mark {mark:?} is outside of its statement {whole:?}"
                ));
            }
        }
    }
    Ok(())
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn ends(place: &Value) -> (u64, u64) {
    let end = |name: &str| place[name].as_u64().unwrap_or(u64::MAX);
    (end("start"), end("end"))
}

/// Every object with `start`, `end`, `line` and `column` in a value.
fn all(value: &Value, ruler: &Ruler) -> Result<(), String> {
    match value {
        Value::Array(values) => values.iter().try_for_each(|value| all(value, ruler)),
        Value::Object(members) if members.contains_key("column") => ruler.check(value),
        Value::Object(members) => members.values().try_for_each(|value| all(value, ruler)),
        _ => Ok(()),
    }
}

/// Where characters begin in UTF-16, and lines.
struct Ruler {
    /// Line and column, from 1, of each UTF-16 offset that a character begins at, and of the end.
    at: Vec<Option<(u64, u64)>>,
}

impl Ruler {
    fn new(text: &str) -> Self {
        let mut at = Vec::new();
        let (mut line, mut column) = (1, 1);
        let mut previous = ' ';
        for c in text.chars() {
            // `\r\n` is one line break; the `\n` in it begins the line and does not count as one more.
            at.push(Some((line, column)));
            at.extend((1..c.len_utf16()).map(|_| None));
            column += c.len_utf16() as u64;
            if c == '\r' || c == '\n' {
                if !(c == '\n' && previous == '\r') {
                    line += 1;
                }
                column = 1;
            }
            previous = c;
        }
        at.push(Some((line, column)));
        Self { at }
    }

    fn check(&self, place: &Value) -> Result<(), String> {
        let (start, end) = ends(place);
        let known = |offset: u64| {
            usize::try_from(offset)
                .ok()
                .and_then(|offset| *self.at.get(offset)?)
        };
        let want = (place["line"].as_u64(), place["column"].as_u64());
        match (known(start), known(end)) {
            (Some((line, column)), Some(_)) if start <= end => {
                if want == (Some(line), Some(column)) {
                    Ok(())
                } else {
                    Err(format!("{place} is on line {line}, column {column}"))
                }
            }
            _ => Err(format!("{place} is not between two characters of the text")),
        }
    }
}

/// Whether a text has a YAML anchor and an alias of its name.
fn has_alias(text: &str) -> bool {
    text.split('&').skip(1).any(|after| {
        let name: String = after.chars().take_while(|c| c.is_alphanumeric()).collect();
        !name.is_empty() && text.contains(&format!("*{name}"))
    })
}

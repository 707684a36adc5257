//! JSON values in a text that is no JSON: where each begins and ends.

use super::Stretch;

/// A value of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Bounds {
    pub(super) from: usize,
    pub(super) to: usize,
    /// Whether its last bracket is there.
    pub(super) closed: bool,
}

/// How often the end of a value may be looked for in vain: each time costs the whole text.
const MOST_UNCLOSED: usize = 32;

/// The objects and lists of a text, in order.
pub(super) fn values(stretch: Stretch<'_>) -> Vec<Bounds> {
    let bytes = stretch.text.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    let mut unclosed = 0;
    while let Some(from) = next(bytes, at) {
        let bounds = match end(bytes, from) {
            Some(to) => Bounds {
                from,
                to,
                closed: true,
            },
            None => {
                unclosed += 1;
                let to = if unclosed < MOST_UNCLOSED {
                    line_with_value(bytes, from).unwrap_or(bytes.len())
                } else {
                    bytes.len()
                };
                Bounds {
                    from,
                    to,
                    closed: false,
                }
            }
        };
        at = bounds.to;
        found.push(bounds);
    }
    found
}

/// The next bracket that a value begins with: `{` before a name or `}`, `[` before an object or a string.
fn next(bytes: &[u8], from: usize) -> Option<usize> {
    let mut at = from;
    loop {
        at += bytes
            .get(at..)?
            .iter()
            .position(|byte| matches!(byte, b'{' | b'['))?;
        let inside = bytes.get(at + 1..)?;
        let first = inside.iter().find(|byte| !byte.is_ascii_whitespace());
        let fits = matches!(
            (bytes.get(at), first),
            (Some(b'{'), Some(b'"' | b'}')) | (Some(b'['), Some(b'{' | b'"'))
        );
        if fits {
            return Some(at);
        }
        at += 1;
    }
}

/// The end of the value that begins with this bracket.
pub(super) fn end(bytes: &[u8], from: usize) -> Option<usize> {
    let mut depth = 0_usize;
    let mut string = false;
    let mut last = b' ';
    let mut at = from;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'\\' if string => at += 1,
            b'"' => string = !string,
            // No string of JSON has a line break.
            b'\n' => {
                string = false;
                // A value on a line of its own, where none can follow: this one has lost its end.
                let begins = matches!(bytes.get(at + 1), Some(b'{'));
                if begins && !matches!(last, b'{' | b'[' | b',' | b':') {
                    return None;
                }
            }
            _ if string => {}
            b'{' | b'[' => depth += 1,
            b'}' | b']' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return Some(at + 1);
                }
            }
            _ => {}
        }
        if !byte.is_ascii_whitespace() {
            last = byte;
        }
        at += 1;
    }
    None
}

/// The next line that begins with an object.
fn line_with_value(bytes: &[u8], from: usize) -> Option<usize> {
    bytes
        .get(from..)?
        .windows(2)
        .position(|pair| pair == b"\n{")
        .map(|line_break| from + line_break + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<(&str, bool)> {
        values(Stretch { text, start: 0 })
            .into_iter()
            .map(|bounds| {
                let part = text.get(bounds.from..bounds.to).unwrap();
                (part.trim_end(), bounds.closed)
            })
            .collect()
    }

    #[test]
    fn each_value_by_its_brackets() {
        let prompt = "$ aws iam get-role [--x] {y}\n{\"a\": \"}{\\\"\"}\n$ ";
        assert_eq!(found(prompt), [("{\"a\": \"}{\\\"\"}", true)]);
        let lines = "{\"a\":1}\n{\"b\":[2]}\r\n\n[{\"c\":3}] {}";
        assert_eq!(
            found(lines),
            [
                ("{\"a\":1}", true),
                ("{\"b\":[2]}", true),
                ("[{\"c\":3}]", true),
                ("{}", true)
            ]
        );
    }

    #[test]
    fn a_value_without_its_end_does_not_swallow_the_next() {
        let lines = "{\"a\":1}\n{\"b\":\n{\"b\": \"cut\n{\"c\":3}";
        assert_eq!(
            found(lines),
            [
                ("{\"a\":1}", true),
                ("{\"b\":", false),
                ("{\"b\": \"cut", false),
                ("{\"c\":3}", true)
            ]
        );
    }

    #[test]
    fn many_brackets_are_quick() {
        let started = std::time::Instant::now();
        for text in [
            "{\"".repeat(1 << 20),
            "{\"a\n".repeat(1 << 20),
            "[[".repeat(1 << 20),
            "{ ".repeat(1 << 20),
        ] {
            assert!(found(&text).len() <= 1 << 20);
        }
        assert!(started.elapsed().as_secs() < 20);
    }
}

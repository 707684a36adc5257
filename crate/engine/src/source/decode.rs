//! What a decoded text was decoded from, byte by byte: JSON strings and URL encoding.

use super::layers::Mapping;
use crate::text::Span;

/// The map of a JSON string's content. `raw` is the string with its quotes, at `start`; it was read without error.
pub(crate) fn json_string(raw: &str, start: u32) -> Mapping {
    let mut mapping = Mapping::default();
    let inside = raw
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'))
        .unwrap_or_default();
    let mut at = start + 1;
    let mut push = |len: usize, source: usize| {
        let end = at + position(source);
        mapping.push(position(len), Span { start: at, end });
        at = end;
    };
    let mut rest = inside;
    while let Some(backslash) = rest.find('\\') {
        push(backslash, backslash);
        rest = rest.get(backslash..).unwrap_or_default();
        let unit = |at: usize| {
            let digits = rest.get(at..)?.strip_prefix("\\u")?.get(..4)?;
            u32::from_str_radix(digits, 16).ok()
        };
        let (decoded, escape) = match unit(0) {
            // The first half of a surrogate pair: a character beyond U+FFFF, four bytes in UTF-8.
            Some(0xD800..0xDC00) if unit(6).is_some() => (4, 12),
            Some(code) => (char::from_u32(code).map_or(3, char::len_utf8), 6),
            None => (1, 2),
        };
        push(decoded, escape);
        rest = rest.get(escape..).unwrap_or_default();
    }
    push(rest.len(), rest.len());
    mapping
}

/// Decodes URL encoding (RFC 3986), as the IAM API returns policies. `None` where it is none, or no UTF-8.
pub(crate) fn percent(encoded: &str, start: u32) -> Option<(String, Mapping)> {
    let mut bytes = Vec::with_capacity(encoded.len());
    let mut mapping = Mapping::default();
    // A character of several bytes is an escape for each of them, and is mapped as one.
    let mut pending = 0_u32;
    let mut at = start;
    let mut rest = encoded.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        let (decoded, width, after) = if byte == b'%' {
            let (digits, after) = after.split_first_chunk::<2>()?;
            let digits = std::str::from_utf8(digits).ok()?;
            (u8::from_str_radix(digits, 16).ok()?, 3, after)
        } else {
            (byte, 1, after)
        };
        bytes.push(decoded);
        let continued = after
            .strip_prefix(b"%")
            .and_then(|digits| digits.first())
            .is_some_and(|digit| matches!(digit, b'8' | b'9' | b'a' | b'A' | b'b' | b'B'));
        pending += 1;
        at += width;
        if width == 1 || decoded < 0x80 || !continued {
            let source = Span {
                start: at - if width == 1 { 1 } else { 3 * pending },
                end: at,
            };
            mapping.push(pending, source);
            pending = 0;
        }
        rest = after;
    }
    Some((String::from_utf8(bytes).ok()?, mapping))
}

fn position(length: usize) -> u32 {
    Span::new(0, length).end
}

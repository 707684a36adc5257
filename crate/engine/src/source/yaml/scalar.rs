//! Which part of the text each part of a scalar's value comes from.

use std::borrow::Cow;

use crate::source::layers::Mapping;
use crate::text::Span;

/// The map from a scalar's value to its text as it is marked in the tree, quotes included, which begins at `start`.
pub(crate) fn mapping(raw: &str, value: &str, start: u32) -> Mapping {
    // A block may begin with a quotation mark too: it is a quoted text only if it reads as one.
    let quoted = match raw.as_bytes() {
        [b'"', .., b'"'] => quoted(raw, value, Some('\\')),
        [b'\'', .., b'\''] => quoted(raw, value, None),
        _ => None,
    };
    let mut mapping = Mapping::default();
    for (length, raw) in quoted.unwrap_or_else(|| plain(raw, value)) {
        let source = Span::new(start as usize + raw.0, start as usize + raw.1);
        mapping.push(Span::new(0, length).end, source);
    }
    mapping
}

/// How many bytes of the value come from which bytes of the text, in order.
type Pieces = Vec<(usize, (usize, usize))>;

fn is_white(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r')
}

/// Blocks and plain scalars: all that is not white space stands there as it is, in order.
fn plain(raw: &str, value: &str) -> Pieces {
    let mut pieces = Pieces::new();
    let (mut rest, mut at) = (raw, 0);
    let mut left = value;
    loop {
        let white = |text: &str| text.len() - text.trim_start_matches(is_white).len();
        let (in_value, in_raw) = (white(left), white(rest));
        if in_value > 0 {
            pieces.push((in_value, (at, at + in_raw)));
        }
        left = left.get(in_value..).unwrap_or_default();
        rest = rest.get(in_raw..).unwrap_or_default();
        at += in_raw;
        let run = left.find(is_white).unwrap_or(left.len());
        if run == 0 {
            return pieces;
        }
        if rest.get(..run) != left.get(..run) {
            // Not as it should be: the rest stands for the rest.
            pieces.push((left.len(), (at, raw.len())));
            return pieces;
        }
        pieces.push((run, (at, at + run)));
        left = left.get(run..).unwrap_or_default();
        rest = rest.get(run..).unwrap_or_default();
        at += run;
    }
}

/// Quoted scalars, unless the value is another.
fn quoted(raw: &str, value: &str, escape: Option<char>) -> Option<Pieces> {
    let mut pieces = Pieces::new();
    let inner = raw.get(1..raw.len() - 1)?;
    let mut at = 1;
    let mut rest = inner;
    let mut left = value;
    let mut after_continuation = false;
    while let Some(c) = rest.chars().next() {
        let (length, decoded): (usize, Cow<'_, str>) = if is_white(c) {
            let length = rest.len() - rest.trim_start_matches(is_white).len();
            let run = rest.get(..length)?;
            let breaks = run.matches('\n').count();
            (
                length,
                match (breaks, after_continuation) {
                    (0, true) => "".into(),
                    (0, false) => run.into(),
                    (1, false) => " ".into(),
                    (breaks, _) => "\n".repeat(breaks - 1).into(),
                },
            )
        } else if Some(c) == escape {
            let (length, decoded) = escaped(rest)?;
            (length, decoded.into())
        } else if escape.is_none() && c == '\'' {
            (2, "'".into())
        } else {
            let stop = |c: char| is_white(c) || Some(c) == escape || c == '\'';
            let length = rest
                .find(stop)
                .filter(|at| *at > 0)
                .unwrap_or_else(|| if stop(c) { c.len_utf8() } else { rest.len() });
            (length, rest.get(..length)?.into())
        };
        left = left.strip_prefix(decoded.as_ref())?;
        pieces.push((decoded.len(), (at, at + length)));
        // `\` at the end of a line joins it with the next, without that one's indentation.
        after_continuation = !is_white(c) && decoded.is_empty();
        rest = rest.get(length..)?;
        at += length;
    }
    left.is_empty().then_some(pieces)
}

/// How long an escape is, and what it stands for.
fn escaped(text: &str) -> Option<(usize, String)> {
    let code = text.chars().nth(1)?;
    let number = |text: &str, digits: usize| u32::from_str_radix(text.get(2..2 + digits)?, 16).ok();
    let one = |c: char| Some((1 + code.len_utf8(), c.to_string()));
    match code {
        '0' => one('\0'),
        'a' => one('\u{7}'),
        'b' => one('\u{8}'),
        't' | '\t' => one('\t'),
        // The line break itself belongs to the white space behind it.
        '\n' | '\r' => Some((1, String::new())),
        'n' => one('\n'),
        'v' => one('\u{B}'),
        'f' => one('\u{C}'),
        'r' => one('\r'),
        'e' => one('\u{1B}'),
        'N' => one('\u{85}'),
        '_' => one('\u{A0}'),
        'L' => one('\u{2028}'),
        'P' => one('\u{2029}'),
        'x' => Some((4, char::from_u32(number(text, 2)?)?.to_string())),
        'U' => Some((10, char::from_u32(number(text, 8)?)?.to_string())),
        'u' => {
            let first = number(text, 4)?;
            if let Some(c) = char::from_u32(first) {
                return Some((6, c.to_string()));
            }
            // Two halves of a surrogate pair are one character.
            let second = number(text.get(6..).filter(|next| next.starts_with("\\u"))?, 4)?;
            let units = [u16::try_from(first).ok()?, u16::try_from(second).ok()?];
            Some((12, String::from_utf16(&units).ok()?))
        }
        other => one(other),
    }
}

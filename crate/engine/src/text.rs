//! Places in a text: byte spans inside the engine, UTF-16 places in the report.

use serde::Serialize;

/// A half-open range of byte offsets into one document's text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span {
    /// Offset of the first byte.
    pub start: u32,
    /// Offset after the last byte.
    pub end: u32,
}

impl Span {
    /// A span from two byte offsets; offsets past 4 GiB are clamped (documents are bounded far below).
    pub fn new(start: usize, end: usize) -> Self {
        Self {
            start: clamp(start),
            end: clamp(end),
        }
    }
}

fn clamp(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}

/// A value and where it stands in the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// Where it stands.
    pub span: Span,
}

impl<T> Spanned<T> {
    /// Joins a value and its span.
    pub fn new(value: T, span: Span) -> Self {
        Self { value, span }
    }
}

/// A span as editors count it: `Span` in the JavaScript interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Place {
    /// Offset of the first UTF-16 code unit.
    pub start: u32,
    /// Offset after the last UTF-16 code unit.
    pub end: u32,
    /// Line of `start`, counted from 1.
    pub line: u32,
    /// Column of `start` in UTF-16 code units, counted from 1.
    pub column: u32,
}

/// Turns the byte spans of one text into places. Building it is one pass over the text; a place then costs
/// at most `STRIDE` bytes of reading, whatever the length of the text or of its lines.
#[derive(Debug)]
pub struct Places<'t> {
    text: &'t [u8],
    /// Line feeds before byte 0, `STRIDE`, 2·`STRIDE`, …
    lines: Vec<u32>,
    /// All that stands before them, where the text is not ASCII with `\n` alone.
    marks: Vec<Position>,
}

/// Distance of the marks in bytes.
const STRIDE: usize = 128;

/// Where an offset stands. Lines count from 0.
#[derive(Debug, Clone, Copy, Default)]
struct Position {
    /// UTF-16 code units before it.
    units: u32,
    /// Line breaks before it.
    line: u32,
    /// UTF-16 code units before its line.
    line_start: u32,
}

impl Position {
    /// Steps over `bytes`, at most a stride; `previous` is the byte before them.
    fn advance(&mut self, bytes: &[u8], mut previous: Option<u8>) {
        let counted = Counted::of(bytes);
        if !counted.odd && previous != Some(b'\r') {
            self.line += counted.line_feeds;
            if let Some(at) = line_start(bytes) {
                self.line_start = self.units + clamp(at);
            }
            self.units += clamp(bytes.len());
            return;
        }
        for &byte in bytes {
            // A character counts at its first byte: one unit, or two from U+10000 on (four bytes in UTF-8).
            self.units += match byte {
                0x80..=0xBF => 0,
                0xF0.. => 2,
                _ => 1,
            };
            // As CodeMirror counts: `\n`, `\r` and `\r\n` are one line break each.
            if byte == b'\r' || byte == b'\n' {
                if !(byte == b'\n' && previous == Some(b'\r')) {
                    self.line += 1;
                }
                self.line_start = self.units;
            }
            previous = Some(byte);
        }
    }
}

/// What there is in a part of a text, found without a branch for each byte.
struct Counted {
    line_feeds: u32,
    /// Whether there is anything else than ASCII in it, or a `\r`.
    odd: bool,
}

impl Counted {
    /// Of at most 255 bytes.
    fn of(bytes: &[u8]) -> Self {
        let (mut line_feeds, mut odd) = (0_u8, 0_u8);
        for &byte in bytes {
            line_feeds += u8::from(byte == b'\n');
            odd |= (byte & 0x80) | u8::from(byte == b'\r');
        }
        Self {
            line_feeds: line_feeds.into(),
            odd: odd != 0,
        }
    }
}

impl<'t> Places<'t> {
    /// Reads the text once.
    pub fn new(text: &'t str) -> Self {
        let text = text.as_bytes();
        let (strides, rest) = text.as_chunks::<STRIDE>();
        let mut lines = Vec::with_capacity(strides.len() + 1);
        let mut line = 0;
        let mut odd = Counted::of(rest).odd;
        for stride in strides {
            lines.push(line);
            let counted = Counted::of(stride);
            line += counted.line_feeds;
            odd |= counted.odd;
        }
        lines.push(line);
        let marks = if odd { marks(text) } else { Vec::new() };
        Self { text, lines, marks }
    }

    /// The place of a span. An offset past the end is taken as the end, one inside a character as after it.
    pub fn place(&self, span: Span) -> Place {
        if self.marks.is_empty() {
            self.plain_place(span)
        } else {
            self.any_place(span)
        }
    }

    #[cold]
    fn any_place(&self, span: Span) -> Place {
        let start = self.position(span.start);
        let end = self.position(span.end.max(span.start));
        Place {
            start: start.units,
            end: end.units,
            line: start.line + 1,
            column: start.units - start.line_start + 1,
        }
    }

    /// Where a byte is a code unit.
    fn plain_place(&self, span: Span) -> Place {
        let len = clamp(self.text.len());
        let start = span.start.min(len);
        let before = self.text.get(..start as usize).unwrap_or_default();
        let (strides, rest) = before.as_chunks::<STRIDE>();
        let above = self.lines.get(strides.len()).copied().unwrap_or_default();
        let in_rest = line_start(rest).map(|at| strides.len() * STRIDE + at);
        let line_start = in_rest.unwrap_or_else(|| {
            // Its line begins in the last stride that has a line feed.
            let next = self.lines.partition_point(|line| *line < above);
            let stride = strides.get(next.wrapping_sub(1));
            stride
                .and_then(|stride| Some((next - 1) * STRIDE + line_start(stride)?))
                .unwrap_or_default()
        });
        Place {
            start,
            end: span.end.max(start).min(len),
            line: above + Counted::of(rest).line_feeds + 1,
            column: start - clamp(line_start) + 1,
        }
    }

    fn position(&self, offset: u32) -> Position {
        let offset = (offset as usize).min(self.text.len());
        let mark = (offset / STRIDE).min(self.marks.len().saturating_sub(1));
        let Some(&(mut position)) = self.marks.get(mark) else {
            return Position::default();
        };
        let from = mark * STRIDE;
        let previous = from
            .checked_sub(1)
            .and_then(|before| self.text.get(before).copied());
        position.advance(self.text.get(from..offset).unwrap_or_default(), previous);
        position
    }
}

/// Where the last line of a part begins, if that is in it.
fn line_start(bytes: &[u8]) -> Option<usize> {
    Some(bytes.iter().rposition(|byte| *byte == b'\n')? + 1)
}

/// What stands before each stride.
#[cold]
fn marks(text: &[u8]) -> Vec<Position> {
    let mut position = Position::default();
    let mut previous = None;
    let strides = text.chunks(STRIDE).map(|stride| {
        let mark = position;
        position.advance(stride, previous);
        previous = stride.last().copied();
        mark
    });
    strides.collect()
}

#[cfg(test)]
#[expect(clippy::string_slice, reason = "a panic fails the test")]
mod tests {
    use super::*;

    /// The definition, slowly: UTF-16 units before, line breaks before, units since the last of them.
    fn slow_place(text: &str, start: usize, end: usize) -> Place {
        let before = &text[..start];
        let units = |text: &str| u32::try_from(text.encode_utf16().count()).unwrap();
        let mut breaks = before.replace("\r\n", "\n");
        // A `\r` at the end of `before` is a break of its own only when no `\n` follows; an offset between
        // the two already counts as the next line.
        breaks = breaks.replace('\r', "\n");
        let line_start = before.rfind(['\r', '\n']).map_or(0, |at| at + 1);
        Place {
            start: units(before),
            end: units(&text[..end]),
            line: u32::try_from(breaks.matches('\n').count()).unwrap() + 1,
            column: units(&text[line_start..start]) + 1,
        }
    }

    #[test]
    fn places_are_what_editors_count() {
        let samples = [
            "",
            "\n",
            "plain",
            "a\nb\r\nc\rd",
            "\r\r\n\n\r",
            "\t{\"a\":\t\"\u{1F600}\u{301}e\u{301}\"}\r\n",
            "日本語\r\n\u{1F468}\u{200D}\u{1F469}\u{200D}\u{1F467}\n\u{FEFF}",
        ];
        let long: String = samples.concat().repeat(40);
        // ASCII with lines of every length around that of a stride.
        let ascii: String = (0..2 * STRIDE + 9)
            .step_by(9)
            .map(|length| format!("{}\n", "a".repeat(length)))
            .collect();
        for text in samples.into_iter().chain([long.as_str(), ascii.as_str()]) {
            let places = Places::new(text);
            let offsets: Vec<usize> = (0..=text.len())
                .filter(|&at| text.is_char_boundary(at))
                .collect();
            for pair in offsets.windows(2).chain([[0, text.len()].as_slice()]) {
                assert_eq!(
                    places.place(Span::new(pair[0], pair[1])),
                    slow_place(text, pair[0], pair[1]),
                    "{pair:?} in {text:?}"
                );
            }
        }
    }

    #[test]
    fn no_span_breaks_it() {
        for text in ["", "\u{1F600}", "é\r\n"] {
            let places = Places::new(text);
            for start in 0..10 {
                for end in 0..10 {
                    let place = places.place(Span::new(start, end));
                    assert!(place.start <= place.end);
                    assert!(place.end as usize <= text.encode_utf16().count());
                }
            }
            places.place(Span::new(usize::MAX, 0));
        }
    }

    #[test]
    fn a_place_costs_the_same_in_a_long_line() {
        let line = "a".repeat(10_000_000);
        for (rest, start) in [("\u{1F600}x", 10_000_003), ("aaaax", 10_000_005)] {
            let text = format!("\n{line}{rest}");
            let places = Places::new(&text);
            let started = std::time::Instant::now();
            for _ in 0..10_000 {
                let place = places.place(Span::new(10_000_005, 10_000_006));
                let expected = Place {
                    start,
                    end: start + 1,
                    line: 2,
                    column: start,
                };
                assert_eq!(place, expected);
            }
            assert!(started.elapsed().as_secs() < 20);
        }
    }
}

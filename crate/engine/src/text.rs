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
    /// What stands before byte 0, `STRIDE`, 2·`STRIDE`, …
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
    /// Steps over `bytes`; `previous` is the byte before them.
    fn advance(&mut self, bytes: &[u8], mut previous: Option<u8>) {
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

/// A byte in each of a word's eight.
const fn eight(byte: u8) -> u64 {
    u64::from_ne_bytes([byte; 8])
}

/// The highest bit of each byte that is this one, in a word of ASCII: there no byte carries over to the next.
fn equal(word: u64, byte: u8) -> u64 {
    !(word ^ eight(byte)).wrapping_add(eight(0x7F)) & eight(0x80)
}

impl Position {
    /// As `advance`, eight bytes at a time where the text is ASCII with `\n` alone.
    fn advance_quickly(&mut self, bytes: &[u8], previous: Option<u8>) {
        let (words, rest) = bytes.as_chunks::<8>();
        let (mut all, mut returns) = (0, 0);
        // At most `STRIDE` bytes, so that a byte of a word counts the line feeds in its place.
        let mut line_feeds = 0;
        let mut last = (0, 0);
        let mut look = |index: usize, word: u64| {
            all |= word;
            returns |= equal(word, b'\r');
            let here = equal(word, b'\n');
            line_feeds += here >> 7;
            if here != 0 {
                last = (index, here);
            }
        };
        for (index, word) in words.iter().enumerate() {
            look(index, u64::from_le_bytes(*word));
        }
        if !rest.is_empty() {
            let mut word = [0; 8];
            word.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
            look(words.len(), u64::from_le_bytes(word));
        }
        if all & eight(0x80) != 0 || returns != 0 || previous == Some(b'\r') {
            return self.advance(bytes, previous);
        }
        let (index, here) = last;
        if here != 0 {
            let count = line_feeds.to_ne_bytes().into_iter().map(u32::from);
            self.line += count.sum::<u32>();
            let at = index * 8 + (63 - here.leading_zeros()) as usize / 8;
            self.line_start = self.units + clamp(at + 1);
        }
        self.units += clamp(bytes.len());
    }
}

impl<'t> Places<'t> {
    /// Reads the text once.
    pub fn new(text: &'t str) -> Self {
        let text = text.as_bytes();
        let mut marks = Vec::with_capacity(text.len() / STRIDE + 1);
        let mut position = Position::default();
        let mut previous = None;
        for stride in text.chunks(STRIDE) {
            marks.push(position);
            position.advance_quickly(stride, previous);
            previous = stride.last().copied();
        }
        Self { text, marks }
    }

    /// The place of a span. An offset past the end is taken as the end, one inside a character as after it.
    pub fn place(&self, span: Span) -> Place {
        let start = self.position(span.start);
        let end = self.position(span.end.max(span.start));
        Place {
            start: start.units,
            end: end.units,
            line: start.line + 1,
            column: start.units - start.line_start + 1,
        }
    }

    fn position(&self, offset: u32) -> Position {
        let offset = (offset as usize).min(self.text.len());
        let mark = (offset / STRIDE).min(self.marks.len().saturating_sub(1));
        let Some(&(mut position)) = self.marks.get(mark) else {
            return Position::default(); // the text is empty
        };
        let from = mark * STRIDE;
        let previous = from
            .checked_sub(1)
            .and_then(|before| self.text.get(before).copied());
        position.advance_quickly(self.text.get(from..offset).unwrap_or_default(), previous);
        position
    }
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
        for text in samples.into_iter().chain([long.as_str()]) {
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
        let text = format!("{}\u{1F600}x", "a".repeat(10_000_000));
        let places = Places::new(&text);
        let started = std::time::Instant::now();
        for _ in 0..10_000 {
            assert_eq!(
                places.place(Span::new(10_000_004, 10_000_005)).start,
                10_000_002
            );
        }
        assert!(started.elapsed().as_secs() < 20);
    }
}

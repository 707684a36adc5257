//! Texts within a text: where what was decoded stands in what was pasted.
//!
//! The pasted text has the positions from 0 to its length. Each text decoded from it (a policy in a JSON string, a
//! URL-encoded one, a YAML scalar) is a layer with positions of its own behind those, and a map from them to the
//! positions that it was decoded from, which may lie in a layer themselves. So a `Span` is unique in its input, and
//! only who shows it to a person asks where in the pasted text that is.

use std::borrow::Cow;

use crate::text::Span;

/// A stretch of a decoded text that is not written as it is: an escape, or one of its sides may be empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Escape {
    /// Offset in the decoded text.
    at: u32,
    /// Bytes of the decoded text.
    len: u32,
    /// Where it was decoded from, as a whole.
    source: Span,
}

/// The map from a decoded text to its source, built from its beginning to its end. Between escapes both are alike,
/// byte by byte.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Mapping {
    escapes: Vec<Escape>,
    /// Where the source begins, and ends so far.
    source: Option<Span>,
    len: u32,
}

impl Mapping {
    /// The next `len` bytes of the decoded text are those of `source` where it is as long, and else stand for
    /// `source` as a whole (an escape; an empty one for text that the source does not have).
    pub(crate) fn push(&mut self, len: u32, source: Span) {
        let begin = self.source.map_or(source.start, |known| known.start);
        let end = self.source.map_or(source.start, |known| known.end);
        // Several parts may be written in one place; the first stands for it.
        let source = Span {
            start: source.start.max(end),
            end: source.end.max(end),
        };
        if source.start != end {
            // What the decoded text has nothing of, such as the indentation of a block.
            self.escapes.push(Escape {
                at: self.len,
                len: 0,
                source: Span {
                    start: end,
                    end: source.start,
                },
            });
        }
        if source.end.saturating_sub(source.start) != len {
            self.escapes.push(Escape {
                at: self.len,
                len,
                source,
            });
        }
        self.len = self.len.saturating_add(len);
        self.source = Some(Span {
            start: begin,
            end: source.end,
        });
    }

    /// What follows is mapped as by another map, whose source lies behind this one's.
    pub(crate) fn append(&mut self, other: &Self) {
        let mut at = 0;
        let mut source = other.source.unwrap_or_default().start;
        let run = |from: u32, length: u32| Span {
            start: from,
            end: from.saturating_add(length),
        };
        for escape in &other.escapes {
            let before = escape.at.saturating_sub(at);
            self.push(before, run(source, before));
            self.push(escape.len, escape.source);
            at = escape.at.saturating_add(escape.len);
            source = escape.source.end;
        }
        let rest = other.len.saturating_sub(at);
        self.push(rest, run(source, rest));
    }

    /// The last escape that begins at this offset or before.
    fn escape(&self, offset: u32) -> Option<&Escape> {
        let after = self.escapes.partition_point(|escape| escape.at <= offset);
        self.escapes.get(after.checked_sub(1)?)
    }

    /// The source of an offset that no escape spans.
    fn beside(&self, escape: Option<&Escape>, offset: u32) -> u32 {
        let (at, source) = match escape {
            Some(escape) => (escape.at + escape.len, escape.source.end),
            None => (0, self.source.unwrap_or_default().start),
        };
        source.saturating_add(offset.saturating_sub(at))
    }

    fn start(&self, offset: u32) -> u32 {
        match self.escape(offset) {
            Some(escape) if offset < escape.at + escape.len => escape.source.start,
            escape => self.beside(escape, offset),
        }
    }

    fn end(&self, offset: u32) -> u32 {
        let Some(before) = offset.checked_sub(1) else {
            return self.start(offset);
        };
        match self.escape(before) {
            Some(escape) if before < escape.at + escape.len => escape.source.end,
            escape => self.beside(escape, offset),
        }
    }
}

/// A decoded text's positions.
#[derive(Debug)]
struct Layer<'t> {
    start: u32,
    mapping: Mapping,
    /// The text, where trees are read from it whose strings may hold texts again.
    text: Cow<'t, str>,
}

/// The pasted text of one input and all that was decoded from it.
#[derive(Debug)]
pub(crate) struct Layers<'t> {
    text: &'t str,
    layers: Vec<Layer<'t>>,
    next: u32,
}

impl<'t> Layers<'t> {
    pub(crate) fn new(text: &'t str) -> Self {
        Self {
            text,
            layers: Vec::new(),
            // One position between two texts, so that the end of one is not the start of the next.
            next: Span::new(0, text.len().saturating_add(1)).end,
        }
    }

    /// The pasted text.
    pub(crate) fn text(&self) -> &'t str {
        self.text
    }

    /// Adds a decoded text and answers its first position; `None` where there are no positions left (4 GiB).
    /// `text` is kept where texts will be decoded from it in turn, and else left empty.
    pub(crate) fn add(&mut self, mut mapping: Mapping, text: Cow<'t, str>) -> Option<u32> {
        mapping.escapes.shrink_to_fit();
        let start = self.next;
        self.next = start.checked_add(mapping.len)?.checked_add(1)?;
        self.layers.push(Layer {
            start,
            mapping,
            text,
        });
        Some(start)
    }

    /// Keeps a layer's text, so that texts can be decoded from it in turn.
    pub(crate) fn keep(&mut self, start: u32, text: Cow<'t, str>) {
        if let Some(layer) = self.layers.iter_mut().rfind(|layer| layer.start == start) {
            layer.text = text;
        }
    }

    /// Whether a span stands in a decoded text.
    pub(crate) fn is_inner(&self, span: Span) -> bool {
        span.start as usize > self.text.len()
    }

    /// The text under a span, of the pasted text or of a layer whose text is kept.
    pub(crate) fn raw(&self, span: Span) -> Option<&str> {
        match self.layer(span.start) {
            None => self.text.get(span.start as usize..span.end as usize),
            Some(layer) => layer.text.get(
                (span.start - layer.start) as usize..span.end.checked_sub(layer.start)? as usize,
            ),
        }
    }

    /// Where in the pasted text a span stands.
    pub(crate) fn resolve(&self, mut span: Span) -> Span {
        while let Some(layer) = self.layer(span.start) {
            let start = layer.mapping.start(span.start - layer.start);
            let end = if span.end > span.start {
                layer.mapping.end(span.end - layer.start)
            } else {
                start
            };
            span = Span {
                start,
                end: end.max(start),
            };
        }
        span
    }

    /// The layer of a position; `None` for the pasted text. A layer's parent stands before it.
    fn layer(&self, position: u32) -> Option<&Layer<'t>> {
        let after = self.layers.partition_point(|layer| layer.start <= position);
        self.layers.get(after.checked_sub(1)?)
    }
}

#[cfg(test)]
#[expect(clippy::string_slice, reason = "a panic fails the test")]
mod tests;

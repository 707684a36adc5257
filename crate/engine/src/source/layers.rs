//! Texts within a text: where what was decoded stands in what was pasted.
//!
//! The pasted text has the positions from 0 to its length. Each text decoded from it (a policy in a JSON string, a
//! URL-encoded one, a YAML scalar) is a layer with positions of its own behind those, and a map from them to the
//! positions that it was decoded from, which may lie in a layer themselves. So a `Span` is unique in its input, and
//! only who shows it to a person asks where in the pasted text that is.

use std::borrow::Cow;

use crate::text::Span;

/// A stretch of a decoded text and what it was decoded from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Segment {
    /// Offset in the decoded text.
    at: u32,
    /// Bytes of the decoded text.
    len: u32,
    /// Where it was decoded from. As long as the stretch: byte by byte. Else as a whole, as an escape is.
    source: Span,
}

/// The map from a decoded text to its source, built from its beginning to its end.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Mapping {
    segments: Vec<Segment>,
    len: u32,
}

impl Mapping {
    /// The next `len` bytes of the decoded text are those of `source` where it is as long, and else stand for
    /// `source` as a whole (an escape; an empty one for text that the source does not have).
    pub(crate) fn push(&mut self, len: u32, source: Span) {
        let verbatim = source.end.saturating_sub(source.start) == len;
        if let Some(last) = self.segments.last_mut()
            && verbatim
            && last.source.end == source.start
            && last.source.end - last.source.start == last.len
        {
            last.len += len;
            last.source.end = source.end;
        } else if len > 0 {
            self.segments.push(Segment {
                at: self.len,
                len,
                source,
            });
        }
        self.len += len;
    }

    /// The segment that holds the byte at `offset`; the last one where there is none.
    fn segment(&self, offset: u32) -> Option<&Segment> {
        let after = self
            .segments
            .partition_point(|segment| segment.at <= offset);
        self.segments.get(after.saturating_sub(1))
    }

    fn start(&self, offset: u32) -> u32 {
        match self.segment(offset) {
            None => 0,
            Some(segment) if offset >= segment.at + segment.len => segment.source.end,
            Some(segment) if segment.is_verbatim() => segment.source.start + (offset - segment.at),
            Some(segment) => segment.source.start,
        }
    }

    fn end(&self, offset: u32) -> u32 {
        let Some(before) = offset.checked_sub(1) else {
            return self.start(offset);
        };
        match self.segment(before) {
            None => 0,
            Some(segment) if segment.is_verbatim() => {
                segment.source.start + (offset - segment.at).min(segment.len)
            }
            Some(segment) => segment.source.end,
        }
    }
}

impl Segment {
    fn is_verbatim(&self) -> bool {
        self.source.end - self.source.start == self.len
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
    pub(crate) fn add(&mut self, mapping: Mapping, text: Cow<'t, str>) -> Option<u32> {
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

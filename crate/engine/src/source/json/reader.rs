//! The quick way: jiter's events straight to nodes. It is as strict as RFC 8259, and does not say what is wrong.

use std::borrow::Cow;
use std::ptr;

use jiter::{Jiter, Peek};

use crate::source::{Member, Node, Value};
use crate::text::{Span, Spanned};

/// Policies nest less than ten deep. What is deeper is left to the second reader, which has a bound of its own.
const DEEPEST: usize = 128;

/// Reads a text; `None` where it is no JSON, or more than policies need (very deep, numbers of thousands of digits).
pub(super) fn read(text: &str) -> Option<Node<'_>> {
    let mut reader = Reader {
        text,
        events: Jiter::new(text.as_bytes()),
        // A kilobyte each, which allocators have at hand.
        nodes: Vec::with_capacity(32),
        members: Vec::with_capacity(16),
    };
    let first = reader.events.peek().ok()?;
    let node = reader.node(first, DEEPEST)?;
    reader.events.finish().ok()?;
    Some(node)
}

struct Reader<'t> {
    text: &'t str,
    events: Jiter<'t>,
    /// What has been read of the lists and objects that are not at their end: so each gets as much memory as it needs.
    nodes: Vec<Node<'t>>,
    members: Vec<Member<'t>>,
}

impl<'t> Reader<'t> {
    /// The value that begins where the reader stands.
    fn node(&mut self, first: Peek, depth: usize) -> Option<Node<'t>> {
        let start = self.events.current_index();
        let value = match first {
            Peek::String => Value::String(self.string(start)?),
            Peek::Object => Value::Object(self.members(depth.checked_sub(1)?)?),
            Peek::Array => Value::Array(self.elements(depth.checked_sub(1)?)?),
            Peek::True | Peek::False => Value::Bool(self.events.known_bool(first).ok()?),
            Peek::Null => {
                self.events.known_null().ok()?;
                Value::Null
            }
            _ => {
                self.events.known_number_bytes(first).ok()?;
                Value::Number(self.text.get(start..self.events.current_index())?.into())
            }
        };
        Some(Node {
            span: Span::new(start, self.events.current_index()),
            value,
        })
    }

    fn elements(&mut self, depth: usize) -> Option<Box<[Node<'t>]>> {
        let begin = self.nodes.len();
        let mut next = self.events.known_array().ok()?;
        while let Some(first) = next {
            let node = self.node(first, depth)?;
            self.nodes.push(node);
            next = self.events.array_step().ok()?;
        }
        Some(self.nodes.split_off(begin).into())
    }

    fn members(&mut self, depth: usize) -> Option<Box<[Member<'t>]>> {
        let begin = self.members.len();
        let text = self.text;
        let mut next = place(text, self.events.next_object_bytes().ok()?);
        while let Some((start, end)) = next {
            let name = Spanned::new(name(text.get(start..end)?)?, Span::new(start, end));
            let first = self.events.peek().ok()?;
            let value = self.node(first, depth)?;
            self.members.push(Member { name, value });
            next = place(text, self.events.next_key_bytes().ok()?);
        }
        Some(self.members.split_off(begin).into())
    }

    /// The string whose opening quote stands here.
    fn string(&mut self, start: usize) -> Option<Cow<'t, str>> {
        let resolved = self.events.known_str().ok()?;
        // Without escapes jiter gives the part of the text itself.
        let plain = self.text.get(start + 1..start + 1 + resolved.len());
        Some(match plain.filter(|plain| ptr::eq(*plain, resolved)) {
            Some(plain) => Cow::Borrowed(plain),
            None => Cow::Owned(resolved.to_owned()),
        })
    }
}

/// A name without its quotes; jiter has looked at its escapes.
fn name(quoted: &str) -> Option<Cow<'_, str>> {
    // Names are short: byte by byte is sooner than a search that is made for long texts.
    if quoted.bytes().any(|byte| byte == b'\\') {
        Some(Cow::Owned(
            Jiter::new(quoted.as_bytes()).next_str().ok()?.to_owned(),
        ))
    } else {
        Some(Cow::Borrowed(quoted.get(1..quoted.len() - 1)?))
    }
}

/// Where a name stands whose inside is this part of the text, quotes included.
fn place(text: &str, inside: Option<&[u8]>) -> Option<(usize, usize)> {
    let inside = inside?;
    // jiter tells no place of names, but gives a part of the text itself.
    let start = inside.as_ptr().addr() - text.as_ptr().addr();
    Some((start - 1, start + inside.len() + 1))
}

//! Strict JSON (RFC 8259). Good texts are read once, by jiter; what it refuses is read again by jsonc-parser,
//! whose errors say what is wrong.

mod reader;
mod second;

use super::Node;
use crate::problem::Problem;

pub(super) fn parse(text: &str) -> Result<Node<'_>, Problem> {
    reader::read(text).map_or_else(|| second::read(text), Ok)
}

#[cfg(test)]
mod tests;

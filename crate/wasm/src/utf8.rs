//! `Utf8` of the JavaScript interface: a long text that comes in pieces.

use wasm_bindgen::prelude::*;

/// A text in the engine's memory. Nothing of it stays outside, and it goes in while the rest is still being read.
#[wasm_bindgen(skip_typescript)]
pub struct Utf8(Vec<u8>);

#[wasm_bindgen]
impl Utf8 {
    /// With room for so many bytes.
    #[wasm_bindgen(constructor)]
    pub fn new(bytes: usize) -> Utf8 {
        Self(Vec::with_capacity(bytes))
    }

    /// Adds a piece, which may begin or end within a character.
    pub fn append(&mut self, piece: &[u8]) {
        self.0.extend_from_slice(piece);
    }
}

impl Utf8 {
    pub(crate) fn into_bytes(self) -> Vec<u8> {
        self.0
    }
}

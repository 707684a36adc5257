//! The states of a run, the way to each, and what is to be looked at next.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::rc::Rc;

use super::places::Places;

#[derive(PartialEq, Eq, Hash)]
pub(super) struct State {
    pub(super) step: usize,
    /// The grammar's state in a word, none before its first character.
    pub(super) word: Option<u16>,
    pub(super) active: Places,
}

impl State {
    /// The states of the machines, behind so many words of places.
    pub(super) fn machines(&self, width: usize) -> impl Iterator<Item = &u64> {
        self.active.iter().skip(width)
    }
}

/// One thing to go on with.
pub(super) enum Item {
    State {
        node: u32,
        state: State,
    },
    /// The suggestions of a step from this one on, each only when its turn has come.
    Option {
        node: u32,
        state: Rc<State>,
        option: usize,
    },
    /// The words of a step, letter by letter.
    Spelling {
        node: u32,
        state: Rc<State>,
    },
}

pub(super) struct Node {
    pub(super) parent: Option<u32>,
    pub(super) emitted: Emitted,
    pub(super) step: usize,
}

#[derive(Clone, Copy)]
pub(super) enum Emitted {
    Nothing,
    Char(char),
    Option(usize),
}

/// The way so far, and what is to be looked at next: by rank, then by age, so that the answer is the same
/// every time.
#[derive(Default)]
pub(super) struct Front {
    pub(super) nodes: Vec<Node>,
    pub(super) items: Vec<Option<(u32, Item)>>,
    pub(super) queue: BinaryHeap<Reverse<(u32, usize)>>,
}

impl Front {
    pub(super) fn push(&mut self, cost: u32, needs: u32, item: Item) {
        self.queue
            .push(Reverse((cost + 4 * needs, self.items.len())));
        self.items.push(Some((cost, item)));
    }

    pub(super) fn pop(&mut self) -> Option<(u32, Item)> {
        let Reverse((_, index)) = self.queue.pop()?;
        self.items.get_mut(index)?.take()
    }

    pub(super) fn node(&mut self, parent: u32, emitted: Emitted, step: usize) -> u32 {
        self.nodes.push(Node {
            parent: Some(parent),
            emitted,
            step,
        });
        small(self.nodes.len() - 1)
    }
}

/// Sizes here are bounded by the budget, far below 2^32.
pub(super) fn small(size: usize) -> u32 {
    u32::try_from(size).unwrap_or(u32::MAX)
}

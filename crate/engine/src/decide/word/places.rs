//! Sets of places in patterns, one bit each.

/// A set of places, one bit each; of a state, the states of the machines behind them.
pub(super) type Places = Box<[u64]>;

pub(super) fn insert(set: &mut [u64], place: usize) {
    if let Some(bits) = set.get_mut(place / 64) {
        *bits |= 1 << (place % 64);
    }
}

pub(super) fn contains(set: &[u64], place: usize) -> bool {
    set.get(place / 64)
        .is_some_and(|bits| bits & (1 << (place % 64)) != 0)
}

/// Whether any place from one to another, both included, is in the set.
pub(super) fn any_within(set: &[u64], from: usize, to: usize) -> bool {
    words_within(set, from, to).any(|(_, bits)| bits != 0)
}

/// The places of the set from one to another, both included.
pub(super) fn within(set: &[u64], from: usize, to: usize) -> impl Iterator<Item = usize> {
    words_within(set, from, to).flat_map(places_of)
}

/// The elements of a set, of which the first words are looked at.
pub(super) fn elements(set: &[u64], words: usize) -> impl Iterator<Item = usize> {
    let words = set.iter().copied().take(words);
    words.enumerate().flat_map(places_of)
}

/// The words of the set, with nothing but the places from one to another, both included.
fn words_within(set: &[u64], from: usize, to: usize) -> impl Iterator<Item = (usize, u64)> {
    let (first, last) = (from / 64, to / 64);
    let words = set.iter().copied().enumerate().take(last + 1).skip(first);
    words.map(move |(word, mut bits)| {
        if word == first {
            bits &= u64::MAX << (from % 64);
        }
        if word == last {
            bits &= u64::MAX >> (63 - to % 64);
        }
        (word, bits)
    })
}

fn places_of((word, mut bits): (usize, u64)) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let next = (bits != 0).then(|| bits.trailing_zeros() as usize)?;
        bits &= bits - 1;
        Some(word * 64 + next)
    })
}

/// Adds the places behind stars, which are reached without a character.
pub(super) fn close(set: &mut [u64], many: &[u64]) {
    let mut carry = 0;
    for (bits, many) in set.iter_mut().zip(many) {
        *bits |= carry;
        let stars = *bits & many;
        *bits |= stars << 1;
        carry = stars >> 63;
    }
}

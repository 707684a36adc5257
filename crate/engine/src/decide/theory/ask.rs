//! What the atoms ask of one key.

use super::Wanted;
use crate::decide::acceptor::Acceptor;
use crate::decide::formula::Test;
use crate::matcher::Matcher;

/// One question about a key's values, with the sense it is asked in.
#[derive(Clone, Copy)]
pub(super) struct Ask<'a> {
    pub(super) matcher: &'a Matcher,
    /// Some value is not accepted, instead of some value is.
    pub(super) outside: bool,
    pub(super) want: bool,
}

impl<'a> Ask<'a> {
    /// For a key with exactly one value, "some value is not accepted" is "the value is not accepted".
    pub(super) fn of_one_value(&self) -> Ask<'a> {
        Ask {
            matcher: self.matcher,
            outside: false,
            want: self.want != self.outside,
        }
    }
}

/// What is asked of a key's values.
pub(super) fn asks<'a>(wanted: &[Wanted<'a>], key: &str) -> Vec<Ask<'a>> {
    wanted
        .iter()
        .filter_map(|(atom, want)| match &atom.test {
            Test::Value {
                key: of,
                wide,
                narrow,
                outside,
                ..
            } if of == key => {
                // Whichever of the two makes the answer possible for some value of the variables.
                let matcher = if *want != *outside { wide } else { narrow };
                Some(Ask {
                    matcher,
                    outside: *outside,
                    want: *want,
                })
            }
            _ => None,
        })
        .collect()
}

/// The keys that are asked about, each once.
pub(super) fn keys_of<'a>(wanted: &[Wanted<'a>]) -> Vec<&'a str> {
    let mut keys: Vec<&str> = wanted
        .iter()
        .filter_map(|(atom, _)| match &atom.test {
            Test::Present(key) | Test::Value { key, .. } => Some(key.as_str()),
            Test::Written(_) => None,
        })
        .collect();
    keys.sort_unstable();
    keys.dedup();
    keys
}

pub(super) fn not_about<'a>(wanted: &[Wanted<'a>], key: &str) -> Vec<Wanted<'a>> {
    wanted
        .iter()
        .copied()
        .filter(|(atom, _)| {
            !matches!(&atom.test, Test::Present(of) | Test::Value { key: of, .. } if of == key)
        })
        .collect()
}

/// Whether all that is asked of a key, or of a group's tapes, holds where it is not in the request.
pub(super) fn holds_absent(wanted: &[Wanted<'_>], key: &str) -> bool {
    wanted.iter().all(|(atom, want)| match &atom.test {
        Test::Present(of) | Test::Value { key: of, .. } if of == key => !want,
        Test::Written(_) => !want,
        _ => true,
    })
}

/// Whether a key is asked not to be there.
pub(super) fn present_refused(wanted: &[Wanted<'_>], key: &str) -> bool {
    wanted
        .iter()
        .any(|(atom, want)| matches!(&atom.test, Test::Present(of) if of == key) && !want)
}

/// Whether a key may have this one value.
pub(super) fn agrees(wanted: &[Wanted<'_>], key: &str, value: &str) -> bool {
    let asked = asks(wanted, key).iter().all(|ask| {
        let ask = ask.of_one_value();
        ask.matcher.accepts(value) == ask.want
    });
    asked && !present_refused(wanted, key)
}

/// Whether anything is asked of a tape.
pub(super) fn on_tape(wanted: &[Wanted<'_>], tape: usize) -> bool {
    let on = |acceptors: &[Acceptor]| acceptors.iter().any(|acceptor| acceptor.tape == tape);
    wanted.iter().any(|(atom, _)| match &atom.test {
        Test::Written(written) => on(&written.wide),
        _ => false,
    })
}

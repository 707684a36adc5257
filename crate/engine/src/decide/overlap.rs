//! Is there a text that two patterns both accept? Asked of every two exceptions of a policy, so it is told at once
//! where that can be.

use std::borrow::Borrow;

use super::acceptor::{Acceptor, Move, Reads};
use crate::pattern::{ARN_PARTS, glob};

/// The part of an ARN that its partition, and its account, stands in.
pub(super) const PARTITION: usize = 1;
pub(super) const ACCOUNT: usize = 4;

impl Acceptor {
    /// Whether any text at all is accepted by both; acceptors on different tapes do not meet.
    pub(super) fn overlaps(&self, other: &Self) -> bool {
        self.tape != other.tape || self.cut().overlaps(&other.cut())
    }

    /// The whole pattern; of a number, a date or an address one that any text matches.
    pub(super) fn glob(&self) -> &[Move] {
        match self.moves().split_last() {
            Some((Move::Accept, glob)) => glob,
            _ => self.moves(),
        }
    }

    fn moves(&self) -> &[Move] {
        match &self.reads {
            Reads::Pattern(moves) => moves,
            Reads::Typed(_) => &[Move::Many { within_part: false }, Move::Accept],
        }
    }

    /// The pattern with its parts told apart.
    pub(super) fn cut(&self) -> Cut<&Self> {
        Cut::of(self)
    }

    /// Goes through both at once.
    fn meets_somewhere(&self, other: &Self) -> bool {
        let (own, others) = (self.moves(), other.moves());
        let width = others.len();
        let mut seen = vec![false; own.len() * width];
        let mut open = vec![(0, 0)];
        while let Some((mine, theirs)) = open.pop() {
            let (Some(a), Some(b)) = (own.get(mine), others.get(theirs)) else {
                continue;
            };
            match seen.get_mut(mine * width + theirs) {
                Some(seen) if !*seen => *seen = true,
                _ => continue,
            }
            if (a, b) == (&Move::Accept, &Move::Accept) {
                return true;
            }
            if a.is_star() {
                open.push((mine + 1, theirs));
            }
            if b.is_star() {
                open.push((mine, theirs + 1));
            }
            if a.meets(b) {
                let next = |place, step: &Move| match step {
                    Move::Many { .. } => place,
                    _ => place + 1,
                };
                open.push((next(mine, a), next(theirs, b)));
            }
        }
        false
    }
}

/// A pattern with its parts told apart, so that it is quickly compared with many.
pub(super) struct Cut<A> {
    pub(super) acceptor: A,
    /// Whether its wildcards take any character.
    is_plain: bool,
    /// Where the parts of an ARN pattern end; `None` where a wildcard may cross from one of the first five to the
    /// next.
    ends: Option<[usize; ARN_PARTS]>,
}

impl<A: Borrow<Acceptor>> Cut<A> {
    pub(super) fn of(acceptor: A) -> Self {
        let mut is_plain = true;
        let mut crosses = false;
        let mut colons = Vec::with_capacity(ARN_PARTS);
        let glob = acceptor.borrow().glob();
        for (place, step) in glob.iter().enumerate() {
            match step {
                Move::One { within_part } | Move::Many { within_part } => {
                    is_plain &= !within_part;
                    crosses |= !within_part && colons.len() < ARN_PARTS - 1;
                }
                Move::Char { c: ':', .. } if colons.len() < ARN_PARTS - 1 => colons.push(place),
                Move::Char { .. } | Move::Digit | Move::Accept => {}
            }
        }
        colons.push(glob.len());
        Self {
            is_plain,
            ends: colons.try_into().ok().filter(|_| !crosses),
            acceptor,
        }
    }

    /// A part of an ARN pattern.
    fn part(&self, part: usize) -> Option<&[Move]> {
        let ends = self.ends.as_ref()?;
        let from = match part.checked_sub(1) {
            Some(before) => ends.get(before)? + 1,
            None => 0,
        };
        self.acceptor.borrow().glob().get(from..*ends.get(part)?)
    }

    /// Whether two ARN patterns may agree in a part.
    pub(super) fn agrees<B: Borrow<Acceptor>>(&self, other: &Cut<B>, part: usize) -> bool {
        match (self.part(part), other.part(part)) {
            (Some(mine), Some(theirs)) => globs_overlap(mine, theirs),
            _ => true,
        }
    }

    /// Whether a part of an ARN pattern may be what a pattern of its own says.
    pub(super) fn holds<B: Borrow<Acceptor>>(&self, part: usize, whole: &Cut<B>) -> bool {
        self.part(part)
            .is_none_or(|part| globs_overlap(part, whole.acceptor.borrow().glob()))
    }

    /// Whether any text on their tape is accepted by both.
    pub(super) fn overlaps<B: Borrow<Acceptor>>(&self, other: &Cut<B>) -> bool {
        let (mine, theirs) = (self.acceptor.borrow(), other.acceptor.borrow());
        if self.is_plain && other.is_plain {
            return globs_overlap(mine.glob(), theirs.glob());
        }
        if self.ends.is_some() && other.ends.is_some() {
            // The last parts differ most often.
            return (0..ARN_PARTS).rev().all(|part| self.agrees(other, part));
        }
        mine.meets_somewhere(theirs)
    }
}

impl Move {
    /// Whether a character exists that both take.
    fn meets(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Accept, _) | (_, Self::Accept) => false,
            (Self::Char { c, .. }, step) => {
                step.takes(*c) || matches!(step, Self::Char { c: want, .. } if self.takes(*want))
            }
            (step, Self::Char { c, .. }) => step.takes(*c),
            _ => true,
        }
    }
}

/// Whether two patterns have a text in common, where every star takes whatever the other pattern may hold.
///
/// If both have a star, what stands between the first and the last star of one fits into a star of the other, so
/// only what stands before the first and behind the last has to agree.
pub(super) fn globs_overlap(mine: &[Move], theirs: &[Move]) -> bool {
    let (mut mine, mut theirs) = (mine, theirs);
    while let (Some((a, more)), Some((b, others))) = (mine.split_first(), theirs.split_first())
        && !a.is_star()
        && !b.is_star()
    {
        if !a.meets(b) {
            return false;
        }
        (mine, theirs) = (more, others);
    }
    let stars = |glob: &[Move]| glob.iter().any(Move::is_star);
    match (stars(mine), stars(theirs)) {
        (false, false) => mine.is_empty() && theirs.is_empty(),
        (true, false) => glob(mine, theirs.iter(), Move::is_star, Move::meets),
        (false, true) => glob(theirs, mine.iter(), Move::is_star, Move::meets),
        (true, true) => {
            let ends = mine.iter().rev().zip(theirs.iter().rev());
            ends.take_while(|(a, b)| !a.is_star() && !b.is_star())
                .all(|(a, b)| a.meets(b))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pattern::{ArnPattern, Pattern, Syntax};

    fn acceptors(text: &str) -> [Acceptor; 2] {
        let syntax = Syntax {
            wildcards: true,
            variables: false,
        };
        let pattern = Pattern::parse(text, syntax);
        let arn = ArnPattern::new(&pattern, true);
        [
            Acceptor::text(0, &pattern, text.contains('x')),
            Acceptor::arn(0, &arn).unwrap(),
        ]
    }

    /// What is told at once is what going through both says, for all short patterns and some ARNs.
    #[test]
    fn the_quick_answer_is_the_slow_one() {
        let mut texts = vec![String::new()];
        for length in 1..=4 {
            for text in texts.clone() {
                if text.chars().count() == length - 1 {
                    texts.extend(["a", "x", "*", "?"].map(|more| format!("{text}{more}")));
                }
            }
        }
        texts.extend(
            [
                "arn:aws:iam::*:role/Ops1*",
                "arn:aws:iam::*:role/Ops10*",
                "arn:aws:iam::*:role/Ops2*",
                "arn:aws:iam::111122223333:role/*",
                "arn:aws:iam::11112222*:role/a:b",
                "arn:aws*:iam::*:user/*-admin",
                "arn:*:role/Ops?",
                "arn:aws:iam::????????????:role/*s2",
                "arn:aws:cloudtrail:us-*:*:trail/*-sandbox1",
                "arn:aws:cloudtrail:*-1:*:trail/*-sandbox12",
            ]
            .map(str::to_owned),
        );
        let all: Vec<Acceptor> = texts.iter().flat_map(|text| acceptors(text)).collect();
        for one in &all {
            for other in all.iter().step_by(3) {
                assert_eq!(
                    one.overlaps(other),
                    one.meets_somewhere(other),
                    "{one:?} {other:?}"
                );
            }
        }
    }
}

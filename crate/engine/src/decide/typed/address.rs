//! IP addresses, as the standard library reads them.

use std::cmp::Ordering;

use super::{Reading, by_length, digit};
use crate::policy::value::IpRange;

/// A CIDR range of IPv4 addresses, byte by byte: a range's first and last address differ in their last bits
/// only, so each byte for itself has a range.
#[derive(Debug)]
pub(super) struct V4 {
    first: [u8; 4],
    last: [u8; 4],
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct StateV4 {
    place: usize,
    byte: Option<u8>,
}

impl StateV4 {
    pub(super) const START: Self = Self {
        place: 0,
        byte: None,
    };
}

impl V4 {
    pub(super) fn new(range: &IpRange) -> Self {
        let bytes = |address: u128| u32::try_from(address).unwrap_or(u32::MAX).to_be_bytes();
        Self {
            first: bytes(range.first),
            last: bytes(range.last),
        }
    }

    pub(super) fn step(&self, state: StateV4, c: char) -> Option<StateV4> {
        if c == '.' {
            return (state.place < 3 && self.has(state)).then_some(StateV4 {
                place: state.place + 1,
                byte: None,
            });
        }
        let digit = digit(c)?;
        let byte = match state.byte {
            None => digit,
            Some(0) => return None,
            Some(byte) => byte.checked_mul(10)?.checked_add(digit)?,
        };
        Some(StateV4 {
            byte: Some(byte),
            ..state
        })
    }

    pub(super) fn at_end(&self, state: StateV4) -> Reading {
        Reading::of(state.place == 3 && self.has(state))
    }

    fn has(&self, state: StateV4) -> bool {
        let bounds = self.first.get(state.place).zip(self.last.get(state.place));
        bounds
            .zip(state.byte)
            .is_some_and(|((first, last), byte)| (*first..=*last).contains(&byte))
    }
}

/// A CIDR range of IPv6 addresses, in groups of 16 bits.
#[derive(Debug)]
pub(super) struct V6 {
    first: [u16; 8],
    last: [u16; 8],
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum StateV6 {
    Groups {
        /// How many groups stand before the `::`, where there was one.
        before: Option<usize>,
        /// How many whole groups were read since.
        groups: usize,
        /// Behind the `::`: the numbers of groups, one bit each, with which all is in the range so far.
        fits: u8,
        /// The group that is being read.
        group: Group,
        /// How many colons were read last.
        colons: u8,
    },
    /// An IPv4 address stands for the last two groups.
    Embedded,
}

/// What was read of a group. Where any group will do, only how long it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Group {
    digits: u8,
    /// Before a `::`, where its place is known: how many digits there are behind leading zeros, and how they
    /// compare with those of the lowest and the highest group.
    significant: usize,
    low: Ordering,
    high: Ordering,
    /// Behind it: its value, all above the highest group being the same.
    value: u16,
}

impl Group {
    const NONE: Self = Self {
        digits: 0,
        significant: 0,
        low: Ordering::Equal,
        high: Ordering::Equal,
        value: 0,
    };
}

impl StateV6 {
    pub(super) const START: Self = Self::Groups {
        before: None,
        groups: 0,
        fits: 0,
        group: Group::NONE,
        colons: 0,
    };
}

impl V6 {
    pub(super) fn new(range: &IpRange) -> Self {
        let groups = |address: u128| std::net::Ipv6Addr::from(address).segments();
        Self {
            first: groups(range.first),
            last: groups(range.last),
        }
    }

    pub(super) fn step(&self, state: StateV6, c: char) -> Option<StateV6> {
        let StateV6::Groups {
            before,
            groups,
            fits,
            group,
            colons,
        } = state
        else {
            return (c == '.' || c.is_ascii_digit()).then_some(state);
        };
        match c {
            ':' if group.digits > 0 => {
                let (groups, fits) = self.whole(before, groups, fits, group)?;
                Some(StateV6::Groups {
                    before,
                    groups,
                    fits,
                    group: Group::NONE,
                    colons: 1,
                })
            }
            ':' if colons == 1 && before.is_none() => Some(StateV6::Groups {
                before: Some(groups),
                groups: 0,
                fits: self.zeros(groups),
                group,
                colons: 2,
            }),
            ':' if colons == 0 => Some(StateV6::Groups {
                before,
                groups,
                fits,
                group,
                colons: 1,
            }),
            '.' if group.digits > 0 && (before.is_some() || groups == 6) => Some(StateV6::Embedded),
            _ => {
                let digit = u8::try_from(c.to_digit(16)?).ok()?;
                // A text begins with two colons or none.
                let lone = colons == 1 && groups == 0 && before.is_none();
                (group.digits < 4 && !lone).then(|| StateV6::Groups {
                    before,
                    groups,
                    fits,
                    group: self.digit(before, groups, fits, group, digit),
                    colons: 0,
                })
            }
        }
    }

    /// One more digit of a group.
    fn digit(
        &self,
        before: Option<usize>,
        groups: usize,
        fits: u8,
        group: Group,
        digit: u8,
    ) -> Group {
        let next = Group {
            digits: group.digits + 1,
            ..group
        };
        if before.is_some() {
            let highest = totals(fits)
                .filter_map(|total| self.bounds(8 - total + groups))
                .filter(|bounds| *bounds != ANY)
                .map(|(_, last)| last)
                .max();
            let value = group.value.saturating_mul(16) | u16::from(digit);
            return Group {
                value: match highest {
                    None => 0,
                    Some(highest) => value.min(highest.saturating_add(1)),
                },
                ..next
            };
        }
        match self.bounds(groups) {
            Some((first, last)) if (first, last) != ANY => {
                if group.significant == 0 && digit == 0 {
                    return next;
                }
                let compare = |ordering: Ordering, bound| match hex(bound).get(group.significant) {
                    Some(other) => ordering.then(digit.cmp(other)),
                    None => Ordering::Greater,
                };
                Group {
                    significant: group.significant + 1,
                    low: compare(group.low, first),
                    high: compare(group.high, last),
                    ..next
                }
            }
            _ => next,
        }
    }

    pub(super) fn at_end(&self, state: StateV6) -> Reading {
        let StateV6::Groups {
            before,
            groups,
            fits,
            group,
            colons,
        } = state
        else {
            return Reading::Unsure;
        };
        let whole = match colons {
            2 => Some((groups, fits)),
            _ if group.digits > 0 => self.whole(before, groups, fits, group),
            _ => None,
        };
        Reading::of(whole.is_some_and(|(groups, fits)| match before {
            Some(_) => totals(fits).any(|total| total == groups),
            None => groups == 8,
        }))
    }

    /// Ends a group; `None` where no address that begins so is in the range.
    fn whole(
        &self,
        before: Option<usize>,
        groups: usize,
        fits: u8,
        group: Group,
    ) -> Option<(usize, u8)> {
        if before.is_none() {
            let (first, last) = self.bounds(groups)?;
            let compare =
                |ordering, bound| by_length(group.significant, hex(bound).len(), ordering);
            let within = (first, last) == ANY
                || (compare(group.low, first).is_ge() && compare(group.high, last).is_le());
            return within.then_some((groups + 1, fits));
        }
        let fits = totals(fits)
            .filter(|total| groups < *total && self.has(8 - total + groups, group.value))
            .fold(0, |fits, total| fits | 1 << total);
        (fits != 0).then_some((groups + 1, fits))
    }

    /// With how many groups behind a `::` the zeros that it stands for are in the range.
    fn zeros(&self, before: usize) -> u8 {
        totals(u8::MAX)
            .filter(|total| before + total < 8)
            .filter(|total| (before..8 - total).all(|place| self.has(place, 0)))
            .fold(0, |fits, total| fits | 1 << total)
    }

    fn bounds(&self, place: usize) -> Option<(u16, u16)> {
        Some((*self.first.get(place)?, *self.last.get(place)?))
    }

    fn has(&self, place: usize, group: u16) -> bool {
        self.bounds(place)
            .is_some_and(|(first, last)| (first..=last).contains(&group))
    }
}

/// The lowest and the highest group where any will do.
const ANY: (u16, u16) = (0, u16::MAX);

/// The numbers whose bits are set.
fn totals(fits: u8) -> impl Iterator<Item = usize> {
    (0..8).filter(move |total| fits & (1 << total) != 0)
}

/// The digits of a group without leading zeros.
fn hex(group: u16) -> Vec<u8> {
    (0..4)
        .rev()
        .map(|place| (group >> (4 * place) & 15) as u8)
        .skip_while(|digit| *digit == 0)
        .collect()
}

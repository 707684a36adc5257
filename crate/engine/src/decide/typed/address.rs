//! IP addresses, as the standard library reads them.

use super::{Reading, digit};
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
        /// The group that is being read, and its digits.
        group: u16,
        digits: u8,
        /// How many colons were read last.
        colons: u8,
    },
    /// An IPv4 address stands for the last two groups.
    Embedded,
}

impl StateV6 {
    pub(super) const START: Self = Self::Groups {
        before: None,
        groups: 0,
        fits: 0,
        group: 0,
        digits: 0,
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
            digits,
            colons,
        } = state
        else {
            return (c == '.' || c.is_ascii_digit()).then_some(state);
        };
        match c {
            ':' if digits > 0 => {
                let (groups, fits) = self.whole(before, groups, fits, group)?;
                Some(StateV6::Groups {
                    before,
                    groups,
                    fits,
                    group: 0,
                    digits: 0,
                    colons: 1,
                })
            }
            ':' if colons == 1 && before.is_none() => Some(StateV6::Groups {
                before: Some(groups),
                groups: 0,
                fits: self.zeros(groups),
                group: 0,
                digits: 0,
                colons: 2,
            }),
            ':' if colons == 0 => Some(StateV6::Groups {
                before,
                groups,
                fits,
                group: 0,
                digits: 0,
                colons: 1,
            }),
            '.' if digits > 0 && (before.is_some() || groups == 6) => Some(StateV6::Embedded),
            _ => {
                let digit = u16::try_from(c.to_digit(16)?).ok()?;
                // A text begins with two colons or none.
                let lone = colons == 1 && groups == 0 && before.is_none();
                (digits < 4 && !lone).then_some(StateV6::Groups {
                    before,
                    groups,
                    fits,
                    group: group << 4 | digit,
                    digits: digits + 1,
                    colons: 0,
                })
            }
        }
    }

    pub(super) fn at_end(&self, state: StateV6) -> Reading {
        let StateV6::Groups {
            before,
            groups,
            fits,
            group,
            digits,
            colons,
        } = state
        else {
            return Reading::Unsure;
        };
        let whole = match colons {
            2 => Some((groups, fits)),
            _ if digits > 0 => self.whole(before, groups, fits, group),
            _ => None,
        };
        Reading::of(whole.is_some_and(|(groups, fits)| match before {
            Some(_) => fits & (1 << groups) != 0,
            None => groups == 8,
        }))
    }

    /// Ends a group; `None` where no address that begins so is in the range.
    fn whole(
        &self,
        before: Option<usize>,
        groups: usize,
        fits: u8,
        group: u16,
    ) -> Option<(usize, u8)> {
        if before.is_none() {
            return self.has(groups, group).then_some((groups + 1, fits));
        }
        let fits = (0..8)
            .filter(|total| fits & (1 << total) != 0)
            .filter(|total| groups < *total && self.has(8 - total + groups, group))
            .fold(0, |fits, total| fits | 1 << total);
        (fits != 0).then_some((groups + 1, fits))
    }

    /// With how many groups behind a `::` the zeros that it stands for are in the range.
    fn zeros(&self, before: usize) -> u8 {
        (0..8_usize)
            .filter(|total| before + total < 8)
            .filter(|total| (before..8 - total).all(|place| self.has(place, 0)))
            .fold(0, |fits, total| fits | 1 << total)
    }

    fn has(&self, place: usize, group: u16) -> bool {
        let bounds = self.first.get(place).zip(self.last.get(place));
        bounds.is_some_and(|(first, last)| (*first..=*last).contains(&group))
    }
}

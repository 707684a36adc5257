//! Which texts AWS could send: the characters and lengths of account ids, names, regions and the like.

/// The grammar of one word of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Grammar {
    /// Twelve digits.
    Account,
    /// `us-east-1`: two or more lower-case words and a number, joined by `-`.
    Region,
    /// 3 to 128 letters, digits, `.`, `_`, `-`; begins and ends with a letter or digit, and no two of
    /// `.`, `_`, `-` stand side by side ("CloudTrail trail naming requirements").
    TrailName,
    /// An IAM path without its first `/`: empty, or at most 511 of visible ASCII that end in `/`.
    Path,
    /// A role's, user's, session's or federated user's name, of a length between these bounds.
    Name(u16, u16),
    /// What follows the `AROA` or `AIDA` of a unique id.
    UniqueId,
    /// What follows the `o-` of an organization id, or the `vpc-` of a VPC id.
    LowerAlphanumeric,
    /// What follows the organization id in `aws:PrincipalOrgPaths`: `/r-ab12/ou-ab12-11111111/`.
    OrgTail,
    /// A service principal such as `cloudformation.amazonaws.com`, in China also `….amazonaws.com.cn`.
    ServicePrincipal,
    /// An S3 object's key: 1 to 1,024 characters.
    ObjectKey,
    /// A text of one character or more.
    Text,
    /// A tag's value: any text, the empty one too.
    TagValue,
    /// Digits and dots: an IPv4 address is looked for among these.
    Ipv4,
    /// Hexadecimal digits and colons, likewise for IPv6.
    Ipv6,
    /// A whole number.
    Digits,
    /// A number with or without a fraction.
    Decimal,
    /// `2026-01-31T12:00:00Z`: a date is looked for among these.
    Moment,
}

/// Where a number begins with a zero, it ends with it.
const ZERO: u16 = u16::MAX;
/// How a moment is written, `0` for any digit.
const MOMENT: &str = "0000-00-00T00:00:00Z";

/// What a service principal ends with.
const DOMAIN: &str = ".amazonaws.com.cn";
const CHINA: &str = ".cn";

/// How much of `DOMAIN` is read with one more character, where so much was read before.
fn domain(read: u16, c: char) -> u16 {
    let before = DOMAIN.get(..read.into()).unwrap_or_default();
    let text = format!("{before}{c}");
    let mut ends = (0..text.len()).filter_map(|from| text.get(from..));
    let longest = ends.find(|end| DOMAIN.starts_with(end));
    longest.map_or(0, |end| u16::try_from(end.len()).unwrap_or_default())
}

/// Letters and digits, the most ordinary first.
const ALPHANUMERIC: &str = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
const LOWER: &str = "abcdefghijklmnopqrstuvwxyz";
const DIGITS: &str = "1234567890";

impl Grammar {
    /// The state after one more character, from state 0 at the start; `None` where it may not follow.
    /// Unless `exact`, lengths are not counted past their lower bound: a superset, with fewer states.
    pub(super) fn step(self, state: u16, c: char, exact: bool) -> Option<u16> {
        // An account id is so short that it is always counted.
        let exact = exact || self == Self::Account;
        let counted = |count, fits| counted(count, self.lengths()?, fits, exact);
        match self {
            Self::Account => counted(state, c.is_ascii_digit()),
            Self::Region => match (state, c) {
                (0 | 1, 'a'..='z') => Some(1),
                (1, '-') => Some(2),
                (3, '-') => Some(6),
                (2 | 3 | 6, 'a'..='z') => Some(3),
                (6, '0'..='9') => Some(4),
                (4, '0'..='9') => Some(5),
                _ => None,
            },
            Self::TrailName => {
                let (count, after_mark) = (state >> 1, state & 1 == 1);
                let mark = matches!(c, '.' | '_' | '-');
                let fits = c.is_ascii_alphanumeric() || (mark && count > 0 && !after_mark);
                counted(count, fits).map(|count| count << 1 | u16::from(mark))
            }
            Self::Path => {
                let (count, in_part) = (state >> 1, state & 1 == 1);
                let fits = c.is_ascii_graphic() && (c != '/' || in_part);
                counted(count, fits).map(|count| count << 1 | u16::from(c != '/'))
            }
            Self::Name(..) => counted(state, is_name(c)),
            Self::UniqueId => counted(state, c.is_ascii_alphanumeric()),
            Self::LowerAlphanumeric => counted(state, c.is_ascii_lowercase() || c.is_ascii_digit()),
            Self::OrgTail => match (state, c) {
                (0, '/') => Some(1),
                (1, 'r') => Some(2),
                (2, '-') => Some(3),
                (3 | 4, 'a'..='z' | '0'..='9') => Some(4),
                (4 | 6, '/') => Some(5),
                (5 | 6, 'a'..='z' | '0'..='9' | '-') => Some(6),
                _ => None,
            },
            Self::ServicePrincipal => {
                let fits = c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '-');
                let begun = state > 0 || !matches!(c, '.' | '-');
                (fits && begun).then(|| 1 + domain(state.saturating_sub(1), c))
            }
            Self::ObjectKey | Self::TagValue => counted(state, true),
            Self::Text => Some(1),
            Self::Ipv4 => counted(state, c.is_ascii_digit() || c == '.'),
            Self::Ipv6 => {
                let fits = matches!(c, '0'..='9' | 'a'..='f' | ':');
                counted(state, fits)
            }
            Self::Digits => match (state, c) {
                (ZERO, _) => None,
                (0, '0') => Some(ZERO),
                _ => counted(state, c.is_ascii_digit()),
            },
            Self::Decimal => match (state, c) {
                (0, '0') => Some(1),
                (0 | 2, '0'..='9') => Some(2),
                (1 | 2, '.') => Some(3),
                (3 | 4, '0'..='9') => Some(4),
                _ => None,
            },
            Self::Moment => match MOMENT.chars().nth(usize::from(state))? {
                '0' => c.is_ascii_digit(),
                mark => c == mark,
            }
            .then_some(state + 1),
        }
    }

    /// Whether a word may end here.
    pub(super) fn accepts(self, state: u16) -> bool {
        match self {
            Self::Region => matches!(state, 4 | 5),
            Self::TrailName => state >> 1 >= 3 && state & 1 == 0,
            Self::Path => state & 1 == 0,
            Self::ServicePrincipal => {
                let read = usize::from(state.saturating_sub(1));
                read == DOMAIN.len() || read == DOMAIN.len() - CHINA.len()
            }
            Self::Text => state >= 1,
            Self::OrgTail => state == 5,
            Self::Decimal => matches!(state, 1 | 2 | 4),
            Self::Account
            | Self::Name(..)
            | Self::UniqueId
            | Self::LowerAlphanumeric
            | Self::ObjectKey
            | Self::TagValue
            | Self::Ipv4
            | Self::Ipv6
            | Self::Digits
            | Self::Moment => self.lengths().is_some_and(|(least, _)| state >= least),
        }
    }

    /// Whether a whole word fits, lengths included.
    pub(super) fn fits(self, word: &str) -> bool {
        word.chars()
            .try_fold(0, |state, c| self.step(state, c, true))
            .is_some_and(|state| self.accepts(state))
    }

    /// How many characters a word has at least and at most, where there is a bound.
    fn lengths(self) -> Option<(u16, u16)> {
        match self {
            Self::Account => Some((12, 12)),
            Self::TrailName => Some((3, 128)),
            Self::Path => Some((0, 511)),
            Self::Name(least, most) => Some((least, most)),
            Self::UniqueId => Some((1, 128)),
            Self::LowerAlphanumeric => Some((1, 32)),
            Self::ObjectKey => Some((1, 1_024)),
            Self::TagValue => Some((0, 256)),
            Self::Ipv4 => Some((7, 15)),
            Self::Ipv6 => Some((2, 39)),
            Self::Digits => Some((1, 18)),
            Self::Moment => {
                let whole = u16::try_from(MOMENT.len()).ok()?;
                Some((whole, whole))
            }
            Self::Region | Self::OrgTail | Self::ServicePrincipal | Self::Text | Self::Decimal => {
                None
            }
        }
    }

    /// How many characters a word has at most, where there is a bound.
    pub(super) fn longest(self) -> Option<usize> {
        self.lengths().map(|(_, most)| most.into())
    }

    /// Whether its words have no letters but lower-case ones.
    pub(super) fn is_lower_case(self) -> bool {
        matches!(
            self,
            Self::Account
                | Self::Region
                | Self::LowerAlphanumeric
                | Self::OrgTail
                | Self::ServicePrincipal
        )
    }

    /// The characters that the grammar treats alike, group by group. One of each that no pattern mentions
    /// stands for all the others.
    pub(super) fn groups(self) -> &'static [&'static str] {
        match self {
            Self::Account | Self::Digits => &[DIGITS],
            Self::Ipv6 => &["123456789abcdef0", ":"],
            Self::Moment => &[DIGITS, "-", ":", "T", "Z"],
            Self::Region | Self::OrgTail => &[LOWER, DIGITS, "-", "/"],
            Self::TrailName => &[ALPHANUMERIC, "-_."],
            Self::Path => &[ALPHANUMERIC_AND_MARKS, "/"],
            Self::Name(..) => {
                &["abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.@+=,"]
            }
            Self::UniqueId => &[ALPHANUMERIC],
            Self::LowerAlphanumeric => &["abcdefghijklmnopqrstuvwxyz0123456789"],
            Self::ServicePrincipal => &[
                "bdefghijklpqrtuvxy0123456789-",
                ".",
                "a",
                "c",
                "m",
                "n",
                "o",
                "s",
                "w",
                "z",
            ],
            Self::ObjectKey | Self::Text | Self::TagValue => &[ALPHANUMERIC_AND_BEYOND],
            Self::Ipv4 | Self::Decimal => &[DIGITS, "."],
        }
    }
}

/// Visible ASCII but `/`.
const ALPHANUMERIC_AND_MARKS: &str = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.@+=,:;!#$%&'()*<>?[]^`{|}~\"\\";
/// Any text: one character past ASCII stands for all the rest.
const ALPHANUMERIC_AND_BEYOND: &str =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.@+=,:/ ~|é中";

/// Whether a role's or user's name may hold the character.
fn is_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || "_+=,.@-".contains(c)
}

/// One more character of a word that is between these lengths.
fn counted(count: u16, (least, most): (u16, u16), fits: bool, exact: bool) -> Option<u16> {
    if !fits {
        None
    } else if exact {
        (count < most).then_some(count + 1)
    } else {
        Some((count + 1).min(least))
    }
}

#[cfg(test)]
mod tests {
    use super::Grammar::*;

    #[test]
    fn words_that_aws_could_send() {
        for (grammar, good, bad) in [
            (Account, "111122223333", "11112222333"),
            (Region, "us-gov-west-1", "us-east"),
            (Region, "us-east-1", "a-1"),
            (Region, "ap-southeast-2", "US-east-1"),
            (TrailName, "infosec-trail.1", "my-_trail"),
            (TrailName, "abc", "ab"),
            (TrailName, "a-c", "-ac"),
            (Path, "", "ops"),
            (Path, "a/b:c/", "a//"),
            (Name(1, 64), "Ops+1=x,y.z@w-_", "a/b"),
            (OrgTail, "/r-ab12/ou-ab12-11111111/", "/ou-ab12"),
            (TagValue, "", "\u{0}".repeat(257).as_str()),
            (Ipv6, "2001:db8::1", "10.0.0.1"),
            (ServicePrincipal, "kms.amazonaws.com", "amazonaws.com"),
            (
                ServicePrincipal,
                "a.amazonaws.amazonaws.com",
                "a.amazonaws.org",
            ),
            (
                ServicePrincipal,
                "ec2.amazonaws.com.cn",
                "ec2.amazonaws.com.c",
            ),
            (
                ServicePrincipal,
                "s3.amazonaws.com.amazonaws.com",
                ".amazonaws.com",
            ),
            (Digits, "0", "007"),
            (Digits, "3600", "1.5"),
            (Decimal, "1.2", "1."),
            (Decimal, "0.5", "00.5"),
            (Moment, "2026-01-31T12:00:00Z", "2026-01-31"),
        ] {
            assert!(grammar.fits(good), "{grammar:?} {good}");
            assert!(!grammar.fits(bad), "{grammar:?} {bad}");
        }
        for (grammar, one) in [
            (Account, "1"),
            (TrailName, "a"),
            (Name(2, 64), "a"),
            (UniqueId, "a"),
            (LowerAlphanumeric, "a"),
            (ObjectKey, "a"),
            (TagValue, "a"),
            (Digits, "1"),
        ] {
            let longest = grammar.longest().unwrap();
            assert!(grammar.fits(&one.repeat(longest)), "{grammar:?}");
            assert!(!grammar.fits(&one.repeat(longest + 1)), "{grammar:?}");
        }
        assert!(Path.fits(&format!("{}/", "a".repeat(510))));
        assert!(!Path.fits(&format!("{}/", "a".repeat(511))));
        assert!(TrailName.fits(&"a".repeat(128)));
        assert!(!TrailName.fits(&"a".repeat(129)));
    }
}

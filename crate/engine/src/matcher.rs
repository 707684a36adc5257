//! Which values of a condition key an operator's value list accepts.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::net::IpAddr;

use crate::pattern::{ArnPattern, Pattern, Syntax, ascii_matches};
use crate::policy::Version;
use crate::policy::operator::{Comparison, ValueType};
use crate::policy::value::{IpRange, parse_bool, parse_date, parse_ip_range, parse_number};
use crate::text::Spanned;

/// The values of one condition, ORed. Negation, presence and set operators stand outside:
/// a matcher says only whether one value of the request is among those the condition lists.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Matcher {
    tests: Vec<ValueTest>,
}

/// One listed value.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum ValueTest {
    /// `String*`.
    Text {
        /// Wildcards only in `StringLike` and `StringNotLike`.
        pattern: Pattern,
        /// `…IgnoreCase`.
        ignore_case: bool,
    },
    /// `Arn*`.
    Arn(ArnPattern),
    /// `Numeric*`, the number as its bits so that matchers can be compared.
    Number(Relation, u64),
    /// `Date*`, in microseconds since the epoch.
    Date(Relation, i64),
    /// `Bool`.
    Bool(bool),
    /// `BinaryEquals`, in base64.
    Binary(String),
    /// `IpAddress`, `NotIpAddress`.
    Ip(IpRange),
    /// A number, date, whole ARN, … that a policy variable has yet to give.
    Pending(Comparison, Pattern),
}

/// How a number or a date is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each variant says its relation")]
pub enum Relation {
    Equal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Relation {
    /// Whether `value RELATION constant` holds, given how the two compare.
    pub(crate) fn holds(self, ordering: Option<Ordering>) -> bool {
        let Some(ordering) = ordering else {
            return false;
        };
        match self {
            Self::Equal => ordering.is_eq(),
            Self::Less => ordering.is_lt(),
            Self::LessOrEqual => ordering.is_le(),
            Self::Greater => ordering.is_gt(),
            Self::GreaterOrEqual => ordering.is_ge(),
        }
    }
}

impl Matcher {
    /// The matcher of a condition's values. `Null` has none of its own: it asks for presence.
    pub fn new(comparison: Comparison, values: &[Spanned<Cow<'_, str>>], version: Version) -> Self {
        let syntax = Syntax {
            wildcards: has_wildcards(comparison),
            variables: version == Version::V2012,
        };
        let tests = values
            .iter()
            .filter_map(|value| test(comparison, Pattern::parse(&value.value, syntax)))
            .collect();
        Self { tests }
    }

    /// Whether one listed value accepts a value of the request, as the matcher of it alone does.
    pub fn lists(
        comparison: Comparison,
        listed: &str,
        version: Version,
        lookup: &dyn Fn(&str) -> Option<String>,
        value: &str,
    ) -> bool {
        use Comparison::{
            ArnEquals, ArnLike, ArnNotEquals, ArnNotLike, StringEquals, StringLike,
            StringNotEquals, StringNotLike,
        };
        let is_text = matches!(
            comparison,
            StringEquals | StringNotEquals | StringLike | StringNotLike
        );
        // Most are plain texts, and most others are quickly matched as they stand.
        if is_text && !listed.contains(['*', '?', '$']) {
            return listed == value;
        }
        if !listed.contains('$') && listed.is_ascii() && value.is_ascii() {
            match comparison {
                StringLike | StringNotLike => return ascii_matches(listed, value),
                ArnEquals | ArnNotEquals | ArnLike | ArnNotLike => {
                    return ArnPattern::ascii_matches(listed, false, value);
                }
                _ => {}
            }
        }
        let syntax = Syntax {
            wildcards: has_wildcards(comparison),
            variables: version == Version::V2012,
        };
        let test = test(comparison, Pattern::parse(listed, syntax));
        let resolved = match test {
            Some(test) if test.variables().next().is_some() => {
                test.resolve_with(&mut |pattern| pattern.resolve(lookup))
            }
            plain => plain,
        };
        resolved.is_some_and(|test| test.accepts(value))
    }

    /// A matcher of these tests.
    pub fn of(tests: Vec<ValueTest>) -> Self {
        Self { tests }
    }

    /// `StringLike` on patterns, as settings give them.
    pub fn string_like<'p>(patterns: impl IntoIterator<Item = &'p str>) -> Self {
        let syntax = Syntax {
            wildcards: true,
            variables: false,
        };
        Self {
            tests: patterns
                .into_iter()
                .map(|text| ValueTest::Text {
                    pattern: Pattern::parse(text, syntax),
                    ignore_case: false,
                })
                .collect(),
        }
    }

    /// `StringEquals` on texts.
    pub fn string_equals<'p>(texts: impl IntoIterator<Item = &'p str>) -> Self {
        Self {
            tests: texts
                .into_iter()
                .map(|text| ValueTest::Text {
                    pattern: Pattern::literal(text),
                    ignore_case: false,
                })
                .collect(),
        }
    }

    /// The listed values.
    pub fn tests(&self) -> &[ValueTest] {
        &self.tests
    }

    /// Whether a value of the request is accepted. Values with unresolved variables accept nothing.
    pub fn accepts(&self, value: &str) -> bool {
        self.tests.iter().any(|test| test.accepts(value))
    }

    /// Every policy variable in it, by key.
    pub fn variables(&self) -> impl Iterator<Item = &str> {
        self.tests.iter().flat_map(ValueTest::variables)
    }

    /// The matcher with each listed value replaced or left out.
    pub fn filter_map(&self, change: impl FnMut(&ValueTest) -> Option<ValueTest>) -> Self {
        Self {
            tests: self.tests.iter().filter_map(change).collect(),
        }
    }

    /// Puts values in the place of policy variables; a listed value with one that has none is left out.
    pub fn resolve(&self, lookup: &dyn Fn(&str) -> Option<String>) -> Self {
        self.filter_map(|test| test.resolve_with(&mut |pattern| pattern.resolve(lookup)))
    }
}

impl ValueTest {
    /// Whether a value of the request is accepted.
    pub fn accepts(&self, value: &str) -> bool {
        match self {
            Self::Text {
                pattern,
                ignore_case,
            } => pattern.matches(value, *ignore_case),
            Self::Arn(pattern) => pattern.matches(value),
            Self::Number(relation, bits) => parse_number(value)
                .is_some_and(|number| relation.holds(number.partial_cmp(&f64::from_bits(*bits)))),
            Self::Date(relation, instant) => {
                parse_date(value).is_some_and(|date| relation.holds(Some(date.cmp(instant))))
            }
            Self::Bool(want) => value.eq_ignore_ascii_case(if *want { "true" } else { "false" }),
            Self::Binary(want) => want == value,
            // A range is no address: only a policy lists ranges.
            Self::Ip(range) => value
                .parse::<IpAddr>()
                .is_ok_and(|address| range.covers(&IpRange::of(address))),
            Self::Pending(..) => false,
        }
    }

    /// Every policy variable in it, by key.
    pub fn variables(&self) -> Box<dyn Iterator<Item = &str> + '_> {
        match self {
            Self::Text { pattern, .. } | Self::Pending(_, pattern) => Box::new(pattern.variables()),
            Self::Arn(pattern) => Box::new(pattern.variables()),
            _ => Box::new(std::iter::empty()),
        }
    }

    /// The test with its patterns replaced; `None` where it can accept nothing any more.
    pub fn resolve_with(
        &self,
        resolve: &mut dyn FnMut(&Pattern) -> Option<Pattern>,
    ) -> Option<Self> {
        match self {
            Self::Text {
                pattern,
                ignore_case,
            } => resolve(pattern).map(|pattern| Self::Text {
                pattern,
                ignore_case: *ignore_case,
            }),
            Self::Arn(pattern) => pattern.try_map(resolve).map(Self::Arn),
            Self::Pending(comparison, pattern) => {
                resolve(pattern).and_then(|pattern| test(*comparison, pattern))
            }
            other => Some(other.clone()),
        }
    }

    /// A test that accepts whatever this one accepts, for every value of its policy variables.
    pub fn widened(&self) -> Self {
        match self {
            Self::Text {
                pattern,
                ignore_case,
            } => Self::Text {
                pattern: pattern.widened(),
                ignore_case: *ignore_case,
            },
            Self::Arn(pattern) => pattern
                .try_map(&mut |part| Some(part.widened()))
                .map_or(self.clone(), Self::Arn),
            // An ARN pattern accepts ARNs only, and those have six parts.
            Self::Pending(comparison, _) if comparison.value_type() == ValueType::Arn => {
                Self::Arn(ArnPattern::any())
            }
            Self::Pending(..) => Self::Text {
                pattern: Pattern::everything(),
                ignore_case: false,
            },
            other => other.clone(),
        }
    }
}

/// Whether `*` and `?` are wildcards in an operator's values.
fn has_wildcards(comparison: Comparison) -> bool {
    use Comparison::*;
    matches!(
        comparison,
        StringLike | StringNotLike | ArnEquals | ArnNotEquals | ArnLike | ArnNotLike
    )
}

/// The test for one listed value; `None` where it can accept nothing.
fn test(comparison: Comparison, pattern: Pattern) -> Option<ValueTest> {
    use Comparison::*;
    let relation = match comparison {
        StringEquals | StringNotEquals | StringLike | StringNotLike => {
            return Some(ValueTest::Text {
                pattern,
                ignore_case: false,
            });
        }
        StringEqualsIgnoreCase | StringNotEqualsIgnoreCase => {
            return Some(ValueTest::Text {
                pattern,
                ignore_case: true,
            });
        }
        ArnEquals | ArnNotEquals | ArnLike | ArnNotLike => {
            let arn = ArnPattern::new(&pattern, false);
            // The value of a variable may bring the colons that are still missing.
            return Some(
                if arn == ArnPattern::Incomplete && pattern.variables().next().is_some() {
                    ValueTest::Pending(comparison, pattern)
                } else {
                    ValueTest::Arn(arn)
                },
            );
        }
        NumericLessThan | DateLessThan => Relation::Less,
        NumericLessThanEquals | DateLessThanEquals => Relation::LessOrEqual,
        NumericGreaterThan | DateGreaterThan => Relation::Greater,
        NumericGreaterThanEquals | DateGreaterThanEquals => Relation::GreaterOrEqual,
        NumericEquals | NumericNotEquals | DateEquals | DateNotEquals | Bool | BinaryEquals
        | IpAddress | NotIpAddress | Null => Relation::Equal,
    };
    let Some(text) = pattern.as_literal() else {
        return Some(ValueTest::Pending(comparison, pattern));
    };
    match comparison {
        NumericEquals
        | NumericNotEquals
        | NumericLessThan
        | NumericLessThanEquals
        | NumericGreaterThan
        | NumericGreaterThanEquals => {
            // -0 and 0 are one number, and must be one matcher.
            parse_number(&text).map(|number| ValueTest::Number(relation, (number + 0.0).to_bits()))
        }
        DateEquals
        | DateNotEquals
        | DateLessThan
        | DateLessThanEquals
        | DateGreaterThan
        | DateGreaterThanEquals => parse_date(&text).map(|date| ValueTest::Date(relation, date)),
        Bool | Null => parse_bool(&text).map(ValueTest::Bool),
        BinaryEquals => Some(ValueTest::Binary(text)),
        IpAddress | NotIpAddress => parse_ip_range(&text).map(ValueTest::Ip),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_is_no_address() {
        let range = parse_ip_range("10.0.0.0/8").map(ValueTest::Ip).unwrap();
        assert!(range.accepts("10.1.2.3"));
        assert!(!range.accepts("11.1.2.3"));
        assert!(!range.accepts("10.1.0.0/16"));
        assert!(!range.accepts("::1"));
    }
}

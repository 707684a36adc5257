//! Condition operators ("IAM JSON policy elements: Condition operators").

use std::fmt;

/// A condition operator with its prefix and suffix, such as `ForAnyValue:StringLikeIfExists`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Operator {
    /// `ForAllValues:` or `ForAnyValue:`.
    pub set: Option<SetOperator>,
    /// The comparison itself.
    pub comparison: Comparison,
    /// Whether it ends in `IfExists`.
    pub if_exists: bool,
}

/// The set operators ("Multivalued context keys").
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SetOperator {
    /// `ForAllValues:`: every value of the request matches; true when there is none.
    ForAllValues,
    /// `ForAnyValue:`: at least one value of the request matches; false when there is none.
    ForAnyValue,
}

/// What is compared and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each variant is the operator of the same name")]
pub enum Comparison {
    StringEquals,
    StringNotEquals,
    StringEqualsIgnoreCase,
    StringNotEqualsIgnoreCase,
    StringLike,
    StringNotLike,
    NumericEquals,
    NumericNotEquals,
    NumericLessThan,
    NumericLessThanEquals,
    NumericGreaterThan,
    NumericGreaterThanEquals,
    DateEquals,
    DateNotEquals,
    DateLessThan,
    DateLessThanEquals,
    DateGreaterThan,
    DateGreaterThanEquals,
    Bool,
    BinaryEquals,
    IpAddress,
    NotIpAddress,
    ArnEquals,
    ArnNotEquals,
    ArnLike,
    ArnNotLike,
    Null,
}

/// What a comparison's values are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ValueType {
    /// Any text.
    String,
    /// An integer or decimal number.
    Number,
    /// A date in ISO 8601, or seconds since 1970.
    Date,
    /// `true` or `false`.
    Bool,
    /// Bytes in base64.
    Binary,
    /// An IP address or a CIDR range.
    Ip,
    /// An ARN, wildcards allowed.
    Arn,
}

impl Operator {
    /// The operator of this name. AWS compares the names to the letter ("Invalid Condition type : stringEquals").
    pub fn parse(name: &str) -> Option<Self> {
        let (set, rest) = if let Some(rest) = name.strip_prefix(SetOperator::ForAllValues.prefix())
        {
            (Some(SetOperator::ForAllValues), rest)
        } else if let Some(rest) = name.strip_prefix(SetOperator::ForAnyValue.prefix()) {
            (Some(SetOperator::ForAnyValue), rest)
        } else {
            (None, name)
        };
        let (comparison, if_exists) = match rest.strip_suffix("IfExists") {
            Some(comparison) => (comparison, true),
            None => (rest, false),
        };
        let operator = Self {
            set,
            comparison: Comparison::parse(comparison)?,
            if_exists,
        };
        // "You can add IfExists to the end of any condition operator name except the Null condition."
        (operator.comparison != Comparison::Null || !if_exists).then_some(operator)
    }

    /// The name as AWS writes it.
    pub fn name(&self) -> String {
        let set = self.set.map_or("", SetOperator::prefix);
        let suffix = if self.if_exists { "IfExists" } else { "" };
        format!("{set}{}{suffix}", self.comparison.name())
    }

    /// Whether it holds where its values do not match, `StringNotEquals` for one.
    pub fn is_negated(&self) -> bool {
        self.comparison.is_negated()
    }
}

impl fmt::Display for Operator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name())
    }
}

impl SetOperator {
    /// What stands before the comparison, colon included.
    pub fn prefix(self) -> &'static str {
        match self {
            Self::ForAllValues => "ForAllValues:",
            Self::ForAnyValue => "ForAnyValue:",
        }
    }
}

impl Comparison {
    /// Every comparison, in the order of AWS's page.
    pub const ALL: [Self; 27] = [
        Self::StringEquals,
        Self::StringNotEquals,
        Self::StringEqualsIgnoreCase,
        Self::StringNotEqualsIgnoreCase,
        Self::StringLike,
        Self::StringNotLike,
        Self::NumericEquals,
        Self::NumericNotEquals,
        Self::NumericLessThan,
        Self::NumericLessThanEquals,
        Self::NumericGreaterThan,
        Self::NumericGreaterThanEquals,
        Self::DateEquals,
        Self::DateNotEquals,
        Self::DateLessThan,
        Self::DateLessThanEquals,
        Self::DateGreaterThan,
        Self::DateGreaterThanEquals,
        Self::Bool,
        Self::BinaryEquals,
        Self::IpAddress,
        Self::NotIpAddress,
        Self::ArnEquals,
        Self::ArnNotEquals,
        Self::ArnLike,
        Self::ArnNotLike,
        Self::Null,
    ];

    /// The comparison of this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|comparison| comparison.name() == name)
    }

    /// The name as AWS writes it.
    pub fn name(self) -> &'static str {
        match self {
            Self::StringEquals => "StringEquals",
            Self::StringNotEquals => "StringNotEquals",
            Self::StringEqualsIgnoreCase => "StringEqualsIgnoreCase",
            Self::StringNotEqualsIgnoreCase => "StringNotEqualsIgnoreCase",
            Self::StringLike => "StringLike",
            Self::StringNotLike => "StringNotLike",
            Self::NumericEquals => "NumericEquals",
            Self::NumericNotEquals => "NumericNotEquals",
            Self::NumericLessThan => "NumericLessThan",
            Self::NumericLessThanEquals => "NumericLessThanEquals",
            Self::NumericGreaterThan => "NumericGreaterThan",
            Self::NumericGreaterThanEquals => "NumericGreaterThanEquals",
            Self::DateEquals => "DateEquals",
            Self::DateNotEquals => "DateNotEquals",
            Self::DateLessThan => "DateLessThan",
            Self::DateLessThanEquals => "DateLessThanEquals",
            Self::DateGreaterThan => "DateGreaterThan",
            Self::DateGreaterThanEquals => "DateGreaterThanEquals",
            Self::Bool => "Bool",
            Self::BinaryEquals => "BinaryEquals",
            Self::IpAddress => "IpAddress",
            Self::NotIpAddress => "NotIpAddress",
            Self::ArnEquals => "ArnEquals",
            Self::ArnNotEquals => "ArnNotEquals",
            Self::ArnLike => "ArnLike",
            Self::ArnNotLike => "ArnNotLike",
            Self::Null => "Null",
        }
    }

    /// Whether it holds where its values do not match.
    pub fn is_negated(self) -> bool {
        self.positive() != self
    }

    /// The comparison without its "Not": `StringNotLike` to `StringLike`; itself where it has none.
    pub fn positive(self) -> Self {
        match self {
            Self::StringNotEquals => Self::StringEquals,
            Self::StringNotEqualsIgnoreCase => Self::StringEqualsIgnoreCase,
            Self::StringNotLike => Self::StringLike,
            Self::NumericNotEquals => Self::NumericEquals,
            Self::DateNotEquals => Self::DateEquals,
            Self::NotIpAddress => Self::IpAddress,
            Self::ArnNotEquals => Self::ArnEquals,
            Self::ArnNotLike => Self::ArnLike,
            other => other,
        }
    }

    /// What its values are.
    pub fn value_type(self) -> ValueType {
        match self {
            Self::StringEquals
            | Self::StringNotEquals
            | Self::StringEqualsIgnoreCase
            | Self::StringNotEqualsIgnoreCase
            | Self::StringLike
            | Self::StringNotLike => ValueType::String,
            Self::NumericEquals
            | Self::NumericNotEquals
            | Self::NumericLessThan
            | Self::NumericLessThanEquals
            | Self::NumericGreaterThan
            | Self::NumericGreaterThanEquals => ValueType::Number,
            Self::DateEquals
            | Self::DateNotEquals
            | Self::DateLessThan
            | Self::DateLessThanEquals
            | Self::DateGreaterThan
            | Self::DateGreaterThanEquals => ValueType::Date,
            Self::Bool | Self::Null => ValueType::Bool,
            Self::BinaryEquals => ValueType::Binary,
            Self::IpAddress | Self::NotIpAddress => ValueType::Ip,
            Self::ArnEquals | Self::ArnNotEquals | Self::ArnLike | Self::ArnNotLike => {
                ValueType::Arn
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_reads_back() {
        for comparison in Comparison::ALL {
            for set in [
                None,
                Some(SetOperator::ForAllValues),
                Some(SetOperator::ForAnyValue),
            ] {
                for if_exists in [false, true] {
                    let operator = Operator {
                        set,
                        comparison,
                        if_exists,
                    };
                    let expected =
                        (comparison != Comparison::Null || !if_exists).then_some(operator);
                    assert_eq!(
                        Operator::parse(&operator.name()),
                        expected,
                        "{}",
                        operator.name()
                    );
                }
            }
        }
    }

    #[test]
    fn comparisons_differ_by_name() {
        let names: std::collections::HashSet<_> =
            Comparison::ALL.iter().map(|c| c.name()).collect();
        assert_eq!(names.len(), Comparison::ALL.len());
    }

    #[test]
    fn names_are_taken_to_the_letter() {
        for name in [
            "",
            "stringEquals",
            "STRINGEQUALS",
            "StringEqual",
            "StringEquals ",
            "IfExists",
            "ForAnyValue:",
            "ForAnyValue:IfExists",
            "forAnyValue:StringEquals",
            "ForAnyValue: StringEquals",
            "ForAllValue:StringEquals",
            "StringEqualsIfExistsIfExists",
            "NullIfExists",
            "StringLikeIgnoreCase",
            "BoolNot",
        ] {
            assert_eq!(Operator::parse(name), None, "{name}");
        }
    }

    #[test]
    fn negation_is_in_the_name() {
        for comparison in Comparison::ALL {
            assert_eq!(comparison.is_negated(), comparison.name().contains("Not"));
            assert_eq!(
                comparison.positive().name(),
                comparison.name().replace("Not", "")
            );
        }
    }
}

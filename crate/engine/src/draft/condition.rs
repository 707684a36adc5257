//! The `Condition` element of a draft: weaker or stronger than every value would make it.

mod named;
mod values;

use std::borrow::Cow;

use super::reading::{Context, Sides, node, plain, string, taken};
use super::{Draft, Holds, Piece, Value, text};
use crate::policy::Effect;
use crate::policy::operator::{Comparison, Operator, SetOperator};
use crate::source::{self, Node};
use crate::text::{Span, Spanned};

use named::without_choices;
pub(super) use named::{certainly_named, possibly_named};
pub(super) use values::stand_in;
use values::{Entry, Values, is_path};

/// The condition can never hold.
pub(super) struct Never;

/// One operator, one key and its values.
struct Test<'t> {
    operator: Spanned<Cow<'t, str>>,
    key: Spanned<Cow<'t, str>>,
    values: Node<'t>,
}

/// The element; `more`: such that it holds wherever it may, else only where it must. `None`: it always holds.
pub(super) fn condition<'t>(
    draft: &Draft<'t>,
    effect: Effect,
    more: bool,
    context: &Context,
) -> Result<Option<Node<'t>>, Never> {
    if draft.is_known() {
        return Ok(plain(draft));
    }
    let mut reader = Reader {
        effect,
        more,
        context,
        tests: Vec::new(),
    };
    reader.blocks(draft)?;
    if reader.tests.is_empty() {
        return Ok(None);
    }
    // One block for each operator: AWS refuses doubled names.
    let mut blocks: Vec<(Spanned<Cow<'t, str>>, Vec<source::Member<'t>>)> = Vec::new();
    for test in reader.tests {
        let key = source::Member {
            name: test.key,
            value: test.values,
        };
        let block = blocks
            .iter_mut()
            .find(|(operator, _)| operator.value == test.operator.value);
        match block {
            Some((_, keys)) => keys.push(key),
            None => blocks.push((test.operator, vec![key])),
        }
    }
    let object = |members| node(draft.span, source::Value::Object(members));
    let blocks = blocks.into_iter().map(|(name, keys)| source::Member {
        name,
        value: object(keys.into()),
    });
    Ok(Some(object(blocks.collect())))
}

/// A test as it is written, but for its values.
#[derive(Clone, Copy)]
struct Asked<'d, 't> {
    operator: &'d Spanned<Cow<'t, str>>,
    parsed: Operator,
    key: &'d Spanned<Cow<'t, str>>,
    /// Where the values stand.
    span: Span,
}

impl<'t> Asked<'_, 't> {
    /// Whether it holds where the key is absent, if it is not negated.
    fn holds_of_none(&self) -> bool {
        self.parsed.if_exists || self.parsed.set == Some(SetOperator::ForAllValues)
    }

    /// Whether it asks for a value although it is negated.
    fn wants_value(&self) -> bool {
        self.parsed.set == Some(SetOperator::ForAnyValue) && !self.parsed.if_exists
    }

    /// The operator under which `*` is a wildcard, if the values need one; `None` where there is none.
    fn liked(&self, needed: bool) -> Option<Spanned<Cow<'t, str>>> {
        use Comparison::*;
        let comparison = match self.parsed.comparison {
            _ if !needed => return Some(self.operator.clone()),
            StringLike | StringNotLike | ArnEquals | ArnNotEquals | ArnLike | ArnNotLike => {
                return Some(self.operator.clone());
            }
            StringEquals => StringLike,
            StringNotEquals => StringNotLike,
            _ => return None,
        };
        let liked = Operator {
            comparison,
            ..self.parsed
        };
        Some(Spanned::new(
            Cow::Owned(liked.to_string()),
            self.operator.span,
        ))
    }
}

struct Reader<'c, 't> {
    effect: Effect,
    more: bool,
    context: &'c Context,
    tests: Vec<Test<'t>>,
}

impl<'t> Reader<'_, 't> {
    /// A whole `Condition`. What may be left out is left out where more is to match, and else holds.
    fn blocks(&mut self, draft: &Draft<'t>) -> Result<(), Never> {
        let draft = self.context.taken(draft);
        match &draft.value {
            Value::Object(blocks) => blocks
                .iter()
                .try_for_each(|block| self.keys(&block.name, &block.value)),
            Value::Either(_, branches) if !self.more => {
                branches.iter().try_for_each(|branch| self.blocks(branch))
            }
            Value::Either(..) | Value::Nothing => Ok(()),
            _ => self.unknown(),
        }
    }

    /// One operator's keys.
    fn keys(&mut self, operator: &Spanned<Cow<'t, str>>, draft: &Draft<'t>) -> Result<(), Never> {
        let draft = self.context.taken(draft);
        match &draft.value {
            Value::Object(keys) => keys
                .iter()
                .try_for_each(|key| self.test(operator, &key.name, &key.value)),
            Value::Either(_, branches) if !self.more => branches
                .iter()
                .try_for_each(|branch| self.keys(operator, branch)),
            Value::Either(..) | Value::Nothing => Ok(()),
            _ => self.unknown(),
        }
    }

    fn unknown(&self) -> Result<(), Never> {
        if self.more { Ok(()) } else { Err(Never) }
    }

    fn test(
        &mut self,
        operator: &Spanned<Cow<'t, str>>,
        key: &Spanned<Cow<'t, str>>,
        draft: &Draft<'t>,
    ) -> Result<(), Never> {
        let draft = self.context.taken(draft);
        if matches!(draft.value, Value::Nothing) && !self.context.sides.is_empty() {
            return Ok(());
        }
        // Where it may be left out, nothing is asked.
        if self.more && may_be_nothing(draft, &self.context.sides) {
            return Ok(());
        }
        let parsed = Operator::parse(&operator.value);
        let (true, Some(parsed)) = (!draft.is_known(), parsed) else {
            // An operator that AWS does not know is told of by the policy's reader.
            let values = plain(draft).unwrap_or_else(|| node(draft.span, source::Value::Null));
            return self.add(operator.clone(), key, values);
        };
        if parsed.comparison == Comparison::Null {
            return self.unknown();
        }
        let asked = Asked {
            operator,
            parsed,
            key,
            span: draft.span,
        };
        let values = self.values(parsed, &key.value, draft);
        // A negated operator matches more with fewer values.
        if self.more == parsed.comparison.is_negated() {
            self.narrow(asked, values)
        } else {
            self.wide(asked, values)
        }
    }

    /// The values of a test, made-up names among them.
    fn values(&self, parsed: Operator, key: &str, draft: &Draft<'t>) -> Values<'t> {
        let sides = &self.context.sides;
        let trusts = self.names_trusted(parsed, key);
        let draft = match self.context.trusts_certain && trusts {
            true => without_choices(draft, key, sides),
            false => Cow::Borrowed(draft),
        };
        let mut values = Values::default();
        values.collect(&draft, true, sides, &self.settle(parsed, key));
        if trusts {
            values.stand_in(key);
        }
        values
    }

    /// Only the values that are certain.
    fn narrow(&mut self, asked: Asked<'_, 't>, values: Values<'t>) -> Result<(), Never> {
        let becomes_like = values.starred
            && matches!(
                asked.parsed.comparison,
                Comparison::StringEquals | Comparison::StringNotEquals
            );
        let certain: Vec<Node<'t>> = values
            .all
            .into_iter()
            .filter(|value| value.certain && !value.is_open())
            // A `*` put in makes a wildcard of every other, which was none.
            .filter(|value| !becomes_like || value.starred || !value.has_wildcards())
            .map(Entry::into_node)
            .collect();
        match asked.liked(values.starred) {
            Some(operator) if !certain.is_empty() => {
                let values = node(asked.span, source::Value::Array(certain.into()));
                self.add(operator, asked.key, values)
            }
            _ => self.narrow_none(asked),
        }
    }

    /// No value is certain.
    fn narrow_none(&mut self, asked: Asked<'_, 't>) -> Result<(), Never> {
        if asked.parsed.comparison.is_negated() {
            // Nothing is excluded: it holds, but for `ForAnyValue`, which asks for a value.
            if asked.wants_value() {
                self.presence(asked, true)
            } else {
                Ok(())
            }
        } else if asked.holds_of_none() {
            self.presence(asked, false)
        } else {
            Err(Never)
        }
    }

    /// All values that may be.
    fn wide(&mut self, asked: Asked<'_, 't>, values: Values<'t>) -> Result<(), Never> {
        let open = values.all.iter().any(Entry::is_open);
        let patterns: Option<Vec<Node<'t>>> = values
            .all
            .iter()
            .cloned()
            .map(|value| value.widened(asked.parsed.comparison))
            .collect();
        if let Some(patterns) = patterns
            && let Some(operator) = asked.liked(open || values.starred)
        {
            let values = node(asked.span, source::Value::Array(patterns.into()));
            return self.add(operator, asked.key, values);
        }
        // Any value at all is among them.
        match asked.parsed.comparison.is_negated() {
            false if asked.holds_of_none() => Ok(()),
            false => self.presence(asked, true),
            true if asked.wants_value() => Err(Never),
            true => self.presence(asked, false),
        }
    }

    /// The key is in the request, or is not.
    fn presence(&mut self, asked: Asked<'_, 't>, present: bool) -> Result<(), Never> {
        let operator = Spanned::new(Cow::Borrowed("Null"), asked.span);
        let absent = if present { "false" } else { "true" };
        self.add(operator, asked.key, string(asked.span, absent))
    }

    /// Adds a test. Where the same operator asks the same key already, the two would be doubled names: what may hold
    /// is left out, and what must hold cannot be said.
    fn add(
        &mut self,
        operator: Spanned<Cow<'t, str>>,
        key: &Spanned<Cow<'t, str>>,
        values: Node<'t>,
    ) -> Result<(), Never> {
        let same = self.tests.iter().find(|test| {
            test.operator.value == operator.value && test.key.value.eq_ignore_ascii_case(&key.value)
        });
        match same {
            Some(test) if test.values.value == values.value => Ok(()),
            Some(_) => self.unknown(),
            None => {
                self.tests.push(Test {
                    operator,
                    key: key.clone(),
                    values,
                });
                Ok(())
            }
        }
    }

    /// Pieces with those replaced that are the request's own, as far as this key and operator take wildcards.
    fn settle(&self, parsed: Operator, key: &str) -> impl Fn(&[Piece<'t>]) -> Vec<Piece<'t>> {
        use Comparison::*;
        let likes = matches!(
            parsed.comparison,
            StringEquals
                | StringNotEquals
                | StringLike
                | StringNotLike
                | ArnEquals
                | ArnNotEquals
                | ArnLike
                | ArnNotLike
        );
        let own_account = self.context.own_account();
        let of_caller = key.eq_ignore_ascii_case("aws:PrincipalArn");
        let account = ["aws:PrincipalAccount", "aws:ResourceAccount"]
            .iter()
            .any(|own| own.eq_ignore_ascii_case(key));
        move |pieces| match pieces {
            _ if !likes => pieces.to_vec(),
            [Piece::Unknown(unknown)]
                if account && own_account && unknown.holds == Holds::Account =>
            {
                vec![Piece::Known("*".into())]
            }
            _ if of_caller => text::settled(pieces, own_account, false),
            _ => pieces.to_vec(),
        }
    }

    /// Whether whoever the condition names is trusted: an `Allow` trusts what it asks for, a `Deny` what it spares.
    fn names_trusted(&self, parsed: Operator, key: &str) -> bool {
        use Comparison::*;
        self.context.trusts_named
            && is_trusting_key(key)
            && match self.effect {
                Effect::Allow if is_path(key) => {
                    matches!(parsed.comparison, StringEquals | StringLike)
                }
                Effect::Allow => parsed.comparison == StringEquals,
                Effect::Deny if is_path(key) => {
                    matches!(parsed.comparison, StringNotEquals | StringNotLike)
                }
                Effect::Deny => parsed.comparison == StringNotEquals,
            }
    }
}

/// Whether a branch leaves the element out.
fn may_be_nothing(draft: &Draft<'_>, sides: &Sides) -> bool {
    match &taken(draft, sides).value {
        Value::Either(_, branches) => branches.iter().any(|branch| {
            let branch = taken(branch, sides);
            matches!(branch.value, Value::Nothing) || may_be_nothing(branch, sides)
        }),
        _ => false,
    }
}

/// The keys by whose values a bucket policy trusts.
fn is_trusting_key(key: &str) -> bool {
    [
        "aws:PrincipalOrgID",
        "aws:SourceOrgID",
        "aws:PrincipalAccount",
        "aws:SourceAccount",
    ]
    .iter()
    .any(|known| known.eq_ignore_ascii_case(key))
        || is_path(key)
}

//! The `Condition` element of a draft: weaker or stronger than every value would make it.

use std::borrow::Cow;

use super::reading::{Context, Sides, node, plain, string, taken};
use super::{Draft, Holds, Piece, Unknown, Value, text};
use crate::policy::Effect;
use crate::policy::operator::{Comparison, Operator, SetOperator};
use crate::source::{self, Node};
use crate::text::{Span, Spanned};

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
    let mut blocks: Vec<source::Member<'t>> = Vec::new();
    for test in reader.tests {
        let key = source::Member {
            name: test.key,
            value: test.values,
        };
        let block = blocks
            .iter_mut()
            .find(|block| block.name.value == test.operator.value);
        match block.map(|block| &mut block.value.value) {
            Some(source::Value::Object(keys)) => keys.push(key),
            _ => blocks.push(source::Member {
                name: test.operator,
                value: node(draft.span, source::Value::Object(vec![key])),
            }),
        }
    }
    Ok(Some(node(draft.span, source::Value::Object(blocks))))
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
        let parsed = Operator::parse(&operator.value);
        let (true, Some(parsed)) = (!draft.is_known(), parsed) else {
            // An operator that AWS does not know is told of by the policy's reader.
            let values = plain(draft);
            return self.add(operator.clone(), key, values, draft.span);
        };
        if parsed.comparison == Comparison::Null {
            return self.unknown();
        }
        let mut values = Values::default();
        values.collect(
            draft,
            true,
            &self.context.sides,
            &self.settle(parsed, &key.value),
        );
        if self.names_trusted(parsed, &key.value) {
            values.stand_in(&key.value);
        }
        let negated = parsed.comparison.is_negated();
        // A negated operator matches more with fewer values.
        if self.more == negated {
            return self.narrow(operator, parsed, key, values, draft.span);
        }
        self.wide(operator, parsed, key, values, draft.span)
    }

    /// Only the values that are certain.
    fn narrow(
        &mut self,
        operator: &Spanned<Cow<'t, str>>,
        parsed: Operator,
        key: &Spanned<Cow<'t, str>>,
        values: Values<'t>,
        span: Span,
    ) -> Result<(), Never> {
        let becomes_like = values.starred
            && matches!(
                parsed.comparison,
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
        if !certain.is_empty() {
            let operator = self.liked(operator, parsed, values.starred);
            let Some(operator) = operator else {
                return self.narrow_none(parsed, key, span);
            };
            return self.add(
                operator,
                key,
                Some(node(span, source::Value::Array(certain))),
                span,
            );
        }
        self.narrow_none(parsed, key, span)
    }

    /// No value is certain.
    fn narrow_none(
        &mut self,
        parsed: Operator,
        key: &Spanned<Cow<'t, str>>,
        span: Span,
    ) -> Result<(), Never> {
        let absent_holds = parsed.if_exists || parsed.set == Some(SetOperator::ForAllValues);
        if parsed.comparison.is_negated() {
            // Nothing is excluded: it holds, but for `ForAnyValue`, which asks for a value.
            return match parsed.set {
                Some(SetOperator::ForAnyValue) if !parsed.if_exists => {
                    self.presence(key, true, span)
                }
                _ => Ok(()),
            };
        }
        if absent_holds {
            self.presence(key, false, span)
        } else {
            Err(Never)
        }
    }

    /// All values that may be.
    fn wide(
        &mut self,
        operator: &Spanned<Cow<'t, str>>,
        parsed: Operator,
        key: &Spanned<Cow<'t, str>>,
        values: Values<'t>,
        span: Span,
    ) -> Result<(), Never> {
        let open = values.all.iter().any(Entry::is_open);
        let patterns: Option<Vec<Node<'t>>> = values
            .all
            .iter()
            .cloned()
            .map(|value| value.widened(parsed.comparison))
            .collect();
        if let Some(patterns) = patterns
            && let Some(operator) = self.liked(operator, parsed, open || values.starred)
        {
            return self.add(
                operator,
                key,
                Some(node(span, source::Value::Array(patterns))),
                span,
            );
        }
        // Any value at all is among them.
        let absent_holds = parsed.if_exists || parsed.set == Some(SetOperator::ForAllValues);
        if !parsed.comparison.is_negated() {
            return if absent_holds {
                Ok(())
            } else {
                self.presence(key, true, span)
            };
        }
        match parsed.set {
            Some(SetOperator::ForAnyValue) if !parsed.if_exists => Err(Never),
            _ => self.presence(key, false, span),
        }
    }

    /// The operator under which `*` is a wildcard, if the values need one; `None` where there is none.
    fn liked(
        &self,
        operator: &Spanned<Cow<'t, str>>,
        parsed: Operator,
        needed: bool,
    ) -> Option<Spanned<Cow<'t, str>>> {
        use Comparison::*;
        let comparison = match parsed.comparison {
            _ if !needed => return Some(operator.clone()),
            StringLike | StringNotLike | ArnEquals | ArnNotEquals | ArnLike | ArnNotLike => {
                return Some(operator.clone());
            }
            StringEquals => StringLike,
            StringNotEquals => StringNotLike,
            _ => return None,
        };
        let liked = Operator {
            comparison,
            ..parsed
        };
        Some(Spanned::new(Cow::Owned(liked.to_string()), operator.span))
    }

    /// The key is in the request, or is not.
    fn presence(
        &mut self,
        key: &Spanned<Cow<'t, str>>,
        present: bool,
        span: Span,
    ) -> Result<(), Never> {
        let operator = Spanned::new(Cow::Borrowed("Null"), span);
        let absent = if present { "false" } else { "true" };
        self.add(operator, key, Some(string(span, absent)), span)
    }

    /// Adds a test. Where the same operator asks the same key already, the two would be doubled names: what may hold
    /// is left out, and what must hold cannot be said.
    fn add(
        &mut self,
        operator: Spanned<Cow<'t, str>>,
        key: &Spanned<Cow<'t, str>>,
        values: Option<Node<'t>>,
        span: Span,
    ) -> Result<(), Never> {
        let values = values.unwrap_or_else(|| node(span, source::Value::Null));
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

/// The keys whose values begin with an organization: `o-exampleorgid/r-ab12/…`.
fn is_path(key: &str) -> bool {
    ["aws:PrincipalOrgPaths", "aws:SourceOrgPaths"]
        .iter()
        .any(|known| known.eq_ignore_ascii_case(key))
}

/// The values of a test.
#[derive(Default)]
struct Values<'t> {
    all: Vec<Entry<'t>>,
    /// Whether `*` was put in the place of a piece.
    starred: bool,
}

#[derive(Clone)]
struct Entry<'t> {
    span: Span,
    /// Whether it is in the list for every value of what is unknown.
    certain: bool,
    /// Whether `*` was put in the place of a piece of it.
    starred: bool,
    value: EntryValue<'t>,
}

#[derive(Clone)]
enum EntryValue<'t> {
    Known(Node<'t>),
    Open(Vec<Piece<'t>>),
}

impl<'t> Values<'t> {
    fn collect(
        &mut self,
        draft: &Draft<'t>,
        certain: bool,
        sides: &Sides,
        settle: &dyn Fn(&[Piece<'t>]) -> Vec<Piece<'t>>,
    ) {
        let draft = taken(draft, sides);
        let mut starred = false;
        let value = match &draft.value {
            Value::List(drafts) => {
                for draft in drafts {
                    self.collect(draft, certain, sides, settle);
                }
                return;
            }
            Value::Either(_, branches) => {
                for branch in branches {
                    self.collect(branch, false, sides, settle);
                }
                return;
            }
            Value::Nothing => return,
            Value::Unknown(unknown) => EntryValue::Open(vec![Piece::Unknown(unknown.clone())]),
            Value::Text(pieces) => {
                let settled = settle(pieces);
                starred = text::known(pieces).is_none() && text::known(&settled).is_some();
                match text::known(&settled) {
                    Some(text) => EntryValue::Known(node(draft.span, source::Value::String(text))),
                    None => EntryValue::Open(settled),
                }
            }
            Value::Null | Value::Bool(_) | Value::Object(_) => match plain(draft) {
                Some(node) => EntryValue::Known(node),
                None => return,
            },
        };
        self.starred |= starred;
        self.all.push(Entry {
            span: draft.span,
            certain,
            starred,
            value,
        });
    }

    /// A made-up organization or account for each value that is wholly unknown: whatever it is, it is the one that is
    /// trusted.
    fn stand_in(&mut self, key: &str) {
        let organization = is_path(key) || key.to_ascii_lowercase().ends_with("orgid");
        for entry in &mut self.all {
            let EntryValue::Open(pieces) = &entry.value else {
                continue;
            };
            let text = match pieces.as_slice() {
                // A path by itself has more than the organization.
                [Piece::Unknown(unknown)] if !is_path(key) => stand_in(organization, unknown),
                // Where `*` is a wildcard, what is put in might be one.
                [Piece::Unknown(unknown), Piece::Known(rest)]
                    if is_path(key) && unknown.holds == Holds::Word && rest.starts_with('/') =>
                {
                    format!("{}{rest}", stand_in(organization, unknown))
                }
                _ => continue,
            };
            entry.value =
                EntryValue::Known(node(entry.span, source::Value::String(Cow::Owned(text))));
        }
    }
}

/// The made-up organization or account that stands for something unknown.
pub(super) fn stand_in(organization: bool, unknown: &Unknown) -> String {
    let name = if unknown.of.is_empty() {
        &unknown.what
    } else {
        &unknown.of
    };
    if organization {
        let name: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
        return format!("o-{}", name.to_ascii_lowercase());
    }
    // An account that nobody has, the same for the same name.
    let hash = name.bytes().fold(7_u64, |hash, byte| {
        hash.wrapping_mul(31).wrapping_add(u64::from(byte))
    });
    format!("{:012}", hash % 1_000_000)
}

impl<'t> Entry<'t> {
    fn is_open(&self) -> bool {
        matches!(self.value, EntryValue::Open(_))
    }

    fn has_wildcards(&self) -> bool {
        match &self.value {
            EntryValue::Known(node) => {
                matches!(&node.value, source::Value::String(text) if text.contains(['*', '?']))
            }
            EntryValue::Open(pieces) => has_wildcards(pieces),
        }
    }

    fn into_node(self) -> Node<'t> {
        match self.value {
            EntryValue::Known(node) => node,
            EntryValue::Open(_) => node(self.span, source::Value::Null),
        }
    }

    /// A pattern that covers every value; `None` where only any value at all does.
    fn widened(self, comparison: Comparison) -> Option<Node<'t>> {
        use Comparison::*;
        let pieces = match self.value {
            EntryValue::Known(node) => return Some(node),
            EntryValue::Open(pieces) => pieces,
        };
        let text = match comparison {
            StringLike | StringNotLike => text::pattern(&pieces)?,
            // Without wildcards, those of the known pieces are literal.
            StringEquals | StringNotEquals if !has_wildcards(&pieces) => text::pattern(&pieces)?,
            ArnEquals | ArnNotEquals | ArnLike | ArnNotLike => text::arn(&pieces, false)?,
            _ => return None,
        };
        Some(node(self.span, source::Value::String(Cow::Owned(text))))
    }
}

fn has_wildcards(pieces: &[Piece<'_>]) -> bool {
    pieces
        .iter()
        .any(|piece| matches!(piece, Piece::Known(text) if text.contains(['*', '?'])))
}

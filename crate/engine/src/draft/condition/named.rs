//! Whom the conditions of a bucket policy name, and so trust, whatever is unknown in it.

use std::borrow::Cow;

use super::super::reading::{Context, Sides, taken};
use super::super::{Draft, Member, Unknown, Value, text};
use super::values::Values;
use super::{Reader, is_path, is_trusting_key};
use crate::case::Named;
use crate::policy::Effect;
use crate::policy::operator::Operator;
use crate::source;

/// Whom the policy names for certain, a made-up name standing for one that is unknown.
pub(in crate::draft) fn certainly_named(draft: &Draft<'_>, context: &Context) -> Named {
    let mut walk = Walk {
        context,
        named: Named::default(),
    };
    walk.statements(draft);
    walk.named
}

struct Walk<'c> {
    context: &'c Context,
    named: Named,
}

impl Walk<'_> {
    fn statements(&mut self, draft: &Draft<'_>) {
        let draft = self.context.taken(draft);
        match &draft.value {
            Value::List(drafts) => drafts.iter().for_each(|draft| self.statements(draft)),
            Value::Object(_) => match draft.get("Statement") {
                Some(statements) => self.statements(statements),
                None => self.statement(draft),
            },
            Value::Null | Value::Bool(_) | Value::Nothing => {}
            Value::Text(_) | Value::Either(..) | Value::Unknown(_) => self.named.more = true,
        }
    }

    fn statement(&mut self, statement: &Draft<'_>) {
        let Some(condition) = statement.get("Condition") else {
            return;
        };
        let effect = statement
            .get("Effect")
            .and_then(|effect| self.context.taken(effect).text());
        let effect = match effect.as_deref() {
            Some("Allow") => Effect::Allow,
            Some("Deny") => Effect::Deny,
            _ => return self.named.more = true,
        };
        for block in self.members(condition) {
            let Some(operator) = Operator::parse(&block.name.value) else {
                continue;
            };
            let trusts = operator.comparison.is_negated() == (effect == Effect::Deny);
            for key in self.members(&block.value) {
                if trusts && is_trusting_key(&key.name.value) {
                    self.values(effect, operator, key);
                }
            }
        }
    }

    /// The members of an object that is there for certain.
    fn members<'d, 't>(&mut self, draft: &'d Draft<'t>) -> &'d [Member<'t>] {
        match &self.context.taken(draft).value {
            Value::Object(members) => members,
            Value::Null | Value::Bool(_) | Value::Nothing => &[],
            _ => {
                self.named.more = true;
                &[]
            }
        }
    }

    fn values(&mut self, effect: Effect, operator: Operator, key: &Member<'_>) {
        let reader = Reader {
            effect,
            more: false,
            context: self.context,
            tests: Vec::new(),
        };
        let name = &key.name.value;
        self.named.more |= !self.context.taken(&key.value).is_known();
        let Values { all, .. } = reader.values(operator, name, &key.value);
        for entry in all.into_iter().filter(|entry| entry.certain) {
            if let source::Value::String(text) = entry.into_node().value {
                let name = name.to_ascii_lowercase();
                self.named.values.push((name, text.into_owned()));
            }
        }
    }
}

/// The values of a test with an unknown one in the place of each choice among names: it is one that is trusted,
/// whichever it is.
pub(super) fn without_choices<'d, 't>(
    draft: &'d Draft<'t>,
    key: &str,
    sides: &Sides,
) -> Cow<'d, Draft<'t>> {
    let draft = taken(draft, sides);
    let value = match &draft.value {
        Value::List(drafts) => Value::List(
            drafts
                .iter()
                .map(|draft| without_choices(draft, key, sides).into_owned())
                .collect(),
        ),
        Value::Either(unknown, branches)
            if !is_path(key) && branches.iter().all(|branch| names(branch)) =>
        {
            Value::Unknown(Unknown {
                of: format!("{}{}", unknown.of, draft.span.start).into(),
                ..unknown.clone()
            })
        }
        _ => return Cow::Borrowed(draft),
    };
    Cow::Owned(Draft {
        span: draft.span,
        value,
    })
}

/// Whether it is a name without wildcards and variables, or several.
fn names(draft: &Draft<'_>) -> bool {
    match &draft.value {
        Value::Text(pieces) => text::known(pieces).is_some_and(|text| {
            text.bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        }),
        Value::List(drafts) | Value::Either(_, drafts) => drafts.iter().all(names),
        Value::Nothing => true,
        _ => false,
    }
}

/// All names that a policy may name in a condition, in whichever branch.
pub(in crate::draft) fn possibly_named(draft: &Draft<'_>) -> Vec<(String, String)> {
    let mut all = Vec::new();
    possibly(draft, None, &mut all);
    all
}

fn possibly(draft: &Draft<'_>, key: Option<&str>, all: &mut Vec<(String, String)>) {
    match &draft.value {
        Value::Object(members) => {
            for member in members {
                let name = member.name.value.as_ref();
                possibly(&member.value, is_trusting_key(name).then_some(name), all);
            }
        }
        Value::List(drafts) | Value::Either(_, drafts) => {
            drafts.iter().for_each(|draft| possibly(draft, key, all));
        }
        Value::Text(pieces) => {
            if let Some(key) = key {
                let text = text::replaced(pieces, |_| String::new());
                all.push((key.to_ascii_lowercase(), text));
            }
        }
        Value::Null | Value::Bool(_) | Value::Nothing | Value::Unknown(_) => {}
    }
}

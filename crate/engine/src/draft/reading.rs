//! A draft as a document, in one of the two readings.

mod nodes;
mod texts;

use std::rc::Rc;

use super::condition::{Never, condition};
use super::{Draft, Member, Piece, Unknown, Value, text};
use crate::policy::Effect;
use crate::report::DocumentKind;
use crate::source::{self, Node};
use crate::text::Span;

use nodes::{empty, member, plain_member};
pub(super) use nodes::{node, plain, string};
use texts::texts;
pub(super) use texts::{names_any, naming};

/// How unknown parts are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reading {
    /// So that as much is allowed as any value would allow.
    Permissive,
    /// So that no more is allowed than every value would allow.
    Restrictive,
}

impl Reading {
    /// The effect of which an unknown part is to match as much as it can; of the other, as little.
    fn favours(self) -> Effect {
        match self {
            Self::Permissive => Effect::Allow,
            Self::Restrictive => Effect::Deny,
        }
    }
}

/// What matters for an unknown part besides what it is.
#[derive(Debug, Clone)]
pub(crate) struct Context {
    pub(crate) reading: Reading,
    pub(crate) kind: DocumentKind,
    /// Whoever the policy names in a condition is trusted, whatever the name is: the settings trust nobody else.
    pub(crate) trusts_named: bool,
    /// Trusted is only who is named whatever is unknown, not who is named in some branch.
    pub(crate) trusts_certain: bool,
    /// The settings name the trail buckets, so that the name of a bucket matters.
    pub(crate) names_buckets: bool,
    /// No statement tells one trail from another, so that an `Allow` on some trail is as good as one on any.
    pub(crate) any_trail: bool,
    /// The branch that each of these conditions takes, by name.
    pub(crate) sides: Rc<Sides>,
}

/// Conditions of a template and the branch that each takes.
pub(crate) type Sides = Vec<(Rc<str>, usize)>;

impl Context {
    /// Whether a policy of this kind belongs to principals of the account that is deployed in.
    pub(super) fn own_account(&self) -> bool {
        matches!(
            self.kind,
            DocumentKind::Identity | DocumentKind::PermissionsBoundary | DocumentKind::Session
        )
    }

    /// The branch that is taken, where a condition decides that is known here.
    pub(super) fn taken<'d, 't>(&self, draft: &'d Draft<'t>) -> &'d Draft<'t> {
        taken(draft, &self.sides)
    }

    fn caps(&self) -> bool {
        !matches!(self.kind, DocumentKind::Identity | DocumentKind::Resource)
    }

    fn has_principals(&self) -> bool {
        matches!(self.kind, DocumentKind::Resource | DocumentKind::Rcp)
    }
}

fn side(unknown: &Unknown, sides: &Sides) -> Option<usize> {
    let (_, side) = sides
        .iter()
        .find(|(name, _)| !name.is_empty() && *name == unknown.of)?;
    Some(*side)
}

/// The branch that is taken, where a condition decides that is among these.
pub(super) fn taken<'d, 't>(mut draft: &'d Draft<'t>, sides: &Sides) -> &'d Draft<'t> {
    while let Value::Either(unknown, branches) = &draft.value
        && let Some(branch) = side(unknown, sides).and_then(|side| branches.get(side))
    {
        draft = branch;
    }
    draft
}

/// The document in this reading.
pub(crate) fn read<'t>(draft: &Draft<'t>, context: &Context) -> Node<'t> {
    let reader = Reader { context };
    let mut members = Vec::new();
    let mut statements = Vec::new();
    reader.document(draft, true, &mut members, &mut statements);
    if statements.is_empty() && !matches!(draft.value, Value::Object(_)) {
        statements.push(reader.never(draft.span, Effect::Deny));
    }
    if !statements.is_empty() {
        members.push(member(
            "Statement",
            draft.span,
            node(draft.span, source::Value::Array(statements.into())),
        ));
    }
    node(draft.span, source::Value::Object(members.into()))
}

struct Reader<'c> {
    context: &'c Context,
}

impl Reader<'_> {
    fn document<'t>(
        &self,
        draft: &Draft<'t>,
        certain: bool,
        members: &mut Vec<source::Member<'t>>,
        statements: &mut Vec<Node<'t>>,
    ) {
        match &draft.value {
            Value::Object(of_draft) => {
                for element in of_draft {
                    if element.name.value == "Statement" {
                        let before = statements.len();
                        self.statements(&element.value, certain, statements);
                        if statements.len() == before && certain && element.value.is_known() {
                            // Nothing at all: what AWS says to that is for the policy's reader to say.
                            members.extend(plain_member(element));
                        }
                    } else if !members
                        .iter()
                        .any(|known| known.name.value == element.name.value)
                        || certain
                    {
                        members.extend(plain_member(element));
                    }
                }
            }
            Value::Either(unknown, branches) => {
                let side = side(unknown, &self.context.sides);
                for (index, branch) in branches.iter().enumerate() {
                    match side {
                        None => self.document(branch, false, members, statements),
                        Some(side) if side == index => {
                            self.document(branch, certain, members, statements);
                        }
                        Some(_) => {
                            let mut left = Vec::new();
                            self.document(branch, false, &mut Vec::new(), &mut left);
                            self.leave_out(left, statements);
                        }
                    }
                }
            }
            Value::Nothing => {}
            Value::Unknown(_) => {
                if members.is_empty() {
                    members.push(member(
                        "Version",
                        draft.span,
                        string(draft.span, "2012-10-17"),
                    ));
                }
                statements.push(self.anything(draft.span));
            }
            Value::Text(_) if !draft.is_known() => statements.push(self.anything(draft.span)),
            // No document: the policy's reader says so.
            Value::Null | Value::Bool(_) | Value::Text(_) | Value::List(_) => {}
        }
    }

    fn statements<'t>(&self, draft: &Draft<'t>, certain: bool, all: &mut Vec<Node<'t>>) {
        match &draft.value {
            Value::List(drafts) => {
                for draft in drafts {
                    self.statements(draft, certain, all);
                }
            }
            Value::Object(members) => self.statement(members, draft.span, certain, all),
            Value::Either(unknown, branches) => {
                let side = side(unknown, &self.context.sides);
                for (index, branch) in branches.iter().enumerate() {
                    match side {
                        None => self.statements(branch, false, all),
                        Some(side) if side == index => self.statements(branch, certain, all),
                        Some(_) => {
                            let mut left = Vec::new();
                            self.statements(branch, false, &mut left);
                            self.leave_out(left, all);
                        }
                    }
                }
            }
            Value::Nothing => {}
            Value::Null | Value::Bool(_) | Value::Text(_) if draft.is_known() => {
                all.extend(plain(draft));
            }
            _ => {
                all.push(self.anything(draft.span));
                all.push(self.never(draft.span, Effect::Allow));
            }
        }
    }

    /// Statements of a branch that is not taken: each leaves one about nothing, so that all others keep their index.
    fn leave_out<'t>(&self, left: Vec<Node<'t>>, all: &mut Vec<Node<'t>>) {
        all.extend(
            left.into_iter()
                .map(|statement| self.never(statement.span, Effect::Deny)),
        );
    }

    /// The statement; one that may be left out, or whose effect is unknown, is one of the favoured effect that matches
    /// all it may, and one of the other that matches nothing.
    fn statement<'t>(
        &self,
        members: &[Member<'t>],
        span: Span,
        certain: bool,
        all: &mut Vec<Node<'t>>,
    ) {
        let favoured = self.context.reading.favours();
        let effect = members
            .iter()
            .find(|member| member.name.value == "Effect")
            .map(|member| self.context.taken(&member.value));
        let known = effect.and_then(Draft::text);
        let known = match known.as_deref() {
            Some("Allow") => Some(Effect::Allow),
            Some("Deny") => Some(Effect::Deny),
            // No effect at all, or none that AWS knows.
            Some(_) => return all.push(self.elements(members, span, None, favoured)),
            None if effect.is_none_or(Draft::is_known) => {
                return all.push(self.elements(members, span, None, favoured));
            }
            None => None,
        };
        match known {
            Some(effect) if certain => all.push(self.elements(members, span, None, effect)),
            Some(effect) if effect != favoured => all.push(self.never(span, effect)),
            // Without it, what a cap allows may be everything.
            Some(_) if favoured == Effect::Allow && self.context.caps() => {
                all.push(self.anything(span));
            }
            Some(effect) => all.push(self.elements(members, span, None, effect)),
            None => {
                let likely = if favoured == Effect::Allow && self.context.caps() {
                    self.anything(span)
                } else {
                    self.elements(members, span, Some(favoured), favoured)
                };
                all.push(likely);
                all.push(self.never(span, Effect::Allow));
            }
        }
    }

    /// A statement element by element. `written`: the effect to write where its own is unknown.
    fn elements<'t>(
        &self,
        members: &[Member<'t>],
        span: Span,
        written: Option<Effect>,
        effect: Effect,
    ) -> Node<'t> {
        let more = effect == self.context.reading.favours();
        let mut elements = Vec::with_capacity(members.len());
        for element in members {
            let draft = self.context.taken(&element.value);
            if matches!(draft.value, Value::Nothing) {
                continue;
            }
            let value = match element.name.value.as_ref() {
                "Effect" if written.is_some() => string(draft.span, name_of(effect)),
                "Action" => self.list(draft, more, text::action),
                "NotAction" => self.list(draft, !more, text::action),
                "Resource" => self.resources(draft, more, effect),
                "NotResource" => self.resources(draft, !more, effect),
                "Principal" => self.principal(draft, more),
                "NotPrincipal" => self.principal(draft, !more),
                "Condition" => match condition(draft, effect, more, self.context) {
                    Ok(None) => continue,
                    Ok(Some(value)) => value,
                    Err(Never) => return self.never(span, effect),
                },
                _ => {
                    elements.extend(plain_member(&Member {
                        name: element.name.clone(),
                        value: draft.clone(),
                    }));
                    continue;
                }
            };
            elements.push(source::Member {
                name: element.name.clone(),
                // Whichever branch is taken, it is written here.
                value: node(element.value.span, value.value),
            });
        }
        node(span, source::Value::Object(elements.into()))
    }

    /// The texts of a list, `wide`: all that may stand in it, else what certainly does.
    fn list<'t>(
        &self,
        draft: &Draft<'t>,
        wide: bool,
        pattern: fn(&[Piece<'_>]) -> String,
    ) -> Node<'t> {
        if draft.is_known() {
            return plain(draft).unwrap_or_else(|| empty(draft.span));
        }
        let nodes = texts(draft, wide, &self.context.sides, &|pieces| {
            wide.then(|| pattern(pieces))
        });
        node(draft.span, source::Value::Array(nodes.into()))
    }

    fn resources<'t>(&self, draft: &Draft<'t>, wide: bool, effect: Effect) -> Node<'t> {
        if draft.is_known() {
            return plain(draft).unwrap_or_else(|| empty(draft.span));
        }
        let own_account = self.context.own_account();
        let any_trail = self.context.any_trail
            && self.context.kind == DocumentKind::Identity
            && effect == Effect::Allow;
        let nodes = texts(draft, wide, &self.context.sides, &|pieces| {
            let pieces = text::settled(pieces, own_account, !self.context.names_buckets);
            match text::known(&pieces) {
                Some(text) => Some(text.into_owned()),
                None if wide || (any_trail && text::is_some_trail(&pieces)) => {
                    let completed = self.context.kind != DocumentKind::Resource;
                    Some(text::arn(&pieces, completed).unwrap_or_else(|| "*".to_owned()))
                }
                None => None,
            }
        });
        node(draft.span, source::Value::Array(nodes.into()))
    }

    fn principal<'t>(&self, draft: &Draft<'t>, wide: bool) -> Node<'t> {
        let nobody = || {
            let none = member("AWS", draft.span, empty(draft.span));
            node(draft.span, source::Value::Object([none].into()))
        };
        match &draft.value {
            _ if draft.is_known() => plain(draft).unwrap_or_else(nobody),
            Value::Object(kinds) => {
                let kinds =
                    kinds.iter().map(|kind| {
                        let stand_in = match kind.name.value.as_ref() {
                            "AWS" => "*".to_owned(),
                            "CanonicalUser" => "0".repeat(64),
                            "Service" => "unknown.amazonaws.com".to_owned(),
                            _ => "unknown".to_owned(),
                        };
                        let nodes = texts(&kind.value, wide, &self.context.sides, &|pieces| {
                            match text::known(pieces) {
                                Some(text) => Some(text.into_owned()),
                                None => wide.then(|| stand_in.clone()),
                            }
                        });
                        source::Member {
                            name: kind.name.clone(),
                            value: node(kind.value.span, source::Value::Array(nodes.into())),
                        }
                    });
                node(draft.span, source::Value::Object(kinds.collect()))
            }
            _ if wide => self.anybody(draft.span),
            _ => nobody(),
        }
    }

    /// Any statement there could be.
    fn anything<'t>(&self, span: Span) -> Node<'t> {
        let mut elements = vec![
            member(
                "Effect",
                span,
                string(span, name_of(self.context.reading.favours())),
            ),
            member("Action", span, string(span, "*")),
            member("Resource", span, string(span, "*")),
        ];
        if self.context.has_principals() {
            elements.push(member("Principal", span, self.anybody(span)));
        }
        node(span, source::Value::Object(elements.into()))
    }

    /// Whoever there is. A bucket's policy of which nothing is known may be that of a trail's bucket, which lets
    /// CloudTrail in.
    fn anybody<'t>(&self, span: Span) -> Node<'t> {
        if self.context.kind != DocumentKind::Resource {
            return string(span, "*");
        }
        let service = string(span, "cloudtrail.amazonaws.com");
        let all = vec![
            member("AWS", span, string(span, "*")),
            member("Service", span, service),
        ];
        node(span, source::Value::Object(all.into()))
    }

    /// A statement about nothing: that there is one, and of which effect, matters to caps.
    fn never<'t>(&self, span: Span, effect: Effect) -> Node<'t> {
        // An RCP's `Allow` allows everything, or it is none.
        let effect = match self.context.kind {
            DocumentKind::Rcp => Effect::Deny,
            _ => effect,
        };
        let mut elements = vec![
            member("Effect", span, string(span, name_of(effect))),
            member("Action", span, empty(span)),
            member("Resource", span, string(span, "*")),
        ];
        if self.context.has_principals() {
            elements.push(member("Principal", span, string(span, "*")));
        }
        node(span, source::Value::Object(elements.into()))
    }
}

fn name_of(effect: Effect) -> &'static str {
    match effect {
        Effect::Allow => "Allow",
        Effect::Deny => "Deny",
    }
}

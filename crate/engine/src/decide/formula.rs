//! Statements as clauses over atoms: what a request must have for a statement to match it.

use std::collections::{BTreeMap, HashMap};

use super::space::{Caller, Group, Slot, Space, Target, tape};
use super::word::Acceptor;
use crate::evaluate::{Applied, AwsPrincipal, aws_principal, names_action, resource_pattern};
use crate::matcher::{Matcher, ValueTest};
use crate::pattern::{ArnPattern, Glyph, Known, Pattern};
use crate::policy::operator::{Comparison, SetOperator};
use crate::policy::principal::PrincipalKind;
use crate::policy::value::parse_bool;
use crate::policy::{Condition, Matching, PrincipalEntry, Statement, Version};

/// A question about one group of linked keys that has one answer in each request.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Atom {
    pub(super) group: Group,
    pub(super) test: Test,
}

/// What is asked. Where a policy variable leaves a value open, `wide` accepts whatever it might be and
/// `narrow` nothing of it, and `open` holds it as it is, so that only the same test is the same atom.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Test {
    /// Is the key in the request?
    Present(String),
    /// Is a value of the key among (or, `outside`, not among) those that are accepted?
    Value {
        key: String,
        wide: Matcher,
        narrow: Matcher,
        open: Vec<ValueTest>,
        outside: bool,
    },
    /// Is the text of a tape accepted? `matcher` holds tests that are no patterns.
    Written(Box<Written>),
}

/// A test on the texts of tapes.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub(super) struct Written {
    pub(super) wide: Vec<Acceptor>,
    pub(super) narrow: Vec<Acceptor>,
    pub(super) open: Vec<ValueTest>,
    /// Tests of other types than text, and the tape they are on: checked, not searched for.
    pub(super) other: Option<(usize, Matcher)>,
}

impl Written {
    pub(super) fn closed(acceptors: Vec<Acceptor>) -> Self {
        Self {
            wide: acceptors.clone(),
            narrow: acceptors,
            ..Self::default()
        }
    }
}

/// An atom, or its negation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Literal {
    pub(super) atom: usize,
    pub(super) positive: bool,
}

/// One of these must hold.
pub(super) type Clause = Vec<Literal>;

/// What a statement asks of a request: every clause, or the impossible.
#[derive(Debug, Clone)]
pub(super) enum Compiled {
    Never,
    All(Vec<Clause>),
}

/// Values taken for policy variables, by key; `None`: the key is not in the request. A key that is not here
/// is left open.
pub(super) type Bindings = BTreeMap<String, Option<String>>;

/// Turns statements into clauses for one kind of caller.
pub(super) struct Compiler<'s> {
    pub(super) space: &'s Space,
    pub(super) caller: &'s Caller,
    pub(super) bindings: Bindings,
    pub(super) atoms: Vec<Atom>,
    indices: HashMap<Atom, usize>,
    /// Keys that are in every request and that a `Null` condition asks for.
    pub(super) named: Vec<String>,
    /// Policy variables met that were left open.
    pub(super) open: Vec<String>,
    /// Condition keys as the documents write them, by their lower-case form.
    pub(super) written: BTreeMap<String, String>,
}

impl<'s> Compiler<'s> {
    pub(super) fn new(space: &'s Space, caller: &'s Caller, bindings: Bindings) -> Self {
        Self {
            space,
            caller,
            bindings,
            atoms: Vec::new(),
            indices: HashMap::new(),
            named: Vec::new(),
            open: Vec::new(),
            written: BTreeMap::new(),
        }
    }

    /// The clauses of a statement for one action.
    pub(super) fn statement(
        &mut self,
        statement: &Statement<'_>,
        document: Applied<'_, '_>,
        action: &str,
    ) -> Compiled {
        if !names_action(&statement.action, action) {
            return Compiled::Never;
        }
        let mut all = Vec::new();
        for part in [
            self.principal(statement),
            self.resource(statement, document),
        ] {
            match part {
                Truth::Known(true) => {}
                Truth::Known(false) => return Compiled::Never,
                Truth::Open(clause) => all.push(clause),
            }
        }
        for condition in &statement.conditions {
            for part in self.condition(condition, document.policy.version) {
                match part {
                    Truth::Known(true) => {}
                    Truth::Known(false) => return Compiled::Never,
                    Truth::Open(clause) => all.push(clause),
                }
            }
        }
        Compiled::All(all)
    }

    /// Whether a role session's ARN is asked for, which `aws:userid` holds the session's name of.
    pub(super) fn asks_for_session(&self) -> bool {
        self.atoms.iter().any(|atom| match &atom.test {
            Test::Written(written) if atom.group == Group::Caller => written
                .wide
                .iter()
                .any(|acceptor| acceptor.tape == tape::SESSION_ARN),
            _ => false,
        })
    }

    /// The question as a literal; the same question is the same atom.
    fn ask(&mut self, group: Group, test: Test) -> Truth {
        let atom = Atom { group, test };
        let index = match self.indices.get(&atom) {
            Some(index) => *index,
            None => {
                let index = self.atoms.len();
                self.atoms.push(atom.clone());
                self.indices.insert(atom, index);
                index
            }
        };
        Truth::Open(vec![Literal {
            atom: index,
            positive: true,
        }])
    }

    fn principal(&mut self, statement: &Statement<'_>) -> Truth {
        let Some(element) = &statement.principal else {
            return Truth::Known(true);
        };
        let (list, positive) = match &element.matching {
            Matching::Only(list) => (list, true),
            Matching::AllExcept(list) => (list, false),
        };
        match self.any_principal(list) {
            Truth::Known(matched) => Truth::Known(matched == positive),
            Truth::Open(clause) => Truth::Open(signed(clause, positive)),
        }
    }

    fn any_principal(&mut self, list: &[PrincipalEntry<'_>]) -> Truth {
        let mut acceptors = Vec::new();
        for entry in list {
            let value = entry.value.value.as_ref();
            match (entry.kind, self.caller) {
                (PrincipalKind::Everyone, _) => return Truth::Known(true),
                (PrincipalKind::Federated, Caller::Provider(name))
                | (PrincipalKind::CanonicalUser, Caller::CanonicalUser(name))
                    if name == value =>
                {
                    return Truth::Known(true);
                }
                (
                    PrincipalKind::Aws,
                    Caller::Role | Caller::User | Caller::Root | Caller::FederatedUser,
                ) => {
                    let (tape, text) = match aws_principal(value) {
                        Some(AwsPrincipal::Account {
                            partition: None,
                            account,
                        }) => (tape::ACCOUNT, account),
                        Some(AwsPrincipal::Account {
                            partition: Some(_), ..
                        }) => (tape::ROOT_ARN, value.to_owned()),
                        Some(AwsPrincipal::Arn(arn)) => (tape::PRINCIPAL_ARN, arn),
                        Some(AwsPrincipal::Session(arn)) => (tape::SESSION_ARN, arn),
                        None => continue,
                    };
                    acceptors.push(Acceptor::text(tape, &Pattern::literal(&text), false));
                }
                _ => {}
            }
        }
        self.written_atom(Group::Caller, Written::closed(acceptors))
    }

    fn resource(&mut self, statement: &Statement<'_>, document: Applied<'_, '_>) -> Truth {
        let Some(element) = &statement.resource else {
            return Truth::Known(false);
        };
        let (list, positive) = match &element.matching {
            Matching::Only(list) => (list, true),
            Matching::AllExcept(list) => (list, false),
        };
        let mut written = Written::default();
        for value in list {
            let pattern = resource_pattern(&value.value, document.policy.version, document.kind);
            let pattern = self.own_account(pattern);
            if pattern == ArnPattern::Everything {
                return Truth::Known(positive);
            }
            let resolved = pattern.try_map(&mut |part| self.resolve_pattern(part));
            let Some(pattern) = resolved else { continue };
            let Some(acceptor) = Acceptor::arn(tape::RESOURCE, &pattern) else {
                continue;
            };
            if pattern.variables().next().is_none() {
                written.narrow.push(acceptor.clone());
            } else {
                written.open.push(ValueTest::Arn(pattern));
            }
            written.wide.push(acceptor);
        }
        match self.written_atom(Group::Caller, written) {
            Truth::Known(matched) => Truth::Known(matched == positive),
            Truth::Open(clause) => Truth::Open(signed(clause, positive)),
        }
    }

    /// The resource must match one of these patterns.
    pub(super) fn within(&mut self, patterns: &[ArnPattern]) -> Truth {
        if patterns.is_empty() || patterns.contains(&ArnPattern::Everything) {
            return Truth::Known(true);
        }
        let acceptors: Vec<Acceptor> = patterns
            .iter()
            .filter_map(|pattern| Acceptor::arn(tape::RESOURCE, pattern))
            .collect();
        self.written_atom(Group::Caller, Written::closed(acceptors))
    }

    /// The principal is this one.
    pub(super) fn fixed_principal(&mut self, arn: &str) -> Truth {
        let tape = if arn.contains(":assumed-role/") {
            tape::SESSION_ARN
        } else {
            tape::PRINCIPAL_ARN
        };
        let acceptors = vec![Acceptor::text(tape, &Pattern::literal(arn), false)];
        self.written_atom(Group::Caller, Written::closed(acceptors))
    }

    /// Service-linked roles are out of scope.
    pub(super) fn service_linked_role(&mut self) -> Truth {
        let pattern = Matcher::string_like(["arn:*:iam::*:role/aws-service-role/*"]);
        self.some("aws:principalarn", &pattern, false)
    }

    /// `${aws:PrincipalAccount}` in the place of the account, which every trail that is asked about is in.
    fn own_account(&mut self, pattern: ArnPattern) -> ArnPattern {
        let ArnPattern::Parts(mut parts) = pattern else {
            return pattern;
        };
        if let Some(account) = parts.get_mut(4)
            && self.space.target == Target::Trail
            && self.is_same(account, &Slot::Tape(Group::Caller, tape::ACCOUNT))
        {
            *account = Pattern::everything();
        }
        ArnPattern::Parts(parts)
    }

    fn written_atom(&mut self, group: Group, written: Written) -> Truth {
        if written.wide.is_empty() && written.other.is_none() {
            return Truth::Known(false);
        }
        self.ask(group, Test::Written(Box::new(written)))
    }

    /// A condition as clauses, all of which must hold.
    fn condition(&mut self, condition: &Condition<'_>, version: Version) -> Vec<Truth> {
        let operator = condition.operator.value;
        let written = condition.key.value.as_ref();
        let key = written.to_ascii_lowercase();
        self.written
            .entry(key.clone())
            .or_insert_with(|| written.to_owned());
        if operator.comparison == Comparison::Null {
            if matches!(self.present(&key), Truth::Known(true)) {
                self.named.push(key.clone());
            }
            let wants = |absent| {
                condition
                    .values
                    .iter()
                    .any(|value| parse_bool(&value.value) == Some(absent))
            };
            return match (wants(true), wants(false)) {
                (true, true) => vec![Truth::Known(true)],
                (true, false) => vec![self.present(&key).negated()],
                (false, true) => vec![self.present(&key)],
                (false, false) => vec![Truth::Known(false)],
            };
        }
        let matcher = Matcher::new(operator.comparison, &condition.values, version);
        let negated = operator.comparison.is_negated();
        let multivalued = key == "aws:calledvia";
        match (operator.set, negated) {
            // Some value is accepted.
            (None | Some(SetOperator::ForAnyValue), false) => {
                let mut holds = self.some(&key, &matcher, false);
                if operator.if_exists {
                    holds = holds.or(self.present(&key).negated());
                }
                vec![holds]
            }
            // Every value is accepted, or there is none.
            (Some(SetOperator::ForAllValues), false) if multivalued => {
                vec![self.some(&key, &matcher, true).negated()]
            }
            (Some(SetOperator::ForAllValues), false) => {
                vec![
                    self.some(&key, &matcher, false)
                        .or(self.present(&key).negated()),
                ]
            }
            // No value is among those listed.
            (None | Some(SetOperator::ForAllValues), true) => {
                vec![self.some(&key, &matcher, false).negated()]
            }
            // Some value is not among those listed.
            (Some(SetOperator::ForAnyValue), true) if multivalued => {
                let mut holds = self.some(&key, &matcher, true);
                if operator.if_exists {
                    holds = holds.or(self.present(&key).negated());
                }
                vec![holds]
            }
            (Some(SetOperator::ForAnyValue), true) => {
                let none = self.some(&key, &matcher, false).negated();
                if operator.if_exists {
                    vec![none]
                } else {
                    vec![none, self.present(&key)]
                }
            }
        }
    }

    pub(super) fn present(&mut self, key: &str) -> Truth {
        match self.space.slot(self.caller, key) {
            Slot::Absent => Truth::Known(false),
            Slot::Constant(_) | Slot::Tape(Group::Caller, _) | Slot::Member(Group::Time) => {
                Truth::Known(true)
            }
            Slot::Member(Group::Key(_)) if self.space.always_present(key) => Truth::Known(true),
            Slot::Member(Group::Via) if key == "aws:viaawsservice" => Truth::Known(true),
            Slot::Tape(group, _) | Slot::Member(group) => {
                // Keys that are there together or not at all: one question.
                let key = match &group {
                    Group::Organization(_) | Group::Via => String::new(),
                    _ => key.to_owned(),
                };
                self.ask(group, Test::Present(key))
            }
        }
    }

    /// Whether some value of the key is (`outside`: is not) accepted by the matcher.
    pub(super) fn some(&mut self, key: &str, matcher: &Matcher, outside: bool) -> Truth {
        let slot = self.space.slot(self.caller, key);
        let Resolved { wide, narrow, open } = self.resolve(matcher, &slot);
        match slot {
            Slot::Absent => Truth::Known(false),
            Slot::Constant(value) if open.is_empty() => {
                Truth::Known(wide.accepts(&value) != outside)
            }
            Slot::Tape(group, tape) => {
                let accepted = |matcher: &Matcher| -> Vec<Acceptor> {
                    matcher
                        .tests()
                        .iter()
                        .flat_map(|test| tape_acceptors(tape, test))
                        .collect()
                };
                let other = (!wide.tests().iter().all(is_written)).then(|| (tape, wide.clone()));
                self.written_atom(
                    group,
                    Written {
                        wide: accepted(&wide),
                        narrow: accepted(&narrow),
                        open,
                        other,
                    },
                )
            }
            Slot::Member(_) if wide.tests().is_empty() && !outside => Truth::Known(false),
            // A constant has one value too; what it is compared with is open.
            Slot::Constant(_) | Slot::Member(_) => {
                let group = match slot {
                    Slot::Member(group) => group,
                    _ => Group::Key(key.to_owned()),
                };
                let key = key.to_owned();
                self.ask(
                    group,
                    Test::Value {
                        key,
                        wide,
                        narrow,
                        open,
                        outside,
                    },
                )
            }
        }
    }

    /// The matcher with its variables' values: the widest and the narrowest that it can be.
    fn resolve(&mut self, matcher: &Matcher, slot: &Slot) -> Resolved {
        if matcher.variables().next().is_none() {
            return Resolved {
                wide: matcher.clone(),
                narrow: matcher.clone(),
                open: Vec::new(),
            };
        }
        let resolved = matcher.filter_map(|test| match test {
            // A key compared with itself, or with one that always has the same value.
            ValueTest::Text { pattern, .. } if self.is_same(pattern, slot) => {
                Some(ValueTest::Text {
                    pattern: Pattern::everything(),
                    ignore_case: false,
                })
            }
            other => other.resolve_with(&mut |pattern| self.resolve_pattern(pattern)),
        });
        let (open, closed): (Vec<ValueTest>, Vec<ValueTest>) = resolved
            .tests()
            .iter()
            .cloned()
            .partition(|test| test.variables().next().is_some());
        Resolved {
            wide: resolved.filter_map(|test| Some(test.widened())),
            narrow: Matcher::of(closed),
            open,
        }
    }

    fn is_same(&mut self, pattern: &Pattern, slot: &Slot) -> bool {
        let [Glyph::Variable { key, .. }] = pattern.glyphs() else {
            return false;
        };
        let same = matches!(slot, Slot::Tape(..) | Slot::Member(Group::Key(_)))
            && self.space.slot(self.caller, key) == *slot;
        if same {
            self.note_variables(pattern);
        }
        same
    }

    /// Puts in what is known of the variables; `None` where one has no value and no default.
    fn resolve_pattern(&mut self, pattern: &Pattern) -> Option<Pattern> {
        self.note_variables(pattern);
        for key in pattern.variables() {
            if self.known(key) == Known::Open && !self.open.iter().any(|open| open == key) {
                self.open.push(key.to_owned());
            }
        }
        pattern.resolve_known(&|key| self.known(key))
    }

    /// A request that depends on a variable shows its key.
    fn note_variables(&mut self, pattern: &Pattern) {
        for glyph in pattern.glyphs() {
            if let Glyph::Variable { key, written, .. } = glyph {
                self.written
                    .entry(key.clone())
                    .or_insert_with(|| written.clone());
            }
        }
    }

    fn known(&self, key: &str) -> Known {
        match self.space.slot(self.caller, key) {
            Slot::Absent => Known::Absent,
            Slot::Constant(value) => Known::Value(value),
            // A multivalued key is no policy variable.
            _ if matches!(
                key,
                "aws:calledvia" | "aws:principalorgpaths" | "aws:resourceorgpaths"
            ) =>
            {
                Known::Absent
            }
            Slot::Tape(Group::Caller, tape) if self.space.fixed(self.caller, tape).is_some() => {
                self.space
                    .fixed(self.caller, tape)
                    .map_or(Known::Open, Known::Value)
            }
            _ => match self.bindings.get(key) {
                Some(Some(value)) => Known::Value(value.clone()),
                Some(None) => Known::Absent,
                None => Known::Open,
            },
        }
    }
}

/// A matcher with its policy variables' values put in.
struct Resolved {
    wide: Matcher,
    narrow: Matcher,
    open: Vec<ValueTest>,
}

/// A clause, or a constant.
#[derive(Debug, Clone)]
pub(super) enum Truth {
    Known(bool),
    Open(Clause),
}

impl Truth {
    /// The negation of one literal; longer clauses are never negated.
    pub(super) fn negated(self) -> Self {
        match self {
            Self::Known(truth) => Self::Known(!truth),
            Self::Open(clause) => Self::Open(signed(clause, false)),
        }
    }

    pub(super) fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Known(true), _) | (_, Self::Known(true)) => Self::Known(true),
            (Self::Known(false), other) | (other, Self::Known(false)) => other,
            (Self::Open(mut a), Self::Open(b)) => {
                a.extend(b);
                Self::Open(a)
            }
        }
    }
}

fn signed(clause: Clause, positive: bool) -> Clause {
    clause
        .into_iter()
        .map(|literal| Literal {
            positive: literal.positive == positive,
            ..literal
        })
        .collect()
}

/// Whether a test is a pattern over text.
pub(super) fn is_written(test: &ValueTest) -> bool {
    matches!(
        test,
        ValueTest::Text { .. } | ValueTest::Arn(_) | ValueTest::Bool(_) | ValueTest::Binary(_)
    )
}

/// A test as patterns over text; tests of other types give what text they can.
pub(super) fn tape_acceptors(tape: usize, test: &ValueTest) -> Vec<Acceptor> {
    match test {
        ValueTest::Text {
            pattern,
            ignore_case,
        } => vec![Acceptor::text(tape, pattern, *ignore_case)],
        ValueTest::Arn(pattern) => Acceptor::arn(tape, pattern).into_iter().collect(),
        ValueTest::Bool(value) => {
            vec![Acceptor::text(
                tape,
                &Pattern::literal(if *value { "true" } else { "false" }),
                true,
            )]
        }
        ValueTest::Binary(value) => vec![Acceptor::text(tape, &Pattern::literal(value), false)],
        ValueTest::Number(_, bits) => {
            let number = f64::from_bits(*bits);
            let mut texts = vec![format!("{number}"), format!("{number:012}")];
            texts.dedup();
            texts
                .iter()
                .map(|text| Acceptor::text(tape, &Pattern::literal(text), false))
                .collect()
        }
        ValueTest::Date(..) | ValueTest::Ip(_) | ValueTest::Pending(..) => Vec::new(),
    }
}

//! Statements as clauses over atoms: what a request must have for a statement to match it.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::acceptor::Acceptor;
use super::linked::Place;
use super::mixing::Map;
use super::space::{Caller, Group, Slot, Space, Target, shape, tape};
use super::word::{Step, Tape};
use crate::evaluate::{Applied, AwsPrincipal, aws_principal, resource_pattern};
use crate::matcher::{Matcher, ValueTest};
use crate::pattern::{ArnPattern, Glyph, Known, Pattern, Variable};
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
    /// Is the text of a tape accepted?
    Written(Box<Written>),
}

/// A test on the texts of tapes.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub(super) struct Written {
    pub(super) wide: Vec<Acceptor>,
    pub(super) narrow: Vec<Acceptor>,
    pub(super) open: Vec<ValueTest>,
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

impl Literal {
    pub(super) fn negated(self) -> Self {
        Self {
            positive: !self.positive,
            ..self
        }
    }

    /// A number of its own.
    pub(super) fn code(self) -> usize {
        2 * self.atom + usize::from(self.positive)
    }
}

/// One of these must hold.
pub(super) type Clause = Vec<Literal>;

/// What a statement asks of a request.
#[derive(Debug, Clone, Default)]
pub(super) struct Compiled {
    /// Every one of these clauses; `None`: the impossible.
    pub(super) clauses: Option<Vec<Clause>>,
    pub(super) mentions: Mentions,
}

/// What was met in statements that a witness must tell of.
#[derive(Debug, Clone, Default)]
pub(super) struct Mentions {
    /// Keys that are in every request and that a `Null` condition asks for.
    pub(super) named: Vec<String>,
    /// Condition keys as the documents write them, by their lower-case form.
    pub(super) written: BTreeMap<String, String>,
    /// A role session's ARN is asked for, which `aws:userid` holds the session's name of.
    pub(super) session: bool,
}

impl Mentions {
    pub(super) fn extend(&mut self, other: &Self) {
        for key in &other.named {
            if !self.named.contains(key) {
                self.named.push(key.clone());
            }
        }
        for (key, written) in &other.written {
            self.write(key, written);
        }
        self.session |= other.session;
    }

    /// Remembers how a key is written where it is met first; in lower case it may be the settings' key.
    pub(super) fn write(&mut self, key: &str, written: &str) {
        if self.written.get(key).is_none_or(|known| known == key) {
            self.written.insert(key.to_owned(), written.to_owned());
        }
    }
}

/// Turns statements into clauses for one kind of caller.
pub(super) struct Compiler {
    pub(super) space: Rc<Space>,
    pub(super) caller: Caller,
    pub(super) atoms: Vec<Rc<Atom>>,
    indices: Map<Rc<Atom>, usize>,
    /// How the principal, its account and the resource are written.
    pub(super) script: Vec<Step>,
    /// By tape of the caller's group: what every text on it looks like, if any is written at all.
    shapes: Vec<Option<Acceptor>>,
    /// Of what is being compiled.
    pub(super) mentions: Mentions,
}

impl Compiler {
    pub(super) fn new(space: Rc<Space>, caller: Caller) -> Self {
        let script = space.caller_script(&caller);
        Self {
            shapes: (0..tape::COUNT).map(|tape| shape(&script, tape)).collect(),
            script,
            space,
            caller,
            atoms: Vec::new(),
            indices: Map::default(),
            mentions: Mentions::default(),
        }
    }

    /// The clauses of a statement, whatever the action.
    pub(super) fn statement(
        &mut self,
        statement: &Statement<'_>,
        document: Applied<'_, '_>,
    ) -> Compiled {
        self.mentions = Mentions::default();
        let clauses = self.clauses(statement, document);
        Compiled {
            clauses,
            mentions: std::mem::take(&mut self.mentions),
        }
    }

    fn clauses(
        &mut self,
        statement: &Statement<'_>,
        document: Applied<'_, '_>,
    ) -> Option<Vec<Clause>> {
        let mut all = self.principal(statement);
        all.extend(self.resource(statement, document));
        for condition in &statement.conditions {
            all.extend(self.condition(condition, document.policy.version));
        }
        // A clause without a literal is what cannot be.
        (!all.iter().any(Vec::is_empty)).then_some(all)
    }

    /// The question as a literal; the same question is the same atom.
    fn ask(&mut self, group: Group, test: Test) -> Literal {
        let atom = Atom { group, test };
        let index = match self.indices.get(&atom) {
            Some(index) => *index,
            None => {
                let index = self.atoms.len();
                let atom = Rc::new(atom);
                self.atoms.push(Rc::clone(&atom));
                self.indices.insert(atom, index);
                index
            }
        };
        Literal {
            atom: index,
            positive: true,
        }
    }

    fn principal(&mut self, statement: &Statement<'_>) -> Vec<Clause> {
        let Some(element) = &statement.principal else {
            return Truth::Known(true).clauses(true);
        };
        let (list, positive) = match &element.matching {
            Matching::Only(list) => (list, true),
            Matching::AllExcept(list) => (list, false),
        };
        self.any_principal(list).clauses(positive)
    }

    fn any_principal(&mut self, list: &[PrincipalEntry<'_>]) -> Truth {
        let mut acceptors = Vec::new();
        for entry in list {
            let value = entry.value.value.as_ref();
            match (entry.kind, &self.caller) {
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
                // The sessions of a provider's roles are in its account.
                (PrincipalKind::Aws, caller) => {
                    if let Some((home, account)) = caller.provider_home()
                        && let Some(AwsPrincipal::Account {
                            partition,
                            account: named,
                        }) = aws_principal(value)
                        && named == account
                        && partition.is_none_or(|partition| partition == home)
                    {
                        return Truth::Known(true);
                    }
                }
                _ => {}
            }
        }
        self.any_written(Group::Caller, acceptors)
    }

    fn resource(&mut self, statement: &Statement<'_>, document: Applied<'_, '_>) -> Vec<Clause> {
        let Some(element) = &statement.resource else {
            return Truth::Known(false).clauses(true);
        };
        let (list, positive) = match &element.matching {
            Matching::Only(list) => (list, true),
            Matching::AllExcept(list) => (list, false),
        };
        let mut acceptors = Vec::new();
        let mut any = Vec::new();
        for value in list {
            let pattern = resource_pattern(&value.value, document.policy.version, document.kind);
            let pattern = self.own_account(pattern);
            if pattern == ArnPattern::Everything {
                return Truth::Known(true).clauses(positive);
            }
            let resolved = pattern.try_map(&mut |part| self.resolve_pattern(part));
            let Some(pattern) = resolved else { continue };
            if pattern.variables().next().is_some() {
                any.push(self.link(
                    Group::Caller,
                    Slot::Tape(Group::Caller, tape::RESOURCE),
                    "",
                    ValueTest::Arn(pattern),
                    false,
                ));
            } else {
                acceptors.extend(Acceptor::arn(tape::RESOURCE, &pattern));
            }
        }
        self.any_written(Group::Caller, acceptors)
            .or(any)
            .clauses(positive)
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
        self.any_written(Group::Caller, acceptors)
    }

    /// The principal is this one.
    pub(super) fn fixed_principal(&mut self, arn: &str) -> Truth {
        let tape = if arn.contains(":assumed-role/") {
            tape::SESSION_ARN
        } else {
            tape::PRINCIPAL_ARN
        };
        let acceptors = vec![Acceptor::text(tape, &Pattern::literal(arn), false)];
        self.any_written(Group::Caller, acceptors)
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

    /// One of these patterns accepts its tape. A few are an atom each, so that what excludes one of them need
    /// not be found out for every list that it stands in.
    fn any_written(&mut self, group: Group, acceptors: Vec<Acceptor>) -> Truth {
        self.mentions.session |= group == Group::Caller
            && acceptors
                .iter()
                .any(|acceptor| acceptor.tape == tape::SESSION_ARN);
        let mut acceptors = acceptors;
        if group == Group::Caller {
            // A user's ARN is no role's.
            acceptors.retain(|acceptor| match self.shapes.get(acceptor.tape) {
                Some(Some(shape)) => acceptor.overlaps(shape),
                _ => false,
            });
        }
        let lists: Vec<Vec<Acceptor>> = match acceptors.len() {
            0 => Vec::new(),
            1..=APART => acceptors.into_iter().map(|one| vec![one]).collect(),
            _ => vec![acceptors],
        };
        let any = lists
            .into_iter()
            .map(|list| {
                self.ask(
                    group.clone(),
                    Test::Written(Box::new(Written::closed(list))),
                )
            })
            .collect();
        Truth::any(any)
    }

    /// A test whose policy variables are open, by itself.
    fn link(
        &mut self,
        group: Group,
        slot: Slot,
        key: &str,
        test: ValueTest,
        outside: bool,
    ) -> Literal {
        let wide = self.shaped(&test).widened();
        let test = match slot {
            Slot::Tape(_, tape) => Test::Written(Box::new(Written {
                wide: Acceptor::new(tape, &wide).into_iter().collect(),
                open: vec![test],
                ..Written::default()
            })),
            _ => Test::Value {
                key: key.to_owned(),
                wide: Matcher::of(vec![wide]),
                narrow: Matcher::of(Vec::new()),
                open: vec![test],
                outside,
            },
        };
        self.ask(group, test)
    }

    /// An atom with what is known of its variables put in.
    pub(super) fn resolved(&mut self, atom: usize, lookup: &dyn Fn(&str) -> Known) -> Truth {
        let Some(Atom { group, test }) = self.atoms.get(atom).map(|atom| (**atom).clone()) else {
            return Truth::Known(false);
        };
        let resolve = |open: &[ValueTest]| -> Vec<ValueTest> {
            open.iter()
                .filter_map(|test| test.resolve_with(&mut |pattern| pattern.resolve_known(lookup)))
                .collect()
        };
        let has_variables = |test: &ValueTest| test.variables().next().is_some();
        match test {
            Test::Value {
                key,
                narrow,
                open,
                outside,
                ..
            } => {
                let (open, closed): (Vec<_>, Vec<_>) =
                    resolve(&open).into_iter().partition(has_variables);
                let narrow = Matcher::of(narrow.tests().iter().cloned().chain(closed).collect());
                let wide = narrow
                    .tests()
                    .iter()
                    .cloned()
                    .chain(open.iter().map(ValueTest::widened))
                    .collect();
                if let Slot::Constant(value) = self.space.slot(&self.caller, &key)
                    && open.is_empty()
                {
                    return Truth::Known(narrow.accepts(&value) != outside);
                }
                let test = Test::Value {
                    key,
                    wide: Matcher::of(wide),
                    narrow,
                    open,
                    outside,
                };
                Truth::any(vec![self.ask(group, test)])
            }
            Test::Written(written) => {
                let Some(tape) = written.wide.first().map(|acceptor| acceptor.tape) else {
                    return Truth::Known(false);
                };
                let Some(test) = resolve(&written.open).into_iter().next() else {
                    return Truth::Known(false);
                };
                let slot = Slot::Tape(group.clone(), tape);
                if has_variables(&test) {
                    return Truth::any(vec![self.link(group, slot, "", test, false)]);
                }
                let written = Written::closed(Acceptor::new(tape, &test).into_iter().collect());
                Truth::any(vec![self.ask(group, Test::Written(Box::new(written)))])
            }
            Test::Present(_) => Truth::Known(false),
        }
    }

    /// What every text on a tape of the caller looks like, if any is written at all.
    pub(super) fn shape(&self, tape: Tape) -> Option<&Acceptor> {
        self.shapes.get(tape)?.as_ref()
    }

    /// The literal "what stands here is among these".
    pub(super) fn among_at(&mut self, place: &Place, tests: Vec<ValueTest>) -> Option<Literal> {
        match place {
            Place::Tape(group, tape) => {
                let acceptors = tests
                    .iter()
                    .filter_map(|test| Acceptor::new(*tape, test))
                    .collect();
                let test = Test::Written(Box::new(Written::closed(acceptors)));
                Some(self.ask(group.clone(), test))
            }
            Place::Key(key) => match self.some(key, &Matcher::of(tests), false) {
                Truth::Any(any) => any.first().copied(),
                Truth::Known(_) => None,
            },
        }
    }

    /// A condition as clauses, all of which must hold.
    fn condition(&mut self, condition: &Condition<'_>, version: Version) -> Vec<Clause> {
        let operator = condition.operator.value;
        let written = condition.key.value.as_ref();
        let key = written.to_ascii_lowercase();
        self.mentions.write(&key, written);
        if operator.comparison == Comparison::Null {
            if matches!(self.present(&key), Truth::Known(true)) {
                self.mentions.named.push(key.clone());
            }
            let wants = |absent| {
                condition
                    .values
                    .iter()
                    .any(|value| parse_bool(&value.value) == Some(absent))
            };
            return match (wants(true), wants(false)) {
                (true, true) => Truth::Known(true).clauses(true),
                (true, false) => self.present(&key).clauses(false),
                (false, true) => self.present(&key).clauses(true),
                (false, false) => Truth::Known(false).clauses(true),
            };
        }
        let matcher = Matcher::new(operator.comparison, &condition.values, version);
        let negated = operator.comparison.is_negated();
        let multivalued = key == "aws:calledvia";
        match (operator.set, negated) {
            // Some value is accepted.
            (None | Some(SetOperator::ForAnyValue), false) => {
                let holds = self.some(&key, &matcher, false).clauses(true);
                if operator.if_exists {
                    either(holds, self.present(&key).clauses(false))
                } else {
                    holds
                }
            }
            // Every value is accepted, or there is none.
            (Some(SetOperator::ForAllValues), false) if multivalued => {
                self.some(&key, &matcher, true).clauses(false)
            }
            (Some(SetOperator::ForAllValues), false) => {
                let holds = self.some(&key, &matcher, false).clauses(true);
                either(holds, self.present(&key).clauses(false))
            }
            // No value is among those listed.
            (None | Some(SetOperator::ForAllValues), true) => {
                self.some(&key, &matcher, false).clauses(false)
            }
            // Some value is not among those listed.
            (Some(SetOperator::ForAnyValue), true) if multivalued => {
                let holds = self.some(&key, &matcher, true).clauses(true);
                if operator.if_exists {
                    either(holds, self.present(&key).clauses(false))
                } else {
                    holds
                }
            }
            (Some(SetOperator::ForAnyValue), true) => {
                let mut all = self.some(&key, &matcher, false).clauses(false);
                if !operator.if_exists {
                    all.extend(self.present(&key).clauses(true));
                }
                all
            }
        }
    }

    pub(super) fn present(&mut self, key: &str) -> Truth {
        match self.space.slot(&self.caller, key) {
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
                Truth::any(vec![self.ask(group, Test::Present(key))])
            }
        }
    }

    /// Whether some value of the key is (`outside`: is not) accepted by the matcher.
    pub(super) fn some(&mut self, key: &str, matcher: &Matcher, outside: bool) -> Truth {
        let slot = self.space.slot(&self.caller, key);
        let matcher = &self.in_one_case(key, matcher);
        let (closed, open) = self.resolve(matcher, &slot);
        let group = match &slot {
            Slot::Absent => return Truth::Known(false),
            Slot::Constant(value) if open.is_empty() => {
                return Truth::Known(closed.accepts(value) != outside);
            }
            // A constant has one value too; what it is compared with is open.
            Slot::Constant(_) => Group::Key(key.to_owned()),
            Slot::Tape(group, _) | Slot::Member(group) => group.clone(),
        };
        if outside && !open.is_empty() {
            // Not among those listed: all of them are one test.
            let tests = closed.tests().iter().chain(&open);
            let wide = Matcher::of(tests.map(ValueTest::widened).collect());
            let test = Test::Value {
                key: key.to_owned(),
                wide,
                narrow: closed,
                open,
                outside,
            };
            return Truth::any(vec![self.ask(group, test)]);
        }
        let any: Vec<Literal> = open
            .into_iter()
            .map(|test| self.link(group.clone(), slot.clone(), key, test, outside))
            .collect();
        let closed = match slot {
            _ if closed.tests().is_empty() && !outside => Truth::Known(false),
            Slot::Tape(_, tape) => {
                let acceptors = closed
                    .tests()
                    .iter()
                    .filter_map(|test| Acceptor::new(tape, test))
                    .collect();
                self.any_written(group, acceptors)
            }
            _ => {
                let test = Test::Value {
                    key: key.to_owned(),
                    wide: closed.clone(),
                    narrow: closed,
                    open: Vec::new(),
                    outside,
                };
                Truth::any(vec![self.ask(group, test)])
            }
        };
        closed.or(any)
    }

    /// The matcher of a key whose values have no letters but lower-case ones: case makes no difference then.
    fn in_one_case(&self, key: &str, matcher: &Matcher) -> Matcher {
        if !self.space.is_lower_case(&self.caller, key) {
            return matcher.clone();
        }
        matcher.filter_map(|test| {
            Some(match test {
                ValueTest::Text {
                    pattern,
                    ignore_case: true,
                } if pattern
                    .variables()
                    .all(|key| self.space.is_lower_case(&self.caller, key)) =>
                {
                    ValueTest::Text {
                        pattern: pattern.lower_case(),
                        ignore_case: false,
                    }
                }
                other => other.clone(),
            })
        })
    }

    /// The matcher with what is known of its variables put in: the tests that need no more, and the others.
    fn resolve(&mut self, matcher: &Matcher, slot: &Slot) -> (Matcher, Vec<ValueTest>) {
        if matcher.variables().next().is_none() {
            return (matcher.clone(), Vec::new());
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
        (Matcher::of(closed), open)
    }

    fn is_same(&mut self, pattern: &Pattern, slot: &Slot) -> bool {
        let [Glyph::Variable(variable)] = pattern.glyphs() else {
            return false;
        };
        let same = matches!(slot, Slot::Tape(..) | Slot::Member(Group::Key(_)))
            && self.space.slot(&self.caller, &variable.key) == *slot;
        if same {
            self.note_variables(pattern);
        }
        same
    }

    /// Puts in what is known of the variables; `None` where one has no value and no default.
    fn resolve_pattern(&mut self, pattern: &Pattern) -> Option<Pattern> {
        self.note_variables(pattern);
        pattern.resolve_known(&|key| self.known(key))
    }

    /// A test with twelve digits in the place of account ids that are not known.
    fn shaped(&self, test: &ValueTest) -> ValueTest {
        let is_account = |key: &str| match self.space.slot(&self.caller, key) {
            Slot::Tape(Group::Caller, tape) => tape == tape::ACCOUNT,
            Slot::Member(_) => self.space.domain(key).is_account(),
            _ => false,
        };
        // A default may stand for the id.
        let shape = |variable: &Variable| {
            (variable.default.is_none() && is_account(&variable.key)).then(Pattern::account_id)
        };
        match test {
            ValueTest::Text { .. } | ValueTest::Arn(_) => test
                .resolve_with(&mut |pattern| Some(pattern.replaced(&shape)))
                .unwrap_or_else(|| test.clone()),
            other => other.clone(),
        }
    }

    /// A request that depends on a variable shows its key.
    fn note_variables(&mut self, pattern: &Pattern) {
        for glyph in pattern.glyphs() {
            if let Glyph::Variable(variable) = glyph
                && !variable.written.is_empty()
            {
                self.mentions.write(&variable.key, &variable.written);
            }
        }
    }

    fn known(&self, key: &str) -> Known {
        match self.space.slot(&self.caller, key) {
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
            Slot::Tape(Group::Caller, tape) if self.space.fixed(&self.caller, tape).is_some() => {
                self.space
                    .fixed(&self.caller, tape)
                    .map_or(Known::Open, Known::Value)
            }
            _ => Known::Open,
        }
    }
}

/// How many patterns of a list are an atom each.
const APART: usize = 8;

/// Whether one of some literals holds, or a constant.
#[derive(Debug, Clone)]
pub(super) enum Truth {
    Known(bool),
    Any(Vec<Literal>),
}

impl Truth {
    fn any(literals: Vec<Literal>) -> Self {
        if literals.is_empty() {
            Self::Known(false)
        } else {
            Self::Any(literals)
        }
    }

    fn or(self, more: Vec<Literal>) -> Self {
        match self {
            Self::Known(true) => self,
            Self::Known(false) => Self::any(more),
            Self::Any(mut any) => {
                any.extend(more);
                Self::Any(any)
            }
        }
    }

    /// The clauses of "it is so", or of "it is not so".
    pub(super) fn clauses(self, so: bool) -> Vec<Clause> {
        match self {
            Self::Known(known) if known == so => Vec::new(),
            Self::Known(_) => vec![Vec::new()],
            Self::Any(any) if so => vec![any],
            Self::Any(any) => any
                .into_iter()
                .map(|literal| vec![literal.negated()])
                .collect(),
        }
    }
}

/// The clauses of "these all hold, or those all do".
fn either(these: Vec<Clause>, those: Vec<Clause>) -> Vec<Clause> {
    these
        .iter()
        .flat_map(|one| {
            those
                .iter()
                .map(move |other| one.iter().chain(other).copied().collect())
        })
        .collect()
}

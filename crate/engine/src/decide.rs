//! Is there *any* request that these statements let through?
//!
//! A request is one value for each group of linked condition keys; a statement is a conjunction of tests on
//! them. So the question is a formula over such tests. `formula` builds it, `search` looks for an
//! assignment that makes it true, `theory` says for each group of keys whether a value answers the tests
//! so, and `word` finds the texts. What is found is confirmed by `evaluate`.

mod acceptor;
mod compose;
mod formula;
mod grammar;
mod linked;
mod mixing;
mod overlap;
mod rivals;
mod search;
mod space;
mod theory;
mod typed;
mod word;
mod world;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use self::formula::{Clause, Compiled, Compiler, Mentions};
use self::mixing::Map;
use self::search::{Model, Search, Searched};
use self::space::{Group, Slot, key_name, tape};
use self::theory::Theory;
use self::world::World;
use crate::evaluate::{Applied, Request, matches, names_action};
use crate::matcher::Matcher;
use crate::policy::Statement;
use crate::report::{ContextValue, DocumentKind, Witness};

pub(crate) use self::space::{Caller, Names, Space, Target};

/// A statement and the document it stands in.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reference<'a, 't> {
    pub(crate) document: Applied<'a, 't>,
    pub(crate) statement: &'a Statement<'t>,
}

/// "Is there a request with this action that matches one statement of each of these lists, and none of those?"
#[derive(Debug, Clone, Default)]
pub(crate) struct Question<'q, 'a, 't> {
    pub(crate) action: &'q str,
    /// One statement of each list matches.
    pub(crate) each: Vec<Vec<Reference<'a, 't>>>,
    /// No statement of these matches.
    pub(crate) none_of: Vec<Reference<'a, 't>>,
}

/// The answer to a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Answer {
    /// Yes: this one.
    Found(Witness),
    /// No request at all.
    None,
    /// Not known; why.
    Undecided(String),
}

/// Work still allowed. One unit is about one comparison.
#[derive(Debug, Clone)]
pub(crate) struct Budget {
    left: u64,
}

/// The budget is used up.
#[derive(Debug, Clone, Copy)]
pub(crate) struct OutOfBudget;

impl Budget {
    /// The work allowed to one question: about a second.
    const QUESTION: u64 = 60_000_000;

    fn spend(&mut self, work: u64) -> Result<(), OutOfBudget> {
        self.left = self.left.checked_sub(work).ok_or(OutOfBudget)?;
        Ok(())
    }
}

/// Answers questions over all requests of a space. What is found out for one is kept for the next: statements are
/// known by where they lie, so they must stay there as long as it is asked.
pub(crate) struct Decider {
    space: Rc<Space>,
    worlds: RefCell<Vec<Asked>>,
}

/// What was asked of one kind of caller.
struct Asked {
    world: World,
    /// What holds for every request of the space.
    conditions: Vec<Clause>,
    mentions: Mentions,
    /// By where the statement lies.
    statements: Map<(usize, DocumentKind), Rc<Compiled>>,
}

impl std::fmt::Debug for Decider {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Decider").field(&self.space).finish()
    }
}

/// Answers one question over all requests of a space.
pub(crate) fn decide(question: &Question<'_, '_, '_>, space: impl Into<Rc<Space>>) -> Answer {
    Decider::new(space).decide(question)
}

impl Decider {
    pub(crate) fn new(space: impl Into<Rc<Space>>) -> Self {
        Self {
            space: space.into(),
            worlds: RefCell::default(),
        }
    }

    /// The space that it answers for.
    pub(crate) fn space(&self) -> Rc<Space> {
        Rc::clone(&self.space)
    }

    /// The answer to a question, for the first kind of caller that there is a request for.
    pub(crate) fn decide(&self, question: &Question<'_, '_, '_>) -> Answer {
        let mut budget = Budget {
            left: Budget::QUESTION,
        };
        let mut undecided = None;
        let mut worlds = self.worlds.borrow_mut();
        // Most policies raise no question at all, and most answers come from the first kind of caller.
        for (index, caller) in self.space.callers.iter().enumerate() {
            if worlds.len() == index {
                worlds.push(Asked::new(Rc::clone(&self.space), caller.clone()));
            }
            let Some(asked) = worlds.get_mut(index) else {
                continue;
            };
            match asked.decide(question, &mut budget) {
                Ok(Answer::None) => {}
                Ok(Answer::Undecided(reason)) => undecided = Some(reason),
                Ok(found) => return found,
                Err(OutOfBudget) => {
                    return Answer::Undecided(
                        "the policies are too intricate to be decided within the bound on work"
                            .to_owned(),
                    );
                }
            }
        }
        undecided.map_or(Answer::None, Answer::Undecided)
    }
}

impl Asked {
    fn new(space: Rc<Space>, caller: Caller) -> Self {
        let mut world = World::new(space, caller);
        let conditions = conditions_of_space(&mut world.compiler);
        let mentions = std::mem::take(&mut world.compiler.mentions);
        Self {
            world,
            conditions,
            mentions,
            statements: Map::default(),
        }
    }

    /// The clauses of a statement, compiled once.
    fn compiled(&mut self, reference: &Reference<'_, '_>) -> Rc<Compiled> {
        let at = (
            std::ptr::from_ref(reference.statement).addr(),
            reference.document.kind,
        );
        if let Some(compiled) = self.statements.get(&at) {
            return Rc::clone(compiled);
        }
        let compiled = self
            .world
            .compiler
            .statement(reference.statement, reference.document);
        let compiled = Rc::new(compiled);
        self.statements.insert(at, Rc::clone(&compiled));
        compiled
    }

    fn decide(
        &mut self,
        question: &Question<'_, '_, '_>,
        budget: &mut Budget,
    ) -> Result<Answer, OutOfBudget> {
        let mut mentions = self.mentions.clone();
        let names = |reference: &&Reference<'_, '_>| {
            names_action(&reference.statement.action, question.action)
        };
        let mut choices: Vec<Vec<Vec<Clause>>> = Vec::new();
        let mut refused: Vec<Vec<Clause>> = Vec::new();
        for list in &question.each {
            let mut choice = Vec::new();
            for reference in list.iter().filter(names) {
                let compiled = self.compiled(reference);
                mentions.extend(&compiled.mentions);
                choice.extend(compiled.clauses.clone());
            }
            if choice.is_empty() {
                return Ok(Answer::None);
            }
            choices.push(choice);
        }
        for reference in question.none_of.iter().filter(names) {
            let compiled = self.compiled(reference);
            mentions.extend(&compiled.mentions);
            match &compiled.clauses {
                Some(clauses) if clauses.is_empty() => return Ok(Answer::None),
                Some(clauses) => refused.push(clauses.clone()),
                None => {}
            }
        }
        let compiler = &mut self.world.compiler;
        let mut all = self.conditions.clone();
        for (key, values) in &Rc::clone(&compiler.space).given {
            if mentions.written.contains_key(key) {
                let among = Matcher::string_equals(values.iter().map(String::as_str));
                all.extend(compiler.some(key, &among, false).clauses(true));
            }
        }
        if all.iter().any(Vec::is_empty) {
            return Ok(Answer::None);
        }
        let mut search = Search::new(&mut self.world);
        search.all(all);
        for choice in choices {
            search.any_of(choice);
        }
        for statement in refused {
            search.not_all(statement);
        }
        Ok(match search.run(budget)? {
            Searched::None => Answer::None,
            Searched::Unknown(why) => Answer::Undecided(why),
            Searched::Found(model) => {
                let theory = self.world.theory(false);
                let mut witness = witness(&theory, &mentions, &model, question.action);
                for key in &mentions.named {
                    let name = key_name(key, &mentions.written);
                    if !witness.context.contains_key(&name)
                        && let Some(value) = theory.ordinary(key, budget)?
                    {
                        witness.context.insert(name, ContextValue::One(value));
                    }
                }
                if confirmed(question, theory.space, &witness) {
                    Answer::Found(shortened(question, theory.space, witness))
                } else {
                    Answer::Undecided(format!(
                        "a request by `{}` was found that a second look does not confirm; please report these policies",
                        witness.principal
                    ))
                }
            }
        })
    }
}

/// What holds for every request of the space.
fn conditions_of_space(compiler: &mut Compiler) -> Vec<Clause> {
    let space = Rc::clone(&compiler.space);
    let mut all = compiler.within(&space.within).clauses(true);
    if matches!(compiler.caller, Caller::Role) {
        all.extend(compiler.service_linked_role().clauses(false));
    }
    if let Some(principal) = &space.principal {
        all.extend(compiler.fixed_principal(principal).clauses(true));
    }
    for matcher in &space.like {
        all.extend(
            compiler
                .some("aws:principalarn", matcher, false)
                .clauses(true),
        );
    }
    for (key, matcher) in &space.excluded {
        all.extend(compiler.some(key, matcher, false).clauses(false));
        compiler.mentions.write(key, key);
    }
    all
}

/// The request as the report shows it.
fn witness(theory: &Theory<'_>, mentions: &Mentions, model: &Model, action: &str) -> Witness {
    let caller_texts = model
        .get(&Group::Caller)
        .map(|values| values.tapes.as_slice())
        .unwrap_or_default();
    let on = |tape: usize| {
        caller_texts
            .get(tape)
            .filter(|text| !text.is_empty())
            .cloned()
    };
    let mut context: BTreeMap<String, Vec<String>> = BTreeMap::new();
    if let Some(arn) = on(tape::PRINCIPAL_ARN) {
        context.insert("aws:principalarn".to_owned(), vec![arn]);
    }
    for key in mentions.written.keys() {
        match theory.space.slot(theory.caller, key) {
            Slot::Tape(Group::Caller, tape) => {
                context.extend(on(tape).map(|text| (key.clone(), vec![text])));
            }
            Slot::Constant(value) => {
                context.insert(key.clone(), vec![value]);
            }
            // Another name for a key of the caller's organization.
            Slot::Tape(group, tape) => {
                if let Some(text) = model.get(&group).and_then(|values| values.tapes.get(tape)) {
                    context.insert(key.clone(), vec![text.clone()]);
                }
            }
            Slot::Absent | Slot::Member(_) => {}
        }
    }
    if mentions.session {
        context.extend(on(tape::USERID).map(|text| ("aws:userid".to_owned(), vec![text])));
    }
    for (group, values) in model {
        for (key, texts) in &values.context {
            if *group == Group::Time && !mentions.written.contains_key(key) {
                continue;
            }
            context.entry(key.clone()).or_insert_with(|| texts.clone());
        }
    }
    let principal = match theory.caller {
        Caller::Anonymous => "*".to_owned(),
        Caller::Provider(name) | Caller::CanonicalUser(name) => name.clone(),
        _ => on(tape::PRINCIPAL_ARN).unwrap_or_default(),
    };
    Witness {
        principal,
        action: action.to_owned(),
        resource: on(tape::RESOURCE).unwrap_or_default(),
        context: context
            .into_iter()
            .map(|(key, values)| {
                let multivalued = MULTIVALUED.contains(&key.as_str());
                let value = match values.as_slice() {
                    [one] if !multivalued => ContextValue::One(one.clone()),
                    _ => ContextValue::Many(values),
                };
                (key_name(&key, &mentions.written), value)
            })
            .collect(),
        replay: None,
    }
}

/// Condition keys whose value is a list.
const MULTIVALUED: [&str; 4] = [
    "aws:calledvia",
    "aws:principalorgpaths",
    "aws:resourceorgpaths",
    "aws:sourceorgpaths",
];

/// The request without the keys that it need not carry: of two that are let through, the shorter one is shown.
fn shortened(question: &Question<'_, '_, '_>, space: &Space, mut witness: Witness) -> Witness {
    let free: Vec<String> = witness
        .context
        .keys()
        .filter(|key| is_free(key))
        .cloned()
        .collect();
    for key in free {
        let mut shorter = witness.clone();
        shorter.context.remove(&key);
        if confirmed(question, space, &shorter) {
            witness = shorter;
        }
    }
    witness
}

/// Whether a request may carry a key or not, whatever else it carries.
fn is_free(key: &str) -> bool {
    let key = key.to_ascii_lowercase();
    ["aws:principaltag/", "aws:resourcetag/"]
        .into_iter()
        .any(|prefix| key.starts_with(prefix))
        || matches!(key.as_str(), "aws:sourceidentity" | "aws:referer")
}

/// Whether the request is as asked for, by the plain reading of each statement.
fn confirmed(question: &Question<'_, '_, '_>, space: &Space, witness: &Witness) -> bool {
    let request = Request::from(witness);
    let holds =
        |reference: &Reference<'_, '_>| matches(reference.statement, reference.document, &request);
    question.each.iter().all(|list| list.iter().any(holds))
        && !question.none_of.iter().any(holds)
        && space.like.iter().all(|matcher| {
            let arn = request.value("aws:principalarn");
            arn.is_some_and(|arn| matcher.accepts(arn))
        })
        && space.excluded.iter().all(|(key, matcher)| {
            request
                .context
                .get(key)
                .is_none_or(|values| !values.iter().any(|value| matcher.accepts(value)))
        })
        && (space.within.is_empty()
            || space
                .within
                .iter()
                .any(|pattern| pattern.matches(&witness.resource)))
}

//! Is there *any* request that these statements let through?
//!
//! A request is one value for each group of linked condition keys; a statement is a conjunction of tests on
//! them. So the question is a formula over such tests. `formula` builds it, `search` looks for an
//! assignment that makes it true, `theory` says for each group of keys whether a value answers the tests
//! so, and `word` finds the texts. What is found is confirmed by `evaluate`.

mod formula;
mod grammar;
mod search;
mod space;
mod theory;
mod word;

use std::collections::BTreeMap;

use self::formula::{Bindings, Clause, Compiled, Compiler, Truth};
use self::search::{Model, Search, Searched};
use self::space::{Group, Slot, key_name, tape};
use self::theory::Theory;
use crate::evaluate::{Applied, Request, matches};
use crate::matcher::Matcher;
use crate::policy::Statement;
use crate::report::{ContextValue, Witness};

pub(crate) use self::space::{Caller, Names, Space, Target};

/// A statement and the document it stands in.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reference<'a, 't> {
    pub(crate) document: Applied<'a, 't>,
    pub(crate) statement: &'a Statement<'t>,
}

/// "Is there a request with this action that matches one statement of each of these lists, and none of those?"
#[derive(Debug, Clone, Default)]
pub(crate) struct Question<'a, 't> {
    pub(crate) action: &'a str,
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

/// Answers a question over all requests of a space.
pub(crate) fn decide(question: &Question<'_, '_>, space: &Space) -> Answer {
    let mut budget = Budget {
        left: Budget::QUESTION,
    };
    let mut undecided = None;
    for caller in &space.callers {
        match decide_for(question, space, caller, &mut budget) {
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

/// How many values are tried for the policy variables that the answer depends on, in each round.
const BINDINGS: usize = 256;
/// How often the values tried are taken away and more are looked for.
const ROUNDS: usize = 4;

fn decide_for(
    question: &Question<'_, '_>,
    space: &Space,
    caller: &Caller,
    budget: &mut Budget,
) -> Result<Answer, OutOfBudget> {
    // Policy variables are taken for whatever makes a request possible. Without a request even so, there
    // is none; else values are put in until one stands, or until all that are possible were tried.
    let mut tried = Tried::default();
    let mut open = Vec::new();
    for _ in 0..ROUNDS {
        let wide = attempt(question, space, caller, Bindings::new(), &tried, budget)?;
        if wide.open.is_empty() {
            return Ok(wide.answer);
        }
        open = wide.open;
        let Answer::Found(hint) = &wide.answer else {
            return Ok(wide.answer);
        };
        let round = Tried::new(&open, hint, space, caller);
        let (all, complete) = round.bindings();
        for bindings in all {
            let attempt = attempt(question, space, caller, bindings, &Tried::default(), budget)?;
            if let Answer::Found(_) = attempt.answer {
                return Ok(attempt.answer);
            }
        }
        if !complete || !tried.extend(round) {
            break;
        }
    }
    let variables: Vec<String> = open.iter().map(|key| format!("`${{{key}}}`")).collect();
    Ok(Answer::Undecided(format!(
        "the answer depends on the policy variable {}",
        variables.join(", ")
    )))
}

/// Values of policy variables, by key, of which every combination was tried; `None`: the key is absent.
#[derive(Debug, Default)]
struct Tried {
    values: BTreeMap<String, Vec<Option<String>>>,
}

impl Tried {
    /// Values worth trying: ordinary ones, and pieces of the request that would be possible if the variables
    /// had any value.
    fn new(open: &[String], hint: &Witness, space: &Space, caller: &Caller) -> Self {
        let values = open
            .iter()
            .map(|key| {
                let mut values: Vec<Option<String>> =
                    pieces(hint, key, space).into_iter().map(Some).collect();
                let slot = space.slot(caller, key);
                if !matches!(slot, Slot::Tape(Group::Caller, _) | Slot::Constant(_))
                    && !space.always_present(key)
                {
                    values.push(None);
                }
                (key.clone(), values)
            })
            .collect();
        Self { values }
    }

    /// Every combination, and whether that is all of them.
    fn bindings(&self) -> (Vec<Bindings>, bool) {
        let mut all = vec![Bindings::new()];
        let mut complete = true;
        for (key, values) in &self.values {
            complete &= all.len() * values.len() <= BINDINGS;
            all = all
                .iter()
                .flat_map(|bindings| {
                    values.iter().map(|value| {
                        let mut bindings = bindings.clone();
                        bindings.insert(key.clone(), value.clone());
                        bindings
                    })
                })
                .take(BINDINGS)
                .collect();
        }
        (all, complete)
    }

    /// Adds a round's values; false where the two rounds are not about one and the same variable, so that
    /// their combinations were not all tried.
    fn extend(&mut self, round: Self) -> bool {
        if self.values.is_empty() {
            *self = round;
            return true;
        }
        let (1, Some((key, more))) = (round.values.len(), round.values.into_iter().next()) else {
            return false;
        };
        match self.values.get_mut(&key) {
            Some(values) if !more.iter().all(|value| values.contains(value)) => {
                values.extend(more);
                true
            }
            _ => false,
        }
    }

    /// The clauses of "these values, all of them among those tried", not all of which may hold.
    fn clauses(&self, compiler: &mut Compiler<'_>) -> Option<Vec<Clause>> {
        let mut all = Vec::new();
        for (key, values) in &self.values {
            let texts = values.iter().flatten().map(String::as_str);
            let mut among = compiler.some(key, &Matcher::string_equals(texts), false);
            if values.contains(&None) {
                among = among.or(compiler.present(key).negated());
            }
            match among {
                Truth::Known(true) => {}
                Truth::Known(false) => return None,
                Truth::Open(clause) => all.push(clause),
            }
        }
        Some(all)
    }
}

struct Attempt {
    answer: Answer,
    /// Policy variables without a value so far.
    open: Vec<String>,
}

/// One search, with these values for policy variables.
fn attempt(
    question: &Question<'_, '_>,
    space: &Space,
    caller: &Caller,
    bindings: Bindings,
    tried: &Tried,
    budget: &mut Budget,
) -> Result<Attempt, OutOfBudget> {
    let mut compiler = Compiler::new(space, caller, bindings);
    let none = |compiler: &Compiler<'_>| Attempt {
        answer: Answer::None,
        open: compiler.open.clone(),
    };
    let mut all: Vec<Clause> = Vec::new();
    let mut choices: Vec<Vec<Vec<Clause>>> = Vec::new();
    let mut refused: Vec<Vec<Clause>> = Vec::new();
    for list in &question.each {
        let mut choice = Vec::new();
        for reference in list {
            if let Compiled::All(clauses) =
                compiler.statement(reference.statement, reference.document, question.action)
            {
                choice.push(clauses);
            }
        }
        if choice.is_empty() {
            return Ok(none(&compiler));
        }
        choices.push(choice);
    }
    for reference in &question.none_of {
        if let Compiled::All(clauses) =
            compiler.statement(reference.statement, reference.document, question.action)
        {
            if clauses.is_empty() {
                return Ok(none(&compiler));
            }
            refused.push(clauses);
        }
    }
    for truth in conditions_of_space(&mut compiler) {
        match truth {
            Truth::Known(true) => {}
            Truth::Known(false) => return Ok(none(&compiler)),
            Truth::Open(clause) => all.push(clause),
        }
    }
    if !tried.values.is_empty()
        && let Some(clauses) = tried.clauses(&mut compiler)
    {
        if clauses.is_empty() {
            return Ok(none(&compiler));
        }
        refused.push(clauses);
    }
    let theory = Theory { space, caller };
    let mut search = Search::new(&theory, &compiler.atoms);
    search.all(all);
    for choice in choices {
        search.any_of(choice);
    }
    for statement in refused {
        search.not_all(statement);
    }
    let answer = match search.run(budget)? {
        Searched::None => Answer::None,
        Searched::Unknown(key) => {
            Answer::Undecided(format!("the tests on `{key}` are not decided together"))
        }
        Searched::Found(model) => {
            let mut witness = witness(&compiler, &model, question.action);
            for key in &compiler.named {
                let name = key_name(key, &compiler.written);
                if !witness.context.contains_key(&name)
                    && let Some(value) = theory.ordinary(key, budget)?
                {
                    witness.context.insert(name, ContextValue::One(value));
                }
            }
            if !compiler.open.is_empty() || confirmed(question, space, &witness) {
                Answer::Found(shortened(question, space, witness))
            } else {
                Answer::Undecided(format!(
                    "a request by `{}` was found that a second look does not confirm; please report these policies",
                    witness.principal
                ))
            }
        }
    };
    Ok(Attempt {
        answer,
        open: compiler.open,
    })
}

/// What holds for every request of the space.
fn conditions_of_space(compiler: &mut Compiler<'_>) -> Vec<Truth> {
    let space = compiler.space;
    let mut all = vec![compiler.within(&space.within)];
    if matches!(compiler.caller, Caller::Role) {
        all.push(compiler.service_linked_role().negated());
    }
    if let Some(principal) = &space.principal {
        all.push(compiler.fixed_principal(principal));
    }
    for (key, matcher) in &space.excluded {
        all.push(compiler.some(key, matcher, false).negated());
        compiler
            .written
            .entry(key.clone())
            .or_insert_with(|| key.clone());
    }
    for (key, values) in &space.given {
        if compiler.written.contains_key(key) {
            all.push(compiler.some(
                key,
                &Matcher::string_equals(values.iter().map(String::as_str)),
                false,
            ));
        }
    }
    for (key, value) in compiler.bindings.clone() {
        all.push(match value {
            Some(value) => compiler.some(&key, &Matcher::string_equals([value.as_str()]), false),
            None => compiler.present(&key).negated(),
        });
    }
    all
}

/// Texts in a request that a key might have for value.
fn pieces(hint: &Witness, key: &str, space: &Space) -> Vec<String> {
    let mut values: Vec<String> = Vec::new();
    let mut add = |text: &str| {
        if !text.is_empty() && !values.iter().any(|value| value == text) {
            values.push(text.to_owned());
        }
    };
    let texts = hint.context.iter().flat_map(|(name, value)| {
        let texts = match value {
            ContextValue::One(text) => std::slice::from_ref(text),
            ContextValue::Many(texts) => texts.as_slice(),
        };
        texts
            .iter()
            .map(move |text| (name.eq_ignore_ascii_case(key), text))
    });
    let (own, others): (Vec<_>, Vec<_>) = texts.partition(|(own, _)| *own);
    for (_, text) in own.into_iter().chain(others) {
        add(text);
    }
    for text in [&hint.resource, &hint.principal] {
        for piece in text.split([':', '/']) {
            add(piece);
        }
        for piece in text.split([':', '/', '-', '_', '.']) {
            add(piece);
        }
    }
    if let space::Domain::Text { examples, .. } = space.domain(key) {
        for example in &examples {
            add(example);
        }
    }
    for name in space.names.users.iter().chain(&space.names.accounts) {
        add(name);
    }
    add("alice");
    values.truncate(48);
    values
}

/// The request as the report shows it.
fn witness(compiler: &Compiler<'_>, model: &Model, action: &str) -> Witness {
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
    for key in compiler.written.keys() {
        match compiler.space.slot(compiler.caller, key) {
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
    if compiler.asks_for_session() {
        context.extend(on(tape::USERID).map(|text| ("aws:userid".to_owned(), vec![text])));
    }
    for values in model.values() {
        for (key, texts) in &values.context {
            context.entry(key.clone()).or_insert_with(|| texts.clone());
        }
    }
    let principal = match compiler.caller {
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
                (key_name(&key, &compiler.written), value)
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
fn shortened(question: &Question<'_, '_>, space: &Space, mut witness: Witness) -> Witness {
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
fn confirmed(question: &Question<'_, '_>, space: &Space, witness: &Witness) -> bool {
    let request = Request::from(witness);
    let holds =
        |reference: &Reference<'_, '_>| matches(reference.statement, reference.document, &request);
    question.each.iter().all(|list| list.iter().any(holds))
        && !question.none_of.iter().any(holds)
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

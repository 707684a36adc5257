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
    const QUESTION: u64 = 30_000_000;

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

/// How many values are tried for the policy variables that the answer depends on.
const BINDINGS: usize = 256;

fn decide_for(
    question: &Question<'_, '_>,
    space: &Space,
    caller: &Caller,
    budget: &mut Budget,
) -> Result<Answer, OutOfBudget> {
    let first = attempt(question, space, caller, Bindings::new(), budget)?;
    if first.open.is_empty() {
        return Ok(first.answer);
    }
    // Policy variables were taken for whatever makes a request possible. Without a request even so,
    // there is none; else values are put in until one stands.
    let Answer::Found(hint) = &first.answer else {
        return Ok(first.answer);
    };
    for bindings in bindings(&first.open, hint, space, caller) {
        let attempt = attempt(question, space, caller, bindings, budget)?;
        if let Answer::Found(_) = attempt.answer {
            return Ok(attempt.answer);
        }
    }
    // Where all the values that a variable can have were tried, that settles it.
    if first
        .open
        .iter()
        .all(|key| space.given.iter().any(|(given, _)| given == key))
    {
        return Ok(Answer::None);
    }
    let variables: Vec<String> = first
        .open
        .iter()
        .map(|key| format!("`${{{key}}}`"))
        .collect();
    Ok(Answer::Undecided(format!(
        "the answer depends on the policy variable {}",
        variables.join(", ")
    )))
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
            let witness = witness(&compiler, &model, question.action);
            if !compiler.open.is_empty() || confirmed(question, space, &witness) {
                Answer::Found(witness)
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

/// Values to try for policy variables: ordinary ones, and pieces of the request that would be possible if the
/// variables had any value.
fn bindings(open: &[String], hint: &Witness, space: &Space, caller: &Caller) -> Vec<Bindings> {
    let mut all = vec![Bindings::new()];
    for key in open {
        let given = space
            .given
            .iter()
            .find(|(given, _)| given == key)
            .map(|(_, values)| values.clone());
        let complete = given.is_some();
        let values = given.unwrap_or_else(|| pieces(hint, key, space));
        let mut values: Vec<Option<String>> = values.into_iter().map(Some).collect();
        let optional = !complete
            && !matches!(
                space.slot(caller, key),
                Slot::Tape(Group::Caller, _) | Slot::Constant(_)
            )
            && !space.always_present(key);
        if optional {
            values.push(None);
        }
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
    all
}

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
    }
}

/// Condition keys whose value is a list.
const MULTIVALUED: [&str; 4] = [
    "aws:calledvia",
    "aws:principalorgpaths",
    "aws:resourceorgpaths",
    "aws:sourceorgpaths",
];

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

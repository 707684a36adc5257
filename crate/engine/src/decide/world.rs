//! What is known of the requests of one kind of caller: the atoms asked about, and the values found for them.
//! It is kept from question to question.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::formula::{Atom, Clause, Compiler, Literal, Test};
use super::mixing::Map;
use super::space::{Caller, Group, Space};
use super::theory::{Outcome, Theory, Values, Wanted};
use super::{Budget, OutOfBudget};

/// Everything that was asked of one kind of caller, and answered.
pub(super) struct World {
    pub(super) compiler: Compiler,
    groups: Map<Group, Known>,
    /// Literals that have no values together.
    nogoods: BTreeSet<Vec<Literal>>,
}

/// What is known of a group of keys.
#[derive(Default)]
struct Known {
    /// Values found, the latest last.
    pool: Vec<Entry>,
    /// What came of each set of literals that values were looked for.
    solved: Map<Vec<Literal>, Found>,
    /// The same, of the most ordinary values.
    ordinary: Map<Vec<Literal>, Found>,
}

/// Values, by their place in the pool's history, or none.
#[derive(Clone)]
enum Found {
    Values(Rc<Values>, Rc<BTreeSet<String>>),
    None,
    Unknown(String),
}

/// Values, and how they answer atoms as far as that was asked.
struct Entry {
    values: Rc<Values>,
    /// The keys that the values were found for. They say nothing of others where keys hang together.
    keys: Rc<BTreeSet<String>>,
    answers: Map<Literal, bool>,
}

/// What came of looking for values.
pub(super) enum Solved {
    Found(Values),
    /// These literals have none together.
    None(Vec<Literal>),
    /// Not known for these literals; why.
    Unknown(String, Vec<Literal>),
}

/// What came of looking, and the literals that it took.
enum Looked {
    Found(Values, Vec<Literal>),
    Not(Solved),
}

/// How many values found are kept for each group.
const POOL: usize = 48;

impl World {
    pub(super) fn new(space: Rc<Space>, caller: Caller) -> Self {
        Self {
            compiler: Compiler::new(space, caller),
            groups: Map::default(),
            nogoods: BTreeSet::new(),
        }
    }

    pub(super) fn theory(&self, hurried: bool) -> Theory<'_> {
        Theory {
            space: &self.compiler.space,
            caller: &self.compiler.caller,
            hurried,
        }
    }

    /// The group that an atom is about.
    pub(super) fn group(&self, atom: usize) -> Option<&Group> {
        self.compiler.atoms.get(atom).map(|atom| &atom.group)
    }

    /// Clauses learned before that speak of these atoms only.
    pub(super) fn nogoods_about(&self, atoms: &Map<usize, usize>) -> Vec<Clause> {
        self.nogoods
            .iter()
            .filter(|nogood| {
                nogood
                    .iter()
                    .all(|literal| atoms.contains_key(&literal.atom))
            })
            .map(|nogood| nogood.iter().map(|literal| literal.negated()).collect())
            .collect()
    }

    /// Whether some values of a group answer these literals.
    pub(super) fn feasible(
        &mut self,
        group: &Group,
        literals: &[Literal],
        budget: &mut Budget,
    ) -> Result<Solved, OutOfBudget> {
        if let Some(known) = self.groups.get_mut(group) {
            for entry in known.pool.iter_mut().rev() {
                if entry.answers_all(literals, &self.compiler.atoms, budget)? {
                    return Ok(Solved::Found(Values::default()));
                }
            }
        }
        Ok(
            match self.look(group, literals, Vec::new(), true, budget)? {
                Looked::Found(values, _) => Solved::Found(values),
                Looked::Not(solved) => solved,
            },
        )
    }

    /// The most ordinary values of a group that answer these literals.
    ///
    /// They are looked for with as few literals as will do: one by one those are added that the values found
    /// so far get wrong. What is the most ordinary under some of the literals and gets all right is so under
    /// all of them.
    pub(super) fn values(
        &mut self,
        group: &Group,
        literals: &[Literal],
        budget: &mut Budget,
    ) -> Result<Solved, OutOfBudget> {
        let asked = match self.look(group, literals, Vec::new(), true, budget)? {
            Looked::Found(_, asked) => asked,
            Looked::Not(solved) => return Ok(solved),
        };
        Ok(match self.look(group, literals, asked, false, budget)? {
            Looked::Found(values, _) => Solved::Found(values),
            Looked::Not(solved) => solved,
        })
    }

    /// Looks for values with these literals first.
    fn look(
        &mut self,
        group: &Group,
        literals: &[Literal],
        mut asked: Vec<Literal>,
        hurried: bool,
        budget: &mut Budget,
    ) -> Result<Looked, OutOfBudget> {
        loop {
            match self.solved(group, &asked, hurried, budget)? {
                Found::Values(values, keys) => {
                    let mut entry = Entry::new(values, keys);
                    let mut wrong: Option<Literal> = None;
                    for literal in literals {
                        // What is to hold says more than what is not.
                        if wrong.is_some_and(|wrong| wrong.positive || !literal.positive)
                            || asked.contains(literal)
                        {
                            continue;
                        }
                        if !entry.answers(*literal, &self.compiler.atoms, budget)? {
                            wrong = Some(*literal);
                        }
                    }
                    let Some(wrong) = wrong else {
                        return Ok(Looked::Found((*entry.values).clone(), asked));
                    };
                    let place = asked.binary_search(&wrong).unwrap_or_else(|place| place);
                    asked.insert(place, wrong);
                }
                Found::None => {
                    let core = self.core(group, asked, budget)?;
                    self.nogoods.insert(core.clone());
                    return Ok(Looked::Not(Solved::None(core)));
                }
                Found::Unknown(why) => return Ok(Looked::Not(Solved::Unknown(why, asked))),
            }
        }
    }

    /// Values for exactly these literals, which are sorted.
    fn solved(
        &mut self,
        group: &Group,
        literals: &[Literal],
        hurried: bool,
        budget: &mut Budget,
    ) -> Result<Found, OutOfBudget> {
        budget.spend(4 + literals.len() as u64)?;
        let known = self.groups.get(group).and_then(|known| {
            let ordinary = known.ordinary.get(literals);
            ordinary.or_else(|| known.solved.get(literals).filter(|_| hurried))
        });
        if let Some(found) = known {
            return Ok(found.clone());
        }
        let wanted: Vec<Wanted<'_>> = literals
            .iter()
            .filter_map(|literal| {
                Some((&**self.compiler.atoms.get(literal.atom)?, literal.positive))
            })
            .collect();
        let outcome = self.theory(hurried).solve(group, &wanted, budget)?;
        let found = match outcome {
            Outcome::Found(values) => {
                let keys = wanted
                    .iter()
                    .filter_map(|(atom, _)| match &atom.test {
                        Test::Present(key) | Test::Value { key, .. } => Some(key.clone()),
                        Test::Written(_) => None,
                    })
                    .collect();
                Found::Values(Rc::new(values), Rc::new(keys))
            }
            Outcome::None => Found::None,
            Outcome::Unknown(why) => Found::Unknown(why),
        };
        let known = self.groups.entry(group.clone()).or_default();
        if let Found::Values(values, keys) = &found {
            if known.pool.len() == POOL {
                known.pool.remove(0);
            }
            known
                .pool
                .push(Entry::new(Rc::clone(values), Rc::clone(keys)));
        }
        let into = if hurried {
            &mut known.solved
        } else {
            &mut known.ordinary
        };
        into.insert(literals.to_vec(), found.clone());
        Ok(found)
    }

    /// The fewest of these literals that still have no values together.
    fn core(
        &mut self,
        group: &Group,
        literals: Vec<Literal>,
        budget: &mut Budget,
    ) -> Result<Vec<Literal>, OutOfBudget> {
        let mut core = literals;
        let mut index = 0;
        while index < core.len() && core.len() > 1 {
            let mut fewer = core.clone();
            fewer.remove(index);
            let pooled = match self.groups.get_mut(group) {
                Some(known) => {
                    let mut pooled = false;
                    for entry in known.pool.iter_mut().rev() {
                        pooled = entry.answers_all(&fewer, &self.compiler.atoms, budget)?;
                        if pooled {
                            break;
                        }
                    }
                    pooled
                }
                None => false,
            };
            if !pooled && matches!(self.solved(group, &fewer, true, budget)?, Found::None) {
                core = fewer;
            } else {
                index += 1;
            }
        }
        Ok(core)
    }
}

impl Entry {
    fn new(values: Rc<Values>, keys: Rc<BTreeSet<String>>) -> Self {
        Self {
            values,
            keys,
            answers: Map::default(),
        }
    }

    fn answers_all(
        &mut self,
        literals: &[Literal],
        atoms: &[Rc<Atom>],
        budget: &mut Budget,
    ) -> Result<bool, OutOfBudget> {
        for literal in literals {
            if !self.answers(*literal, atoms, budget)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Whether the values can be those of a request in which the literal is as it says.
    fn answers(
        &mut self,
        literal: Literal,
        atoms: &[Rc<Atom>],
        budget: &mut Budget,
    ) -> Result<bool, OutOfBudget> {
        budget.spend(1)?;
        if let Some(known) = self.answers.get(&literal) {
            return Ok(*known);
        }
        budget.spend(32)?;
        let answer = atoms
            .get(literal.atom)
            .is_some_and(|atom| self.values.answer((atom, literal.positive), &self.keys));
        self.answers.insert(literal, answer);
        Ok(answer)
    }
}

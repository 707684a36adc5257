//! What is known of the requests of one kind of caller: the atoms asked about, and the values found for them.
//! It is kept from question to question.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;

use super::formula::{Atom, Clause, Compiler, Literal, Test};
use super::mixing::Map;
use super::rivals::Accepted;
use super::space::{Caller, Group, Space};
use super::theory::{Outcome, Theory, Values, Wanted};
use super::{Budget, OutOfBudget};

/// Everything that was asked of one kind of caller, and answered.
pub(super) struct World {
    pub(super) compiler: Compiler,
    groups: Map<Group, Known>,
    /// Literals that have no values together.
    nogoods: BTreeSet<Vec<Literal>>,
    /// By atom: what it accepts.
    accepted: Vec<Accepted>,
    rivals: Map<usize, Rivals>,
}

/// Atoms of its group that cannot hold where an atom does.
#[derive(Default)]
struct Rivals {
    atoms: Vec<usize>,
    /// How many atoms it was held against.
    seen: usize,
}

/// What is known of a group of keys.
#[derive(Default)]
struct Known {
    /// Values found, the latest last.
    pool: Vec<Rc<Entry>>,
    /// What came of each set of literals that values were looked for.
    solved: Map<Vec<Literal>, Found>,
    /// The same, of the most ordinary values.
    ordinary: Map<Vec<Literal>, Found>,
}

/// Values, or none.
#[derive(Clone)]
enum Found {
    Values(Rc<Entry>),
    None,
    Unknown(String),
}

/// Values, and how they answer atoms as far as that was asked.
struct Entry {
    values: Rc<Values>,
    /// The keys that the values were found for. They say nothing of others where keys hang together.
    keys: BTreeSet<String>,
    /// By literal's code.
    answers: RefCell<Vec<Option<bool>>>,
}

/// What came of looking for values.
pub(super) enum Solved {
    Found(Rc<Values>),
    /// These literals have none together.
    None(Vec<Literal>),
    /// Not known for these literals; why.
    Unknown(String, Vec<Literal>),
}

/// What came of looking, and the literals that it took.
enum Looked {
    Found(Rc<Values>, Vec<Literal>),
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
            accepted: Vec::new(),
            rivals: Map::default(),
        }
    }

    pub(super) fn theory(&self, hurried: bool) -> Theory<'_> {
        Theory {
            space: &self.compiler.space,
            caller: &self.compiler.caller,
            script: &self.compiler.script,
            hurried,
        }
    }

    /// The group that an atom is about.
    pub(super) fn group(&self, atom: usize) -> Option<&Group> {
        self.compiler.atoms.get(atom).map(|atom| &atom.group)
    }

    /// The atoms that cannot hold where this one does, as far as is quickly told.
    pub(super) fn rivals(
        &mut self,
        atom: usize,
        budget: &mut Budget,
    ) -> Result<&[usize], OutOfBudget> {
        let atoms = &self.compiler.atoms;
        let new = atoms.iter().skip(self.accepted.len());
        self.accepted.extend(new.map(|atom| Accepted::by(atom)));
        let rivals = self.rivals.entry(atom).or_default();
        if let (Some(own), Some(accepted)) = (atoms.get(atom), self.accepted.get(atom)) {
            let others = atoms.iter().zip(&self.accepted).enumerate();
            for (index, (other, theirs)) in others.skip(rivals.seen) {
                if other.group == own.group
                    && index != atom
                    && accepted.excludes(theirs, &self.compiler.space)
                {
                    rivals.atoms.push(index);
                }
            }
            budget.spend(8 * (atoms.len() - rivals.seen) as u64)?;
            rivals.seen = atoms.len();
        }
        Ok(&rivals.atoms)
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
        if let Some(values) = self.pooled(group, literals, budget)? {
            return Ok(Solved::Found(values));
        }
        // What is to hold decides most; what is not to seldom matters.
        let holding = literals.iter().filter(|literal| literal.positive);
        let asked = holding.copied().collect();
        Ok(self.look(group, literals, asked, true, budget)?.solved())
    }

    /// Values found before that answer these literals, the latest first.
    fn pooled(
        &self,
        group: &Group,
        literals: &[Literal],
        budget: &mut Budget,
    ) -> Result<Option<Rc<Values>>, OutOfBudget> {
        let known = self.groups.get(group);
        for entry in known.iter().flat_map(|known| known.pool.iter().rev()) {
            if entry.answers_all(literals, &self.compiler.atoms, budget)? {
                return Ok(Some(Rc::clone(&entry.values)));
            }
        }
        Ok(None)
    }

    /// Values of a group that answer these literals, with as few keys as may be.
    pub(super) fn any_values(
        &mut self,
        group: &Group,
        literals: &[Literal],
        budget: &mut Budget,
    ) -> Result<Solved, OutOfBudget> {
        let looked = self.look(group, literals, Vec::new(), true, budget)?;
        Ok(looked.solved())
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
        Ok(self.look(group, literals, asked, false, budget)?.solved())
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
                Found::Values(entry) => {
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
                        return Ok(Looked::Found(Rc::clone(&entry.values), asked));
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
                Found::Values(Rc::new(Entry {
                    values: Rc::new(values),
                    keys,
                    answers: RefCell::default(),
                }))
            }
            Outcome::None => Found::None,
            Outcome::Unknown(why) => Found::Unknown(why),
        };
        let known = self.groups.entry(group.clone()).or_default();
        if let Found::Values(entry) = &found {
            if known.pool.len() == POOL {
                known.pool.remove(0);
            }
            known.pool.push(Rc::clone(entry));
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
            let have_values = self.pooled(group, &fewer, budget)?.is_some();
            if !have_values && matches!(self.solved(group, &fewer, true, budget)?, Found::None) {
                core = fewer;
            } else {
                index += 1;
            }
        }
        Ok(core)
    }
}

impl Looked {
    fn solved(self) -> Solved {
        match self {
            Self::Found(values, _) => Solved::Found(values),
            Self::Not(solved) => solved,
        }
    }
}

impl Entry {
    fn answers_all(
        &self,
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
        &self,
        literal: Literal,
        atoms: &[Rc<Atom>],
        budget: &mut Budget,
    ) -> Result<bool, OutOfBudget> {
        budget.spend(1)?;
        if let Some(Some(known)) = self.answers.borrow().get(literal.code()) {
            return Ok(*known);
        }
        budget.spend(32)?;
        let answer = atoms
            .get(literal.atom)
            .is_some_and(|atom| self.values.answer((atom, literal.positive), &self.keys));
        let mut answers = self.answers.borrow_mut();
        if answers.len() <= literal.code() {
            answers.resize(literal.code() + 1, None);
        }
        if let Some(known) = answers.get_mut(literal.code()) {
            *known = Some(answer);
        }
        Ok(answer)
    }
}

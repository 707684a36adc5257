//! The search itself: which atoms hold, clause by clause, asking each group of keys whether it can be so.

use std::collections::{BTreeMap, HashMap};

use super::formula::{Clause, Literal};
use super::space::Group;
use super::theory::{Outcome, Theory, Values, Wanted};
use super::{Budget, OutOfBudget};
use crate::decide::formula::Atom;

/// Values for every group that the clauses ask about.
pub(super) type Model = BTreeMap<Group, Values>;

/// What the search came to.
pub(super) enum Searched {
    Found(Model),
    None,
    /// No request was found, and a key was met whose tests are not decided together.
    Unknown(String),
}

/// The clauses of a question. Besides the atoms they speak of helpers, which stand for several clauses at once.
pub(super) struct Search<'a, 's> {
    theory: &'a Theory<'s>,
    atoms: &'a [Atom],
    /// Atoms and helpers; a helper's index is past the last atom.
    variables: usize,
    clauses: Vec<Clause>,
    /// The groups that the atoms are about.
    groups: Vec<GroupState>,
    /// By atom: its group.
    group_of: Vec<usize>,
    memo: HashMap<Vec<Literal>, Outcome>,
    unknown: Option<String>,
}

/// A group of keys, and what is known of it.
struct GroupState {
    group: Group,
    atoms: Vec<usize>,
    /// The values found last: they often answer the next question too.
    recent: Vec<Values>,
}

/// How many values found are kept for each group.
const RECENT: usize = 6;

impl<'a, 's> Search<'a, 's> {
    pub(super) fn new(theory: &'a Theory<'s>, atoms: &'a [Atom]) -> Self {
        let mut groups: Vec<GroupState> = Vec::new();
        let mut group_of = Vec::with_capacity(atoms.len());
        for (atom, Atom { group, .. }) in atoms.iter().enumerate() {
            let known = groups.iter().position(|known| known.group == *group);
            let index = known.unwrap_or(groups.len());
            if known.is_none() {
                groups.push(GroupState {
                    group: group.clone(),
                    atoms: Vec::new(),
                    recent: Vec::new(),
                });
            }
            if let Some(state) = groups.get_mut(index) {
                state.atoms.push(atom);
            }
            group_of.push(index);
        }
        Self {
            theory,
            atoms,
            variables: atoms.len(),
            clauses: Vec::new(),
            groups,
            group_of,
            memo: HashMap::new(),
            unknown: None,
        }
    }

    /// Every one of these clauses must hold.
    pub(super) fn all(&mut self, clauses: impl IntoIterator<Item = Clause>) {
        self.clauses.extend(clauses);
    }

    /// All clauses of one of these statements must hold.
    pub(super) fn any_of(&mut self, statements: Vec<Vec<Clause>>) {
        if statements.iter().any(Vec::is_empty) {
            return;
        }
        if let [only] = statements.as_slice() {
            self.all(only.clone());
            return;
        }
        let mut choice = Vec::with_capacity(statements.len());
        for statement in statements {
            // A statement of one literal stands for itself.
            if let [clause] = statement.as_slice()
                && let [literal] = clause.as_slice()
            {
                choice.push(*literal);
                continue;
            }
            let chosen = self.helper();
            choice.push(chosen);
            for mut clause in statement {
                clause.push(Literal {
                    positive: false,
                    ..chosen
                });
                self.clauses.push(clause);
            }
        }
        self.clauses.push(choice);
    }

    /// Not all clauses of this statement may hold.
    pub(super) fn not_all(&mut self, statement: Vec<Clause>) {
        let mut broken = Vec::with_capacity(statement.len());
        for clause in statement {
            if let [literal] = clause.as_slice() {
                broken.push(Literal {
                    positive: !literal.positive,
                    ..*literal
                });
                continue;
            }
            let fails = self.helper();
            broken.push(fails);
            for literal in clause {
                self.clauses.push(vec![
                    Literal {
                        positive: false,
                        ..fails
                    },
                    Literal {
                        positive: !literal.positive,
                        ..literal
                    },
                ]);
            }
        }
        self.clauses.push(broken);
    }

    fn helper(&mut self) -> Literal {
        let atom = self.variables;
        self.variables += 1;
        Literal {
            atom,
            positive: true,
        }
    }

    /// Looks for a request, then for one with fewer context keys.
    pub(super) fn run(&mut self, budget: &mut Budget) -> Result<Searched, OutOfBudget> {
        let Some(mut model) = self.solve(budget)? else {
            return Ok(self
                .unknown
                .take()
                .map_or(Searched::None, Searched::Unknown));
        };
        let optional: Vec<Group> = model
            .iter()
            .filter(|(group, values)| **group != Group::Caller && !values.context.is_empty())
            .map(|(group, _)| group.clone())
            .collect();
        for group in optional {
            let without: Vec<Clause> = self
                .atoms
                .iter()
                .enumerate()
                .filter(|(_, atom)| atom.group == group)
                .map(|(atom, _)| {
                    vec![Literal {
                        atom,
                        positive: false,
                    }]
                })
                .collect();
            let kept = self.clauses.len();
            self.clauses.extend(without);
            match self.solve(budget)? {
                Some(fewer) if keys(&fewer) < keys(&model) => model = fewer,
                _ => self.clauses.truncate(kept),
            }
        }
        Ok(Searched::Found(model))
    }

    fn solve(&mut self, budget: &mut Budget) -> Result<Option<Model>, OutOfBudget> {
        let mut assignment: Vec<Option<bool>> = vec![None; self.variables];
        self.extend(&mut assignment, &[], budget)
    }

    /// Completes an assignment in which these atoms were set last, or says that it cannot be completed.
    fn extend(
        &mut self,
        assignment: &mut [Option<bool>],
        set_last: &[usize],
        budget: &mut Budget,
    ) -> Result<Option<Model>, OutOfBudget> {
        let mut trail = set_last.to_vec();
        let found = self.extend_from(assignment, &mut trail, budget);
        if !matches!(found, Ok(Some(_))) {
            for atom in trail.iter().skip(set_last.len()) {
                set(assignment, *atom, None);
            }
        }
        found
    }

    fn extend_from(
        &mut self,
        assignment: &mut [Option<bool>],
        trail: &mut Vec<usize>,
        budget: &mut Budget,
    ) -> Result<Option<Model>, OutOfBudget> {
        if !self.propagate(assignment, trail, budget)?
            || !self.feasible(assignment, trail, budget)?
        {
            return Ok(None);
        }
        budget.spend(self.clauses.len() as u64)?;
        let Some(open) = self.next_clause(assignment) else {
            return self.model(assignment, budget);
        };
        let mut set_last = Vec::new();
        for literal in open {
            set(assignment, literal.atom, Some(literal.positive));
            set_last.push(literal.atom);
            if let Some(model) = self.extend(assignment, &set_last, budget)? {
                return Ok(Some(model));
            }
            // Whoever tries the next literal may take this one for false.
            set(assignment, literal.atom, Some(!literal.positive));
        }
        for atom in set_last {
            set(assignment, atom, None);
        }
        Ok(None)
    }

    /// Sets what follows from the clauses; false where one of them cannot hold any more.
    fn propagate(
        &self,
        assignment: &mut [Option<bool>],
        trail: &mut Vec<usize>,
        budget: &mut Budget,
    ) -> Result<bool, OutOfBudget> {
        loop {
            let mut changed = false;
            for clause in &self.clauses {
                budget.spend(clause.len() as u64)?;
                let mut open = None;
                let mut count = 0;
                let mut holds = false;
                for literal in clause {
                    match assignment.get(literal.atom).copied().flatten() {
                        Some(value) if value == literal.positive => {
                            holds = true;
                            break;
                        }
                        Some(_) => {}
                        None => {
                            open = Some(*literal);
                            count += 1;
                        }
                    }
                }
                if holds || count > 1 {
                    continue;
                }
                let Some(literal) = open else {
                    return Ok(false);
                };
                set(assignment, literal.atom, Some(literal.positive));
                trail.push(literal.atom);
                changed = true;
            }
            if !changed {
                return Ok(true);
            }
        }
    }

    /// The open clause with the fewest literals, the cheapest literals first.
    fn next_clause(&self, assignment: &[Option<bool>]) -> Option<Vec<Literal>> {
        let value = |literal: &Literal| assignment.get(literal.atom).copied().flatten();
        let mut open: Vec<Literal> = self
            .clauses
            .iter()
            .filter(|clause| {
                !clause
                    .iter()
                    .any(|literal| value(literal) == Some(literal.positive))
            })
            .map(|clause| {
                clause
                    .iter()
                    .filter(|literal| value(literal).is_none())
                    .copied()
                    .collect::<Vec<_>>()
            })
            .min_by_key(Vec::len)?;
        open.sort_by_key(|literal| self.cost(literal));
        Some(open)
    }

    /// What a literal costs a witness: a key that can be left out nothing, one that must be there most.
    fn cost(&self, literal: &Literal) -> u32 {
        match self.atoms.get(literal.atom) {
            None => 1,
            Some(Atom {
                group: Group::Caller,
                ..
            }) => 2,
            Some(_) if literal.positive => 3,
            Some(_) => 0,
        }
    }

    /// What is set about a group.
    fn literals(&self, group: usize, assignment: &[Option<bool>]) -> Vec<Literal> {
        let atoms = self
            .groups
            .get(group)
            .map(|state| state.atoms.as_slice())
            .unwrap_or_default();
        atoms
            .iter()
            .filter_map(|atom| {
                let positive = assignment.get(*atom).copied().flatten()?;
                Some(Literal {
                    atom: *atom,
                    positive,
                })
            })
            .collect()
    }

    /// Whether every group that these atoms are about has values for what is set.
    fn feasible(
        &mut self,
        assignment: &[Option<bool>],
        touched: &[usize],
        budget: &mut Budget,
    ) -> Result<bool, OutOfBudget> {
        let mut groups: Vec<usize> = touched
            .iter()
            .filter_map(|atom| self.group_of.get(*atom).copied())
            .collect();
        groups.sort_unstable();
        groups.dedup();
        for group in groups {
            let literals = self.literals(group, assignment);
            budget.spend(4 * literals.len() as u64)?;
            match self.values(group, &literals, budget)? {
                Outcome::Found(_) => {}
                Outcome::None => return Ok(false),
                Outcome::Unknown(key) => {
                    self.unknown = Some(key);
                    return Ok(false);
                }
            }
        }
        Ok(true)
    }

    /// The values themselves, each group's the most ordinary.
    fn model(
        &mut self,
        assignment: &[Option<bool>],
        budget: &mut Budget,
    ) -> Result<Option<Model>, OutOfBudget> {
        let mut model = Model::new();
        if !self.groups.iter().any(|state| state.group == Group::Caller)
            && let Outcome::Found(values) = self.theory.solve(&Group::Caller, &[], budget)?
        {
            model.insert(Group::Caller, values);
        }
        for index in 0..self.groups.len() {
            let literals = self.literals(index, assignment);
            let Some(group) = self.groups.get(index).map(|state| state.group.clone()) else {
                continue;
            };
            if literals.is_empty() && group != Group::Caller {
                continue;
            }
            let wanted = self.wanted(&literals);
            match self.theory.solve(&group, &wanted, budget)? {
                Outcome::Found(values) => model.insert(group, values),
                Outcome::None => return Ok(None),
                Outcome::Unknown(key) => {
                    self.unknown = Some(key);
                    return Ok(None);
                }
            };
        }
        Ok(Some(model))
    }

    /// Values for a group, not always the most ordinary.
    fn values(
        &mut self,
        group: usize,
        literals: &[Literal],
        budget: &mut Budget,
    ) -> Result<Outcome, OutOfBudget> {
        if let Some(known) = self.memo.get(literals) {
            return Ok(known.clone());
        }
        let wanted = self.wanted(literals);
        let Some(state) = self.groups.get_mut(group) else {
            return Ok(Outcome::Found(Values::default()));
        };
        for values in state.recent.iter().rev() {
            budget.spend(32 * wanted.len() as u64)?;
            if self.theory.answers(&state.group, &wanted, values) {
                return Ok(Outcome::Found(values.clone()));
            }
        }
        let name = state.group.clone();
        // What is to hold clashes more often than what is not, and is sooner seen alone.
        let positive: Vec<Literal> = literals
            .iter()
            .filter(|literal| literal.positive)
            .copied()
            .collect();
        if positive.len() > 1
            && positive.len() < literals.len()
            && matches!(self.values(group, &positive, budget)?, Outcome::None)
        {
            self.memo.insert(literals.to_vec(), Outcome::None);
            return Ok(Outcome::None);
        }
        let outcome = self.theory.solve(&name, &wanted, budget)?;
        let Some(state) = self.groups.get_mut(group) else {
            return Ok(outcome);
        };
        if let Outcome::Found(values) = &outcome {
            if state.recent.len() == RECENT {
                state.recent.remove(0);
            }
            state.recent.push(values.clone());
        }
        if matches!(outcome, Outcome::None) {
            let core = self.core(&name, literals, budget)?;
            self.clauses.push(
                core.iter()
                    .map(|literal| Literal {
                        positive: !literal.positive,
                        ..*literal
                    })
                    .collect(),
            );
        }
        self.memo.insert(literals.to_vec(), outcome.clone());
        Ok(outcome)
    }

    fn wanted(&self, literals: &[Literal]) -> Vec<Wanted<'a>> {
        literals
            .iter()
            .filter_map(|literal| Some((self.atoms.get(literal.atom)?, literal.positive)))
            .collect()
    }

    /// The fewest of these literals that still have no values together: learned, so that no other branch
    /// tries them again.
    fn core(
        &mut self,
        group: &Group,
        literals: &[Literal],
        budget: &mut Budget,
    ) -> Result<Vec<Literal>, OutOfBudget> {
        let mut core = literals.to_vec();
        let mut index = 0;
        while index < core.len() && core.len() > 1 {
            let mut fewer = core.clone();
            fewer.remove(index);
            let outcome = match self.memo.get(&fewer) {
                Some(known) => known.clone(),
                None => {
                    let wanted = self.wanted(&fewer);
                    self.theory.solve(group, &wanted, budget)?
                }
            };
            let still_none = matches!(outcome, Outcome::None);
            self.memo.insert(fewer.clone(), outcome);
            if still_none {
                core = fewer;
            } else {
                index += 1;
            }
        }
        Ok(core)
    }
}

fn keys(model: &Model) -> usize {
    model.values().map(|values| values.context.len()).sum()
}

fn set(assignment: &mut [Option<bool>], atom: usize, value: Option<bool>) {
    if let Some(slot) = assignment.get_mut(atom) {
        *slot = value;
    }
}

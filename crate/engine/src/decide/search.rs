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

/// A literal over atoms, or over the helpers that stand for a statement of several.
pub(super) struct Search<'a, 's> {
    theory: &'a Theory<'s>,
    atoms: &'a [Atom],
    /// Atoms and helpers; a helper's index is past the last atom.
    variables: usize,
    clauses: Vec<Clause>,
    memo: HashMap<Vec<Literal>, Outcome>,
    unknown: Option<String>,
}

impl<'a, 's> Search<'a, 's> {
    pub(super) fn new(theory: &'a Theory<'s>, atoms: &'a [Atom]) -> Self {
        Self {
            theory,
            atoms,
            variables: atoms.len(),
            clauses: Vec::new(),
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
        self.extend(&mut assignment, budget)
    }

    /// Completes an assignment, or says that it cannot be completed.
    fn extend(
        &mut self,
        assignment: &mut [Option<bool>],
        budget: &mut Budget,
    ) -> Result<Option<Model>, OutOfBudget> {
        let mut trail = Vec::new();
        let found = self.extend_from(assignment, &mut trail, budget);
        if !matches!(found, Ok(Some(_))) {
            for atom in trail {
                set(assignment, atom, None);
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
        if !self.propagate(assignment, trail, budget)? {
            return Ok(None);
        }
        if !self.feasible(assignment, budget)? {
            return Ok(None);
        }
        let Some(open) = self.next_clause(assignment) else {
            return self.model(assignment, budget);
        };
        let mut refused = Vec::new();
        for literal in open {
            set(assignment, literal.atom, Some(literal.positive));
            if let Some(model) = self.extend(assignment, budget)? {
                return Ok(Some(model));
            }
            // Whoever tries the next literal may take this one for false.
            set(assignment, literal.atom, Some(!literal.positive));
            refused.push(literal.atom);
        }
        for atom in refused {
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
                budget.spend(1)?;
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

    /// The literals that are set, group by group.
    fn by_group(&self, assignment: &[Option<bool>]) -> BTreeMap<Group, Vec<Literal>> {
        let mut groups: BTreeMap<Group, Vec<Literal>> = BTreeMap::new();
        for (atom, (of, value)) in self.atoms.iter().zip(assignment).enumerate() {
            if let Some(positive) = *value {
                groups
                    .entry(of.group.clone())
                    .or_default()
                    .push(Literal { atom, positive });
            }
        }
        groups
    }

    /// Whether every group has values for what is set.
    fn feasible(
        &mut self,
        assignment: &[Option<bool>],
        budget: &mut Budget,
    ) -> Result<bool, OutOfBudget> {
        for (group, literals) in self.by_group(assignment) {
            match self.values(&group, &literals, budget)? {
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

    fn model(
        &mut self,
        assignment: &[Option<bool>],
        budget: &mut Budget,
    ) -> Result<Option<Model>, OutOfBudget> {
        let mut groups = self.by_group(assignment);
        groups.entry(Group::Caller).or_default();
        let mut model = Model::new();
        for (group, literals) in groups {
            match self.values(&group, &literals, budget)? {
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

    fn values(
        &mut self,
        group: &Group,
        literals: &[Literal],
        budget: &mut Budget,
    ) -> Result<Outcome, OutOfBudget> {
        if let Some(known) = self.memo.get(literals).filter(|_| !literals.is_empty()) {
            return Ok(known.clone());
        }
        let wanted = self.wanted(literals);
        let outcome = self.theory.solve(group, &wanted, budget)?;
        if matches!(outcome, Outcome::None) {
            let core = self.core(group, literals, budget)?;
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

//! The search itself: which atoms hold, clause by clause, learning from every dead end.
//!
//! A clause that cannot hold any more, or a group of keys without values for what is set, is a conflict. From
//! it follows a new clause, which no later branch runs into again ("conflict-driven clause learning").

use std::collections::BTreeMap;
use std::rc::Rc;

use super::formula::{Clause, Literal};
use super::linked::Linked;
use super::mixing::{Map, Set};
use super::space::Group;
use super::theory::Values;
use super::world::{Solved, World};
use super::{Budget, OutOfBudget};

/// Values for every group that the clauses ask about.
pub(super) type Model = BTreeMap<Group, Rc<Values>>;

/// What the search came to.
pub(super) enum Searched {
    Found(Model),
    None,
    /// No request was found, and something was met that is not decided; what.
    Unknown(String),
}

/// What is set where every clause holds, and any values for it.
struct Solution {
    set: Vec<Literal>,
    model: Model,
}

/// A variable of the search: an atom, or a helper, which stands for several clauses at once.
type Variable = usize;

/// A variable that holds, or does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Signed {
    variable: Variable,
    positive: bool,
}

impl Signed {
    fn negated(self) -> Self {
        Self {
            positive: !self.positive,
            ..self
        }
    }

    fn code(self) -> usize {
        2 * self.variable + usize::from(self.positive)
    }
}

/// What is known of a variable in the course of the search.
#[derive(Debug, Clone, Copy, Default)]
struct Assigned {
    value: Option<bool>,
    /// How many decisions stood when it was set.
    level: usize,
    /// The clause that it follows from; none for a decision.
    reason: Option<usize>,
}

/// The clauses of a question.
pub(super) struct Search<'w> {
    world: &'w mut World,
    /// By variable: its atom, unless it is a helper.
    atoms: Vec<Option<usize>>,
    /// By variable: the place of its group in `groups`.
    group_of: Vec<Option<usize>>,
    groups: Vec<Group>,
    variables: Map<usize, Variable>,
    /// The helpers that say that a clause fails.
    failing: Map<Clause, Signed>,
    /// The question's clauses, and behind them those learned.
    clauses: Vec<Vec<Signed>>,
    /// How many clauses are the question's.
    own: usize,
    /// By signed variable: the clauses that it stands in.
    occurrences: Vec<Vec<usize>>,
    assigned: Vec<Assigned>,
    /// What is set, in order.
    trail: Vec<Signed>,
    /// How long the trail was before each decision.
    decisions: Vec<usize>,
    /// How much of the trail has been propagated, and looked at by the theory.
    propagated: usize,
    looked_at: usize,
    /// By variable: how often it took part in conflicts lately.
    activity: Vec<f64>,
    bump: f64,
    conflicts: usize,
    unknown: Option<String>,
    /// Variables whose rivals are among the clauses.
    told: Set<Variable>,
}

/// After this many conflicts what is cheap for the witness counts less than what led to conflicts.
const CALM: usize = 100;

impl<'w> Search<'w> {
    pub(super) fn new(world: &'w mut World) -> Self {
        Self {
            world,
            atoms: Vec::new(),
            group_of: Vec::new(),
            groups: Vec::new(),
            variables: Map::default(),
            failing: Map::default(),
            clauses: Vec::new(),
            own: 0,
            occurrences: Vec::new(),
            assigned: Vec::new(),
            trail: Vec::new(),
            decisions: Vec::new(),
            propagated: 0,
            looked_at: 0,
            activity: Vec::new(),
            bump: 1.0,
            conflicts: 0,
            unknown: None,
            told: Set::default(),
        }
    }

    fn variable(&mut self, atom: Option<usize>) -> Variable {
        if let Some(known) = atom.and_then(|atom| self.variables.get(&atom)) {
            return *known;
        }
        let variable = self.atoms.len();
        self.atoms.push(atom);
        let group = atom.and_then(|atom| self.world.group(atom)).map(|group| {
            let known = self.groups.iter().position(|known| known == group);
            known.unwrap_or_else(|| {
                self.groups.push(group.clone());
                self.groups.len() - 1
            })
        });
        self.group_of.push(group);
        self.assigned.push(Assigned::default());
        self.activity.push(0.0);
        self.occurrences.push(Vec::new());
        self.occurrences.push(Vec::new());
        if let Some(atom) = atom {
            self.variables.insert(atom, variable);
        }
        variable
    }

    fn signed(&mut self, literal: Literal) -> Signed {
        Signed {
            variable: self.variable(Some(literal.atom)),
            positive: literal.positive,
        }
    }

    fn helper(&mut self) -> Signed {
        Signed {
            variable: self.variable(None),
            positive: true,
        }
    }

    fn add(&mut self, clause: Vec<Signed>) -> usize {
        let index = self.clauses.len();
        for literal in &clause {
            if let Some(list) = self.occurrences.get_mut(literal.code()) {
                list.push(index);
            }
        }
        self.clauses.push(clause);
        index
    }

    /// Every one of these clauses must hold.
    pub(super) fn all(&mut self, clauses: impl IntoIterator<Item = Clause>) {
        for clause in clauses {
            let clause = clause
                .into_iter()
                .map(|literal| self.signed(literal))
                .collect();
            self.add(clause);
        }
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
                choice.push(self.signed(*literal));
                continue;
            }
            let chosen = self.helper();
            choice.push(chosen);
            for clause in statement {
                let mut clause: Vec<Signed> = clause
                    .into_iter()
                    .map(|literal| self.signed(literal))
                    .collect();
                clause.push(chosen.negated());
                self.add(clause);
            }
        }
        self.add(choice);
    }

    /// Not all clauses of this statement may hold.
    pub(super) fn not_all(&mut self, statement: Vec<Clause>) {
        let mut broken = Vec::with_capacity(statement.len());
        for clause in statement {
            if let [literal] = clause.as_slice() {
                broken.push(self.signed(*literal).negated());
                continue;
            }
            // One helper for each clause that fails, however many statements it stands in.
            if let Some(known) = self.failing.get(&clause) {
                broken.push(*known);
                continue;
            }
            let fails = self.helper();
            broken.push(fails);
            self.failing.insert(clause.clone(), fails);
            for literal in clause {
                let literal = self.signed(literal);
                self.add(vec![fails.negated(), literal.negated()]);
            }
        }
        self.add(broken);
    }

    /// Looks for a request, then for one with fewer context keys.
    pub(super) fn run(&mut self, budget: &mut Budget) -> Result<Searched, OutOfBudget> {
        self.own = self.clauses.len();
        for nogood in self.world.nogoods_about(&self.variables) {
            let clause = nogood
                .into_iter()
                .map(|literal| self.signed(literal))
                .collect();
            self.add(clause);
        }
        let Some(mut solution) = self.solve(&[], budget)? else {
            return Ok(self
                .unknown
                .take()
                .map_or(Searched::None, Searched::Unknown));
        };
        let optional: Vec<Group> = solution
            .model
            .iter()
            .filter(|(group, values)| **group != Group::Caller && !values.context.is_empty())
            .map(|(group, _)| group.clone())
            .collect();
        let mut without: Vec<Signed> = Vec::new();
        for group in optional {
            let kept = without.len();
            without.extend(self.about(&group).map(|variable| Signed {
                variable,
                positive: false,
            }));
            match self.solve(&without, budget)? {
                Some(fewer) if keys(&fewer.model) < keys(&solution.model) => solution = fewer,
                _ => without.truncate(kept),
            }
        }
        self.ordinary(solution, budget).map(Searched::Found)
    }

    /// A solution with the most ordinary values.
    fn ordinary(&mut self, solution: Solution, budget: &mut Budget) -> Result<Model, OutOfBudget> {
        let mut model = Model::new();
        for (group, any) in solution.model {
            let literals = self.world.literals_of(&group, &solution.set);
            let values = match self.world.values(&group, &literals, budget)? {
                Solved::Found(values) => values,
                Solved::None(_) | Solved::Unknown(..) => any,
            };
            model.insert(group, values);
        }
        Ok(model)
    }

    /// The variables about a group.
    fn about(&self, group: &Group) -> impl Iterator<Item = Variable> {
        let group = self.groups.iter().position(|known| known == group);
        self.group_of
            .iter()
            .enumerate()
            .filter(move |(_, of)| of.is_some() && **of == group)
            .map(|(variable, _)| variable)
    }

    /// Values that make every clause hold, under these assumptions.
    fn solve(
        &mut self,
        assumptions: &[Signed],
        budget: &mut Budget,
    ) -> Result<Option<Solution>, OutOfBudget> {
        self.undo(0);
        self.propagated = 0;
        self.looked_at = 0;
        // Clauses of one literal have no other occasion to be propagated.
        for index in 0..self.clauses.len() {
            match self.clauses.get(index).map(Vec::as_slice) {
                Some([]) => return Ok(None),
                Some([only]) => {
                    let only = *only;
                    match self.value(only) {
                        Some(false) => return Ok(None),
                        Some(true) => {}
                        None => self.set(only, Some(index)),
                    }
                }
                _ => {}
            }
        }
        loop {
            if let Some(conflict) = self.conflict(budget)? {
                self.conflicts += 1;
                if !self.learn(conflict, budget)? {
                    return Ok(None);
                }
                continue;
            }
            if let Some(assumption) = assumptions.get(self.decisions.len()) {
                match self.value(*assumption) {
                    Some(false) => return Ok(None),
                    Some(true) => self.decisions.push(self.trail.len()),
                    None => {
                        self.decisions.push(self.trail.len());
                        self.set(*assumption, None);
                    }
                }
                continue;
            }
            let Some(literal) = self.next_decision(budget)? else {
                match self.model(budget)? {
                    Ok(solution) => return Ok(Some(solution)),
                    Err(core) => {
                        let clause = self.denied(&core);
                        let index = self.add(clause);
                        self.conflicts += 1;
                        if !self.learn(index, budget)? {
                            return Ok(None);
                        }
                        continue;
                    }
                }
            };
            self.decisions.push(self.trail.len());
            self.set(literal, None);
        }
    }

    fn value(&self, literal: Signed) -> Option<bool> {
        self.assigned
            .get(literal.variable)?
            .value
            .map(|value| value == literal.positive)
    }

    fn level(&self, literal: Signed) -> usize {
        self.assigned
            .get(literal.variable)
            .map_or(0, |assigned| assigned.level)
    }

    fn set(&mut self, literal: Signed, reason: Option<usize>) {
        let level = self.decisions.len();
        if let Some(assigned) = self.assigned.get_mut(literal.variable) {
            *assigned = Assigned {
                value: Some(literal.positive),
                level,
                reason,
            };
            self.trail.push(literal);
        }
    }

    /// Takes back every decision but the first `level`.
    fn undo(&mut self, level: usize) {
        let length = match self.decisions.get(level) {
            Some(length) => *length,
            None if level == 0 => 0,
            None => return,
        };
        self.decisions.truncate(level);
        for literal in self.trail.drain(length..) {
            if let Some(assigned) = self.assigned.get_mut(literal.variable) {
                *assigned = Assigned::default();
            }
        }
        self.propagated = self.propagated.min(length);
        self.looked_at = self.looked_at.min(length);
    }

    /// Sets what follows; the clause that cannot hold any more, if any.
    fn conflict(&mut self, budget: &mut Budget) -> Result<Option<usize>, OutOfBudget> {
        loop {
            while let Some(literal) = self.trail.get(self.propagated).copied() {
                self.propagated += 1;
                let against = literal.negated().code();
                let count = self.occurrences.get(against).map_or(0, Vec::len);
                for at in 0..count {
                    let Some(index) = self
                        .occurrences
                        .get(against)
                        .and_then(|list| list.get(at))
                        .copied()
                    else {
                        continue;
                    };
                    match self.forced(index, budget)? {
                        Forced::Nothing => {}
                        Forced::Literal(literal) => self.set(literal, Some(index)),
                        Forced::Conflict => return Ok(Some(index)),
                    }
                }
            }
            if self.looked_at == self.trail.len() {
                return Ok(None);
            }
            if let Some(conflict) = self.tell_rivals(budget)? {
                return Ok(Some(conflict));
            }
            if self.propagated < self.trail.len() {
                continue;
            }
            if let Some(core) = self.infeasible(budget)? {
                let clause = self.denied(&core);
                return Ok(Some(self.add(clause)));
            }
        }
    }

    /// Of the atoms that were set to hold since the theory last looked: what cannot hold beside them is set, and
    /// written down as clauses. The first of these that is broken, if any.
    fn tell_rivals(&mut self, budget: &mut Budget) -> Result<Option<usize>, OutOfBudget> {
        let mut conflict = None;
        let mut place = self.looked_at;
        while let Some(literal) = self.trail.get(place).copied() {
            place += 1;
            let Some(atom) = self.atoms.get(literal.variable).copied().flatten() else {
                continue;
            };
            if !literal.positive || !self.told.insert(literal.variable) {
                continue;
            }
            let rivals = self.world.rivals(atom, budget)?;
            let variables: Vec<Variable> = rivals
                .iter()
                .filter_map(|rival| self.variables.get(rival).copied())
                .filter(|rival| !self.told.contains(rival))
                .collect();
            for variable in variables {
                let rival = Signed {
                    variable,
                    positive: false,
                };
                let index = self.add(vec![literal.negated(), rival]);
                match self.value(rival) {
                    Some(true) => {}
                    Some(false) => conflict = conflict.or(Some(index)),
                    None => self.set(rival, Some(index)),
                }
            }
        }
        Ok(conflict)
    }

    /// What a clause says under what is set.
    fn forced(&self, index: usize, budget: &mut Budget) -> Result<Forced, OutOfBudget> {
        let clause = self
            .clauses
            .get(index)
            .map(Vec::as_slice)
            .unwrap_or_default();
        budget.spend(clause.len() as u64)?;
        let mut open = None;
        for literal in clause {
            match self.value(*literal) {
                Some(true) => return Ok(Forced::Nothing),
                Some(false) => {}
                None if open.is_some() => return Ok(Forced::Nothing),
                None => open = Some(*literal),
            }
        }
        Ok(open.map_or(Forced::Conflict, Forced::Literal))
    }

    /// The clause that says that these do not hold together.
    fn denied(&mut self, core: &[Literal]) -> Vec<Signed> {
        core.iter()
            .map(|literal| self.signed(*literal).negated())
            .collect()
    }

    /// Learns from a clause that is broken, and goes back to where that changes something; false where it is
    /// broken whatever is decided.
    fn learn(&mut self, conflict: usize, budget: &mut Budget) -> Result<bool, OutOfBudget> {
        let mut seen = vec![false; self.atoms.len()];
        let clause = self.clauses.get(conflict);
        let levels = clause
            .into_iter()
            .flatten()
            .map(|literal| self.level(*literal));
        let top = levels.max().unwrap_or(0);
        if top == 0 {
            return Ok(false);
        }
        self.undo(top);
        let mut learned: Vec<Signed> = Vec::new();
        let mut open = 0;
        let mut reason = conflict;
        let mut at = self.trail.len();
        // Back along the trail, until one literal of the last decision is left that all follows from.
        let pivot = loop {
            let clause = self
                .clauses
                .get(reason)
                .map(Vec::as_slice)
                .unwrap_or_default();
            budget.spend(4 * clause.len() as u64)?;
            for literal in clause {
                match seen.get_mut(literal.variable) {
                    Some(seen) if !*seen => *seen = true,
                    _ => continue,
                }
                if let Some(activity) = self.activity.get_mut(literal.variable) {
                    *activity += self.bump;
                }
                match self.level(*literal) {
                    0 => {}
                    level if level == top => open += 1,
                    _ => learned.push(*literal),
                }
            }
            let next = loop {
                at = match at.checked_sub(1) {
                    Some(at) => at,
                    None => return Ok(false),
                };
                let Some(literal) = self.trail.get(at).copied() else {
                    return Ok(false);
                };
                if self.level(literal) == top
                    && seen.get(literal.variable).copied().unwrap_or(false)
                {
                    break literal;
                }
            };
            open -= 1;
            let why = self
                .assigned
                .get(next.variable)
                .and_then(|assigned| assigned.reason);
            match why {
                Some(index) if open > 0 => {
                    reason = index;
                }
                _ => break next,
            }
        };
        self.bump *= 1.05;
        if self.bump > 1e100 {
            self.bump = 1.0;
            self.activity
                .iter_mut()
                .for_each(|activity| *activity *= 1e-100);
        }
        let back = learned
            .iter()
            .map(|literal| self.level(*literal))
            .max()
            .unwrap_or(0);
        self.undo(back);
        learned.push(pivot.negated());
        let index = self.add(learned);
        self.set(pivot.negated(), Some(index));
        Ok(true)
    }

    /// A literal of the open clause with the fewest, the cheapest first; none where every clause holds.
    fn next_decision(&self, budget: &mut Budget) -> Result<Option<Signed>, OutOfBudget> {
        budget.spend(self.own as u64)?;
        let mut best: Option<(usize, f64, usize)> = None;
        let calm = self.conflicts < CALM;
        for (index, clause) in self.clauses.iter().take(self.own).enumerate() {
            let mut open = 0;
            let mut activity = 0.0_f64;
            let mut holds = false;
            for literal in clause {
                match self.value(*literal) {
                    Some(true) => {
                        holds = true;
                        break;
                    }
                    Some(false) => {}
                    None => {
                        open += 1;
                        activity = activity.max(self.activity_of(*literal));
                    }
                }
            }
            if holds {
                continue;
            }
            let better = match best {
                None => true,
                Some((fewest, _, _)) if calm => open < fewest,
                Some((fewest, most, _)) => activity > most || (activity == most && open < fewest),
            };
            if better {
                best = Some((open, activity, index));
            }
        }
        let Some(clause) = best.and_then(|(_, _, index)| self.clauses.get(index)) else {
            return Ok(None);
        };
        let open = clause
            .iter()
            .filter(|literal| self.value(**literal).is_none());
        Ok(if calm {
            // The cheapest for each clause that it settles.
            open.min_by_key(|literal| {
                let settles = self.settles(**literal).max(1);
                (256 * self.cost(**literal) as usize).div_ceil(settles)
            })
            .copied()
        } else {
            open.min_by(|a, b| {
                self.activity_of(**b)
                    .total_cmp(&self.activity_of(**a))
                    .then(self.cost(**a).cmp(&self.cost(**b)))
            })
            .copied()
        })
    }

    /// How many of the question's open clauses a literal settles.
    fn settles(&self, literal: Signed) -> usize {
        let clauses = self.occurrences.get(literal.code());
        clauses
            .into_iter()
            .flatten()
            .filter(|index| **index < self.own)
            .filter_map(|index| self.clauses.get(*index))
            .filter(|clause| !clause.iter().any(|one| self.value(*one) == Some(true)))
            .count()
    }

    fn activity_of(&self, literal: Signed) -> f64 {
        self.activity.get(literal.variable).copied().unwrap_or(0.0)
    }

    /// What a literal costs a witness: a key that can be left out nothing, one that must be there most.
    fn cost(&self, literal: Signed) -> u32 {
        let group = self.group_of.get(literal.variable).copied().flatten();
        match group.and_then(|group| self.groups.get(group)) {
            None => 1,
            Some(Group::Caller) => 2,
            Some(_) if literal.positive => 3,
            Some(_) => 0,
        }
    }

    /// What is set about atoms.
    fn set_literals(&self) -> Vec<Literal> {
        self.trail
            .iter()
            .filter_map(|literal| {
                Some(Literal {
                    atom: self.atoms.get(literal.variable).copied().flatten()?,
                    positive: literal.positive,
                })
            })
            .collect()
    }

    /// The groups of what was set past this place of the trail, in order, by their places.
    fn groups_from(&self, place: usize) -> Vec<usize> {
        let mut groups: Vec<usize> = self
            .trail
            .iter()
            .skip(place)
            .filter_map(|literal| self.group_of.get(literal.variable).copied().flatten())
            .collect();
        groups.sort_unstable_by_key(|group| self.groups.get(*group));
        groups.dedup();
        groups
    }

    /// What is set about one group, sorted.
    fn set_about(&self, group: usize) -> Vec<Literal> {
        let mut own: Vec<Literal> = self
            .trail
            .iter()
            .filter(|literal| self.group_of.get(literal.variable) == Some(&Some(group)))
            .filter_map(|literal| {
                Some(Literal {
                    atom: self.atoms.get(literal.variable).copied().flatten()?,
                    positive: literal.positive,
                })
            })
            .collect();
        own.sort_unstable();
        own
    }

    /// Literals that are set and that no values of their group answer together.
    fn infeasible(&mut self, budget: &mut Budget) -> Result<Option<Vec<Literal>>, OutOfBudget> {
        let groups = self.groups_from(self.looked_at);
        self.looked_at = self.trail.len();
        for group in groups {
            let literals = self.set_about(group);
            let Some(group) = self.groups.get(group) else {
                continue;
            };
            match self.world.feasible(group, &literals, budget)? {
                Solved::Found(_) => {}
                Solved::None(core) => return Ok(Some(core)),
                Solved::Unknown(key, core) => {
                    self.unknown = Some(key);
                    return Ok(Some(core));
                }
            }
        }
        Ok(None)
    }

    /// Values for what is set; or literals that have none together.
    fn model(
        &mut self,
        budget: &mut Budget,
    ) -> Result<Result<Solution, Vec<Literal>>, OutOfBudget> {
        let mut groups: Vec<Group> = self
            .groups_from(0)
            .into_iter()
            .filter_map(|group| self.groups.get(group).cloned())
            .collect();
        if !groups.contains(&Group::Caller) {
            groups.push(Group::Caller);
        }
        let set = match self.world.linked(&self.set_literals(), budget)? {
            Linked::Found(literals) => literals,
            Linked::None(core) => return Ok(Err(core)),
            Linked::Unknown(why, core) => {
                self.unknown = Some(why);
                return Ok(Err(core));
            }
        };
        groups.extend(
            set.iter()
                .filter_map(|literal| self.world.group(literal.atom).cloned()),
        );
        groups.sort_unstable();
        groups.dedup();
        let mut model = Model::new();
        for group in groups {
            let literals = self.world.literals_of(&group, &set);
            match self.world.any_values(&group, &literals, budget)? {
                Solved::Found(values) => {
                    model.insert(group, values);
                }
                Solved::None(core) => return Ok(Err(core)),
                Solved::Unknown(key, core) => {
                    self.unknown = Some(key);
                    return Ok(Err(core));
                }
            }
        }
        Ok(Ok(Solution { set, model }))
    }
}

/// What a clause says.
enum Forced {
    Nothing,
    Literal(Signed),
    Conflict,
}

fn keys(model: &Model) -> usize {
    model.values().map(|values| values.context.len()).sum()
}

#[cfg(test)]
mod tests;

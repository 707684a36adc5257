//! Policy variables: tests of one key against the value of another.
//!
//! The search takes such a test to hold, or not, whatever the two values are, as long as each key for itself
//! has one. Here the values are put together. A variable gets a value, and with it every test that speaks of
//! it is an ordinary one; then the next variable. Values are tried in this order: the most ordinary one that
//! the variable's own tests allow, then the pieces of the compared text that stand in its place, then
//! others, each different from all before. Where the key has no value left that was not tried, there is none.
//!
//! This ends soon. A test that is to fail (`team` is not `${unit}`) excludes, for a given text, only pieces of
//! that text; so of a few values of the variable one fits, or it has no more than those. A test that is to
//! hold is passed on in both directions before values are tried (`passing`): what is asked of the key is asked of the
//! variable in it, and the other way round. Where a key would have to be longer than itself, or to hold more of a
//! character, there is none (`measures`). What is left are tests that hold each key in an endless set of texts,
//! none of which fit together: after `MANY` values the answer is that it is not known.

mod around;
mod measures;
mod passing;

use self::around::Around;
pub(super) use self::passing::Place;
use super::formula::{Literal, Test, Truth};
use super::space::{Group, Slot};
use super::world::{Solved, World};
use super::{Budget, OutOfBudget};
use crate::matcher::{Matcher, ValueTest};
use crate::pattern::Known;
use crate::policy::value::parse_number;

/// How often other values of one variable are looked for, and how many values of all variables are tried: few at
/// first, for most have one soon, or none soon if another variable comes first.
const FEW: (usize, usize) = (3, 16);
const MANY: (usize, usize) = (64, 600);

/// What came of it.
pub(super) enum Linked {
    /// These literals, none of which speaks of a variable, hold together, and with them those that were given.
    Found(Vec<Literal>),
    /// These literals do not hold together.
    None(Vec<Literal>),
    /// Not known for these literals; why.
    Unknown(String, Vec<Literal>),
}

/// How the tries go.
struct Tries {
    rounds: usize,
    left: usize,
    /// Why some values were not tried.
    gave_up: Option<String>,
}

impl Tries {
    fn new((rounds, left): (usize, usize)) -> Self {
        Self {
            rounds,
            left,
            gave_up: None,
        }
    }
}

impl World {
    /// Values for the policy variables that these literals speak of.
    pub(super) fn linked(
        &mut self,
        literals: &[Literal],
        budget: &mut Budget,
    ) -> Result<Linked, OutOfBudget> {
        let variables = self.variables_of(literals);
        if variables.is_empty() {
            return Ok(Linked::Found(literals.to_vec()));
        }
        // Where one variable has too many values, another may have few.
        let mut why = None;
        let each = |bound| variables.iter().map(move |variable| (bound, variable));
        for (bound, variable) in each(FEW).chain(each(MANY)) {
            let mut tries = Tries::new(bound);
            let first = Some(variable.clone());
            if let Some(found) = self.put_in(literals.to_vec(), first, &mut tries, budget)? {
                return Ok(Linked::Found(found));
            }
            why = tries.gave_up;
            if why.is_none() {
                break;
            }
        }
        if let Some(why) = why {
            return Ok(Linked::Unknown(why, literals.to_vec()));
        }
        // The fewest that still do not hold together.
        let mut core = literals.to_vec();
        let mut index = 0;
        while index < core.len() {
            let mut fewer = core.clone();
            fewer.remove(index);
            let mut tries = Tries::new(FEW);
            let holds = self
                .put_in(fewer.clone(), None, &mut tries, budget)?
                .is_some();
            if holds || tries.gave_up.is_some() {
                index += 1;
            } else {
                core = fewer;
            }
        }
        Ok(Linked::None(core))
    }

    /// The policy variables that these literals speak of: first those that a key is to equal, as all that is asked of
    /// the key then tells of their values, and last those that nothing is to match.
    fn variables_of(&self, literals: &[Literal]) -> Vec<String> {
        let mut ranked: Vec<(u8, &str)> = Vec::new();
        for literal in literals {
            let Some(test) = self.open(*literal).first() else {
                continue;
            };
            for variable in test.variables() {
                let rank = match self.link_of(*literal) {
                    Some(_) if !literal.positive => 2,
                    Some(test) if equals(test, variable) => 0,
                    _ => 1,
                };
                match ranked.iter_mut().find(|(_, known)| *known == variable) {
                    Some((known, _)) => *known = rank.min(*known),
                    None => ranked.push((rank, variable)),
                }
            }
        }
        ranked.sort_by_key(|(rank, _)| *rank);
        ranked
            .into_iter()
            .map(|(_, variable)| variable.to_owned())
            .collect()
    }

    /// The tests of a literal that have policy variables.
    fn open(&self, literal: Literal) -> &[ValueTest] {
        match self.compiler.atoms.get(literal.atom).map(|atom| &atom.test) {
            Some(Test::Value { open, .. }) => open,
            Some(Test::Written(written)) => &written.open,
            _ => &[],
        }
    }

    /// The one test of a literal that says what a value is by a policy variable, not what it is not.
    fn link_of(&self, literal: Literal) -> Option<&ValueTest> {
        let outside = match self.compiler.atoms.get(literal.atom).map(|atom| &atom.test) {
            Some(Test::Value { outside, .. }) => *outside,
            _ => false,
        };
        match self.open(literal) {
            [test] if !outside => Some(test),
            _ => None,
        }
    }

    /// Puts in a value for one variable after the other; for this one first, if any is named.
    fn put_in(
        &mut self,
        literals: Vec<Literal>,
        first: Option<String>,
        tries: &mut Tries,
        budget: &mut Budget,
    ) -> Result<Option<Vec<Literal>>, OutOfBudget> {
        if !self.hold(&literals, tries, budget)? {
            return Ok(None);
        }
        let next = || self.variables_of(&literals).into_iter().next();
        let Some(variable) = first.or_else(next) else {
            return Ok(Some(literals));
        };
        // Without a value first: then a default stands for it, or nothing does.
        let present = self.compiler.present(&variable);
        if !matches!(present, Truth::Known(true))
            && let Some(bound) = self.bound(&literals, &variable, None)
            && let Some(found) = self.put_in(bound, None, tries, budget)?
        {
            return Ok(Some(found));
        }
        let mut open = literals.clone();
        for clause in present.clauses(true) {
            match clause.as_slice() {
                [literal] => open.push(*literal),
                _ => return Ok(None),
            }
        }
        if !self.pass_on_all(&variable, &mut open, budget)? {
            return Ok(None);
        }
        'rounds: for _ in 0..tries.rounds {
            if !self.hold(&open, tries, budget)? {
                return Ok(None);
            }
            let candidates = self.candidates(&open, &variable, budget)?;
            for value in candidates.values {
                let Some(left) = tries.left.checked_sub(1) else {
                    break 'rounds;
                };
                tries.left = left;
                if let Some(bound) = self.bound(&literals, &variable, Some(&value))
                    && let Some(found) = self.put_in(bound, None, tries, budget)?
                {
                    return Ok(Some(found));
                }
                let only = Matcher::string_equals([value.as_str()]);
                for clause in self.compiler.some(&variable, &only, false).clauses(false) {
                    match clause.as_slice() {
                        [literal] => open.push(*literal),
                        _ => return Ok(None),
                    }
                }
            }
            // No piece of these texts will do, so the texts will not.
            for (place, text) in candidates.texts {
                let only = Matcher::string_equals([text.as_str()]);
                let text = self.compiler.among_at(&place, only.tests().to_vec());
                open.extend(text.map(Literal::negated));
            }
        }
        tries.gave_up.get_or_insert_with(|| {
            format!("the answer depends on the policy variable `${{{variable}}}`")
        });
        Ok(None)
    }

    /// Whether each group has values for these literals, whatever the open variables are.
    fn hold(
        &mut self,
        literals: &[Literal],
        tries: &mut Tries,
        budget: &mut Budget,
    ) -> Result<bool, OutOfBudget> {
        for group in self.groups_of(literals) {
            let own = self.literals_of(&group, literals);
            match self.feasible(&group, &own, budget)? {
                Solved::Found(_) => {}
                Solved::None(_) => return Ok(false),
                Solved::Unknown(why, _) => {
                    tries.gave_up.get_or_insert(why);
                    return Ok(false);
                }
            }
        }
        Ok(true)
    }

    fn groups_of(&self, literals: &[Literal]) -> Vec<Group> {
        let mut groups: Vec<Group> = literals
            .iter()
            .filter_map(|literal| self.group(literal.atom).cloned())
            .collect();
        groups.sort_unstable();
        groups.dedup();
        groups
    }

    /// The literals about one group, sorted.
    pub(super) fn literals_of(&self, group: &Group, literals: &[Literal]) -> Vec<Literal> {
        let mut own: Vec<Literal> = literals
            .iter()
            .filter(|literal| self.group(literal.atom) == Some(group))
            .copied()
            .collect();
        own.sort_unstable();
        own.dedup();
        own
    }

    /// The literals with a variable's value (`None`: it has none) in its place; `None` where they cannot hold.
    fn bound(
        &mut self,
        literals: &[Literal],
        variable: &str,
        value: Option<&str>,
    ) -> Option<Vec<Literal>> {
        let lookup = |key: &str| match value {
            _ if key != variable => Known::Open,
            Some(value) => Known::Value(value.to_owned()),
            None => Known::Absent,
        };
        let mut all = Vec::with_capacity(literals.len() + 1);
        for literal in literals {
            let about = |test: &ValueTest| test.variables().any(|key| key == variable);
            if !self.open(*literal).iter().any(about) {
                all.push(*literal);
                continue;
            }
            match self.compiler.resolved(literal.atom, &lookup) {
                Truth::Known(holds) if holds == literal.positive => {}
                Truth::Known(_) => return None,
                Truth::Any(any) => all.extend(any.first().map(|one| Literal {
                    atom: one.atom,
                    positive: literal.positive,
                })),
            }
        }
        let has = match value {
            Some(value) => {
                let only = Matcher::string_equals([value]);
                self.compiler.some(variable, &only, false).clauses(true)
            }
            None => self.compiler.present(variable).clauses(false),
        };
        for clause in has {
            match clause.as_slice() {
                [literal] => all.push(*literal),
                _ => return None,
            }
        }
        Some(all)
    }

    /// Values of a variable worth trying next.
    fn candidates(
        &mut self,
        literals: &[Literal],
        variable: &str,
        budget: &mut Budget,
    ) -> Result<Candidates, OutOfBudget> {
        let slot = self.compiler.space.slot(&self.compiler.caller, variable);
        let mut found = Candidates::default();
        let group = match &slot {
            Slot::Tape(group, _) | Slot::Member(group) => group.clone(),
            Slot::Absent => return Ok(found),
            Slot::Constant(value) => {
                found.values.push(value.clone());
                return Ok(found);
            }
        };
        let own = self.literals_of(&group, literals);
        let all = &mut found.values;
        if let Solved::Found(values) = self.values(&group, &own, budget)? {
            let text = match slot {
                Slot::Tape(_, tape) => values.tapes.get(tape).cloned(),
                _ => values
                    .context
                    .get(variable)
                    .and_then(|texts| texts.first())
                    .cloned(),
            };
            all.extend(match text {
                None => self.theory(true).ordinary(variable, budget)?,
                text => text,
            });
        }
        // What stands in the variable's place in texts that are to match.
        for literal in literals.iter().filter(|literal| literal.positive) {
            let Some(test) = self.open(*literal).first().cloned() else {
                continue;
            };
            if !test.variables().any(|key| key == variable) {
                continue;
            }
            let Some(group) = self.group(literal.atom).cloned() else {
                continue;
            };
            let own = self.literals_of(&group, literals);
            let Solved::Found(values) = self.values(&group, &own, budget)? else {
                continue;
            };
            let text = match self.compiler.atoms.get(literal.atom).map(|atom| &atom.test) {
                Some(Test::Value { key, .. }) => values
                    .context
                    .get(key)
                    .and_then(|texts| texts.first())
                    .cloned(),
                Some(Test::Written(written)) => written
                    .wide
                    .first()
                    .and_then(|acceptor| values.tapes.get(acceptor.tape))
                    .cloned(),
                _ => None,
            };
            let Some(text) = text else { continue };
            let pieces = pieces(&text, &test, variable, budget)?;
            // Whether the variable is one of these in each request with this text.
            let is_told = pieces.len() < MOST_PIECES
                && self.link_of(*literal).is_some()
                && tells_pieces(&test);
            for piece in pieces {
                if !all.contains(&piece) {
                    all.push(piece);
                }
            }
            if is_told && let Some(place) = self.place_of(*literal).filter(Place::is_single) {
                found.texts.push((place, text));
            }
        }
        Ok(found)
    }
}

/// Values of a variable, and texts of which every piece that it may be is among them.
#[derive(Default)]
struct Candidates {
    values: Vec<String>,
    texts: Vec<(Place, String)>,
}

/// Whether a text that passes a test has the value of the variable in it, letter by letter.
fn tells_pieces(test: &ValueTest) -> bool {
    match test {
        ValueTest::Text { ignore_case, .. } => !ignore_case,
        ValueTest::Arn(_) => true,
        _ => false,
    }
}

/// How many pieces of a text are tried.
const MOST_PIECES: usize = 12;

/// Whether a test asks to be the variable's value, but for case perhaps.
fn equals(test: &ValueTest, variable: &str) -> bool {
    Around::all(test, variable).iter().any(Around::is_equality)
}

/// The pieces of a text that a variable may stand for in a test that the text is to pass.
fn pieces(
    text: &str,
    test: &ValueTest,
    variable: &str,
    budget: &mut Budget,
) -> Result<Vec<String>, OutOfBudget> {
    if let ValueTest::Pending(..) = test {
        // A number that is compared with the variable: it, and its neighbours.
        let around = parse_number(text).map(|number| [number, number + 1.0, number - 1.0]);
        let numbers = around.iter().flatten().map(f64::to_string);
        return Ok(std::iter::once(text.to_owned()).chain(numbers).collect());
    }
    let mut found: Vec<String> = Vec::new();
    // The longest first: wildcards beside the variable would take all but a letter otherwise.
    for around in Around::all(test, variable) {
        // A tag may be empty.
        for piece in around.pieces(text, budget)?.into_iter().chain([""]) {
            budget.spend(text.len() as u64)?;
            let put_in = test.resolve_with(&mut |pattern| {
                pattern.resolve_known(&|key| {
                    if key == variable {
                        Known::Value(piece.to_owned())
                    } else {
                        Known::Open
                    }
                })
            });
            let passes = put_in.is_some_and(|test| test.widened().accepts(text));
            if passes && !found.iter().any(|known| known == piece) {
                found.push(piece.to_owned());
            }
            // Where case does not count, the same in another is as good, and may be what is asked for.
            if passes && !tells_pieces(test) {
                let other = piece.to_ascii_uppercase();
                if other != piece {
                    found.push(other);
                }
            }
            if found.len() >= MOST_PIECES {
                return Ok(found);
            }
        }
    }
    Ok(found)
}

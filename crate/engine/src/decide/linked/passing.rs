//! What is asked of a key says something of the variables that it is compared with, and the other way round.

use super::super::acceptor::Acceptor;
use super::super::formula::{Literal, Test, Truth};
use super::super::space::{Domain, Group, Slot, tape};
use super::super::world::World;
use super::super::{Budget, OutOfBudget};
use super::around::{Around, bare, covers, renamed, shape, without_defaults};
use super::measures::Measures;
use crate::matcher::ValueTest;
use crate::pattern::{Glyph, Pattern};

/// A key, or a tape.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in super::super) enum Place {
    Key(String),
    Tape(Group, usize),
}

impl Place {
    /// Whether there is one value at most.
    pub(super) fn is_single(&self) -> bool {
        *self != calledvia()
    }

    fn of(key: &str, slot: &Slot) -> Option<Self> {
        match slot {
            Slot::Tape(group, tape) => Some(Self::Tape(group.clone(), *tape)),
            Slot::Member(_) => Some(Self::Key(key.to_owned())),
            _ => None,
        }
    }
}

/// The way from a text to a variable in it, and back.
struct Way<'w> {
    link: &'w ValueTest,
    around: &'w Around,
    variable: &'w str,
    place: &'w Place,
    /// Where the variable's own value stands.
    home: &'w Place,
}

impl World {
    /// Passes on what is asked along every variable that has a value: this one, and those that a key is to match
    /// and no default stands for. False where that cannot be.
    pub(super) fn pass_on_all(
        &mut self,
        variable: &str,
        literals: &mut Vec<Literal>,
        budget: &mut Budget,
    ) -> Result<bool, OutOfBudget> {
        let variables = self.present(variable, literals);
        if self.contradict(literals, &variables) || self.measures(literals, &variables) {
            return Ok(false);
        }
        for variable in &variables {
            for clause in self.compiler.present(variable).clauses(true) {
                match clause.as_slice() {
                    [literal] => literals.push(*literal),
                    _ => return Ok(false),
                }
            }
        }
        literals.sort_unstable();
        literals.dedup();
        // There and back along all of them, for each may pass on to the next.
        for _ in 0..=variables.len() {
            let before = literals.clone();
            for variable in &variables {
                if !self.pass_on(&before, variable, literals, budget)? {
                    return Ok(false);
                }
            }
            literals.sort_unstable();
            literals.dedup();
            if literals.len() == before.len() {
                break;
            }
        }
        Ok(true)
    }

    /// The variables that have values where all of these hold: this one, those that a key is to match and no default
    /// stands for, and those that something is asked of.
    fn present(&mut self, variable: &str, literals: &[Literal]) -> Vec<String> {
        let mut certain = vec![variable.to_owned()];
        let mut others: Vec<String> = Vec::new();
        for literal in literals {
            let Some(test) = self.link_of(*literal) else {
                continue;
            };
            if literal.positive {
                certain.extend(needed(test));
            }
            others.extend(test.variables().map(str::to_owned));
        }
        others.sort_unstable();
        others.dedup();
        for other in others {
            let truth = self.compiler.present(&other);
            let asked = |literal: &Literal| {
                let about = || self.place_of(*literal) == Some(Place::Key(other.clone()));
                literal.positive
                    && (matches!(&truth, Truth::Any(any) if any.contains(literal)) || about())
            };
            if matches!(truth, Truth::Known(true)) || literals.iter().any(asked) {
                certain.push(other);
            }
        }
        certain.sort_unstable();
        certain.dedup();
        certain
    }

    /// Whether a key is to match a pattern with variables, and not to match one that matches no less. These variables
    /// have values.
    fn contradict(&self, literals: &[Literal], present: &[String]) -> bool {
        let home = |variable: &str| {
            let slot = self.compiler.space.slot(&self.compiler.caller, variable);
            Place::of(variable, &slot)
        };
        let links = |positive: bool| -> Vec<(Place, ValueTest)> {
            let own = literals
                .iter()
                .filter(|literal| literal.positive == positive);
            own.filter_map(|literal| {
                let test = without_defaults(self.link_of(*literal)?, present);
                Some((self.place_of(*literal)?, test))
            })
            .filter(|(place, _)| place.is_single())
            .collect()
        };
        let (mut wanted, mut refused) = (links(true), links(false));
        // Every variable is its own value.
        for variable in present {
            let pattern = Pattern::of(vec![bare(variable)]);
            let own = ValueTest::Text {
                pattern,
                ignore_case: false,
            };
            wanted.extend(home(variable).map(|home| (home, own)));
        }
        // Of those that are the same one stands for all.
        for _ in present {
            let same = wanted.iter().find_map(|(place, test)| {
                let other = equal(test)?;
                let mut known = present.iter();
                let own = known.find(|own| *own != other && home(own).as_ref() == Some(place))?;
                Some((own.clone(), other.to_owned()))
            });
            let Some((own, other)) = same else { break };
            for (place, test) in wanted.iter_mut().chain(&mut refused) {
                *test = renamed(test, &own, &other);
                if home(&own).as_ref() == Some(place)
                    && let Some(home) = home(&other)
                {
                    *place = home;
                }
            }
        }
        refused.iter().any(|(place, wide)| {
            wanted
                .iter()
                .any(|(of, narrow)| of == place && covers(wide, narrow))
        })
    }

    /// Whether texts would have to be longer than they are. These variables have values.
    fn measures(&self, literals: &[Literal], present: &[String]) -> bool {
        let mut measures = Measures::default();
        for literal in literals.iter().filter(|literal| literal.positive) {
            let Some(place) = self.place_of(*literal) else {
                continue;
            };
            if !place.is_single() {
                continue;
            }
            let Some(test) = self.link_of(*literal) else {
                if let Some((tests, _)) = self.tests(*literal) {
                    measures.text(&place, &tests);
                }
                continue;
            };
            for variable in present {
                let slot = self.compiler.space.slot(&self.compiler.caller, variable);
                let Some(home) = Place::of(variable, &slot) else {
                    continue;
                };
                for around in Around::all(test, variable) {
                    measures.link(&place, &home, around.glyphs());
                }
            }
        }
        measures.exclude_each_other()
    }

    /// Passes on what a key is asked to the variable that is a part of it, and the other way round. False where that
    /// cannot be.
    fn pass_on(
        &mut self,
        literals: &[Literal],
        variable: &str,
        into: &mut Vec<Literal>,
        budget: &mut Budget,
    ) -> Result<bool, OutOfBudget> {
        let slot = self.compiler.space.slot(&self.compiler.caller, variable);
        let Some(home) = Place::of(variable, &slot) else {
            return Ok(true);
        };
        let refused = self.refused(literals);
        for link in literals.iter().filter(|literal| literal.positive) {
            let Some(test) = self.link_of(*link).cloned() else {
                continue;
            };
            let Some(place) = self.place_of(*link) else {
                continue;
            };
            // What is asked of one of several values says nothing of the others.
            if !place.is_single() {
                continue;
            }
            if let Some((of, shape)) = shape(&test)
                && of == variable
            {
                into.extend(self.compiler.among_at(&home, vec![shape]));
            }
            for around in Around::all(&test, variable) {
                let way = Way {
                    link: &test,
                    around: &around,
                    variable,
                    place: &place,
                    home: &home,
                };
                self.pass_forms(&way, into, budget)?;
                for literal in literals {
                    if !self.pass_one(*literal, &way, &refused, into, budget)? {
                        return Ok(false);
                    }
                }
            }
        }
        Ok(true)
    }

    /// Passes on what the texts of both places look like, whatever is asked of them.
    fn pass_forms(
        &mut self,
        way: &Way<'_>,
        into: &mut Vec<Literal>,
        budget: &mut Budget,
    ) -> Result<(), OutOfBudget> {
        let (place, home) = (way.place, way.home);
        if let Some(form) = self.form(place)
            && let Some(down) = way.around.down(&form, true, budget)?
            && !down.iter().any(is_everything)
        {
            into.extend(self.compiler.among_at(home, down));
        }
        if let Some(form) = self.form(home)
            && let Some(up) = with(way.link, way.variable, &form)
        {
            into.extend(self.compiler.among_at(place, vec![up]));
        }
        Ok(())
    }

    /// What every text of a place looks like, as far as that is a pattern.
    fn form(&self, place: &Place) -> Option<ValueTest> {
        let (space, caller) = (&self.compiler.space, &self.compiler.caller);
        let pattern = match place {
            Place::Tape(Group::Caller, tape) => match space.fixed(caller, *tape) {
                Some(text) => Pattern::literal(&text),
                None if *tape == tape::ACCOUNT => Pattern::account_id(),
                None => return Some(self.compiler.shape(*tape)?.test().0),
            },
            Place::Tape(..) => return None,
            Place::Key(key) => match space.domain(key) {
                Domain::Text { prefix, .. } if !prefix.is_empty() => {
                    let start = Pattern::literal(prefix);
                    let star = Pattern::everything();
                    Pattern::of([start.glyphs(), star.glyphs()].concat())
                }
                _ => return None,
            },
        };
        Some(ValueTest::Text {
            pattern,
            ignore_case: false,
        })
    }

    /// What texts are not to be.
    fn refused(&self, literals: &[Literal]) -> Vec<(Place, ValueTest)> {
        let mut all = Vec::new();
        for literal in literals.iter().filter(|literal| !literal.positive) {
            if let (Some(place), Some((tests, true))) =
                (self.place_of(*literal), self.tests(*literal))
            {
                all.extend(tests.into_iter().map(|test| (place.clone(), test)));
            }
        }
        all
    }

    /// Passes on what one literal asks, of which these are refused. False where that cannot be.
    fn pass_one(
        &mut self,
        literal: Literal,
        way: &Way<'_>,
        refused: &[(Place, ValueTest)],
        into: &mut Vec<Literal>,
        budget: &mut Budget,
    ) -> Result<bool, OutOfBudget> {
        let Way {
            link,
            around,
            variable,
            place,
            home,
        } = *way;
        let passes = literal.positive;
        let asked_of = self.place_of(literal);
        // The same text, and no ARN.
        if around.is_equality()
            && !passes
            && asked_of.as_ref() == Some(place)
            && let Some(other) = self.link_of(literal).cloned()
            && matches!(other, ValueTest::Pending(..))
            && Around::all(&other, variable)
                .iter()
                .any(Around::is_equality)
        {
            let arn = self.compiler.among_at(home, vec![other.widened()]);
            into.extend(arn.map(Literal::negated));
            return Ok(true);
        }
        let Some((mut tests, exact)) = self.tests(literal) else {
            return Ok(true);
        };
        if !passes && !exact {
            return Ok(true);
        }
        if passes {
            // Those that cannot be the reason.
            tests.retain(|test| {
                !refused
                    .iter()
                    .any(|(of, wide)| asked_of.as_ref() == Some(of) && covers(wide, test))
            });
        }
        let mut passed: Vec<ValueTest> = Vec::new();
        let to = if asked_of.as_ref() == Some(place) {
            for test in &tests {
                match around.down(test, passes, budget)? {
                    Some(tests) => passed.extend(tests),
                    // What is refused is refused by itself; what is wanted is one of all.
                    None if passes => return Ok(true),
                    None => {}
                }
            }
            home
        } else if asked_of.as_ref() == Some(home) {
            for test in &tests {
                let up = if passes && !around.is_equality() {
                    with(link, variable, test)
                } else {
                    around.up(test, passes)
                };
                match up {
                    Some(test) => passed.push(test),
                    None if passes => return Ok(true),
                    None => {}
                }
            }
            place
        } else {
            return Ok(true);
        };
        if passed.is_empty() {
            return Ok(!passes);
        }
        // What is always so need not be said.
        if passes && passed.iter().any(is_everything) {
            return Ok(true);
        }
        let literal = self.compiler.among_at(to, passed).map(|passed| Literal {
            positive: passes,
            ..passed
        });
        into.extend(literal);
        Ok(true)
    }

    /// What a literal is about.
    pub(super) fn place_of(&self, literal: Literal) -> Option<Place> {
        let atom = self.compiler.atoms.get(literal.atom)?;
        match &atom.test {
            Test::Value { key, .. } => Some(Place::Key(key.clone())),
            Test::Written(written) => {
                let tape = written.wide.first()?.tape;
                written
                    .wide
                    .iter()
                    .all(|acceptor| acceptor.tape == tape)
                    .then(|| Place::Tape(atom.group.clone(), tape))
            }
            Test::Present(_) => None,
        }
    }

    /// The tests of a literal, wider ones where it has variables; and whether they are exactly what it accepts, not
    /// more.
    fn tests(&self, literal: Literal) -> Option<(Vec<ValueTest>, bool)> {
        match &self.compiler.atoms.get(literal.atom)?.test {
            Test::Value {
                wide,
                open,
                outside: false,
                ..
            } => Some((wide.tests().to_vec(), open.is_empty())),
            Test::Written(written) => {
                let read = written.wide.iter().map(Acceptor::test);
                let (tests, exact): (Vec<ValueTest>, Vec<bool>) = read.unzip();
                let exact = exact.into_iter().all(|exact| exact) && written.open.is_empty();
                Some((tests, exact))
            }
            _ => None,
        }
    }
}

/// The variable that a text is to be the same as, case and all.
fn equal(test: &ValueTest) -> Option<&str> {
    let ValueTest::Text {
        pattern,
        ignore_case: false,
    } = test
    else {
        return None;
    };
    match pattern.glyphs() {
        [Glyph::Variable(variable)] if variable.default.is_none() => Some(&variable.key),
        _ => None,
    }
}

/// The key that has several values.
fn calledvia() -> Place {
    Place::Key("aws:calledvia".to_owned())
}

/// The variables that a test asks to be there.
fn needed(test: &ValueTest) -> Vec<String> {
    let glyphs: Vec<Glyph> = match test {
        ValueTest::Text { pattern, .. } | ValueTest::Pending(_, pattern) => {
            pattern.glyphs().to_vec()
        }
        ValueTest::Arn(arn) => arn.text().glyphs().to_vec(),
        _ => Vec::new(),
    };
    let without_default = |glyph: &Glyph| match glyph {
        Glyph::Variable(own) if own.default.is_none() => Some(own.key.clone()),
        _ => None,
    };
    glyphs.iter().filter_map(without_default).collect()
}

/// Whether a test accepts every text.
fn is_everything(test: &ValueTest) -> bool {
    matches!(test, ValueTest::Text { pattern, .. } if pattern.is_everything())
}

/// A test with what a variable must match in the variable's place; `None` where that is no pattern.
fn with(test: &ValueTest, variable: &str, own: &ValueTest) -> Option<ValueTest> {
    let (pattern, ignore_case) = match own {
        ValueTest::Text {
            pattern,
            ignore_case,
        } => (pattern, ignore_case),
        // As text, it accepts no less.
        ValueTest::Arn(arn) => (&arn.text(), &false),
        _ => return None,
    };
    let any_case = |glyph: &Glyph| match glyph {
        Glyph::Char(c) if *ignore_case && c.is_alphabetic() => Glyph::AnyOne,
        other => other.clone(),
    };
    let pattern = Pattern::of(pattern.glyphs().iter().map(any_case).collect());
    let test = match test {
        ValueTest::Pending(..) => return None,
        other => other.resolve_with(&mut |own| {
            Some(own.replaced(&|own| (own.key == variable).then(|| pattern.clone())))
        })?,
    };
    Some(test.widened())
}

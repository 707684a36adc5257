//! All patterns as one automaton, and the cheapest way through it.

mod advance;

use std::ops::Range;
use std::rc::Rc;

use super::front::{Emitted, Front, Item, Node, State, small};
use super::places::{Places, close, contains, elements, insert};
use super::{Requirement, Step, last_step, longest};
use crate::decide::acceptor::{Move, Reads};
use crate::decide::grammar::Grammar;
use crate::decide::mixing::{Map, Set};
use crate::decide::typed::{Machine, Samples};
use crate::decide::{Budget, OutOfBudget};

/// How many states are looked at for the cheapest answer, before any answer will do.
/// Each pattern more makes the cheapest one rarer.
const PATIENCE: usize = 12_000;

/// What a run over the states came to.
enum Run {
    Written(Written),
    None,
    Impatient,
}

pub(super) struct Written {
    pub(super) tapes: Vec<String>,
    pub(super) fits: bool,
}

/// What a suggestion, and what each character of a word spelled out, costs.
const OPTION: u32 = 20;
const SUGGESTION: u32 = 2;
const SPELLING: u32 = 40;
const CHARACTER: u32 = 1;
/// What a text costs that only a parser is sure of: more than any other.
const ODD: u32 = 1_000_000;

pub(super) struct Writer<'s> {
    script: &'s [Step],
    tapes: usize,
    /// Every place in every pattern, one after another; a requirement's last place says that it is met.
    moves: Vec<Option<Move>>,
    /// By place: how many characters its pattern still needs at least.
    remaining: Vec<u32>,
    requirements: Vec<Required>,
    /// By step: the places on the tapes that it writes to, and on those that end with it.
    written_by: Vec<Places>,
    ended_by: Vec<Places>,
    many: Places,
    accepting: Places,
    /// By character: the places that go on with it, and those that stay.
    taking: Map<char, (Places, Places)>,
    /// What reads numbers, dates and addresses, requirement by requirement.
    machines: Vec<Machine>,
    /// What a value may be whose spelling the machines are not sure of.
    samples: Vec<Samples>,
    start: Places,
    /// A requirement has no pattern that could meet it.
    impossible: bool,
    /// Any answer will do.
    hurried: bool,
}

/// A requirement's places.
struct Required {
    want: bool,
    from: usize,
    met: usize,
    machines: Range<usize>,
}

impl<'s> Writer<'s> {
    pub(super) fn new(script: &'s [Step], tapes: usize, requirements: &[Requirement<'_>]) -> Self {
        let last_step = |tape: usize| last_step(script, tape);
        let longest: Vec<Option<usize>> = (0..tapes).map(|tape| longest(script, tape)).collect();
        let longest = |tape: usize| longest.get(tape).copied().flatten();
        let mut moves: Vec<Option<Move>> = Vec::new();
        let mut tape_of: Vec<usize> = Vec::new();
        let mut remaining = Vec::new();
        let mut starts = Vec::new();
        let mut required = Vec::new();
        let mut impossible = false;
        let mut machines = Vec::new();
        for requirement in requirements {
            let from = moves.len();
            let typed = machines.len();
            for acceptor in requirement.any_of {
                // A tape that this script does not write accepts nothing.
                if last_step(acceptor.tape).is_none() {
                    continue;
                }
                let own = match &acceptor.reads {
                    Reads::Pattern(own) => own,
                    Reads::Typed(test) => {
                        machines.extend(Machine::new(acceptor.tape, test));
                        continue;
                    }
                };
                let needs = own.iter().filter(|next| next.is_one()).count();
                if longest(acceptor.tape).is_some_and(|longest| needs > longest) {
                    continue;
                }
                starts.push(moves.len());
                let mut needs = small(needs);
                for next in own {
                    remaining.push(needs);
                    if next.is_one() {
                        needs = needs.saturating_sub(1);
                    }
                    moves.push(Some(*next));
                    tape_of.push(acceptor.tape);
                }
            }
            impossible |= requirement.want && moves.len() == from && machines.len() == typed;
            required.push(Required {
                want: requirement.want,
                from,
                met: moves.len(),
                machines: typed..machines.len(),
            });
            moves.push(None);
            remaining.push(0);
            tape_of.push(usize::MAX);
        }
        let places = |test: &dyn Fn(usize) -> bool| -> Places {
            let mut set = vec![0_u64; moves.len().div_ceil(64)].into_boxed_slice();
            for place in (0..moves.len()).filter(|place| test(*place)) {
                insert(&mut set, place);
            }
            set
        };
        let is = |place: usize, wanted: &dyn Fn(&Move) -> bool| {
            moves
                .get(place)
                .and_then(Option::as_ref)
                .is_some_and(wanted)
        };
        let many = places(&|place| is(place, &Move::is_star));
        let mut start = places(&|place| starts.binary_search(&place).is_ok());
        close(&mut start, &many);
        let start = start
            .iter()
            .copied()
            .chain(machines.iter().map(|_| Machine::START))
            .collect();
        let on_tape: Vec<Places> = (0..tapes)
            .map(|tape| places(&|place| tape_of.get(place) == Some(&tape)))
            .collect();
        // The places on all tapes of which something is so.
        let on = |test: &dyn Fn(usize) -> bool| -> Places {
            let mut all = places(&|_| false);
            for (_, places) in on_tape.iter().enumerate().filter(|(tape, _)| test(*tape)) {
                for (all, places) in all.iter_mut().zip(places) {
                    *all |= places;
                }
            }
            all
        };
        Self {
            script,
            tapes,
            written_by: script
                .iter()
                .map(|step| on(&|tape| step.tapes() & (1 << tape) != 0))
                .collect(),
            ended_by: (0..script.len())
                .map(|step| on(&|tape| last_step(tape) == Some(step)))
                .collect(),
            accepting: places(&|place| is(place, &|next| *next == Move::Accept)),
            many,
            taking: Map::default(),
            samples: Samples::by_type(&machines),
            machines,
            start,
            impossible,
            hurried: false,
            moves,
            remaining,
            requirements: required,
        }
    }

    /// The cheapest answer; where many patterns have to be met at once and that takes long, one that is found
    /// by always going on where the patterns need least.
    pub(super) fn write(
        &mut self,
        exact: bool,
        hurried: bool,
        budget: &mut Budget,
    ) -> Result<Option<Written>, OutOfBudget> {
        let wanted = self.requirements.iter().filter(|of| of.want).count();
        let patience = PATIENCE / (1 + wanted * wanted);
        self.hurried = hurried;
        let mut run = Run::Impatient;
        if !hurried {
            run = self.run(exact, patience, budget)?;
        }
        if matches!(run, Run::Impatient) {
            self.hurried = true;
            run = self.run(exact, usize::MAX, budget)?;
        }
        Ok(match run {
            Run::Written(written) => Some(written),
            Run::None | Run::Impatient => None,
        })
    }

    /// Goes through the states, those of the lowest rank first: ranked by their cost, and by how many
    /// characters the patterns still need.
    fn run(
        &mut self,
        exact: bool,
        patience: usize,
        budget: &mut Budget,
    ) -> Result<Run, OutOfBudget> {
        if self.impossible {
            return Ok(Run::None);
        }
        let mut front = Front::default();
        front.nodes.push(Node {
            parent: None,
            emitted: Emitted::Nothing,
            step: 0,
        });
        let mut seen: Set<Rc<State>> = Set::default();
        let state = State {
            step: 0,
            word: None,
            active: self.start.clone(),
        };
        front.push(0, 0, Item::State { node: 0, state });
        let width = self.start.len() as u64;
        while let Some((cost, item)) = front.pop() {
            budget.spend(8 + width)?;
            match item {
                Item::State { node, state } => {
                    let state = Rc::new(state);
                    if !seen.insert(Rc::clone(&state)) {
                        continue;
                    }
                    if seen.len() > patience {
                        return Ok(Run::Impatient);
                    }
                    if state.step == self.script.len() {
                        return Ok(Run::Written(self.written(&front.nodes, node)));
                    }
                    self.go_on(node, cost, state, exact, &mut front, budget)?;
                }
                Item::Option {
                    node,
                    state,
                    option,
                } => self.take_option(node, cost, state, option, &mut front, budget)?,
                Item::Spelling { node, state } => {
                    self.spell(node, cost, &state, exact, &mut front, budget)?;
                }
            }
        }
        Ok(Run::None)
    }

    /// What can follow on a state.
    fn go_on(
        &mut self,
        node: u32,
        cost: u32,
        state: Rc<State>,
        exact: bool,
        front: &mut Front,
        budget: &mut Budget,
    ) -> Result<(), OutOfBudget> {
        let needs = self.needs(&state.active);
        match self.script.get(state.step) {
            Some(Step::Emit(text, _)) => {
                let next = self.write_text(&state, text, budget)?;
                self.reach(node, cost, Emitted::Nothing, state.step, next, front);
            }
            Some(Step::OneOf(..)) => {
                let option = 0;
                front.push(
                    cost,
                    needs,
                    Item::Option {
                        node,
                        state,
                        option,
                    },
                );
            }
            Some(Step::Word(grammar, suggestions, _)) => {
                if state.word.is_some() {
                    return self.spell(node, cost, &state, exact, front, budget);
                }
                let first = suggestions.iter().position(|word| grammar.fits(word));
                if let Some(option) = first {
                    let item = Item::Option {
                        node,
                        state: Rc::clone(&state),
                        option,
                    };
                    front.push(cost + SUGGESTION * (1 + small(option)), needs, item);
                }
                // Where nothing looks at the word, any will do.
                if first.is_none() || self.is_watched(state.step) {
                    front.push(cost + SPELLING, needs, Item::Spelling { node, state });
                }
            }
            None => {}
        }
        Ok(())
    }

    /// Takes a suggestion, and leaves the next for later.
    fn take_option(
        &mut self,
        node: u32,
        cost: u32,
        state: Rc<State>,
        option: usize,
        front: &mut Front,
        budget: &mut Budget,
    ) -> Result<(), OutOfBudget> {
        let (options, grammar, price) = match self.script.get(state.step) {
            Some(Step::OneOf(options, _)) => (options, None, OPTION),
            Some(Step::Word(grammar, options, _)) => (options, Some(grammar), SUGGESTION),
            _ => return Ok(()),
        };
        let Some(text) = options.get(option) else {
            return Ok(());
        };
        if grammar.is_none_or(|grammar| grammar.fits(text)) {
            let next = self.write_text(&state, text, budget)?;
            self.reach(node, cost, Emitted::Option(option), state.step, next, front);
        }
        if self.is_watched(state.step) && option + 1 < options.len() {
            let needs = self.needs(&state.active);
            let option = option + 1;
            front.push(
                cost + price,
                needs,
                Item::Option {
                    node,
                    state,
                    option,
                },
            );
        }
        Ok(())
    }

    /// Ends a word, or adds each character that makes a difference.
    fn spell(
        &mut self,
        node: u32,
        cost: u32,
        state: &State,
        exact: bool,
        front: &mut Front,
        budget: &mut Budget,
    ) -> Result<(), OutOfBudget> {
        let Some(Step::Word(grammar, ..)) = self.script.get(state.step) else {
            return Ok(());
        };
        let word = state.word.unwrap_or(0);
        if grammar.accepts(word) {
            let next = self.settle(state.step, state.active.clone());
            self.reach(node, cost, Emitted::Nothing, state.step, next, front);
        }
        let price = if state.word.is_some() { CHARACTER } else { 0 };
        for c in self.alphabet(*grammar, state) {
            let Some(word) = grammar.step(word, c, exact) else {
                continue;
            };
            budget.spend(2 * self.start.len() as u64)?;
            if let Some(active) = self.advance(&state.active, c, state.step) {
                let node = front.node(node, Emitted::Char(c), state.step);
                let needs = self.needs(&active);
                let state = State {
                    step: state.step,
                    word: Some(word),
                    active,
                };
                front.push(cost + price, needs, Item::State { node, state });
            }
        }
        Ok(())
    }

    /// Goes to the next step.
    fn reach(
        &self,
        node: u32,
        cost: u32,
        emitted: Emitted,
        step: usize,
        reached: Option<(Places, u32)>,
        front: &mut Front,
    ) {
        let Some((active, price)) = reached else {
            return;
        };
        let node = front.node(node, emitted, step);
        let needs = self.needs(&active);
        let state = State {
            step: step + 1,
            word: None,
            active,
        };
        front.push(cost + price, needs, Item::State { node, state });
    }

    /// The characters that some pattern now waits for, and one for each group of others: the others first.
    fn alphabet(&self, grammar: Grammar, state: &State) -> Vec<char> {
        // `:` is apart in ARN patterns even where none mentions it.
        let mut mentioned = vec![':'];
        let watched = self.written_by.get(state.step);
        let mut any_digit = false;
        for place in elements(&state.active, self.width()) {
            if !watched.is_some_and(|watched| contains(watched, place)) {
                continue;
            }
            match self.moves.get(place) {
                Some(Some(Move::Char { c, ignore_case })) => {
                    mentioned.push(*c);
                    if *ignore_case {
                        mentioned.extend(c.to_lowercase().chain(c.to_uppercase()));
                    }
                }
                Some(Some(Move::Digit)) => any_digit = true,
                _ => {}
            }
        }
        if any_digit {
            // One that stands for all that no pattern mentions.
            mentioned.extend(('0'..='9').rev().find(|c| !mentioned.contains(c)));
        }
        // What a machine reads comes first, its digits before its marks.
        let mut alphabet: Vec<char> = Vec::new();
        for (machine, at) in self.machines.iter().zip(state.machines(self.width())) {
            if *at != Machine::DEAD && self.writes(state.step, machine) {
                alphabet.extend(machine.alphabet().chars());
            }
        }
        mentioned.retain(|c| !alphabet.contains(c));
        mentioned.sort_unstable();
        mentioned.dedup();
        let others = grammar.groups().iter().filter_map(|group| {
            group
                .chars()
                .find(|c| mentioned.binary_search(c).is_err() && !alphabet.contains(c))
        });
        let others: Vec<char> = others.collect();
        alphabet.extend(others);
        alphabet.extend(mentioned);
        alphabet
    }

    /// Follows the way back and writes the tapes.
    fn written(&self, nodes: &[Node], last: u32) -> Written {
        let mut way = Vec::new();
        let mut at = nodes.get(last as usize);
        while let Some(node) = at {
            way.push(node);
            at = node.parent.and_then(|parent| nodes.get(parent as usize));
        }
        way.reverse();
        let mut words = vec![String::new(); self.script.len()];
        for node in way {
            let Some(word) = words.get_mut(node.step) else {
                continue;
            };
            match (&node.emitted, self.script.get(node.step)) {
                (Emitted::Char(c), _) => word.push(*c),
                (
                    Emitted::Option(rank),
                    Some(Step::OneOf(options, _) | Step::Word(_, options, _)),
                ) => {
                    word.push_str(options.get(*rank).map(String::as_str).unwrap_or_default());
                }
                _ => {}
            }
        }
        let mut written = Written {
            tapes: vec![String::new(); self.tapes],
            fits: true,
        };
        for (step, word) in self.script.iter().zip(words) {
            let text = match step {
                Step::Emit(text, _) => text.as_str(),
                _ => word.as_str(),
            };
            if let Step::Word(grammar, ..) = step {
                written.fits &= grammar.fits(text);
            }
            for (tape, written) in written.tapes.iter_mut().enumerate() {
                if step.tapes() & (1 << tape) != 0 {
                    written.push_str(text);
                }
            }
        }
        written
    }
}

//! Is there a text, or several that share parts, which these patterns accept and those do not?
//!
//! A script says how the texts (tapes) of one request are written: an account id, say, goes to the
//! principal's and to the trail's ARN at once. All patterns run along as one automaton, so a state is a
//! set of places in patterns, and the cheapest way through is the most ordinary answer. Behind the places
//! stand the states of the machines that read numbers, dates and addresses.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::ops::Range;
use std::rc::Rc;

use super::acceptor::{Acceptor, Move, Reads};
use super::grammar::Grammar;
use super::mixing::{Map, Set};
use super::typed::{Machine, Reading, Sample};
use super::{Budget, OutOfBudget};
use crate::pattern::Pattern;

/// The index of a text that is written.
pub(super) type Tape = usize;

/// One step of a script; each writes to the tapes of a bit mask.
#[derive(Debug, Clone)]
pub(super) enum Step {
    /// Always the same.
    Emit(String, u32),
    /// One of these, the most ordinary first.
    OneOf(Vec<String>, u32),
    /// A word of a grammar, one of the suggestions where possible.
    Word(Grammar, Vec<String>, u32),
}

impl Step {
    pub(super) fn tapes(&self) -> u32 {
        match self {
            Self::Emit(_, tapes) | Self::OneOf(_, tapes) | Self::Word(_, _, tapes) => *tapes,
        }
    }
}

/// One of the acceptors must accept, or none of them may.
#[derive(Debug, Clone, Copy)]
pub(super) struct Requirement<'a> {
    pub(super) any_of: &'a [Acceptor],
    pub(super) want: bool,
}

/// What came of looking for texts.
pub(super) enum Texts {
    /// One for each tape.
    Found(Vec<String>),
    None,
    /// Whatever was found was refused when it was looked at as a whole.
    Unsure,
}

/// How many texts are refused before there is no answer.
const REFUSALS: usize = 16;

/// The texts of the tapes, any at all where it is `hurried`; `refuses` names a tape whose text is none that
/// could be sent.
pub(super) fn write(
    script: &[Step],
    tapes: usize,
    requirements: &[Requirement<'_>],
    refuses: &dyn Fn(&[String]) -> Option<Tape>,
    hurried: bool,
    budget: &mut Budget,
) -> Result<Texts, OutOfBudget> {
    let mut refused: Vec<[Acceptor; 1]> = Vec::new();
    loop {
        let none_of = refused.iter().map(|any_of| Requirement {
            any_of,
            want: false,
        });
        let all: Vec<Requirement<'_>> = requirements.iter().copied().chain(none_of).collect();
        let Some(texts) = write_once(script, tapes, &all, hurried, budget)? else {
            return Ok(Texts::None);
        };
        let wrong = requirements.iter().find_map(|of| of.misread(&texts));
        let Some(tape) = wrong.or_else(|| refuses(&texts)) else {
            return Ok(Texts::Found(texts));
        };
        let text = texts.get(tape).map(String::as_str).unwrap_or_default();
        if refused.len() == REFUSALS {
            return Ok(Texts::Unsure);
        }
        refused.push([Acceptor::text(tape, &Pattern::literal(text), false)]);
    }
}

impl Requirement<'_> {
    /// The tape of a machine that was not sure of its text, where the text does not do.
    fn misread(&self, texts: &[String]) -> Option<Tape> {
        let is_typed = |acceptor: &&Acceptor| matches!(acceptor.reads, Reads::Typed(_));
        let typed = self.any_of.iter().find(is_typed)?;
        let accepts = |acceptor: &Acceptor| {
            texts
                .get(acceptor.tape)
                .is_some_and(|text| acceptor.accepts(text))
        };
        (self.any_of.iter().any(accepts) != self.want).then_some(typed.tape)
    }
}

fn write_once(
    script: &[Step],
    tapes: usize,
    requirements: &[Requirement<'_>],
    hurried: bool,
    budget: &mut Budget,
) -> Result<Option<Vec<String>>, OutOfBudget> {
    // Without lengths there are fewer states; only a word that came out too long asks for them.
    let mut writer = Writer::new(script, tapes, requirements);
    let loose = writer.write(false, hurried, budget)?;
    match loose {
        Some(written) if !written.fits => {
            let exact = writer.write(true, hurried, budget)?;
            Ok(exact.map(|written| written.tapes))
        }
        other => Ok(other.map(|written| written.tapes)),
    }
}

/// How many states are looked at for the cheapest answer, before any answer will do.
/// Each pattern more makes the cheapest one rarer.
const PATIENCE: usize = 12_000;

/// What a run over the states came to.
enum Run {
    Written(Written),
    None,
    Impatient,
}

struct Written {
    tapes: Vec<String>,
    fits: bool,
}

/// What a suggestion, and what each character of a word spelled out, costs.
const OPTION: u32 = 20;
const SUGGESTION: u32 = 2;
const SPELLING: u32 = 40;
const CHARACTER: u32 = 1;
/// What a text costs that only a parser is sure of: more than any other.
const ODD: u32 = 1_000_000;

/// A set of places, one bit each; of a state, the states of the machines behind them.
type Places = Box<[u64]>;

struct Writer<'s> {
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
    samples: Vec<Sample>,
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

#[derive(PartialEq, Eq, Hash)]
struct State {
    step: usize,
    /// The grammar's state in a word, none before its first character.
    word: Option<u16>,
    active: Places,
}

impl State {
    /// The states of the machines, behind so many words of places.
    fn machines(&self, width: usize) -> impl Iterator<Item = &u64> {
        self.active.iter().skip(width)
    }
}

/// One thing to go on with.
enum Item {
    State {
        node: u32,
        state: State,
    },
    /// The suggestions of a step from this one on, each only when its turn has come.
    Option {
        node: u32,
        state: Rc<State>,
        option: usize,
    },
    /// The words of a step, letter by letter.
    Spelling {
        node: u32,
        state: Rc<State>,
    },
}

struct Node {
    parent: Option<u32>,
    emitted: Emitted,
    step: usize,
}

#[derive(Clone, Copy)]
enum Emitted {
    Nothing,
    Char(char),
    Option(usize),
}

/// The way so far, and what is to be looked at next: by rank, then by age, so that the answer is the same
/// every time.
#[derive(Default)]
struct Front {
    nodes: Vec<Node>,
    items: Vec<Option<(u32, Item)>>,
    queue: BinaryHeap<Reverse<(u32, usize)>>,
}

impl Front {
    fn push(&mut self, cost: u32, needs: u32, item: Item) {
        self.queue
            .push(Reverse((cost + 4 * needs, self.items.len())));
        self.items.push(Some((cost, item)));
    }

    fn pop(&mut self) -> Option<(u32, Item)> {
        let Reverse((_, index)) = self.queue.pop()?;
        self.items.get_mut(index)?.take()
    }

    fn node(&mut self, parent: u32, emitted: Emitted, step: usize) -> u32 {
        self.nodes.push(Node {
            parent: Some(parent),
            emitted,
            step,
        });
        small(self.nodes.len() - 1)
    }
}

impl<'s> Writer<'s> {
    fn new(script: &'s [Step], tapes: usize, requirements: &[Requirement<'_>]) -> Self {
        let last_step = |tape: usize| last_step(script, tape);
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
                starts.push(moves.len());
                let mut needs = small(own.iter().filter(|next| next.is_one()).count());
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
            samples: std::iter::once(Sample::Nothing)
                .chain(
                    machines
                        .iter()
                        .flat_map(|machine| Sample::of(&machine.test)),
                )
                .collect(),
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
    fn write(
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

    /// Whether any requirement looks at what a step writes.
    fn is_watched(&self, step: usize) -> bool {
        let any = |places: &Places| places.iter().any(|bits| *bits != 0);
        self.written_by.get(step).is_some_and(any)
            || self.machines.iter().any(|of| self.writes(step, of))
    }

    /// Whether a step writes to a machine's tape.
    fn writes(&self, step: usize, machine: &Machine) -> bool {
        self.script
            .get(step)
            .is_some_and(|step| step.tapes() & (1 << machine.tape) != 0)
    }

    fn last_step(&self, tape: Tape) -> Option<usize> {
        last_step(self.script, tape)
    }

    /// How many words of a state hold places.
    fn width(&self) -> usize {
        self.many.len()
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

    /// The places after a character was written by a step; `None` where a wanted requirement is lost.
    fn advance(&mut self, active: &Places, c: char, step: usize) -> Option<Places> {
        let watched = self.written_by.get(step)?;
        let (take, stay) = self.taking.entry(c).or_insert_with(|| {
            let mut take = vec![0_u64; self.many.len()].into_boxed_slice();
            let mut stay = take.clone();
            for (place, next) in self.moves.iter().enumerate() {
                if let Some(next) = next
                    && next.takes(c)
                {
                    let many = next.is_star();
                    insert(if many { &mut stay } else { &mut take }, place);
                }
            }
            (take, stay)
        });
        let mut next = active.clone();
        let mut carry = 0;
        for (((next, watched), take), stay) in next
            .iter_mut()
            .zip(watched.iter())
            .zip(take.iter())
            .zip(stay.iter())
        {
            let moving = *next & watched;
            let taken = moving & take;
            *next = (*next & !watched) | (taken << 1) | carry | (moving & stay);
            carry = taken >> 63;
        }
        close(&mut next, &self.many);
        let width = self.width();
        let script = self.script.get(step);
        for (machine, at) in self.machines.iter_mut().zip(next.iter_mut().skip(width)) {
            if script.is_some_and(|step| step.tapes() & (1 << machine.tape) != 0) {
                *at = machine.step(*at, c);
            }
        }
        self.is_open(&next).then_some(next)
    }

    /// Whether no wanted requirement is lost.
    fn is_open(&self, active: &Places) -> bool {
        let states = active.get(self.width()..).unwrap_or_default();
        let alive = |of: &Required| {
            let own = states.get(of.machines.clone()).unwrap_or_default();
            own.iter().any(|at| *at != Machine::DEAD)
        };
        self.requirements
            .iter()
            .all(|of| !of.want || any_within(active, of.from, of.met) || alive(of))
    }

    /// How many characters the wanted requirements still need, each for itself; 0 unless in a hurry.
    fn needs(&self, active: &Places) -> u32 {
        if !self.hurried {
            return 0;
        }
        let least = |of: &Required| {
            within(active, of.from, of.met)
                .filter_map(|place| self.remaining.get(place))
                .min()
        };
        let wanted = self.requirements.iter().filter(|of| of.want);
        wanted.filter_map(least).sum()
    }

    /// The places after a step wrote a whole text.
    fn write_text(
        &mut self,
        state: &State,
        text: &str,
        budget: &mut Budget,
    ) -> Result<Option<(Places, u32)>, OutOfBudget> {
        if !self.is_watched(state.step) {
            return Ok(Some((state.active.clone(), 0)));
        }
        budget.spend((1 + text.len() * self.start.len()) as u64)?;
        let mut active = state.active.clone();
        for c in text.chars() {
            match self.advance(&active, c, state.step) {
                Some(next) => active = next,
                None => return Ok(None),
            }
        }
        Ok(self.settle(state.step, active))
    }

    /// Ends the tapes whose last step this was: what they accept is settled, and their places go.
    /// Also what that costs.
    fn settle(&self, step: usize, mut active: Places) -> Option<(Places, u32)> {
        let ended = self.ended_by.get(step)?;
        let width = self.width();
        let mut read = vec![Reading::Refused; self.machines.len()];
        let mut any_read = false;
        let states = active.iter_mut().skip(width);
        for ((machine, at), reading) in self.machines.iter().zip(states).zip(&mut read) {
            if self.last_step(machine.tape) == Some(step) {
                any_read = true;
                *reading = machine.at_end(*at);
                *at = Machine::DEAD;
            }
        }
        if !any_read && ended.iter().all(|bits| *bits == 0) {
            return Some((active, 0));
        }
        let mut accepted = active.clone();
        for (((active, accepted), ended), accepting) in active
            .iter_mut()
            .zip(accepted.iter_mut())
            .zip(ended.iter())
            .zip(self.accepting.iter())
        {
            *accepted = *active & ended & accepting;
            *active &= !ended;
        }
        if !read.contains(&Reading::Unsure) {
            return self.met(&active, &accepted, &read).map(|met| (met, 0));
        }
        // Some value or other.
        let mut any: Option<Places> = None;
        for sample in &self.samples {
            let machines = self.machines.iter().zip(&read);
            let as_if: Vec<Reading> = machines
                .map(|(machine, reading)| machine.as_if(*reading, sample))
                .collect();
            let Some(met) = self.met(&active, &accepted, &as_if) else {
                continue;
            };
            match &mut any {
                Some(any) => any
                    .iter_mut()
                    .zip(met.iter())
                    .for_each(|(any, met)| *any |= met),
                None => any = Some(met),
            }
        }
        any.map(|met| (met, ODD))
    }

    /// The places with those of the requirements that are met; `None` where one is that may not be, or cannot
    /// be any more.
    fn met(&self, active: &Places, accepted: &[u64], read: &[Reading]) -> Option<Places> {
        let mut active = active.clone();
        for of in &self.requirements {
            let readings = read.get(of.machines.clone()).unwrap_or_default();
            let typed = readings.iter().any(|reading| match reading {
                Reading::Accepted => true,
                Reading::Refused => false,
                // Where it is wanted, the parser may say so; where it is not, it may not.
                Reading::Unsure => of.want,
            });
            if typed || any_within(accepted, of.from, of.met) {
                if !of.want {
                    return None;
                }
                insert(&mut active, of.met);
            }
        }
        self.is_open(&active).then_some(active)
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

/// The last step that writes to a tape.
fn last_step(script: &[Step], tape: Tape) -> Option<usize> {
    script
        .iter()
        .rposition(|step| step.tapes() & (1 << tape) != 0)
}

/// Sizes here are bounded by the budget, far below 2^32.
fn small(size: usize) -> u32 {
    u32::try_from(size).unwrap_or(u32::MAX)
}

fn insert(set: &mut [u64], place: usize) {
    if let Some(bits) = set.get_mut(place / 64) {
        *bits |= 1 << (place % 64);
    }
}

fn contains(set: &[u64], place: usize) -> bool {
    set.get(place / 64)
        .is_some_and(|bits| bits & (1 << (place % 64)) != 0)
}

/// Whether any place from one to another, both included, is in the set.
fn any_within(set: &[u64], from: usize, to: usize) -> bool {
    words_within(set, from, to).any(|(_, bits)| bits != 0)
}

/// The places of the set from one to another, both included.
fn within(set: &[u64], from: usize, to: usize) -> impl Iterator<Item = usize> {
    words_within(set, from, to).flat_map(places_of)
}

/// The elements of a set, of which the first words are looked at.
fn elements(set: &[u64], words: usize) -> impl Iterator<Item = usize> {
    let words = set.iter().copied().take(words);
    words.enumerate().flat_map(places_of)
}

/// The words of the set, with nothing but the places from one to another, both included.
fn words_within(set: &[u64], from: usize, to: usize) -> impl Iterator<Item = (usize, u64)> {
    let (first, last) = (from / 64, to / 64);
    let words = set.iter().copied().enumerate().take(last + 1).skip(first);
    words.map(move |(word, mut bits)| {
        if word == first {
            bits &= u64::MAX << (from % 64);
        }
        if word == last {
            bits &= u64::MAX >> (63 - to % 64);
        }
        (word, bits)
    })
}

fn places_of((word, mut bits): (usize, u64)) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let next = (bits != 0).then(|| bits.trailing_zeros() as usize)?;
        bits &= bits - 1;
        Some(word * 64 + next)
    })
}

/// Adds the places behind stars, which are reached without a character.
fn close(set: &mut [u64], many: &[u64]) {
    let mut carry = 0;
    for (bits, many) in set.iter_mut().zip(many) {
        *bits |= carry;
        let stars = *bits & many;
        *bits |= stars << 1;
        carry = stars >> 63;
    }
}

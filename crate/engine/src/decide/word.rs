//! Is there a text, or several that share parts, which these patterns accept and those do not?
//!
//! A script says how the texts (tapes) of one request are written: an account id, say, goes to the
//! principal's and to the trail's ARN at once. All patterns run along as one automaton, so a state is a
//! set of places in patterns, and the cheapest way through is the most ordinary answer.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashSet};

use super::Budget;
use super::grammar::Grammar;
use crate::pattern::{ArnPattern, Glyph, Pattern, same_ignoring_case};

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
    fn tapes(&self) -> u32 {
        match self {
            Self::Emit(_, tapes) | Self::OneOf(_, tapes) | Self::Word(_, _, tapes) => *tapes,
        }
    }
}

/// A pattern on one tape.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Acceptor {
    pub(super) tape: Tape,
    moves: Vec<Move>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Move {
    Char { c: char, ignore_case: bool },
    One { within_part: bool },
    Many { within_part: bool },
    Accept,
}

impl Move {
    /// Whether a character exists that both take.
    fn meets(&self, other: &Self) -> bool {
        let takes = |step: &Self, c: char| match step {
            Self::Char {
                c: want,
                ignore_case,
            } => *want == c || (*ignore_case && same_ignoring_case(*want, c)),
            Self::One { within_part } | Self::Many { within_part } => !(*within_part && c == ':'),
            Self::Accept => false,
        };
        match (self, other) {
            (Self::Accept, _) | (_, Self::Accept) => false,
            (Self::Char { c, .. }, step) => {
                takes(step, *c) || matches!(step, Self::Char { c: want, .. } if takes(self, *want))
            }
            (step, Self::Char { c, .. }) => takes(step, *c),
            _ => true,
        }
    }
}

impl Acceptor {
    /// A pattern over the whole text. Variables must have been resolved: one that was not matches nothing.
    pub(super) fn text(tape: Tape, pattern: &Pattern, ignore_case: bool) -> Self {
        let mut moves = Vec::with_capacity(pattern.glyphs().len() + 1);
        push_moves(&mut moves, pattern, ignore_case, false);
        moves.push(Move::Accept);
        Self { tape, moves }
    }

    /// An ARN pattern; `None` where it accepts nothing.
    pub(super) fn arn(tape: Tape, pattern: &ArnPattern) -> Option<Self> {
        let mut moves = Vec::new();
        match pattern {
            ArnPattern::Incomplete => return None,
            ArnPattern::Everything => moves.push(Move::Many { within_part: false }),
            ArnPattern::Parts(parts) => {
                let last = parts.len().saturating_sub(1);
                for (index, part) in parts.iter().enumerate() {
                    if index > 0 {
                        moves.push(Move::Char {
                            c: ':',
                            ignore_case: false,
                        });
                    }
                    push_moves(&mut moves, part, false, index < last);
                }
            }
        }
        moves.push(Move::Accept);
        Some(Self { tape, moves })
    }
}

impl Acceptor {
    /// Whether it accepts a text.
    pub(super) fn accepts(&self, text: &str) -> bool {
        let mut active = vec![false; self.moves.len() + 1];
        self.enter(0, &mut active);
        for c in text.chars() {
            let mut next = vec![false; active.len()];
            for (place, (step, _)) in self
                .moves
                .iter()
                .zip(&active)
                .enumerate()
                .filter(|(_, (_, on))| **on)
            {
                match step {
                    Move::Char {
                        c: want,
                        ignore_case,
                    } if *want == c || (*ignore_case && same_ignoring_case(*want, c)) => {
                        self.enter(place + 1, &mut next);
                    }
                    Move::One { within_part } if !(*within_part && c == ':') => {
                        self.enter(place + 1, &mut next);
                    }
                    Move::Many { within_part } if !(*within_part && c == ':') => {
                        self.enter(place, &mut next);
                    }
                    _ => {}
                }
            }
            active = next;
        }
        self.moves
            .iter()
            .zip(active)
            .any(|(step, on)| on && *step == Move::Accept)
    }

    /// Whether any text at all is accepted by both; acceptors on different tapes do not meet.
    pub(super) fn overlaps(&self, other: &Self) -> bool {
        if self.tape != other.tape {
            return true;
        }
        let width = other.moves.len();
        let mut seen = vec![false; self.moves.len() * width];
        let mut open = vec![(0, 0)];
        while let Some((mine, theirs)) = open.pop() {
            let (Some(a), Some(b)) = (self.moves.get(mine), other.moves.get(theirs)) else {
                continue;
            };
            match seen.get_mut(mine * width + theirs) {
                Some(seen) if !*seen => *seen = true,
                _ => continue,
            }
            if (a, b) == (&Move::Accept, &Move::Accept) {
                return true;
            }
            if matches!(a, Move::Many { .. }) {
                open.push((mine + 1, theirs));
            }
            if matches!(b, Move::Many { .. }) {
                open.push((mine, theirs + 1));
            }
            if a.meets(b) {
                let next = |place, step: &Move| match step {
                    Move::Many { .. } => place,
                    _ => place + 1,
                };
                open.push((next(mine, a), next(theirs, b)));
            }
        }
        false
    }

    fn enter(&self, place: usize, active: &mut [bool]) {
        if let Some(on) = active.get_mut(place) {
            *on = true;
        }
        if let Some(Move::Many { .. }) = self.moves.get(place) {
            self.enter(place + 1, active);
        }
    }
}

fn push_moves(moves: &mut Vec<Move>, pattern: &Pattern, ignore_case: bool, within_part: bool) {
    for glyph in pattern.glyphs() {
        moves.push(match glyph {
            Glyph::Char(c) => Move::Char { c: *c, ignore_case },
            Glyph::AnyOne => Move::One { within_part },
            Glyph::AnyMany | Glyph::Variable { .. } => Move::Many { within_part },
        });
    }
}

/// One of the acceptors must accept, or none of them may.
#[derive(Debug, Clone)]
pub(super) struct Requirement {
    pub(super) any_of: Vec<Acceptor>,
    pub(super) want: bool,
}

/// The texts of the tapes, or none, or no answer within the budget.
pub(super) fn write(
    script: &[Step],
    tapes: usize,
    requirements: &[Requirement],
    budget: &mut Budget,
) -> Result<Option<Vec<String>>, super::OutOfBudget> {
    // Without lengths there are fewer states; only a word that came out too long asks for them.
    let loose = Writer::new(script, tapes, requirements, false).write(budget)?;
    match loose {
        Some(written) if !written.fits => {
            let exact = Writer::new(script, tapes, requirements, true).write(budget)?;
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

struct Writer<'s> {
    script: &'s [Step],
    exact: bool,
    tapes: usize,
    /// Every place in every pattern, one after another.
    moves: Vec<Move>,
    /// By place: its tape and its requirement.
    places: Vec<(Tape, u32)>,
    /// By place: how many characters its pattern still needs at least.
    remaining: Vec<u32>,
    /// By requirement: whether it must be met, and on how many tapes it can be.
    wanted: Vec<(bool, u32)>,
    /// By tape: the last step that writes to it.
    last_step: Vec<Option<usize>>,
    /// Tapes that any requirement looks at.
    watched: u32,
    /// By step: the characters worth trying.
    alphabets: Vec<Vec<char>>,
    start: Vec<u32>,
    impossible: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct State {
    step: u32,
    /// The grammar's state in a word, none before its first character.
    word: Option<u16>,
    /// Places reached, sorted. A place past the last move says that a requirement is already met.
    active: Vec<u32>,
}

struct Node {
    parent: Option<u32>,
    emitted: Emitted,
    step: u32,
}

enum Emitted {
    Nothing,
    Char(char),
    Option(usize),
}

impl<'s> Writer<'s> {
    fn new(script: &'s [Step], tapes: usize, requirements: &[Requirement], exact: bool) -> Self {
        let mut writer = Self {
            script,
            exact,
            tapes,
            moves: Vec::new(),
            places: Vec::new(),
            remaining: Vec::new(),
            wanted: Vec::new(),
            last_step: vec![None; tapes],
            watched: 0,
            alphabets: Vec::new(),
            start: Vec::new(),
            impossible: false,
        };
        for (index, step) in script.iter().enumerate() {
            for (tape, last) in writer.last_step.iter_mut().enumerate() {
                if step.tapes() & (1 << tape) != 0 {
                    *last = Some(index);
                }
            }
        }
        for (index, requirement) in requirements.iter().enumerate() {
            writer.require(index, requirement);
        }
        writer.start.sort_unstable();
        writer.start.dedup();
        writer.alphabets = (0..script.len())
            .map(|step| writer.alphabet(step))
            .collect();
        writer
    }

    fn require(&mut self, index: usize, requirement: &Requirement) {
        let mut tapes = 0_u32;
        for acceptor in &requirement.any_of {
            // A tape that this script does not write accepts nothing.
            if self
                .last_step
                .get(acceptor.tape)
                .copied()
                .flatten()
                .is_none()
            {
                continue;
            }
            tapes |= 1 << acceptor.tape;
            let first = self.moves.len();
            self.moves.extend_from_slice(&acceptor.moves);
            self.places
                .resize(self.moves.len(), (acceptor.tape, small(index)));
            let needs = |moves: &[Move]| {
                small(
                    moves
                        .iter()
                        .filter(|next| matches!(next, Move::Char { .. } | Move::One { .. }))
                        .count(),
                )
            };
            self.remaining.extend(
                (0..acceptor.moves.len())
                    .map(|at| needs(acceptor.moves.get(at..).unwrap_or_default())),
            );
            let mut start = std::mem::take(&mut self.start);
            self.enter(small(first), &mut start);
            self.start = start;
        }
        if tapes == 0 && requirement.want {
            self.impossible = true;
        }
        self.watched |= tapes;
        self.wanted.push((requirement.want, tapes.count_ones()));
    }

    /// The characters that the patterns on a step's tapes mention, and one for each group of others.
    fn alphabet(&self, step: usize) -> Vec<char> {
        let Some(Step::Word(grammar, _, tapes)) = self.script.get(step) else {
            return Vec::new();
        };
        let mut mentioned: Vec<char> = Vec::new();
        for (place, (tape, _)) in self.moves.iter().zip(&self.places) {
            if tapes & (1 << tape) == 0 {
                continue;
            }
            if let Move::Char { c, ignore_case } = place {
                mentioned.push(*c);
                if *ignore_case {
                    mentioned.extend(c.to_lowercase().chain(c.to_uppercase()));
                }
            }
        }
        mentioned.sort_unstable();
        mentioned.dedup();
        let others = grammar
            .groups()
            .iter()
            .filter_map(|group| group.chars().find(|c| mentioned.binary_search(c).is_err()));
        let mut alphabet: Vec<char> = others.collect();
        // `:` is apart in ARN patterns even where none mentions it.
        alphabet.extend(
            mentioned.iter().copied().chain(
                [':']
                    .into_iter()
                    .filter(|c| mentioned.binary_search(c).is_err()),
            ),
        );
        alphabet
    }

    /// Adds a place and those that it reaches without a character.
    fn enter(&self, place: u32, into: &mut Vec<u32>) {
        into.push(place);
        if let Some(Move::Many { .. }) = self.moves.get(place as usize) {
            self.enter(place + 1, into);
        }
    }

    /// The places after a character was written to some tapes; `None` where a wanted requirement is lost.
    fn advance(&self, active: &[u32], c: char, tapes: u32) -> Option<Vec<u32>> {
        if tapes & self.watched == 0 {
            return Some(active.to_vec());
        }
        let mut next = Vec::with_capacity(active.len() + 2);
        for &place in active {
            let Some(&(tape, _)) = self.places.get(place as usize) else {
                next.push(place);
                continue;
            };
            if tapes & (1 << tape) == 0 {
                next.push(place);
                continue;
            }
            match self.moves.get(place as usize) {
                Some(Move::Char {
                    c: want,
                    ignore_case,
                }) => {
                    if *want == c || (*ignore_case && same_ignoring_case(*want, c)) {
                        self.enter(place + 1, &mut next);
                    }
                }
                Some(Move::One { within_part }) => {
                    if !(*within_part && c == ':') {
                        self.enter(place + 1, &mut next);
                    }
                }
                Some(Move::Many { within_part }) => {
                    if !(*within_part && c == ':') {
                        self.enter(place, &mut next);
                    }
                }
                Some(Move::Accept) | None => {}
            }
        }
        next.sort_unstable();
        next.dedup();
        self.needs(&next).map(|_| next)
    }

    /// How many characters the wanted requirements still need, each for itself; `None` where one of them
    /// cannot be met any more.
    fn needs(&self, active: &[u32]) -> Option<u32> {
        let mut least: Vec<Option<u32>> = vec![None; self.wanted.len()];
        for &place in active {
            let (requirement, needs) = match self.places.get(place as usize) {
                Some(&(_, requirement)) => (
                    requirement,
                    self.remaining.get(place as usize).copied().unwrap_or(0),
                ),
                None => (place - small(self.moves.len()), 0),
            };
            if let Some(least) = least.get_mut(requirement as usize) {
                *least = Some(least.map_or(needs, |known| known.min(needs)));
            }
        }
        self.wanted
            .iter()
            .zip(least)
            .filter(|((want, _), _)| *want)
            .try_fold(0_u32, |sum, (_, least)| Some(sum.saturating_add(least?)))
    }

    /// The places after a text was written to some tapes.
    fn advance_text(&self, active: &[u32], text: &str, tapes: u32) -> Option<Vec<u32>> {
        let mut active = active.to_vec();
        for c in text.chars() {
            active = self.advance(&active, c, tapes)?;
        }
        Some(active)
    }

    /// Ends the tapes whose last step this was: what they accept is settled, and their places go.
    fn settle(&self, step: usize, active: Vec<u32>) -> Option<Vec<u32>> {
        if !self.last_step.contains(&Some(step)) {
            return Some(active);
        }
        let mut next = Vec::with_capacity(active.len());
        let mut met = vec![false; self.wanted.len()];
        for place in active {
            let Some(&(tape, requirement)) = self.places.get(place as usize) else {
                next.push(place);
                continue;
            };
            if self.last_step.get(tape).copied().flatten() != Some(step) {
                next.push(place);
            } else if self.moves.get(place as usize) == Some(&Move::Accept)
                && let Some(met) = met.get_mut(requirement as usize)
            {
                *met = true;
            }
        }
        for (requirement, met) in met.into_iter().enumerate() {
            if met {
                let (want, _) = self.wanted.get(requirement)?;
                if !want {
                    return None;
                }
                next.push(small(self.moves.len() + requirement));
            }
        }
        next.sort_unstable();
        next.dedup();
        self.needs(&next).map(|_| next)
    }

    /// The cheapest answer; where many patterns have to be met at once and that takes long, one that is found
    /// by always going on where the patterns need least.
    fn write(&self, budget: &mut Budget) -> Result<Option<Written>, super::OutOfBudget> {
        let wanted = self.wanted.iter().filter(|(want, _)| *want).count();
        let patience = PATIENCE / (1 + wanted * wanted);
        let patient = self.run(patience, &|cost, _| cost, budget)?;
        let run = match patient {
            Run::Impatient => self.run(usize::MAX, &|cost, needs| cost + 4 * needs, budget)?,
            other => other,
        };
        Ok(match run {
            Run::Written(written) => Some(written),
            Run::None | Run::Impatient => None,
        })
    }

    /// Goes through the states, those of the lowest rank first: ranked by their cost, and by how many
    /// characters the patterns still need.
    fn run(
        &self,
        patience: usize,
        rank: &dyn Fn(u32, u32) -> u32,
        budget: &mut Budget,
    ) -> Result<Run, super::OutOfBudget> {
        if self.impossible {
            return Ok(Run::None);
        }
        let mut nodes = vec![Node {
            parent: None,
            emitted: Emitted::Nothing,
            step: 0,
        }];
        let mut seen: HashSet<State> = HashSet::new();
        // Ordered by rank, then by age: the same answer every time.
        let mut queue: BinaryHeap<Reverse<(u32, u32, u32)>> = BinaryHeap::new();
        let mut states = vec![Some(State {
            step: 0,
            word: None,
            active: self.start.clone(),
        })];
        queue.push(Reverse((0, 0, 0)));
        while let Some(Reverse((_, index, cost))) = queue.pop() {
            let Some(state) = states.get_mut(index as usize).and_then(Option::take) else {
                continue;
            };
            if !seen.insert(state.clone()) {
                continue;
            }
            if seen.len() > patience {
                return Ok(Run::Impatient);
            }
            let Some(step) = self.script.get(state.step as usize) else {
                return Ok(Run::Written(self.written(&nodes, index)));
            };
            // One unit for each place that each next character moves, and for keeping the state.
            let ways = match step {
                Step::Emit(text, _) => text.len(),
                Step::OneOf(options, _) => options.len() * 8,
                Step::Word(_, suggestions, _) => {
                    suggestions.len() * 8
                        + self.alphabets.get(state.step as usize).map_or(0, Vec::len)
                }
            };
            budget.spend((ways as u64 + 4) * (state.active.len() as u64 + 4))?;
            let mut reach = |cost: u32, emitted: Emitted, next: State| {
                let node = small(nodes.len());
                let needs = self.needs(&next.active).unwrap_or(0);
                nodes.push(Node {
                    parent: Some(index),
                    emitted,
                    step: state.step,
                });
                states.push(Some(next));
                queue.push(Reverse((rank(cost, needs), node, cost)));
            };
            let step_index = state.step as usize;
            let after = |active: Vec<u32>| {
                self.settle(step_index, active).map(|active| State {
                    step: state.step + 1,
                    word: None,
                    active,
                })
            };
            match step {
                Step::Emit(text, tapes) => {
                    if let Some(next) = self
                        .advance_text(&state.active, text, *tapes)
                        .and_then(after)
                    {
                        reach(cost, Emitted::Nothing, next);
                    }
                }
                Step::OneOf(options, tapes) => {
                    let watched = tapes & self.watched != 0;
                    let options = if watched {
                        options.as_slice()
                    } else {
                        options.get(..1).unwrap_or_default()
                    };
                    for (rank, option) in options.iter().enumerate() {
                        if let Some(next) = self
                            .advance_text(&state.active, option, *tapes)
                            .and_then(after)
                        {
                            reach(cost + OPTION * small(rank), Emitted::Option(rank), next);
                        }
                    }
                }
                Step::Word(grammar, suggestions, tapes) => {
                    let watched = tapes & self.watched != 0;
                    if state.word.is_none() {
                        let tried = if watched {
                            suggestions.as_slice()
                        } else {
                            suggestions.get(..1).unwrap_or_default()
                        };
                        for (rank, word) in tried.iter().enumerate() {
                            if grammar.fits(word)
                                && let Some(next) = self
                                    .advance_text(&state.active, word, *tapes)
                                    .and_then(after)
                            {
                                reach(
                                    cost + SUGGESTION * (1 + small(rank)),
                                    Emitted::Option(rank),
                                    next,
                                );
                            }
                        }
                        if !watched && tried.iter().any(|word| grammar.fits(word)) {
                            continue;
                        }
                    }
                    let word = state.word.unwrap_or(0);
                    if grammar.accepts(word)
                        && let Some(next) = after(state.active.clone())
                    {
                        reach(
                            cost + if state.word.is_none() { SPELLING } else { 0 },
                            Emitted::Nothing,
                            next,
                        );
                    }
                    for &c in self
                        .alphabets
                        .get(step_index)
                        .map(Vec::as_slice)
                        .unwrap_or_default()
                    {
                        let Some(word) = grammar.step(word, c, self.exact) else {
                            continue;
                        };
                        if let Some(active) = self.advance(&state.active, c, *tapes) {
                            let price = if state.word.is_none() {
                                SPELLING
                            } else {
                                CHARACTER
                            };
                            reach(
                                cost + price,
                                Emitted::Char(c),
                                State {
                                    step: state.step,
                                    word: Some(word),
                                    active,
                                },
                            );
                        }
                    }
                }
            }
        }
        Ok(Run::None)
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
            let Some(word) = words.get_mut(node.step as usize) else {
                continue;
            };
            match (&node.emitted, self.script.get(node.step as usize)) {
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

/// Sizes here are bounded by the budget, far below 2^32.
fn small(size: usize) -> u32 {
    u32::try_from(size).unwrap_or(u32::MAX)
}

//! Is there a text, or several that share parts, which these patterns accept and those do not?
//!
//! A script says how the texts (tapes) of one request are written: an account id, say, goes to the
//! principal's and to the trail's ARN at once. All patterns run along as one automaton, so a state is a
//! set of places in patterns, and the cheapest way through is the most ordinary answer. Behind the places
//! stand the states of the machines that read numbers, dates and addresses.

mod front;
mod places;
mod writer;

use self::writer::Writer;
use super::acceptor::{Acceptor, Reads};
use super::grammar::Grammar;
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

    /// How many characters it writes at most, where there is a bound.
    fn longest(&self) -> Option<usize> {
        match self {
            Self::Emit(text, _) => Some(text.chars().count()),
            Self::OneOf(texts, _) => texts.iter().map(|text| text.chars().count()).max(),
            Self::Word(grammar, ..) => grammar.longest(),
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

/// How many characters there may be on a tape, where there is a bound.
fn longest(script: &[Step], tape: Tape) -> Option<usize> {
    let writing = |step: &&Step| step.tapes() & (1 << tape) != 0;
    script.iter().filter(writing).map(Step::longest).sum()
}

/// The last step that writes to a tape.
fn last_step(script: &[Step], tape: Tape) -> Option<usize> {
    script
        .iter()
        .rposition(|step| step.tapes() & (1 << tape) != 0)
}

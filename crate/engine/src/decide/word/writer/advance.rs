//! What becomes of the places as characters are written and texts end.

use super::{ODD, Required, Writer};
use crate::decide::typed::{Machine, Reading, Samples};
use crate::decide::word::front::State;
use crate::decide::word::places::{Places, any_within, close, insert, within};
use crate::decide::word::{Tape, last_step};
use crate::decide::{Budget, OutOfBudget};

impl Writer<'_> {
    /// Whether any requirement looks at what a step writes.
    pub(super) fn is_watched(&self, step: usize) -> bool {
        let any = |places: &Places| places.iter().any(|bits| *bits != 0);
        self.written_by.get(step).is_some_and(any)
            || self.machines.iter().any(|of| self.writes(step, of))
    }

    /// Whether a step writes to a machine's tape.
    pub(super) fn writes(&self, step: usize, machine: &Machine) -> bool {
        self.script
            .get(step)
            .is_some_and(|step| step.tapes() & (1 << machine.tape) != 0)
    }

    pub(super) fn last_step(&self, tape: Tape) -> Option<usize> {
        last_step(self.script, tape)
    }

    /// How many words of a state hold places.
    pub(super) fn width(&self) -> usize {
        self.many.len()
    }

    /// The places after a character was written by a step; `None` where a wanted requirement is lost.
    pub(super) fn advance(&mut self, active: &Places, c: char, step: usize) -> Option<Places> {
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
    pub(super) fn is_open(&self, active: &Places) -> bool {
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
    pub(super) fn needs(&self, active: &Places) -> u32 {
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
    pub(super) fn write_text(
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
    pub(super) fn settle(&self, step: usize, mut active: Places) -> Option<(Places, u32)> {
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
        for taken in Samples::ways(&self.samples, &self.machines, &read) {
            let machines = self.machines.iter().zip(&read);
            let as_if: Vec<Reading> = machines
                .map(|(machine, reading)| machine.as_if(*reading, &taken))
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
    pub(super) fn met(
        &self,
        active: &Places,
        accepted: &[u64],
        read: &[Reading],
    ) -> Option<Places> {
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
}

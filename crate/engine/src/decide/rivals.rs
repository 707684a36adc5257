//! Tests that no request passes together, two by two: `role/Ops1*` and `role/Dev*`, say. Most conflicts are of this
//! kind, and to know them beforehand spares the search the dead ends.

use super::acceptor::Acceptor;
use super::formula::{Atom, Test};
use super::overlap::{ACCOUNT, Cut, PARTITION};
use super::space::{Group, Space, Target, tape};
use super::word::Tape;
use crate::matcher::{Matcher, ValueTest};

/// Longer lists are left to the search.
const MOST: usize = 8;

/// What a test accepts, as far as it is compared with others.
pub(super) enum Accepted {
    /// Texts on tapes.
    Written(Vec<Cut<Acceptor>>),
    /// Values of a key.
    Values(String, Vec<Value>),
    /// Something else.
    Other,
}

/// What one listed value accepts.
pub(super) enum Value {
    Text(Vec<Cut<Acceptor>>),
    Range(crate::policy::value::IpRange),
}

impl Accepted {
    /// What an atom accepts, or more than that where variables are open.
    pub(super) fn by(atom: &Atom) -> Self {
        match &atom.test {
            Test::Written(written) if written.wide.len() <= MOST => {
                Self::Written(written.wide.iter().cloned().map(Cut::of).collect())
            }
            // A key that has several values may pass tests that none of them passes alone.
            Test::Value {
                key,
                wide,
                outside: false,
                ..
            } if atom.group != Group::Via && wide.tests().len() <= MOST => {
                values(wide).map_or(Self::Other, |values| Self::Values(key.clone(), values))
            }
            _ => Self::Other,
        }
    }

    /// Whether no request passes both tests, which are about the same group of keys.
    pub(super) fn excludes(&self, other: &Self, space: &Space) -> bool {
        match (self, other) {
            (Self::Written(mine), Self::Written(theirs)) => !mine
                .iter()
                .any(|a| theirs.iter().any(|b| go_together(a, b, space))),
            (Self::Values(key, mine), Self::Values(of, theirs)) => {
                key == of && !mine.iter().any(|a| theirs.iter().any(|b| a.meets(b)))
            }
            _ => false,
        }
    }
}

impl Value {
    fn meets(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Text(mine), Self::Text(theirs)) => {
                mine.iter().any(|a| theirs.iter().any(|b| a.overlaps(b)))
            }
            (Self::Range(mine), Self::Range(theirs)) => {
                mine.v6 == theirs.v6 && mine.first <= theirs.last && theirs.first <= mine.last
            }
            _ => true,
        }
    }
}

fn values(matcher: &Matcher) -> Option<Vec<Value>> {
    matcher
        .tests()
        .iter()
        .map(|test| match test {
            ValueTest::Ip(range) => Some(Value::Range(*range)),
            // What is compared with a variable may be anything.
            ValueTest::Pending(..) => None,
            test => Some(Value::Text(
                Acceptor::new(0, test).into_iter().map(Cut::of).collect(),
            )),
        })
        .collect()
}

/// Whether one request may have a text for each of two patterns: on one tape they must overlap; on two, the
/// partitions and accounts that they share must.
fn go_together(one: &Cut<Acceptor>, other: &Cut<Acceptor>, space: &Space) -> bool {
    let (mine, theirs) = (one.acceptor.tape, other.acceptor.tape);
    if mine == theirs {
        return one.overlaps(other);
    }
    let is_arn = |on: Tape| {
        matches!(
            on,
            tape::PRINCIPAL_ARN | tape::ROOT_ARN | tape::SESSION_ARN | tape::RESOURCE
        )
    };
    let has_account = |on: Tape| on != tape::RESOURCE || space.target == Target::Trail;
    match (is_arn(mine), is_arn(theirs)) {
        (true, true) => {
            one.agrees(other, PARTITION)
                && (!has_account(mine) || !has_account(theirs) || one.agrees(other, ACCOUNT))
        }
        (true, false) if theirs == tape::ACCOUNT && has_account(mine) => one.holds(ACCOUNT, other),
        (false, true) if mine == tape::ACCOUNT && has_account(theirs) => other.holds(ACCOUNT, one),
        _ => true,
    }
}

//! The search against every assignment there is.

use std::rc::Rc;

use proptest::prelude::*;

use super::*;
use crate::decide::formula::Truth;
use crate::decide::space::{Caller, Names, Space, Target};

/// Tags that are there or not, each whatever the others are.
const TAGS: usize = 7;

/// Some of these must hold: a tag, and whether it is there.
type Wanted = Vec<(usize, bool)>;

/// What is asked, as `Search` takes it.
#[derive(Debug, Clone)]
enum Asked {
    All(Vec<Wanted>),
    AnyOf(Vec<Vec<Wanted>>),
    NotAll(Vec<Wanted>),
}

impl Asked {
    fn holds(&self, there: &dyn Fn(usize) -> bool) -> bool {
        let clause = |wanted: &Wanted| wanted.iter().any(|(tag, so)| there(*tag) == *so);
        let statement = |clauses: &Vec<Wanted>| clauses.iter().all(clause);
        match self {
            Self::All(clauses) => statement(clauses),
            Self::AnyOf(statements) => statements.iter().any(statement),
            Self::NotAll(clauses) => !statement(clauses),
        }
    }
}

fn world() -> World {
    let space = Space {
        target: Target::Trail,
        callers: vec![Caller::Role],
        principal: None,
        like: Vec::new(),
        within: Vec::new(),
        excluded: Vec::new(),
        given: Vec::new(),
        now: None,
        names: Names::default(),
    };
    World::new(Rc::new(space), Caller::Role)
}

fn key(tag: usize) -> String {
    format!("aws:principaltag/t{tag}")
}

/// What the search comes to: the tags that are there, or `None` where nothing does.
fn searched(world: &mut World, asked: &[Asked]) -> Option<Vec<usize>> {
    let literal = |world: &mut World, (tag, so): (usize, bool)| {
        let Truth::Any(present) = world.compiler.present(&key(tag)) else {
            panic!("a tag may be there or not")
        };
        if so { present[0] } else { present[0].negated() }
    };
    let clauses = |world: &mut World, clauses: &[Wanted]| -> Vec<Clause> {
        let clause = |wanted: &Wanted| wanted.iter().map(|one| literal(world, *one)).collect();
        clauses.iter().map(clause).collect()
    };
    let compiled: Vec<Vec<Vec<Clause>>> = asked
        .iter()
        .map(|asked| match asked {
            Asked::All(all) | Asked::NotAll(all) => vec![clauses(world, all)],
            Asked::AnyOf(statements) => statements.iter().map(|all| clauses(world, all)).collect(),
        })
        .collect();
    let mut search = Search::new(world);
    for (asked, mut compiled) in asked.iter().zip(compiled) {
        match asked {
            Asked::All(_) => search.all(compiled.remove(0)),
            Asked::AnyOf(_) => search.any_of(compiled),
            Asked::NotAll(_) => search.not_all(compiled.remove(0)),
        }
    }
    let mut budget = Budget {
        left: Budget::QUESTION,
    };
    match search.run(&mut budget).expect("the budget is enough") {
        Searched::Found(model) => {
            let there = |tag: &usize| {
                let values = model.get(&Group::Key(key(*tag)));
                values.is_some_and(|values| !values.context.is_empty())
            };
            Some((0..TAGS).filter(there).collect())
        }
        Searched::None => None,
        Searched::Unknown(why) => panic!("{why}"),
    }
}

fn wanted() -> impl Strategy<Value = Wanted> {
    prop::collection::vec((0..TAGS, any::<bool>()), 0..4)
}

fn statement() -> impl Strategy<Value = Vec<Wanted>> {
    prop::collection::vec(wanted(), 0..4)
}

fn asked() -> impl Strategy<Value = Asked> {
    prop_oneof![
        statement().prop_map(Asked::All),
        prop::collection::vec(statement(), 0..4).prop_map(Asked::AnyOf),
        statement().prop_map(Asked::NotAll),
    ]
}

proptest! {
    /// Two questions to one world: what was learned from the first must not mislead the second.
    #[test]
    fn it_finds_what_there_is(first in prop::collection::vec(asked(), 0..9), second in prop::collection::vec(asked(), 0..9)) {
        let mut world = world();
        for asked in [first, second] {
            let possible = (0..1_usize << TAGS)
                .any(|choice| asked.iter().all(|asked| asked.holds(&|tag| choice >> tag & 1 == 1)));
            let found = searched(&mut world, &asked);
            prop_assert_eq!(found.is_some(), possible);
            if let Some(there) = found {
                prop_assert!(asked.iter().all(|asked| asked.holds(&|tag| there.contains(&tag))), "{:?}", there);
            }
        }
    }
}

#[test]
fn a_key_that_is_not_needed_is_left_out() {
    let either = vec![(0, true), (1, true)];
    let found = searched(&mut world(), &[Asked::All(vec![either, vec![(2, false)]])]);
    assert_eq!(found.map(|there| there.len()), Some(1));
}

/// One pigeon more than there are holes: dead ends all over, which learning cuts short.
#[test]
fn pigeons_do_not_fit() {
    const HOLES: usize = 5;
    let hole = |pigeon: usize, hole: usize| (pigeon * HOLES + hole, true);
    let each_somewhere = (0..=HOLES).map(|pigeon| (0..HOLES).map(|at| hole(pigeon, at)).collect());
    let mut asked = vec![Asked::All(each_somewhere.collect())];
    for at in 0..HOLES {
        for one in 0..=HOLES {
            for other in 0..one {
                let both = vec![vec![hole(one, at)], vec![hole(other, at)]];
                asked.push(Asked::NotAll(both));
            }
        }
    }
    assert_eq!(searched(&mut world(), &asked), None);
}

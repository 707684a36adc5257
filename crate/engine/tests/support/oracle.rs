//! The decision by brute force: every combination of the values that the policies' constants induce, each
//! judged by the plain reading of `meaning`.
//!
//! Keys that are linked have their values together, as a group; groups that a policy variable ties to each other
//! are tried together. What a value of one group does to each statement is a set of bits, so that all the
//! combinations over all groups are gone through without trying each one by itself.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;

use iam_guardrails::evaluate::Request;
use iam_guardrails::report::DocumentKind;
use iam_guardrails::request::Settings;

use crate::candidates::{Candidates, Group, Home, Part, Target, variables};
use crate::meaning::{Condition, Document, Pattern, Statement, is_cap};
use crate::values::glob;

/// What brute force found out about one action by one principal.
#[derive(Debug, Clone, Default)]
pub(crate) struct Found {
    /// An unauthorized request that is allowed.
    pub(crate) allowed: Option<Request>,
    /// One that no `Deny` matches.
    pub(crate) slips: Option<Request>,
    /// One that an `Allow` of an identity-based policy grants, but for the denies.
    pub(crate) granted: Option<Request>,
}

/// Something that holds for a request or not, and the bit that tells it.
struct Piece<'d> {
    bit: u64,
    test: Test<'d>,
    groups: Vec<Group>,
    /// Condition keys that it looks at; `resource` stands for itself.
    keys: Vec<String>,
}

enum Test<'d> {
    Resource(&'d Statement),
    Principal(&'d Statement),
    Condition(&'d Condition),
    /// A request with such a value is none of the guardrail's business.
    Excluded(String, String),
    Protected(Vec<Pattern>),
}

impl Test<'_> {
    fn holds(&self, request: &Request) -> bool {
        match self {
            Self::Resource(statement) => statement.names_resource(request),
            Self::Principal(statement) => statement.names_principal(request),
            Self::Condition(condition) => condition.holds(request),
            Self::Excluded(key, pattern) => request
                .context
                .get(key)
                .is_some_and(|values| values.iter().any(|value| glob(pattern, value))),
            Self::Protected(patterns) => is_one_of(patterns, request),
        }
    }
}

/// Groups that are tried together, and what is asked of them.
type Component<'o, 'd> = (Vec<Group>, Vec<&'o Piece<'d>>);

/// The bits that stay with these parts.
type Reached = (u64, Rc<Vec<Part>>);

/// A request by its parts, put together when it is wanted.
enum Chain {
    Start(Request),
    And(Rc<Chain>, Rc<Vec<Part>>),
}

impl Chain {
    fn request(&self) -> Request {
        match self {
            Self::Start(request) => request.clone(),
            Self::And(before, parts) => {
                let mut request = before.request();
                parts.iter().for_each(|part| part.put(&mut request));
                request
            }
        }
    }
}

/// All that can be asked about one principal's documents, or one bucket's.
pub(crate) struct Oracle<'d> {
    documents: Vec<&'d Document>,
    statements: Vec<&'d Statement>,
    pieces: Vec<Piece<'d>>,
    candidates: Candidates,
    /// Bits of what is excluded.
    excluded: u64,
    protected: u64,
}

/// More combinations than this in one component are tried by sample.
const MOST: usize = 20_000;

impl<'d> Oracle<'d> {
    /// About these actions on trails by the principal that the documents are attached to: where that is not named,
    /// it is none of the others.
    pub(crate) fn of_trails(
        documents: Vec<&'d Document>,
        settings: &Settings,
        owner: Option<&str>,
        others: &[String],
        actions: &[&str],
    ) -> Self {
        let mut excluded = authorized(settings);
        if owner.is_none() {
            let by_arn = |arn: &String| ("aws:principalarn".to_owned(), arn.clone());
            excluded.extend(others.iter().map(by_arn));
        }
        Self::new(
            documents,
            Candidates::new(Target::Trail, settings, owner),
            &excluded,
            &settings.protected_trails,
            actions,
        )
    }

    /// About these actions on a bucket or its objects, by callers that have none of the excluded values.
    pub(crate) fn of_bucket(
        documents: Vec<&'d Document>,
        target: Target,
        settings: &Settings,
        excluded: &[(String, String)],
        given: &[(String, Vec<String>)],
        actions: &[&str],
    ) -> Self {
        let mut candidates = Candidates::new(target, settings, None);
        candidates.given = given.iter().cloned().collect();
        Self::new(documents, candidates, excluded, &[], actions)
    }

    fn new(
        documents: Vec<&'d Document>,
        candidates: Candidates,
        excluded: &[(String, String)],
        protected: &[String],
        actions: &[&str],
    ) -> Self {
        let statements: Vec<&Statement> = documents
            .iter()
            .flat_map(|document| &document.statements)
            .filter(|statement| actions.iter().any(|action| statement.names_action(action)))
            .collect();
        let mut oracle = Self {
            documents,
            statements: Vec::new(),
            pieces: Vec::new(),
            candidates,
            excluded: 0,
            protected: 0,
        };
        for (index, statement) in statements.iter().enumerate() {
            oracle.take_statement(1 << index, statement);
        }
        let mut bit = 1 << statements.len();
        oracle.statements = statements;
        for (key, pattern) in excluded {
            oracle.candidates.constant(key, pattern);
            let test = Test::Excluded(key.clone(), pattern.clone());
            oracle.take(bit, test, vec![key.clone()]);
            oracle.excluded |= bit;
            bit <<= 1;
        }
        if !protected.is_empty() {
            oracle.candidates.texts.extend(protected.iter().cloned());
            let patterns = protected_patterns(protected);
            oracle.take(bit, Test::Protected(patterns), vec!["resource".to_owned()]);
            oracle.protected = bit;
        }
        oracle.candidates.finish();
        oracle
    }

    fn take_statement(&mut self, bit: u64, statement: &'d Statement) {
        let mut keys = vec!["resource".to_owned()];
        for pattern in &statement.resource.list {
            keys.extend(variables(&pattern.written));
            self.candidates.texts.push(pattern.written.clone());
        }
        self.take(bit, Test::Resource(statement), keys);
        if let Some(element) = &statement.principal
            && element.list.iter().all(|(kind, _)| !kind.is_empty())
        {
            let mut keys = vec!["aws:principalarn".to_owned()];
            for (kind, name) in &element.list {
                if kind == "AWS" {
                    self.candidates.constant("aws:principalarn", name);
                }
                if name.contains(":assumed-role/") {
                    keys.push("aws:userid".to_owned());
                }
                self.candidates.known_as(kind, name);
            }
            self.take(bit, Test::Principal(statement), keys);
        }
        for condition in &statement.conditions {
            let mut keys = vec![condition.key.clone()];
            for value in &condition.values {
                keys.extend(variables(&value.written));
                self.candidates.constant(&condition.key, &value.written);
            }
            self.take(bit, Test::Condition(condition), keys);
        }
    }

    fn take(&mut self, bit: u64, test: Test<'d>, keys: Vec<String>) {
        let groups: BTreeSet<Group> = keys
            .iter()
            .filter_map(|key| self.candidates.group_of(key))
            .collect();
        self.candidates.asked.push(keys.clone());
        self.pieces.push(Piece {
            bit,
            test,
            groups: groups.into_iter().collect(),
            keys,
        });
    }

    /// What there is to find about each action.
    pub(crate) fn find(&self, actions: &[&str]) -> Vec<Found> {
        use DocumentKind::{Identity, PermissionsBoundary, Rcp, Resource, Scp, Session};
        let reached = self.reach();
        let grants_given = self
            .documents
            .iter()
            .any(|document| [Identity, Resource].contains(&document.kind));
        let capping: Vec<DocumentKind> = [PermissionsBoundary, Session, Scp, Rcp]
            .into_iter()
            .filter(|kind| is_cap(&self.documents, *kind))
            .collect();
        actions
            .iter()
            .map(|action| {
                let naming = self.mask(|statement| statement.names_action(action));
                let allows = |kind| {
                    naming & self.mask(|statement| statement.kind == kind && statement.allow)
                };
                let denies = naming & self.mask(|statement| !statement.allow);
                let grants = allows(Identity) | allows(Resource);
                let caps: Vec<u64> = capping.iter().map(|kind| allows(*kind)).collect();
                let mut found = Found::default();
                for (bits, chain) in &reached {
                    let request = || Request {
                        action: (*action).to_owned(),
                        ..chain.request()
                    };
                    let capped = caps.iter().all(|cap| bits & cap != 0);
                    let denied = bits & denies != 0;
                    let granted = bits & grants != 0;
                    if !denied && capped && (granted || !grants_given) {
                        found.allowed.get_or_insert_with(request);
                    }
                    if !denied {
                        found.slips.get_or_insert_with(request);
                    }
                    if granted && capped {
                        found.granted.get_or_insert_with(request);
                    }
                }
                found
            })
            .collect()
    }

    fn mask(&self, test: impl Fn(&Statement) -> bool) -> u64 {
        self.statements
            .iter()
            .enumerate()
            .filter(|(_, statement)| test(statement))
            .fold(0, |mask, (index, _)| mask | 1 << index)
    }

    /// Every set of statements that a request which is not excluded matches, actions aside, and such a request.
    fn reach(&self) -> Vec<(u64, Rc<Chain>)> {
        let components = self.components();
        let mut settled: HashMap<(usize, bool), Vec<Reached>> = HashMap::new();
        let mut reached: BTreeMap<u64, Rc<Chain>> = BTreeMap::new();
        for home in self.candidates.homes() {
            let base = self.candidates.base(&home);
            let start = Rc::new(Chain::Start(base.clone()));
            let mut here = BTreeMap::from([(u64::MAX, start)]);
            for (index, (groups, pieces)) in components.iter().enumerate() {
                let bound = |group: &Group| matches!(group, Group::Principal | Group::Resource);
                let free = !groups.iter().any(bound)
                    && !pieces.iter().any(|piece| {
                        let settled_by_home = |key| self.candidates.group_of(key).is_none();
                        piece.keys.iter().any(|key| settled_by_home(key))
                    });
                let place = (index, home.anonymous);
                if !free || !settled.contains_key(&place) {
                    let values = self.values(groups, pieces, &home, &base);
                    let shared = values
                        .into_iter()
                        .map(|(mask, parts)| (mask, Rc::new(parts)));
                    settled.insert(place, shared.collect());
                }
                let values = &settled[&place];
                let mut next = BTreeMap::new();
                for (bits, chain) in &here {
                    for (mask, parts) in values {
                        next.entry(bits & mask)
                            .or_insert_with(|| Rc::new(Chain::And(chain.clone(), parts.clone())));
                    }
                }
                here = next;
            }
            for (bits, chain) in here {
                reached.entry(bits).or_insert(chain);
            }
        }
        reached.into_iter().collect()
    }

    /// Groups that a policy variable ties together, and what is asked of them.
    fn components(&self) -> Vec<Component<'_, 'd>> {
        let mut components: Vec<BTreeSet<Group>> = vec![
            BTreeSet::from([Group::Principal]),
            BTreeSet::from([Group::Resource]),
        ];
        for piece in &self.pieces {
            let mut merged: BTreeSet<Group> = piece.groups.iter().cloned().collect();
            components.retain(|component| {
                let apart = component.is_disjoint(&merged);
                if !apart {
                    merged.extend(component.iter().cloned());
                }
                apart
            });
            if !merged.is_empty() {
                components.push(merged);
            }
        }
        components
            .into_iter()
            .map(|groups| {
                let own = |piece: &&Piece<'_>| match piece.groups.first() {
                    Some(group) => groups.contains(group),
                    // What the account alone settles is asked with the principal.
                    None => groups.contains(&Group::Principal),
                };
                let pieces = self.pieces.iter().filter(own).collect();
                (groups.iter().cloned().collect(), pieces)
            })
            .collect()
    }

    /// The values of a component that the pieces tell apart.
    fn values(
        &self,
        groups: &[Group],
        pieces: &[&Piece<'d>],
        home: &Home,
        base: &Request,
    ) -> Vec<(u64, Vec<Part>)> {
        // Each group by itself: values that no piece tells apart are one.
        let lists: Vec<Vec<(u64, Part)>> = groups
            .iter()
            .map(|group| {
                let only = |piece: &&&Piece<'_>| match piece.groups.as_slice() {
                    [] => *group == Group::Principal,
                    [of] => of == group,
                    _ => false,
                };
                let own: Vec<&Piece<'_>> = pieces.iter().filter(only).copied().collect();
                let shared: BTreeSet<&String> = pieces
                    .iter()
                    .filter(|piece| piece.groups.len() > 1 && piece.groups.contains(group))
                    .flat_map(|piece| &piece.keys)
                    .collect();
                let mut parts = self.candidates.parts(group, home);
                if own.is_empty() && shared.is_empty() {
                    parts.truncate(1);
                }
                let mut seen = BTreeSet::new();
                parts
                    .into_iter()
                    .filter_map(|part| {
                        let mut request = base.clone();
                        part.put(&mut request);
                        let mask = self.bits(&own, &request)?;
                        let shown: Vec<Option<Vec<String>>> = shared
                            .iter()
                            .map(|key| match key.as_str() {
                                "resource" => Some(vec![request.resource.clone()]),
                                key => request.context.get(key).cloned(),
                            })
                            .collect();
                        seen.insert((mask, shown)).then_some((mask, part))
                    })
                    .collect()
            })
            .collect();
        if let [list] = lists.as_slice() {
            let alone = |(mask, part): &(u64, Part)| (*mask, vec![part.clone()]);
            return list.iter().map(alone).collect();
        }
        // What a piece says is the same wherever its own groups have the same values.
        let mut shared: Vec<(&Piece<'d>, HashMap<Vec<usize>, bool>)> = pieces
            .iter()
            .filter(|piece| piece.groups.len() > 1)
            .map(|piece| (*piece, HashMap::new()))
            .collect();
        let total: usize = lists.iter().map(Vec::len).product();
        let mut distinct: BTreeMap<u64, Vec<Part>> = BTreeMap::new();
        for number in 0..total.min(MOST) {
            let mut rest = if total > MOST {
                (number.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 7) % total
            } else {
                number
            };
            let mut mask = u64::MAX;
            let mut chosen = Vec::with_capacity(lists.len());
            for list in &lists {
                chosen.push(rest % list.len());
                mask &= list[rest % list.len()].0;
                rest /= list.len();
            }
            for (piece, known) in &mut shared {
                if mask & piece.bit == 0 {
                    continue;
                }
                let of = |group: &Group| groups.iter().position(|known| known == group).unwrap();
                let place: Vec<usize> =
                    piece.groups.iter().map(|group| chosen[of(group)]).collect();
                let holds = *known.entry(place).or_insert_with(|| {
                    let mut request = base.clone();
                    for group in &piece.groups {
                        lists[of(group)][chosen[of(group)]].1.put(&mut request);
                    }
                    piece.test.holds(&request)
                });
                if !holds {
                    mask &= !piece.bit;
                }
            }
            distinct.entry(mask).or_insert_with(|| {
                let parts = lists.iter().zip(&chosen);
                parts.map(|(list, at)| list[*at].1.clone()).collect()
            });
        }
        distinct.into_iter().collect()
    }

    /// The bits that stay; `None` for requests that are excluded or not on a protected trail.
    fn bits(&self, pieces: &[&Piece<'d>], request: &Request) -> Option<u64> {
        let mut bits = u64::MAX;
        for piece in pieces {
            if bits & piece.bit == 0 && piece.bit & (self.excluded | self.protected) == 0 {
                continue;
            }
            let holds = piece.test.holds(request);
            let excluded = piece.bit & self.excluded != 0;
            if excluded && holds || piece.bit == self.protected && !holds {
                return None;
            }
            if !holds && !excluded {
                bits &= !piece.bit;
            }
        }
        Some(bits)
    }
}

/// `authorizedPrincipals` as keys and patterns.
fn authorized(settings: &Settings) -> Vec<(String, String)> {
    settings
        .authorized_principals
        .iter()
        .map(|entry| match entry.split_once('=') {
            Some((key, pattern)) if !key.starts_with("arn:") => {
                (key.to_ascii_lowercase(), pattern.to_owned())
            }
            _ => ("aws:principalarn".to_owned(), entry.clone()),
        })
        .collect()
}

/// Whether an authorized principal makes the request.
pub(crate) fn is_authorized(settings: &Settings, request: &Request) -> bool {
    authorized(settings)
        .into_iter()
        .any(|(key, pattern)| Test::Excluded(key, pattern).holds(request))
}

/// Whether the trail is one of those to protect.
pub(crate) fn is_protected(settings: &Settings, request: &Request) -> bool {
    let patterns = protected_patterns(&settings.protected_trails);
    patterns.is_empty() || is_one_of(&patterns, request)
}

fn protected_patterns(texts: &[String]) -> Vec<Pattern> {
    texts
        .iter()
        .map(|text| Pattern::read(text, true, false))
        .collect()
}

fn is_one_of(patterns: &[Pattern], request: &Request) -> bool {
    patterns
        .iter()
        .any(|pattern| pattern.matches_arn(&request.resource, true, request))
}

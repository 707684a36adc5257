//! The decision by brute force: every combination of the values that the policies' constants induce, each
//! judged by `evaluate`.
//!
//! Keys that are linked have their values together, as a group; groups that a policy variable ties to each other
//! are tried together. What a value of one group does to each statement is a set of bits, so that all the
//! combinations over all groups are gone through without trying each one by itself.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use iam_guardrails::evaluate::{
    Applied, Mismatch, Request, caps, condition_holds, mismatches, names_action, resource_pattern,
};
use iam_guardrails::pattern::ArnPattern;
use iam_guardrails::policy::{Effect, Reading, Statement, Version, read};
use iam_guardrails::report::DocumentKind;
use iam_guardrails::request::{CheckRequest, Settings};
use iam_guardrails::source::parse;

use crate::values::{addresses_around, around, date, fillers, glob, instances, seconds};
use crate::wellformed::{
    PARTITIONS, is_absent, is_account, is_organization, is_principal, is_region, is_trail_name,
    is_value, part,
};

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

/// The documents, read.
pub(crate) fn readings(request: &CheckRequest) -> Vec<Reading<'_>> {
    request
        .documents
        .iter()
        .map(|document| {
            let node =
                parse(&document.text).unwrap_or_else(|problem| panic!("{}", problem.message));
            read(node, document.kind)
        })
        .collect()
}

/// The kinds of document that bear on a trail.
const ON_TRAILS: [DocumentKind; 4] = [
    DocumentKind::Identity,
    DocumentKind::PermissionsBoundary,
    DocumentKind::Session,
    DocumentKind::Scp,
];

/// The documents that apply to a principal's action on a trail.
pub(crate) fn applied<'a, 't>(
    request: &CheckRequest,
    readings: &'a [Reading<'t>],
    owner: Option<&str>,
) -> Vec<Applied<'a, 't>> {
    request
        .documents
        .iter()
        .zip(readings)
        .filter_map(|(input, reading)| {
            let (kind, policy) = (reading.kind?, reading.policy.as_ref()?);
            let own = kind != DocumentKind::Identity || input.attached_to.as_deref() == owner;
            (ON_TRAILS.contains(&kind) && own).then_some(Applied { kind, policy })
        })
        .collect()
}

/// The principals that identity-based policies are attached to; the unnamed one where there are none.
pub(crate) fn owners(request: &CheckRequest, readings: &[Reading<'_>]) -> BTreeSet<Option<String>> {
    let mut owners: BTreeSet<Option<String>> = request
        .documents
        .iter()
        .zip(readings)
        .filter(|(_, reading)| reading.kind == Some(DocumentKind::Identity))
        .map(|(input, _)| input.attached_to.clone())
        .collect();
    if owners.is_empty() {
        owners.insert(None);
    }
    owners
}

/// Keys that have their values together.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Group {
    Principal,
    Resource,
    Organization,
    Time,
    Network,
    Mfa,
    Via,
    Key(String),
}

/// The group of a key; none for those that the account settles.
fn group_of(key: &str) -> Option<Group> {
    Some(match key {
        "aws:principalaccount" | "aws:resourceaccount" | "aws:principalisawsservice" => {
            return None;
        }
        "aws:principalarn" | "aws:principaltype" | "aws:userid" | "aws:username" => {
            Group::Principal
        }
        "aws:principalorgid"
        | "aws:principalorgpaths"
        | "aws:resourceorgid"
        | "aws:resourceorgpaths" => Group::Organization,
        "aws:currenttime" | "aws:epochtime" => Group::Time,
        "aws:sourceip" | "aws:sourcevpc" | "aws:sourcevpce" | "aws:vpcsourceip" => Group::Network,
        "aws:multifactorauthpresent" | "aws:multifactorauthage" => Group::Mfa,
        "aws:viaawsservice" | "aws:calledvia" | "aws:calledviafirst" | "aws:calledvialast" => {
            Group::Via
        }
        key => Group::Key(key.to_owned()),
    })
}

/// One value of a group.
#[derive(Debug, Clone, Default)]
struct Part {
    principal: Option<String>,
    resource: Option<String>,
    context: Vec<(String, Vec<String>)>,
}

impl Part {
    fn of(keys: &[(&str, String)]) -> Self {
        Self {
            context: keys
                .iter()
                .map(|(key, value)| ((*key).to_owned(), vec![value.clone()]))
                .collect(),
            ..Self::default()
        }
    }

    fn put(&self, request: &mut Request) {
        if let Some(principal) = &self.principal {
            request.principal.clone_from(principal);
        }
        if let Some(resource) = &self.resource {
            request.resource.clone_from(resource);
        }
        request.context.extend(self.context.iter().cloned());
    }
}

/// Something that holds for a request or not, and the bit that tells it.
struct Piece<'a, 't> {
    bit: u64,
    test: Test<'a, 't>,
    groups: Vec<Group>,
    /// Condition keys that it looks at; `resource` and `principal` stand for themselves.
    keys: Vec<String>,
}

enum Test<'a, 't> {
    Resource(&'a Statement<'t>, Applied<'a, 't>),
    Condition(&'a Statement<'t>, usize, Version),
    Authorized(String, String),
    Protected(Vec<ArnPattern>),
}

impl Test<'_, '_> {
    fn holds(&self, request: &Request) -> bool {
        match self {
            Self::Resource(statement, document) => !mismatches(statement, *document, request)
                .take_while(|mismatch| !matches!(mismatch, Mismatch::Condition(_)))
                .any(|mismatch| mismatch == Mismatch::Resource),
            Self::Condition(statement, index, version) => {
                condition_holds(&statement.conditions[*index], *version, request)
            }
            Self::Authorized(key, pattern) => request
                .context
                .get(key)
                .is_some_and(|values| values.iter().any(|value| glob(pattern, value))),
            Self::Protected(patterns) => patterns
                .iter()
                .any(|pattern| pattern.matches(&request.resource)),
        }
    }
}

/// All that can be asked about one principal's documents.
pub(crate) struct Oracle<'a, 't> {
    documents: Vec<Applied<'a, 't>>,
    owner: Option<String>,
    settings: &'a Settings,
    statements: Vec<(Applied<'a, 't>, &'a Statement<'t>)>,
    pieces: Vec<Piece<'a, 't>>,
    /// Patterns by the key that they are compared with, without variables and with them.
    constants: BTreeMap<String, Vec<String>>,
    /// Every text of the documents and settings.
    texts: Vec<String>,
    /// Bits of `authorizedPrincipals`: requests with one are authorized.
    authorized: u64,
    protected: u64,
    /// The keys of policy variables.
    variable_keys: BTreeSet<String>,
    names: Vec<String>,
    regions: Vec<String>,
    trail_names: Vec<String>,
    principal_tails: Vec<String>,
}

/// Where the caller and the trail are.
#[derive(Debug, Clone)]
struct Home {
    partition: String,
    account: String,
}

/// More combinations than this in one component are tried by sample.
const MOST: usize = 20_000;

impl<'a, 't> Oracle<'a, 't> {
    pub(crate) fn new(
        documents: Vec<Applied<'a, 't>>,
        settings: &'a Settings,
        owner: Option<&str>,
        actions: &[&str],
    ) -> Self {
        let statements: Vec<_> = documents
            .iter()
            .flat_map(|document| {
                let all = document.policy.statements.iter();
                all.map(|statement| (*document, statement))
            })
            .filter(|(_, statement)| {
                actions
                    .iter()
                    .any(|action| names_action(&statement.action, action))
            })
            .collect();
        let mut oracle = Self {
            documents,
            owner: owner.map(str::to_owned),
            settings,
            statements: Vec::new(),
            pieces: Vec::new(),
            constants: BTreeMap::new(),
            texts: Vec::new(),
            authorized: 0,
            protected: 0,
            variable_keys: BTreeSet::new(),
            names: Vec::new(),
            regions: Vec::new(),
            trail_names: Vec::new(),
            principal_tails: Vec::new(),
        };
        for (index, (document, statement)) in statements.iter().enumerate() {
            oracle.take_statement(1 << index, *document, statement);
        }
        let mut bit = 1 << statements.len();
        oracle.statements = statements;
        for entry in &settings.authorized_principals {
            let (key, pattern) = match entry.split_once('=') {
                Some((key, pattern)) if !key.starts_with("arn:") => {
                    (key.to_ascii_lowercase(), pattern.to_owned())
                }
                _ => ("aws:principalarn".to_owned(), entry.clone()),
            };
            oracle.texts.push(pattern.clone());
            let constants = oracle.constants.entry(key.clone()).or_default();
            constants.push(pattern.clone());
            oracle.pieces.push(Piece {
                bit,
                groups: group_of(&key).into_iter().collect(),
                keys: vec![key.clone()],
                test: Test::Authorized(key, pattern),
            });
            oracle.authorized |= bit;
            bit <<= 1;
        }
        if !settings.protected_trails.is_empty() {
            oracle
                .texts
                .extend(settings.protected_trails.iter().cloned());
            oracle.pieces.push(Piece {
                bit,
                test: Test::Protected(
                    settings
                        .protected_trails
                        .iter()
                        .map(|pattern| {
                            resource_pattern(pattern, Version::V2008, DocumentKind::Identity)
                        })
                        .collect(),
                ),
                groups: vec![Group::Resource],
                keys: vec!["resource".to_owned()],
            });
            oracle.protected = bit;
        }
        oracle.variable_keys = oracle
            .texts
            .iter()
            .flat_map(|text| variables(text))
            .collect();
        oracle.names = oracle.find_names();
        oracle.regions = oracle.find_regions();
        oracle.trail_names = oracle.find_trail_names();
        oracle.principal_tails = oracle.find_principal_tails();
        oracle
    }

    fn take_statement(
        &mut self,
        bit: u64,
        document: Applied<'a, 't>,
        statement: &'a Statement<'t>,
    ) {
        let version = document.policy.version;
        let variables = |text: &str| -> Vec<String> {
            if version == Version::V2012 {
                variables(text)
            } else {
                Vec::new()
            }
        };
        let groups_of = |keys: &[String]| -> Vec<Group> {
            let mut groups: Vec<Group> = keys
                .iter()
                .filter_map(|key| match key.as_str() {
                    "resource" => Some(Group::Resource),
                    key => group_of(key),
                })
                .collect();
            groups.sort();
            groups.dedup();
            groups
        };
        if let Some(element) = &statement.resource {
            let mut keys = vec!["resource".to_owned()];
            for value in element.matching.list() {
                keys.extend(variables(&value.value));
                self.texts.push(value.value.to_string());
            }
            self.pieces.push(Piece {
                bit,
                test: Test::Resource(statement, document),
                groups: groups_of(&keys),
                keys,
            });
        }
        for (index, condition) in statement.conditions.iter().enumerate() {
            let key = condition.key.value.to_ascii_lowercase();
            let mut keys = vec![key.clone()];
            for value in &condition.values {
                let text = value.value.to_string();
                let live = variables(&text);
                keys.extend(live);
                self.texts.push(text.clone());
                self.constants.entry(key.clone()).or_default().push(text);
            }
            self.pieces.push(Piece {
                bit,
                test: Test::Condition(statement, index, version),
                groups: groups_of(&keys),
                keys,
            });
        }
    }

    /// What there is to find about each action.
    pub(crate) fn find(&self, actions: &[&str]) -> Vec<Found> {
        let reached = self.reach();
        actions
            .iter()
            .map(|action| {
                let naming: u64 = self.mask(|_, statement| names_action(&statement.action, action));
                let of = |kind, effect| {
                    naming
                        & self.mask(|document, statement| {
                            document.kind == kind && statement.effect.value == effect
                        })
                };
                let denies =
                    naming & self.mask(|_, statement| statement.effect.value == Effect::Deny);
                let grants = of(DocumentKind::Identity, Effect::Allow);
                let has_grants = self
                    .documents
                    .iter()
                    .any(|document| document.kind == DocumentKind::Identity);
                let caps: Vec<u64> = ON_TRAILS
                    .iter()
                    .filter(|kind| {
                        **kind != DocumentKind::Identity && caps(&self.documents, **kind)
                    })
                    .map(|kind| of(*kind, Effect::Allow))
                    .collect();
                let mut found = Found { ..Found::default() };
                for (bits, request) in &reached {
                    let request = || Request {
                        action: (*action).to_owned(),
                        ..request.clone()
                    };
                    let capped = caps.iter().all(|cap| bits & cap != 0);
                    let denied = bits & denies != 0;
                    let granted = bits & grants != 0;
                    if !denied && capped && (granted || !has_grants) {
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

    fn mask(&self, test: impl Fn(&Applied<'_, '_>, &Statement<'_>) -> bool) -> u64 {
        self.statements
            .iter()
            .enumerate()
            .filter(|(_, (document, statement))| test(document, statement))
            .fold(0, |mask, (index, _)| mask | 1 << index)
    }

    /// Every set of statements that an unauthorized request on a protected trail matches, actions aside, and
    /// such a request.
    fn reach(&self) -> Vec<(u64, Request)> {
        let components = self.components();
        let mut settled: HashMap<usize, Vec<(u64, Vec<Part>)>> = HashMap::new();
        let mut reached: BTreeMap<u64, Request> = BTreeMap::new();
        for home in self.homes() {
            let base = Request {
                principal: String::new(),
                action: String::new(),
                resource: String::new(),
                context: BTreeMap::from([
                    (
                        "aws:principalaccount".to_owned(),
                        vec![home.account.clone()],
                    ),
                    ("aws:resourceaccount".to_owned(), vec![home.account.clone()]),
                    (
                        "aws:principalisawsservice".to_owned(),
                        vec!["false".to_owned()],
                    ),
                ]),
            };
            let mut here: BTreeMap<u64, Request> = BTreeMap::from([(u64::MAX, base.clone())]);
            for (index, (groups, pieces)) in components.iter().enumerate() {
                let bound = |group: &Group| matches!(group, Group::Principal | Group::Resource);
                let free = !groups.iter().any(bound)
                    && !pieces
                        .iter()
                        .any(|piece| piece.keys.iter().any(|key| group_of(key).is_none()));
                if !free || !settled.contains_key(&index) {
                    settled.insert(index, self.values(groups, pieces, &home, &base));
                }
                let values = &settled[&index];
                let mut next = BTreeMap::new();
                for (bits, request) in &here {
                    for (mask, parts) in values {
                        next.entry(bits & mask).or_insert_with(|| {
                            let mut request = request.clone();
                            parts.iter().for_each(|part| part.put(&mut request));
                            request
                        });
                    }
                }
                here = next;
            }
            for (bits, request) in here {
                reached.entry(bits).or_insert(request);
            }
        }
        reached.into_iter().collect()
    }

    /// Groups that a policy variable ties together, and what is asked of them.
    fn components(&self) -> Vec<(Vec<Group>, Vec<&Piece<'a, 't>>)> {
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
                let own = |piece: &&Piece<'_, '_>| match piece.groups.first() {
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
        pieces: &[&Piece<'a, 't>],
        home: &Home,
        base: &Request,
    ) -> Vec<(u64, Vec<Part>)> {
        // Each group by itself: values that no piece tells apart are one.
        let lists: Vec<Vec<(u64, Part)>> = groups
            .iter()
            .map(|group| {
                let only = |piece: &&&Piece<'_, '_>| match piece.groups.as_slice() {
                    [] => *group == Group::Principal,
                    [of] => of == group,
                    _ => false,
                };
                let own: Vec<&Piece<'_, '_>> = pieces.iter().filter(only).copied().collect();
                let shared: BTreeSet<&String> = pieces
                    .iter()
                    .filter(|piece| piece.groups.len() > 1 && piece.groups.contains(group))
                    .flat_map(|piece| &piece.keys)
                    .collect();
                let mut seen = BTreeSet::new();
                self.parts(group, home)
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
        let mut shared: Vec<(&Piece<'a, 't>, HashMap<Vec<usize>, bool>)> = pieces
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

    /// The bits that stay; `None` for requests that are authorized or not on a protected trail.
    fn bits(&self, pieces: &[&Piece<'a, 't>], request: &Request) -> Option<u64> {
        let mut bits = u64::MAX;
        for piece in pieces {
            if bits & piece.bit == 0 && piece.bit & (self.authorized | self.protected) == 0 {
                continue;
            }
            let holds = piece.test.holds(request);
            let authorized = piece.bit & self.authorized != 0;
            if authorized && holds || piece.bit == self.protected && !holds {
                return None;
            }
            if !holds && !authorized {
                bits &= !piece.bit;
            }
        }
        Some(bits)
    }

    /// Values of a variable's key, for patterns that it stands in.
    fn of_variable(&self, key: &str, home: &Home) -> Vec<String> {
        match key {
            "aws:username" => self.names.clone(),
            "aws:principalaccount" | "aws:resourceaccount" => vec![home.account.clone()],
            "aws:requestedregion" => self.regions.clone(),
            "aws:principalorgid" | "aws:resourceorgid" => self.organizations(),
            "aws:principaltype" => ["AssumedRole", "User", "Account"]
                .map(str::to_owned)
                .to_vec(),
            _ => around(&self.plain(key), &|_| Vec::new())
                .into_iter()
                .filter(|value| is_value(key, value))
                .collect(),
        }
    }

    /// The constants of a key that hold no variable.
    fn plain(&self, key: &str) -> Vec<String> {
        let all = self.constants.get(key).into_iter().flatten();
        all.filter(|text| !text.contains("${")).cloned().collect()
    }

    fn of_key(&self, key: &str) -> Vec<String> {
        self.constants.get(key).cloned().unwrap_or_default()
    }

    fn is_asked(&self, key: &str) -> bool {
        self.pieces
            .iter()
            .any(|piece| piece.keys.iter().any(|asked| asked == key))
    }

    /// Values worth trying of a key by itself.
    fn worth(&self, key: &str, home: &Home) -> Vec<String> {
        let variable = |of: &str| self.of_variable(of, home);
        let mut all = around(&self.of_key(key), &variable);
        // What other keys' patterns make of this key's values, and the other way round.
        for piece in &self.pieces {
            if piece.keys.len() > 1 && piece.keys.iter().any(|asked| asked == key) {
                for other in &piece.keys {
                    all.extend(match other.as_str() {
                        "resource" | "aws:principalarn" => self.names.clone(),
                        other => variable(other),
                    });
                }
            }
        }
        all.into_iter()
            .filter(|value| is_value(key, value))
            .collect()
    }

    /// Partitions and accounts.
    fn homes(&self) -> Vec<Home> {
        if let Some(owner) = &self.owner {
            return vec![Home {
                partition: part(owner, 1).to_owned(),
                account: part(owner, 4).to_owned(),
            }];
        }
        let mut partitions = vec!["aws"];
        let mut unnamed = None;
        for partition in PARTITIONS {
            if self.texts.iter().any(|text| part(text, 1) == partition) {
                partitions.push(partition);
            } else if partition != "aws" {
                unnamed = unnamed.or(Some(partition));
            }
        }
        partitions.extend(unnamed);
        partitions.sort_unstable();
        partitions.dedup();
        let mut accounts: BTreeSet<String> = ["999988887777".to_owned()].into_iter().collect();
        let digits = |text: &str| -> Vec<String> {
            let fill: Vec<String> = (0..=12).map(|count| "4".repeat(count)).collect();
            let all = instances(text, &fill, &|_| Vec::new());
            all.into_iter().filter(|text| is_account(text)).collect()
        };
        for text in &self.texts {
            accounts.extend(digits(part(text, 4)));
            accounts.extend(text.split(':').flat_map(digits));
        }
        let mut patterns: Vec<String> = self
            .texts
            .iter()
            .map(|text| part(&masked(text), 4).to_owned())
            .collect();
        patterns.extend(
            self.texts
                .iter()
                .filter(|text| !text.contains(':'))
                .cloned(),
        );
        let variables = patterns.iter().any(|pattern| pattern.contains("${"))
            || self.variable_keys.iter().any(|key| group_of(key).is_none());
        // An account stands between the numbers that it may be compared with.
        let accounts = self.one_of_each(accounts, &patterns, &|account| {
            if variables {
                account.to_owned()
            } else {
                let below = patterns.iter().filter(|pattern| pattern.as_str() < account);
                below.count().to_string()
            }
        });
        partitions
            .iter()
            .flat_map(|partition| {
                accounts.iter().map(|account| Home {
                    partition: (*partition).to_owned(),
                    account: account.clone(),
                })
            })
            .collect()
    }

    /// Names of roles, users and trails.
    fn find_names(&self) -> Vec<String> {
        let mut all: BTreeSet<String> = [
            "ops",
            "dev",
            "alice",
            "ops-1",
            "abc",
            "management-events",
            "Ops",
        ]
        .map(str::to_owned)
        .into_iter()
        .collect();
        for key in ["aws:username", "aws:principaltag/team"] {
            for constant in self.plain(key) {
                all.extend(instances(&constant, &fillers(&[]), &|_| Vec::new()));
            }
        }
        all.into_iter()
            .filter(|name| is_principal(&format!("arn:aws:iam::111122223333:user/{name}")))
            .filter(|name| !name.contains('/'))
            .collect()
    }

    fn find_regions(&self) -> Vec<String> {
        let mut all: BTreeSet<String> = ["us-east-1", "eu-west-1", "ap-south-1", "us-west-2"]
            .map(str::to_owned)
            .into_iter()
            .collect();
        let fill: Vec<String> = ["", "east-1", "west-1", "us-east-1"]
            .map(str::to_owned)
            .to_vec();
        for text in self.texts.iter().map(|text| part(text, 3)) {
            all.extend(instances(text, &fill, &|_| Vec::new()));
        }
        for text in self.plain("aws:requestedregion") {
            all.extend(instances(&text, &fill, &|_| Vec::new()));
        }
        all.retain(|text| is_region(text));
        let mut patterns: Vec<String> = self
            .texts
            .iter()
            .map(|text| part(text, 3).to_owned())
            .collect();
        patterns.extend(self.plain("aws:requestedregion"));
        let variables = self.has_variables(3) || self.variable_keys.contains("aws:requestedregion");
        let own = |text: &str| {
            if variables {
                text.to_owned()
            } else {
                String::new()
            }
        };
        self.one_of_each(all, &patterns, &own)
    }

    /// Of the texts that these patterns do not tell apart, and that do not differ in `own`, the first.
    fn one_of_each(
        &self,
        texts: BTreeSet<String>,
        patterns: &[String],
        own: &dyn Fn(&str) -> String,
    ) -> Vec<String> {
        let patterns: BTreeSet<&String> = patterns.iter().collect();
        let mut seen = BTreeSet::new();
        let mut texts: Vec<String> = texts.into_iter().collect();
        texts.sort_by_key(String::len);
        texts.retain(|text| {
            let lower = text.to_lowercase();
            let matched: Vec<bool> = patterns
                .iter()
                .flat_map(|pattern| [glob(pattern, text), glob(&pattern.to_lowercase(), &lower)])
                .collect();
            seen.insert((own(text), matched))
        });
        texts
    }

    /// Whether a policy variable stands in this part of an ARN pattern.
    fn has_variables(&self, index: usize) -> bool {
        self.texts
            .iter()
            .any(|text| part(&masked(text), index).contains("${"))
    }

    fn organizations(&self) -> Vec<String> {
        let mut all: BTreeSet<String> = ["o-zzz999".to_owned()].into_iter().collect();
        for key in [
            "aws:principalorgid",
            "aws:resourceorgid",
            "aws:principalorgpaths",
            "aws:resourceorgpaths",
        ] {
            for text in self.plain(key) {
                let id = text.split('/').next().unwrap_or_default();
                all.extend(around(&[id.to_owned()], &|_| Vec::new()));
            }
        }
        all.into_iter()
            .filter(|text| is_organization(text))
            .collect()
    }

    /// The values of a group.
    fn parts(&self, group: &Group, home: &Home) -> Vec<Part> {
        match group {
            Group::Principal => self.principals(home),
            Group::Resource => self.trails(home),
            Group::Organization => self.in_organizations(),
            Group::Time => self.times(),
            Group::Network => self.networks(),
            Group::Mfa => {
                let key = "aws:multifactorauthpresent";
                let mut all = vec![Part::default(), Part::of(&[(key, "false".to_owned())])];
                let mut ages = self.worth("aws:multifactorauthage", home);
                ages.push("60".to_owned());
                all.extend(ages.into_iter().map(|age| {
                    Part::of(&[(key, "true".to_owned()), ("aws:multifactorauthage", age)])
                }));
                all
            }
            Group::Via => self.chains(),
            Group::Key(key) => {
                let always = matches!(
                    key.as_str(),
                    "aws:securetransport" | "aws:useragent" | "aws:requestedregion"
                );
                let mut all = Vec::new();
                if !always {
                    all.push(Part::default());
                }
                if !is_absent(key) {
                    let mut values = match key.as_str() {
                        "aws:securetransport" => vec!["true".to_owned(), "false".to_owned()],
                        "aws:requestedregion" => self.regions.clone(),
                        "aws:tokenissuetime" => vec!["2026-03-01T00:00:00Z".to_owned()],
                        _ => Vec::new(),
                    };
                    values.extend(self.worth(key, home));
                    all.extend(values.into_iter().map(|value| Part::of(&[(key, value)])));
                }
                all
            }
        }
    }

    fn principals(&self, home: &Home) -> Vec<Part> {
        let Home { partition, account } = home;
        let iam = format!("arn:{partition}:iam::{account}:");
        let sts = format!("arn:{partition}:sts::{account}:");
        let mut arns: Vec<String> = Vec::new();
        let mut sessions: Vec<String> = ["alice", "ops", "se"].map(str::to_owned).to_vec();
        match self.owner.as_deref() {
            Some(owner) if part(owner, 5).starts_with("assumed-role/") => {
                let mut words = part(owner, 5).split('/').skip(1);
                let (role, session) = (words.next().unwrap_or_default(), words.next());
                for path in ["", "team/", "ops/"] {
                    arns.push(format!("{iam}role/{path}{role}"));
                }
                sessions = session.map(str::to_owned).into_iter().collect();
            }
            Some(owner) => arns.push(owner.to_owned()),
            None => arns.extend(self.principal_tails.iter().map(|tail| {
                let service = if tail.starts_with("federated") {
                    &sts
                } else {
                    &iam
                };
                format!("{service}{tail}")
            })),
        }
        let asked = self.is_asked("aws:userid");
        let mut all = Vec::new();
        for arn in arns {
            let tail = part(&arn, 5);
            if tail.starts_with("role/aws-service-role/") {
                continue;
            }
            let name = tail.rsplit('/').next().unwrap_or_default().to_owned();
            let ids = if asked { 2 } else { 1 };
            let (kind, userids): (&str, Vec<String>) = if tail.starts_with("role/") {
                let mut ids: Vec<String> = ["AROAEXAMPLEID", "AROAX"][..ids]
                    .iter()
                    .flat_map(|id| {
                        sessions
                            .iter()
                            .map(move |session| format!("{id}:{session}"))
                    })
                    .collect();
                if !asked {
                    ids.truncate(1);
                }
                ("AssumedRole", ids)
            } else if tail.starts_with("user/") {
                let ids = &["AIDAEXAMPLEID", "AIDAX"][..ids];
                ("User", ids.iter().map(|id| (*id).to_owned()).collect())
            } else if tail == "root" {
                ("Account", vec![account.clone()])
            } else {
                ("FederatedUser", vec![format!("{account}:{name}")])
            };
            for userid in userids {
                let mut part = Part::of(&[
                    ("aws:principalarn", arn.clone()),
                    ("aws:principaltype", kind.to_owned()),
                    ("aws:userid", userid),
                ]);
                part.principal = Some(arn.clone());
                if kind == "User" {
                    let key = "aws:username".to_owned();
                    part.context.push((key, vec![name.clone()]));
                }
                all.push(part);
            }
        }
        all
    }

    /// What stands behind the account in principals' ARNs, one of each kind that the policies tell apart.
    fn find_principal_tails(&self) -> Vec<String> {
        let mut all = BTreeSet::from(["root".to_owned()]);
        for name in &self.names {
            for kind in ["role", "user", "federated-user"] {
                all.insert(format!("{kind}/{name}"));
            }
        }
        for tail in [
            "role/team/ops",
            "role/team/dev",
            "user/team/alice",
            "user/ops/x",
        ] {
            all.insert(tail.to_owned());
        }
        let mut fill: Vec<String> = ["role/", "user/", "role/x/", "federated-user/x", "user/x"]
            .map(str::to_owned)
            .to_vec();
        let patterns: Vec<String> = self
            .of_key("aws:principalarn")
            .iter()
            .map(|text| tail(text).to_owned())
            .collect();
        fill.extend(fillers(&patterns));
        for pattern in &patterns {
            all.extend(instances(pattern, &fill, &|_| self.names.clone()));
        }
        all.retain(|tail| {
            let service = if tail.starts_with("federated") {
                "sts"
            } else {
                "iam"
            };
            is_principal(&format!("arn:aws:{service}::111122223333:{tail}"))
                && !tail.starts_with("role/aws-service-role/")
        });
        let by_name =
            self.has_variables(5) || self.is_asked("aws:username") || self.is_asked("aws:userid");
        self.one_of_each(all, &patterns, &|tail| {
            let (kind, name) = tail.split_once('/').unwrap_or((tail, ""));
            if by_name {
                tail.to_owned()
            } else {
                format!("{kind} {}", name.contains('/'))
            }
        })
    }

    fn find_trail_names(&self) -> Vec<String> {
        let patterns: Vec<String> = self
            .texts
            .iter()
            .filter(|text| part(text, 2) == "cloudtrail")
            .map(|text| tail(text).to_owned())
            .collect();
        let mut fill: Vec<String> = ["trail/", "trail/x"].map(str::to_owned).to_vec();
        fill.extend(fillers(&patterns));
        let mut tails: BTreeSet<String> = self
            .names
            .iter()
            .map(|name| format!("trail/{name}"))
            .collect();
        for pattern in &patterns {
            tails.extend(instances(pattern, &fill, &|_| self.names.clone()));
        }
        tails.retain(|tail| tail.strip_prefix("trail/").is_some_and(is_trail_name));
        let variables = self.has_variables(5);
        let own = |tail: &str| {
            if variables {
                tail.to_owned()
            } else {
                String::new()
            }
        };
        let tails = self.one_of_each(tails, &patterns, &own);
        tails
            .iter()
            .filter_map(|tail| tail.strip_prefix("trail/"))
            .map(str::to_owned)
            .collect()
    }

    fn trails(&self, home: &Home) -> Vec<Part> {
        let Home { partition, account } = home;
        let mut all = Vec::new();
        for region in &self.regions {
            for name in &self.trail_names {
                all.push(Part {
                    resource: Some(format!(
                        "arn:{partition}:cloudtrail:{region}:{account}:trail/{name}"
                    )),
                    ..Part::default()
                });
            }
        }
        all
    }

    fn in_organizations(&self) -> Vec<Part> {
        let tails = [
            "/r-ab12/",
            "/r-ab12/ou-ab12-11111111/",
            "/r-ab12/ou-ab12-11111111/ou-ab12-22222222/",
            "/r-cd34/ou-cd34-33333333/",
        ];
        let mut all = vec![Part::default()];
        for id in self.organizations() {
            for tail in tails {
                let path = format!("{id}{tail}");
                all.push(Part::of(&[
                    ("aws:principalorgid", id.clone()),
                    ("aws:resourceorgid", id.clone()),
                    ("aws:principalorgpaths", path.clone()),
                    ("aws:resourceorgpaths", path),
                ]));
            }
        }
        all
    }

    fn times(&self) -> Vec<Part> {
        let now = self.settings.now.as_deref().and_then(seconds);
        let mut all: BTreeSet<i64> = [now.unwrap_or(1_767_268_800), 4_000_000_000]
            .into_iter()
            .collect();
        for key in ["aws:currenttime", "aws:epochtime"] {
            for second in self.plain(key).iter().filter_map(|text| seconds(text)) {
                all.extend([second - 1, second, second + 1, second + 2]);
            }
        }
        all.into_iter()
            .filter(|second| now.is_none_or(|now| *second >= now))
            .map(|second| {
                Part::of(&[
                    ("aws:currenttime", date(second)),
                    ("aws:epochtime", second.to_string()),
                ])
            })
            .collect()
    }

    fn networks(&self) -> Vec<Part> {
        let addresses = |key: &str| -> BTreeSet<String> {
            if !self.is_asked(key) {
                return BTreeSet::from(["10.9.8.7".to_owned()]);
            }
            let mut all: BTreeSet<String> = ["203.0.113.7", "2001:db8::1", "8.8.8.8", "::1"]
                .map(str::to_owned)
                .into_iter()
                .collect();
            for text in self.plain(key) {
                all.extend(addresses_around(&text));
            }
            all
        };
        let endpoints = |key: &str, default: &str| -> BTreeSet<String> {
            let mut all = BTreeSet::from([default.to_owned()]);
            if self.is_asked(key) {
                all.extend(around(&self.plain(key), &|_| Vec::new()));
            }
            all.retain(|value| is_value(key, value));
            all
        };
        let mut all: Vec<Part> = addresses("aws:sourceip")
            .into_iter()
            .map(|address| Part::of(&[("aws:sourceip", address)]))
            .collect();
        for vpc in endpoints("aws:sourcevpc", "vpc-99") {
            for vpce in endpoints("aws:sourcevpce", "vpce-99") {
                for address in addresses("aws:vpcsourceip") {
                    all.push(Part::of(&[
                        ("aws:sourcevpc", vpc.clone()),
                        ("aws:sourcevpce", vpce.clone()),
                        ("aws:vpcsourceip", address),
                    ]));
                }
            }
        }
        all
    }

    fn chains(&self) -> Vec<Part> {
        let key = "aws:viaawsservice";
        let mut all = vec![
            Part::of(&[(key, "false".to_owned())]),
            Part::of(&[(key, "true".to_owned())]),
        ];
        let mut services: BTreeSet<String> = [
            "cloudformation.amazonaws.com",
            "athena.amazonaws.com",
            "glue.amazonaws.com",
        ]
        .map(str::to_owned)
        .into_iter()
        .collect();
        let constants: Vec<String> = ["aws:calledvia", "aws:calledviafirst", "aws:calledvialast"]
            .iter()
            .flat_map(|key| self.plain(key))
            .collect();
        for constant in &constants {
            services.extend(instances(constant, &fillers(&constants), &|_| Vec::new()));
        }
        services.retain(|name| is_value("aws:calledvia", name) && name.len() > 1);
        let services = self.one_of_each(services, &constants, &|_| String::new());
        let mut chains: Vec<Vec<String>> = vec![Vec::new()];
        for _ in 0..3 {
            let longer: Vec<Vec<String>> = chains
                .iter()
                .flat_map(|chain| {
                    services.iter().map(move |service| {
                        let mut chain = chain.clone();
                        chain.push(service.clone());
                        chain
                    })
                })
                .collect();
            for chain in &longer {
                let mut part = Part::of(&[
                    (key, "true".to_owned()),
                    ("aws:calledviafirst", chain[0].clone()),
                    ("aws:calledvialast", chain[chain.len() - 1].clone()),
                ]);
                part.context
                    .push(("aws:calledvia".to_owned(), chain.clone()));
                all.push(part);
            }
            chains = longer;
        }
        all
    }
}

/// What stands behind the fifth colon of an ARN pattern.
fn tail(text: &str) -> &str {
    let hidden = masked(text);
    let at = hidden.len() - part(&hidden, 5).len();
    &text[at..]
}

/// The text without the colons inside of its policy variables.
fn masked(text: &str) -> String {
    let mut inside = false;
    text.chars()
        .map(|c| {
            inside = (inside || c == '{') && c != '}';
            if inside && c == ':' { '.' } else { c }
        })
        .collect()
}

/// The keys of the policy variables in a text.
pub(crate) fn variables(text: &str) -> Vec<String> {
    let mut all = Vec::new();
    let mut rest = text;
    while let Some((_, after)) = rest.split_once("${") {
        let Some((body, after)) = after.split_once('}') else {
            break;
        };
        let key = body.split(',').next().unwrap_or_default().trim();
        if key.len() > 1 {
            all.push(key.to_ascii_lowercase());
        }
        rest = after;
    }
    all
}

/// Whether an authorized principal makes the request.
pub(crate) fn is_authorized(settings: &Settings, request: &Request) -> bool {
    settings.authorized_principals.iter().any(|entry| {
        let (key, pattern) = match entry.split_once('=') {
            Some((key, pattern)) if !key.starts_with("arn:") => (key.to_ascii_lowercase(), pattern),
            _ => ("aws:principalarn".to_owned(), entry.as_str()),
        };
        request
            .context
            .get(&key)
            .is_some_and(|values| values.iter().any(|value| glob(pattern, value)))
    })
}

/// Whether the trail is one of those to protect.
pub(crate) fn is_protected(settings: &Settings, request: &Request) -> bool {
    settings.protected_trails.is_empty()
        || settings.protected_trails.iter().any(|pattern| {
            resource_pattern(pattern, Version::V2008, DocumentKind::Identity)
                .matches(&request.resource)
        })
}

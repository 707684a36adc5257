//! Values of the condition keys that are worth trying, group by group: what the constants in the policies tell
//! apart, of what AWS could send (SEMANTICS, sections 3 and 6).

use std::collections::{BTreeMap, BTreeSet};

use iam_guardrails::evaluate::Request;
use iam_guardrails::request::Settings;

use crate::values::{addresses_around, around, date, fillers, glob, instances, seconds};
use crate::wellformed::{
    PARTITIONS, is_absent, is_account, is_callers, is_organization, is_principal, is_region,
    is_trail_name, is_value, part,
};

/// What requests act on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Target {
    Trail,
    Bucket(String),
    /// The bucket's objects.
    Objects(String),
}

/// Keys that have their values together.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Group {
    Principal,
    Resource,
    /// `principal`, `resource` or `source`.
    Organization(&'static str),
    Time,
    Network,
    Mfa,
    Via,
    Key(String),
}

/// One value of a group.
#[derive(Debug, Clone, Default)]
pub(crate) struct Part {
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

    pub(crate) fn put(&self, request: &mut Request) {
        if let Some(principal) = &self.principal {
            request.principal.clone_from(principal);
        }
        if let Some(resource) = &self.resource {
            request.resource.clone_from(resource);
        }
        request.context.extend(self.context.iter().cloned());
    }
}

/// Where the caller is, and the trail with it.
#[derive(Debug, Clone)]
pub(crate) struct Home {
    partition: String,
    account: String,
    pub(crate) anonymous: bool,
}

/// What the policies and settings mention, and what can be made of it.
pub(crate) struct Candidates {
    target: Target,
    owner: Option<String>,
    now: Option<i64>,
    /// Values of keys that the settings give.
    pub(crate) given: BTreeMap<String, Vec<String>>,
    /// Patterns by the key that they are compared with, without variables and with them.
    constants: BTreeMap<String, Vec<String>>,
    /// Every text of the documents and settings.
    pub(crate) texts: Vec<String>,
    /// The keys that each test looks at.
    pub(crate) asked: Vec<Vec<String>>,
    /// Identity providers and canonical users that policies name.
    others: BTreeSet<(String, String)>,
    /// The keys of policy variables.
    variable_keys: BTreeSet<String>,
    names: Vec<String>,
    regions: Vec<String>,
    trail_names: Vec<String>,
    principal_tails: Vec<String>,
}

impl Candidates {
    pub(crate) fn new(target: Target, settings: &Settings, owner: Option<&str>) -> Self {
        Self {
            target,
            owner: owner.map(str::to_owned),
            now: settings.now.as_deref().and_then(seconds),
            given: BTreeMap::new(),
            constants: BTreeMap::new(),
            texts: Vec::new(),
            asked: Vec::new(),
            others: BTreeSet::new(),
            variable_keys: BTreeSet::new(),
            names: Vec::new(),
            regions: Vec::new(),
            trail_names: Vec::new(),
            principal_tails: Vec::new(),
        }
    }

    /// A text that a key, in lower case, is compared with.
    pub(crate) fn constant(&mut self, key: &str, text: &str) {
        self.texts.push(text.to_owned());
        let constants = self.constants.entry(key.to_owned()).or_default();
        constants.push(text.to_owned());
    }

    /// A principal that a bucket policy names.
    pub(crate) fn known_as(&mut self, kind: &str, name: &str) {
        if kind == "Federated" || kind == "CanonicalUser" {
            self.others.insert((kind.to_owned(), name.to_owned()));
        }
    }

    /// When everything is mentioned that is.
    pub(crate) fn finish(&mut self) {
        self.variable_keys = self.texts.iter().flat_map(|text| variables(text)).collect();
        self.names = self.find_names();
        self.regions = self.find_regions();
        self.trail_names = self.find_trail_names();
        self.principal_tails = self.find_principal_tails();
    }

    fn on_trail(&self) -> bool {
        self.target == Target::Trail
    }

    /// The group of a key; none for those that the caller's account settles.
    pub(crate) fn group_of(&self, key: &str) -> Option<Group> {
        let owner = if self.on_trail() {
            "principal"
        } else {
            "resource"
        };
        Some(match key {
            "aws:principalaccount" | "aws:principalisawsservice" => return None,
            "aws:resourceaccount" if self.on_trail() => return None,
            "resource" => Group::Resource,
            "aws:principalarn" | "aws:principaltype" | "aws:userid" | "aws:username" => {
                Group::Principal
            }
            "aws:principalorgid" | "aws:principalorgpaths" => Group::Organization("principal"),
            "aws:resourceorgid" | "aws:resourceorgpaths" => Group::Organization(owner),
            "aws:sourceorgid" | "aws:sourceorgpaths" if !self.on_trail() => {
                Group::Organization("source")
            }
            "aws:currenttime" | "aws:epochtime" => Group::Time,
            "aws:sourceip" | "aws:sourcevpc" | "aws:sourcevpce" | "aws:vpcsourceip" => {
                Group::Network
            }
            "aws:multifactorauthpresent" | "aws:multifactorauthage" => Group::Mfa,
            "aws:viaawsservice" | "aws:calledvia" | "aws:calledviafirst" | "aws:calledvialast" => {
                Group::Via
            }
            key => Group::Key(key.to_owned()),
        })
    }

    /// A request of which only the account is known.
    pub(crate) fn base(&self, home: &Home) -> Request {
        let mut context = BTreeMap::new();
        let mut put = |key: &str, value: &str| {
            context.insert(key.to_owned(), vec![value.to_owned()]);
        };
        if !home.anonymous {
            put("aws:principalaccount", &home.account);
            put("aws:principalisawsservice", "false");
        }
        if self.on_trail() {
            put("aws:resourceaccount", &home.account);
        }
        Request {
            principal: String::new(),
            action: String::new(),
            resource: String::new(),
            context,
        }
    }

    /// Values of a variable's key, for patterns that it stands in.
    fn of_variable(&self, key: &str, home: &Home) -> Vec<String> {
        match key {
            "aws:username" => self.names.clone(),
            "aws:principalaccount" => vec![home.account.clone()],
            "aws:resourceaccount" if self.on_trail() => vec![home.account.clone()],
            "aws:requestedregion" => self.regions.clone(),
            "aws:principalorgid" | "aws:resourceorgid" | "aws:sourceorgid" => self.organizations(),
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
        self.asked.iter().flatten().any(|asked| asked == key)
    }

    /// Values worth trying of a key by itself.
    fn worth(&self, key: &str, home: &Home) -> Vec<String> {
        let variable = |of: &str| self.of_variable(of, home);
        let mut all = around(&self.of_key(key), &variable);
        // What other keys' patterns make of this key's values, and the other way round.
        for keys in &self.asked {
            if keys.len() > 1 && keys.iter().any(|asked| asked == key) {
                for other in keys {
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
    pub(crate) fn homes(&self) -> Vec<Home> {
        if let Some(owner) = &self.owner {
            return vec![Home {
                partition: part(owner, 1).to_owned(),
                account: part(owner, 4).to_owned(),
                anonymous: false,
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
            || self
                .variable_keys
                .iter()
                .any(|key| self.group_of(key).is_none());
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
                let home = |account: &String, anonymous| Home {
                    partition: (*partition).to_owned(),
                    account: account.clone(),
                    anonymous,
                };
                let nobody = (!self.on_trail()).then(|| home(&String::new(), true));
                let somebody = accounts.iter().map(move |account| home(account, false));
                somebody.chain(nobody).collect::<Vec<_>>()
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
            "aws:sourceorgid",
            "aws:sourceorgpaths",
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
    pub(crate) fn parts(&self, group: &Group, home: &Home) -> Vec<Part> {
        match group {
            Group::Principal => self.principals(home),
            Group::Resource => self.resources(home),
            Group::Organization("principal") if home.anonymous => vec![Part::default()],
            Group::Organization(whose) => self.in_organizations(whose),
            Group::Time => self.times(),
            Group::Network => self.networks(),
            Group::Mfa if home.anonymous => vec![Part::default()],
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
            Group::Key(key) if home.anonymous && is_callers(key) => vec![Part::default()],
            Group::Key(key) if self.given.contains_key(key) => {
                let given = self.given[key].iter();
                given
                    .map(|value| Part::of(&[(key, value.clone())]))
                    .collect()
            }
            Group::Key(key) => {
                let always = matches!(
                    key.as_str(),
                    "aws:securetransport"
                        | "aws:useragent"
                        | "aws:requestedregion"
                        | "aws:resourceaccount"
                );
                let mut all = Vec::new();
                if !always {
                    all.push(Part::default());
                }
                if !is_absent(key, self.on_trail()) {
                    let mut values = match key.as_str() {
                        "aws:securetransport" => vec!["true".to_owned(), "false".to_owned()],
                        "aws:requestedregion" => self.regions.clone(),
                        "aws:resourceaccount" | "aws:sourceaccount" => {
                            vec!["444455556666".to_owned()]
                        }
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
        if home.anonymous {
            return vec![Part {
                principal: Some("*".to_owned()),
                ..Part::default()
            }];
        }
        let Home {
            partition, account, ..
        } = home;
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
                let mut value = Part::of(&[
                    ("aws:principalarn", arn.clone()),
                    ("aws:principaltype", kind.to_owned()),
                    ("aws:userid", userid),
                ]);
                value.principal = Some(arn.clone());
                if kind == "User" {
                    let key = "aws:username".to_owned();
                    value.context.push((key, vec![name.clone()]));
                }
                // A session or an account may be known to the bucket by another name.
                let known_as = match kind {
                    "AssumedRole" => "Federated",
                    "Account" => "CanonicalUser",
                    _ => "",
                };
                // An identity provider is in the account of its roles.
                let others = self.others.iter().filter(|(of, name)| {
                    of == known_as && (of != "Federated" || part(name, 4) == account)
                });
                for (_, name) in others {
                    let mut other = value.clone();
                    other.principal = Some(name.clone());
                    all.push(other);
                }
                all.push(value);
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

    fn resources(&self, home: &Home) -> Vec<Part> {
        let Home {
            partition, account, ..
        } = home;
        let arns: Vec<String> = match &self.target {
            Target::Trail => {
                let names = |region: &String| -> Vec<String> {
                    let start = format!("arn:{partition}:cloudtrail:{region}:{account}:trail/");
                    let names = self.trail_names.iter();
                    names.map(|name| format!("{start}{name}")).collect()
                };
                self.regions.iter().flat_map(names).collect()
            }
            Target::Bucket(bucket) => vec![format!("arn:{partition}:s3:::{bucket}")],
            Target::Objects(bucket) => self
                .object_keys(bucket, home)
                .iter()
                .map(|key| format!("arn:{partition}:s3:::{bucket}/{key}"))
                .collect(),
        };
        let part = |arn| Part {
            resource: Some(arn),
            ..Part::default()
        };
        arns.into_iter().map(part).collect()
    }

    /// Keys of objects that the patterns tell apart.
    fn object_keys(&self, bucket: &str, home: &Home) -> Vec<String> {
        let patterns: Vec<String> = self
            .texts
            .iter()
            .filter(|text| part(text, 2) == "s3")
            .map(|text| tail(text).to_owned())
            .collect();
        let start = format!("{bucket}/");
        let mut fill = fillers(&patterns);
        fill.push(start.clone());
        let variable = |key: &str| self.of_variable(key, home);
        let mut all = BTreeSet::from([format!("{start}AWSLogs/1"), format!("{start}x")]);
        for pattern in &patterns {
            all.extend(instances(pattern, &fill, &variable));
        }
        let variables = self.has_variables(5);
        let keys: BTreeSet<String> = all
            .iter()
            .filter_map(|tail| tail.strip_prefix(&start))
            .filter(|key| !key.is_empty())
            .map(str::to_owned)
            .collect();
        let patterns: Vec<String> = patterns
            .iter()
            .filter_map(|pattern| pattern.split_once('/'))
            .map(|(_, pattern)| pattern.to_owned())
            .collect();
        self.one_of_each(keys, &patterns, &|key| {
            if variables {
                key.to_owned()
            } else {
                String::new()
            }
        })
    }

    fn in_organizations(&self, whose: &str) -> Vec<Part> {
        let tails = [
            "/r-ab12/",
            "/r-ab12/ou-ab12-11111111/",
            "/r-ab12/ou-ab12-11111111/ou-ab12-22222222/",
            "/r-cd34/ou-cd34-33333333/",
        ];
        let given = self.given.get(&format!("aws:{whose}orgid"));
        let mut all = if given.is_none() {
            vec![Part::default()]
        } else {
            Vec::new()
        };
        for id in given.cloned().unwrap_or_else(|| self.organizations()) {
            for tail in tails {
                let path = format!("{id}{tail}");
                let mut keys = vec![whose];
                if self.on_trail() {
                    keys.push("resource");
                }
                let mut part = Part::default();
                for whose in keys {
                    part.context
                        .push((format!("aws:{whose}orgid"), vec![id.clone()]));
                    part.context
                        .push((format!("aws:{whose}orgpaths"), vec![path.clone()]));
                }
                all.push(part);
            }
        }
        all
    }

    fn times(&self) -> Vec<Part> {
        let now = self.now;
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

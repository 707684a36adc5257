//! Values of the condition keys that are worth trying, group by group: what the constants in the policies tell
//! apart, of what AWS could send (SEMANTICS, sections 3 and 6).

#[path = "arns.rs"]
mod arns;

use std::collections::{BTreeMap, BTreeSet};

use iam_guardrails::evaluate::Request;
use iam_guardrails::request::Settings;

use crate::values::{addresses_around, around, date, fillers, instances, seconds};
use crate::wellformed::{is_absent, is_callers, is_organization, is_value};

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
            "glue.amazonaws.com.cn",
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

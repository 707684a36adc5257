//! The ARNs worth trying: of callers in their accounts, of trails, buckets and objects.

use std::collections::BTreeSet;

use super::{Candidates, Home, Part, Target};
use crate::values::{fillers, glob, instances};
use crate::wellformed::{PARTITIONS, is_account, is_principal, is_region, is_trail_name, part};

impl Candidates {
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
        let mut accounts: BTreeSet<String> =
            ["100000000001", "999988887777"].map(str::to_owned).into();
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
        // A federated user's id begins with the account.
        let pieces = self.texts.iter().flat_map(|text| text.split(':'));
        patterns.extend(pieces.filter(|text| is_account(text)).map(str::to_owned));
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
    pub(super) fn find_names(&self) -> Vec<String> {
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

    pub(super) fn find_regions(&self) -> Vec<String> {
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
    pub(super) fn one_of_each(
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
    pub(super) fn has_variables(&self, index: usize) -> bool {
        self.texts
            .iter()
            .any(|text| part(&masked(text), index).contains("${"))
    }

    pub(super) fn principals(&self, home: &Home) -> Vec<Part> {
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
                // The last is one that no policy here names.
                for path in ["", "team/", "ops/", "staff/"] {
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
                // An identity provider is in the partition and the account of its roles.
                let is_home =
                    |name: &str| [1, 4].iter().all(|at| part(name, *at) == part(&arn, *at));
                let others = self
                    .others
                    .iter()
                    .filter(|(of, name)| of == known_as && (of != "Federated" || is_home(name)));
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
    pub(super) fn find_principal_tails(&self) -> Vec<String> {
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

    pub(super) fn find_trail_names(&self) -> Vec<String> {
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

    pub(super) fn resources(&self, home: &Home) -> Vec<Part> {
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
    pub(super) fn object_keys(&self, bucket: &str, home: &Home) -> Vec<String> {
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

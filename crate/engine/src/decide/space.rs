//! The requests that a guardrail asks about: who calls, on what, and what AWS tells of the call
//! ("AWS global condition context keys", the *Availability* of each key).

use std::collections::BTreeMap;

use super::acceptor::{Acceptor, Move, Reads};
use super::grammar::Grammar;
use super::word::{Step, Tape};
use crate::evaluate::is_account;
use crate::matcher::Matcher;
use crate::pattern::{ARN_PARTS, ArnPattern};

/// What a guardrail asks about, whoever calls.
#[derive(Debug, Clone)]
pub(crate) struct Space {
    /// What is acted on.
    pub(crate) target: Target,
    /// Who may call, the most ordinary first.
    pub(crate) callers: Vec<Caller>,
    /// The principal the identity-based policies are attached to, where it is known.
    pub(crate) principal: Option<String>,
    /// Each of these accepts the caller's ARN: what is known of it where it is not known as a whole.
    pub(crate) like: Vec<Matcher>,
    /// Patterns that the resource must match one of; empty: any.
    pub(crate) within: Vec<ArnPattern>,
    /// Requests in which a key has such a value are none of the guardrail's business.
    pub(crate) excluded: Vec<(String, Matcher)>,
    /// Where a statement asks for such a key, it has one of these values in every request.
    pub(crate) given: Vec<(String, Vec<String>)>,
    /// No request is earlier, in microseconds since the epoch.
    pub(crate) now: Option<i64>,
    /// Names to prefer in a witness.
    pub(crate) names: Names,
}

/// What a request acts on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Target {
    /// A trail of the caller's account.
    Trail,
    /// A bucket of anyone's, by name.
    Bucket(String),
    /// An object in a bucket.
    Object(String),
}

/// The kinds of caller.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Caller {
    /// A session of an IAM role.
    Role,
    /// An IAM user.
    User,
    /// An account's root user.
    Root,
    /// A federated user, `arn:aws:sts::ACCOUNT:federated-user/NAME`.
    FederatedUser,
    /// Nobody in particular: an unsigned request.
    Anonymous,
    /// A role session known to the resource by its identity provider.
    Provider(String),
    /// An account's root user known to the resource by a canonical user id.
    CanonicalUser(String),
}

impl Caller {
    /// The kinds of IAM principal.
    pub(crate) const IAM: [Self; 4] = [Self::Role, Self::User, Self::Root, Self::FederatedUser];

    /// The partition and the account of the identity provider that a session is known by, which are its role's too
    /// ("Create a role for SAML 2.0 federation"); none of a provider without an ARN.
    pub(super) fn provider_home(&self) -> Option<(&str, &str)> {
        let Self::Provider(name) = self else {
            return None;
        };
        let mut parts = name.split(':').skip(1);
        let partition = parts.next()?;
        let account = parts.nth(2)?;
        is_account(account).then_some((partition, account))
    }

    /// The value of `aws:PrincipalType`.
    fn principal_type(&self) -> &'static str {
        match self {
            Self::Role | Self::Provider(_) => "AssumedRole",
            Self::User => "User",
            Self::Root | Self::CanonicalUser(_) => "Account",
            Self::FederatedUser => "FederatedUser",
            Self::Anonymous => "Anonymous",
        }
    }
}

/// Names found in the documents, to be preferred to invented ones.
#[derive(Debug, Clone, Default)]
pub(crate) struct Names {
    pub(crate) accounts: Vec<String>,
    pub(crate) regions: Vec<String>,
    pub(crate) roles: Vec<String>,
    pub(crate) users: Vec<String>,
    pub(crate) trails: Vec<String>,
    pub(crate) organizations: Vec<String>,
}

/// The texts that are written together with the caller's.
pub(super) mod tape {
    use super::Tape;
    pub(in super::super) const PRINCIPAL_ARN: Tape = 0;
    pub(in super::super) const ACCOUNT: Tape = 1;
    pub(in super::super) const ROOT_ARN: Tape = 2;
    pub(in super::super) const SESSION_ARN: Tape = 3;
    pub(in super::super) const USERNAME: Tape = 4;
    pub(in super::super) const USERID: Tape = 5;
    pub(in super::super) const RESOURCE: Tape = 6;
    pub(in super::super) const COUNT: usize = 7;
    pub(in super::super) const ORG_ID: Tape = 0;
    pub(in super::super) const ORG_PATH: Tape = 1;
    pub(in super::super) const ORG_COUNT: usize = 2;
}

/// Keys that have one value together, or none: the unit in which values are looked for.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Group {
    /// The principal, its account and the resource.
    Caller,
    /// An organization's id and path: the principal's, the bucket's or the calling service's.
    Organization(Organization),
    /// `aws:CurrentTime` and `aws:EpochTime`.
    Time,
    /// `aws:SourceIp`, or the VPC endpoint keys.
    Network,
    /// `aws:MultiFactorAuthPresent` and `aws:MultiFactorAuthAge`.
    Mfa,
    /// `aws:ViaAWSService` and the `aws:CalledVia` keys.
    Via,
    /// A key that depends on no other.
    Key(String),
}

/// Whose organization.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Organization {
    Principal,
    Resource,
    Source,
}

impl Organization {
    pub(super) fn keys(self) -> [&'static str; 2] {
        match self {
            Self::Principal => ["aws:PrincipalOrgID", "aws:PrincipalOrgPaths"],
            Self::Resource => ["aws:ResourceOrgID", "aws:ResourceOrgPaths"],
            Self::Source => ["aws:SourceOrgID", "aws:SourceOrgPaths"],
        }
    }
}

/// What is known of a condition key for one kind of caller.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Slot {
    /// Never in the request.
    Absent,
    /// Always there, with this value.
    Constant(String),
    /// Written on a tape of the group.
    Tape(Group, Tape),
    /// One of a group's keys.
    Member(Group),
}

/// What a key's values look like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Domain {
    Bool,
    Date,
    Number {
        integer: bool,
    },
    Ip,
    /// A text: what it begins with, how it goes on, and ordinary examples of the whole.
    Text {
        prefix: &'static str,
        grammar: Grammar,
        examples: Vec<String>,
    },
}

/// Keys that only an AWS service's own call carries.
const SERVICE_CALL_KEYS: [&str; 6] = [
    "aws:sourcearn",
    "aws:sourceaccount",
    "aws:sourceorgid",
    "aws:sourceorgpaths",
    "aws:principalservicename",
    "aws:principalservicenameslist",
];

/// Keys of other services that go with the credentials they issue, on calls to every service.
const CREDENTIAL_KEYS: [&str; 6] = [
    "ec2:sourceinstancearn",
    "ec2:roledelivery",
    "ssm:sourceinstancearn",
    "lambda:sourcefunctionarn",
    "glue:credentialissuingservice",
    "identitystore:userid",
];

/// Keys of the caller that an anonymous request lacks, besides those that begin with `aws:principal`.
const CALLER_KEYS: [&str; 9] = [
    "aws:userid",
    "aws:username",
    "aws:multifactorauthpresent",
    "aws:multifactorauthage",
    "aws:tokenissuetime",
    "aws:federatedprovider",
    "aws:sourceidentity",
    "aws:assumedroot",
    "aws:chatbotsourcearn",
];

/// What every text on a tape looks like that a script writes; `None` where it writes none.
pub(super) fn shape(script: &[Step], tape: Tape) -> Option<Acceptor> {
    let mut moves = Vec::new();
    let mut colons = 0;
    let mut is_arn = false;
    for step in script.iter().filter(|step| step.tapes() & (1 << tape) != 0) {
        match step {
            Step::Emit(text, _) => {
                is_arn |= moves.is_empty() && text.starts_with("arn:");
                for c in text.chars() {
                    colons += usize::from(c == ':');
                    moves.push(Move::Char {
                        c,
                        ignore_case: false,
                    });
                }
            }
            Step::OneOf(..) | Step::Word(..) => {
                let star = Move::Many {
                    within_part: is_arn && colons < ARN_PARTS - 1,
                };
                if moves.last() != Some(&star) {
                    moves.push(star);
                }
            }
        }
    }
    if moves.is_empty() {
        return None;
    }
    moves.push(Move::Accept);
    Some(Acceptor {
        tape,
        reads: Reads::Pattern(moves),
    })
}

impl Domain {
    /// Whether the values are account ids.
    pub(super) fn is_account(&self) -> bool {
        matches!(
            self,
            Self::Text {
                prefix: "",
                grammar: Grammar::Account,
                ..
            }
        )
    }
}

impl Space {
    /// What is known of a key, given in lower case.
    pub(super) fn slot(&self, caller: &Caller, key: &str) -> Slot {
        let in_bucket = self.target != Target::Trail;
        if *caller == Caller::Anonymous
            && (CALLER_KEYS.contains(&key) || key.starts_with("aws:principal"))
        {
            return Slot::Absent;
        }
        let of = |organization, tape| Slot::Tape(Group::Organization(organization), tape);
        // A trail is in its caller's account, and so in its organization.
        let owner = if in_bucket {
            Organization::Resource
        } else {
            Organization::Principal
        };
        match key {
            "aws:principalarn" => Slot::Tape(Group::Caller, tape::PRINCIPAL_ARN),
            "aws:principalaccount" => Slot::Tape(Group::Caller, tape::ACCOUNT),
            "aws:resourceaccount" if !in_bucket => Slot::Tape(Group::Caller, tape::ACCOUNT),
            "aws:userid" => Slot::Tape(Group::Caller, tape::USERID),
            "aws:username" if *caller == Caller::User => Slot::Tape(Group::Caller, tape::USERNAME),
            "aws:username" => Slot::Absent,
            "aws:principaltype" => Slot::Constant(caller.principal_type().to_owned()),
            "aws:principalisawsservice" => Slot::Constant("false".to_owned()),
            "aws:principalorgid" => of(Organization::Principal, tape::ORG_ID),
            "aws:principalorgpaths" => of(Organization::Principal, tape::ORG_PATH),
            "aws:resourceorgid" => of(owner, tape::ORG_ID),
            "aws:resourceorgpaths" => of(owner, tape::ORG_PATH),
            "aws:sourceorgid" if in_bucket => of(Organization::Source, tape::ORG_ID),
            "aws:sourceorgpaths" if in_bucket => of(Organization::Source, tape::ORG_PATH),
            "aws:sourceaccount" if in_bucket => Slot::Member(Group::Key(key.to_owned())),
            "aws:currenttime" | "aws:epochtime" => Slot::Member(Group::Time),
            "aws:sourceip" => Slot::Member(Group::Network),
            _ if ENDPOINT_KEYS.contains(&key) => Slot::Member(Group::Network),
            "aws:multifactorauthpresent" | "aws:multifactorauthage" => Slot::Member(Group::Mfa),
            "aws:viaawsservice" | "aws:calledvia" | "aws:calledviafirst" | "aws:calledvialast" => {
                Slot::Member(Group::Via)
            }
            "aws:tagkeys" if !in_bucket => Slot::Absent,
            _ if SERVICE_CALL_KEYS.contains(&key) => Slot::Absent,
            _ if !in_bucket && key.starts_with("aws:requesttag/") => Slot::Absent,
            _ if self.is_sent(key) => Slot::Member(Group::Key(key.to_owned())),
            _ => Slot::Absent,
        }
    }

    /// Whether a request can carry a key at all: global keys, the service's own, and those that stay with a
    /// session of a federated role ("Available keys for AWS OIDC federation").
    fn is_sent(&self, key: &str) -> bool {
        let Some((prefix, _)) = key.split_once(':') else {
            return false;
        };
        let service = if self.target == Target::Trail {
            "cloudtrail"
        } else {
            "s3"
        };
        prefix == "aws"
            || prefix == service
            || prefix == "saml"
            || prefix.contains('.')
            || CREDENTIAL_KEYS.contains(&key)
    }

    /// The text of a caller's tape, where the principal that the policies are attached to settles it.
    pub(super) fn fixed(&self, caller: &Caller, on: Tape) -> Option<String> {
        let arn = self.principal.as_deref()?;
        let parts: Vec<&str> = arn.splitn(6, ':').collect();
        let &["arn", _, _, _, account, rest] = parts.as_slice() else {
            return None;
        };
        match on {
            tape::ACCOUNT => Some(account.to_owned()),
            tape::PRINCIPAL_ARN if !rest.starts_with("assumed-role/") => Some(arn.to_owned()),
            tape::USERNAME if *caller == Caller::User => rest.rsplit('/').next().map(str::to_owned),
            _ => None,
        }
    }

    /// Whether a key's values have no letters but lower-case ones.
    pub(super) fn is_lower_case(&self, caller: &Caller, key: &str) -> bool {
        match self.slot(caller, key) {
            Slot::Tape(Group::Organization(_), _) | Slot::Tape(Group::Caller, tape::ACCOUNT) => {
                true
            }
            Slot::Member(_) => match self.domain(key) {
                Domain::Text { grammar, .. } => grammar.is_lower_case(),
                _ => false,
            },
            _ => false,
        }
    }

    /// Whether a key of no group is in every request.
    pub(super) fn always_present(&self, key: &str) -> bool {
        matches!(
            key,
            "aws:securetransport" | "aws:useragent" | "aws:requestedregion" | "aws:resourceaccount"
        )
    }

    /// What a key's values look like.
    pub(super) fn domain(&self, key: &str) -> Domain {
        let text = |prefix: &'static str, grammar, examples: &[&str]| Domain::Text {
            prefix,
            grammar,
            examples: examples.iter().map(|text| (*text).to_owned()).collect(),
        };
        let named = |prefix: &'static str, grammar, named: &[String], default: &str| Domain::Text {
            prefix,
            grammar,
            examples: preferred(named, &[default]),
        };
        match key {
            "aws:securetransport"
            | "aws:viaawsservice"
            | "aws:multifactorauthpresent"
            | "aws:assumedroot"
            | "s3:accessgrantsenabled" => Domain::Bool,
            "aws:currenttime" | "aws:epochtime" | "aws:tokenissuetime" => Domain::Date,
            "aws:multifactorauthage" | "s3:max-keys" | "s3:signatureage" => {
                Domain::Number { integer: true }
            }
            "s3:object-lock-remaining-retention-days" => Domain::Number { integer: true },
            "s3:tlsversion" => Domain::Number { integer: false },
            "aws:sourceip" | "aws:vpcsourceip" | "aws:ec2instancesourceprivateipv4" => Domain::Ip,
            "aws:requestedregion" => Domain::Text {
                prefix: "",
                grammar: Grammar::Region,
                examples: preferred(&self.names.regions, &ORDINARY_REGIONS),
            },
            "aws:sourceaccount" | "aws:resourceaccount" | "aws:vpceaccount" => {
                named("", Grammar::Account, &self.names.accounts, "444455556666")
            }
            "aws:sourcevpc" | "aws:ec2instancesourcevpc" => text(
                "vpc-",
                Grammar::LowerAlphanumeric,
                &["vpc-0a1b2c3d4e5f67890"],
            ),
            "aws:sourcevpce" => text(
                "vpce-",
                Grammar::LowerAlphanumeric,
                &["vpce-0a1b2c3d4e5f67890"],
            ),
            "aws:vpceorgid" => text("o-", Grammar::LowerAlphanumeric, &["o-a1b2c3d4e5"]),
            "aws:calledvia" | "aws:calledviafirst" | "aws:calledvialast" => text(
                "",
                Grammar::ServicePrincipal,
                &["cloudformation.amazonaws.com"],
            ),
            "aws:useragent" => text("", Grammar::Text, &["aws-cli/2.17.0"]),
            _ if key.starts_with("aws:principaltag/")
                || key.starts_with("aws:resourcetag/")
                || key.starts_with("aws:requesttag/") =>
            {
                text("", Grammar::TagValue, &["other", "none"])
            }
            _ => text("", Grammar::Text, &["other", "none"]),
        }
    }

    /// How the principal, its account and the resource are written for one kind of caller.
    pub(super) fn caller_script(&self, caller: &Caller) -> Vec<Step> {
        use tape::{ACCOUNT, PRINCIPAL_ARN, RESOURCE, ROOT_ARN, SESSION_ARN, USERID, USERNAME};
        let on = |tapes: &[Tape]| tapes.iter().fold(0_u32, |mask, tape| mask | 1 << tape);
        let emit = |text: &str, tapes: &[Tape]| Step::Emit(text.to_owned(), on(tapes));
        let trail = self.target == Target::Trail;
        let anonymous = *caller == Caller::Anonymous;
        // Tapes that this caller has; the others are never written.
        let has = |tapes: &[Tape]| -> Vec<Tape> {
            tapes
                .iter()
                .copied()
                .filter(|tape| match *tape {
                    RESOURCE => true,
                    SESSION_ARN => matches!(caller, Caller::Role | Caller::Provider(_)),
                    USERNAME => *caller == Caller::User,
                    _ => !anonymous,
                })
                .collect()
        };
        let account_tapes = [PRINCIPAL_ARN, ACCOUNT, ROOT_ARN, SESSION_ARN];
        let partitions: Vec<String> = match caller.provider_home() {
            Some((partition, _)) => vec![partition.to_owned()],
            None => PARTITIONS.iter().map(|name| (*name).to_owned()).collect(),
        };
        let mut script = vec![
            emit(
                "arn:",
                &has(&[PRINCIPAL_ARN, ROOT_ARN, SESSION_ARN, RESOURCE]),
            ),
            Step::OneOf(
                partitions,
                on(&has(&[PRINCIPAL_ARN, ROOT_ARN, SESSION_ARN, RESOURCE])),
            ),
            emit(":iam::", &has(&[ROOT_ARN])),
            emit(":sts::", &has(&[SESSION_ARN])),
            emit(
                if *caller == Caller::FederatedUser {
                    ":sts::"
                } else {
                    ":iam::"
                },
                &has(&[PRINCIPAL_ARN]),
            ),
        ];
        match &self.target {
            Target::Trail => {
                script.push(emit(":cloudtrail:", &[RESOURCE]));
                script.push(Step::Word(
                    Grammar::Region,
                    preferred(&self.names.regions, &ORDINARY_REGIONS),
                    on(&[RESOURCE]),
                ));
                script.push(emit(":", &[RESOURCE]));
            }
            Target::Bucket(name) => script.push(emit(&format!(":s3:::{name}"), &[RESOURCE])),
            Target::Object(name) => {
                script.push(emit(&format!(":s3:::{name}/"), &[RESOURCE]));
                let log = |owner: &str| {
                    format!("AWSLogs/{owner}/CloudTrail/us-east-1/2026/01/01/log.json.gz")
                };
                let owners = preferred(&self.names.accounts, &["111122223333"]);
                script.push(Step::Word(
                    Grammar::ObjectKey,
                    owners.iter().map(|owner| log(owner)).collect(),
                    on(&[RESOURCE]),
                ));
            }
        }
        let mut account = has(&account_tapes);
        if trail {
            account.push(RESOURCE);
        }
        let root_id = matches!(
            caller,
            Caller::Root | Caller::CanonicalUser(_) | Caller::FederatedUser
        );
        if root_id {
            account.push(USERID);
        }
        let default = if trail {
            "111122223333"
        } else {
            "999988887777"
        };
        let accounts = preferred(&self.names.accounts, &[default]);
        if let Some((_, home)) = caller.provider_home() {
            script.push(Step::OneOf(vec![home.to_owned()], on(&account)));
        } else if !account.is_empty() {
            script.push(Step::Word(Grammar::Account, accounts, on(&account)));
        }
        if trail {
            script.push(emit(":trail/", &[RESOURCE]));
            script.push(Step::Word(
                Grammar::TrailName,
                preferred(&self.names.trails, &["management-events"]),
                on(&[RESOURCE]),
            ));
        }
        script.push(emit(":root", &has(&[ROOT_ARN])));
        let no_path = vec![String::new()];
        match caller {
            Caller::Role | Caller::Provider(_) => {
                script.push(emit(":role/", &[PRINCIPAL_ARN]));
                script.push(emit(":assumed-role/", &[SESSION_ARN]));
                script.push(Step::Word(Grammar::Path, no_path, on(&[PRINCIPAL_ARN])));
                script.push(Step::Word(
                    Grammar::Name(1, 64),
                    preferred(&self.names.roles, &["Developer"]),
                    on(&[PRINCIPAL_ARN, SESSION_ARN]),
                ));
                script.push(emit("/", &[SESSION_ARN]));
                script.push(emit("AROA", &[USERID]));
                let unique = vec!["EXAMPLEID".to_owned()];
                script.push(Step::Word(Grammar::UniqueId, unique, on(&[USERID])));
                script.push(emit(":", &[USERID]));
                let session = vec!["session".to_owned()];
                script.push(Step::Word(
                    Grammar::Name(2, 64),
                    session,
                    on(&[USERID, SESSION_ARN]),
                ));
            }
            Caller::User => {
                script.push(emit(":user/", &[PRINCIPAL_ARN]));
                script.push(Step::Word(Grammar::Path, no_path, on(&[PRINCIPAL_ARN])));
                script.push(Step::Word(
                    Grammar::Name(1, 64),
                    preferred(&self.names.users, &["alice", "bob"]),
                    on(&[PRINCIPAL_ARN, USERNAME]),
                ));
                script.push(emit("AIDA", &[USERID]));
                let unique = vec!["EXAMPLEID".to_owned()];
                script.push(Step::Word(Grammar::UniqueId, unique, on(&[USERID])));
            }
            Caller::Root | Caller::CanonicalUser(_) => script.push(emit(":root", &[PRINCIPAL_ARN])),
            Caller::FederatedUser => {
                script.push(emit(":federated-user/", &[PRINCIPAL_ARN]));
                script.push(emit(":", &[USERID]));
                script.push(Step::Word(
                    Grammar::Name(2, 32),
                    vec!["alice".to_owned(), "bob".to_owned()],
                    on(&[PRINCIPAL_ARN, USERID]),
                ));
            }
            Caller::Anonymous => {}
        }
        script.retain(|step| {
            !matches!(
                step,
                Step::Emit(_, 0) | Step::OneOf(_, 0) | Step::Word(_, _, 0)
            )
        });
        script
    }

    /// How an organization's id and path are written.
    pub(super) fn organization_script(&self) -> Vec<Step> {
        let (id, path) = (1 << tape::ORG_ID, 1 << tape::ORG_PATH);
        let suggestions: Vec<String> =
            preferred(&self.names.organizations, &["o-a1b2c3d4e5", "o-z9y8x7w6v5"])
                .iter()
                .filter_map(|name| name.strip_prefix("o-").map(str::to_owned))
                .collect();
        vec![
            Step::Emit("o-".to_owned(), id | path),
            Step::Word(Grammar::LowerAlphanumeric, suggestions, id | path),
            Step::Word(
                Grammar::OrgTail,
                vec!["/r-ab12/ou-ab12-11111111/".to_owned()],
                path,
            ),
        ]
    }
}

/// The VPC endpoint keys: in a request that came through an endpoint, and only there.
pub(super) const ENDPOINT_KEYS: [&str; 7] = [
    "aws:sourcevpc",
    "aws:sourcevpce",
    "aws:vpcsourceip",
    "aws:vpceaccount",
    "aws:vpceorgid",
    "aws:vpceorgpaths",
    "aws:sourcevpcarn",
];

/// The endpoint keys that every such request has.
pub(super) const ENDPOINT_ALWAYS: [&str; 3] =
    ["aws:sourcevpc", "aws:sourcevpce", "aws:vpcsourceip"];

/// Regions, the most ordinary first, with one for each partition.
const ORDINARY_REGIONS: [&str; 11] = [
    "us-east-1",
    "us-west-2",
    "eu-west-1",
    "us-gov-west-1",
    "cn-north-1",
    "us-iso-east-1",
    "us-isob-east-1",
    "eu-isoe-west-1",
    "us-isof-east-1",
    "eusc-de-east-1",
    "ap-southeast-2",
];

/// AWS's partitions.
const PARTITIONS: [&str; 8] = [
    "aws",
    "aws-us-gov",
    "aws-cn",
    "aws-iso",
    "aws-iso-b",
    "aws-iso-e",
    "aws-iso-f",
    "aws-eusc",
];

/// The names found in the documents, then the defaults.
fn preferred(named: &[String], defaults: &[&str]) -> Vec<String> {
    let mut all: Vec<String> = named.to_vec();
    for default in defaults {
        if !all.iter().any(|name| name == default) {
            all.push((*default).to_owned());
        }
    }
    all
}

/// A condition key as AWS writes it, for the keys that are known; others as the document writes them.
pub(super) fn key_name(key: &str, written: &BTreeMap<String, String>) -> String {
    KEY_NAMES
        .iter()
        .find(|name| name.eq_ignore_ascii_case(key))
        .map(|name| (*name).to_owned())
        .or_else(|| written.get(key).cloned())
        .unwrap_or_else(|| key.to_owned())
}

const KEY_NAMES: [&str; 34] = [
    "aws:PrincipalArn",
    "aws:PrincipalAccount",
    "aws:PrincipalType",
    "aws:PrincipalOrgID",
    "aws:PrincipalOrgPaths",
    "aws:PrincipalIsAWSService",
    "aws:ResourceAccount",
    "aws:ResourceOrgID",
    "aws:ResourceOrgPaths",
    "aws:SourceAccount",
    "aws:SourceOrgID",
    "aws:SourceOrgPaths",
    "aws:SourceArn",
    "aws:userid",
    "aws:username",
    "aws:CurrentTime",
    "aws:EpochTime",
    "aws:SecureTransport",
    "aws:UserAgent",
    "aws:RequestedRegion",
    "aws:ViaAWSService",
    "aws:CalledVia",
    "aws:CalledViaFirst",
    "aws:CalledViaLast",
    "aws:SourceIp",
    "aws:SourceVpc",
    "aws:SourceVpce",
    "aws:VpcSourceIp",
    "aws:MultiFactorAuthPresent",
    "aws:MultiFactorAuthAge",
    "aws:TokenIssueTime",
    "aws:FederatedProvider",
    "aws:SourceIdentity",
    "aws:Ec2InstanceSourceVpc",
];

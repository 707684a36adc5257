//! Is this a request that AWS could send? (SEMANTICS, section 3: read from that page, not from the engine.)

use std::net::IpAddr;

use iam_guardrails::evaluate::Request;

use crate::values::seconds;

pub(crate) const PARTITIONS: [&str; 8] = [
    "aws",
    "aws-cn",
    "aws-us-gov",
    "aws-iso",
    "aws-iso-b",
    "aws-iso-e",
    "aws-iso-f",
    "aws-eusc",
];

/// Who calls, as the principal's ARN says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Who {
    Role,
    User,
    Root,
    FederatedUser,
    Anonymous,
    /// An identity provider or a canonical user.
    Other,
}

/// Why it is none; `None` where all is well.
pub(crate) fn flaw(request: &Request, now: Option<i64>, on_trail: bool) -> Option<String> {
    check(request, now, on_trail).err()
}

fn check(request: &Request, now: Option<i64>, on_trail: bool) -> Result<(), String> {
    let who = who(&request.principal);
    let value = |key: &str| request.value(key);
    let require = |holds: bool, what: &str| {
        if holds { Ok(()) } else { Err(what.to_owned()) }
    };
    require(
        !(on_trail && matches!(who, Who::Anonymous | Who::Other)),
        "the principal is no IAM principal",
    )?;
    let (partition, account) = match who {
        Who::Anonymous | Who::Other => {
            let arn = value("aws:principalarn").unwrap_or_default();
            let provider = request.principal.contains(":saml-provider/");
            let same = |at: usize| part(&request.principal, at) == part(arn, at);
            require(
                !provider || arn.is_empty() || (same(1) && same(4)),
                "the identity provider is in another account or partition than its role",
            )?;
            (part(arn, 1), part(arn, 4))
        }
        _ => {
            check_principal(&request.principal, who)?;
            require(
                value("aws:principalarn").is_none_or(|arn| arn == request.principal),
                "aws:PrincipalArn is not the principal",
            )?;
            (part(&request.principal, 1), part(&request.principal, 4))
        }
    };
    if who == Who::Anonymous {
        let of_caller = request.context.keys().find(|key| is_callers(key));
        require(
            of_caller.is_none(),
            "an anonymous request tells of its caller",
        )?;
    }
    if on_trail {
        check_trail(&request.resource, partition, account)?;
    }
    for (key, values) in &request.context {
        check_key(key, values, request, who, account, on_trail)?;
        require(!values.is_empty(), "a key without a value")?;
    }
    check_organization(request, "aws:principalorgid", "aws:principalorgpaths")?;
    check_organization(request, "aws:resourceorgid", "aws:resourceorgpaths")?;
    check_organization(request, "aws:sourceorgid", "aws:sourceorgpaths")?;
    if on_trail
        && let (Some(own), Some(of_trail)) =
            (value("aws:principalorgid"), value("aws:resourceorgid"))
    {
        require(own == of_trail, "the trail is in another organization")?;
    }
    let times: Vec<Option<i64>> = ["aws:currenttime", "aws:epochtime"]
        .iter()
        .filter_map(|key| value(key))
        .map(seconds)
        .collect();
    for time in &times {
        require(time.is_some(), "a time is no time")?;
        require(
            now.is_none_or(|now| time.is_some_and(|time| time >= now)),
            "the request is earlier than now",
        )?;
    }
    require(
        times.windows(2).all(|pair| pair[0] == pair[1]),
        "CurrentTime is not EpochTime",
    )?;
    let endpoint = request.context.keys().any(|key| {
        key.starts_with("aws:sourcevpc") || key.starts_with("aws:vpce") || key == "aws:vpcsourceip"
    });
    require(
        !(endpoint && value("aws:sourceip").is_some()),
        "SourceIp through a VPC endpoint",
    )?;
    let mfa = value("aws:multifactorauthpresent");
    if value("aws:multifactorauthage").is_some() {
        require(
            mfa.is_none_or(|mfa| mfa == "true"),
            "MultiFactorAuthAge without MFA",
        )?;
    }
    let chain = request.context.get("aws:calledvia");
    let ends = [value("aws:calledviafirst"), value("aws:calledvialast")];
    if chain.is_some() || ends.iter().any(Option::is_some) {
        require(
            value("aws:viaawsservice") == Some("true"),
            "CalledVia without ViaAWSService",
        )?;
    }
    if let Some(chain) = chain {
        let texts = [chain.first(), chain.last()].map(|end| end.map(String::as_str));
        for (end, text) in ends.iter().zip(texts) {
            require(
                end.is_none() || *end == text,
                "CalledViaFirst or CalledViaLast is not in CalledVia",
            )?;
        }
    }
    Ok(())
}

/// The part of an ARN.
pub(crate) fn part(arn: &str, index: usize) -> &str {
    arn.splitn(6, ':').nth(index).unwrap_or_default()
}

pub(crate) fn who(principal: &str) -> Who {
    let rest = part(principal, 5);
    match part(principal, 2) {
        "iam" if rest == "root" => Who::Root,
        "iam" if rest.starts_with("user/") => Who::User,
        "iam" if rest.starts_with("role/") => Who::Role,
        "sts" if rest.starts_with("federated-user/") => Who::FederatedUser,
        _ if principal == "*" => Who::Anonymous,
        _ => Who::Other,
    }
}

fn check_principal(arn: &str, who: Who) -> Result<(), String> {
    let (name_and_path, most, with_path) = match who {
        Who::Role => (part(arn, 5).strip_prefix("role/"), 64, true),
        Who::User => (part(arn, 5).strip_prefix("user/"), 64, true),
        Who::FederatedUser => (part(arn, 5).strip_prefix("federated-user/"), 32, false),
        _ => (Some("root"), 64, true),
    };
    let name_and_path = name_and_path.unwrap_or_default();
    let name = name_and_path.rsplit('/').next().unwrap_or_default();
    let path = name_and_path.strip_suffix(name).unwrap_or_default();
    let is_name = |c: char| c.is_ascii_alphanumeric() || "_+=,.@-".contains(c);
    let sound = arn.starts_with("arn:")
        && PARTITIONS.contains(&part(arn, 1))
        && part(arn, 3).is_empty()
        && is_account(part(arn, 4))
        && (1..=most).contains(&name.len())
        && name.chars().all(is_name)
        && (path.is_empty() || with_path)
        && path.len() < 512
        && !path.contains("//")
        && path.chars().all(|c| c.is_ascii_graphic());
    if !sound {
        return Err(format!("`{arn}` is no principal"));
    }
    if path.starts_with("aws-service-role/") {
        return Err("a service-linked role".to_owned());
    }
    Ok(())
}

fn check_trail(arn: &str, partition: &str, account: &str) -> Result<(), String> {
    let name = part(arn, 5).strip_prefix("trail/").unwrap_or_default();
    let is_mark = |c: char| matches!(c, '.' | '_' | '-');
    let sound = arn.starts_with("arn:")
        && part(arn, 1) == partition
        && part(arn, 2) == "cloudtrail"
        && is_region(part(arn, 3))
        && part(arn, 4) == account
        && (3..=128).contains(&name.len())
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || is_mark(c))
        && !name.starts_with(is_mark)
        && !name.ends_with(is_mark)
        && !name
            .as_bytes()
            .windows(2)
            .any(|pair| pair.iter().all(|byte| is_mark(char::from(*byte))));
    if sound {
        Ok(())
    } else {
        Err(format!("`{arn}` is no trail of `{account}`"))
    }
}

pub(crate) fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// `us-east-1`, `us-gov-west-1`.
pub(crate) fn is_region(text: &str) -> bool {
    let words: Vec<&str> = text.split('-').collect();
    let [first, middle @ .., last] = words.as_slice() else {
        return false;
    };
    let letters = |word: &&str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase());
    letters(first)
        && !middle.is_empty()
        && middle.iter().all(letters)
        && (1..=2).contains(&last.len())
        && last.bytes().all(|b| b.is_ascii_digit())
}

pub(crate) fn is_trail_name(name: &str) -> bool {
    check_trail(
        &format!("arn:aws:cloudtrail:us-east-1:111122223333:trail/{name}"),
        "aws",
        "111122223333",
    )
    .is_ok()
}

pub(crate) fn is_principal(arn: &str) -> bool {
    let who = who(arn);
    !matches!(who, Who::Anonymous | Who::Other) && check_principal(arn, who).is_ok()
}

fn check_organization(request: &Request, id: &str, paths: &str) -> Result<(), String> {
    let id = request.value(id);
    for path in request.context.get(paths).into_iter().flatten() {
        let organization = path.split('/').next().unwrap_or_default();
        if !is_organization(organization) || !path.ends_with('/') {
            return Err(format!("`{path}` is no organization path"));
        }
        if id.is_some_and(|id| id != organization) {
            return Err("the organization's path does not start with its id".to_owned());
        }
    }
    match id {
        Some(id) if !is_organization(id) => Err(format!("`{id}` is no organization id")),
        _ => Ok(()),
    }
}

pub(crate) fn is_organization(text: &str) -> bool {
    text.strip_prefix("o-").is_some_and(|id| {
        (1..=32).contains(&id.len())
            && id
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    })
}

/// Whether a key is never in a request on a trail, or on a bucket.
pub(crate) fn is_absent(key: &str, on_trail: bool) -> bool {
    const SERVICE: [&str; 3] = [
        "aws:sourcearn",
        "aws:principalservicename",
        "aws:principalservicenameslist",
    ];
    const NOT_ON_TRAILS: [&str; 4] = [
        "aws:sourceaccount",
        "aws:sourceorgid",
        "aws:sourceorgpaths",
        "aws:tagkeys",
    ];
    SERVICE.contains(&key)
        || ["iam:", "ec2:", "kms:"]
            .iter()
            .any(|prefix| key.starts_with(prefix))
        || on_trail
            && (NOT_ON_TRAILS.contains(&key)
                || key.starts_with("aws:requesttag/")
                || key.starts_with("s3:"))
}

/// Whether a key tells of the caller, so that an anonymous request lacks it.
pub(crate) fn is_callers(key: &str) -> bool {
    const OTHERS: [&str; 5] = [
        "aws:userid",
        "aws:username",
        "aws:multifactorauthpresent",
        "aws:multifactorauthage",
        "aws:tokenissuetime",
    ];
    key.starts_with("aws:principal") || OTHERS.contains(&key)
}

/// Whether a single value has the shape that AWS gives the key's values.
pub(crate) fn is_value(key: &str, value: &str) -> bool {
    match key {
        "aws:securetransport"
        | "aws:viaawsservice"
        | "aws:multifactorauthpresent"
        | "aws:assumedroot" => matches!(value, "true" | "false"),
        "aws:principalisawsservice" => value == "false",
        "aws:sourceip" | "aws:vpcsourceip" => value.parse::<IpAddr>().is_ok(),
        "aws:multifactorauthage" => {
            value.bytes().all(|byte| byte.is_ascii_digit()) && !value.is_empty()
        }
        "aws:tokenissuetime" | "aws:currenttime" | "aws:epochtime" => seconds(value).is_some(),
        "aws:requestedregion" => is_region(value),
        "aws:sourcevpc" => value.len() > 4 && value.starts_with("vpc-") && is_lower(&value[4..]),
        "aws:sourcevpce" => value.len() > 5 && value.starts_with("vpce-") && is_lower(&value[5..]),
        "aws:calledvia" | "aws:calledviafirst" | "aws:calledvialast" => {
            let name = value.strip_suffix(".cn").unwrap_or(value);
            let name = name.strip_suffix(".amazonaws.com").unwrap_or_default();
            let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || ".-".contains(c);
            name.starts_with(|c: char| c.is_ascii_alphanumeric()) && name.chars().all(fits)
        }
        "aws:principalaccount" | "aws:resourceaccount" | "aws:sourceaccount" => is_account(value),
        _ if key.contains("tag/") => value.chars().count() <= 256,
        _ => !value.is_empty(),
    }
}

fn is_lower(text: &str) -> bool {
    text.bytes()
        .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
}

fn check_key(
    key: &str,
    values: &[String],
    request: &Request,
    who: Who,
    account: &str,
    on_trail: bool,
) -> Result<(), String> {
    const MULTIVALUED: [&str; 6] = [
        "aws:calledvia",
        "aws:principalorgpaths",
        "aws:resourceorgpaths",
        "aws:sourceorgpaths",
        "aws:tagkeys",
        "aws:vpceorgpaths",
    ];
    if values.len() != 1 && !MULTIVALUED.contains(&key) {
        return Err(format!("`{key}` has {} values", values.len()));
    }
    if is_absent(key, on_trail) {
        return Err(format!("`{key}` is never sent on this call"));
    }
    for value in values {
        let name = part(&request.principal, 5)
            .rsplit('/')
            .next()
            .unwrap_or_default();
        let sound = match key {
            "aws:principalaccount" => value == account,
            "aws:resourceaccount" if on_trail => value == account,
            "aws:principaltype" => {
                value
                    == match who {
                        Who::Role => "AssumedRole",
                        Who::User => "User",
                        Who::Root => "Account",
                        Who::FederatedUser => "FederatedUser",
                        Who::Anonymous => "Anonymous",
                        Who::Other => return Ok(()),
                    }
            }
            "aws:username" => who == Who::User && value == name,
            "aws:userid" => match who {
                Who::Role => value.split_once(':').is_some_and(|(id, session)| {
                    is_unique_id(id, "AROA") && (2..=64).contains(&session.len())
                }),
                Who::User => is_unique_id(value, "AIDA"),
                Who::Root => value == account,
                Who::FederatedUser => *value == format!("{account}:{name}"),
                _ => true,
            },
            key => is_value(key, value),
        };
        if !sound {
            return Err(format!("`{value}` is no value of `{key}`"));
        }
    }
    Ok(())
}

/// "IAM identifiers": the id of a role begins with `AROA`, that of a user with `AIDA`.
fn is_unique_id(text: &str, prefix: &str) -> bool {
    text.starts_with(prefix) && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

//! Global condition keys ("AWS global condition context keys"): misspelled ones, and set operators on single values.

use crate::policy::Condition;
use crate::policy::elements::excerpt;
use crate::policy::nearest::did_you_mean;
use crate::policy::operator::SetOperator;
use crate::problem::Problems;

/// Keys that hold one value. Those that end in `/` are followed by a tag's key.
const SINGLE_VALUED: [&str; 48] = [
    "aws:PrincipalArn",
    "aws:PrincipalAccount",
    "aws:PrincipalOrgID",
    "aws:PrincipalTag/",
    "aws:PrincipalIsAWSService",
    "aws:PrincipalServiceName",
    "aws:PrincipalType",
    "aws:userid",
    "aws:username",
    "aws:AssumedRoot",
    "aws:FederatedProvider",
    "aws:TokenIssueTime",
    "aws:SignInSessionArn",
    "aws:MultiFactorAuthAge",
    "aws:MultiFactorAuthPresent",
    "aws:ChatbotSourceArn",
    "aws:Ec2InstanceSourceVpc",
    "aws:Ec2InstanceSourcePrivateIPv4",
    "aws:SourceIdentity",
    "aws:SourceIp",
    "aws:SourceVpc",
    "aws:SourceVpcArn",
    "aws:SourceVpce",
    "aws:VpceAccount",
    "aws:VpceOrgID",
    "aws:VpcSourceIp",
    "aws:ResourceAccount",
    "aws:ResourceOrgID",
    "aws:ResourceTag/",
    "aws:CalledViaFirst",
    "aws:CalledViaLast",
    "aws:CalledViaAWSMCP",
    "aws:ViaAWSService",
    "aws:ViaAWSMCPService",
    "aws:CurrentTime",
    "aws:EpochTime",
    "aws:referer",
    "aws:RequestedRegion",
    "aws:RequestTag/",
    "aws:SecureTransport",
    "aws:SourceAccount",
    "aws:SourceArn",
    "aws:SourceOrgID",
    "aws:UserAgent",
    "aws:IsMcpServiceAction",
    // On no list of AWS's, but in its own policies.
    "aws:PrincipalOrgMasterAccountId",
    "aws:SourceOwner",
    "aws:SourceInstanceARN",
];

/// Keys that hold any number of values.
const MULTIVALUED: [&str; 7] = [
    "aws:CalledVia",
    "aws:PrincipalOrgPaths",
    "aws:PrincipalServiceNamesList",
    "aws:ResourceOrgPaths",
    "aws:SourceOrgPaths",
    "aws:TagKeys",
    "aws:VpceOrgPaths",
];

pub(super) fn find(condition: &Condition<'_>, problems: &mut Problems) {
    let key = condition.key.value.as_ref();
    if let Some(message) = unknown(key) {
        problems.warning(condition.key.span, message);
    }
    if let Some(set) = condition.operator.value.set
        && SINGLE_VALUED.iter().any(|known| is(known, key))
    {
        let effect = match set {
            SetOperator::ForAllValues => "is also true where the key is absent",
            SetOperator::ForAnyValue => "changes nothing, or hides what is meant",
        };
        problems.warning(
            condition.operator.span,
            format!(
                "`{key}` holds a single value, and AWS says not to use a set operator with it: `{}` {effect}; write `{}`",
                set.prefix(),
                crate::policy::operator::Operator { set: None, ..condition.operator.value }
            ),
        );
    }
}

/// What is wrong with a key that has the prefix of a global one and is none.
pub(super) fn unknown(key: &str) -> Option<String> {
    let global = key
        .get(..4)
        .is_some_and(|prefix| prefix.eq_ignore_ascii_case("aws:"));
    // Most differ in the first letter behind the prefix.
    let first = |key: &str| key.as_bytes().get(4).map(u8::to_ascii_lowercase);
    let begins = first(key);
    let is_key = |known: &&str| first(known) == begins && is(known, key);
    let mut all = SINGLE_VALUED.iter().chain(&MULTIVALUED);
    (global && !all.any(is_key)).then(|| correction(key))
}

/// Whether a key is a known one.
fn is(known: &str, key: &str) -> bool {
    if known.as_bytes().last() == Some(&b'/') {
        let start = key.get(..known.len());
        key.len() > known.len() && start.is_some_and(|start| start.eq_ignore_ascii_case(known))
    } else {
        known.eq_ignore_ascii_case(key)
    }
}

fn correction(key: &str) -> String {
    let shown = excerpt(key);
    if key.contains('/')
        || SINGLE_VALUED.iter().any(|known| {
            known
                .strip_suffix('/')
                .is_some_and(|known| known.eq_ignore_ascii_case(key))
        })
    {
        return format!(
            "AWS documents no global condition key `{shown}`: a tag's key follows `aws:PrincipalTag/`, `aws:ResourceTag/` or `aws:RequestTag/`"
        );
    }
    let hint = did_you_mean(key, SINGLE_VALUED.into_iter().chain(MULTIVALUED));
    format!(
        "AWS documents no global condition key `{shown}`: a key that no request carries is always absent{hint}"
    )
}

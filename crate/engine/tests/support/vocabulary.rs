//! The words that random documents are made of: few, so that statements meet each other often.

use iam_guardrails::report::DocumentKind;

use crate::documents::{Key, Type, Vocabulary};

use DocumentKind::{Identity, PermissionsBoundary, Rcp, Resource, Scp, Session};
use Type::{Arn, Binary, Bool, Date, Ip, Number, Text};

pub(crate) const ATTACHED: [&str; 7] = [
    "arn:aws:iam::111122223333:role/dev",
    "arn:aws:iam::111122223333:user/alice",
    "arn:aws:iam::222233334444:role/team/ops",
    "arn:aws:sts::111122223333:assumed-role/ops/alice",
    "arn:aws:sts::111122223333:federated-user/alice",
    "arn:aws:iam::111122223333:root",
    "arn:aws-cn:iam::222233334444:user/team/ops",
];

pub(crate) const PROTECTED: [&str; 5] = [
    "arn:aws:cloudtrail:*:*:trail/ops-*",
    "arn:*:cloudtrail:*:111122223333:trail/*",
    "arn:aws:cloudtrail:us-east-1:111122223333:trail/dev",
    "arn:aws:cloudtrail:eu-*:*:trail/*",
    "*",
];

pub(crate) const ORGANIZATIONS: [&str; 2] = ["o-aaa111", "o-bbb222"];
pub(crate) const ACCOUNTS: [&str; 2] = ["111122223333", "222233334444"];

/// Documents that may or may not let somebody act on a trail.
pub(crate) const TRAIL: Vocabulary = Vocabulary {
    kinds: &[
        Identity,
        Scp,
        Identity,
        PermissionsBoundary,
        Scp,
        Identity,
        Session,
        Rcp,
        Resource,
        Scp,
    ],
    actions: &[
        "*",
        "cloudtrail:*",
        "cloudtrail:StopLogging",
        "cloudtrail:DeleteTrail",
        "CloudTrail:stop*",
        "cloudtrail:Put*",
        "cloudtrail:UpdateTrail",
        "cloudtrail:?????eTrail",
        "s3:GetObject",
        "cloudtrail:*Selectors",
        "cloudtrail:PutInsightSelectors",
    ],
    resources: &[
        "*",
        "*",
        "arn:aws:cloudtrail:*:*:trail/*",
        "arn:*:cloudtrail:*:*:trail/*",
        "arn:*:cloudtrail:*:*:trail/ops-*",
        "arn:aws:cloudtrail:us-east-1:111122223333:trail/dev",
        "arn:aws:cloudtrail:eu-*:*:trail/*",
        "arn:*:cloudtrail:*:222233334444:*",
        "arn:aws:cloudtrail:*",
        "arn:*:cloudtrail:*:*:trail/${aws:username}*",
        "arn:*:cloudtrail:*:${aws:PrincipalAccount}:trail/*",
        "arn:*:cloudtrail:*:*:trail/${aws:PrincipalTag/team, 'dev'}",
        "arn:*:cloudtrail:${aws:RequestedRegion}:*:trail/*",
        "arn:aws:s3:::logs/*",
        "arn:*:cloudtrail:*:*:trail/???",
        "arn:*:cloudtrail:*:*:*s",
    ],
    principals: &[("", "*"), ("AWS", "111122223333")],
    keys: KEYS,
    authorized: &[
        "arn:aws:iam::111122223333:role/ops",
        "arn:aws:iam::*:role/ops*",
        "aws:PrincipalTag/team=ops",
        "arn:aws:iam::111122223333:user/alice",
        "aws:PrincipalAccount=222233334444",
        "aws:userid=AROAEXAMPLEID:*",
        "arn:*:iam::*:root",
        "aws:PrincipalOrgID=o-aaa*",
        "aws:PrincipalTag/unit=d*",
        "arn:aws:iam::*:role/team/*",
        "*",
    ],
};

/// Documents about trails that compare keys with each other: what policy variables can be made of.
pub(crate) const VARIABLES: Vocabulary = Vocabulary {
    resources: &[
        "*",
        "arn:aws:cloudtrail:*:*:trail/*",
        "arn:*:cloudtrail:*:*:trail/${aws:username}*",
        "arn:*:cloudtrail:*:*:trail/${aws:PrincipalTag/team, 'dev'}",
        "arn:*:cloudtrail:*:*:trail/*${aws:PrincipalTag/team}*",
        "arn:*:cloudtrail:*:*:trail/${aws:PrincipalTag/unit}-${aws:username}",
        "arn:*:cloudtrail:${aws:RequestedRegion}:${aws:PrincipalAccount}:trail/*",
        "arn:aws:cloudtrail:us-east-1:111122223333:trail/dev",
    ],
    keys: VARIABLE_KEYS,
    ..TRAIL
};

/// A bucket's policy with its RCPs, and documents that do not bear on it.
pub(crate) const BUCKET: Vocabulary = Vocabulary {
    kinds: &[
        Resource, Rcp, Resource, Resource, Rcp, Resource, Identity, Scp,
    ],
    actions: &[
        "*",
        "s3:*",
        "s3:GetObject",
        "s3:PutObject",
        "S3:get*",
        "s3:ListBucket",
        "s3:*Object",
        "s3:PutBucketPolicy",
        "s3:??tBucket*",
        "cloudtrail:*",
    ],
    resources: &[
        "*",
        "arn:aws:s3:::logs/*",
        "arn:aws:s3:::logs",
        "arn:*:s3:::logs*",
        "arn:aws:s3:::logs/AWSLogs/*",
        "arn:aws:s3:::logs/AWSLogs/111122223333/*",
        "arn:aws:s3:::*/${aws:username}/*",
        "arn:aws:s3:::logs/${aws:PrincipalAccount}*",
        "arn:aws:s3:::other/*",
        "arn:aws:s3:::other",
        "arn:aws:s3:::logs/${aws:PrincipalTag/team, 'dev'}",
        "arn:aws-cn:s3:::logs/*",
        "arn:aws:s3:::l?gs/???",
    ],
    principals: &[
        ("", "*"),
        ("AWS", "111122223333"),
        ("AWS", "*"),
        ("AWS", "arn:aws:iam::222233334444:root"),
        ("AWS", "arn:aws:iam::111122223333:role/ops"),
        ("AWS", "arn:aws:iam::222233334444:user/alice"),
        ("AWS", "arn:aws:sts::222233334444:assumed-role/ops/alice"),
        ("Service", "cloudtrail.amazonaws.com"),
        (
            "Federated",
            "arn:aws:iam::222233334444:saml-provider/Corporate",
        ),
        (
            "CanonicalUser",
            "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be",
        ),
    ],
    keys: BUCKET_KEYS,
    authorized: &[
        "arn:aws:iam::111122223333:role/ops",
        "aws:PrincipalTag/team=ops",
    ],
};

/// The condition keys on trails.
const KEYS: &[Key] = &[
    PRINCIPAL_ARN,
    Key {
        name: "aws:PrincipalArn",
        types: &[Arn, Text],
        values: &[
            "arn:*:iam::*:role/ops*",
            "arn:aws:iam::111122223333:role/ops",
            "arn:*:iam::*:user/*",
            "arn:*:iam::*:*s",
        ],
    },
    Key {
        name: "AWS:principalaccount",
        types: &[Text, Text, Number],
        values: &[
            "111122223333",
            "222233334444",
            "1111*",
            "${aws:ResourceAccount}",
            "*4444",
        ],
    },
    Key {
        name: "aws:ResourceAccount",
        types: &[Text],
        values: &["111122223333", "${aws:PrincipalAccount}", "2*"],
    },
    PRINCIPAL_TYPE,
    USERID,
    USERNAME,
    PRINCIPAL_TAG_TEAM,
    PRINCIPAL_TAG_UNIT,
    RESOURCE_TAG_TEAM,
    Key {
        name: "aws:PrincipalOrgID",
        types: &[Text],
        values: &[
            "o-aaa111",
            "o-*",
            "o-bbb222",
            "o-aaa*",
            "${aws:ResourceOrgID}",
        ],
    },
    PRINCIPAL_ORG_PATHS,
    RESOURCE_ORG_ID,
    CURRENT_TIME,
    EPOCH_TIME,
    SOURCE_IP,
    Key {
        name: "aws:VpcSourceIp",
        types: &[Ip],
        values: &["10.0.0.0/8", "10.1.2.0/24", "0.0.0.0/0"],
    },
    SOURCE_VPCE,
    Key {
        name: "aws:SourceVpc",
        types: &[Text],
        values: &["vpc-0a1b2c3d", "vpc-*"],
    },
    MULTI_FACTOR_AUTH_PRESENT,
    MULTI_FACTOR_AUTH_AGE,
    VIA_AWSSERVICE,
    CALLED_VIA,
    Key {
        name: "aws:CalledViaFirst",
        types: &[Text],
        values: &["cloudformation.amazonaws.com", "a*"],
    },
    Key {
        name: "aws:CalledViaLast",
        types: &[Text],
        values: &["cloudformation.amazonaws.com", "athena.amazonaws.com"],
    },
    SECURE_TRANSPORT,
    Key {
        name: "aws:UserAgent",
        types: &[Text],
        values: &["aws-cli/*", "*console*", "ops"],
    },
    REQUESTED_REGION,
    PRINCIPAL_IS_AWSSERVICE,
    SOURCE_ARN,
    Key {
        name: "s3:prefix",
        types: &[Text],
        values: &["a*", "*"],
    },
    Key {
        name: "aws:TagKeys",
        types: &[Text],
        values: &["team", "*"],
    },
    Key {
        name: "aws:RequestTag/team",
        types: &[Text],
        values: &["ops", "${aws:PrincipalTag/team}"],
    },
    Key {
        name: "aws:TokenIssueTime",
        types: &[Date],
        values: &["2026-01-01T00:00:00Z", "2026-06-01T00:00:00Z"],
    },
];

/// Keys that are compared with others, in ways that agree and that do not.
const VARIABLE_KEYS: &[Key] = &[
    Key {
        name: "aws:PrincipalTag/team",
        types: &[Text, Text, Text, Arn],
        values: &[
            "${aws:username}",
            "${aws:PrincipalTag/unit}",
            "${aws:PrincipalTag/unit, 'ops'}",
            "${aws:username}/*",
            "*-${aws:username}",
            "${aws:PrincipalTag/unit}*",
            "ops",
            "o*",
            "Ops",
            "???",
            "ops/*",
            "arn:aws:iam::*:role/${aws:PrincipalTag/unit}",
        ],
    },
    Key {
        name: "aws:PrincipalTag/unit",
        types: &[Text],
        values: &[
            "${aws:PrincipalTag/team}",
            "${aws:username}",
            "*${aws:PrincipalTag/team}*",
            "a${aws:PrincipalTag/team}",
            "${aws:PrincipalTag/team}?",
            "o*",
            "ops",
            "",
        ],
    },
    Key {
        name: "aws:username",
        types: &[Text],
        values: &[
            "${aws:PrincipalTag/team}",
            "${aws:PrincipalTag/unit, 'alice'}",
            "*${aws:PrincipalTag/unit}",
            "alice",
            "?ps",
            "o*",
            "O*",
        ],
    },
    Key {
        name: "aws:PrincipalArn",
        types: &[Arn],
        values: &[
            "arn:*:iam::*:user/${aws:username}",
            "${aws:PrincipalTag/unit}",
            "arn:aws:iam::*:role/*",
            "arn:aws:iam::111122223333:user/alice",
        ],
    },
    Key {
        name: "aws:PrincipalArn",
        types: &[Text],
        values: &[
            "${aws:PrincipalTag/unit}",
            "arn:aws:iam::*:role/*",
            "arn:aws:iam::111122223333:role/ops",
        ],
    },
    Key {
        name: "aws:userid",
        types: &[Text],
        values: &[
            "*:${aws:username}",
            "AROAEXAMPLEID:${aws:PrincipalTag/team}",
            "*:${aws:PrincipalTag/unit, 'alice'}",
            "AIDA*",
        ],
    },
    Key {
        name: "aws:ResourceTag/team",
        types: &[Text],
        values: &[
            "${aws:PrincipalTag/team}",
            "${aws:PrincipalTag/team}-${aws:PrincipalTag/unit}",
            "${aws:PrincipalTag/unit}*",
            "ops",
            "dev",
            "o*",
        ],
    },
    REQUESTED_REGION,
];

/// Those that bear on buckets besides, and more often those that confine.
const BUCKET_KEYS: &[Key] = &[
    Key {
        name: "aws:PrincipalOrgID",
        types: &[Text],
        values: &[
            "o-aaa111",
            "o-bbb222",
            "o-*",
            "${aws:ResourceOrgID}",
            "o-aaa111",
            "o-aaa*",
        ],
    },
    Key {
        name: "aws:PrincipalAccount",
        types: &[Text],
        values: &[
            "111122223333",
            "222233334444",
            "${aws:ResourceAccount}",
            "1111*",
        ],
    },
    Key {
        name: "aws:SourceAccount",
        types: &[Text],
        values: &["111122223333", "222233334444", "2*"],
    },
    Key {
        name: "aws:SourceOrgID",
        types: &[Text],
        values: &["o-aaa111", "o-bbb222", "${aws:ResourceOrgID}"],
    },
    Key {
        name: "aws:SourceOrgPaths",
        types: &[Text],
        values: &["o-aaa111/*", "o-aaa111/r-ab12/*", "*"],
    },
    Key {
        name: "aws:ResourceAccount",
        types: &[Text],
        values: &["111122223333", "${aws:PrincipalAccount}", "2*"],
    },
    Key {
        name: "s3:prefix",
        types: &[Text],
        values: &["AWSLogs/*", "${aws:username}/*", ""],
    },
    Key {
        name: "s3:x-amz-acl",
        types: &[Text],
        values: &["bucket-owner-full-control", "public-read"],
    },
    Key {
        name: "s3:TlsVersion",
        types: &[Number],
        values: &["1.2", "1.3"],
    },
    Key {
        name: "s3:max-keys",
        types: &[Number],
        values: &["10", "100"],
    },
    Key {
        name: "aws:TagKeys",
        types: &[Text],
        values: &["team", "unit", "*"],
    },
    PRINCIPAL_ARN,
    PRINCIPAL_TYPE,
    USERID,
    USERNAME,
    PRINCIPAL_TAG_TEAM,
    PRINCIPAL_TAG_UNIT,
    RESOURCE_TAG_TEAM,
    PRINCIPAL_ORG_PATHS,
    RESOURCE_ORG_ID,
    CURRENT_TIME,
    EPOCH_TIME,
    SOURCE_IP,
    SOURCE_VPCE,
    MULTI_FACTOR_AUTH_PRESENT,
    MULTI_FACTOR_AUTH_AGE,
    VIA_AWSSERVICE,
    CALLED_VIA,
    SECURE_TRANSPORT,
    PRINCIPAL_IS_AWSSERVICE,
    SOURCE_ARN,
    REQUESTED_REGION,
];

const PRINCIPAL_ARN: Key = Key {
    name: "aws:PrincipalArn",
    types: &[Arn, Arn, Text, Arn],
    values: &[
        "arn:aws:iam::111122223333:role/ops",
        "arn:*:iam::*:role/ops*",
        "arn:aws:iam::*:role/*",
        "arn:aws:iam::111122223333:user/alice",
        "arn:*:iam::*:user/${aws:username}",
        "arn:*:iam::*:root",
        "arn:aws:sts::*:federated-user/*",
        "arn:*:iam::222233334444:*",
        "arn:*:iam::*:role/team/*",
        "arn:*:iam::*:*/${aws:PrincipalTag/team}",
        "*",
    ],
};
const PRINCIPAL_TYPE: Key = Key {
    name: "aws:PrincipalType",
    types: &[Text],
    values: &["User", "AssumedRole", "Account", "F*", "account"],
};
const USERID: Key = Key {
    name: "aws:userid",
    types: &[Text],
    values: &[
        "AROAEXAMPLEID:*",
        "*:alice",
        "111122223333",
        "*:${aws:username}",
        "AIDA*",
        "111122223333:alice",
    ],
};
const USERNAME: Key = Key {
    name: "aws:username",
    types: &[Text],
    values: &["alice", "ops", "o*", "*", "${aws:PrincipalTag/team}"],
};
const PRINCIPAL_TAG_TEAM: Key = Key {
    name: "aws:PrincipalTag/team",
    types: &[Text, Text, Text, Arn],
    values: &[
        "ops",
        "dev",
        "o*",
        "",
        "${aws:username}",
        "${aws:PrincipalTag/unit, 'ops'}",
        "?ps",
        "Ops",
        "arn:aws:iam::*:role/ops",
    ],
};
const PRINCIPAL_TAG_UNIT: Key = Key {
    name: "aws:PrincipalTag/unit",
    types: &[Text, Number, Date, Bool, Ip, Binary],
    values: &[
        "ops",
        "dev",
        "10",
        "20.5",
        "*s",
        "true",
        "10.0.0.0/8",
        "2026-06-01T00:00:00Z",
        "QmluYXJ5",
        "QQ==",
        "d*",
    ],
};
const RESOURCE_TAG_TEAM: Key = Key {
    name: "aws:ResourceTag/team",
    types: &[Text],
    values: &["ops", "dev", "${aws:PrincipalTag/team}", "o*"],
};
const PRINCIPAL_ORG_PATHS: Key = Key {
    name: "aws:PrincipalOrgPaths",
    types: &[Text],
    values: &[
        "o-aaa111/*",
        "o-aaa111/r-ab12/ou-ab12-11111111/*",
        "o-*/r-ab12/ou-ab12-11111111/",
        "*",
    ],
};
const RESOURCE_ORG_ID: Key = Key {
    name: "aws:ResourceOrgID",
    types: &[Text],
    values: &["o-aaa111", "${aws:PrincipalOrgID}", "o-b*"],
};
const CURRENT_TIME: Key = Key {
    name: "aws:CurrentTime",
    types: &[Date],
    values: &[
        "2026-01-01T00:00:00Z",
        "2025-06-01T00:00:00Z",
        "2026-06-01T00:00:00Z",
        "2026-06-01T00:00:01Z",
    ],
};
const EPOCH_TIME: Key = Key {
    name: "aws:EpochTime",
    types: &[Number, Date],
    values: &["1767225600", "1780272000", "1780272001", "1748736000"],
};
const SOURCE_IP: Key = Key {
    name: "aws:SourceIp",
    types: &[Ip, Ip, Ip, Ip, Text],
    values: &[
        "10.0.0.0/8",
        "10.1.0.0/16",
        "10.1.2.3",
        "203.0.113.0/24",
        "0.0.0.0/0",
        "::/0",
        "2001:db8::/32",
        "0.0.0.0/1",
        "128.0.0.0/1",
    ],
};
const SOURCE_VPCE: Key = Key {
    name: "aws:SourceVpce",
    types: &[Text],
    values: &["vpce-0a1b2c3d", "vpce-*", "vpce-1111"],
};
const MULTI_FACTOR_AUTH_PRESENT: Key = Key {
    name: "aws:MultiFactorAuthPresent",
    types: &[Bool, Bool, Text],
    values: &["true", "false"],
};
const MULTI_FACTOR_AUTH_AGE: Key = Key {
    name: "aws:MultiFactorAuthAge",
    types: &[Number],
    values: &["3600", "300", "0", "10.5"],
};
const VIA_AWSSERVICE: Key = Key {
    name: "aws:ViaAWSService",
    types: &[Bool],
    values: &["true", "false"],
};
const CALLED_VIA: Key = Key {
    name: "aws:CalledVia",
    types: &[Text],
    values: &[
        "cloudformation.amazonaws.com",
        "athena.amazonaws.com",
        "*.amazonaws.com",
        "cloud*",
    ],
};
const SECURE_TRANSPORT: Key = Key {
    name: "aws:SecureTransport",
    types: &[Bool, Text],
    values: &["true", "false"],
};
const PRINCIPAL_IS_AWSSERVICE: Key = Key {
    name: "aws:PrincipalIsAWSService",
    types: &[Bool],
    values: &["true", "false"],
};
const SOURCE_ARN: Key = Key {
    name: "aws:SourceArn",
    types: &[Arn, Text],
    values: &["arn:aws:cloudtrail:*:111122223333:trail/*", "*"],
};
const REQUESTED_REGION: Key = Key {
    name: "aws:RequestedRegion",
    types: &[Text],
    values: &["us-east-1", "eu-*", "eu-west-1", "us-*"],
};

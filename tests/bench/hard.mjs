// Hard cases: 20 statements of 6 condition keys each, with 3 exceptions each. Each is to take less than 10 ms.

import { check } from "./engine.mjs";
import { duration, least, table } from "./measure.mjs";

const LIMIT = 10;
const STATEMENTS = 20;
const SEEDS = 100;

export function hard() {
  const rows = cases().map((request) => measure(request));
  table(
    `Hard cases: ${STATEMENTS} statements, 6 condition keys each, 3 exceptions each (less than ${LIMIT} ms each)`,
    ["", "time", "verdicts of IAM-CLOUDTRAIL-1, -2, -4"],
    rows.map(({ name, took, verdicts }) => [name, duration(took), verdicts]),
  );

  const random = Array.from({ length: SEEDS }, (_, seed) => measure(randomCase(seed + 1)));
  random.sort((a, b) => a.took - b.took);
  const at = (share) => random[Math.min(SEEDS - 1, Math.floor(share * SEEDS))];
  const undecided = random.filter(({ verdicts }) => verdicts.includes("undecided"));
  const late = random.filter(({ took }) => took >= LIMIT);
  table(
    `${SEEDS} random ones: documents of every kind, all operators, some keys linked`,
    ["", "time", "case"],
    [
      ["median", duration(at(0.5).took), at(0.5).name],
      ["9 of 10", duration(at(0.9).took), at(0.9).name],
      ["slowest", duration(at(1).took), at(1).name],
    ],
  );
  console.log(`${late.length} of them took ${LIMIT} ms or more, ${undecided.length} were undecided`);
  for (const { name, took, verdicts } of new Set([...late, ...undecided])) {
    console.log(`  ${name}: ${duration(took)}, ${verdicts}`);
  }
}

function measure({ name, documents, settings }) {
  const request = { documents: documents.map(written), settings };
  const report = check(request);
  const broken = report.documents.flatMap(({ problems }) => problems.filter(({ severity }) => severity === "error"));
  if (broken.length > 0) {
    throw new Error(`${name}: ${broken[0].message}`);
  }
  const verdicts = report.guardrails.filter(({ id }) => id !== "IAM-CLOUDTRAIL-3").map(({ verdict }) => verdict);
  return { name, took: least(() => check(request)), verdicts: verdicts.join(", ") };
}

/** A document as it is pasted. */
function written({ name, kind, statements, attachedTo }) {
  return { name, kind, attachedTo, text: JSON.stringify({ Version: "2012-10-17", Statement: statements }, null, 2) };
}

const administrator = {
  name: "administrator",
  kind: "identity",
  statements: [{ Effect: "Allow", Action: "*", Resource: "*" }],
};
const numbered = (count, make) => Array.from({ length: count }, (_, index) => make(index));
const account = (index) => String(111122223333 + index);

function cases() {
  return [
    {
      name: "SCP: 20 Denies, each with exceptions of its own",
      documents: [administrator, { name: "scp", kind: "scp", statements: numbered(STATEMENTS, deny) }],
    },
    {
      name: "the same, and a Deny that covers all but the authorized",
      documents: [
        administrator,
        { name: "scp", kind: "scp", statements: [...numbered(STATEMENTS - 1, deny), denyButAuthorized()] },
      ],
      settings: { authorizedPrincipals: ["arn:aws:iam::*:role/BreakGlass", "arn:aws:iam::*:role/security/*"] },
    },
    {
      name: "SCP: Denies for every combination of four keys, only together complete",
      documents: [administrator, { name: "scp", kind: "scp", statements: everyCombination() }],
      settings: { authorizedPrincipals: exceptions(0) },
    },
    {
      name: "the same with one combination left out",
      documents: [administrator, { name: "scp", kind: "scp", statements: everyCombination().slice(1) }],
      settings: { authorizedPrincipals: exceptions(0) },
    },
    {
      name: "identity: 20 Allows, each on conditions of its own",
      documents: [{ name: "allows", kind: "identity", statements: numbered(STATEMENTS, allow) }],
    },
    {
      name: "10 Allows under 10 Denies of an SCP",
      documents: [
        { name: "allows", kind: "identity", statements: numbered(STATEMENTS / 2, allow) },
        { name: "scp", kind: "scp", statements: numbered(STATEMENTS / 2, deny) },
      ],
    },
    {
      name: "5 Allows, a boundary of 5, an SCP of 5 Allows and 5 Denies",
      documents: [
        { name: "allows", kind: "identity", statements: numbered(5, allow) },
        { name: "boundary", kind: "permissions-boundary", statements: numbered(5, allow) },
        { name: "scp", kind: "scp", statements: [...numbered(5, allow), ...numbered(5, deny)] },
      ],
    },
    {
      name: "20 Denies on linked keys: ARN, account, user name, type, organization, path",
      documents: [administrator, { name: "scp", kind: "scp", statements: numbered(STATEMENTS, denyLinked) }],
    },
    {
      name: "20 Denies that each spare an account, an organization and three names",
      documents: [administrator, { name: "scp", kind: "scp", statements: numbered(STATEMENTS, denySparing) }],
      settings: { authorizedPrincipals: numbered(STATEMENTS, exceptions).flat() },
    },
    {
      name: "20 Denies by NotAction and NotResource with three trails each",
      documents: [administrator, { name: "scp", kind: "scp", statements: numbered(STATEMENTS, denyNot) }],
      settings: { protectedTrails: ["arn:aws:cloudtrail:*:*:trail/infosec-*"] },
    },
    {
      name: "20 Denies of three wildcard patterns for each of 6 tags",
      documents: [administrator, { name: "scp", kind: "scp", statements: numbered(STATEMENTS, denyTags) }],
    },
    {
      name: "20 Denies with policy variables",
      documents: [administrator, { name: "scp", kind: "scp", statements: numbered(STATEMENTS, denyVariables) }],
    },
    {
      name: "20 Denies on times, addresses and numbers that overlap",
      documents: [administrator, { name: "scp", kind: "scp", statements: numbered(STATEMENTS, denyRanges) }],
    },
    {
      name: "20 policies attached to 20 users, under one SCP of 20 Denies",
      documents: [
        ...numbered(STATEMENTS, (index) => ({
          name: `user ${index}`,
          kind: "identity",
          attachedTo: `arn:aws:iam::${account(index)}:user/person${index}`,
          statements: [allow(index)],
        })),
        { name: "scp", kind: "scp", statements: numbered(STATEMENTS, deny) },
      ],
    },
  ];
}

const ACTIONS = ["cloudtrail:*", "cloudtrail:DeleteTrail", "cloudtrail:StopLogging", "cloudtrail:Update*", "cloudtrail:Put*Selectors"];
const REGIONS = ["us-east-1", "us-west-2", "eu-west-1", "eu-central-1", "ap-southeast-2", "sa-east-1"];

const exceptions = (index) => [
  `arn:aws:iam::*:role/Ops${index}*`,
  `arn:aws:iam::${account(index)}:role/path${index}/*`,
  `arn:aws:iam::*:user/*-admin-${index}`,
];
const trails = (index) => [
  `arn:aws:cloudtrail:*:*:trail/team${index}-*`,
  `arn:aws:cloudtrail:us-*:*:trail/*-sandbox${index}`,
  `arn:aws:cloudtrail:*:${account(index)}:trail/*`,
];
const tags = (index) => [`team${index}`, `group${index}`, `unit${index}`];

function deny(index) {
  return {
    Sid: `Deny${index}`,
    Effect: "Deny",
    Action: "cloudtrail:*",
    Resource: "*",
    Condition: {
      ArnNotLike: { "aws:PrincipalArn": exceptions(index) },
      StringNotEquals: { "aws:PrincipalTag/team": tags(index) },
      StringNotEqualsIfExists: { "aws:RequestedRegion": [REGIONS[index % 6], REGIONS[(index + 1) % 6], REGIONS[(index + 2) % 6]] },
      NotIpAddress: { "aws:SourceIp": [`10.${index}.0.0/16`, `192.0.2.${index}/32`, `2001:db8:${index}::/48`] },
      BoolIfExists: { "aws:MultiFactorAuthPresent": index % 2 === 0 ? "false" : "true" },
      StringNotLike: { "aws:UserAgent": [`*terraform/${index}.*`, `aws-cli/${index}.*`, `*boto3-${index}*`] },
    },
  };
}

function denyButAuthorized() {
  return {
    Effect: "Deny",
    Action: ["cloudtrail:DeleteTrail", "cloudtrail:StopLogging", "cloudtrail:UpdateTrail", "cloudtrail:Put*Selectors"],
    Resource: "*",
    Condition: {
      ArnNotLike: { "aws:PrincipalArn": ["arn:aws:iam::*:role/BreakGlass", "arn:aws:iam::*:role/security/*"] },
    },
  };
}

/** 16 signs of four keys and four Denies besides; no request escapes all of them. */
function everyCombination() {
  const combination = (index) => ({
    Effect: "Deny",
    Action: "cloudtrail:*",
    Resource: "*",
    Condition: {
      ArnNotLike: { "aws:PrincipalArn": exceptions(0) },
      Bool: { "aws:SecureTransport": String((index & 1) !== 0), "aws:ViaAWSService": String((index & 2) !== 0) },
      [index & 4 ? "StringLike" : "StringNotLike"]: { "aws:PrincipalTag/team": ["ops-*", "security", "*-audit"] },
      [index & 8 ? "IpAddress" : "NotIpAddress"]: { "aws:SourceIp": ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"] },
      StringLike: { "aws:PrincipalAccount": "*", ...(index & 4 ? { "aws:PrincipalTag/team": ["ops-*", "security", "*-audit"] } : {}) },
    },
  });
  return [...numbered(16, combination), ...numbered(4, (index) => deny(index + 1))];
}

function allow(index) {
  return {
    Sid: `Allow${index}`,
    Effect: "Allow",
    Action: ACTIONS[index % ACTIONS.length],
    Resource: trails(index),
    Condition: {
      ArnLike: { "aws:PrincipalArn": exceptions(index) },
      StringEquals: { "aws:PrincipalTag/team": tags(index), "aws:RequestedRegion": REGIONS.slice(index % 4, (index % 4) + 3) },
      IpAddress: { "aws:SourceIp": [`10.${index}.0.0/16`, `192.0.2.${index}/32`, `2001:db8:${index}::/48`] },
      Bool: { "aws:MultiFactorAuthPresent": "true" },
      NumericLessThan: { "aws:MultiFactorAuthAge": String(600 * (index + 1)) },
    },
  };
}

function denyLinked(index) {
  return {
    Effect: "Deny",
    Action: "cloudtrail:*",
    Resource: "*",
    Condition: {
      ArnNotLike: { "aws:PrincipalArn": exceptions(index) },
      StringNotEquals: {
        "aws:PrincipalAccount": [account(index), account(index + 1), account(index + 2)],
        "aws:PrincipalOrgID": [`o-a1b2c3d4${index}`, `o-e5f6g7h8${index}`, `o-i9j0k1l2${index}`],
      },
      StringNotLikeIfExists: { "aws:username": [`person${index}*`, `*-admin-${index}`, `robot${index}`] },
      StringNotEqualsIfExists: { "aws:PrincipalType": ["Account", "FederatedUser", index % 2 ? "User" : "AssumedRole"].slice(0, 3) },
      "ForAnyValue:StringNotLike": { "aws:PrincipalOrgPaths": [`o-a1b2c3d4${index}/*`, `o-*/r-ab1${index}/*`, `*/ou-${index}/*`] },
    },
  };
}

function denySparing(index) {
  return {
    Effect: "Deny",
    Action: "cloudtrail:*",
    Resource: "*",
    Condition: {
      ArnNotLike: { "aws:PrincipalArn": exceptions(index) },
      StringNotEquals: { "aws:PrincipalAccount": [account(index), account(index + 1), account(index + 2)] },
      StringNotEqualsIfExists: { "aws:PrincipalOrgID": [`o-a1b2c3d4${index}`, `o-e5f6g7h8${index}`, `o-i9j0k1l2${index}`] },
      Null: { [`aws:PrincipalTag/spare${index}`]: "true" },
      BoolIfExists: { "aws:ViaAWSService": "false" },
      StringNotLike: { "aws:userid": [`AROAEXAMPLE${index}:*`, `*:session${index}`, `AIDAEXAMPLE${index}`] },
    },
  };
}

function denyNot(index) {
  return {
    Effect: "Deny",
    NotAction: ["s3:*", "cloudtrail:Describe*", ["cloudtrail:DeleteTrail", "cloudtrail:UpdateTrail", "cloudtrail:PutInsightSelectors"][index % 3]],
    NotResource: trails(index),
    Condition: deny(index).Condition,
  };
}

function denyTags(index) {
  const keys = numbered(6, (key) => [`aws:PrincipalTag/key${(index + key) % 8}`, [`*a${index}*b*`, `x*${key}`, `*${index}y?`]]);
  return {
    Effect: "Deny",
    Action: "cloudtrail:*",
    Resource: "*",
    Condition: { [index % 2 ? "StringNotLike" : "StringLike"]: Object.fromEntries(keys) },
  };
}

function denyVariables(index) {
  const condition = deny(index).Condition;
  return {
    Effect: "Deny",
    Action: "cloudtrail:*",
    NotResource: [
      `arn:aws:cloudtrail:*:*:trail/\${aws:username}-${index}`,
      `arn:aws:cloudtrail:*:*:trail/\${aws:PrincipalTag/team}-*`,
      `arn:aws:cloudtrail:*:\${aws:PrincipalAccount}:trail/own${index}-*`,
    ],
    Condition: {
      ...condition,
      StringNotEquals: { "aws:PrincipalTag/team": [`\${aws:PrincipalTag/unit}`, `team${index}`, "ops"] },
    },
  };
}

function denyRanges(index) {
  const day = (offset) => new Date(Date.UTC(2026, 0, 1 + index + offset)).toISOString();
  return {
    Effect: "Deny",
    Action: "cloudtrail:*",
    Resource: "*",
    Condition: {
      ArnNotLike: { "aws:PrincipalArn": exceptions(index) },
      DateGreaterThan: { "aws:CurrentTime": day(0) },
      DateLessThan: { "aws:TokenIssueTime": day(30) },
      NumericGreaterThanEqualsIfExists: { "aws:MultiFactorAuthAge": String(60 * index) },
      NotIpAddress: { "aws:SourceIp": [`10.${index}.0.0/15`, `10.0.0.0/${8 + index}`, `172.16.${index}.0/23`] },
      StringNotEquals: { "aws:RequestedRegion": [REGIONS[index % 6], REGIONS[(index + 1) % 6], REGIONS[(index + 3) % 6]] },
    },
  };
}

/** Keys with the operators that fit them, and three values. */
const KEYS = [
  ["aws:PrincipalArn", ["ArnLike", "ArnNotLike", "StringLike", "StringNotLikeIfExists"], exceptions],
  ["aws:PrincipalAccount", ["StringEquals", "StringNotEquals"], (index) => numbered(3, (more) => account(index + more))],
  ["aws:PrincipalOrgID", ["StringEquals", "StringNotEqualsIfExists"], (index) => numbered(3, (more) => `o-a1b2c3d4${index}${more}`)],
  ["aws:username", ["StringLike", "StringNotLikeIfExists"], (index) => [`person${index}*`, `*-admin-${index}`, "robot?"]],
  ["aws:userid", ["StringLike", "StringNotLike"], (index) => [`AROAEXAMPLE${index}:*`, `*:session${index}`, "AIDA*"]],
  ["aws:PrincipalTag/team", ["StringEquals", "StringNotEquals", "StringEqualsIgnoreCase"], tags],
  ["aws:PrincipalTag/unit", ["StringLike", "StringNotLike", "StringNotLikeIfExists"], (index) => [`*${index}`, `u${index}*`, `*-${index}-*`]],
  ["aws:RequestedRegion", ["StringEquals", "StringNotEquals"], (index) => [REGIONS[index % 6], REGIONS[(index + 2) % 6], REGIONS[(index + 3) % 6]]],
  ["aws:SourceIp", ["IpAddress", "NotIpAddress", "NotIpAddressIfExists"], (index) => [`10.${index}.0.0/16`, "192.0.2.0/24", `2001:db8:${index}::/48`]],
  ["aws:SourceVpce", ["StringEquals", "StringNotEqualsIfExists"], (index) => numbered(3, (more) => `vpce-0a1b2c3d${index}${more}`)],
  ["aws:MultiFactorAuthPresent", ["Bool", "BoolIfExists"], (index) => [index % 2 ? "true" : "false"]],
  ["aws:MultiFactorAuthAge", ["NumericLessThan", "NumericGreaterThanIfExists"], (index) => [String(300 * (index + 1))]],
  ["aws:SecureTransport", ["Bool"], (index) => [index % 5 ? "true" : "false"]],
  ["aws:ViaAWSService", ["Bool", "BoolIfExists"], (index) => [index % 3 ? "false" : "true"]],
  ["aws:CurrentTime", ["DateGreaterThan", "DateLessThan"], (index) => [`20${26 + (index % 4)}-06-01T00:00:00Z`]],
  ["aws:UserAgent", ["StringLike", "StringNotLike"], (index) => [`*terraform/${index}*`, "aws-cli/*", `*boto${index}*`]],
  ["aws:PrincipalType", ["StringEquals", "StringNotEquals"], () => ["User", "FederatedUser", "Account"]],
  ["aws:SourceIdentity", ["Null"], (index) => [index % 2 ? "true" : "false"]],
];

function randomCase(seed) {
  const next = random(seed);
  const below = (bound) => Math.floor(next() * bound);
  const pick = (list) => list[below(list.length)];
  const statement = (effect) => {
    const condition = {};
    const keys = new Set();
    while (keys.size < 6) {
      keys.add(pick(KEYS));
    }
    for (const [key, operators, values] of keys) {
      const operator = pick(operators);
      condition[operator] = { ...condition[operator], [key]: values(below(STATEMENTS)) };
    }
    return {
      Effect: effect,
      Action: effect === "Deny" ? "cloudtrail:*" : pick(ACTIONS),
      ...(below(4) === 0 ? { [effect === "Deny" ? "NotResource" : "Resource"]: trails(below(STATEMENTS)) } : { Resource: "*" }),
      Condition: condition,
    };
  };
  const denies = 5 + below(15);
  const allows = STATEMENTS - denies;
  const documents = [{ name: "scp", kind: "scp", statements: numbered(denies, () => statement("Deny")) }];
  if (allows > 0) {
    documents.push({ name: "allows", kind: "identity", statements: numbered(allows, () => statement("Allow")) });
  }
  if (below(2) === 0) {
    documents.push(administrator);
  }
  return {
    name: `seed ${seed}`,
    documents,
    settings: below(2) === 0 ? { authorizedPrincipals: exceptions(below(STATEMENTS)) } : {},
  };
}

/** The same numbers for the same seed on every machine (mulberry32). */
function random(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

// How time grows: everything that can be many, doubled.

import { check, survey } from "./engine.mjs";
import { duration, least, table } from "./measure.mjs";

const STEPS = 9;
/** A row that took longer is the last of its table. */
const LONGEST = 3000;

export function growth() {
  table(
    "Roles of account authorization details, each with its inline policy and a managed one that others share",
    ["roles", "characters", "time", "growth", "each"],
    ROLES.map((count) => ({ count, text: accountDetails(count) })).map(roleRow),
  );
  for (const { title, first, request } of SERIES) {
    const rows = [];
    let before = null;
    for (let step = 0, size = first; step < STEPS; step += 1, size *= 2) {
      const { documents, settings } = request(size);
      const whole = { documents: documents.map(written), settings };
      const characters = whole.documents.reduce((sum, { text }) => sum + text.length, 0);
      const verdicts = check(whole).guardrails.filter(({ id }) => id !== "IAM-CLOUDTRAIL-3").map(({ verdict }) => verdict);
      const took = least(() => check(whole));
      rows.push([size, characters, duration(took), before === null ? "" : `${(took / before).toFixed(1)} ×`, verdicts.join(", ")]);
      before = took;
      if (took > LONGEST) {
        break;
      }
    }
    table(title, ["number", "characters", "time", "growth", "verdicts"], rows);
  }
}

const ROLES = [1000, 2000, 4000, 8000];
/** Principals that are judged between two looks at what else is to be done. */
const STEP = 64;

/** The time for one account, taken in steps as the page takes it. */
function roleRow({ count, text }, index, all) {
  const bytes = new TextEncoder().encode(text);
  all[index].took = least(() => {
    const steps = survey({ documents: [{ name: "account", bytes }] });
    for (let last = null; last === null || last.judged < last.total; ) {
      last = steps.step(STEP);
    }
    steps.free();
  });
  const { took } = all[index];
  const before = all[index - 1]?.took;
  return [count, text.length, duration(took), before ? `${(took / before).toFixed(1)} ×` : "", duration(took / count)];
}

/** What `aws iam get-account-authorization-details` says of an account with so many roles. */
function accountDetails(count) {
  const policy = (...statements) => ({ Version: "2012-10-17", Statement: statements });
  const managed = numbered(20, (team) => ({
    PolicyName: `Team${team}`,
    Arn: `arn:aws:iam::111122223333:policy/Team${team}`,
    DefaultVersionId: "v1",
    PolicyVersionList: [
      {
        VersionId: "v1",
        IsDefaultVersion: true,
        Document: policy(
          { Effect: "Allow", Action: team % 4 === 0 ? "cloudtrail:*" : "cloudtrail:Describe*", Resource: "*" },
          deny({
            ArnNotLike: { "aws:PrincipalArn": [`arn:aws:iam::*:role/Ops${team}*`, "arn:aws:iam::*:role/BreakGlass"] },
            StringNotEquals: { "aws:PrincipalTag/team": [`team${team}`, "security"] },
          }),
        ),
      },
    ],
  }));
  const roles = numbered(count, (index) => ({
    Path: "/",
    RoleName: `app${index}`,
    Arn: `arn:aws:iam::111122223333:role/app${index}`,
    AssumeRolePolicyDocument: policy({ Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" }),
    RolePolicyList: [
      {
        PolicyName: "own",
        PolicyDocument: policy(
          { Effect: "Allow", Action: "s3:GetObject", Resource: `arn:aws:s3:::bucket-${index}/*` },
          {
            Effect: "Allow",
            Action: "cloudtrail:*",
            Resource: `arn:aws:cloudtrail:*:*:trail/app${index}-*`,
            Condition: { StringEquals: { "aws:RequestedRegion": ["us-east-1", "eu-west-1"] } },
          },
        ),
      },
    ],
    AttachedManagedPolicies: [
      { PolicyName: `Team${index % 20}`, PolicyArn: `arn:aws:iam::111122223333:policy/Team${index % 20}` },
    ],
  }));
  return JSON.stringify({ UserDetailList: [], GroupDetailList: [], RoleDetailList: roles, Policies: managed });
}

function written({ name, kind, statements, attachedTo }) {
  return { name, kind, attachedTo, text: JSON.stringify({ Version: "2012-10-17", Statement: statements }) };
}

const numbered = (count, make) => Array.from({ length: count }, (_, index) => make(index));
const administrator = {
  name: "administrator",
  kind: "identity",
  statements: [{ Effect: "Allow", Action: "*", Resource: "*" }],
};
const scp = (...statements) => ({ name: "scp", kind: "scp", statements });
const deny = (condition, more = {}) => ({
  Effect: "Deny",
  Action: "cloudtrail:*",
  Resource: "*",
  ...(condition ? { Condition: condition } : {}),
  ...more,
});
const under = (...statements) => ({ documents: [administrator, scp(...statements)] });
const exception = (index) => ({ ArnNotLike: { "aws:PrincipalArn": `arn:aws:iam::*:role/Ops${index}*` } });
/** `*a*a*…b`. */
const stars = (count) => `${"*a".repeat(count)}*b`;

const SERIES = [
  {
    title: "Statements that are about other services",
    first: 16,
    request: (count) => ({
      documents: [
        {
          name: "services",
          kind: "identity",
          statements: numbered(count, (index) => ({
            Effect: "Allow",
            Action: [`service${index}:Get*`, `service${index}:List*`],
            Resource: `arn:aws:service${index}:*:111122223333:thing/*`,
          })),
        },
      ],
    }),
  },
  {
    title: "Denies that each spare a role of their own (one request must escape all)",
    first: 1,
    request: (count) => under(...numbered(count, (index) => deny(exception(index)))),
  },
  {
    title: "Denies that each ask for a tag of their own",
    first: 1,
    request: (count) =>
      under(...numbered(count, (index) => deny({ StringNotEquals: { [`aws:PrincipalTag/key${index}`]: "yes" } }))),
  },
  {
    title: "Denies of two conditions each, between which a request must choose",
    first: 1,
    request: (count) =>
      under(
        ...numbered(count, (index) =>
          deny({ ...exception(index), StringNotEquals: { "aws:PrincipalTag/team": `team${index}` } }),
        ),
      ),
  },
  {
    title: "Allows, each for a role and a tag of its own, under a Deny that spares one role",
    first: 1,
    request: (count) => ({
      documents: [
        {
          name: "allows",
          kind: "identity",
          statements: numbered(count, (index) => ({
            Effect: "Allow",
            Action: "cloudtrail:*",
            Resource: "*",
            Condition: {
              ArnLike: { "aws:PrincipalArn": `arn:aws:iam::*:role/Ops${index}-*` },
              StringEquals: { "aws:PrincipalTag/team": `team${index}` },
            },
          })),
        },
        scp(deny({ ArnNotLike: { "aws:PrincipalArn": "arn:aws:iam::*:role/Break*" } })),
      ],
    }),
  },
  {
    title: "Documents of one principal",
    first: 1,
    request: (count) => ({
      documents: numbered(count, (index) => ({ ...administrator, name: `policy ${index}`, statements: [deny(exception(index)), ...administrator.statements] })),
    }),
  },
  {
    title: "Documents, each attached to a principal of its own",
    first: 1,
    request: (count) => ({
      documents: numbered(count, (index) => ({
        ...administrator,
        name: `policy ${index}`,
        attachedTo: `arn:aws:iam::111122223333:role/role${index}`,
        statements: [deny(exception(index)), ...administrator.statements],
      })),
    }),
  },
  {
    title: "Condition keys in one Deny",
    first: 1,
    request: (count) =>
      under(deny({ StringEquals: Object.fromEntries(numbered(count, (index) => [`aws:PrincipalTag/key${index}`, "yes"])) })),
  },
  {
    title: "Condition keys in one Allow",
    first: 1,
    request: (count) => ({
      documents: [
        {
          ...administrator,
          statements: [
            {
              ...administrator.statements[0],
              Condition: { StringLike: Object.fromEntries(numbered(count, (index) => [`aws:PrincipalTag/key${index}`, "y*s"])) },
            },
          ],
        },
      ],
    }),
  },
  {
    title: "Exceptions in one Deny, none of them authorized",
    first: 1,
    request: (count) =>
      under(deny({ ArnNotLike: { "aws:PrincipalArn": numbered(count, (index) => `arn:aws:iam::*:role/Ops${index}*`) } })),
  },
  {
    title: "Exceptions in one Deny, all of them authorized",
    first: 1,
    request: (count) => {
      const roles = numbered(count, (index) => `arn:aws:iam::*:role/Ops${index}*`);
      return {
        ...under(deny({ ArnNotLike: { "aws:PrincipalArn": roles } })),
        settings: { authorizedPrincipals: roles },
      };
    },
  },
  {
    title: "Actions in one Deny",
    first: 16,
    request: (count) => under(deny(null, { Action: numbered(count, (index) => `cloudtrail:*Trail${index}*`) })),
  },
  {
    title: "Length of a name in an exception",
    first: 1,
    request: (count) => under(deny({ StringNotLike: { "aws:PrincipalTag/team": "x".repeat(count) } })),
  },
  {
    title: "`*a*a*…*b` in an action",
    first: 4,
    request: (count) => under(deny(null, { Action: `cloudtrail:${stars(count)}` }), deny(null, { Action: "cloudtrail:*a*a*a*l*" })),
  },
  {
    title: "`*a*a*…*b` in a resource, beside a long name",
    first: 4,
    request: (count) =>
      under(
        deny(null, { Resource: `arn:aws:cloudtrail:*:*:trail/${stars(count)}` }),
        deny(null, { Resource: undefined, NotResource: `arn:aws:cloudtrail:*:*:trail/${"a".repeat(127)}*` }),
      ),
  },
  {
    title: "`*a*a*…*b` in a condition, the only exception",
    first: 4,
    request: (count) => under(deny({ StringNotLike: { "aws:PrincipalTag/team": stars(count) } })),
  },
  {
    title: "`*a*a*…*b` and `*b*b*…*a` in a condition, which both must match",
    first: 4,
    request: (count) =>
      under(
        deny({ StringNotLike: { "aws:PrincipalTag/team": stars(count) } }),
        deny({ StringNotLike: { "aws:PrincipalTag/team": `${"*b".repeat(count)}*a` } }),
      ),
  },
  {
    title: "`*a*a*…*b` in a role's name that a Deny spares, beside one that must not match",
    first: 4,
    request: (count) =>
      under(
        deny({ StringNotLike: { "aws:PrincipalArn": `arn:aws:iam::*:role/${stars(count)}` } }),
        deny({ StringLike: { "aws:PrincipalArn": `arn:aws:iam::*:role/*a*b*a*b*` } }),
      ),
  },
];

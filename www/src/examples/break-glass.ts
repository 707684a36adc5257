import type { Example } from "./index";

export const BREAK_GLASS_ROLES = [
  "arn:aws:iam::*:role/BreakGlass",
  "arn:aws:iam::*:role/logging/TrailAdministrator",
];

export const breakGlass: Example = {
  title: "An SCP with a break-glass exception",
  see: "The SCP spares two roles, and the settings authorize exactly these two: everyone else is denied, so it passes.",
  settings: { authorizedPrincipals: BREAK_GLASS_ROLES },
  documents: [
    {
      name: "ProtectCloudTrail",
      text: `{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Sid": "ProtectTrails",
      "Effect": "Deny",
      "Action": [
        "cloudtrail:DeleteTrail",
        "cloudtrail:StopLogging",
        "cloudtrail:UpdateTrail",
        "cloudtrail:PutEventSelectors",
        "cloudtrail:PutInsightSelectors"
      ],
      "Resource": "*",
      "Condition": {
        "ArnNotLike": {
          "aws:PrincipalArn": [
            "arn:aws:iam::*:role/BreakGlass",
            "arn:aws:iam::*:role/logging/TrailAdministrator"
          ]
        }
      }
    }
  ]
}
`,
    },
  ],
};

import { BREAK_GLASS_ROLES } from "./break-glass";
import type { Example } from "./index";

export const breakGlassWithHole: Example = {
  title: "The same SCP with holes",
  see: "A star too many spares every role whose name begins with `BreakGlass`, `UpdateTrail` is denied in one region only, and `PutInsightSelectors` is missing from the last statement.",
  settings: { authorizedPrincipals: BREAK_GLASS_ROLES },
  documents: [
    {
      name: "ProtectCloudTrail",
      text: `{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Sid": "KeepLogging",
      "Effect": "Deny",
      "Action": [
        "cloudtrail:DeleteTrail",
        "cloudtrail:StopLogging"
      ],
      "Resource": "*",
      "Condition": {
        "ArnNotLike": {
          "aws:PrincipalArn": [
            "arn:aws:iam::*:role/BreakGlass*",
            "arn:aws:iam::*:role/logging/TrailAdministrator"
          ]
        }
      }
    },
    {
      "Sid": "KeepTrailsAsTheyAre",
      "Effect": "Deny",
      "Action": "cloudtrail:UpdateTrail",
      "Resource": "arn:aws:cloudtrail:us-east-1:*:trail/*",
      "Condition": {
        "ArnNotLike": {
          "aws:PrincipalArn": [
            "arn:aws:iam::*:role/BreakGlass",
            "arn:aws:iam::*:role/logging/TrailAdministrator"
          ]
        }
      }
    },
    {
      "Sid": "KeepSelectors",
      "Effect": "Deny",
      "Action": "cloudtrail:PutEventSelectors",
      "Resource": "*"
    }
  ]
}
`,
    },
  ],
};

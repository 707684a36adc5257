import { BREAK_GLASS_ROLES, breakGlass } from "./break-glass";
import type { Example } from "./index";

export const administratorUnderScp: Example = {
  title: "A developer role under an SCP",
  see: "Two documents decided together: the role's own policy would allow `StopLogging`, and only the SCP holds it back. That is a warning: without the SCP it would fail.",
  settings: { authorizedPrincipals: BREAK_GLASS_ROLES },
  documents: [
    {
      name: "DeveloperAccess",
      attachedTo: "arn:aws:iam::111122223333:role/Developer",
      text: `{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Sid": "EverythingButIdentities",
      "Effect": "Allow",
      "NotAction": [
        "iam:*",
        "organizations:*",
        "account:*"
      ],
      "Resource": "*"
    },
    {
      "Sid": "ReadIdentities",
      "Effect": "Allow",
      "Action": [
        "iam:Get*",
        "iam:List*"
      ],
      "Resource": "*"
    }
  ]
}
`,
    },
    ...breakGlass.documents,
  ],
};

import { BREAK_GLASS_ROLES, breakGlass } from "./break-glass";
import type { Example } from "./index";

export const broken: Example = {
  title: "A broken document",
  see: "A comma is missing in the first document and an element is misspelt in the second: each error is shown at its place, and nothing is guessed. The third document is still read.",
  settings: { authorizedPrincipals: BREAK_GLASS_ROLES },
  documents: [
    {
      name: "Missing comma",
      text: `{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Sid": "ReadTrails",
      "Effect": "Allow"
      "Action": "cloudtrail:Describe*",
      "Resource": "*"
    }
  ]
}
`,
    },
    {
      name: "Misspelt element",
      text: `{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Sid": "StopLogging",
      "Effect": "Deny",
      "Actions": "cloudtrail:StopLogging",
      "Resource": "*"
    }
  ]
}
`,
    },
    ...breakGlass.documents,
  ],
};

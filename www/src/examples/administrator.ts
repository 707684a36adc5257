import type { Example } from "./index";

/** The AWS managed policy `AdministratorAccess`. */
export const administrator: Example = {
  title: "An administrator policy",
  see: "One statement allows everything, so it fails every guardrail on trails, each with the request it lets through.",
  settings: {},
  documents: [
    {
      name: "AdministratorAccess",
      text: `{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Action": "*",
      "Resource": "*"
    }
  ]
}
`,
    },
  ],
};

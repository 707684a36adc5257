import type { Example } from "./index";

export const trailBucketWithOutsider: Example = {
  title: "A trail bucket with an outside role",
  see: "The auditors' role of another company reads the logs without `aws:PrincipalOrgID`; the statement for the own organization shows how it should be.",
  settings: { organizationIds: ["o-a1b2c3d4e5"] },
  documents: [
    {
      name: "Trail bucket",
      text: `{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Sid": "AWSCloudTrailAclCheck",
      "Effect": "Allow",
      "Principal": {
        "Service": "cloudtrail.amazonaws.com"
      },
      "Action": "s3:GetBucketAcl",
      "Resource": "arn:aws:s3:::example-org-trail-logs",
      "Condition": {
        "StringEquals": {
          "aws:SourceArn": "arn:aws:cloudtrail:us-east-1:111122223333:trail/organization"
        }
      }
    },
    {
      "Sid": "AWSCloudTrailWrite",
      "Effect": "Allow",
      "Principal": {
        "Service": "cloudtrail.amazonaws.com"
      },
      "Action": "s3:PutObject",
      "Resource": "arn:aws:s3:::example-org-trail-logs/AWSLogs/*",
      "Condition": {
        "StringEquals": {
          "s3:x-amz-acl": "bucket-owner-full-control",
          "aws:SourceArn": "arn:aws:cloudtrail:us-east-1:111122223333:trail/organization"
        }
      }
    },
    {
      "Sid": "SecurityTeamReads",
      "Effect": "Allow",
      "Principal": "*",
      "Action": [
        "s3:GetObject",
        "s3:ListBucket"
      ],
      "Resource": [
        "arn:aws:s3:::example-org-trail-logs",
        "arn:aws:s3:::example-org-trail-logs/AWSLogs/*"
      ],
      "Condition": {
        "StringEquals": {
          "aws:PrincipalOrgID": "o-a1b2c3d4e5"
        }
      }
    },
    {
      "Sid": "AuditorReads",
      "Effect": "Allow",
      "Principal": {
        "AWS": "arn:aws:iam::444455556666:role/Auditor"
      },
      "Action": "s3:GetObject",
      "Resource": "arn:aws:s3:::example-org-trail-logs/AWSLogs/*"
    }
  ]
}
`,
    },
  ],
};

import type { Example } from "./index";

/** AWS's documented policy for a bucket that receives the log files of one trail. */
export const trailBucket: Example = {
  title: "AWS's CloudTrail bucket policy",
  see: "Only the CloudTrail service gets in, and only for one trail: no AWS principal reaches the bucket, so guardrail 3 passes and the others do not apply.",
  settings: {},
  documents: [
    {
      name: "Trail bucket",
      text: `{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Sid": "AWSCloudTrailAclCheck20150319",
      "Effect": "Allow",
      "Principal": {
        "Service": "cloudtrail.amazonaws.com"
      },
      "Action": "s3:GetBucketAcl",
      "Resource": "arn:aws:s3:::amzn-s3-demo-bucket",
      "Condition": {
        "StringEquals": {
          "aws:SourceArn": "arn:aws:cloudtrail:us-east-1:111122223333:trail/management-events"
        }
      }
    },
    {
      "Sid": "AWSCloudTrailWrite20150319",
      "Effect": "Allow",
      "Principal": {
        "Service": "cloudtrail.amazonaws.com"
      },
      "Action": "s3:PutObject",
      "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/AWSLogs/111122223333/*",
      "Condition": {
        "StringEquals": {
          "s3:x-amz-acl": "bucket-owner-full-control",
          "aws:SourceArn": "arn:aws:cloudtrail:us-east-1:111122223333:trail/management-events"
        }
      }
    }
  ]
}
`,
    },
  ],
};

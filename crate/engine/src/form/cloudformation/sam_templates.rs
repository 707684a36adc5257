//! SAM's policy templates ("AWS SAM policy templates"). Each grants some actions of one service, and denies nothing; none
//! is CloudTrail's. Here each is taken to grant all of its service, which makes no difference to the guardrails.

/// Services and the names of their templates.
const TEMPLATES: [(&str, &[&str]); 37] = [
    ("acm:*", &["AcmGetCertificatePolicy"]),
    ("athena:*", &["AthenaQueryPolicy"]),
    ("ce:*", &["CostExplorerReadOnlyPolicy"]),
    ("cloudformation:*", &["CloudFormationDescribeStacksPolicy"]),
    (
        "cloudwatch:*",
        &[
            "CloudWatchDashboardPolicy",
            "CloudWatchDescribeAlarmHistoryPolicy",
            "CloudWatchPutMetricPolicy",
        ],
    ),
    (
        "codecommit:*",
        &["CodeCommitCrudPolicy", "CodeCommitReadPolicy"],
    ),
    (
        "codepipeline:*",
        &[
            "CodePipelineLambdaExecutionPolicy",
            "CodePipelineReadOnlyPolicy",
        ],
    ),
    ("comprehend:*", &["ComprehendBasicAccessPolicy"]),
    (
        "dynamodb:*",
        &[
            "DynamoDBBackupFullAccessPolicy",
            "DynamoDBCrudPolicy",
            "DynamoDBReadPolicy",
            "DynamoDBReconfigurePolicy",
            "DynamoDBRestoreFromBackupPolicy",
            "DynamoDBStreamReadPolicy",
            "DynamoDBWritePolicy",
        ],
    ),
    (
        "ec2:*",
        &[
            "AMIDescribePolicy",
            "EC2CopyImagePolicy",
            "EC2DescribePolicy",
            "VPCAccessPolicy",
        ],
    ),
    ("ecs:*", &["EcsRunTaskPolicy"]),
    ("eks:*", &["EKSDescribePolicy"]),
    ("elasticfilesystem:*", &["EFSWriteAccessPolicy"]),
    (
        "elasticmapreduce:*",
        &[
            "ElasticMapReduceAddJobFlowStepsPolicy",
            "ElasticMapReduceCancelStepsPolicy",
            "ElasticMapReduceModifyInstanceFleetPolicy",
            "ElasticMapReduceModifyInstanceGroupsPolicy",
            "ElasticMapReduceSetTerminationProtectionPolicy",
            "ElasticMapReduceTerminateJobFlowsPolicy",
        ],
    ),
    ("es:*", &["ElasticsearchHttpPostPolicy"]),
    ("events:*", &["EventBridgePutEventsPolicy"]),
    ("firehose:*", &["FirehoseCrudPolicy", "FirehoseWritePolicy"]),
    (
        "kinesis:*",
        &["KinesisCrudPolicy", "KinesisStreamReadPolicy"],
    ),
    (
        "kms:*",
        &[
            "KMSDecryptPolicy",
            "KMSEncryptPolicy",
            "KMSEncryptPolicy_v2",
        ],
    ),
    ("lambda:*", &["LambdaInvokePolicy"]),
    ("logs:*", &["FilterLogEventsPolicy"]),
    (
        "mobileanalytics:*",
        &["MobileAnalyticsWriteOnlyAccessPolicy"],
    ),
    ("mobiletargeting:*", &["PinpointEndpointAccessPolicy"]),
    ("organizations:*", &["OrganizationsListAccountsPolicy"]),
    ("polly:*", &["PollyFullAccessPolicy"]),
    (
        "rekognition:*",
        &[
            "RekognitionDetectOnlyPolicy",
            "RekognitionFacesManagementPolicy",
            "RekognitionFacesPolicy",
            "RekognitionLabelsPolicy",
            "RekognitionNoDataAccessPolicy",
            "RekognitionReadPolicy",
            "RekognitionWriteOnlyAccessPolicy",
        ],
    ),
    ("route53:*", &["Route53ChangeResourceRecordSetsPolicy"]),
    (
        "s3:*",
        &[
            "S3CrudPolicy",
            "S3FullAccessPolicy",
            "S3ReadPolicy",
            "S3WritePolicy",
        ],
    ),
    (
        "sagemaker:*",
        &[
            "SageMakerCreateEndpointConfigPolicy",
            "SageMakerCreateEndpointPolicy",
        ],
    ),
    (
        "secretsmanager:*",
        &[
            "AWSSecretsManagerGetSecretValuePolicy",
            "AWSSecretsManagerRotationPolicy",
        ],
    ),
    ("serverlessrepo:*", &["ServerlessRepoReadWriteAccessPolicy"]),
    (
        "ses:*",
        &[
            "SESBulkTemplatedCrudPolicy",
            "SESBulkTemplatedCrudPolicy_v2",
            "SESCrudPolicy",
            "SESEmailTemplateCrudPolicy",
            "SESSendBouncePolicy",
        ],
    ),
    ("sns:*", &["SNSCrudPolicy", "SNSPublishMessagePolicy"]),
    ("sqs:*", &["SQSPollerPolicy", "SQSSendMessagePolicy"]),
    (
        "ssm:*",
        &[
            "SSMParameterReadPolicy",
            "SSMParameterWithSlashPrefixReadPolicy",
        ],
    ),
    (
        "states:*",
        &[
            "StepFunctionsCallbackPolicy",
            "StepFunctionsExecutionPolicy",
            "StepFunctionsExecutionPolicy_v2",
        ],
    ),
    (
        "textract:*",
        &[
            "TextractDetectAnalyzePolicy",
            "TextractGetResultPolicy",
            "TextractPolicy",
        ],
    ),
];

/// The actions that a template is taken to grant; `None` for a name that is none of SAM's.
pub(super) fn actions(name: &str) -> Option<&'static [&'static str]> {
    TEMPLATES
        .iter()
        .find(|(_, names)| names.contains(&name))
        .map(|(service, _)| std::slice::from_ref(service))
}

//! What should be known about a trail bucket's policy besides, and changes no verdict.

use super::bucket::{Bucket, finding};
use super::principals::{
    CLOUDTRAIL, confined_deputy, names_iam_principals, requires_presence, service_entry,
};
use crate::case::{ACTIONS, Findings};
use crate::evaluate::{Request, is_account, matches, names_action};
use crate::report::Role;

impl Bucket<'_, '_> {
    /// What should be known besides, and changes no verdict.
    pub(super) fn notes(&self, findings: &mut Findings) {
        for allow in &self.allows {
            let statement = allow.reference.statement;
            let service = service_entry(statement);
            if let Some(mark) = service
                && !statement
                    .conditions
                    .iter()
                    .any(|condition| confined_deputy(condition))
            {
                let message = "this `Allow` lets CloudTrail in for any account's trail (the confused deputy problem): \
                               add a condition on `aws:SourceArn`, `aws:SourceAccount` or `aws:SourceOrgID`"
                    .to_owned();
                findings.add(finding(allow, Role::Note, vec![mark], message, None));
            }
            if names_iam_principals(statement) {
                for condition in &statement.conditions {
                    if condition
                        .key
                        .value
                        .eq_ignore_ascii_case("aws:SourceAccount")
                        && requires_presence(condition)
                    {
                        let message = "AWS never sends `aws:SourceAccount` on a role's or user's own call, so this \
                                       `Allow` lets nobody in: the guardrail is met to the letter, and the role is \
                                       locked out; use `aws:PrincipalOrgID` or `aws:PrincipalAccount`"
                            .to_owned();
                        findings.add(finding(
                            allow,
                            Role::Note,
                            vec![condition.span],
                            message,
                            None,
                        ));
                    }
                }
            }
        }
        for request in self.deliveries() {
            for deny in &self.denies {
                let statement = deny.reference.statement;
                if matches(statement, deny.reference.document, &request) {
                    let message = format!(
                        "this `Deny` also stops CloudTrail's own {ACTIONS}: log delivery would break; spare it with \
                         `\"Bool\": {{\"aws:PrincipalIsAWSService\": \"false\"}}`"
                    );
                    let marks = statement
                        .conditions
                        .iter()
                        .map(|condition| condition.span)
                        .collect();
                    findings.add_for(
                        &request.action,
                        finding(deny, Role::Note, marks, message, None),
                    );
                }
            }
        }
    }

    /// The requests by which CloudTrail delivers logs, as far as the policy's `Allow` for CloudTrail lets it.
    fn deliveries(&self) -> Vec<Request> {
        let first = |key: &str| -> Option<String> {
            self.allows
                .iter()
                .filter(|allow| service_entry(allow.reference.statement).is_some())
                .flat_map(|allow| &allow.reference.statement.conditions)
                .find(|condition| condition.key.value.eq_ignore_ascii_case(key))
                .and_then(|condition| condition.values.first())
                .map(|value| value.value.replace('*', "management-events"))
        };
        let source_arn = first("aws:SourceArn").unwrap_or_else(|| {
            "arn:aws:cloudtrail:us-east-1:111122223333:trail/management-events".to_owned()
        });
        let account = first("aws:SourceAccount")
            .or_else(|| {
                source_arn
                    .split(':')
                    .nth(4)
                    .map(str::to_owned)
                    .filter(|account| is_account(account))
            })
            .unwrap_or_else(|| "111122223333".to_owned());
        let context: Vec<(&str, String)> = vec![
            ("aws:principalisawsservice", "true".to_owned()),
            ("aws:principalservicename", CLOUDTRAIL.to_owned()),
            ("aws:sourcearn", source_arn),
            ("aws:sourceaccount", account),
            ("aws:securetransport", "true".to_owned()),
            ("aws:viaawsservice", "false".to_owned()),
            ("s3:x-amz-acl", "bucket-owner-full-control".to_owned()),
        ];
        // The actions and resources are those that the policy lets CloudTrail use.
        let mut requests = Vec::new();
        for (action, object) in [("s3:PutObject", true), ("s3:GetBucketAcl", false)] {
            let resource = self
                .allows
                .iter()
                .map(|allow| allow.reference.statement)
                .filter(|statement| {
                    service_entry(statement).is_some() && names_action(&statement.action, action)
                })
                .flat_map(|statement| {
                    statement
                        .resource
                        .iter()
                        .flat_map(|element| element.matching.list())
                })
                .find(|value| value.value.contains('/') == object)
                .map(|value| {
                    value
                        .value
                        .replace('*', "CloudTrail/us-east-1/2026/01/01/log.json.gz")
                });
            requests.extend(resource.map(|resource| {
                Request {
                    principal: CLOUDTRAIL.to_owned(),
                    action: action.to_owned(),
                    resource,
                    context: context
                        .iter()
                        .map(|(key, value)| ((*key).to_owned(), vec![value.clone()]))
                        .collect(),
                }
            }));
        }
        requests
    }
}

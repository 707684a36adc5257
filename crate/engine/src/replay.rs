//! A command that puts a witness to AWS itself: `aws iam simulate-custom-policy` ("SimulateCustomPolicy" in the
//! IAM API Reference).

mod command;
mod context;

use std::borrow::Cow;

use self::command::{Command, word};
use crate::evaluate::{Applied, CAPS, Request, caps, is_allowed, is_denied, is_granted};
use crate::policy::Policy;
use crate::report::{DocumentKind, Replay, Witness};

/// A policy that bears on the witness.
#[derive(Debug, Clone)]
pub(crate) struct Pasted<'c, 't> {
    pub(crate) name: &'c str,
    pub(crate) kind: DocumentKind,
    pub(crate) policy: &'c Policy<'t>,
    /// The policy's own JSON, without anything that it was found in.
    pub(crate) json: Cow<'c, str>,
}

/// Stands for the identity-based policies that are not pasted, and is the text of `FullAWSAccess`.
const EVERYTHING: &str =
    r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#;

/// The most characters of a policy that the simulator takes, white space included.
const LONGEST: usize = 131_072;

/// An account for the bucket's owner, or for a caller who has none.
const ACCOUNTS: [&str; 2] = ["111122223333", "999988887777"];

/// The command for a witness, what the simulator should answer, and what it does not take.
pub(crate) fn replay(witness: &Witness, documents: &[Pasted<'_, '_>]) -> Replay {
    let of = |kind: DocumentKind| -> Vec<&Pasted<'_, '_>> {
        documents
            .iter()
            .filter(|document| document.kind == kind)
            .collect()
    };
    let (cap, mut notes) = cap(documents);
    let mut request = Request::from(witness);
    let bucket = bucket(&of(DocumentKind::Resource), &request);
    let mut command = Command::new(documents.iter().map(|document| document.json.len()).sum());

    let identity = of(DocumentKind::Identity);
    if identity.is_empty() {
        command.option("policy-input-list", vec![word(EVERYTHING)]);
        notes.push(
            match bucket {
                Some(_) => "a caller from outside has what it needs in its own account: a policy that allows everything is put in",
                None => "no identity-based policy was pasted: one that allows everything is put in",
            }
            .to_owned(),
        );
    } else {
        command.policies("policy-input-list", &identity, &mut notes);
    }
    if let Some(cap) = cap {
        command.policies("permissions-boundary-policy-input-list", &[cap], &mut notes);
    }
    let scps = of(DocumentKind::Scp);
    if !scps.is_empty() {
        let levels = levels(&scps);
        command.option(
            "ordered-organization-policy-input-list",
            vec![word(&levels)],
        );
        notes.push(
            "SCPs are taken by `--ordered-organization-policy-input-list`, which an older AWS CLI does not know: \
             here `FullAWSAccess` stands at the root, and what was pasted at the account"
                .to_owned(),
        );
    }
    if let Some(policy) = bucket {
        command.policies("resource-policy", &[policy], &mut notes);
        let caller = caller(witness);
        if caller != witness.principal {
            notes.push(format!(
                "beside a resource-based policy the simulator takes only an IAM user as caller: `{caller}` stands \
                 for {}",
                match witness.principal.as_str() {
                    "*" => "a caller who has not signed in".to_owned(),
                    principal => format!("`{principal}`"),
                }
            ));
        }
        command.option("caller-arn", vec![word(&caller)]);
        command.option("resource-owner", vec![word(&owner(&caller, &request))]);
        request.principal = caller;
    }
    command.option("action-names", vec![word(&witness.action)]);
    command.option("resource-arns", vec![word(&witness.resource)]);
    let entries = context::entries(&witness.context, documents);
    if entries != "[]" {
        command.option("context-entries", vec![word(&entries)]);
    }

    // What the simulator sees is decided as AWS would; what it does not see may decide otherwise.
    let seen: Vec<Applied<'_, '_>> = documents
        .iter()
        .filter_map(|document| {
            let kind = match document.kind {
                DocumentKind::Rcp => return None,
                DocumentKind::PermissionsBoundary | DocumentKind::Session => {
                    cap.filter(|cap| std::ptr::eq(*cap, document))?;
                    DocumentKind::PermissionsBoundary
                }
                DocumentKind::Resource => {
                    bucket.filter(|bucket| std::ptr::eq(*bucket, document))?;
                    DocumentKind::Resource
                }
                kind => kind,
            };
            Some(Applied {
                kind,
                policy: document.policy,
            })
        })
        .collect();
    let all: Vec<Applied<'_, '_>> = documents
        .iter()
        .filter(|document| {
            document.kind != DocumentKind::Resource
                || bucket.is_some_and(|bucket| std::ptr::eq(bucket, *document))
        })
        .map(applied)
        .collect();
    let expected = decision(&seen, &request);
    let same_documents = seen.len() == all.len()
        && seen
            .iter()
            .zip(&all)
            .all(|(seen, one)| seen.kind == one.kind);
    let real = if same_documents && request.principal == witness.principal {
        expected
    } else {
        decision(&all, &Request::from(witness))
    };
    let besides = if expected == real {
        String::new()
    } else {
        format!(
            "; with what it does not take, and for the caller itself, AWS decides `{}`",
            real
        )
    };
    notes.insert(
        0,
        format!("expected: `EvalDecision` is `{expected}`{besides}"),
    );
    notes.extend(absent_keys(&request, documents));
    Replay {
        command: command.into_text(),
        notes,
    }
}

fn applied<'c, 't>(document: &Pasted<'c, 't>) -> Applied<'c, 't> {
    Applied {
        kind: document.kind,
        policy: document.policy,
    }
}

/// `EvalDecision` of the simulator's answer.
fn decision(documents: &[Applied<'_, '_>], request: &Request) -> &'static str {
    if is_denied(documents, request) {
        "explicitDeny"
    } else if is_granted(documents, request) {
        "allowed"
    } else {
        "implicitDeny"
    }
}

/// The policy of the bucket that the request is about: the one that lets it in.
fn bucket<'p, 'c, 't>(
    policies: &[&'p Pasted<'c, 't>],
    request: &Request,
) -> Option<&'p Pasted<'c, 't>> {
    let letting_in = policies
        .iter()
        .find(|policy| is_allowed(&[applied(policy)], request));
    letting_in.or(policies.first()).copied()
}

/// The policy for the one place that the simulator has for a cap besides SCPs, and what is left out.
fn cap<'p, 'c, 't>(documents: &'p [Pasted<'c, 't>]) -> (Option<&'p Pasted<'c, 't>>, Vec<String>) {
    let mut caps: Vec<&Pasted<'_, '_>> = documents
        .iter()
        .filter(|document| {
            matches!(
                document.kind,
                DocumentKind::PermissionsBoundary | DocumentKind::Session
            )
        })
        .collect();
    caps.sort_by_key(|document| document.kind == DocumentKind::Session);
    let mut notes = Vec::new();
    for (index, document) in caps.iter().enumerate() {
        let name = document.name;
        match (index, document.kind) {
            (0, DocumentKind::Session) => notes.push(format!(
                "the simulator takes no session policy: `{name}` stands in the place of a permissions boundary, which \
                 caps just so"
            )),
            (0, _) => {}
            (_, DocumentKind::Session) => notes.push(format!(
                "the simulator takes no session policy: `{name}` is left out"
            )),
            _ => notes.push(format!(
                "the simulator takes one permissions boundary: `{name}` is left out"
            )),
        }
    }
    notes.extend(
        documents
            .iter()
            .filter(|document| document.kind == DocumentKind::Rcp)
            .map(|document| {
                format!(
                    "the simulator takes no RCP: `{}` is left out",
                    document.name
                )
            }),
    );
    (caps.first().copied(), notes)
}

/// The levels of an organization, from the root to the account, with the SCPs of each.
fn levels(scps: &[&Pasted<'_, '_>]) -> String {
    let mut account: Vec<String> = scps
        .iter()
        .map(|document| command::latin(&document.json).into_owned())
        .collect();
    let applied: Vec<Applied<'_, '_>> = scps.iter().map(|document| applied(document)).collect();
    if !caps(&applied, DocumentKind::Scp) {
        account.insert(0, EVERYTHING.to_owned());
    }
    serde_json::json!([
        { "ServiceControlPolicyInputList": [EVERYTHING] },
        { "ServiceControlPolicyInputList": account },
    ])
    .to_string()
}

/// The simulated caller: the witness's, where it is an IAM user.
fn caller(witness: &Witness) -> String {
    if witness.principal.contains(":user/") {
        return witness.principal.clone();
    }
    let parts: Vec<&str> = witness.principal.splitn(6, ':').collect();
    let (partition, account) = match parts.as_slice() {
        ["arn", partition, _, _, account, _] if !account.is_empty() => (*partition, *account),
        _ => ("aws", ACCOUNTS[1]),
    };
    format!("arn:{partition}:iam::{account}:user/alice")
}

/// The bucket's owner: another account than the caller's, or its identity-based policies alone would do.
fn owner(caller: &str, request: &Request) -> String {
    let mut parts = caller.split(':');
    let partition = parts.nth(1).unwrap_or("aws");
    let own = parts.nth(2).unwrap_or_default();
    let account = request
        .value("aws:resourceaccount")
        .or_else(|| ACCOUNTS.into_iter().find(|account| *account != own))
        .unwrap_or_default();
    format!("arn:{partition}:iam::{account}:root")
}

/// The keys that the policies ask about and the request must not carry.
fn absent_keys(request: &Request, documents: &[Pasted<'_, '_>]) -> Option<String> {
    let mut absent: Vec<&str> = Vec::new();
    let action = &request.action;
    for document in documents {
        for statement in &document.policy.statements {
            if !crate::evaluate::names_action(&statement.action, action) {
                continue;
            }
            for condition in &statement.conditions {
                let key = condition.key.value.as_ref();
                let known = absent.iter().any(|known| known.eq_ignore_ascii_case(key));
                if !known && !request.context.contains_key(&key.to_ascii_lowercase()) {
                    absent.push(key);
                }
            }
        }
    }
    let list: Vec<String> = absent.iter().map(|key| format!("`{key}`")).collect();
    (!list.is_empty()).then(|| {
        format!(
            "not in the request, and to be found under `MissingContextValues` in the answer: {}",
            list.join(", ")
        )
    })
}

/// Whether a document of this kind bears on a witness about a trail, and not on one about a bucket.
pub(crate) fn bears_on(kind: DocumentKind, trail: bool) -> bool {
    match kind {
        DocumentKind::Identity => trail,
        DocumentKind::Resource | DocumentKind::Rcp => !trail,
        cap => trail && CAPS.contains(&cap),
    }
}

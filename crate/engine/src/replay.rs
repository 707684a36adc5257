//! A command that puts a witness to AWS itself: `aws iam simulate-custom-policy` ("SimulateCustomPolicy" in the
//! IAM API Reference).

use serde_json::json;

use crate::evaluate::CAPS;
use crate::report::{ContextValue, DocumentKind, Replay, Witness};

/// A document as the simulator would take it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pasted<'t> {
    pub(crate) name: &'t str,
    pub(crate) kind: DocumentKind,
    pub(crate) text: &'t str,
    /// Whether it holds an `Allow`.
    pub(crate) allows: bool,
}

/// Policies longer than this together, in bytes, are read from files: nobody pastes so long a command.
const LONGEST: usize = 65_536;

/// What stands for the identity-based policies that are not pasted.
const EVERYTHING: Pasted<'static> = Pasted {
    name: "",
    kind: DocumentKind::Identity,
    text: r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#,
    allows: true,
};

/// The command for a witness, and what AWS's simulator does not take of it.
pub(crate) fn replay(witness: &Witness, documents: &[Pasted<'_>], allowed: bool) -> Replay {
    let decision = if allowed { "allowed" } else { "implicitDeny" };
    let mut notes = vec![format!("expected: `EvalDecision` is `{decision}`")];
    let mut policies: Vec<Pasted<'_>> = Vec::new();
    let mut boundary: Option<Pasted<'_>> = None;
    let mut bucket: Option<Pasted<'_>> = None;
    for document in documents {
        let name = kind_name(document.kind);
        match document.kind {
            DocumentKind::Identity => policies.push(*document),
            DocumentKind::Resource => bucket = bucket.or(Some(*document)),
            DocumentKind::PermissionsBoundary if boundary.is_none() => boundary = Some(*document),
            DocumentKind::PermissionsBoundary => notes.push(format!(
                "the simulator takes one permissions boundary: `{}` is left out",
                document.name
            )),
            DocumentKind::Rcp => notes.push(format!(
                "the simulator takes no {name}: `{}` is left out",
                document.name
            )),
            DocumentKind::Scp | DocumentKind::Session if !document.allows => {
                policies.push(*document);
                notes.push(format!(
                    "the simulator takes no {name}: `{}`, which only denies, stands among the identity-based \
                     policies, where it denies the same",
                    document.name
                ));
            }
            DocumentKind::Scp | DocumentKind::Session => notes.push(format!(
                "the simulator takes no {name}: `{}` is left out; it allows the request",
                document.name
            )),
        }
    }
    if !policies
        .iter()
        .any(|policy| policy.kind == DocumentKind::Identity)
    {
        policies.insert(0, EVERYTHING);
        notes.push(if bucket.is_some() {
            "a caller from outside has what it needs in its own account: a policy that allows everything is put in".to_owned()
        } else {
            "no identity-based policy was pasted: one that allows everything is put in".to_owned()
        });
    }
    let length: usize = documents.iter().map(|document| document.text.len()).sum();
    let mut files = 0;
    let mut policy_words = |list: &[Pasted<'_>]| -> Vec<String> {
        list.iter()
            .map(|policy| {
                if length <= LONGEST || policy.name.is_empty() {
                    return shell_quoted(policy.text);
                }
                files += 1;
                notes.push(format!("save `{}` as `policy-{files}.json`", policy.name));
                format!("\"$(cat policy-{files}.json)\"")
            })
            .collect()
    };
    let mut arguments = vec![("policy-input-list", policy_words(&policies))];
    arguments.extend(boundary.map(|policy| {
        (
            "permissions-boundary-policy-input-list",
            policy_words(&[policy]),
        )
    }));
    if let Some(policy) = bucket {
        arguments.push(("resource-policy", policy_words(&[policy])));
        arguments.push((
            "caller-arn",
            vec![shell_quoted(&caller_arn(witness, &mut notes))],
        ));
    }
    arguments.push(("action-names", vec![shell_quoted(&witness.action)]));
    arguments.push(("resource-arns", vec![shell_quoted(&witness.resource)]));
    let entries: Vec<serde_json::Value> = witness
        .context
        .iter()
        .map(|(key, value)| context_entry(key, value))
        .collect();
    if !entries.is_empty() {
        arguments.push((
            "context-entries",
            vec![shell_quoted(&json!(entries).to_string())],
        ));
    }
    let mut command = String::from("aws iam simulate-custom-policy");
    for (name, words) in arguments {
        command.push_str(&format!(" \\\n  --{name} {}", words.join(" ")));
    }
    Replay { command, notes }
}

/// The simulator's caller beside a resource-based policy: an IAM user.
fn caller_arn(witness: &Witness, notes: &mut Vec<String>) -> String {
    if witness.principal.contains(":user/") {
        return witness.principal.clone();
    }
    let account = witness
        .principal
        .split(':')
        .nth(4)
        .filter(|account| !account.is_empty());
    let user = format!(
        "arn:aws:iam::{}:user/alice",
        account.unwrap_or("999988887777")
    );
    notes.push(format!(
        "the simulator takes only an IAM user as `--caller-arn`: `{user}` stands for `{}`, which a \
         `Principal` element may tell apart",
        witness.principal
    ));
    user
}

fn context_entry(key: &str, value: &ContextValue) -> serde_json::Value {
    let (values, list) = match value {
        ContextValue::One(text) => (vec![text.as_str()], ""),
        ContextValue::Many(texts) => (texts.iter().map(String::as_str).collect(), "List"),
    };
    let kind = match key.to_ascii_lowercase().as_str() {
        "aws:securetransport"
        | "aws:viaawsservice"
        | "aws:multifactorauthpresent"
        | "aws:principalisawsservice" => "boolean",
        "aws:multifactorauthage"
        | "aws:epochtime"
        | "s3:max-keys"
        | "s3:signatureage"
        | "s3:tlsversion" => "numeric",
        "aws:currenttime" | "aws:tokenissuetime" => "date",
        "aws:sourceip" | "aws:vpcsourceip" => "ip",
        _ => "string",
    };
    json!({ "ContextKeyName": key, "ContextKeyValues": values, "ContextKeyType": format!("{kind}{list}") })
}

fn kind_name(kind: DocumentKind) -> &'static str {
    match kind {
        DocumentKind::Scp => "SCP",
        DocumentKind::Rcp => "RCP",
        DocumentKind::Session => "session policy",
        DocumentKind::PermissionsBoundary => "permissions boundary",
        DocumentKind::Identity => "identity-based policy",
        DocumentKind::Resource => "resource-based policy",
    }
}

/// An argument that a POSIX shell passes on as it is.
fn shell_quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// Whether a document of this kind bears on a witness about a trail, and not on one about a bucket.
pub(crate) fn bears_on(kind: DocumentKind, trail: bool) -> bool {
    match kind {
        DocumentKind::Identity => trail,
        DocumentKind::Resource | DocumentKind::Rcp => !trail,
        cap => trail && CAPS.contains(&cap),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn a_command_that_a_shell_passes_on_unchanged() {
        let policy = r#"{"Statement":[{"Sid":"it's"}]}"#;
        let witness = Witness {
            principal: "arn:aws:iam::111122223333:role/Dev".to_owned(),
            action: "cloudtrail:StopLogging".to_owned(),
            resource: "arn:aws:cloudtrail:us-east-1:111122223333:trail/t-1".to_owned(),
            context: BTreeMap::from([
                (
                    "aws:PrincipalArn".to_owned(),
                    ContextValue::One("arn:aws:iam::111122223333:role/Dev".to_owned()),
                ),
                (
                    "aws:CalledVia".to_owned(),
                    ContextValue::Many(vec!["a.amazonaws.com".to_owned()]),
                ),
            ]),
            replay: None,
        };
        let deny = Pasted {
            name: "deny",
            kind: DocumentKind::Scp,
            text: policy,
            allows: false,
        };
        let Replay { command, notes } = replay(&witness, &[deny], true);
        assert!(
            command.contains(r#"'{"Statement":[{"Sid":"it'\''s"}]}'"#),
            "{command}"
        );
        assert!(
            command.contains(r#""ContextKeyType":"stringList""#),
            "{command}"
        );
        assert!(
            command.contains("--action-names 'cloudtrail:StopLogging'"),
            "{command}"
        );
        // What the shell makes of it is what was meant.
        let output = std::process::Command::new("sh")
            .arg("-c")
            .arg(command.replacen("aws iam simulate-custom-policy", "printf '%s\\n'", 1))
            .output()
            .unwrap();
        let words = String::from_utf8(output.stdout).unwrap();
        assert!(words.lines().any(|line| line == policy), "{words}");
        assert!(notes.iter().any(|note| note.contains("takes no SCP")));
    }
}

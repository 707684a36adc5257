//! What an input says of policies, accounts and organizational units for other parts of it, and for other inputs.

use crate::text::Span;

/// What can be looked up, whichever input it stands in. Policies are indexes among those found.
#[derive(Debug, Default)]
pub(crate) struct Register {
    /// Managed policies by ARN, in the version that is in force.
    pub(crate) managed: Vec<(String, usize)>,
    /// Those that are inline policies of whom they apply to.
    pub(crate) inline: Vec<usize>,
    /// SCPs by id.
    pub(crate) scps: Vec<(String, usize)>,
    /// Which SCPs are attached to what.
    pub(crate) attachments: Vec<Attachment>,
    /// Accounts and organizational units by id, and the parent of each.
    pub(crate) parents: Vec<(String, String)>,
    /// Accounts that are the management account of their organization.
    pub(crate) management: Vec<String>,
}

/// An SCP is attached to a target.
#[derive(Debug, Clone)]
pub(crate) struct Attachment {
    pub(crate) target: Target,
    pub(crate) policy: Scp,
    /// Where the list stands that says so without the document.
    pub(crate) listed: Option<Span>,
}

/// An SCP that is attached.
#[derive(Debug, Clone)]
pub(crate) enum Scp {
    /// Its document is here.
    Here(usize),
    /// Its document may be anywhere.
    Id { id: String, name: String },
}

/// What SCPs are attached to.
#[derive(Debug, Clone)]
pub(crate) struct Target {
    /// `111122223333`, `ou-ab12-11111111`, `r-ab12`; or words for what is known only when it is deployed.
    pub(crate) id: String,
    /// As the report names it.
    pub(crate) name: String,
}

impl Target {
    pub(crate) fn new(id: &str, name: Option<&str>) -> Self {
        let what = if id.starts_with("r-") {
            "root"
        } else if id.starts_with("ou-") {
            "organizational unit"
        } else if crate::evaluate::is_account(id) {
            "account"
        } else {
            "target"
        };
        Self {
            id: id.to_owned(),
            name: match name {
                Some(name) => format!("{what} {id} ({name})"),
                None => format!("{what} {id}"),
            },
        }
    }
}

impl Register {
    /// Adds what another input says; its policies begin at this index among all.
    pub(crate) fn add(&mut self, other: Self, first: usize) {
        let shift = |(key, policy): (String, usize)| (key, policy + first);
        self.managed.extend(other.managed.into_iter().map(shift));
        self.scps.extend(other.scps.into_iter().map(shift));
        self.inline
            .extend(other.inline.into_iter().map(|policy| policy + first));
        self.parents.extend(other.parents);
        self.management.extend(other.management);
        self.attachments
            .extend(other.attachments.into_iter().map(|attachment| Attachment {
                policy: match attachment.policy {
                    Scp::Here(policy) => Scp::Here(policy + first),
                    id => id,
                },
                ..attachment
            }));
    }

    /// The account in an ARN of AWS Organizations is the management account.
    pub(crate) fn managed_by(&mut self, arn: &str) {
        let parts: Vec<&str> = arn.splitn(6, ':').collect();
        if let &["arn", _, "organizations", "", account, _] = parts.as_slice()
            && crate::evaluate::is_account(account)
            && !self.management.iter().any(|known| known == account)
        {
            self.management.push(account.to_owned());
        }
    }
}

//! What is said where it is not known whether SCPs apply.

use crate::case::Ruling;
use crate::report::Verdict;
use crate::survey::group::Group;

impl Group {
    /// On what it depends whether the SCPs that may apply do.
    pub(in crate::survey) fn doubt(&self) -> String {
        format!(
            "whether SCPs apply that are attached to {} is not said: {}",
            quoted(&self.doubtful),
            self.tell_account()
        )
    }

    /// Says what is taken for granted about SCPs that do not surely apply.
    pub(in crate::survey) fn state(&self, ruling: &mut Ruling) {
        if self.unbound {
            ruling.assumptions.push(
                format!(
                    "{} is in the management account of its organization, which SCPs do not bind",
                    self.name
                )
                .into(),
            );
        }
        if !self.doubtful.is_empty() && ruling.verdict != Some(Verdict::Fail) {
            ruling.assumptions.push(
                format!(
                    "SCPs that are attached to {} are not counted for {}: {}",
                    quoted(&self.doubtful),
                    self.name,
                    self.tell_account()
                )
                .into(),
            );
        }
    }

    /// What would tell whether the targets in doubt contain the account.
    fn tell_account(&self) -> String {
        let account = self
            .principal
            .as_deref()
            .and_then(|arn| arn.split(':').nth(4));
        match account {
            Some(account) => format!(
                "paste what `aws organizations list-parents --child-id {account}` gives, together with that command, and the same for each organizational unit above it"
            ),
            None => "the account is not in the input; attach the policies to a principal by its ARN (`attachedTo`)".to_owned(),
        }
    }
}

/// Up to four names, and how many more.
fn quoted(names: &[String]) -> String {
    const SHOWN: usize = 4;
    let shown: Vec<&str> = names.iter().take(SHOWN).map(String::as_str).collect();
    match names.len().saturating_sub(SHOWN) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

//! Lists of attachments of which documents are not here, and what is to be said of them.

use crate::text::Span;

/// A list of attachments of which documents are not here.
#[derive(Debug)]
pub(super) struct Untold {
    /// An index among all attachments' lists: the place of the list in its input.
    pub(super) listed: (usize, Span),
    pub(super) target: String,
    /// The ids and names of the SCPs.
    pub(super) policies: Vec<(String, String)>,
}

pub(super) fn add_untold(
    untold: &mut Vec<Untold>,
    listed: (usize, Span),
    target: &str,
    (id, name): (&str, &str),
) {
    let policy = (id.to_owned(), name.to_owned());
    match untold.iter_mut().find(|known| known.listed == listed) {
        Some(known) => {
            if !known.policies.contains(&policy) {
                known.policies.push(policy);
            }
        }
        None => untold.push(Untold {
            listed,
            target: target.to_owned(),
            policies: vec![policy],
        }),
    }
}

impl Untold {
    /// What is to be said of it.
    pub(super) fn message(&self) -> String {
        const SHOWN: usize = 4;
        let named: Vec<String> = self
            .policies
            .iter()
            .take(SHOWN)
            .map(|(id, name)| {
                let name = if name == id {
                    String::new()
                } else {
                    format!(" ({name})")
                };
                format!("`aws organizations describe-policy --policy-id {id}`{name}")
            })
            .collect();
        let more = self.policies.len() - named.len();
        let more = if more == 0 {
            String::new()
        } else {
            format!(" and {more} more")
        };
        format!(
            "documents of SCPs that are attached to {} are missing, and what they stop is not known: add what these \
             commands give: {}{more}",
            self.target,
            named.join(", ")
        )
    }
}

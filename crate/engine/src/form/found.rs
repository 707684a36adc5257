//! What a form finds in an input.

use std::borrow::Cow;
use std::collections::HashMap;
use std::rc::Rc;

use super::{Missing, Register};
use crate::draft::{self, Draft};
use crate::policy::{Reading, read};
use crate::problem::Problem;
use crate::report::DocumentKind;
use crate::request::{KindInput, Settings};
use crate::source::{self, Node};
use crate::text::Span;

/// What was found in one input.
#[derive(Debug, Default)]
pub(crate) struct Found<'t> {
    /// The form's name, such as "a policy document".
    pub(crate) form: String,
    /// By what it was recognised.
    pub(crate) reason: String,
    /// In the order of the text.
    pub(crate) policies: Vec<FoundPolicy<'t>>,
    /// The principals and other subjects that are judged by themselves. Empty where the input names none: its policies
    /// then belong to the unnamed principal.
    pub(crate) principals: Vec<FoundPrincipal>,
    /// What was not understood, and parts that are damaged.
    pub(crate) problems: Vec<Problem>,
    /// What other parts of the inputs refer to.
    pub(crate) register: Register,
    /// Policies that were found in one part and are had in another too, by position and by whether they cap there.
    again: HashMap<(usize, bool), usize>,
}

impl Found<'_> {
    /// A policy in the part of this kind: a managed policy may grant to one and cap another.
    pub(crate) fn as_kind(&mut self, policy: usize, kind: DocumentKind) -> usize {
        let key = (policy, kind == DocumentKind::PermissionsBoundary);
        if let Some(known) = self.again.get(&key) {
            return *known;
        }
        let again = match self.policies.get(policy) {
            Some(found) if found.kind.as_ref().is_some_and(|(known, _)| *known != kind) => {
                FoundPolicy {
                    name: found.name.clone(),
                    path: found.path.clone(),
                    content: found.content.clone(),
                    span: found.span,
                    kind: Some((kind, "a principal has it in this part too".to_owned())),
                    applies: Applies::Attached,
                }
            }
            _ => return policy,
        };
        self.policies.push(again);
        self.again.insert(key, self.policies.len() - 1);
        self.policies.len() - 1
    }
}

/// A policy of an input.
#[derive(Debug)]
pub(crate) struct FoundPolicy<'t> {
    /// Its name in the report; empty: the input's.
    pub(crate) name: String,
    /// Where in the input, such as `RoleDetailList[3].RolePolicyList[0].PolicyDocument`; empty where it is the input.
    pub(crate) path: String,
    pub(crate) content: Content<'t>,
    /// All of it, in the positions of the input's layers.
    pub(crate) span: Span,
    /// The kind that the form gives it, and why; `None` to have it detected.
    pub(crate) kind: Option<(DocumentKind, String)>,
    pub(crate) applies: Applies,
}

/// To whom a policy applies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Applies {
    /// As pasted by itself: identity-based policies to the unnamed principal, policies that cap to everyone here.
    Unnamed,
    /// To the principals of the input that list it.
    Attached,
    /// It is a role's trust policy, which says who may take the role on.
    Trust,
    /// To nobody who is judged, for this reason.
    Nobody(String),
}

/// The text of a policy, not read yet: it is read when its principal is judged.
#[derive(Debug, Clone)]
pub(crate) enum Content<'t> {
    /// A part of the input's tree, as it stands in the pasted text.
    Tree(Node<'t>),
    /// A tree that stands in the pasted text in another notation, or only in part.
    Rendered(Node<'t>),
    /// JSON that was decoded from the pasted text, and its first position.
    Text(Cow<'t, str>, u32),
    /// A policy of which parts are known only when it is deployed.
    Draft(Rc<Draft<'t>>),
    /// What could not be read at all, and why.
    Broken(Problem),
}

impl<'t> Content<'t> {
    /// Reads it, and keeps it.
    pub(crate) fn read(&self, kind: KindInput, settings: &Settings) -> Reading<'t> {
        match self {
            Self::Tree(node) | Self::Rendered(node) => read(node.clone(), kind),
            Self::Text(text, start) => read_text(text, *start, kind),
            Self::Draft(draft) => draft::permissive(draft, kind, settings),
            Self::Broken(problem) => unread(problem.clone(), kind),
        }
    }

    /// Reads it for the last time.
    pub(crate) fn into_reading(self, kind: KindInput, settings: &Settings) -> Reading<'t> {
        match self {
            Self::Tree(node) | Self::Rendered(node) => read(node, kind),
            Self::Text(text, start) => read_text(&text, start, kind),
            Self::Draft(draft) => draft::permissive(&draft, kind, settings),
            Self::Broken(problem) => unread(problem, kind),
        }
    }

    /// The policy as JSON, where it does not stand as such in the pasted text.
    pub(crate) fn json(&self, kind: KindInput, settings: &Settings) -> Option<String> {
        match self {
            Self::Tree(_) | Self::Broken(_) => None,
            Self::Rendered(node) => Some(node.to_json()),
            Self::Text(text, _) => Some(text.to_string()),
            Self::Draft(draft) => Some(draft::json(
                draft,
                draft::Reading::Permissive,
                kind,
                settings,
            )),
        }
    }

    /// The policy, where parts of it may be unknown.
    pub(crate) fn draft(&self) -> Option<Rc<Draft<'t>>> {
        match self {
            Self::Draft(draft) => Some(Rc::clone(draft)),
            _ => None,
        }
    }
}

fn read_text(text: &str, start: u32, kind: KindInput) -> Reading<'static> {
    match source::parse(text) {
        Ok(node) => {
            let mut node = node.into_owned();
            node.shift(start);
            read(node, kind)
        }
        Err(mut problem) => {
            source::shift(&mut problem.span, start);
            unread(problem, kind)
        }
    }
}

/// A text that is no JSON.
fn unread(problem: Problem, kind: KindInput) -> Reading<'static> {
    let (kind, kind_reason) = match kind {
        KindInput::Auto => (
            None,
            "the document could not be read, so its kind cannot be told",
        ),
        KindInput::Given(kind) => (Some(kind), "you chose this kind"),
    };
    Reading {
        policy: None,
        kind,
        kind_reason: kind_reason.to_owned(),
        problems: vec![problem],
    }
}

/// A principal of an input, or another subject that is judged by itself: a version of a managed policy, a target of
/// SCPs.
#[derive(Debug, Default)]
pub(crate) struct FoundPrincipal {
    /// Its ARN; `None` where the input does not have it, and for a subject that is none.
    pub(crate) arn: Option<String>,
    /// Where it is not there: patterns of its last part, such as `role/ops/Deployer`, of which one matches. Empty:
    /// nothing is known.
    pub(crate) resources: Vec<String>,
    /// What it is called in the report.
    pub(crate) name: String,
    /// What it is. The same principal may be found in several parts of the inputs.
    pub(crate) kind: PrincipalKind,
    /// Indexes of its policies among those found.
    pub(crate) policies: Vec<usize>,
    /// What applies to it and is not in the input.
    pub(crate) missing: Vec<Missing>,
    /// Whether the input has all its policies, so that without any it may do nothing.
    pub(crate) complete: bool,
    /// Whether it is no principal but a policy, of which nobody says who has it.
    pub(crate) policy_alone: bool,
    /// Why it is not judged, if it is not.
    pub(crate) aside: Option<String>,
}

/// Patterns of the last part of an ARN, where the name is known and the path is not. A group is nobody who calls: who
/// is in it is not known.
pub(crate) fn anywhere(word: &str, name: &str) -> Vec<String> {
    match word {
        "group" => Vec::new(),
        _ => vec![format!("{word}/{name}"), format!("{word}/*/{name}")],
    }
}

/// A pattern of the last part of the ARN of a permission set's role ("Referencing permission sets in resource
/// policies": a region may stand before the name).
pub(crate) fn permission_set_role(name: Option<&str>) -> String {
    let name = name.unwrap_or("*");
    format!("role/aws-reserved/sso.amazonaws.com/*AWSReservedSSO_{name}_*")
}

/// What a principal is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub(crate) enum PrincipalKind {
    Role,
    User,
    Group,
    /// No principal: each one is a subject of its own.
    #[default]
    Other,
}

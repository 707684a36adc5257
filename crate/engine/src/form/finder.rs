//! Where forms put what they find.

use std::borrow::Cow;

use super::command::Command;
use super::{Applies, Content, FORMS, Form, Found, FoundPolicy, FoundPrincipal, Scp};
use crate::policy::{excerpt, first};
use crate::problem::Problem;
use crate::report::DocumentKind;
use crate::source::layers::{Layers, Mapping};
use crate::source::{Node, Value, decode, parse, yaml};
use crate::text::Span;

/// Forms may stand in each other: a list of outputs, a string that holds one. So deep, and no deeper.
const DEEPEST: usize = 8;

/// What has been found so far, and the positions of texts within the text.
#[derive(Debug)]
pub(crate) struct Finder<'t> {
    pub(crate) layers: Layers<'t>,
    pub(crate) found: Found<'t>,
    depth: usize,
    /// Where the pasted text is YAML.
    yaml: Vec<Span>,
    /// The command whose output is looked at, where the input has it.
    command: Option<Command>,
    /// The member of the object at the top in which the input ends before its end.
    ends_in: Option<String>,
}

/// What a form knows of a policy besides its text.
#[derive(Debug)]
pub(crate) struct Policy {
    pub(crate) name: String,
    pub(crate) path: String,
    pub(crate) kind: Option<(DocumentKind, String)>,
    pub(crate) applies: Applies,
}

impl<'t> Finder<'t> {
    pub(crate) fn new(text: &'t str) -> Self {
        Self {
            layers: Layers::new(text),
            found: Found::default(),
            depth: 0,
            yaml: Vec::new(),
            command: None,
            ends_in: None,
        }
    }

    /// What follows ends in this member, and not all of that is there.
    pub(super) fn ends_in(&mut self, member: Option<String>) {
        self.ends_in = member;
    }

    /// Whether not all of a member is there.
    pub(super) fn lacks_some_of(&self, member: &str) -> bool {
        self.ends_in.as_deref() == Some(member)
    }

    /// Whether not all of the object at the top is there.
    pub(super) fn is_cut_off(&self) -> bool {
        self.ends_in.is_some()
    }

    /// What follows is the output of this command.
    pub(super) fn follows(&mut self, command: Option<Command>) {
        self.command = command;
    }

    /// An option of the command whose output is looked at.
    pub(super) fn option(&self, name: &str) -> Option<&str> {
        self.command.as_ref()?.option(name)
    }

    /// Says that a stretch of the pasted text is YAML.
    pub(super) fn is_yaml(&mut self, stretch: Span) {
        self.yaml.push(stretch);
    }

    /// Whether a part is written in YAML.
    fn in_yaml(&self, span: Span) -> bool {
        self.yaml
            .iter()
            .any(|yaml| yaml.start <= span.start && span.start < yaml.end)
    }

    /// Recognises a tree and finds what is in it; answers its form and the reason, or the tree where no form knows it.
    pub(crate) fn tree(&mut self, node: Node<'t>, path: &str) -> Result<Recognised, Node<'t>> {
        let Some((form, reason)) = recognise(&node, &[]) else {
            return Err(node);
        };
        if self.depth >= DEEPEST {
            self.problem(
                node.span,
                "policies are wrapped so many times here that nobody meant it: paste what is inside",
            );
        } else {
            self.depth += 1;
            (form.find)(node, path, self);
            self.depth -= 1;
        }
        Ok((form.name.to_owned(), reason))
    }

    /// As `tree`, of a part of the input: what no form knows is said to be not understood.
    pub(crate) fn part(&mut self, node: Node<'t>, path: &str) {
        let known = match node.value {
            Value::String(_) => self.string(node, path),
            _ => self.tree(node, path),
        };
        if let Err(node) = known {
            self.problem(
                node.span,
                format!(
                    "`{}` is {} in which no policy was found, and it is left aside",
                    excerpt(path),
                    node.value.describe()
                ),
            );
        }
    }

    /// How much has been found, to come back to.
    pub(crate) fn mark(&self) -> Mark {
        Mark {
            policies: self.found.policies.len(),
            principals: self.found.principals.len(),
            problems: self.found.problems.len(),
            yaml: self.yaml.len(),
            managed: self.found.register.managed.len(),
        }
    }

    /// Forgets what was found since.
    pub(crate) fn back_to(&mut self, mark: Mark) {
        self.found.policies.truncate(mark.policies);
        self.found.principals.truncate(mark.principals);
        self.found.problems.truncate(mark.problems);
        self.yaml.truncate(mark.yaml);
        let register = &mut self.found.register;
        register.managed.truncate(mark.managed);
        let first = mark.policies;
        register.inline.retain(|policy| *policy < first);
        register.scps.retain(|(_, policy)| *policy < first);
        register.attachments.retain(
            |attachment| !matches!(attachment.policy, Scp::Here(policy) if policy >= first),
        );
    }

    /// Something that was not understood; the rest is judged.
    pub(crate) fn problem(&mut self, span: Span, message: impl Into<String>) {
        self.found
            .problems
            .push(Problem::warning(first(span), message));
    }

    /// A policy: an object, or a string that holds one as JSON or URL-encoded. Answers its index.
    pub(crate) fn policy(&mut self, node: Node<'t>, policy: Policy) -> usize {
        let span = node.span;
        let content = match node.value {
            Value::String(text) => self.held(text, span),
            value => Content::Tree(Node { span, value }),
        };
        self.content(content, span, policy)
    }

    /// As `policy`, of a text that is here already.
    pub(crate) fn content(&mut self, content: Content<'t>, span: Span, policy: Policy) -> usize {
        // What a layer's tree holds does not stand in the pasted text as JSON.
        let content = match content {
            Content::Tree(node) if self.layers.is_inner(span) || self.in_yaml(span) => {
                Content::Rendered(node)
            }
            content => content,
        };
        self.found.policies.push(FoundPolicy {
            name: policy.name,
            path: policy.path,
            content,
            span,
            kind: policy.kind,
            applies: policy.applies,
        });
        self.found.policies.len() - 1
    }

    /// A role's trust policy.
    pub(crate) fn trust_policy(&mut self, node: Node<'t>, role: &str, path: String) {
        self.policy(
            node,
            Policy {
                name: format!("trust policy of {role}"),
                path,
                kind: Some((
                    DocumentKind::Resource,
                    "it is a role's `AssumeRolePolicyDocument`".to_owned(),
                )),
                applies: Applies::Trust,
            },
        );
    }

    /// A policy that was found applies to principals that list it.
    pub(crate) fn attached(&mut self, index: usize) {
        if let Some(policy) = self.found.policies.get_mut(index) {
            policy.applies = Applies::Attached;
        }
    }

    /// A policy that was found is judged by itself, under its name.
    pub(crate) fn by_itself(&mut self, index: usize) {
        self.attached(index);
        if let Some(policy) = self.found.policies.get(index) {
            self.found.principals.push(FoundPrincipal {
                name: policy.name.clone(),
                policies: vec![index],
                policy_alone: true,
                ..FoundPrincipal::default()
            });
        }
    }

    /// A policy that was found, once more as another kind; answers its index.
    pub(crate) fn again(
        &mut self,
        index: usize,
        kind: DocumentKind,
        reason: &str,
    ) -> Option<usize> {
        let policy = self.found.policies.get(index)?;
        let policy = FoundPolicy {
            name: policy.name.clone(),
            path: policy.path.clone(),
            content: policy.content.clone(),
            span: policy.span,
            kind: Some((kind, reason.to_owned())),
            applies: Applies::Attached,
        };
        self.found.policies.push(policy);
        Some(self.found.policies.len() - 1)
    }

    /// The policy that a string holds.
    fn held(&mut self, text: Cow<'t, str>, span: Span) -> Content<'t> {
        match self.decoded(text, span) {
            Ok((text, start)) => Content::Text(text, start),
            Err(message) => Content::Broken(Problem::error(span, message)),
        }
    }

    /// The text that a string of the tree holds, URL encoding decoded, and its first position.
    fn decoded(
        &mut self,
        text: Cow<'t, str>,
        span: Span,
    ) -> Result<(Cow<'t, str>, u32), &'static str> {
        const TOO_MUCH: &str = "the input holds more decoded text than 4 GB: paste it in parts";
        let encoded = is_percent_encoded(&text);
        let mapping = self
            .mapping(&text, span)
            .ok_or("the text of this string is not at hand")?;
        let start = self
            .layers
            .add(mapping, Cow::Borrowed(""))
            .ok_or(TOO_MUCH)?;
        if !encoded {
            return Ok((text, start));
        }
        let (decoded, mapping) = decode::percent(&text, start).ok_or(
            "this looks URL-encoded, and is not all of it: each `%` is followed by two hexadecimal digits, and the bytes are UTF-8",
        )?;
        let start = self
            .layers
            .add(mapping, Cow::Borrowed(""))
            .ok_or(TOO_MUCH)?;
        Ok((Cow::Owned(decoded), start))
    }

    /// The map from the text that a string of the tree holds to where it is written.
    pub(crate) fn mapping(&self, text: &str, span: Span) -> Option<Mapping> {
        let raw = self.layers.raw(span)?;
        Some(if self.in_yaml(span) {
            yaml::mapping(raw, text, span.start)
        } else {
            decode::json_string(raw, span.start)
        })
    }

    /// The first position of the text that a string of the tree holds, to say where its parts stand.
    pub(crate) fn positions(&mut self, node: &Node<'t>) -> Option<u32> {
        let Value::String(text) = &node.value else {
            return None;
        };
        if is_percent_encoded(text) {
            return None;
        }
        let (_, start) = self.decoded(text.clone(), node.span).ok()?;
        Some(start)
    }

    /// As `tree`, of a string that holds the text of a tree.
    pub(crate) fn string(&mut self, node: Node<'t>, path: &str) -> Result<Recognised, Node<'t>> {
        let Value::String(text) = &node.value else {
            return Err(node);
        };
        let Ok((text, start)) = self.decoded(text.clone(), node.span) else {
            return Err(node);
        };
        let Ok(inner) = parse(&text) else {
            return Err(node);
        };
        let mut inner = inner.into_owned();
        inner.shift(start);
        self.layers.keep(start, text);
        self.tree(inner, path)
            .map(|(form, reason)| (format!("a string that holds {form}"), reason))
            .map_err(|_| node)
    }
}

/// How much had been found.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Mark {
    policies: usize,
    principals: usize,
    problems: usize,
    yaml: usize,
    managed: usize,
}

/// A form's name and by what it was recognised.
pub(crate) type Recognised = (String, String);

/// Whether a text begins as a URL-encoded policy does: with `{`, `[`, `"` or white space.
pub(super) fn is_percent_encoded(text: &str) -> bool {
    let text = text.trim_start();
    [
        "%7B", "%7b", "%5B", "%5b", "%22", "%20", "%0A", "%0a", "%0D", "%0d", "%09",
    ]
    .iter()
    .any(|escape| text.starts_with(escape))
}

/// The first form that recognises a tree, and why; those of `without` are not asked.
pub(super) fn recognise(
    node: &Node<'_>,
    without: &[&'static Form],
) -> Option<(&'static Form, String)> {
    FORMS
        .iter()
        .filter(|form| !without.iter().any(|other| std::ptr::eq(*other, **form)))
        .find_map(|form| Some((*form, (form.recognise)(node)?)))
}

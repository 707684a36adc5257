//! A CloudFormation template as its functions see it: parameters, mappings, and the resources by their logical ids.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

use crate::draft::{Draft, Holds, Piece, Unknown, Value};
use crate::form::exact::{get, members, scalar, text};
use crate::source::{self, Node};
use crate::text::Span;

/// How much values that are put in place of references may hold together, in nodes.
const REFERRED: usize = 1 << 18;

/// How deep references go through each other.
const DEEPEST: usize = 8;

/// What functions can refer to.
#[derive(Debug, Default)]
pub(super) struct Template<'t> {
    pub(super) parameters: HashMap<String, Parameter>,
    pub(super) mappings: Option<Node<'t>>,
    pub(super) resources: HashMap<String, Named<'t>>,
    /// Where it stands: two templates of one input may have conditions of the same name.
    pub(super) start: u32,
    referred: Cell<usize>,
    depth: Cell<usize>,
    /// The condition of the resource that is read: it is there only where that is true.
    given: RefCell<Option<String>>,
}

/// A parameter.
#[derive(Debug, Default)]
pub(super) struct Parameter {
    pub(super) default: Option<String>,
    /// Whether its value is a list.
    pub(super) list: bool,
    /// Whether its value has no `:`, `*` or `?`.
    pub(super) word: bool,
}

/// A resource, as far as its name goes.
#[derive(Debug)]
pub(super) struct Named<'t> {
    pub(super) kind: String,
    /// The value of the property that names it.
    pub(super) name: Option<Node<'t>>,
    /// The `Path` of a role, user or group.
    pub(super) path: Option<Node<'t>>,
}

impl<'t> Template<'t> {
    /// Reads what functions can refer to, before the template is taken apart.
    pub(super) fn new(root: &Node<'t>) -> Self {
        let mut template = Self {
            start: root.span.start,
            ..Self::default()
        };
        for (name, parameter) in members(root, "Parameters") {
            template
                .parameters
                .insert(name.to_owned(), Parameter::read(parameter));
        }
        template.mappings = get(root, "Mappings").cloned();
        for (id, resource) in members(root, "Resources") {
            let kind = text(resource, "Type").unwrap_or_default();
            let property = match kind {
                "AWS::IAM::Role" => "RoleName",
                "AWS::IAM::User" => "UserName",
                "AWS::IAM::Group" => "GroupName",
                "AWS::IAM::ManagedPolicy" => "ManagedPolicyName",
                "AWS::S3::Bucket" => "BucketName",
                "AWS::CloudTrail::Trail" => "TrailName",
                _ => "",
            };
            let properties = get(resource, "Properties");
            let of = |name: &str| properties.and_then(|all| get(all, name)).cloned();
            template.resources.insert(
                id.to_owned(),
                Named {
                    kind: kind.to_owned(),
                    name: of(property),
                    path: of("Path"),
                },
            );
        }
        template
    }

    /// What follows is part of a resource with this condition. Answers what was so before.
    pub(super) fn assume(&self, condition: Option<&str>) -> Option<String> {
        self.given.replace(condition.map(str::to_owned))
    }

    /// Whether a condition is true wherever what is read is there.
    pub(super) fn is_given(&self, condition: &Node<'_>) -> bool {
        match &condition.value {
            source::Value::String(name) => self.given.borrow().as_deref() == Some(name),
            _ => false,
        }
    }

    /// Runs `resolve` for something that is referred to, unless references go in circles or too much is referred to.
    pub(super) fn referring(
        &self,
        resolve: impl FnOnce() -> Draft<'t>,
        otherwise: impl FnOnce() -> Draft<'t>,
    ) -> Draft<'t> {
        if self.depth.get() >= DEEPEST || self.referred.get() >= REFERRED {
            return otherwise();
        }
        self.depth.set(self.depth.get() + 1);
        let draft = resolve();
        self.depth.set(self.depth.get() - 1);
        self.referred.set(self.referred.get() + size(&draft));
        draft
    }

    /// What is unknown about a parameter, by its name.
    pub(super) fn parameter(&self, name: &str, parameter: &Parameter, span: Span) -> Unknown {
        let default = parameter.default.as_deref().filter(|text| text.len() <= 80);
        unknown(
            span,
            match default {
                Some(default) => format!("`!Ref {name}` (`{default}` by default)"),
                None => format!("`!Ref {name}`"),
            },
            name,
            if parameter.word {
                Holds::Word
            } else {
                Holds::Anything
            },
        )
    }
}

impl Parameter {
    fn read(node: &Node<'_>) -> Self {
        let kind = text(node, "Type").unwrap_or_default();
        let word = |text: &str| !text.contains([':', '*', '?']);
        let allowed: Vec<&str> = match get(node, "AllowedValues").map(|node| &node.value) {
            Some(source::Value::Array(nodes)) => nodes.iter().filter_map(scalar).collect(),
            _ => Vec::new(),
        };
        Self {
            default: get(node, "Default").and_then(scalar).map(str::to_owned),
            list: kind == "CommaDelimitedList" || kind.contains("List<"),
            word: text(node, "AllowedPattern").is_some_and(allows_words)
                || kind == "Number"
                || kind.starts_with("AWS::EC2::")
                || (!allowed.is_empty() && allowed.into_iter().all(word)),
        }
    }
}

/// Whether all that a regular expression matches has no `:`, `*` or `?`; it matches the whole value ("Parameters:
/// AllowedPattern"). One that is not plain is not looked into.
fn allows_words(pattern: &str) -> bool {
    let mut chars = pattern
        .trim_start_matches('^')
        .trim_end_matches('$')
        .chars()
        .peekable();
    while let Some(c) = chars.next() {
        let plain = match c {
            '[' => is_class_of_words(&mut chars),
            '\\' => matches!(chars.next(), Some('d' | 'w' | '-' | '/' | '_')),
            // Counts, and parts in brackets.
            '{' | '}' | '+' | '*' | '?' | ',' | '(' | ')' | '|' => true,
            _ => c.is_ascii_alphanumeric() || "-_/@=".contains(c),
        };
        // `(?…)` is something else.
        if !plain || (c == '(' && chars.peek() == Some(&'?')) {
            return false;
        }
    }
    true
}

/// Reads `a-z0-9]` behind the bracket that begins a class.
fn is_class_of_words(chars: &mut impl Iterator<Item = char>) -> bool {
    let class: Vec<char> = chars.take_while(|c| *c != ']').collect();
    let alike = |one: char, other: char| {
        (one.is_ascii_digit() && other.is_ascii_digit())
            || (one.is_ascii_lowercase() && other.is_ascii_lowercase())
            || (one.is_ascii_uppercase() && other.is_ascii_uppercase())
    };
    let last = class.len().saturating_sub(1);
    class.iter().enumerate().all(|(at, c)| match c {
        '-' if at > 0 && at < last => {
            matches!(class.get(at - 1..=at + 1), Some(&[from, _, to]) if alike(from, to))
        }
        '-' | '_' | '/' | '@' | '=' => true,
        _ => c.is_ascii_alphanumeric(),
    })
}

fn size(draft: &Draft<'_>) -> usize {
    1 + match &draft.value {
        Value::Text(pieces) => pieces
            .iter()
            .map(|piece| match piece {
                Piece::Known(text) => text.len() / 16,
                Piece::Unknown(_) => 1,
            })
            .sum(),
        Value::List(drafts) | Value::Either(_, drafts) => drafts.iter().map(size).sum(),
        Value::Object(members) => members.iter().map(|member| size(&member.value)).sum(),
        _ => 0,
    }
}

pub(super) fn unknown(span: Span, what: String, of: &str, holds: Holds) -> Unknown {
    Unknown {
        span,
        what: Rc::from(what),
        of: Rc::from(of),
        holds,
        decides: false,
    }
}

#[cfg(test)]
mod tests {
    use super::allows_words;

    #[test]
    fn patterns_that_allow_words_only() {
        for (pattern, words) in [
            ("^o-[a-z0-9]{10,32}$", true),
            ("o-[a-z0-9]+", true),
            ("[A-Za-z0-9_-]*", true),
            ("(dev|prod)", true),
            ("\\d{12}", true),
            (".*", false),
            ("[^:]+", false),
            ("[0-z]+", false),
            ("[!-~]+", false),
            ("arn:aws:.*", false),
            ("\\*", false),
            ("(?i)o-[a-z]+", false),
            ("[a-z*]+", false),
            ("\\S+", false),
        ] {
            assert_eq!(allows_words(pattern), words, "{pattern}");
        }
    }
}

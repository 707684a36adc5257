//! Terraform's own language (HCL): most of a policy in it is expressions, and only Terraform can work them out. What is
//! JSON as it stands, in heredocs and in `jsonencode({"Version": …})`, is judged.

use std::rc::Rc;

use super::Stretch;
use super::values::end;
use crate::draft::{Holds, Piece, Unknown};
use crate::form::finder::{Finder, Policy, Recognised};
use crate::form::fragment::is_draft_of_document;
use crate::form::holes::{Holes, Written};
use crate::form::{Applies, Content};
use crate::problem::Problem;
use crate::report::DocumentKind;
use crate::text::Span;

pub(super) fn find<'t>(text: Stretch<'t>, _: &str, finder: &mut Finder<'t>) -> Option<Recognised> {
    let first = first_block(text)?;
    for found in documents(text) {
        document(found, finder);
    }
    let problem = Problem::error(
        first,
        "this is Terraform's own language, in which only Terraform can work out what a policy will be: run `terraform plan \
         -out=plan` and paste what `terraform show -json plan` prints. Policies that stand here as JSON are judged, and \
         the rest is not",
    );
    finder.content(
        Content::Broken(problem),
        text.span(),
        Policy {
            name: super::REST.to_owned(),
            path: String::new(),
            kind: None,
            applies: Applies::Unnamed,
        },
    );
    Some((
        "Terraform's own language (HCL)".to_owned(),
        "it has blocks such as `resource \"aws_iam_role\" \"name\" {`".to_owned(),
    ))
}

/// The line that begins the first block of Terraform's.
fn first_block(text: Stretch<'_>) -> Option<Span> {
    let mut at = 0;
    for line in text.text.split_inclusive('\n') {
        if block(line).is_some() {
            let length = line.trim_end().len();
            return Some(text.part(at, at + length).span());
        }
        at += line.len();
    }
    None
}

/// The type and the name in the first line of a block: `resource "aws_iam_policy" "stop" {`.
fn block(line: &str) -> Option<(&str, &str)> {
    let line = line.trim_end();
    let rest = ["resource", "data"]
        .iter()
        .find_map(|word| line.strip_prefix(word))?
        .strip_suffix('{')?;
    let mut quoted = rest.split('"');
    let (space, kind, between, name) = (
        quoted.next()?,
        quoted.next()?,
        quoted.next()?,
        quoted.next()?,
    );
    let blank = |text: &str| text.trim().is_empty();
    (blank(space) && blank(between) && quoted.all(blank)).then_some((kind, name))
}

/// A part of the text that may be a policy in JSON.
struct Found<'t> {
    text: Stretch<'t>,
    /// The type and the name of the block that it stands in.
    block: Option<(&'t str, &'t str)>,
    /// The attribute that it is given to.
    attribute: &'t str,
    /// The `type` that the block has.
    of_rcp: bool,
}

/// Heredocs (`<<EOT`), and what `jsonencode` is called with.
fn documents<'t>(text: Stretch<'t>) -> Vec<Found<'t>> {
    let mut found = Vec::new();
    let mut current = None;
    let mut of_rcp = false;
    // The word that ends a heredoc, its attribute, and where its inside begins.
    let mut open: Option<(&str, &str, usize)> = None;
    let mut at = 0;
    for line in text.text.split_inclusive('\n') {
        let after = at + line.len();
        let trimmed = line.trim();
        if let Some((word, attribute, from)) = open {
            if trimmed == word {
                found.push(Found {
                    text: text.part(from, at),
                    block: current,
                    attribute,
                    of_rcp,
                });
                open = None;
            }
        } else {
            if let Some(of_line) = block(line) {
                (current, of_rcp) = (Some(of_line), false);
            }
            of_rcp |= trimmed.starts_with("type") && trimmed.contains("RESOURCE_CONTROL_POLICY");
            if let Some((attribute, value)) = trimmed.split_once('=') {
                let (attribute, value) = (attribute.trim(), value.trim());
                if let Some(word) = value.strip_prefix("<<") {
                    open = Some((word.trim_start_matches(['-', '~']).trim(), attribute, after));
                } else if value.starts_with("jsonencode(")
                    && let Some(call) = line.find("jsonencode(")
                {
                    let from = at + call + "jsonencode(".len();
                    found.extend(end(text.text.as_bytes(), from).map(|to| Found {
                        text: text.part(from, to),
                        block: current,
                        attribute,
                        of_rcp,
                    }));
                }
            }
        }
        at = after;
    }
    found
}

/// A policy, where it is one in JSON; `${…}` in it is what Terraform puts in.
fn document<'t>(found: Found<'t>, finder: &mut Finder<'t>) {
    let mut holes = Holes::default();
    let mut rest = found.text.text;
    let mut at = found.text.start;
    let mut push = |piece: Piece<'t>, length: usize| {
        let span = Span {
            start: at,
            end: at.saturating_add(Span::new(0, length).end),
        };
        at = span.end;
        let piece = match piece {
            Piece::Unknown(unknown) => Piece::Unknown(Unknown { span, ..unknown }),
            known => known,
        };
        holes.push(piece, Written::At(span))
    };
    let mut read = || -> Option<()> {
        while let Some((before, after)) = rest.split_once("${") {
            // `$${` is a `${` of the policy's own.
            if let Some(before) = before.strip_suffix('$') {
                push(Piece::Known(before.into()), before.len())?;
                push(Piece::Known("${".into()), 3)?;
                rest = after;
                continue;
            }
            push(Piece::Known(before.into()), before.len())?;
            let (expression, behind) = after.split_once('}')?;
            let unknown = Unknown {
                span: Span::default(),
                what: Rc::from(format!("`${{{expression}}}`")),
                of: Rc::from(expression),
                holds: Holds::Anything,
                decides: false,
            };
            push(Piece::Unknown(unknown), expression.len() + 3)?;
            rest = behind;
        }
        push(Piece::Known(rest.into()), rest.len())
    };
    if read().is_none() {
        return;
    }
    let Some(draft) = holes.read(finder).filter(is_draft_of_document) else {
        return;
    };
    let (kind, name) = found.block.unwrap_or_default();
    let span = draft.span;
    let policy = Policy {
        name: format!("{kind}.{name}"),
        path: format!("{kind}.{name}.{}", found.attribute),
        kind: kind_of(kind, found.of_rcp)
            .map(|of_kind| (of_kind, format!("it stands in an `{kind}`"))),
        applies: if found.attribute == "assume_role_policy" {
            Applies::Trust
        } else {
            Applies::Unnamed
        },
    };
    finder.content(Content::Draft(Rc::new(draft)), span, policy);
}

fn kind_of(kind: &str, of_rcp: bool) -> Option<DocumentKind> {
    match kind {
        "aws_iam_role" => Some(DocumentKind::Resource),
        "aws_organizations_policy" if of_rcp => Some(DocumentKind::Rcp),
        "aws_organizations_policy" => Some(DocumentKind::Scp),
        "aws_s3_bucket_policy" => Some(DocumentKind::Resource),
        _ if kind.starts_with("aws_iam_") || kind.starts_with("aws_ssoadmin_") => {
            Some(DocumentKind::Identity)
        }
        _ => None,
    }
}

//! A URL-encoded text, as the IAM API returns policies.

use std::borrow::Cow;

use super::Stretch;
use crate::form::finder::{Finder, Recognised, is_percent_encoded};
use crate::source::{decode, parse};

pub(super) fn find<'t>(
    stretch: Stretch<'t>,
    path: &str,
    finder: &mut Finder<'t>,
) -> Option<Recognised> {
    if !is_percent_encoded(stretch.text) {
        return None;
    }
    let (decoded, mapping) = decode::percent(stretch.text.trim_end(), stretch.start)?;
    let mut node = parse(&decoded).ok()?.into_owned();
    let start = finder.layers.add(mapping, Cow::Owned(decoded))?;
    node.shift(start);
    finder
        .tree(node, path)
        .ok()
        .map(|(form, reason)| (format!("URL-encoded text of {form}"), reason))
}

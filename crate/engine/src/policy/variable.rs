//! Policy variables, `${…}` ("IAM policy elements: Variables and tags").

use super::elements::excerpt;
use crate::problem::Problems;
use crate::text::Span;

/// One `${…}` of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Variable<'t> {
    /// From `${` to `}`, or to the end of the text where that is missing.
    pub whole: &'t str,
    /// What stands between; `None` where the `}` is missing.
    pub body: Option<&'t str>,
}

/// Every `${…}` of a text in turn.
pub fn all(text: &str) -> impl Iterator<Item = Variable<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        rest = rest.get(first(rest)?..)?;
        let end = rest.find('}');
        let (whole, after) = rest.split_at_checked(end.map_or(rest.len(), |end| end + 1))?;
        rest = after;
        let body = end.and_then(|end| whole.get(2..end));
        Some(Variable { whole, body })
    })
}

/// Whether a text holds a policy variable, well-formed or not.
pub fn any(text: &str) -> bool {
    first(text).is_some()
}

/// Where the first variable begins. A byte is found sooner than a string, and most texts have no dollar sign.
fn first(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    if !bytes.iter().fold(false, |any, byte| any | (*byte == b'$')) {
        return None;
    }
    let mut from = 0;
    loop {
        let at = from + bytes.get(from..)?.iter().position(|byte| *byte == b'$')?;
        if bytes.get(at + 1) == Some(&b'{') {
            return Some(at);
        }
        from = at + 1;
    }
}

/// Whether a body names a condition key or an escaped character, as AWS resolves them.
pub fn is_variable(body: &str) -> bool {
    let (name, default) = match body.split_once(',') {
        Some((name, default)) => (name, Some(default.trim_start())),
        None => (body, None),
    };
    let key = |name: &str| {
        name.split_once(':').is_some_and(|(prefix, key)| {
            !prefix.is_empty() && !key.is_empty() && !key.starts_with(':')
        }) && !name.contains(char::is_whitespace)
    };
    match default {
        None => matches!(name, "*" | "?" | "$") || key(name),
        Some(default) => key(name) && is_quoted(default),
    }
}

fn is_quoted(default: &str) -> bool {
    default.len() >= 2 && default.starts_with('\'') && default.ends_with('\'')
}

/// Tells of variables that AWS cannot parse; those of another shape are placeholders (`warnings`).
pub(super) fn check(text: &str, span: Span, problems: &mut Problems) {
    for variable in all(text) {
        match variable.body {
            None => problems.error(
                span,
                "a policy variable is not closed: `${` needs a `}` (a dollar sign itself is written `${$}`)",
            ),
            Some("") => problems.error(
                span,
                "`${}` is an empty policy variable: name a condition key in it, such as `${aws:username}`, or delete it",
            ),
            Some(body) => {
                let (name, default) = match body.split_once(',') {
                    Some((name, default)) => (name, Some(default.trim())),
                    None => (body, None),
                };
                // Access Analyzer: "Unsupported space in variable".
                let solid: String = name.split_whitespace().collect();
                if solid != name && is_variable(&solid) {
                    problems.error(
                        span,
                        format!("AWS refuses the space in `{}`: write `${{{solid}}}`", excerpt(variable.whole)),
                    );
                }
                if default.is_some_and(|default| !is_quoted(default)) {
                    problems.error(
                        span,
                        format!("the default value in `{}` needs single quotation marks: `${{key, 'default'}}`", excerpt(variable.whole)),
                    );
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_in_order() {
        let text = "a${x}b${}${aws:PrincipalTag/y, 'z'}$ {${open";
        let bodies: Vec<_> = all(text).map(|variable| variable.body).collect();
        assert_eq!(
            bodies,
            [Some("x"), Some(""), Some("aws:PrincipalTag/y, 'z'"), None]
        );
        let wholes: Vec<_> = all(text).map(|variable| variable.whole).collect();
        assert_eq!(
            wholes,
            ["${x}", "${}", "${aws:PrincipalTag/y, 'z'}", "${open"]
        );
        assert_eq!(all("no $ {variable}").count(), 0);
    }

    #[test]
    fn variables_and_placeholders() {
        for body in [
            "aws:username",
            "*",
            "?",
            "$",
            "aws:PrincipalTag/team, 'none'",
            "aws:PrincipalTag/a:b",
            "AWS:UserName",
        ] {
            assert!(is_variable(body), "{body}");
        }
        for body in [
            "Region",
            "AWS::Region",
            "Account ID",
            "",
            ":",
            "aws:",
            "aws:username, none",
            "aws: username",
            "*, 'x'",
        ] {
            assert!(!is_variable(body), "{body}");
        }
    }

    #[test]
    fn what_aws_cannot_parse() {
        for (text, words) in [
            ("x/${aws:username", "not closed"),
            ("x/${}", "empty policy variable"),
            ("${aws:username, none}", "single quotation marks"),
            ("${ aws:username }", "write `${aws:username}`"),
            ("${aws: username, 'a b'}", "write `${aws:username}`"),
        ] {
            let mut problems = Problems::default();
            check(text, Span::new(0, 1), &mut problems);
            assert!(problems.has_errors());
            assert!(problems.into_vec()[0].message.contains(words), "{text}");
        }
        let mut problems = Problems::default();
        check(
            "${Region} ${Account ID} ${aws:username, 'a b'} ${aws:username,'a'} ${$}",
            Span::new(0, 1),
            &mut problems,
        );
        assert!(problems.into_vec().is_empty());
    }
}

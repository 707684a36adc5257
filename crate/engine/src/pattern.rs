//! `*`/`?` patterns, with policy variables, and the ARN patterns made of them.
//!
//! Matching never costs more than pattern × text, however many stars there are.

/// What a pattern's text may hold besides literal characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Syntax {
    /// `*` and `?` are wildcards.
    pub wildcards: bool,
    /// `${…}` is a policy variable (documents of version 2012-10-17 only).
    pub variables: bool,
}

/// One element of a pattern.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Glyph {
    /// Exactly this character.
    Char(char),
    /// `?`: any one character.
    AnyOne,
    /// One digit: never written, but what an account id is made of that a variable stands for.
    Digit,
    /// `*`: any number of characters.
    AnyMany,
    /// `${key}` or `${key, 'default'}`; apart, so that the many characters of patterns are small.
    Variable(Box<Variable>),
}

/// A policy variable in a pattern.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Variable {
    /// The condition key, in lower case.
    pub key: String,
    /// The key as written.
    pub written: String,
    /// Used where the request has no such key.
    pub default: Option<String>,
}

/// A pattern over texts.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Pattern {
    glyphs: Vec<Glyph>,
}

impl Pattern {
    /// Reads a pattern. Every text is one; an unclosed `${` is literal.
    pub fn parse(text: &str, syntax: Syntax) -> Self {
        let mut glyphs = Vec::with_capacity(text.len());
        let mut rest = text.chars();
        while let Some(next) = rest.next() {
            match next {
                '*' if syntax.wildcards => {
                    if glyphs.last() != Some(&Glyph::AnyMany) {
                        glyphs.push(Glyph::AnyMany);
                    }
                }
                '?' if syntax.wildcards => glyphs.push(Glyph::AnyOne),
                '$' if syntax.variables => {
                    let variable = rest
                        .as_str()
                        .strip_prefix('{')
                        .and_then(|body| body.split_once('}'));
                    match variable {
                        Some((body, after)) => {
                            glyphs.push(variable_glyph(body));
                            rest = after.chars();
                        }
                        None => glyphs.push(Glyph::Char('$')),
                    }
                }
                other => glyphs.push(Glyph::Char(other)),
            }
        }
        Self { glyphs }
    }

    /// A pattern of these elements.
    pub fn of(glyphs: Vec<Glyph>) -> Self {
        Self { glyphs }
    }

    /// The pattern with others in the place of its variables, of those that have one.
    pub fn replaced(&self, by: &dyn Fn(&Variable) -> Option<Self>) -> Self {
        let mut glyphs = Vec::with_capacity(self.glyphs.len());
        for glyph in &self.glyphs {
            let pattern = match glyph {
                Glyph::Variable(variable) => by(variable),
                _ => None,
            };
            match pattern {
                Some(pattern) => glyphs.extend(pattern.glyphs),
                None => glyphs.push(glyph.clone()),
            }
        }
        Self { glyphs }
    }

    /// Twelve digits.
    pub fn account_id() -> Self {
        Self {
            glyphs: vec![Glyph::Digit; 12],
        }
    }

    /// A pattern that matches this text only.
    pub fn literal(text: &str) -> Self {
        Self {
            glyphs: text.chars().map(Glyph::Char).collect(),
        }
    }

    /// `*`.
    pub fn everything() -> Self {
        Self {
            glyphs: vec![Glyph::AnyMany],
        }
    }

    /// The pattern's elements.
    pub fn glyphs(&self) -> &[Glyph] {
        &self.glyphs
    }

    /// Whether it is `*` alone.
    pub fn is_everything(&self) -> bool {
        self.glyphs == [Glyph::AnyMany]
    }

    /// The pattern with lower-case letters, and a variable's default too.
    pub fn lower_case(&self) -> Self {
        let lower = |c: char| {
            let mut lower = c.to_lowercase();
            match (lower.next(), lower.next()) {
                (Some(one), None) => one,
                _ => c,
            }
        };
        let glyphs = self.glyphs.iter().map(|glyph| match glyph {
            Glyph::Char(c) => Glyph::Char(lower(*c)),
            Glyph::Variable(variable) => Glyph::Variable(Box::new(Variable {
                default: variable
                    .default
                    .as_ref()
                    .map(|default| default.chars().map(lower).collect()),
                ..(**variable).clone()
            })),
            other => other.clone(),
        });
        Self {
            glyphs: glyphs.collect(),
        }
    }

    /// The text it stands for, where it has neither wildcards nor variables.
    pub fn as_literal(&self) -> Option<String> {
        self.glyphs
            .iter()
            .map(|glyph| match glyph {
                Glyph::Char(c) => Some(*c),
                _ => None,
            })
            .collect()
    }

    /// The policy variables in it, by key in lower case.
    pub fn variables(&self) -> impl Iterator<Item = &str> {
        self.glyphs.iter().filter_map(|glyph| match glyph {
            Glyph::Variable(variable) => Some(variable.key.as_str()),
            _ => None,
        })
    }

    /// Replaces every variable by its value, or its default; `None` where one has neither.
    pub fn resolve(&self, lookup: &dyn Fn(&str) -> Option<String>) -> Option<Self> {
        self.resolve_known(&|key| lookup(key).map_or(Known::Absent, Known::Value))
    }

    /// As `resolve`, leaving the variables alone of which nothing is known yet.
    pub fn resolve_known(&self, lookup: &dyn Fn(&str) -> Known) -> Option<Self> {
        let mut glyphs = Vec::with_capacity(self.glyphs.len());
        for glyph in &self.glyphs {
            let Glyph::Variable(variable) = glyph else {
                glyphs.push(glyph.clone());
                continue;
            };
            match (lookup(&variable.key), &variable.default) {
                (Known::Value(value), _) => glyphs.extend(value.chars().map(Glyph::Char)),
                (Known::Absent, Some(default)) => glyphs.extend(default.chars().map(Glyph::Char)),
                (Known::Absent, None) => return None,
                (Known::Open, _) => glyphs.push(glyph.clone()),
            }
        }
        Some(Self { glyphs })
    }

    /// The pattern with each variable widened to `*`: it matches whatever the variables may hold.
    pub fn widened(&self) -> Self {
        let mut glyphs = Vec::with_capacity(self.glyphs.len());
        for glyph in &self.glyphs {
            let wide = match glyph {
                Glyph::Variable(_) => Glyph::AnyMany,
                other => other.clone(),
            };
            if wide != Glyph::AnyMany || glyphs.last() != Some(&Glyph::AnyMany) {
                glyphs.push(wide);
            }
        }
        Self { glyphs }
    }

    /// Whether the whole text matches. A variable that was not resolved matches nothing.
    pub fn matches(&self, text: &str, ignore_case: bool) -> bool {
        glob(
            &self.glyphs,
            text.chars(),
            |glyph| matches!(glyph, Glyph::AnyMany),
            |glyph, c| match glyph {
                Glyph::Char(want) => *want == c || (ignore_case && same_ignoring_case(*want, c)),
                Glyph::AnyOne => true,
                Glyph::Digit => c.is_ascii_digit(),
                Glyph::AnyMany | Glyph::Variable(_) => false,
            },
        )
    }
}

/// What is known of a policy variable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Known {
    /// Its value.
    Value(String),
    /// The key is not in the request.
    Absent,
    /// Nothing yet.
    Open,
}

/// Whether two characters differ in case at most.
pub fn same_ignoring_case(a: char, b: char) -> bool {
    a == b || a.to_lowercase().eq(b.to_lowercase())
}

/// `${…}` without its braces.
fn variable_glyph(body: &str) -> Glyph {
    match body {
        "*" => return Glyph::Char('*'),
        "?" => return Glyph::Char('?'),
        "$" => return Glyph::Char('$'),
        _ => {}
    }
    let (key, default) = match body.split_once(',') {
        Some((key, default)) => {
            let default = default.trim();
            let unquoted = default
                .strip_prefix('\'')
                .and_then(|text| text.strip_suffix('\''));
            (key, Some(unquoted.unwrap_or(default).to_owned()))
        }
        None => (body, None),
    };
    let written = key.trim().to_owned();
    Glyph::Variable(Box::new(Variable {
        key: written.to_ascii_lowercase(),
        written,
        default,
    }))
}

/// Greedy matching with one point of return: the last star seen. `one` says whether an element takes a
/// character.
pub(crate) fn glob<P, T: Copy>(
    pattern: &[P],
    text: impl Iterator<Item = T> + Clone,
    is_star: impl Fn(&P) -> bool,
    one: impl Fn(&P, T) -> bool,
) -> bool {
    let (mut rest, mut text) = (pattern, text);
    let mut back: Option<(&[P], _)> = None;
    loop {
        let mut after = text.clone();
        match (rest.split_first(), after.next()) {
            (Some((element, others)), next) if is_star(element) => {
                if next.is_none() {
                    return others.iter().all(is_star);
                }
                back = Some((others, text.clone()));
                rest = others;
            }
            (Some((element, others)), Some(next)) if one(element, next) => {
                rest = others;
                text = after;
            }
            (None, None) => return true,
            (_, None) => return false,
            (_, Some(_)) => {
                let Some((others, from)) = &mut back else {
                    return false;
                };
                from.next();
                rest = others;
                text = from.clone();
            }
        }
    }
}

/// Whether an `Action` value names this action: `*` and `?`, without regard to case.
#[inline]
pub fn action_matches(pattern: &str, action: &str) -> bool {
    let is_star = |element: &u8| *element == b'*';
    let one = |element: &u8, byte: u8| *element == b'?' || element.eq_ignore_ascii_case(&byte);
    let (pattern, action) = (pattern.as_bytes(), action.as_bytes());
    // Most patterns are about another service, which the first letter tells.
    match (pattern.first(), action.first()) {
        (Some(element), Some(byte)) if !is_star(element) && !one(element, *byte) => false,
        _ => glob(pattern, action.iter().copied(), is_star, one),
    }
}

/// Whether a text matches one with `*` and `?` in it; both are ASCII.
pub(crate) fn ascii_matches(pattern: &str, text: &str) -> bool {
    let one = |element: &u8, byte: u8| *element == b'?' || *element == byte;
    glob(
        pattern.as_bytes(),
        text.bytes(),
        |element| *element == b'*',
        one,
    )
}

/// A pattern over ARNs, matched part by part: a wildcard in one of the first five parts does not
/// cross a `:`, one in the last part may.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum ArnPattern {
    /// `*` alone: every ARN, and everything that is not one.
    Everything,
    /// Partition, service, region, account and the rest, each a pattern of its own.
    Parts(Vec<Pattern>),
    /// Fewer than six parts: matches nothing.
    Incomplete,
}

/// How many parts an ARN has: `arn:partition:service:region:account:rest`.
pub(crate) const ARN_PARTS: usize = 6;

impl ArnPattern {
    /// Splits a pattern at its first five `:`. `complete` fills missing parts with `*`, as AWS does in
    /// identity-based policies ("IAM JSON policy elements: Resource").
    pub fn new(pattern: &Pattern, complete: bool) -> Self {
        if pattern.is_everything() {
            return Self::Everything;
        }
        let mut parts: Vec<Pattern> = pattern
            .glyphs
            .splitn(ARN_PARTS, |glyph| *glyph == Glyph::Char(':'))
            .map(|glyphs| Pattern {
                glyphs: glyphs.to_vec(),
            })
            .collect();
        if parts.len() < ARN_PARTS {
            if !complete {
                return Self::Incomplete;
            }
            parts.resize(
                ARN_PARTS,
                Pattern {
                    glyphs: vec![Glyph::AnyMany],
                },
            );
        }
        Self::Parts(parts)
    }

    /// Every ARN, and nothing that is not one.
    pub fn any() -> Self {
        Self::Parts(vec![Pattern::everything(); ARN_PARTS])
    }

    /// Whether an ARN matches.
    pub fn matches(&self, arn: &str) -> bool {
        match self {
            Self::Everything => true,
            Self::Incomplete => false,
            Self::Parts(patterns) => {
                let mut parts = arn.splitn(ARN_PARTS, ':');
                let mut matches = |pattern: &Pattern| {
                    parts
                        .next()
                        .is_some_and(|part| pattern.matches(part, false))
                };
                patterns.iter().all(&mut matches)
            }
        }
    }

    /// Whether an ARN matches a pattern without variables: as `new` and `matches` say, without building it. Both are
    /// ASCII.
    pub(crate) fn ascii_matches(pattern: &str, complete: bool, arn: &str) -> bool {
        if !pattern.is_empty() && pattern.bytes().all(|byte| byte == b'*') {
            return true;
        }
        let mut patterns = pattern.splitn(ARN_PARTS, ':');
        let mut parts = arn.splitn(ARN_PARTS, ':');
        (0..ARN_PARTS).all(|_| match (patterns.next(), parts.next()) {
            (Some(pattern), Some(part)) => ascii_matches(pattern, part),
            (None, Some(_)) => complete,
            (_, None) => false,
        })
    }

    /// Replaces every variable by its value; `None` where one has none.
    pub fn resolve(self, lookup: &dyn Fn(&str) -> Option<String>) -> Option<Self> {
        if self.variables().next().is_none() {
            return Some(self);
        }
        self.try_map(&mut |part| part.resolve(lookup))
    }

    /// A pattern over texts that accepts what this does, and more where a wildcard of a part meets a `:`.
    pub fn text(&self) -> Pattern {
        let glyphs = match self {
            Self::Everything => vec![Glyph::AnyMany],
            Self::Parts(parts) => {
                let parts: Vec<&[Glyph]> = parts.iter().map(Pattern::glyphs).collect();
                parts.join(&Glyph::Char(':'))
            }
            Self::Incomplete => Vec::new(),
        };
        Pattern { glyphs }
    }

    /// The pattern with each part replaced, or `None` where one is.
    pub fn try_map(&self, change: &mut dyn FnMut(&Pattern) -> Option<Pattern>) -> Option<Self> {
        match self {
            Self::Parts(parts) => parts
                .iter()
                .map(change)
                .collect::<Option<Vec<_>>>()
                .map(Self::Parts),
            other => Some(other.clone()),
        }
    }

    /// Every policy variable in it, by key.
    pub fn variables(&self) -> impl Iterator<Item = &str> {
        let parts = match self {
            Self::Parts(parts) => parts.as_slice(),
            _ => &[],
        };
        parts.iter().flat_map(Pattern::variables)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FULL: Syntax = Syntax {
        wildcards: true,
        variables: true,
    };

    fn matches(pattern: &str, text: &str) -> bool {
        Pattern::parse(pattern, FULL).matches(text, false)
    }

    #[test]
    fn stars_and_question_marks() {
        assert!(matches("*", ""));
        assert!(matches("a*b*c", "aXXbYYc"));
        assert!(matches("a?c", "abc"));
        assert!(!matches("a?c", "ac"));
        assert!(!matches("a*b", "aXc"));
        assert!(matches("**a**", "xay"));
        assert!(!matches("Trail", "trail"));
        assert!(Pattern::parse("Trail", FULL).matches("tRAIL", true));
    }

    #[test]
    fn patterns_match_as_they_stand() {
        let patterns = [
            "",
            "*",
            "**",
            "arn",
            "arn:*",
            "arn:aws:s3:::",
            "arn:aws:s3:::*",
            "arn:*:s3:*:*:b?cket/*",
            "arn:aws:cloudtrail:*:*:trail/*:x",
            "*:*:*:*:*:*",
            "a*n:aws:iam::1?1122223333:role/Ops*",
            "arn:aws:iam::111122223333:role/Ops",
            ":::::",
        ];
        let arns = [
            "",
            "*",
            "arn:aws:s3:::",
            "arn:aws:s3:::bucket/key",
            "arn:aws:cloudtrail:us-east-1:111122223333:trail/a:x",
            "arn:aws:iam::111122223333:role/Ops",
            "arn:aws:iam::111122223333:role/Operations",
            "arn:aws:iam",
            ":::::",
        ];
        for pattern in patterns {
            let parsed = Pattern::parse(pattern, FULL);
            for text in arns {
                assert_eq!(
                    ascii_matches(pattern, text),
                    parsed.matches(text, false),
                    "{pattern:?} {text:?}"
                );
                for complete in [true, false] {
                    assert_eq!(
                        ArnPattern::ascii_matches(pattern, complete, text),
                        ArnPattern::new(&parsed, complete).matches(text),
                        "{pattern:?} {text:?} {complete}"
                    );
                }
            }
        }
    }

    #[test]
    fn escapes_and_variables() {
        assert!(matches("a${*}b", "a*b"));
        assert!(!matches("a${*}b", "axb"));
        assert!(matches("${?}${$}", "?$"));
        assert!(matches("${unclosed", "${unclosed"));
        let pattern = Pattern::parse("trail/${aws:UserName}-*", FULL);
        assert_eq!(pattern.variables().collect::<Vec<_>>(), ["aws:username"]);
        let resolved = pattern.resolve(&|_| Some("a*".to_owned())).unwrap();
        assert!(resolved.matches("trail/a*-x", false));
        assert!(
            !resolved.matches("trail/ab-x", false),
            "a variable's value is literal"
        );
        assert!(pattern.resolve(&|_| None).is_none());
        let with_default = Pattern::parse("${aws:PrincipalTag/team, 'none'}", FULL);
        assert!(
            with_default
                .resolve(&|_| None)
                .unwrap()
                .matches("none", false)
        );
    }

    #[test]
    fn arns_part_by_part() {
        let arn = |text: &str, complete| ArnPattern::new(&Pattern::parse(text, FULL), complete);
        let trail = "arn:aws:cloudtrail:us-east-1:111122223333:trail/a";
        assert!(arn("arn:aws:cloudtrail:*:*:trail/*", false).matches(trail));
        assert!(!arn("arn:aws:*:trail/*:x:y", false).matches(trail));
        assert!(!arn("arn:aws:cloudtrail:*", false).matches(trail));
        assert!(arn("arn:aws:cloudtrail:*", true).matches(trail));
        assert!(arn("*", false).matches("anything"));
        assert!(arn("arn:aws:s3:::b/*", false).matches("arn:aws:s3:::b/x:y/z"));
        assert!(!arn("arn:*:s3:::b", false).matches("arn:a:b:s3:::b"));
    }

    #[test]
    fn actions_ignore_case() {
        assert!(action_matches("CloudTrail:stop*", "cloudtrail:StopLogging"));
        assert!(action_matches("*", "cloudtrail:StopLogging"));
        assert!(action_matches(
            "cloudtrail:?topLogging",
            "cloudtrail:StopLogging"
        ));
        assert!(!action_matches("cloudtrail:Stop", "cloudtrail:StopLogging"));
    }

    #[test]
    fn many_stars_stay_linear() {
        let pattern = format!("{}b", "*a".repeat(2_000));
        let text = "a".repeat(20_000);
        assert!(!matches(&pattern, &text));
    }
}

//! What a test says of the policy variable in it: what stands before the variable and behind it.

use crate::matcher::ValueTest;
use crate::pattern::{ARN_PARTS, ArnPattern, Glyph, Pattern, Variable, same_ignoring_case};
use crate::policy::operator::ValueType;

use super::super::{Budget, OutOfBudget};

/// A test as the variable with what stands around it. Of a text that passes the test, the variable is what is left
/// without these.
#[derive(Debug)]
pub(super) struct Around {
    before: Vec<Glyph>,
    behind: Vec<Glyph>,
    ignore_case: bool,
    /// The part of an ARN that these stand in.
    part: Option<usize>,
    /// Whether these are a whole ARN's: its wildcards take no colon but in the last part.
    of_arn: bool,
    /// Without wildcards: the text tells the variable's value, and the value, but for case, the text.
    settled: bool,
}

/// What the only variable of a test must be like for the test to be an ARN's: it has the colons that are missing.
pub(super) fn shape(test: &ValueTest) -> Option<(&str, ValueTest)> {
    let ValueTest::Pending(comparison, pattern) = test else {
        return None;
    };
    let mut variables = pattern.variables();
    let (Some(variable), None) = (variables.next(), variables.next()) else {
        return None;
    };
    let is_colon = |glyph: &&Glyph| **glyph == Glyph::Char(':');
    let own = pattern.glyphs().iter().filter(is_colon).count();
    let missing = (ARN_PARTS - 1).checked_sub(own)?;
    let glyphs = (0..missing).flat_map(|_| [Glyph::AnyMany, Glyph::Char(':')]);
    (comparison.value_type() == ValueType::Arn).then(|| {
        let glyphs = glyphs.chain([Glyph::AnyMany]).collect();
        let test = ValueTest::Text {
            pattern: Pattern::of(glyphs),
            ignore_case: false,
        };
        (variable, test)
    })
}

/// More pieces than these are not passed on: they would say little.
const MOST: usize = 16;

impl Around {
    /// One for each place of the variable in the test.
    pub(super) fn all(test: &ValueTest, variable: &str) -> Vec<Self> {
        match test {
            ValueTest::Text {
                pattern,
                ignore_case,
            } => Self::in_pattern(pattern, variable, *ignore_case, None),
            // Part by part; and as a text, for what is asked of the text.
            ValueTest::Arn(arn @ ArnPattern::Parts(parts)) => {
                let parts = parts.iter().enumerate();
                let each =
                    parts.map(|(at, part)| Self::in_pattern(part, variable, false, Some(at)));
                let whole = Self::in_pattern(&arn.text(), variable, false, None)
                    .into_iter()
                    .map(|around| Self {
                        of_arn: true,
                        ..around
                    });
                each.flatten().chain(whole).collect()
            }
            // The text and the variable are the same one, and an ARN.
            ValueTest::Pending(comparison, pattern)
                if comparison.value_type() == ValueType::Arn =>
            {
                Self::in_pattern(pattern, variable, false, None)
            }
            _ => Vec::new(),
        }
    }

    fn in_pattern(
        pattern: &Pattern,
        variable: &str,
        ignore_case: bool,
        part: Option<usize>,
    ) -> Vec<Self> {
        let glyphs = pattern.glyphs();
        let is_own = |glyph: &Glyph| matches!(glyph, Glyph::Variable(own) if own.key == variable);
        let is_char = |glyph: &Glyph| matches!(glyph, Glyph::Char(_));
        let piece = |from: usize, to: usize| {
            let glyphs = glyphs.get(from..to).unwrap_or_default();
            Pattern::of(glyphs.to_vec()).widened().glyphs().to_vec()
        };
        let places = (0..glyphs.len()).filter(|place| glyphs.get(*place).is_some_and(is_own));
        places
            .map(|place| {
                let (before, behind) = (piece(0, place), piece(place + 1, glyphs.len()));
                Self {
                    settled: part.is_none() && before.iter().chain(&behind).all(is_char),
                    before,
                    behind,
                    ignore_case,
                    part,
                    of_arn: false,
                }
            })
            .collect()
    }

    /// Where what stands between these may begin in a pattern, and where it may end.
    fn edges(&self, pattern: &[Glyph], any_case: bool) -> (Vec<usize>, Vec<usize>) {
        let mut colons = if self.of_arn { 0 } else { ARN_PARTS };
        let mut signs = |glyphs: &[Glyph]| -> Vec<Sign> {
            let sign = |glyph: &Glyph| {
                colons += usize::from(*glyph == Glyph::Char(':'));
                Sign {
                    glyph: glyph.clone(),
                    no_colon: colons < ARN_PARTS - 1,
                }
            };
            glyphs.iter().map(sign).collect()
        };
        let (before, mut behind) = (signs(&self.before), signs(&self.behind));
        behind.reverse();
        let backwards: Vec<Glyph> = pattern.iter().rev().cloned().collect();
        let to = ends(&backwards, &behind, any_case);
        (
            ends(pattern, &before, any_case),
            to.into_iter().map(|place| pattern.len() - place).collect(),
        )
    }

    /// The parts of a pattern that may stand between these: together they match what may stand there, and nothing else.
    fn between(&self, pattern: &[Glyph], any_case: bool) -> Vec<Vec<Glyph>> {
        let (from, to) = self.edges(pattern, any_case);
        let mut all: Vec<Vec<Glyph>> = Vec::new();
        for start in from {
            for end in to.iter().filter(|end| **end >= start) {
                let piece = pattern.get(start..*end).unwrap_or_default().to_vec();
                if all.len() <= MOST && !all.contains(&piece) {
                    all.push(piece);
                }
            }
        }
        all
    }

    /// All that stands around the variable.
    pub(super) fn glyphs(&self) -> Vec<Glyph> {
        // An ARN has other parts too.
        let others = self.part.map(|_| Glyph::AnyMany);
        let around = self.before.iter().chain(&self.behind).cloned();
        around.chain(others).collect()
    }

    /// Whether the text is the variable's value, but for case perhaps.
    pub(super) fn is_equality(&self) -> bool {
        self.settled && self.before.is_empty() && self.behind.is_empty()
    }

    /// The parts of a text that may be the variable's value, the longest first.
    pub(super) fn pieces<'t>(
        &self,
        text: &'t str,
        budget: &mut Budget,
    ) -> Result<Vec<&'t str>, OutOfBudget> {
        let text = match self.part {
            Some(part) => text.splitn(ARN_PARTS, ':').nth(part).unwrap_or_default(),
            None => text,
        };
        let pattern = Pattern::literal(text);
        let glyphs = pattern.glyphs();
        budget.spend((glyphs.len() * (self.before.len() + self.behind.len() + 2)) as u64)?;
        let (from, to) = self.edges(glyphs, self.ignore_case);
        budget.spend((from.len() * to.len()) as u64)?;
        let ends: Vec<usize> = text
            .char_indices()
            .map(|(at, _)| at)
            .chain([text.len()])
            .collect();
        let mut spans: Vec<(usize, usize)> = from
            .iter()
            .flat_map(|from| to.iter().map(move |to| (*from, *to)))
            .filter(|(from, to)| from < to)
            .collect();
        spans.sort_by_key(|(from, to)| (glyphs.len() - (to - from), *from));
        let piece = |(from, to): (usize, usize)| text.get(*ends.get(from)?..*ends.get(to)?);
        Ok(spans.into_iter().filter_map(piece).collect())
    }

    /// What the variable must be, or not be, where its text passes a test, or does not: one of these. `None` where
    /// nothing is known.
    pub(super) fn down(
        &self,
        test: &ValueTest,
        passes: bool,
        budget: &mut Budget,
    ) -> Result<Option<Vec<ValueTest>>, OutOfBudget> {
        if self.is_equality()
            && let Some(test) = self.same(test, passes)
        {
            return Ok(Some(vec![test]));
        }
        let of_part = match (self.part, test) {
            (Some(part), ValueTest::Arn(ArnPattern::Parts(parts))) => {
                parts.get(part).map(|part| (part.clone(), false))
            }
            (Some(_), _) => None,
            (None, test) => as_text(test, passes),
        };
        let Some((pattern, ignore_case)) = of_part else {
            return Ok(None);
        };
        // Without case, a text that is refused may have a neighbour that is not.
        if !passes && !(self.settled && (ignore_case || !self.ignore_case)) {
            return Ok(None);
        }
        let any_case = ignore_case || self.ignore_case;
        let glyphs = pattern.glyphs();
        let around = self.before.len() + self.behind.len() + 2;
        budget.spend(2 * (glyphs.len() * around) as u64)?;
        let pieces = self.between(glyphs, any_case);
        Ok((pieces.len() <= MOST).then(|| {
            let each = pieces.into_iter().map(|glyphs| ValueTest::Text {
                pattern: Pattern::of(glyphs),
                ignore_case: any_case,
            });
            each.collect()
        }))
    }

    /// What the text must be, or not be, where the variable passes a test, or does not.
    pub(super) fn up(&self, own: &ValueTest, passes: bool) -> Option<ValueTest> {
        if self.is_equality()
            && let Some(test) = self.same(own, passes)
        {
            return Some(test);
        }
        let (pattern, ignore_case) = as_text(own, passes)?;
        if self.part.is_some() {
            return None;
        }
        if !passes && !(self.settled && (ignore_case || !self.ignore_case)) {
            return None;
        }
        let own = pattern.glyphs();
        let glyphs = [self.before.as_slice(), own, self.behind.as_slice()].concat();
        Some(ValueTest::Text {
            pattern: Pattern::of(glyphs).widened(),
            ignore_case: ignore_case || self.ignore_case,
        })
    }

    /// The test itself, for the other one of two texts that are the same.
    fn same(&self, test: &ValueTest, passes: bool) -> Option<ValueTest> {
        match (self.ignore_case, test) {
            (false, test) => Some(test.clone()),
            (true, ValueTest::Number(..) | ValueTest::Bool(_)) => Some(test.clone()),
            (
                true,
                ValueTest::Text {
                    pattern,
                    ignore_case,
                },
            ) => (passes || *ignore_case).then(|| ValueTest::Text {
                pattern: pattern.clone(),
                ignore_case: true,
            }),
            (true, _) => None,
        }
    }
}

/// A test as a pattern of texts and whether case counts not: one that accepts no less where it is passed, and
/// the very same where it is not.
pub(super) fn as_text(test: &ValueTest, passes: bool) -> Option<(Pattern, bool)> {
    match test {
        ValueTest::Text {
            pattern,
            ignore_case,
        } => Some((pattern.clone(), *ignore_case)),
        ValueTest::Arn(arn) => passes.then(|| (arn.text(), false)),
        ValueTest::Bool(value) => Some((Pattern::literal(&value.to_string()), true)),
        ValueTest::Binary(text) => Some((Pattern::literal(text), false)),
        _ => None,
    }
}

/// A glyph of what stands around a variable, and whether it is before the last part of an ARN, where wildcards take no
/// colon.
struct Sign {
    glyph: Glyph,
    no_colon: bool,
}

impl Sign {
    /// Whether some character is both.
    fn meets(&self, own: &Glyph, any_case: bool) -> bool {
        let colon = self.no_colon && self.glyph == Glyph::AnyOne && *own == Glyph::Char(':');
        !colon && meet(own, &self.glyph, any_case)
    }

    /// Whether a star reads on over what the glyph takes.
    fn reads_on(&self, own: &Glyph) -> bool {
        !(self.no_colon && *own == Glyph::Char(':'))
    }
}

/// How far into a pattern the texts of another may reach. A place at a star is enough for those behind it.
fn ends(pattern: &[Glyph], text: &[Sign], any_case: bool) -> Vec<usize> {
    let is_star = |glyph: Option<&Glyph>| matches!(glyph, Some(Glyph::AnyMany));
    let mut reached = vec![false; pattern.len() + 1];
    // By what was read of the other: where in the pattern that may be.
    if let Some(start) = reached.first_mut() {
        *start = true;
    }
    skip_stars(pattern, &mut reached);
    for sign in text {
        let own_star = is_star(Some(&sign.glyph));
        let mut next = vec![false; pattern.len() + 1];
        for place in 0..=pattern.len() {
            let here = reached.get(place).copied().unwrap_or(false);
            let before = place
                .checked_sub(1)
                .is_some_and(|before| reached.get(before).copied().unwrap_or(false));
            let stays = here && (own_star || is_star(pattern.get(place)));
            // A star of the other reads on from wherever it stood.
            let goes = place.checked_sub(1).and_then(|before| pattern.get(before));
            let steps = if own_star {
                goes.is_some_and(|own| sign.reads_on(own))
                    && place
                        .checked_sub(1)
                        .is_some_and(|before| next.get(before).copied().unwrap_or(false))
            } else {
                before && goes.is_some_and(|own| sign.meets(own, any_case))
            };
            if let Some(next) = next.get_mut(place) {
                *next = stays || steps;
            }
        }
        skip_stars(pattern, &mut next);
        reached = next;
    }
    (0..=pattern.len())
        .filter(|place| reached.get(*place).copied().unwrap_or(false))
        .filter(|place| {
            // What follows on a star is among what follows where it begins.
            !place.checked_sub(1).is_some_and(|before| {
                is_star(pattern.get(before)) && reached.get(before).copied().unwrap_or(false)
            })
        })
        .collect()
}

/// A star may stand for nothing.
fn skip_stars(pattern: &[Glyph], reached: &mut [bool]) {
    for (place, glyph) in pattern.iter().enumerate() {
        if matches!(glyph, Glyph::AnyMany)
            && reached.get(place).copied().unwrap_or(false)
            && let Some(next) = reached.get_mut(place + 1)
        {
            *next = true;
        }
    }
}

/// Whether some character is both.
fn meet(one: &Glyph, other: &Glyph, any_case: bool) -> bool {
    match (one, other) {
        (Glyph::Char(a), Glyph::Char(b)) => a == b || (any_case && same_ignoring_case(*a, *b)),
        (Glyph::Char(c), Glyph::Digit) | (Glyph::Digit, Glyph::Char(c)) => c.is_ascii_digit(),
        (Glyph::Variable(_), _) | (_, Glyph::Variable(_)) => false,
        _ => true,
    }
}

/// A test with the variables without their defaults that are known to have values.
pub(super) fn without_defaults(test: &ValueTest, present: &[String]) -> ValueTest {
    replaced(test, &|variable| {
        let known = present.contains(&variable.key);
        known.then(|| Pattern::of(vec![bare(&variable.key)]))
    })
}

/// A test with another variable in the place of one.
pub(super) fn renamed(test: &ValueTest, own: &str, other: &str) -> ValueTest {
    replaced(test, &|variable| {
        (variable.key == own).then(|| Pattern::of(vec![bare(other)]))
    })
}

/// A variable that has a value, however it is written.
pub(super) fn bare(key: &str) -> Glyph {
    Glyph::Variable(Box::new(Variable {
        key: key.to_owned(),
        written: String::new(),
        default: None,
    }))
}

fn replaced(test: &ValueTest, by: &dyn Fn(&Variable) -> Option<Pattern>) -> ValueTest {
    match test {
        // It stays one: another variable brings no colons.
        ValueTest::Pending(comparison, pattern) => {
            ValueTest::Pending(*comparison, pattern.replaced(by))
        }
        other => other
            .resolve_with(&mut |pattern| Some(pattern.replaced(by)))
            .unwrap_or_else(|| other.clone()),
    }
}

/// Whether one test accepts whatever another does, whatever the variables in both are, as far as their patterns show
/// it sign by sign.
pub(super) fn covers(wide: &ValueTest, narrow: &ValueTest) -> bool {
    match (wide, narrow) {
        (ValueTest::Arn(ArnPattern::Parts(wide)), ValueTest::Arn(ArnPattern::Parts(narrow))) => {
            let mut parts = wide.iter().zip(narrow);
            parts.all(|(wide, narrow)| takes_all(wide, narrow, false))
        }
        // Each star may stand for nothing, in whichever part it is; and both compare ARNs part by part.
        (ValueTest::Pending(own, wide), ValueTest::Pending(other, narrow))
            if own.value_type() == ValueType::Arn && other.value_type() == ValueType::Arn =>
        {
            wide.glyphs() == narrow.glyphs() || without_stars(wide) == narrow.glyphs()
        }
        (ValueTest::Pending(..), _) => wide == narrow,
        (
            ValueTest::Text {
                pattern,
                ignore_case,
            },
            narrow,
        ) => match narrow {
            ValueTest::Text {
                pattern: narrow,
                ignore_case: any_case,
            } => (*ignore_case || !any_case) && takes_all(pattern, narrow, *ignore_case),
            ValueTest::Arn(arn) => takes_all(pattern, &arn.text(), *ignore_case),
            ValueTest::Pending(comparison, narrow) => {
                comparison.value_type() == ValueType::Arn
                    && takes_all(pattern, narrow, *ignore_case)
            }
            _ => false,
        },
        _ => false,
    }
}

fn without_stars(pattern: &Pattern) -> Vec<Glyph> {
    let glyphs = pattern.glyphs().iter();
    glyphs
        .filter(|glyph| !matches!(glyph, Glyph::AnyMany))
        .cloned()
        .collect()
}

/// Whether one pattern matches all texts of another, a variable of which is like a sign that nothing but the same
/// variable or a star takes.
fn takes_all(wide: &Pattern, narrow: &Pattern, ignore_case: bool) -> bool {
    let (wide, narrow) = (stars_last(wide.glyphs()), stars_last(narrow.glyphs()));
    let is_star = |glyph: &Glyph| matches!(glyph, Glyph::AnyMany);
    let takes = |wide: &Glyph, narrow: &Glyph| match (wide, narrow) {
        (Glyph::Char(a), Glyph::Char(b)) => a == b || (ignore_case && same_ignoring_case(*a, *b)),
        (Glyph::AnyOne, narrow) => {
            matches!(narrow, Glyph::Char(_) | Glyph::AnyOne | Glyph::Digit)
        }
        (Glyph::Digit, Glyph::Char(c)) => c.is_ascii_digit(),
        (wide, narrow) => wide == narrow,
    };
    crate::pattern::glob(&wide, narrow.iter(), is_star, takes)
}

/// The pattern with `?*` for every `*?`, which is the same.
fn stars_last(glyphs: &[Glyph]) -> Vec<Glyph> {
    let mut all: Vec<Glyph> = Vec::with_capacity(glyphs.len());
    let mut star = false;
    for glyph in glyphs {
        match glyph {
            Glyph::AnyMany => star = true,
            Glyph::AnyOne => all.push(Glyph::AnyOne),
            other => {
                if std::mem::take(&mut star) {
                    all.push(Glyph::AnyMany);
                }
                all.push(other.clone());
            }
        }
    }
    if star {
        all.push(Glyph::AnyMany);
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decide::Budget;
    use crate::pattern::Syntax;
    use crate::policy::operator::Comparison;

    fn parsed(pattern: &str) -> Pattern {
        let syntax = Syntax {
            wildcards: true,
            variables: true,
        };
        Pattern::parse(pattern, syntax)
    }

    fn text(pattern: &str, ignore_case: bool) -> ValueTest {
        ValueTest::Text {
            pattern: parsed(pattern),
            ignore_case,
        }
    }

    /// A test that is an ARN's, split only when its variables have values.
    fn pending(pattern: &str) -> ValueTest {
        ValueTest::Pending(Comparison::ArnLike, parsed(pattern))
    }

    fn resolved(test: &ValueTest, value: &str) -> ValueTest {
        test.resolve_with(&mut |pattern| pattern.resolve(&|_| Some(value.to_owned())))
            .unwrap()
    }

    /// All texts of up to so many of these characters.
    fn texts(characters: &str, longest: usize) -> Vec<String> {
        let mut all = vec![String::new()];
        let mut last = all.clone();
        for _ in 0..longest {
            last = last
                .iter()
                .flat_map(|text| characters.chars().map(move |c| format!("{text}{c}")))
                .collect();
            all.extend(last.iter().cloned());
        }
        all
    }

    /// What is passed on to the variable is what some text shows, and nothing else.
    #[test]
    fn down_to_the_variable() {
        let all = texts("aAb", 5);
        for link in [
            "${v}", "a${v}", "${v}b", "a${v}b", "*${v}", "?${v}*", "a*${v}",
        ] {
            for (any_case, other_case) in
                [(false, false), (true, false), (false, true), (true, true)]
            {
                let link = text(link, any_case);
                let [around] = Around::all(&link, "v").try_into().unwrap();
                for pattern in ["*", "", "ab", "a*b", "?a", "a??", "*a*", "aa*b", "A*"] {
                    let test = text(pattern, other_case);
                    for passes in [true, false] {
                        let mut budget = Budget { left: 1_000_000 };
                        let passed = around.down(&test, passes, &mut budget).unwrap();
                        let Some(passed) = passed else { continue };
                        for value in texts("aAb", 2) {
                            let bound = resolved(&link, &value);
                            let mut fitting = all.iter().filter(|text| bound.accepts(text));
                            let some = fitting.any(|text| test.accepts(text) == passes);
                            let told = passed.iter().any(|test| test.accepts(&value)) == passes;
                            // What some text shows is never excluded; and what is passed on says all there is to say.
                            assert!(told || !some, "{link:?} {test:?} {passes} {value}");
                            assert!(
                                some || !told || passes && any_case != other_case,
                                "{link:?} {test:?} {passes} {value}"
                            );
                        }
                    }
                }
            }
        }
    }

    /// What is passed on to the text holds for all texts that the variable's value allows.
    #[test]
    fn up_to_the_text() {
        let all = texts("aAb", 4);
        for link in ["${v}", "a${v}", "${v}b", "*${v}", "?${v}*"] {
            for (any_case, other_case) in
                [(false, false), (true, false), (false, true), (true, true)]
            {
                let link = text(link, any_case);
                let [around] = Around::all(&link, "v").try_into().unwrap();
                for pattern in ["*", "", "ab", "a*", "?a", "A"] {
                    let own = text(pattern, other_case);
                    for value in texts("aAb", 2) {
                        let passes = own.accepts(&value);
                        let Some(passed) = around.up(&own, passes) else {
                            continue;
                        };
                        let bound = resolved(&link, &value);
                        for text in all.iter().filter(|text| bound.accepts(text)) {
                            assert_eq!(
                                passed.accepts(text),
                                passes,
                                "{link:?} {own:?} {value} {text}"
                            );
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn what_accepts_no_less() {
        for (wide, narrow, covered) in [
            ("*${v}*", "${v}", true),
            ("*${v}*", "a${v}?", true),
            ("${v}*", "${v}-${w}", true),
            ("*", "${v}", true),
            ("?*", "*?", true),
            ("${v}", "${v}", true),
            ("${v}", "*${v}", false),
            ("?", "${v}", false),
            ("${v}", "${w}", false),
            ("a*", "*", false),
        ] {
            assert_eq!(
                covers(&text(wide, false), &text(narrow, false)),
                covered,
                "{wide} {narrow}"
            );
            assert!(!covers(&text(wide, false), &text(narrow, true)));
        }
        assert!(covers(&text("A${v}", true), &text("a${v}", false)));
        let arn = |text: &str| ValueTest::Arn(ArnPattern::new(&parsed(text), false));
        assert!(covers(
            &arn("arn:*:iam::*:user/*${v}"),
            &arn("arn:aws:iam::1:user/a${v}")
        ));
        assert!(!covers(
            &arn("arn:*:iam::*:user/${v}"),
            &arn("arn:aws:iam::*:user/*${v}")
        ));
        assert!(covers(&pending("${v}*"), &pending("${v}")));
        assert!(!covers(&pending("${v}"), &pending("${v}*")));
        assert!(!covers(&pending("${v}?"), &pending("${v}")));
    }

    #[test]
    fn colons_that_are_missing() {
        let own = pending("arn:aws:*${v}");
        let (variable, shape) = shape(&own).unwrap();
        assert_eq!(variable, "v");
        assert!(shape.accepts(":::x"));
        assert!(!shape.accepts("iam::x"));
        assert!(super::shape(&pending("${v}${w}")).is_none());
    }
}

//! What is wrong or suspicious in a document, and where.

use crate::report::Severity;
use crate::text::Span;

/// Something wrong (`Error`: the document is not judged) or suspicious in a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong, why it matters, what to do.
    pub message: String,
    /// Where.
    pub span: Span,
}

impl Problem {
    /// A problem for which AWS would refuse the document.
    pub fn error(span: Span, message: impl Into<String>) -> Self {
        Self {
            severity: Severity::Error,
            message: message.into(),
            span,
        }
    }

    /// A problem of a document that AWS accepts.
    pub fn warning(span: Span, message: impl Into<String>) -> Self {
        Self {
            severity: Severity::Warning,
            message: message.into(),
            span,
        }
    }
}

/// How many problems of each severity are told; a person reads no more, and a text of megabytes can hold as many.
const MOST: usize = 100;

/// The problems of one document, collected as it is read.
#[derive(Debug, Default)]
pub struct Problems {
    told: Vec<Problem>,
    errors: usize,
    warnings: usize,
}

impl Problems {
    /// Adds an error.
    pub fn error(&mut self, span: Span, message: impl Into<String>) {
        self.error_with(span, || message.into());
    }

    /// Adds an error whose message takes work to find, where it is told at all.
    pub fn error_with(&mut self, span: Span, message: impl FnOnce() -> String) {
        self.errors += 1;
        if self.errors <= MOST {
            self.told.push(Problem::error(span, message()));
        }
    }

    /// Adds a warning.
    pub fn warning(&mut self, span: Span, message: impl Into<String>) {
        self.warning_with(span, || message.into());
    }

    /// Adds a warning whose message takes work to find, where it is told at all.
    pub fn warning_with(&mut self, span: Span, message: impl FnOnce() -> String) {
        self.warnings += 1;
        if self.warnings <= MOST {
            self.told.push(Problem::warning(span, message()));
        }
    }

    /// Whether any is an error.
    pub fn has_errors(&self) -> bool {
        self.errors > 0
    }

    /// All of them in the order of the text, the last saying how many are left out, if any.
    pub fn into_vec(mut self) -> Vec<Problem> {
        self.told
            .sort_by_key(|problem| (problem.span.start, problem.severity == Severity::Warning));
        let left_out = (self.errors + self.warnings).saturating_sub(self.told.len());
        if left_out > 0 {
            let span = self.told.last().map(|last| last.span).unwrap_or_default();
            let message = format!("{left_out} more problems are not listed");
            self.told.push(if self.errors > MOST {
                Problem::error(span, message)
            } else {
                Problem::warning(span, message)
            });
        }
        self.told
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn told_in_the_order_of_the_text_and_bounded() {
        let mut problems = Problems::default();
        for at in (0..1000).rev() {
            problems.warning(Span::new(at, at + 1), "w");
        }
        problems.error(Span::new(950, 951), "e");
        assert!(problems.has_errors());
        let told = problems.into_vec();
        assert_eq!(told.len(), MOST + 2);
        assert!(
            told.windows(2)
                .all(|pair| pair[0].span.start <= pair[1].span.start)
        );
        assert_eq!(
            told.iter()
                .filter(|p| p.severity == Severity::Error)
                .count(),
            1
        );
        assert_eq!(
            told.last().unwrap().message,
            "900 more problems are not listed"
        );
    }
}

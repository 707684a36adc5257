//! A text that many patterns accept at once, put together of their pieces. It is a guess: quickly made, right for
//! most policies, and to be checked.

use super::acceptor::{Acceptor, Move};

/// A text for one pattern of each list; `None` where the first that go together give none.
pub(super) fn compose(lists: &[&[Acceptor]]) -> Option<String> {
    let mut chosen: Vec<&Acceptor> = Vec::with_capacity(lists.len());
    for list in lists {
        let fitting = list
            .iter()
            .find(|one| chosen.iter().all(|other| one.overlaps(other)))?;
        chosen.push(fitting);
    }
    let globs: Vec<Vec<&[Move]>> = chosen
        .iter()
        .map(|acceptor| acceptor.glob().split(Move::is_star).collect())
        .collect();
    let longest = |pieces: &mut dyn Iterator<Item = Option<&[Move]>>| {
        pieces
            .flatten()
            .max_by_key(|piece| piece.len())
            .map(spelled)
            .unwrap_or_default()
    };
    if globs.iter().any(|pieces| pieces.len() == 1) {
        let fixed = globs.iter().filter(|pieces| pieces.len() == 1);
        return Some(longest(&mut fixed.map(|pieces| pieces.first().copied())));
    }
    let mut text = longest(&mut globs.iter().map(|pieces| pieces.first().copied()));
    let end = longest(&mut globs.iter().map(|pieces| pieces.last().copied()));
    for (acceptor, pieces) in chosen.iter().zip(&globs) {
        if acceptor.accepts(&format!("{text}{end}")) {
            continue;
        }
        let between = pieces.get(1..pieces.len() - 1).unwrap_or_default();
        text.extend(between.iter().copied().map(spelled));
    }
    text.push_str(&end);
    Some(text)
}

/// A piece without stars as text.
fn spelled(piece: &[Move]) -> String {
    piece
        .iter()
        .filter_map(|step| match step {
            Move::Char { c, .. } => Some(*c),
            Move::One { .. } => Some('a'),
            Move::Digit => Some('1'),
            Move::Many { .. } | Move::Accept => None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pattern::{Pattern, Syntax};

    #[test]
    fn pieces_are_put_together() {
        let syntax = Syntax {
            wildcards: true,
            variables: false,
        };
        let acceptor = |text: &str| Acceptor::text(0, &Pattern::parse(text, syntax), false);
        for (patterns, text) in [
            (
                vec!["*terraform/1.*", "aws-cli/2.*", "*boto3-1*"],
                "aws-cli/2.terraform/1.boto3-1",
            ),
            (vec!["*a*", "*ab*", "*b?"], "abba"),
            (vec!["x*", "xyz"], "xyz"),
            (vec!["*", ""], ""),
        ] {
            let lists: Vec<Vec<Acceptor>> =
                patterns.iter().map(|text| vec![acceptor(text)]).collect();
            let lists: Vec<&[Acceptor]> = lists.iter().map(Vec::as_slice).collect();
            assert_eq!(compose(&lists).as_deref(), Some(text), "{patterns:?}");
        }
        assert_eq!(compose(&[&[acceptor("a*")], &[acceptor("b*")]]), None);
    }
}

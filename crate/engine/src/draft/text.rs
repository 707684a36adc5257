//! Texts with unknown pieces as patterns that match whatever the pieces may hold.

use std::borrow::Cow;

use super::{Holds, Piece, Unknown};

/// The text, where all pieces are known.
pub(super) fn known<'t>(pieces: &[Piece<'t>]) -> Option<Cow<'t, str>> {
    match pieces {
        [] => Some(Cow::Borrowed("")),
        [Piece::Known(text)] => Some(text.clone()),
        _ => pieces
            .iter()
            .map(|piece| match piece {
                Piece::Known(text) => Some(text.as_ref()),
                Piece::Unknown(_) => None,
            })
            .collect::<Option<String>>()
            .map(Cow::Owned),
    }
}

/// The text with each unknown piece as it is replaced.
pub(super) fn replaced(pieces: &[Piece<'_>], with: impl Fn(&Unknown) -> String) -> String {
    pieces
        .iter()
        .map(|piece| match piece {
            Piece::Known(text) => text.clone(),
            Piece::Unknown(unknown) => Cow::Owned(with(unknown)),
        })
        .collect()
}

/// The text with `*` for each unknown piece.
fn starred(pieces: &[Piece<'_>]) -> String {
    replaced(pieces, |_| "*".to_owned())
}

/// Whether an unknown piece may stand inside of a policy variable, `${…}`, or hold the beginning of one.
fn splits_variable(pieces: &[Piece<'_>]) -> bool {
    let mut open = false;
    let mut behind_unknown = false;
    for piece in pieces {
        match piece {
            Piece::Known(text) => {
                let inside = text.split_once('}').map(|(before, _)| before);
                if behind_unknown && inside.is_some_and(|text| !text.contains("${")) {
                    return true;
                }
                let last = |what| text.rfind(what);
                open = match (last("${"), last("}")) {
                    (Some(opened), Some(closed)) => opened > closed,
                    (Some(_), None) => true,
                    (None, Some(_)) => false,
                    (None, None) => open,
                } || text.ends_with('$');
            }
            Piece::Unknown(_) if open => return true,
            Piece::Unknown(_) => behind_unknown = true,
        }
    }
    false
}

/// A pattern that covers every value, where `*` is a wildcard; `None` where only `*` itself does.
pub(super) fn pattern(pieces: &[Piece<'_>]) -> Option<String> {
    (!splits_variable(pieces)).then(|| starred(pieces))
}

/// An action pattern that covers every value.
pub(super) fn action(pieces: &[Piece<'_>]) -> String {
    let wide = starred(pieces);
    if wide.matches(':').count() == 1 {
        wide
    } else {
        "*".to_owned()
    }
}

/// An ARN pattern that covers every value; `None` where only `*` does.
pub(super) fn arn(pieces: &[Piece<'_>], completed: bool) -> Option<String> {
    match pieces.first() {
        Some(Piece::Known(text)) if text.starts_with("arn:") && !splits_variable(pieces) => {}
        _ => return None,
    }
    let mut wide = String::new();
    let mut colons = 0;
    for piece in pieces {
        match piece {
            Piece::Known(text) => {
                // The sixth part of an ARN may hold colons.
                colons += text.matches(':').count();
                wide.push_str(text);
            }
            Piece::Unknown(unknown) => {
                wide.push('*');
                // Its value may hold the colons of parts to come, and move all that follows.
                if colons < 5 && unknown.holds == Holds::Anything {
                    return completed.then_some(wide);
                }
            }
        }
    }
    (completed || colons >= 5).then_some(wide)
}

/// The name that stands for the bucket's own.
pub(super) fn bucket(unknown: &Unknown) -> String {
    let name: String = unknown
        .of
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .collect();
    format!("{}-bucket", name.to_ascii_lowercase())
}

/// The pieces of an ARN with those replaced that stand where their value must be the request's own: the partition,
/// with `own_account` the account, and with `own_bucket` the bucket's name.
pub(super) fn settled<'t>(
    pieces: &[Piece<'t>],
    own_account: bool,
    own_bucket: bool,
) -> Vec<Piece<'t>> {
    let mut settled = Vec::with_capacity(pieces.len());
    let mut before = String::new();
    for (index, piece) in pieces.iter().enumerate() {
        let Piece::Unknown(unknown) = piece else {
            if let Piece::Known(text) = piece {
                before.push_str(text);
            }
            settled.push(piece.clone());
            continue;
        };
        // The whole part of the ARN, from one colon to the next.
        let ends = match pieces.get(index + 1) {
            None => false,
            Some(Piece::Known(next)) => next.starts_with(':'),
            Some(Piece::Unknown(_)) => false,
        };
        let part = before.matches(':').count();
        let whole = before.starts_with("arn:") && before.ends_with(':') && ends;
        let own = match unknown.holds {
            Holds::Partition => part == 1,
            Holds::Account => part == 4 && own_account,
            Holds::Anything | Holds::Word | Holds::OwnBucket => false,
        };
        if own_bucket && unknown.holds == Holds::OwnBucket {
            settled.push(Piece::Known(bucket(unknown).into()));
        } else if whole && own {
            settled.push(Piece::Known("*".into()));
        } else {
            settled.push(piece.clone());
        }
        before.push('*');
    }
    settled
}

/// Whether it is the ARN of one trail of the own account, whatever the trail's name and region are.
pub(super) fn is_some_trail(pieces: &[Piece<'_>]) -> bool {
    // An unknown piece is marked by a character that no ARN has.
    let text = replaced(pieces, |unknown| match unknown.holds {
        Holds::Word | Holds::Partition | Holds::Account | Holds::OwnBucket => "\u{1}".to_owned(),
        Holds::Anything => "\u{2}".to_owned(),
    });
    let parts: Vec<&str> = text.splitn(6, ':').collect();
    let &["arn", "*" | "aws", "cloudtrail", region, "*", resource] = parts.as_slice() else {
        return false;
    };
    let name = resource.strip_prefix("trail/");
    matches!(region, "*" | "\u{1}" | "\u{2}")
        && name.is_some_and(|name| matches!(name, "\u{1}" | "\u{2}"))
}

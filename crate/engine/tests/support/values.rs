//! Values of condition keys that are worth trying: what the constants in the policies tell apart.

use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Words that stand in for "any other text".
const WORDS: [&str; 5] = ["ops", "dev", "alice", "Ops", "x"];

/// Texts that a pattern matches: each `*` and `?` filled in several ways, each variable by values of its key.
pub(crate) fn instances(
    pattern: &str,
    fillers: &[String],
    variable: &dyn Fn(&str) -> Vec<String>,
) -> Vec<String> {
    const MOST: usize = 240;
    let mut all = vec![String::new()];
    let mut rest = pattern;
    while let Some(first) = rest.chars().next() {
        let body = rest
            .strip_prefix("${")
            .and_then(|after| after.split_once('}'));
        let fills: Vec<String> = match (first, body) {
            ('$', Some((body, after))) => {
                rest = after;
                match body {
                    "*" | "?" | "$" => vec![body.to_owned()],
                    _ => {
                        let (key, default) = body.split_once(',').unwrap_or((body, ""));
                        let default = default.trim().trim_matches('\'').to_owned();
                        let mut values = variable(&key.trim().to_ascii_lowercase());
                        values.push(default);
                        values
                    }
                }
            }
            _ => {
                rest = &rest[first.len_utf8()..];
                match first {
                    '*' => fillers.to_vec(),
                    '?' => vec!["x".to_owned(), "o".to_owned(), "1".to_owned()],
                    other => vec![other.to_string()],
                }
            }
        };
        let room = (MOST / all.len()).max(2);
        all = all
            .iter()
            .flat_map(|text| {
                fills
                    .iter()
                    .take(room)
                    .map(move |fill| format!("{text}{fill}"))
            })
            .collect();
    }
    let distinct: BTreeSet<String> = all.into_iter().collect();
    distinct.into_iter().collect()
}

/// What to put for a `*`: nothing, something, and the pieces of the other patterns.
pub(crate) fn fillers(patterns: &[String]) -> Vec<String> {
    let mut all: Vec<String> = ["", "x", "s", "1"].map(str::to_owned).to_vec();
    for pattern in patterns {
        if !pattern.contains("${") {
            for piece in pattern.split(['*', '?']) {
                if !piece.is_empty() && !all.iter().any(|known| known == piece) {
                    all.push(piece.to_owned());
                }
            }
        }
    }
    all
}

/// Texts around the constants of a key: themselves, a little longer, shorter, in another case, and as numbers,
/// dates and addresses their neighbours.
pub(crate) fn around(
    constants: &[String],
    variable: &dyn Fn(&str) -> Vec<String>,
) -> BTreeSet<String> {
    let fillers = fillers(constants);
    let mut all: BTreeSet<String> = WORDS.map(str::to_owned).into_iter().collect();
    for constant in constants {
        all.extend(instances(constant, &fillers, variable));
        all.insert(constant.clone());
        if !constant.contains(['*', '?', '$']) {
            all.insert(format!("{constant}x"));
            let mut shorter = constant.clone();
            shorter.pop();
            all.insert(shorter);
        }
        if !constant.contains("${") {
            all.insert(constant.to_uppercase());
            all.insert(constant.to_lowercase());
        }
        all.extend(numbers_around(constant));
        all.extend(dates_around(constant));
        all.extend(addresses_around(constant));
    }
    all
}

fn numbers_around(constant: &str) -> Vec<String> {
    if constant.len() > 15 {
        return Vec::new();
    }
    match constant.parse::<f64>() {
        Ok(number) if number.is_finite() => [-1.0, -0.5, 0.0, 0.5, 1.0]
            .iter()
            .map(|step| (number + step).to_string())
            .collect(),
        _ => Vec::new(),
    }
}

fn dates_around(constant: &str) -> Vec<String> {
    match seconds(constant) {
        Some(second) if second > 0 => [-1, 0, 1].iter().map(|step| date(second + step)).collect(),
        _ => Vec::new(),
    }
}

/// The ends of a range, their neighbours, and addresses of everyone else.
pub(crate) fn addresses_around(constant: &str) -> Vec<String> {
    let (address, length) = match constant.split_once('/') {
        Some((address, length)) => (address, length.parse::<u32>().ok()),
        None => (constant, None),
    };
    match address.parse::<IpAddr>() {
        Ok(IpAddr::V4(v4)) => {
            let host_bits = 32 - length.unwrap_or(32);
            let ones = u32::MAX.checked_shr(32 - host_bits).unwrap_or(0);
            let (first, last) = (u32::from(v4) & !ones, u32::from(v4) | ones);
            [
                Some(first),
                Some(last),
                first.checked_sub(1),
                last.checked_add(1),
            ]
            .into_iter()
            .flatten()
            .map(|bits| Ipv4Addr::from(bits).to_string())
            .collect()
        }
        Ok(IpAddr::V6(v6)) => {
            let host_bits = 128 - length.unwrap_or(128);
            let ones = u128::MAX.checked_shr(128 - host_bits).unwrap_or(0);
            let (first, last) = (u128::from(v6) & !ones, u128::from(v6) | ones);
            [
                Some(first),
                Some(last),
                first.checked_sub(1),
                last.checked_add(1),
            ]
            .into_iter()
            .flatten()
            .map(|bits| Ipv6Addr::from(bits).to_string())
            .collect()
        }
        Err(_) => Vec::new(),
    }
}

/// Seconds since 1970 of `2026-01-31T12:00:00Z` or of a count of seconds.
pub(crate) fn seconds(text: &str) -> Option<i64> {
    let Some((day, time)) = text.split_once('T') else {
        return text.parse::<f64>().ok().map(|number| number.floor() as i64);
    };
    let number = |text: &str| text.parse::<i64>().ok();
    let day: Vec<i64> = day.split('-').map(number).collect::<Option<_>>()?;
    let time: Vec<i64> = time
        .strip_suffix('Z')?
        .split(':')
        .map(number)
        .collect::<Option<_>>()?;
    let ([year, month, day], [hour, minute, second]) = (day.as_slice(), time.as_slice()) else {
        return None;
    };
    let days = (1970..*year)
        .map(|year| if is_leap(year) { 366 } else { 365 })
        .sum::<i64>()
        + (1..*month).map(|month| days_in(*year, month)).sum::<i64>()
        + day
        - 1;
    Some(((days * 24 + hour) * 60 + minute) * 60 + second)
}

/// Microseconds since 1970 of a date in a profile of the W3C note "Date and Time Formats", or of a count of
/// seconds; four digits are a year.
pub(crate) fn instant(text: &str) -> Option<i64> {
    const SECOND: i64 = 1_000_000;
    let number = |text: &str, length: usize| -> Option<i64> {
        let digits = text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit());
        digits.then(|| text.parse().ok()).flatten()
    };
    let digits = text.strip_prefix('-').unwrap_or(text);
    if digits.len() != 4 && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return text.parse::<i64>().ok()?.checked_mul(SECOND);
    }
    let (day, time) = match text.split_once('T') {
        Some((day, time)) => (day, Some(time)),
        None => (text, None),
    };
    let words: Vec<&str> = day.split('-').collect();
    let year = number(words[0], 4)?;
    let month = words.get(1).map_or(Some(1), |month| number(month, 2))?;
    let day = words.get(2).map_or(Some(1), |day| number(day, 2))?;
    let sound = words.len() <= 3
        && (1..=12).contains(&month)
        && (1..=days_in(year, month)).contains(&day)
        && (time.is_none() || words.len() == 3);
    let years: i64 = if year >= 1970 {
        (1970..year).map(days_of).sum()
    } else {
        -(year..1970).map(days_of).sum::<i64>()
    };
    let months: i64 = (1..month).map(|month| days_in(year, month)).sum();
    let midnight = (years + months + day - 1) * 86_400;
    let time = match time {
        None => 0,
        Some(time) => {
            let zone = time.find(['Z', '+', '-'])?;
            let (clock, zone) = time.split_at(zone);
            let offset = match zone.split_at(1) {
                ("Z", "") => 0,
                (sign @ ("+" | "-"), rest) => {
                    let (hours, minutes) = rest.split_once(':')?;
                    let minutes = number(hours, 2)? * 60 + number(minutes, 2)?;
                    if sign == "+" { minutes } else { -minutes }
                }
                _ => return None,
            };
            let (clock, fraction) = clock.split_once('.').unwrap_or((clock, "0"));
            let words: Vec<&str> = clock.split(':').collect();
            let six: String = fraction.chars().chain("000000".chars()).take(6).collect();
            let micros = number(&six, 6)?;
            let [hours, minutes, seconds @ ..] = words.as_slice() else {
                return None;
            };
            let seconds = match seconds {
                [] => 0,
                [seconds] => number(seconds, 2)?,
                _ => return None,
            };
            (((number(hours, 2)? * 60 + number(minutes, 2)? - offset) * 60) + seconds) * SECOND
                + micros
        }
    };
    sound.then_some(midnight * SECOND + time)
}

/// A moment from 1970 on as AWS sends it.
pub(crate) fn date(second: i64) -> String {
    let (mut days, time) = (second.div_euclid(86_400), second.rem_euclid(86_400));
    let mut year = 1970;
    while days >= if is_leap(year) { 366 } else { 365 } {
        days -= if is_leap(year) { 366 } else { 365 };
        year += 1;
    }
    let mut month = 1;
    while days >= days_in(year, month) {
        days -= days_in(year, month);
        month += 1;
    }
    format!(
        "{year:04}-{month:02}-{:02}T{:02}:{:02}:{:02}Z",
        days + 1,
        time / 3_600,
        time / 60 % 60,
        time % 60
    )
}

fn days_of(year: i64) -> i64 {
    if is_leap(year) { 366 } else { 365 }
}

fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

fn days_in(year: i64, month: i64) -> i64 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// `*` and `?` without anything else, as settings take them: the last `*` takes one character more whenever the
/// rest does not fit.
pub(crate) fn glob(pattern: &str, text: &str) -> bool {
    let (mut pattern, mut text) = (pattern, text);
    let mut star: Option<(&str, &str)> = None;
    while !text.is_empty() {
        let (wanted, given) = (pattern.chars().next(), text.chars().next());
        let length = given.map_or(0, char::len_utf8);
        if wanted == Some('*') {
            pattern = &pattern[1..];
            star = Some((pattern, text));
        } else if wanted.is_some_and(|wanted| wanted == '?' || Some(wanted) == given) {
            pattern = &pattern[wanted.map_or(0, char::len_utf8)..];
            text = &text[length..];
        } else if let Some((after, from)) = star {
            let taken = from.chars().next().map_or(0, char::len_utf8);
            (pattern, text) = (after, &from[taken..]);
            star = Some((after, text));
        } else {
            return false;
        }
    }
    pattern.chars().all(|wanted| wanted == '*')
}

//! The typed values of condition operators: numbers, dates, IP ranges, bytes.

use std::net::IpAddr;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use ipnet::IpNet;
use time::{Date, Month, OffsetDateTime};

/// An integer or decimal number, as `Numeric…` operators take it.
pub fn parse_number(text: &str) -> Option<f64> {
    // `f64` would also read `inf` and `NaN`.
    let numeric = |byte: &u8| byte.is_ascii_digit() || b"+-.eE".contains(byte);
    if !text.as_bytes().iter().all(numeric) {
        return None;
    }
    text.parse().ok().filter(|number: &f64| number.is_finite())
}

/// `true` or `false` in any case, as `Bool` and `Null` take it.
pub fn parse_bool(text: &str) -> Option<bool> {
    if text.eq_ignore_ascii_case("true") {
        Some(true)
    } else if text.eq_ignore_ascii_case("false") {
        Some(false)
    } else {
        None
    }
}

/// Microseconds since 1970-01-01T00:00Z of a date in one of the profiles of ISO 8601 that the W3C note
/// "Date and Time Formats" lists, or of a count of seconds since 1970. Four digits are a year.
pub fn parse_date(text: &str) -> Option<i64> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    if digits.len() != 4 && !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()) {
        return text.parse::<i64>().ok()?.checked_mul(SECOND);
    }
    let (date, time) = match text.split_once('T') {
        Some((date, time)) => (date, Some(time)),
        None => (text, None),
    };
    let mut parts = date.split('-');
    let year = digits_of(parts.next()?, 4)?;
    let month = parts.next().map_or(Some(1), |month| digits_of(month, 2))?;
    let day = parts.next().map_or(Some(1), |day| digits_of(day, 2))?;
    if parts.next().is_some() {
        return None;
    }
    let month = Month::try_from(u8::try_from(month).ok()?).ok()?;
    let date =
        Date::from_calendar_date(i32::try_from(year).ok()?, month, u8::try_from(day).ok()?).ok()?;
    let midnight = date.midnight().assume_utc().unix_timestamp() * SECOND;
    match time {
        None => Some(midnight),
        // A time of day needs the whole date before it.
        Some(time) if text.find('T') == Some(10) => Some(midnight + time_of_day(time)?),
        Some(_) => None,
    }
}

/// A date as AWS writes it, `2026-01-31T12:00:00Z`, with a fraction only where there is one.
/// `None` outside the years 0 to 9999.
pub fn format_date(micros: i64) -> Option<String> {
    let seconds = micros.div_euclid(SECOND);
    let date = OffsetDateTime::from_unix_timestamp(seconds).ok()?;
    let year = u16::try_from(date.year()).ok()?;
    let (month, day) = (u8::from(date.month()), date.day());
    let (hour, minute, second) = date.to_hms();
    let fraction = match micros.rem_euclid(SECOND) {
        0 => String::new(),
        fraction => format!(".{fraction:06}"),
    };
    Some(format!(
        "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{fraction}Z"
    ))
}

const SECOND: i64 = 1_000_000;

/// `hh:mmTZD`, `hh:mm:ssTZD` or `hh:mm:ss.sTZD` in microseconds from midnight UTC.
fn time_of_day(text: &str) -> Option<i64> {
    let zone = text.find(['Z', '+', '-'])?;
    let (clock, zone) = text.split_at_checked(zone)?;
    let offset = match zone.strip_prefix('Z') {
        Some("") => 0,
        Some(_) => return None,
        None => {
            let ahead = zone.starts_with('+');
            let (hours, minutes) = zone.get(1..)?.split_once(':')?;
            let minutes = hours_and_minutes(hours, minutes)?;
            if ahead { minutes } else { -minutes }
        }
    };
    let (hours, rest) = clock.split_once(':')?;
    let (minutes, seconds) = match rest.split_once(':') {
        Some((minutes, seconds)) => (minutes, Some(seconds)),
        None => (rest, None),
    };
    let mut micros = (hours_and_minutes(hours, minutes)? - offset) * 60 * SECOND;
    if let Some(seconds) = seconds {
        let (whole, fraction) = match seconds.split_once('.') {
            Some((whole, fraction)) => (whole, Some(fraction)),
            None => (seconds, None),
        };
        micros += digits_of(whole, 2).filter(|&s| s < 60)? * SECOND;
        if let Some(fraction) = fraction {
            if fraction.is_empty() || !fraction.bytes().all(|b| b.is_ascii_digit()) {
                return None;
            }
            let six: String = fraction.chars().chain("000000".chars()).take(6).collect();
            micros += digits_of(&six, 6)?;
        }
    }
    Some(micros)
}

fn hours_and_minutes(hours: &str, minutes: &str) -> Option<i64> {
    let hours = digits_of(hours, 2).filter(|&hours| hours < 24)?;
    let minutes = digits_of(minutes, 2).filter(|&minutes| minutes < 60)?;
    Some(hours * 60 + minutes)
}

/// Exactly `count` digits.
fn digits_of(text: &str, count: usize) -> Option<i64> {
    (text.len() == count && text.bytes().all(|b| b.is_ascii_digit()))
        .then(|| text.parse().ok())
        .flatten()
}

/// The addresses from `first` to `last`, both included, of one IP version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct IpRange {
    /// The lowest address as a number.
    pub first: u128,
    /// The highest address as a number.
    pub last: u128,
    /// Whether they are IPv6 addresses.
    pub v6: bool,
}

impl IpRange {
    /// One address alone.
    pub fn of(address: IpAddr) -> Self {
        let number = number_of(address);
        Self {
            first: number,
            last: number,
            v6: address.is_ipv6(),
        }
    }

    /// Whether every address of `other` is in this range.
    pub fn covers(&self, other: &Self) -> bool {
        self.v6 == other.v6 && self.first <= other.first && other.last <= self.last
    }
}

/// An IPv4 or IPv6 address, or a CIDR range of them; bits after the prefix are ignored.
pub fn parse_ip_range(text: &str) -> Option<IpRange> {
    let net = match text.parse::<IpNet>() {
        Ok(net) => net,
        Err(_) => IpNet::from(text.parse::<IpAddr>().ok()?),
    };
    Some(IpRange {
        first: number_of(net.network()),
        last: number_of(net.broadcast()),
        v6: matches!(net, IpNet::V6(_)),
    })
}

fn number_of(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(v4) => u128::from(u32::from(v4)),
        IpAddr::V6(v6) => u128::from(v6),
    }
}

/// The bytes of a base64 text, as `BinaryEquals` takes it.
pub fn decode_base64(text: &str) -> Option<Vec<u8>> {
    BASE64_STANDARD.decode(text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers() {
        for (text, number) in [
            ("0", 0.0),
            ("10", 10.0),
            ("-3", -3.0),
            ("+3", 3.0),
            ("2.50", 2.5),
            ("1e3", 1000.0),
        ] {
            assert_eq!(parse_number(text), Some(number), "{text}");
        }
        for text in [
            "", " 1", "1 ", "ten", "inf", "NaN", "infinity", "1e999", "0x10", "1,5", "--1", ".",
        ] {
            assert_eq!(parse_number(text), None, "{text}");
        }
    }

    #[test]
    fn booleans() {
        assert_eq!(parse_bool("true"), Some(true));
        assert_eq!(parse_bool("False"), Some(false));
        assert_eq!(parse_bool("1"), None);
        assert_eq!(parse_bool(""), None);
    }

    #[test]
    fn dates_in_every_profile() {
        let at = |seconds: i64| Some(seconds * SECOND);
        for (text, date) in [
            ("1970", at(0)),
            ("1970-01", at(0)),
            ("1970-01-01", at(0)),
            ("1970-01-01T00:00Z", at(0)),
            ("1970-01-01T00:00:01Z", at(1)),
            ("1970-01-01T01:00:00+01:00", at(0)),
            ("1969-12-31T19:30:00-04:30", at(0)),
            ("1970-01-01T00:00:00.5Z", Some(500_000)),
            ("1970-01-01T00:00:00.123456789Z", Some(123_456)),
            ("2024-02-29", at(1_709_164_800)),
            ("2020-04-01T00:00:00Z", at(1_585_699_200)),
            ("1969-12-31T23:59:59Z", at(-1)),
            ("1585699200", at(1_585_699_200)),
            ("0", at(0)),
            ("-5", at(-5)),
        ] {
            assert_eq!(parse_date(text), date, "{text}");
        }
    }

    #[test]
    fn dates_are_written_as_they_read() {
        for text in [
            "2020-04-01T00:00:00Z",
            "1969-12-31T23:59:59.250000Z",
            "0000-01-01T00:00:00Z",
        ] {
            assert_eq!(
                format_date(parse_date(text).unwrap()).as_deref(),
                Some(text)
            );
        }
        assert_eq!(format_date(i64::MAX), None);
        assert_eq!(format_date(i64::MIN), None);
    }

    #[test]
    fn what_is_no_date() {
        for text in [
            "",
            "-",
            "T",
            "now",
            "2023-02-29",
            "2023-13-01",
            "2023-00-01",
            "2023-1-1",
            "2023-01-01T",
            "2023-01-01TZ",
            "2023-01-01T00Z",
            "2023-01-01T00:00",
            "2023-01-01T24:00Z",
            "2023-01-01T00:60Z",
            "2023-01-01T00:00:60Z",
            "2023-01-01T00:00:00.Z",
            "2023-01-01T00:00:00Zx",
            "2023-01-01T00:00:00+01",
            "2023-01-01T00:00:00é+01:00",
            "2023-01-01T00:00:00+01:00é",
            "2023-01-01 00:00:00Z",
            "2023-01T00:00Z",
            "2023-01-01-01",
            "2023-*",
            "99999999999999999999",
            "9223372036854775807",
            "٢٠٢٣",
        ] {
            assert_eq!(parse_date(text), None, "{text}");
        }
    }

    #[test]
    fn ip_ranges() {
        let range = |first, last, v6| Some(IpRange { first, last, v6 });
        assert_eq!(
            parse_ip_range("10.0.0.1"),
            range(0x0a00_0001, 0x0a00_0001, false)
        );
        assert_eq!(
            parse_ip_range("10.0.0.0/8"),
            range(0x0a00_0000, 0x0aff_ffff, false)
        );
        assert_eq!(parse_ip_range("10.1.2.3/8"), parse_ip_range("10.0.0.0/8"));
        assert_eq!(parse_ip_range("0.0.0.0/0"), range(0, 0xffff_ffff, false));
        assert_eq!(parse_ip_range("::/0"), range(0, u128::MAX, true));
        assert_eq!(parse_ip_range("::1"), range(1, 1, true));
        assert_eq!(
            parse_ip_range("2001:DB8:1234:5678::/64"),
            range(
                0x2001_0db8_1234_5678_0000_0000_0000_0000,
                0x2001_0db8_1234_5678_ffff_ffff_ffff_ffff,
                true
            )
        );
        for text in [
            "",
            "10.0.0",
            "10.0.0.0/33",
            "10.0.0.0/",
            "10.0.0.256",
            "10.0.0.*",
            "::/129",
            "10.0.0.0/8 ",
            "fe80::1%eth0",
        ] {
            assert_eq!(parse_ip_range(text), None, "{text}");
        }
    }

    #[test]
    fn ranges_cover_by_version() {
        let range = |text| parse_ip_range(text).unwrap();
        assert!(range("10.0.0.0/8").covers(&range("10.2.0.0/16")));
        assert!(!range("10.2.0.0/16").covers(&range("10.0.0.0/8")));
        assert!(!range("::/0").covers(&range("10.0.0.0/8")));
    }

    #[test]
    fn base64() {
        assert_eq!(decode_base64("QmluYXJ5"), Some(b"Binary".to_vec()));
        assert_eq!(decode_base64(""), Some(Vec::new()));
        assert_eq!(decode_base64("QQ=="), Some(b"A".to_vec()));
        for text in ["Q", "QQ", "Q!==", "QQ== "] {
            assert_eq!(decode_base64(text), None, "{text}");
        }
    }
}

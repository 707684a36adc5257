//! Amazon Resource Names: `arn:partition:service:region:account:resource`.

/// The parts of an ARN or of a pattern for one. Parts that are missing are `None`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Arn<'t> {
    /// Such as `aws`, `aws-cn`, `aws-us-gov`.
    pub partition: &'t str,
    /// Such as `cloudtrail`.
    pub service: Option<&'t str>,
    /// Such as `us-east-1`; empty for global services.
    pub region: Option<&'t str>,
    /// Twelve digits; empty where the service has none in its ARNs.
    pub account: Option<&'t str>,
    /// All that follows, colons included.
    pub resource: Option<&'t str>,
}

impl<'t> Arn<'t> {
    /// Splits a text that begins with `arn:`. A `:` inside `${…}` does not split.
    pub fn parse(text: &'t str) -> Option<Self> {
        let mut rest = Some(text.strip_prefix("arn:")?);
        let mut next = || {
            let (part, after) = split_at_colon(rest?);
            rest = after;
            Some(part)
        };
        Some(Self {
            partition: next()?,
            service: next(),
            region: next(),
            account: next(),
            resource: rest,
        })
    }
}

fn split_at_colon(text: &str) -> (&str, Option<&str>) {
    // Few parts hold a variable.
    let first = text.bytes().position(|byte| matches!(byte, b':' | b'{'));
    match first {
        None => return (text, None),
        Some(at) if text.as_bytes().get(at) == Some(&b':') => {
            return (text.get(..at).unwrap_or_default(), text.get(at + 1..));
        }
        Some(_) => {}
    }
    let mut in_variable = false;
    let mut previous = 0;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'{' if previous == b'$' => in_variable = true,
            b'}' => in_variable = false,
            b':' if !in_variable => {
                return (text.get(..at).unwrap_or_default(), text.get(at + 1..));
            }
            _ => {}
        }
        previous = byte;
    }
    (text, None)
}

/// Whether it is a 12-digit account id.
pub fn is_account_id(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts() {
        let arn = Arn::parse("arn:aws:cloudtrail:us-east-1:111122223333:trail/a:b").unwrap();
        assert_eq!(arn.partition, "aws");
        assert_eq!(arn.service, Some("cloudtrail"));
        assert_eq!(arn.region, Some("us-east-1"));
        assert_eq!(arn.account, Some("111122223333"));
        assert_eq!(arn.resource, Some("trail/a:b"));
        let short = Arn::parse("arn:aws:s3").unwrap();
        assert_eq!((short.service, short.region), (Some("s3"), None));
        let variable =
            Arn::parse("arn:aws:iam::${aws:PrincipalAccount}:user/${aws:username}").unwrap();
        assert_eq!(variable.account, Some("${aws:PrincipalAccount}"));
        assert_eq!(variable.resource, Some("user/${aws:username}"));
        assert_eq!(Arn::parse("arn:").unwrap().partition, "");
        assert_eq!(Arn::parse("ARN:aws:s3:::a"), None);
        assert_eq!(Arn::parse("*"), None);
        assert_eq!(Arn::parse("arn:${a:b").unwrap().partition, "${a:b");
    }
}

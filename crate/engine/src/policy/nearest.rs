//! "Did you mean": the known name nearest to a misspelled one.

/// No name of AWS's is longer; comparing costs the product of the lengths.
const LONGEST: usize = 64;

/// The candidate that is the same but for case, or else differs by few letters.
pub(super) fn nearest<'c>(
    name: &str,
    candidates: impl Iterator<Item = &'c str>,
) -> Option<&'c str> {
    if name.is_empty() || name.len() > LONGEST {
        return None;
    }
    let lower = name.to_lowercase();
    let distance = |candidate: &str| strsim::osa_distance(&lower, &candidate.to_lowercase());
    // One wrong letter in three is the most that still looks like a slip.
    candidates
        .map(|candidate| (distance(candidate), candidate))
        .filter(|(distance, candidate)| *distance <= name.len().min(candidate.len()) / 3)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// `; did you mean …?`, or nothing.
pub(super) fn did_you_mean<'c>(name: &str, candidates: impl Iterator<Item = &'c str>) -> String {
    nearest(name, candidates).map_or_else(String::new, |near| format!("; did you mean `{near}`?"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_find_their_name() {
        let names = ["Action", "NotAction", "Resource", "Condition"];
        for (slip, name) in [
            ("action", Some("Action")),
            ("Actions", Some("Action")),
            ("NotActions", Some("NotAction")),
            ("Resouce", Some("Resource")),
            ("Conditon", Some("Condition")),
            ("Comment", None),
            ("", None),
            ("x", None),
        ] {
            assert_eq!(nearest(slip, names.into_iter()), name, "{slip}");
        }
        assert_eq!(nearest(&"Action".repeat(1000), names.into_iter()), None);
    }
}

//! IANA time zone names.

pub use crate::generated::time_zones::TIME_ZONES;

/// The default everywhere.
pub const UTC: &str = "UTC";

/// From this likeness on a name is suggested.
const CLOSE: f64 = 0.6;
/// Longer than any name; comparing more with all of them would be wasted work.
const NAME_MAX: usize = 40;

/// Whether `name` is a time zone's exact name.
pub fn is_time_zone(name: &str) -> bool {
    TIME_ZONES.binary_search(&name).is_ok()
}

/// The time zone `text` names, whatever its case; else a sentence with the nearest name.
pub fn check(text: &str) -> Result<String, String> {
    let text = text.trim();
    if text.is_empty() {
        return Err("Choose a time zone, such as UTC or Europe/Paris.".into());
    }
    if is_time_zone(text) {
        return Ok(text.to_owned());
    }
    if text.len() > NAME_MAX {
        return Err("This is no time zone. Use an IANA name such as Europe/Paris.".into());
    }
    if let Some(name) = TIME_ZONES.iter().find(|name| name.eq_ignore_ascii_case(text)) {
        return Ok((*name).to_owned());
    }
    Err(match nearest(text) {
        Some(name) => format!("“{text}” is no time zone. The nearest name is {name}."),
        None => format!("“{text}” is no time zone. Use an IANA name such as Europe/Paris."),
    })
}

/// The name most like `text`, compared with the whole name and with its city.
fn nearest(text: &str) -> Option<&'static str> {
    let folded = text.to_lowercase().replace(' ', "_");
    TIME_ZONES
        .iter()
        .map(|name| {
            let lower = name.to_ascii_lowercase();
            let city = lower.rsplit('/').next().unwrap_or(&lower);
            (likeness(&folded, &lower).max(likeness(&folded, city)), *name)
        })
        .filter(|(score, _)| *score >= CLOSE)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, name)| name)
}

/// From 0 to 1; 0 at once for texts whose lengths alone keep them below [`CLOSE`], which saves most of the work.
fn likeness(a: &str, b: &str) -> f64 {
    let (a_length, b_length) = (a.chars().count(), b.chars().count());
    let (short, long) = (a_length.min(b_length), a_length.max(b_length));
    if (short as f64) < CLOSE * long as f64 { 0.0 } else { strsim::normalized_damerau_levenshtein(a, b) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_can_be_searched() {
        assert!(TIME_ZONES.is_sorted());
        assert!(TIME_ZONES.len() > 400);
        assert!(is_time_zone(UTC));
        assert!(TIME_ZONES.iter().all(|name| name.len() <= NAME_MAX));
    }

    #[test]
    fn takes_any_case_and_suggests_the_nearest() {
        assert_eq!(check(" Europe/Paris "), Ok("Europe/Paris".into()));
        assert_eq!(check("america/new_york"), Ok("America/New_York".into()));
        for (text, part) in [
            ("", "Choose a time zone"),
            ("Europe/Pariss", "The nearest name is Europe/Paris."),
            ("New York", "The nearest name is America/New_York."),
            ("tokyo", "The nearest name is Asia/Tokyo."),
            ("qqqqqqqqqqq", "such as Europe/Paris"),
            (&"x".repeat(100_000), "such as Europe/Paris"),
        ] {
            let error = check(text).unwrap_err();
            assert!(error.contains(part), "{error}");
        }
    }
}

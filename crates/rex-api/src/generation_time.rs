//! The build time of a generation.

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// The build time in a generation name such as `g-20231005T081500123Z-1a2b3c4d`, in RFC 3339; `None` where the name has no
/// time.
pub fn built_at(generation: &str) -> Option<String> {
    const SHAPE: &str = "ddddddddTdddddddddZ";
    let time = generation.strip_prefix("g-")?.split('-').next()?;
    let has_shape = time.len() == SHAPE.len()
        && time.bytes().zip(SHAPE.bytes()).all(|(byte, shape)| match shape {
            b'd' => byte.is_ascii_digit(),
            letter => byte == letter,
        });
    let part = |range: std::ops::Range<usize>| time.get(range);
    if !has_shape {
        return None;
    }
    Some(format!(
        "{}-{}-{}T{}:{}:{}.{}Z",
        part(0..4)?,
        part(4..6)?,
        part(6..8)?,
        part(9..11)?,
        part(11..13)?,
        part(13..15)?,
        part(15..18)?
    ))
}

/// The build time in seconds since the Unix epoch.
pub fn built_at_seconds(generation: &str) -> Option<f64> {
    let time = OffsetDateTime::parse(&built_at(generation)?, &Rfc3339).ok()?;
    Some((time - OffsetDateTime::UNIX_EPOCH).as_seconds_f64())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_generation_tells_when_it_was_built() {
        assert_eq!(
            built_at("g-20231005T081500123Z-1a2b3c4d").as_deref(),
            Some("2023-10-05T08:15:00.123Z")
        );
        for name in ["g-test", "g-20231005T081500Z-1a2b3c4d", "", "g-2023100éT08150012Z-1"] {
            assert_eq!(built_at(name), None, "{name}");
        }
        assert_eq!(built_at_seconds("g-19700102T000001500Z-1a2b3c4d"), Some(86_401.5));
        assert_eq!(
            built_at_seconds("g-19701302T000001500Z-1a2b3c4d"),
            None,
            "there is no such month"
        );
    }
}

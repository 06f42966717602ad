//! When a generation was built.

/// The time in the name of a generation, `g-20231005T081500123Z-1a2b3c4d`, in the form of RFC 3339; `None` of
/// another name.
pub(crate) fn built_at(generation: &str) -> Option<String> {
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
    }
}

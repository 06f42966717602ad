//! Accent colours and their contrast.

use std::fmt;

/// Minimum contrast of text with its background (WCAG 2.2, 1.4.3; RGAA 4.1, 3.2).
const MIN_CONTRAST: f64 = 4.5;
/// Candidates for text on an accent; the one with the higher contrast is used.
const ON_ACCENT: [Colour; 2] = [Colour([0xff, 0xff, 0xff]), Colour([0x0d, 0x1a, 0x19])];

/// An sRGB colour: red, green, blue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Colour(pub(crate) [u8; 3]);

impl Colour {
    /// Parses `#rrggbb`.
    fn parse(text: &str) -> Result<Self, String> {
        let digits = text
            .strip_prefix('#')
            .filter(|digits| digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
        let number = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok());
        let [_, red, green, blue] = number
            .ok_or_else(|| {
                let shown: String = text.chars().take(40).collect();
                format!("\"{shown}\" is not a colour, expected one such as \"#0b5351\"")
            })?
            .to_be_bytes();
        Ok(Self([red, green, blue]))
    }

    /// Relative luminance, from 0 for black to 1 for white (WCAG 2.2, <https://www.w3.org/TR/WCAG22/#dfn-relative-luminance>).
    fn luminance(self) -> f64 {
        let linear = |byte: u8| {
            let part = f64::from(byte) / 255.0;
            if part <= 0.04045 {
                part / 12.92
            } else {
                ((part + 0.055) / 1.055).powf(2.4)
            }
        };
        let [red, green, blue] = self.0.map(linear);
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }

    /// Contrast ratio, from 1 to 21 (WCAG 2.2, <https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio>).
    fn contrast(self, other: Self) -> f64 {
        let (a, b) = (self.luminance(), other.luminance());
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    /// The colour, mixed with just enough white to be readable on all `papers`.
    fn lightened_for(self, papers: [Self; 2]) -> Self {
        const STEPS: u32 = 100;
        let at = |step: u32| {
            Self(self.0.map(|byte| {
                let mixed = u32::from(byte) + (255 - u32::from(byte)) * step / STEPS;
                u8::try_from(mixed).unwrap_or(u8::MAX)
            }))
        };
        let is_read = |colour: &Self| papers.iter().all(|paper| colour.contrast(*paper) >= MIN_CONTRAST);
        (0..=STEPS).map(at).find(is_read).unwrap_or(at(STEPS))
    }

    /// The text colour on this background.
    fn on(self) -> Self {
        let [light, dark] = ON_ACCENT;
        if self.contrast(light) >= self.contrast(dark) {
            light
        } else {
            dark
        }
    }

    /// Checks the contrast with all `papers`, and of text on this colour.
    fn check(self, papers: [Self; 2], remedy: &str) -> Result<Self, String> {
        for other in papers.into_iter().chain([self.on()]) {
            let contrast = self.contrast(other);
            if contrast < MIN_CONTRAST {
                // Rounded down: a contrast just below the minimum must not appear to reach it.
                let measured = (contrast * 100.0).floor() / 100.0;
                return Err(format!(
                    "\"{self}\" has a contrast of {measured} with {other}, expected at least {MIN_CONTRAST} (WCAG 2.2, 1.4.3): take a {remedy} one"
                ));
            }
        }
        Ok(self)
    }
}

impl fmt::Display for Colour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [red, green, blue] = self.0;
        write!(f, "#{red:02x}{green:02x}{blue:02x}")
    }
}

/// The background colours of a theme and its accent.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Palette {
    /// Page and panel background, light.
    pub(crate) light: [Colour; 2],
    /// Page and panel background, dark.
    pub(crate) dark: [Colour; 2],
    /// The accent on light pages.
    pub(crate) accent: Colour,
}

/// Accent colours for light and dark pages, with sufficient contrast.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Accents {
    light: Colour,
    dark: Colour,
}

impl Accents {
    /// Validates accents given as `#rrggbb`; a missing dark one is derived from the light one. The error names the setting.
    pub(crate) fn new(palette: Palette, accent: Option<&str>, accent_dark: Option<&str>) -> Result<Self, String> {
        let parse = |text: &str, papers, remedy| Colour::parse(text).and_then(|colour| colour.check(papers, remedy));
        let light = accent
            .map_or(Ok(palette.accent), |text| parse(text, palette.light, "darker"))
            .map_err(|reason| format!("accent: {reason}"))?;
        let dark = accent_dark
            .map_or_else(
                || Ok(light.lightened_for(palette.dark)),
                |text| parse(text, palette.dark, "lighter"),
            )
            .map_err(|reason| format!("accent_dark: {reason}"))?;
        Ok(Self { light, dark })
    }

    /// The style sheet that sets the accents.
    pub(crate) fn css(self) -> String {
        let Self { light, dark } = self;
        format!(
            ":root {{ --rex-accent: light-dark({light}, {dark}); --rex-on-accent: light-dark({}, {}); }}\n",
            light.on(),
            dark.on()
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::site::config::Theme;

    fn accents(accent: Option<&str>, dark: Option<&str>) -> Result<String, String> {
        Accents::new(Theme::Default.palette(), accent, dark).map(Accents::css)
    }

    #[test]
    fn contrast_is_that_of_wcag() {
        let contrast = |a: &str, b: &str| {
            let contrast = Colour::parse(a).unwrap().contrast(Colour::parse(b).unwrap());
            (contrast * 100.0).round() / 100.0
        };
        assert_eq!(contrast("#000000", "#FFFFFF"), 21.0);
        assert_eq!(contrast("#777777", "#ffffff"), 4.48);
        assert_eq!(contrast("#0000ff", "#ffffff"), 8.59);
        assert_eq!(contrast("#123456", "#123456"), 1.0);
    }

    #[test]
    fn a_dark_accent_is_made_of_the_light_one() {
        assert_eq!(
            accents(Some("#7a0c3b"), None).unwrap(),
            ":root { --rex-accent: light-dark(#7a0c3b, #b87e97); --rex-on-accent: light-dark(#ffffff, #0d1a19); }\n"
        );
        assert_eq!(
            accents(Some("#7a0c3b"), Some("#FFB3D1")).unwrap(),
            ":root { --rex-accent: light-dark(#7a0c3b, #ffb3d1); --rex-on-accent: light-dark(#ffffff, #0d1a19); }\n"
        );
        assert!(
            accents(None, Some("#ffb3d1"))
                .unwrap()
                .contains("light-dark(#0b5351, #ffb3d1)")
        );
    }

    #[test]
    fn every_accent_that_is_taken_is_read_everywhere() {
        let palette = Theme::Default.palette();
        for red in (0..=255).step_by(51) {
            for green in (0..=255).step_by(51) {
                for blue in (0..=255).step_by(51) {
                    let colour = Colour([red, green, blue]);
                    let Ok(accents) = Accents::new(palette, Some(&colour.to_string()), None) else {
                        assert!(
                            palette.light.iter().any(|paper| colour.contrast(*paper) < MIN_CONTRAST),
                            "{colour}"
                        );
                        continue;
                    };
                    for (accent, papers) in [(accents.light, palette.light), (accents.dark, palette.dark)] {
                        assert!(accent.check(papers, "").is_ok(), "{colour}: {accent}");
                    }
                }
            }
        }
    }

    #[test]
    fn says_what_is_wrong_with_a_colour() {
        assert_eq!(
            accents(Some("#ffcc00"), None).unwrap_err(),
            "accent: \"#ffcc00\" has a contrast of 1.51 with #ffffff, expected at least 4.5 (WCAG 2.2, 1.4.3): take a darker one"
        );
        assert_eq!(
            accents(None, Some("#0b5351")).unwrap_err(),
            "accent_dark: \"#0b5351\" has a contrast of 1.96 with #151b1b, expected at least 4.5 (WCAG 2.2, 1.4.3): take a lighter one"
        );
        for wrong in [
            "",
            "red",
            "#fff",
            "#12345g",
            "0b5351",
            "#0b5351;",
            "#+12345",
            "rgb(0, 0, 0)",
            "#é1234",
        ] {
            let error = accents(Some(wrong), None).unwrap_err();
            assert!(
                error.contains("is not a colour, expected one such as \"#0b5351\""),
                "{error}"
            );
        }
    }
}

//! The configuration of the publisher's site.

use axum::body::Bytes;
use sha2::{Digest, Sha256};

use crate::site::contrast::{Accents, Colour, Palette};

/// Maximum size of a logo in bytes: every page loads it.
const MAX_LOGO: usize = 512 << 10;
/// Maximum number of footer links, and lengths of their texts and addresses in characters.
const MAX_LINKS: usize = 12;
const MAX_LINK_TEXT: usize = 80;
const MAX_LINK_ADDRESS: usize = 500;

/// The presentation of a publisher's site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Site {
    /// Name of the site, in the header and titles.
    pub name: String,
    /// A sentence that describes the site.
    pub description: String,
    /// The public base URL, such as `https://rex.example.org`, without a trailing `/`. By default derived from the request.
    pub url: Option<String>,
    /// Replaces the name in the header.
    pub logo: Option<Logo>,
    /// The theme of the pages.
    pub theme: Theme,
    /// Custom accent colours, see [`Theme::accents`].
    pub accents: Option<Accents>,
    /// Footer links, at most twelve, see [`FooterLink::list`].
    pub footer: Vec<FooterLink>,
}

impl Default for Site {
    fn default() -> Self {
        Self {
            name: "Rex".to_owned(),
            description: "Des marchés publics remportés par des entreprises de l'économie sociale et solidaire, \
                          racontés pour que d'autres en fassent autant."
                .to_owned(),
            url: None,
            logo: None,
            theme: Theme::Default,
            accents: None,
            footer: Vec::new(),
        }
    }
}

/// A theme of the pages.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Theme {
    /// The theme of Rex.
    #[default]
    Default,
    /// The theme of French State sites (système de design de l'État).
    Dsfr,
}

impl Theme {
    /// Parses a theme name, `default` or `dsfr`.
    ///
    /// # Errors
    /// An unknown name.
    pub fn parse(name: &str) -> Result<Self, String> {
        match name {
            "default" => Ok(Self::Default),
            "dsfr" => Ok(Self::Dsfr),
            other => {
                let shown: String = other.chars().take(40).collect();
                Err(format!("\"{shown}\" is not a theme, expected \"default\" or \"dsfr\""))
            }
        }
    }

    /// Accent colours for light and dark pages, each as `#rrggbb`. A missing dark one is derived from the light one; `None`
    /// without either.
    ///
    /// # Errors
    /// A malformed colour, or one whose contrast with the page background is too low.
    pub fn accents(self, accent: Option<&str>, accent_dark: Option<&str>) -> Result<Option<Accents>, String> {
        if accent.or(accent_dark).is_none() {
            return Ok(None);
        }
        Accents::new(self.palette(), accent, accent_dark).map(Some)
    }

    /// The name, also used by the widget.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Default => "default",
            Self::Dsfr => "dsfr",
        }
    }

    /// The classes of the `body` element.
    pub(crate) fn classes(self) -> &'static str {
        match self {
            Self::Default => "rex",
            Self::Dsfr => "rex dsfr",
        }
    }

    /// The colours of the theme in `assets/widget/look.css`.
    pub(crate) fn palette(self) -> Palette {
        let white = Colour([0xff; 3]);
        match self {
            Self::Default => Palette {
                light: [white, Colour([0xf4, 0xf7, 0xf6])],
                dark: [Colour([0x15, 0x1b, 0x1b]), Colour([0x20, 0x29, 0x28])],
                accent: Colour([0x0b, 0x53, 0x51]),
            },
            Self::Dsfr => Palette {
                light: [white, Colour([0xf6; 3])],
                dark: [Colour([0x16; 3]), Colour([0x1e; 3])],
                accent: Colour([0x00, 0x00, 0x91]),
            },
        }
    }
}

/// The logo in the header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Logo {
    kind: LogoKind,
    content: Bytes,
    digest: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum LogoKind {
    Svg,
    Png,
    Jpeg,
    Webp,
}

impl Logo {
    /// Maximum size of a logo in bytes.
    pub const MAX_BYTES: usize = MAX_LOGO;

    /// A logo from a file name and its content: SVG, PNG, JPEG or WebP.
    ///
    /// # Errors
    /// An unsupported extension, a content of another type, or more than [`Self::MAX_BYTES`].
    pub fn new(file_name: &str, content: Vec<u8>) -> Result<Self, String> {
        let extension = file_name
            .rsplit_once('.')
            .map(|(_, extension)| extension.to_ascii_lowercase());
        let kind = match extension.as_deref() {
            Some("svg") => LogoKind::Svg,
            Some("png") => LogoKind::Png,
            Some("jpg" | "jpeg") => LogoKind::Jpeg,
            Some("webp") => LogoKind::Webp,
            _ => return Err("not a supported image, expected a file in .svg, .png, .jpg or .webp".to_owned()),
        };
        if content.len() > MAX_LOGO {
            return Err(format!("larger than expected: at most {} kB", MAX_LOGO >> 10));
        }
        if !kind.is_of(&content) {
            let extension = extension.unwrap_or_default();
            return Err(format!("its content is not that of a .{extension} file"));
        }
        Ok(Self {
            kind,
            digest: base16ct::lower::encode_string(&Sha256::digest(&content)[..6]),
            content: content.into(),
        })
    }

    /// A digest of the content.
    pub fn digest(&self) -> &str {
        &self.digest
    }

    pub(crate) fn content(&self) -> Bytes {
        self.content.clone()
    }

    pub(crate) fn content_type(&self) -> &'static str {
        match self.kind {
            LogoKind::Svg => "image/svg+xml",
            LogoKind::Png => "image/png",
            LogoKind::Jpeg => "image/jpeg",
            LogoKind::Webp => "image/webp",
        }
    }

    /// Whether the logo is an SVG, which may contain scripts.
    pub(crate) fn is_svg(&self) -> bool {
        self.kind == LogoKind::Svg
    }
}

impl LogoKind {
    /// Whether a content has the signature of the type.
    fn is_of(self, content: &[u8]) -> bool {
        match self {
            Self::Svg => std::str::from_utf8(content).is_ok_and(|text| text.contains("<svg")),
            Self::Png => content.starts_with(b"\x89PNG\r\n\x1a\n"),
            Self::Jpeg => content.starts_with(b"\xff\xd8\xff"),
            Self::Webp => content.starts_with(b"RIFF") && content.get(8..12) == Some(b"WEBP"),
        }
    }
}

/// A footer link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FooterLink {
    text: String,
    url: String,
}

impl FooterLink {
    /// Validates a list of texts and addresses.
    ///
    /// # Errors
    /// More than twelve links, an empty or long text, an address that is neither HTTP(S) nor a path.
    pub fn list(links: impl IntoIterator<Item = (String, String)>) -> Result<Vec<Self>, String> {
        let links: Vec<Self> = links
            .into_iter()
            .map(|(text, url)| Self::new(&text, &url))
            .collect::<Result<_, _>>()?;
        if links.len() > MAX_LINKS {
            return Err(format!("{} links, expected at most {MAX_LINKS}", links.len()));
        }
        Ok(links)
    }

    fn new(text: &str, url: &str) -> Result<Self, String> {
        let shown = |text: &str| text.chars().take(100).collect::<String>();
        let text = text.trim();
        if text.is_empty() || text.chars().count() > MAX_LINK_TEXT || text.chars().any(char::is_control) {
            return Err(format!(
                "\"{}\" is not a link text, expected 1 to {MAX_LINK_TEXT} characters",
                shown(text)
            ));
        }
        let is_path = url.starts_with('/') && !url.starts_with("//");
        let is_web = ["https://", "http://"]
            .iter()
            .any(|scheme| url.strip_prefix(scheme).is_some_and(|rest| !rest.is_empty()));
        let is_plain = |c: char| !c.is_whitespace() && !c.is_control() && c != '\\';
        if !(is_path || is_web) || url.chars().count() > MAX_LINK_ADDRESS || !url.chars().all(is_plain) {
            return Err(format!(
                "\"{}\" is not an address, expected one that begins with https://, http:// or /, of at most {MAX_LINK_ADDRESS} characters",
                shown(url)
            ));
        }
        Ok(Self {
            text: text.to_owned(),
            url: url.to_owned(),
        })
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The address.
    pub fn url(&self) -> &str {
        &self.url
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_palette_is_that_of_the_style_sheet() {
        let css = include_str!("../../assets/widget/look.css");
        for (theme, start) in [(Theme::Default, ".rex {"), (Theme::Dsfr, ".rex.dsfr {")] {
            let rule = css.split(start).nth(1).unwrap().split('}').next().unwrap();
            let Palette { light, dark, accent } = theme.palette();
            for (name, rank) in [("paper", 0), ("wash", 1)] {
                let line = format!(
                    "--{name}: var(--rex-{name}, light-dark({}, {}));",
                    light[rank], dark[rank]
                );
                assert!(rule.contains(&line), "{line}");
            }
            assert!(
                rule.contains(&format!("--accent: var(--rex-accent, light-dark({accent}, ")),
                "{accent}"
            );
        }
    }

    #[test]
    fn a_logo_is_what_its_name_says() {
        let logo = |name: &str, content: &[u8]| Logo::new(name, content.to_vec());
        for (name, content, content_type) in [
            ("a.SVG", b"<?xml?><svg/>".as_slice(), "image/svg+xml"),
            ("a.png", b"\x89PNG\r\n\x1a\n", "image/png"),
            ("a.b.jpeg", b"\xff\xd8\xff\xe0", "image/jpeg"),
            ("a.webp", b"RIFF\0\0\0\0WEBPVP8 ", "image/webp"),
        ] {
            assert_eq!(logo(name, content).unwrap().content_type(), content_type);
            let error = logo(name, b"<html>").unwrap_err();
            assert!(error.starts_with("its content is not that of a ."), "{error}");
        }
        assert!(
            logo("a.gif", b"GIF89a")
                .unwrap_err()
                .contains(".svg, .png, .jpg or .webp")
        );
        assert!(logo("svg", b"<svg/>").is_err());
        let large = [b"\xff\xd8\xff".as_slice(), &vec![0; MAX_LOGO]].concat();
        assert_eq!(
            logo("a.jpg", &large).unwrap_err(),
            "larger than expected: at most 512 kB"
        );
    }

    #[test]
    fn links_lead_to_the_web_or_within_the_site() {
        let list = |text: &str, url: &str| FooterLink::list([(text.to_owned(), url.to_owned())]);
        for url in ["https://a.fr/b?c=d&e#f", "http://a.fr", "/integrer", "/"] {
            assert_eq!(list(" Mentions ", url).unwrap()[0].url(), url);
        }
        for url in [
            "",
            "a.fr",
            "javascript:alert(1)",
            "//a.fr",
            "/\\a.fr",
            "https://",
            "https://a.fr/ b",
            "data:,x",
        ] {
            let error = list("a", url).unwrap_err();
            assert!(error.contains("is not an address, expected one that begins"), "{error}");
        }
        assert!(list("a", &format!("/{}", "x".repeat(500))).is_err());
        assert!(list(" ", "/").is_err() && list(&"é".repeat(81), "/").is_err());
        assert!(list(&"é".repeat(80), "/").is_ok());
        let many = vec![("a".to_owned(), "/".to_owned()); 13];
        assert_eq!(FooterLink::list(many).unwrap_err(), "13 links, expected at most 12");
    }
}

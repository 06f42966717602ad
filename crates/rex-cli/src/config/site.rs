//! `[site]` of the configuration: name, logo, colours and footer of the pages.

use std::path::{Path, PathBuf};

use rex_corpus::read_regular;
use rex_server::{FooterLink, Logo, Site, Theme};
use serde::Deserialize;

use crate::failure::UserError;

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SiteSection {
    name: Option<String>,
    description: Option<String>,
    url: Option<String>,
    /// As written; [`super::read`] joins it to the folder of the configuration.
    pub(super) logo: Option<PathBuf>,
    theme: Option<String>,
    accent: Option<String>,
    accent_dark: Option<String>,
    #[serde(default)]
    footer: Vec<FooterSection>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct FooterSection {
    text: String,
    url: String,
}

impl SiteSection {
    /// The site, with defaults for missing keys and the content of the logo.
    pub(super) fn site(self) -> Result<Site, UserError> {
        let wrong = |reason: String| UserError(format!("[site] of the configuration: {reason}"));
        let default = Site::default();
        let theme = self.theme.as_deref().map_or(Ok(default.theme), Theme::parse);
        let theme = theme.map_err(|reason| wrong(format!("theme: {reason}")))?;
        let accents = theme.accents(self.accent.as_deref(), self.accent_dark.as_deref());
        let links = self.footer.into_iter().map(|link| (link.text, link.url));
        let footer = FooterLink::list(links).map_err(|reason| wrong(format!("footer: {reason}")))?;
        Ok(Site {
            name: self.name.unwrap_or(default.name),
            description: self.description.unwrap_or(default.description),
            url: self.url.as_deref().map(public_address).transpose()?,
            logo: self.logo.as_deref().map(logo).transpose()?,
            theme,
            accents: accents.map_err(wrong)?,
            footer,
        })
    }
}

/// Reads a logo. [`Logo::new`] refuses one that is a little too large, with its own sentence.
fn logo(path: &Path) -> Result<Logo, UserError> {
    let wrong = |reason: String| UserError(format!("logo of the configuration, {}: {reason}", path.display()));
    let content = read_regular(path, 2 * Logo::MAX_BYTES as u64).map_err(|error| wrong(error.to_string()))?;
    Logo::new(&path.to_string_lossy(), content).map_err(wrong)
}

/// The URL of a site, without a trailing `/`.
fn public_address(address: &str) -> Result<String, UserError> {
    let is_plain = |rest: &str| {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-.:[]/_~%".contains(&byte);
        !rest.is_empty() && rest.bytes().all(allowed)
    };
    let rest = ["https://", "http://"]
        .iter()
        .find_map(|scheme| address.strip_prefix(scheme));
    match rest {
        Some(rest) if is_plain(rest) => Ok(address.trim_end_matches('/').to_owned()),
        _ => Err(UserError(format!(
            "url of the configuration: \"{address}\" is not the address of a site, expected one such as https://rex.example.org"
        ))),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn site(text: &str) -> Result<Site, String> {
        let section: SiteSection = toml::from_str(text).map_err(|error| error.message().to_owned())?;
        section.site().map_err(|error| error.0)
    }

    #[test]
    fn theme_accents_and_footer_are_read() {
        let dressed = site("theme = 'dsfr'\naccent = '#7a0c3b'\nfooter = [{text = 'Mentions', url = '/m'}]").unwrap();
        assert_eq!(dressed.theme, Theme::Dsfr);
        assert_eq!(dressed.accents, Theme::Dsfr.accents(Some("#7a0c3b"), None).unwrap());
        assert_eq!((dressed.footer[0].text(), dressed.footer[0].url()), ("Mentions", "/m"));
        assert_eq!(site("").unwrap(), Site::default());
    }

    #[test]
    fn says_what_is_wrong_with_a_theme_an_accent_or_a_footer() {
        for (text, expected) in [
            (
                "theme = 'DSFR'",
                "[site] of the configuration: theme: \"DSFR\" is not a theme, expected \"default\" or \"dsfr\"",
            ),
            (
                "accent = 'teal'",
                "[site] of the configuration: accent: \"teal\" is not a colour, expected one such as \"#0b5351\"",
            ),
            (
                "accent = '#777777'",
                "[site] of the configuration: accent: \"#777777\" has a contrast of 4.47 with #ffffff, expected at least 4.5 \
                 (WCAG 2.2, 1.4.3): take a darker one",
            ),
            (
                "accent_dark = '#222222'",
                "[site] of the configuration: accent_dark: \"#222222\" has a contrast of 1.09 with #151b1b, expected at least 4.5 \
                 (WCAG 2.2, 1.4.3): take a lighter one",
            ),
            (
                "footer = [{text = 'a', url = 'javascript:alert(1)'}]",
                "[site] of the configuration: footer: \"javascript:alert(1)\" is not an address, expected one that begins with \
                 https://, http:// or /, of at most 500 characters",
            ),
            ("footer = [{text = 'a'}]", "missing field `url`"),
            (
                "footer = [{text = '', url = '/'}]",
                "[site] of the configuration: footer: \"\" is not a link text, expected 1 to 80 characters",
            ),
            (
                "logo = '/none/logo.svg'",
                "logo of the configuration, /none/logo.svg: No such file or directory (os error 2)",
            ),
        ] {
            assert_eq!(site(text).unwrap_err(), expected, "{text}");
        }
    }

    #[test]
    fn a_logo_has_a_maximum_size_and_a_known_format() {
        let folder = tempfile::tempdir().unwrap();
        let read = |name: &str, content: &[u8]| {
            let path = folder.path().join(name);
            fs::write(&path, content).unwrap();
            logo(&path).map_err(|error| error.0.replace(&format!("{}/", folder.path().display()), ""))
        };
        let svg = read("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>").unwrap();
        assert_ne!(svg.digest(), read("b.svg", b"<svg/>").unwrap().digest());
        assert_eq!(
            read("large.png", &vec![0; Logo::MAX_BYTES + 9]).unwrap_err(),
            "logo of the configuration, large.png: larger than expected: at most 512 kB"
        );
        assert_eq!(
            read("a.png", b"<svg/>").unwrap_err(),
            "logo of the configuration, a.png: its content is not that of a .png file"
        );
        assert!(
            read("a.ico", b"")
                .unwrap_err()
                .ends_with("expected a file in .svg, .png, .jpg or .webp")
        );
    }
}

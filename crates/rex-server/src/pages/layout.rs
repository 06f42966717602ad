//! The layout shared by all pages.

use crate::site::asset_files;
use crate::site::config::Site;

/// The data of the page header and footer.
pub(super) struct Layout<'a> {
    /// The document title.
    pub(super) title: String,
    pub(super) site: &'a Site,
    pub(super) assets_version: &'a str,
    /// Whether the page is `noindex`.
    pub(super) is_private: bool,
    /// The canonical address, absolute.
    pub(super) canonical: Option<String>,
    /// The meta description; by default that of the site.
    pub(super) description: Option<String>,
    /// Whether the Open Graph type is `article`.
    pub(super) is_article: bool,
}

impl<'a> Layout<'a> {
    pub(super) fn new(site: &'a Site, title: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            site,
            assets_version: &asset_files::VERSION,
            is_private: false,
            canonical: None,
            description: None,
            is_article: false,
        }
    }

    pub(super) fn description(&self) -> &str {
        self.description.as_deref().unwrap_or(&self.site.description)
    }

    /// The address of the publisher's style sheet.
    pub(super) fn style(&self) -> Option<String> {
        asset_files::site_address(self.site)
    }

    /// The address of the logo.
    pub(super) fn logo(&self) -> Option<String> {
        asset_files::logo_address(self.site)
    }

    /// The Open Graph image, as an absolute address. SVG is not supported there.
    pub(super) fn image(&self) -> Option<String> {
        self.site.logo.as_ref().filter(|logo| !logo.is_svg())?;
        Some(format!("{}{}", self.base()?, self.logo()?))
    }

    /// The feed of the search of the page, or of all cases.
    pub(super) fn feed(&self) -> String {
        // Feeds have their own order and paging.
        const OF_PAGES: [&str; 3] = ["tri=", "page=", "par_page="];
        let query = self.canonical.as_deref().and_then(|address| address.split_once('?'));
        let pairs = query.map_or("", |(_, query)| query).split('&');
        let kept = pairs.filter(|pair| !pair.is_empty() && !OF_PAGES.iter().any(|name| pair.starts_with(name)));
        match kept.collect::<Vec<_>>().join("&").as_str() {
            "" => "/v1/feed.atom".to_owned(),
            query => format!("/v1/feed.atom?{query}"),
        }
    }

    /// The base URL: the configured one, or that of the canonical address.
    fn base(&self) -> Option<&str> {
        if let Some(url) = &self.site.url {
            return Some(url);
        }
        let address = self.canonical.as_deref()?;
        let host = address.find("://")? + 3;
        let path = address[host..].find('/').map_or(address.len(), |path| host + path);
        Some(&address[..path])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::site::config::Logo;

    #[test]
    fn a_feed_is_that_of_the_search() {
        let site = Site::default();
        let feed = |canonical: Option<&str>| {
            let layout = Layout {
                canonical: canonical.map(str::to_owned),
                ..Layout::new(&site, "")
            };
            layout.feed()
        };
        assert_eq!(feed(None), "/v1/feed.atom");
        assert_eq!(feed(Some("http://rex.fr/cas/a")), "/v1/feed.atom");
        assert_eq!(
            feed(Some(
                "http://rex.fr/recherche?q=tri&theme=page%3D&tri=titre&par_page=5&page=2"
            )),
            "/v1/feed.atom?q=tri&theme=page%3D"
        );
        assert_eq!(feed(Some("http://rex.fr/recherche?page=2")), "/v1/feed.atom");
    }

    #[test]
    fn an_image_is_where_the_site_is() {
        let image = |logo: Logo, url: Option<&str>| {
            let site = Site {
                logo: Some(logo),
                url: url.map(str::to_owned),
                ..Site::default()
            };
            let layout = Layout {
                canonical: Some("http://[::1]:7373/cas/a".to_owned()),
                ..Layout::new(&site, "")
            };
            layout.image()
        };
        let png = Logo::new("a.png", b"\x89PNG\r\n\x1a\n".to_vec()).unwrap();
        let address = format!("/logo?v={}", png.digest());
        assert_eq!(image(png.clone(), None), Some(format!("http://[::1]:7373{address}")));
        assert_eq!(
            image(png, Some("https://rex.fr/x")),
            Some(format!("https://rex.fr/x{address}"))
        );
        let svg = Logo::new("a.svg", b"<svg/>".to_vec()).unwrap();
        assert_eq!(image(svg, None), None);
    }
}

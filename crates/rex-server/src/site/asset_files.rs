//! Static files and their versioned addresses.

use std::sync::LazyLock;

use sha2::{Digest, Sha256};

use crate::site::config::Site;
use crate::site::widget;

pub(super) const CSS: &str = concat!(
    include_str!("../../assets/widget/look.css"),
    include_str!("../../assets/pages.css")
);
pub(super) const DOCS: &str = include_str!("../../assets/docs.js");
pub(super) const CASE: &str = include_str!("../../assets/case.js");
pub(super) const INTEGRATE: &str = include_str!("../../assets/integrate.js");
pub(super) const SEARCH: &str = include_str!("../../assets/search.js");
pub(super) const FAVICON: &str = include_str!("../../assets/favicon.svg");

/// Digest of the static files. It is part of their addresses, so that browsers may cache them forever.
pub(crate) static VERSION: LazyLock<String> = LazyLock::new(|| {
    let files = [CSS, DOCS, SEARCH, CASE, INTEGRATE, FAVICON, widget::SCRIPT];
    version(&files.concat())
});

/// The address of the publisher's style sheet, if any.
pub(crate) fn site_address(site: &Site) -> Option<String> {
    let accents = site.accents?;
    Some(format!("/assets/site.css?v={}", version(&accents.css())))
}

/// The address of the publisher's logo, if any.
pub(crate) fn logo_address(site: &Site) -> Option<String> {
    let logo = site.logo.as_ref()?;
    Some(format!("/logo?v={}", logo.digest()))
}

fn version(content: &str) -> String {
    base16ct::lower::encode_string(&Sha256::digest(content)[..6])
}

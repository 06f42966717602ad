//! The files that pages load, and the versioned addresses of them.

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

/// Pages name assets with this, so that a browser may keep them for good.
pub(crate) static VERSION: LazyLock<String> = LazyLock::new(|| {
    let files = [CSS, DOCS, SEARCH, CASE, INTEGRATE, FAVICON, widget::SCRIPT];
    version(&files.concat())
});

/// The address of the publisher's style sheet, where there is one.
pub(crate) fn site_address(site: &Site) -> Option<String> {
    let accents = site.accents?;
    Some(format!("/assets/site.css?v={}", version(&accents.css())))
}

/// The address of the publisher's logo, where there is one.
pub(crate) fn logo_address(site: &Site) -> Option<String> {
    let logo = site.logo.as_ref()?;
    Some(format!("/logo?v={}", logo.digest()))
}

fn version(content: &str) -> String {
    base16ct::lower::encode_string(&Sha256::digest(content)[..6])
}

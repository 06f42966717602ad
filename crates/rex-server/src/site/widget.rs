//! The widget `/rex-search.js`, built by `build.rs` from `assets/widget/`.

use std::sync::LazyLock;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha384};

/// The minified script.
pub(crate) const SCRIPT: &str = include_str!(concat!(env!("OUT_DIR"), "/rex-search.js"));

/// The `integrity` value of the widget (Subresource Integrity): the SHA-384 of its bytes.
pub fn widget_integrity() -> &'static str {
    static INTEGRITY: LazyLock<String> =
        LazyLock::new(|| format!("sha384-{}", STANDARD.encode(Sha384::digest(SCRIPT.as_bytes()))));
    &INTEGRITY
}

//! Existing clients against the real binary: the Meilisearch SDKs, and schemathesis, which tests the API against its OpenAPI document.
//! InstantSearch is in `tests/browser`.
//!
//! `cargo xtask setup` installs them; without them these tests fail with a message. To run one client with its output, name it:
//! `cargo test --package rex-tests --test clients javascript_sdk -- --nocapture` (or `python_sdk`, `schemathesis`).

mod installed;
mod schemathesis;
mod sdk;

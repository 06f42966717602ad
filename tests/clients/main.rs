//! Clients that people already have, against the real binary: the SDKs of Meilisearch, and schemathesis, which asks what the API
//! description says may be asked. InstantSearch is in `tests/browser`.
//!
//! `cargo xtask test` installs them. Without it these tests fail and say so.

mod installed;
mod schemathesis;
mod sdk;

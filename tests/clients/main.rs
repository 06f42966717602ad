//! Clients that people already have, against the real binary: InstantSearch in a real browser, the SDKs of Meilisearch, and
//! schemathesis, which asks what the API description says may be asked.
//!
//! `cargo xtask test` installs them. Without it these tests fail and say so.

mod installed;
mod instantsearch;
mod made;
mod schemathesis;
mod sdk;
mod web;
mod widgets;

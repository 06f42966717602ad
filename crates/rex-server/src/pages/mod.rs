//! The French pages and the API reference. They work without JavaScript, by links and forms.
//!
//! ```text
//! search (facets, charts, notices, similar), case (citation, json_ld, similar), docs, embed, problem
//!       └──────────────── layout, labels, address, response ────────────────┘
//! ```

mod address;
mod case;
mod charts;
mod citation;
mod docs;
mod embed;
mod facets;
mod json_ld;
mod labels;
mod layout;
mod notices;
mod problem;
mod response;
mod search;
mod similar;

pub(crate) use address::address;
pub(crate) use case::case;
pub(crate) use citation::attribution;
pub(crate) use docs::docs;
pub(crate) use embed::integrate;
pub(crate) use problem::problem;
pub(crate) use search::{home, search};

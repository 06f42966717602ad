//! The French pages, and the page of the API. They need no JavaScript: everything is a link or a form.

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

pub(crate) use address::address;
pub(crate) use case::case;
pub(crate) use citation::attribution;
pub(crate) use docs::docs;
pub(crate) use embed::integrate;
pub(crate) use problem::problem;
pub(crate) use search::{home, search};

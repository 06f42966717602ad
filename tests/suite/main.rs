//! The real binary, end to end: command line and HTTP.
//!
//! To run one file, name its module: `cargo test --package rex-tests --test suite facets::`.

mod api_doc;
mod bad_input;
mod booklet;
mod booklet_bounds;
mod chips;
mod cli;
mod decp;
mod docs;
mod eval;
mod explain;
mod export;
mod facet_values;
mod facets;
mod feed;
mod generations;
mod http;
mod kept;
mod limits;
mod meaning;
mod pages;
mod report;
mod search;
mod signals;
mod similar;
mod special_files;
mod start;
mod suggest;
mod table;
mod terminal;
mod vocabularies;

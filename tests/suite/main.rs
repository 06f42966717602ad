//! The real binary, end to end: what the command line says, what HTTP answers.

mod api_doc;
mod bad_input;
mod booklet;
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
mod pages;
mod report;
mod search;
mod similar;
mod start;
mod suggest;
mod vocabularies;

//! Relevance measurement: BEIR collections, measures, and TREC run files.

mod beir;
mod metrics;
mod rules;
mod run_file;

pub(crate) use beir::{Document, Judgements, Query, read_documents, read_judgements, read_queries};
pub(crate) use metrics::{Grade, Measures, RECALL_DEPTH};
pub(crate) use rules::{rule_names, settings, stemmer_names};
pub(crate) use run_file::RunFile;

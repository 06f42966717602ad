//! The `/v1` API without HTTP: parses a query string into a [`SearchRequest`](rex_query::SearchRequest), writes an answer as JSON
//! and an error as a [`Problem`]. Used by the server, the command line and the browser.
//!
//! ```text
//! query string ─ query_string ─ filter_resolver ─ SearchBackend ─ *_json ─ JSON
//!                     └───────────────┴──────────────────────────── problem
//! ```
//!
//! | module | content |
//! |---|---|
//! | `answers` | [`Api`]: an address in, JSON or a [`Problem`] out, over any backend |
//! | `query_string`, `parameter_values` | [`Query`]: parses parameters into a request, and writes a request as parameters |
//! | `filter_resolver` | [`resolve_filters`]: filter values as people type them, resolved by the backend |
//! | `search_json`, `facet_counts_json` | the JSON of `/v1/search` |
//! | `facet_values_json`, `suggest_json`, `case_json`, `similar_json` | the JSON of the other addresses |
//! | `problem` | [`Problem`]: errors in the format of RFC 9457 |
//! | `excerpt`, `html_escape`, `french_format`, `similarity_reason` | texts of answers and pages |
//! | `case_address`, `case_id`, `territory_code`, `generation_time` | addresses, ids, codes and dates |

mod answers;
pub mod case_address;
pub mod case_id;
pub mod case_json;
pub mod excerpt;
mod facet_counts_json;
pub mod facet_values_json;
pub mod filter_resolver;
pub mod french_format;
pub mod generation_time;
pub mod html_escape;
pub mod parameter_values;
pub mod problem;
pub mod query_string;
pub mod search_json;
pub mod similar_json;
pub mod similarity_reason;
pub mod suggest_json;
pub mod territory_code;

pub use answers::Api;
pub use filter_resolver::{FilterError, resolve_filters};
pub use parameter_values::selection_value;
pub use problem::Problem;
pub use query_string::{Query, UnknownParameters};
pub use search_json::answer_json;

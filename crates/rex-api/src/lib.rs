//! The `/v1` API without HTTP: a query string to a [`SearchRequest`](rex_query::SearchRequest), an answer to JSON, and what is
//! wrong to a [`Problem`]. For the server, the command line and the browser.
//!
//! | room | what |
//! |---|---|
//! | `query_string`, `parameter_values` | [`Query`]: parameters in, a request out, and back |
//! | `filter_resolver` | filter values as people type them, resolved by the backend |
//! | `search_json`, `facet_counts_json`, `facet_values_json`, `case_json`, `suggest_json`, `similar_json` | the JSON of each answer |
//! | `problem` | [`Problem`]: errors of RFC 9457 |
//! | `html_escape`, `excerpt`, `french_format`, `similarity_reason`, `territory_code`, `case_address`, `generation_time` | parts of answers |

pub mod case_address;
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

pub use filter_resolver::{FilterError, resolve_filters};
pub use parameter_values::selection_value;
pub use problem::Problem;
pub use query_string::{Query, Unknown};
pub use search_json::answer_json;

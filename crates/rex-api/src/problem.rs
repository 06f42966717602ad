//! API errors in the format of RFC 9457.

use rex_query::SearchError;
use serde::Serialize;
use utoipa::ToSchema;

/// Maximum length of a request path with its query string, in bytes.
pub const MAX_ADDRESS: usize = 16 << 10;

/// An error of the API. The cause of [`Problem::Internal`] is logged, not shown.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// A parameter with an unknown name.
    #[error("unknown parameter \"{name}\"{hint}")]
    UnknownParameter {
        /// The name as sent.
        name: String,
        /// The nearest known name, see [`rex_corpus::nearest_hint`].
        hint: String,
    },
    /// An invalid parameter value.
    #[error("{parameter}: {detail}")]
    InvalidParameter {
        /// The name of the parameter.
        parameter: String,
        /// What is wrong, and what was expected.
        detail: String,
    },
    /// A filter value that no case has, but that is close to one or ambiguous.
    #[error("{parameter}: {}", unknown_value(.value, .likely))]
    UnknownValue {
        /// The name of the parameter.
        parameter: String,
        /// The value as sent.
        value: String,
        /// The nearest value, or the values that an ambiguous name matches.
        likely: Vec<String>,
    },
    /// An unknown case, page or address.
    #[error("{0}")]
    NotFound(String),
    /// A request that is not valid HTTP.
    #[error("{0}")]
    MalformedRequest(String),
    /// The address does not support the method.
    #[error("this address answers GET and HEAD only")]
    MethodNotAllowed,
    /// The path and query string exceed [`MAX_ADDRESS`].
    #[error("the address has over {} bytes; take some of the values out of it", MAX_ADDRESS)]
    AddressTooLong,
    /// The client exceeds its rate limit.
    #[error("too many requests from one address; try again in {seconds} s")]
    TooFast {
        /// Seconds until the next request is accepted.
        seconds: u64,
    },
    /// Too many exports are running.
    #[error("too many exports are under way; try again in a minute")]
    Busy,
    /// The search queue is full, or the wait for a permit timed out.
    #[error("too many searches are under way; try again in a second")]
    Overloaded,
    /// The search exceeded its time limit.
    #[error("the search took too long and was stopped; try again, or ask for less")]
    TimedOut,
    /// The index is damaged and no intact generation is left.
    #[error("the index is damaged and has to be built again; try again later")]
    Unavailable,
    /// An error of the server.
    #[error("the server failed to answer; the failure is logged")]
    Internal,
}

/// The JSON of a problem (RFC 9457), as `application/problem+json`.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProblemJson {
    /// Names the kind of problem.
    #[serde(rename = "type")]
    #[schema(example = "urn:rex:problem:invalid-parameter")]
    kind: String,
    /// What the kind means.
    title: &'static str,
    /// The HTTP status.
    status: u16,
    /// What is wrong with this request and what was expected.
    detail: String,
    /// The parameter at fault, where there is one.
    parameter: Option<String>,
}

impl Problem {
    /// An invalid value of a parameter.
    pub fn invalid(parameter: &str, detail: impl Into<String>) -> Self {
        Self::InvalidParameter {
            parameter: parameter.to_owned(),
            detail: detail.into(),
        }
    }

    /// The error for an unknown API address; `path` is the path as sent.
    pub fn unknown_address(path: &str) -> Self {
        let path: String = path.chars().take(100).collect();
        Self::NotFound(format!("there is no {path}; /v1/docs lists what there is"))
    }

    /// The error for an unknown case id.
    pub fn unknown_case(id: &str) -> Self {
        let id: String = id.chars().take(100).collect();
        Self::NotFound(format!("no case has the id \"{id}\""))
    }

    /// The error for a case id that is not UTF-8.
    pub fn undecodable_case() -> Self {
        Self::NotFound("no case has this id, which is not UTF-8".to_owned())
    }

    /// The HTTP status.
    pub const fn status(&self) -> u16 {
        match self {
            Self::UnknownParameter { .. }
            | Self::InvalidParameter { .. }
            | Self::UnknownValue { .. }
            | Self::MalformedRequest(_) => 400,
            Self::NotFound(_) => 404,
            Self::MethodNotAllowed => 405,
            Self::AddressTooLong => 414,
            Self::TooFast { .. } => 429,
            Self::Busy | Self::Overloaded | Self::TimedOut | Self::Unavailable => 503,
            Self::Internal => 500,
        }
    }

    /// The JSON body, of type `application/problem+json`.
    pub fn json(&self) -> Vec<u8> {
        let (kind, title) = self.kind_and_title();
        let body = ProblemJson {
            kind: format!("urn:rex:problem:{kind}"),
            title,
            status: self.status(),
            detail: self.to_string(),
            parameter: self.parameter().map(str::to_owned),
        };
        // Strings and a number always serialize.
        serde_json::to_vec(&body).unwrap_or_default()
    }

    fn kind_and_title(&self) -> (&'static str, &'static str) {
        match self {
            Self::UnknownParameter { .. } => ("unknown-parameter", "Unknown parameter"),
            Self::InvalidParameter { .. } | Self::UnknownValue { .. } => ("invalid-parameter", "Invalid parameter"),
            Self::NotFound(_) => ("not-found", "Not found"),
            Self::MalformedRequest(_) => ("malformed-request", "Malformed request"),
            Self::MethodNotAllowed => ("method-not-allowed", "Method not allowed"),
            Self::AddressTooLong => ("address-too-long", "Address too long"),
            Self::TooFast { .. } => ("too-fast", "Too many requests"),
            Self::Busy => ("busy", "Busy"),
            Self::Overloaded => ("overloaded", "Overloaded"),
            Self::TimedOut => ("timed-out", "Timed out"),
            Self::Unavailable => ("index-damaged", "Index damaged"),
            Self::Internal => ("internal", "Internal error"),
        }
    }

    fn parameter(&self) -> Option<&str> {
        match self {
            Self::UnknownParameter { name, .. } => Some(name),
            Self::InvalidParameter { parameter, .. } | Self::UnknownValue { parameter, .. } => Some(parameter),
            _ => None,
        }
    }

    /// Seconds after which a retry may succeed, for `Retry-After`.
    pub fn retry_after(&self) -> Option<u64> {
        match self {
            Self::TooFast { seconds } => Some(*seconds),
            Self::Busy | Self::Unavailable => Some(60),
            Self::Overloaded | Self::TimedOut => Some(1),
            _ => None,
        }
    }

    /// The message for visitors, in French.
    pub fn french(&self) -> String {
        match self {
            Self::UnknownParameter { name, .. } => format!("Le paramètre « {name} » n'existe pas."),
            Self::InvalidParameter { parameter, .. } => {
                format!("L'adresse donne au paramètre « {parameter} » une valeur qui n'a pas de sens.")
            }
            Self::UnknownValue {
                parameter,
                value,
                likely,
            } => {
                let likely: Vec<String> = likely.iter().map(|value| format!("« {value} »")).collect();
                match likely.as_slice() {
                    [nearest] => format!(
                        "Le filtre « {parameter} » n'a pas de valeur « {value} » ; la plus proche est {nearest}."
                    ),
                    several => format!(
                        "Plusieurs valeurs du filtre « {parameter} » peuvent répondre à « {value} » : {}. Précisez laquelle.",
                        several.join(", ")
                    ),
                }
            }
            Self::NotFound(_) => "Cette page n'existe pas, ou n'existe plus.".to_owned(),
            Self::MalformedRequest(_) => "Le navigateur, ou un relais, envoie une demande incorrecte.".to_owned(),
            Self::MethodNotAllowed => "Cette adresse ne peut qu'être lue.".to_owned(),
            Self::AddressTooLong => "L'adresse est trop longue ; retirez-en des filtres.".to_owned(),
            Self::TooFast { .. } | Self::Overloaded => {
                "Le service reçoit trop de demandes ; réessayez dans un instant.".to_owned()
            }
            Self::Busy => "Trop d'exports sont en cours ; réessayez dans une minute.".to_owned(),
            Self::TimedOut => "La recherche a pris trop de temps ; réessayez, ou demandez moins.".to_owned(),
            Self::Unavailable => "L'index est endommagé et doit être reconstruit ; réessayez plus tard.".to_owned(),
            Self::Internal => {
                "Le service a rencontré une erreur. Elle est enregistrée ; réessayez dans un instant.".to_owned()
            }
        }
    }
}

/// The cause of an unreadable index is dropped: callers log it first.
impl From<SearchError> for Problem {
    fn from(error: SearchError) -> Self {
        match error {
            SearchError::TimedOut => Self::TimedOut,
            SearchError::Unreadable { .. } => Self::Internal,
        }
    }
}

fn unknown_value(value: &str, likely: &[String]) -> String {
    match likely {
        [nearest] => format!("no value is called \"{value}\", the nearest is \"{nearest}\""),
        several => format!(
            "several values may be meant by \"{value}\", expected one of: {}",
            several.join(", ")
        ),
    }
}

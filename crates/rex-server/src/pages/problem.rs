//! Error pages.

use askama::Template;
use axum::response::Response;
use rex_api::problem::Problem;

use super::layout::Layout;
use super::response::html;
use crate::http::problem::{status, with_retry_after};
use crate::search::app_state::AppState;

#[derive(Template)]
#[template(path = "problem.html")]
struct ProblemPage<'a> {
    layout: Layout<'a>,
    heading: &'static str,
    message: String,
}

/// The error page of a problem.
pub(crate) fn problem(state: &AppState, problem: &Problem) -> Response {
    let heading = match problem {
        Problem::NotFound(_) => "Page introuvable",
        Problem::Busy | Problem::Overloaded | Problem::TooFast { .. } | Problem::TimedOut => "Le service est occupé",
        Problem::Unavailable => "Le service est indisponible",
        Problem::Internal => "Le service a rencontré une erreur",
        Problem::UnknownValue { .. } => "Filtre inconnu",
        Problem::UnknownParameter { .. }
        | Problem::InvalidParameter { .. }
        | Problem::MalformedRequest(_)
        | Problem::MethodNotAllowed
        | Problem::AddressTooLong => "Adresse incorrecte",
    };
    let page = ProblemPage {
        layout: Layout {
            is_private: true,
            ..Layout::new(state.site(), heading)
        },
        heading,
        message: problem.french(),
    };
    with_retry_after(problem, html(status(problem), &page))
}

//! The French pages, and the page of the API. They need no JavaScript: everything is a link or a form.

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
mod search;

pub(crate) use case::case;
pub(crate) use citation::told_after;
pub(crate) use docs::docs;
pub(crate) use embed::integrate;
pub(crate) use search::{address, home, search};

use askama::Template;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use rex_api::problem::Problem;

use crate::http::problem::{HttpProblem, status, with_retry_after};
use crate::search::app_state::AppState;
use layout::Frame;

#[derive(Template)]
#[template(path = "problem.html")]
struct ProblemPage<'a> {
    frame: Frame<'a>,
    heading: &'static str,
    message: String,
}

/// The page that says what went wrong.
pub(crate) fn problem(state: &AppState, problem: &Problem) -> Response {
    let heading = match problem {
        Problem::NotFound(_) => "Page introuvable",
        Problem::Busy | Problem::Overloaded | Problem::TooFast { .. } | Problem::TimedOut => "Le service est occupé",
        Problem::Unavailable => "Le service est indisponible",
        Problem::Internal => "Le service a rencontré une erreur",
        Problem::UnknownValue { .. } => "Filtre inconnu",
        Problem::UnknownParameter { .. }
        | Problem::InvalidParameter { .. }
        | Problem::MethodNotAllowed
        | Problem::AddressTooLong => "Adresse incorrecte",
    };
    let page = ProblemPage {
        frame: Frame {
            is_private: true,
            ..Frame::new(state.site(), heading)
        },
        heading,
        message: problem.french(),
    };
    with_retry_after(problem, html(status(problem), &page))
}

/// The page with leave to run the scripts of this server, which ask nobody else.
fn scripted(mut page: Response) -> Response {
    page.headers_mut().insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(
            "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self'; \
             form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
        ),
    );
    page
}

fn html(status: StatusCode, page: &impl Template) -> Response {
    match page.render() {
        Ok(html) => (status, [(header::CONTENT_TYPE, "text/html; charset=utf-8")], html).into_response(),
        Err(error) => {
            tracing::error!(%error, "a page did not render");
            HttpProblem(Problem::Internal).into_response()
        }
    }
}

//! Pages for people: search, one role, one specialisation, the map.
//!
//! They work without scripts (a form, links); `serve.js` makes the search live by putting
//! [`hits`] into the page while a query is typed.

mod cluster;
mod frame;
mod list;
mod role;
mod search;

use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use rolecluster::language::Language;

use super::html::Text;
use super::problem::Problem;
use super::words::words;
use super::{Shared, assets};
use frame::Page;

pub use cluster::cluster;
pub use role::role;
pub use search::{hits, search};

/// The map, the same page as `map.html`.
pub async fn map(State(app): Shared) -> Result<Response, Problem> {
    let Some(page) = app.site.map() else {
        return Err(Problem::not_found("there is no map; `rolecluster cluster` draws one"));
    };
    // Its own policy, which stands in the page, names its one script and one style.
    let policy = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; \
        base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    let mut response = ([(header::CONTENT_TYPE, assets::HTML)], page).into_response();
    let policy = HeaderValue::from_static(policy);
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    Ok(response)
}

/// A page that says why there is no other.
pub fn problem(problem: &Problem, language: Language) -> String {
    let words = words(language);
    let mut body = format!("<h1>{}</h1><p>{}</p>", words.failed, Text(problem.message()));
    if problem.status() == StatusCode::UNAUTHORIZED {
        body.push_str(&format!(
            "<form class=\"token\" method=\"get\" action=\"/\"><label>{} <input type=\"password\" \
             name=\"token\" autocomplete=\"off\" autofocus required></label> \
             <button>{}</button></form>",
            words.token, words.enter
        ));
    }
    let title = problem.status().to_string();
    Page { language, title: &title, map: None, body: &body }.to_string()
}

fn html(page: &Page<'_>) -> Response {
    ([(header::CONTENT_TYPE, assets::HTML)], page.to_string()).into_response()
}

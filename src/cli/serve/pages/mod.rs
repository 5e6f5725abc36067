//! Pages for people: search, one role, one specialisation, the map.
//!
//! They work without scripts (a form, links); `serve.js` makes the search live by putting
//! [`hits`] into the page while a query is typed. All markup is made by `maud`, which escapes
//! every text.

mod cluster;
mod layout;
mod lists;
mod markup;
mod role;
mod search;
mod search_form;

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use maud::html;
use rolecluster::language::Language;

use super::api_error::ApiError;
use super::app::Shared;
use super::assets;
use super::ui_text::ui_text;
use layout::Page;
use markup::printable;

pub use cluster::cluster;
pub use role::role;
pub use search::{hits, search};

/// The map, the same page as `map.html`, with links to the others.
pub async fn map(State(app): Shared) -> Result<Response, ApiError> {
    let Some(page) = app.run.map() else {
        return Err(ApiError::not_found("there is no map; `rolecluster cluster` draws one"));
    };
    let headers = [
        (header::CONTENT_TYPE, assets::HTML),
        (header::CONTENT_SECURITY_POLICY, app.run.map_policy()),
    ];
    Ok((headers, page).into_response())
}

/// The page of an error; one about a missing token asks for it.
pub fn error(error: &ApiError, language: Language) -> String {
    let text = ui_text(language);
    let body = html! {
        h1 { (text.failed) }
        p { (error.message()) }
        @if error.status() == StatusCode::UNAUTHORIZED {
            form.token method="get" action="/" {
                label {
                    (text.token) " "
                    input type="password" name="token" autocomplete="off" autofocus required;
                }
                " "
                button { (text.enter) }
            }
        }
    };
    let title = error.status().to_string();
    printable(Page { language, title: &title, map: None, body }.markup())
}

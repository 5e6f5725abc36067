//! The search page, and its hits alone for a page that is already open.

use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, html};

use super::super::api_error::ApiError;
use super::super::app::{App, Shared};
use super::super::ui_text::{self, ui_text};
use super::layout::Page;
use super::lists::{cluster_list, hit_list};
use super::markup::respond;
use super::search_form::SearchForm;

/// `/`: the form, and below it the hits or, without a query, the specialisations.
pub async fn search(State(app): Shared, RawQuery(query): RawQuery) -> Result<Response, ApiError> {
    let form = SearchForm::parse(query.as_deref());
    let found = results(&app, &form).await?;
    let run = &app.run;
    let (language, clusters) = (run.language(), run.opened.clusters());
    let title = ui_text::title(language, run.opened.n_roles(), clusters.len());
    let body = html! {
        h1 { (title) }
        (form.markup(run))
        div #found hidden[found.is_none()] { @if let Some(found) = &found { (found) } }
        @if !clusters.is_empty() {
            section #all hidden[found.is_some()] {
                h2 { (ui_text(language).clusters) }
                (cluster_list(clusters, language))
            }
        }
    };
    let map = run.map().is_some().then_some("");
    Ok(respond(StatusCode::OK, Page { language, title: &title, map, body }.markup()))
}

/// `/hits`: what stands below the form, errors included.
pub async fn hits(State(app): Shared, RawQuery(query): RawQuery) -> Response {
    match results(&app, &SearchForm::parse(query.as_deref())).await {
        Ok(found) => respond(StatusCode::OK, found.unwrap_or_default()),
        Err(error) => respond(error.status(), html! { p.count { (error.message()) } }),
    }
}

/// The hits with their number above; `None` without a query.
async fn results(app: &App, form: &SearchForm) -> Result<Option<Markup>, ApiError> {
    let Some(request) = form.request()? else { return Ok(None) };
    let language = app.run.language();
    let (answer, request) = app.search(request).await?;
    let hits = &answer.hits;
    let text = ui_text(language);
    let is_full = hits.len() == request.options.k;
    let count = match hits.len() {
        0 if answer.best.is_some() => text.nothing_near.to_string(),
        0 => text.no_hits.to_string(),
        n if is_full => ui_text::nearest(language, n),
        n => ui_text::n_roles(language, n),
    };
    Ok(Some(html! {
        @if let Some(better) = &answer.searched_for {
            p.count { (text.searched_for) " " bdi { (better) } }
        }
        p.count {
            (count)
            @if app.run.map().is_some() && !hits.is_empty() {
                " " a href=(form.address_on_map()) { (text.on_the_map) }
            }
        }
        (hit_list(hits, &app.run))
        @if is_full && !form.more {
            p { a.more href=(form.address_of_more()) { (text.more) } }
        }
    }))
}

//! The page of one specialisation: roles, terms, technologies.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, html};
use rolecluster::group_codes::GroupCode;
use rolecluster::language::Language;
use rolecluster::profile::{ClusterProfile, TechnologyUse};
use rolecluster::report::Placement;

use super::super::api_error::ApiError;
use super::super::app::Shared;
use super::super::search_params::{Id, role_id};
use super::super::served_run::ServedRun;
use super::super::ui_text::{self, ui_text};
use super::layout::Page;
use super::lists::role_list;
use super::markup::{encoded, pen, respond, set_by_hand};

/// Members shown above the technologies, beside the exemplars.
const N_SHOWN: usize = 20;
/// Members listed below them; a search with a filter finds the others.
const MOST_LISTED: usize = 500;

/// `/clusters/{id}`.
pub async fn cluster(State(app): Shared, id: Id) -> Result<Response, ApiError> {
    let id = role_id(id)?;
    let run = &app.run;
    let found = id.as_str().parse().ok().and_then(|id| run.opened.cluster(id));
    let Some(profile) = found else {
        return Err(ApiError::not_found(format!("there is no specialisation {:?}", id.as_str())));
    };
    let language = run.language();
    let text = ui_text(language);
    let on_map = format!("#cluster={}", profile.id);
    let map = run.map().is_some().then_some(on_map.as_str());
    let body = html! {
        article {
            h1 { (profile.name) }
            p.under {
                (ui_text::n_roles(language, profile.size))
                @if let Some(direction) = profile.direction.and_then(|id| run.opened.direction(id)) {
                    " · " bdi { (direction.name) }
                    (pen(&direction.by_hand, language))
                    @if direction.given_name().is_some() { " (" (text.given) ")" }
                }
                (set_by_hand(&profile.by_hand, language))
                @if let Some(certainty) = profile.certainty {
                    " · " (text.certainty) (format!(" {:.0}%", 100.0 * certainty))
                }
                @if map.is_some() { " " a href={ "/map" (on_map) } { (text.on_the_map) } }
            }
            (members(profile, run))
            h2 { (text.terms) }
            p.terms {
                @for (at, term) in profile.terms.iter().enumerate() {
                    @if at > 0 { " · " }
                    bdi { (term.term) }
                }
            }
            (technology_table(&profile.technologies, language))
            @if let Some(codes) = run.opened.report().and_then(|report| report.codes.as_ref()) {
                (code_table(codes.of_cluster(profile.id), language))
            }
        }
    };
    let page = Page { language, title: &profile.name, map, body };
    Ok(respond(StatusCode::OK, page.markup()))
}

fn technology_table(technologies: &[TechnologyUse], language: Language) -> Markup {
    html! {
        @if !technologies.is_empty() {
            h2 { (ui_text(language).technologies) }
            table {
                @for used in technologies {
                    tr {
                        th scope="row" {
                            a href={ "/?q=" (encoded(&used.name)) } { bdi { (used.label) } }
                        }
                        td { (used.count) }
                        td { (format!("{:.0} %", 100.0 * used.share)) }
                        // The meter repeats the number, which is what a screen reader says.
                        td aria-hidden="true" { meter value=(format!("{:.3}", used.share)) {} }
                    }
                }
            }
        }
    }
}

/// The nearest standard occupations, or that none is near.
fn code_table(codes: &[GroupCode], language: Language) -> Markup {
    let text = ui_text(language);
    html! {
        h2 { (text.codes) }
        @if codes.is_empty() {
            p.soft { (text.none_near) }
        } @else {
            table {
                @for near in codes {
                    tr {
                        th scope="row" { bdi { (near.title) } }
                        td { @if let Some(isco) = &near.isco { "ISCO " (isco) } }
                        td title=(text.code_score) { (format!("{:.2}", near.score)) }
                        td {}
                    }
                }
            }
        }
    }
}

/// The roles: the most typical ones, then the surest; the others behind a heading that opens.
fn members(profile: &ClusterProfile, run: &ServedRun) -> Markup {
    let (language, members) = (run.language(), run.opened.members(profile.id));
    let text = ui_text(language);
    let exemplars: Vec<&Placement> = profile
        .exemplars
        .iter()
        .filter_map(|id| members.iter().find(|member| member.id == *id).copied())
        .collect();
    let others: Vec<&Placement> =
        members.iter().filter(|member| !profile.exemplars.contains(&member.id)).copied().collect();
    let (first, rest) = others.split_at(others.len().min(N_SHOWN));
    let n_listed = rest.len().min(MOST_LISTED);
    html! {
        @if !exemplars.is_empty() {
            h2 { (text.exemplars) }
            (role_list(exemplars, run))
        }
        @if !first.is_empty() {
            h2 { (text.members) }
            (role_list(first.iter().copied(), run))
        }
        @if !rest.is_empty() {
            details {
                summary { (ui_text::n_more(language, rest.len())) }
                @if n_listed < rest.len() {
                    p.soft { (ui_text::first_of(language, n_listed, rest.len())) }
                }
                (role_list(rest.iter().take(MOST_LISTED).copied(), run))
            }
        }
    }
}

//! The page of one role: its text, its fields, similar roles.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, html};
use rolecluster::language::Language;
use rolecluster::pipeline::Found;

use super::super::super::answering::limits::DEFAULT_ROLES;
use super::super::api_error::ApiError;
use super::super::app::Shared;
use super::super::search_params::{Id, role_id};
use super::super::ui_text::ui_text;
use super::layout::Page;
use super::lists::{cluster_link, hit_list, technology_links};
use super::markup::{encoded, respond, set_by_hand, title_or_placeholder};

/// `/roles/{id}`.
pub async fn role(State(app): Shared, id: Id) -> Result<Response, ApiError> {
    let id = role_id(id)?;
    let found = app.role(&id)?;
    let similar = app.similar(id.clone(), DEFAULT_ROLES).await?.hits;
    let language = app.run.language();
    let text = ui_text(language);
    let title = title_or_placeholder(&app.run, id.as_str(), &found.role.title);
    let on_map = format!("#role={}", encoded(id.as_str()));
    let map = app.run.map().is_some().then_some(on_map.as_str());
    let body = html! {
        article {
            h1 dir="auto" { (title) }
            p.under {
                (cluster_link(found.cluster, found.cluster_name, language))
                @if let Some(direction) = found.direction_name {
                    " " span.soft { bdi { (direction) } }
                }
                (set_by_hand(app.run.opened.by_hand(&id).as_slice(), language))
            }
            (technology_links(found.technologies.iter().copied()))
            (description(&found.role.description, language))
            (fields(&found, language))
            @if map.is_some() {
                p { a href={ "/map" (on_map) } { (text.on_the_map) } }
            }
        }
        section {
            h2 { (text.similar) }
            (hit_list(&similar, &app.run))
        }
    };
    let page = Page { language, title, map, body };
    Ok(respond(StatusCode::OK, page.markup()))
}

/// The text of the posting, a paragraph per line.
fn description(description: &str, language: Language) -> Markup {
    let lines: Vec<&str> =
        description.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    html! {
        @if lines.is_empty() {
            p.soft { (ui_text(language).no_text) }
        } @else {
            div.text { @for line in lines { p dir="auto" { (line) } } }
        }
    }
}

fn fields(found: &Found<'_>, language: Language) -> Markup {
    let (role, text) = (found.role, ui_text(language));
    let strength = found.strength.filter(|_| found.cluster.is_some());
    let field = |name: &str, value: &str| html! { dt { (name) } dd dir="auto" { (value) } };
    html! {
        dl {
            @if !role.stack.is_empty() { (field(text.stack, &role.stack.join(", "))) }
            @if let Some(section) = &role.section { (field(text.section, section)) }
            (field(text.id, role.id.as_str()))
            @if let Some(strength) = strength { (field(text.strength, &format!("{strength:.2}"))) }
            @if found.shares.len() > 1 { dt { (text.shares) } dd { (shares(found, language)) } }
            @if let Some(first) = found.duplicate_of {
                dt { (text.repeats) }
                dd dir="auto" {
                    a href={ "/roles/" (encoded(first.as_str())) } { bdi { (first.as_str()) } }
                }
            }
            @for (name, value) in role.fields.iter() { (field(name, value)) }
        }
    }
}

/// The likeliest specialisations, each a link with its share.
fn shares(found: &Found<'_>, language: Language) -> Markup {
    html! {
        @for (at, (share, name)) in found.shares.iter().enumerate() {
            @if at > 0 { ", " }
            (cluster_link(Some(share.cluster), Some(*name), language))
            (format!(" {:.0}%", 100.0 * share.share))
        }
    }
}

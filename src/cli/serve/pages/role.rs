//! One role: its text, what it names, what is like it.

use std::fmt::Write;

use axum::extract::State;
use axum::response::Response;

use super::super::html::{Inline, Piece, Text, paragraphs};
use super::super::problem::Problem;
use super::super::request::USUAL_ROLES;
use super::super::words::words;
use super::super::{Shared, api};
use super::frame::Page;
use super::html;
use super::list::{chips, hit_list, place};

/// `/roles/{id}`.
pub async fn role(State(app): Shared, id: api::Id) -> Result<Response, Problem> {
    let id = api::role_id(id)?;
    let site = &app.site;
    let found = api::known(site, &id)?;
    let near = api::near(&app, id.clone(), USUAL_ROLES).await?;
    let language = site.language();
    let words = words(language);
    let role = found.role;
    let title = match role.title.trim() {
        "" => words.no_title,
        title => title,
    };
    let mut body = format!("<article><h1 dir=\"auto\">{}</h1>\n", Text(title));
    let _ = write!(
        body,
        "<p class=\"under\">{}</p>\n{}",
        place(found.cluster, found.cluster_name, language),
        chips(found.technologies.iter().copied())
    );
    match paragraphs(&role.description) {
        text if text.is_empty() => {
            let _ = write!(body, "<p class=\"soft\">{}</p>", words.no_text);
        }
        text => {
            let _ = writeln!(body, "<div class=\"text\">{text}</div>");
        }
    }
    body.push_str("<dl>");
    let mut row = |name: &str, value: &str| {
        // Writing to a string does not fail.
        let _ = write!(body, "<dt>{}</dt><dd dir=\"auto\">{value}</dd>", Text(name));
    };
    if !role.stack.is_empty() {
        row(words.stack, &Text(&role.stack.join(", ")).to_string());
    }
    if let Some(section) = &role.section {
        row(words.section, &Text(section).to_string());
    }
    row(words.id, &Text(role.id.as_str()).to_string());
    if let Some(strength) = found.strength.filter(|_| found.cluster.is_some()) {
        row(words.strength, &format!("{strength:.2}"));
    }
    if let Some(first) = found.duplicate_of {
        let (at, id) = (Piece(first.as_str()), Inline(first.as_str()));
        row(words.repeats, &format!("<a href=\"/roles/{at}\">{id}</a>"));
    }
    for (name, value) in &role.fields {
        row(name, &Text(value).to_string());
    }
    body.push_str("</dl>\n");
    let on_map = format!("#role={}", Piece(role.id.as_str()));
    let map = site.map().is_some().then_some(on_map.as_str());
    if map.is_some() {
        let _ = write!(body, "<p><a href=\"/map{on_map}\">{}</a></p>", words.on_the_map);
    }
    let _ = write!(
        body,
        "</article>\n<section><h2>{}</h2>{}</section>",
        words.similar,
        hit_list(&near, language)
    );
    Ok(html(&Page { language, title, map, body: &body }))
}

//! One specialisation: what it is about, what it asks for, who is in it.

use std::fmt::Write;

use axum::extract::State;
use axum::response::Response;

use super::super::html::{Inline, Piece, Text};
use super::super::problem::Problem;
use super::super::words::{self, words};
use super::super::{Shared, api};
use super::frame::Page;
use super::html;
use super::list::role_list;

/// Roles listed; a search with a filter finds the others.
const MOST_LISTED: usize = 500;

/// `/clusters/{id}`.
pub async fn cluster(State(app): Shared, id: api::Id) -> Result<Response, Problem> {
    let id = api::role_id(id)?;
    let site = &app.site;
    let found = id.as_str().parse().ok().and_then(|id| site.cluster(id));
    let Some(profile) = found else {
        return Err(Problem::not_found(format!("there is no specialisation {:?}", id.as_str())));
    };
    let language = site.language();
    let words = words(language);
    let on_map = format!("#cluster={}", profile.id.0);
    let map = site.map().is_some().then_some(on_map.as_str());
    let mut body = format!(
        "<article><h1>{}</h1>\n<p class=\"under\">{}",
        Text(&profile.name),
        words::n_roles(language, profile.size)
    );
    if map.is_some() {
        let _ = write!(body, " <a href=\"/map{on_map}\">{}</a>", words.on_the_map);
    }
    let _ = write!(body, "</p>\n<h2>{}</h2><p class=\"terms\">", words.terms);
    let terms: Vec<String> =
        profile.terms.iter().map(|term| Inline(&term.term).to_string()).collect();
    let _ = writeln!(body, "{}</p>", terms.join(" · "));
    if !profile.technologies.is_empty() {
        let _ = write!(body, "<h2>{}</h2><table>", words.technologies);
        for used in &profile.technologies {
            // The meter says it again for the eye; the number is what is read out.
            let _ = write!(
                body,
                "<tr><th scope=\"row\"><a href=\"/?q={}\">{}</a></th><td>{}</td>\
                 <td>{:.0} %</td><td aria-hidden=\"true\"><meter value=\"{:.3}\"></meter></td></tr>",
                Piece(&used.name),
                Inline(&used.label),
                used.count,
                100.0 * used.share,
                used.share
            );
        }
        body.push_str("</table>\n");
    }
    let members = site.members(profile.id);
    let exemplars: Vec<_> = profile
        .exemplars
        .iter()
        .filter_map(|id| members.iter().find(|member| member.id == *id).copied())
        .collect();
    if !exemplars.is_empty() {
        let list = role_list(exemplars, language);
        let _ = write!(body, "<h2>{}</h2>{list}", words.exemplars);
    }
    let _ = write!(body, "<h2>{}</h2>", words.members);
    if members.len() > MOST_LISTED {
        let shown = words::first_of(language, MOST_LISTED, members.len());
        let _ = write!(body, "<p class=\"soft\">{shown}</p>");
    }
    body.push_str(&role_list(members.iter().take(MOST_LISTED).copied(), language));
    body.push_str("</article>");
    Ok(html(&Page { language, title: &profile.name, map, body: &body }))
}

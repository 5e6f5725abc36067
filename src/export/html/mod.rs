//! `map.html`: the map as one self-contained page.
//!
//! Posting text is hostile input. It is embedded only as JSON in data blocks (`embed`) and shown
//! only as text nodes; a content security policy allows the one script and the one style by their
//! hashes and forbids every connection, but for a search on the server that the page comes from.

mod data;
mod drawn_rows;
mod embed;
mod figures;
mod links;
mod map_text;
mod page;

use std::io::{self, Write};

use super::picture::scene::Scene;
use super::report_text::title;
use crate::language::Language;
use crate::report::Report;
use crate::role::Role;

pub use links::Links;
pub(super) use page::page;

const PAGE: &str = include_str!("map.html");
/// One script, concatenated from several files, each of which uses those before it.
/// Text from postings reaches the screen through `textContent` alone.
const SCRIPT: &str = concat!(
    "\"use strict\";\n(() => {\n",
    include_str!("script/data.js"),
    include_str!("script/elements.js"),
    include_str!("script/state.js"),
    include_str!("script/draw.js"),
    include_str!("script/labels.js"),
    include_str!("script/view.js"),
    include_str!("script/pointer.js"),
    include_str!("script/specialisations.js"),
    include_str!("script/roles.js"),
    include_str!("script/search.js"),
    include_str!("script/panel.js"),
    include_str!("script/keys.js"),
    include_str!("script/address.js"),
    include_str!("script/begin.js"),
    "})();\n"
);
const STYLE: &str = include_str!("map.css");
/// Roles whose texts share a data block, so that opening one role parses one block, not all.
const ROLES_PER_BLOCK: usize = 256;

/// Writes the page for `report`; `roles` are those of its placements, in the same order; of more than
/// 50,000 a sample is drawn. With
/// `links` it is a page of a server: it links to the others, and the server searches for it.
///
/// # Errors
/// When the report holds no map, or `out` cannot be written.
///
/// # Panics
/// If there is not one role per placement.
pub fn html(
    report: &Report,
    roles: &[Role],
    language: Language,
    links: Option<&Links>,
    out: &mut dyn Write,
) -> io::Result<()> {
    assert_eq!(roles.len(), report.placements.len(), "one role per placement");
    let scene = Scene::of(report)?;
    let title = title(language, report.placements.len(), report.profiles.len());
    for piece in pieces(PAGE) {
        match piece {
            Piece::Text(text) => out.write_all(text.as_bytes())?,
            Piece::Slot("lang") => out.write_all(language.code().as_bytes())?,
            Piece::Slot("title") => out.write_all(title.as_bytes())?,
            Piece::Slot("noscript") => out.write_all(map_text::no_script(language).as_bytes())?,
            Piece::Slot("policy") => out.write_all(html_policy(links).as_bytes())?,
            Piece::Slot("figures") => {
                out.write_all(figures::details(report, language).as_bytes())?
            }
            Piece::Slot("style") => out.write_all(STYLE.as_bytes())?,
            Piece::Slot("script") => out.write_all(SCRIPT.as_bytes())?,
            Piece::Slot("data") => {
                let rows = drawn_rows::drawn_rows(report);
                let page = data::page((report, roles, &rows), &scene, language, links);
                embed::block("data", &page, out)?;
                for rows in rows.chunks(ROLES_PER_BLOCK) {
                    embed::block("texts", &data::texts(roles, rows), out)?;
                }
            }
            Piece::Slot(other) => {
                return Err(io::Error::other(format!("the page has no content for {other:?}")));
            }
        }
    }
    Ok(())
}

/// The content security policy that the page states, for a server to send with it: its one script
/// and its one style, by their hashes. `links` as for [`html`].
pub fn html_policy(links: Option<&Links>) -> String {
    embed::policy(SCRIPT, STYLE, links.is_some())
}

/// A part of the template: literal text, or a placeholder.
#[derive(Debug, PartialEq)]
enum Piece<'a> {
    Text(&'a str),
    Slot(&'a str),
}

/// Splits a template at its `{{slots}}`.
fn pieces(page: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = page;
    while let Some((before, after)) = rest.split_once("{{") {
        pieces.push(Piece::Text(before));
        let (slot, after) = after.split_once("}}").unwrap_or((after, ""));
        pieces.push(Piece::Slot(slot));
        rest = after;
    }
    pieces.push(Piece::Text(rest));
    pieces
}

#[cfg(test)]
mod tests;

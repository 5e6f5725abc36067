//! `map.html`: the map as one page that needs nothing but itself.
//!
//! Posting text is hostile. It stands in the page only as JSON in data blocks (`embed`), is
//! put on the screen only as text, and a content security policy names the one script and
//! the one style the page may run by their hashes and forbids every connection.

mod data;
mod embed;
mod map_text;

use std::io::{self, Write};

use super::picture::scene::Scene;
use super::report_text::title;
use crate::language::Language;
use crate::report::Report;
use crate::role::Role;

const PAGE: &str = include_str!("map.html");
/// One script for the browser, several files for the reader, each on from those before it.
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
    include_str!("script/panel.js"),
    include_str!("script/keys.js"),
    include_str!("script/address.js"),
    include_str!("script/begin.js"),
    "})();\n"
);
const STYLE: &str = include_str!("map.css");
/// Roles whose texts share a block: a click parses one block, not all of them.
const ROLES_PER_BLOCK: usize = 256;

/// Writes the page for `report`; `roles` are those of its placements, in the same order.
///
/// # Errors
/// When the report holds no map, and what `out` answers.
///
/// # Panics
/// If there is not one role per placement.
pub fn html(
    report: &Report,
    roles: &[Role],
    language: Language,
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
            Piece::Slot("policy") => out.write_all(embed::policy(SCRIPT, STYLE).as_bytes())?,
            Piece::Slot("style") => out.write_all(STYLE.as_bytes())?,
            Piece::Slot("script") => out.write_all(SCRIPT.as_bytes())?,
            Piece::Slot("data") => {
                embed::block("data", &data::page(report, &scene, language), out)?;
                for roles in roles.chunks(ROLES_PER_BLOCK) {
                    embed::block("texts", &data::texts(roles), out)?;
                }
            }
            Piece::Slot(other) => {
                return Err(io::Error::other(format!("the page has no content for {other:?}")));
            }
        }
    }
    Ok(())
}

/// A part of the page as it was written, or the name of what is put there.
#[derive(Debug, PartialEq)]
enum Piece<'a> {
    Text(&'a str),
    Slot(&'a str),
}

/// Splits a page at its `{{slots}}`.
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

//! The tree of the specialisations: which lie in one direction, and what each falls into.

use std::io::{self, Write};

use super::digest::Digest;
use super::escape::inline;
use crate::hierarchy::{Entry, Hierarchy};
use crate::language::Language;

use super::super::report_text;

/// Example roles of a part of a specialisation.
const N_TYPICAL: usize = 2;
/// Depth to which the tree is shown.
const MOST_DEPTH: usize = 6;

pub(super) fn write(digest: &Digest, out: &mut dyn Write) -> io::Result<()> {
    let Some(hierarchy) = &digest.report.hierarchy else { return Ok(()) };
    let outline = hierarchy.outline();
    // A plain list of specialisations stands above already.
    if outline.iter().all(|entry| entry.cluster.is_some() && entry.within.is_empty()) {
        return Ok(());
    }
    writeln!(out, "## {}\n", digest.say("大方向与细分", "Specialisations within directions"))?;
    let legend = digest.say(
        "相近的方向归在一起；距离越小，组内越接近。",
        "Specialisations that lie near each other stand together; the smaller the distance at \
         which a group holds together, the closer it is.",
    );
    writeln!(out, "{legend}\n")?;
    for entry in &outline {
        line(digest, hierarchy, entry, 0, out)?;
    }
    writeln!(out)
}

fn line(
    digest: &Digest,
    hierarchy: &Hierarchy,
    entry: &Entry,
    depth: usize,
    out: &mut dyn Write,
) -> io::Result<()> {
    if depth >= MOST_DEPTH {
        return Ok(());
    }
    let branch = &hierarchy.branches()[entry.branch];
    let roles = report_text::n_roles(digest.language, branch.size);
    let indent = "  ".repeat(depth);
    match entry.cluster {
        Some(id) => {
            let profile = digest.report.profiles.get(id.index());
            let name = profile.map_or_else(String::new, |profile| inline(&profile.name));
            let size = profile.map_or(branch.size, |profile| profile.size);
            let roles = report_text::n_roles(digest.language, size);
            writeln!(out, "{indent}- {}. {name} ({roles})", id.0 + 1)?;
        }
        None if entry.n_clusters > 0 => {
            let kinds = report_text::n_specialisations(digest.language, entry.n_clusters);
            let distance = branch.death_distance;
            let held = match digest.language {
                Language::Zh => format!("距离 {distance:.2}"),
                Language::En => format!("together at distance {distance:.2}"),
            };
            writeln!(out, "{indent}- **{roles}{}{kinds}** ({held})", digest.comma())?;
        }
        None => {
            let titles: Vec<String> = hierarchy
                .heart(entry.branch, N_TYPICAL)
                .into_iter()
                .filter_map(|row| digest.report.placements.get(row))
                .map(|placement| inline(&placement.title))
                .collect();
            let titles = titles.join(digest.comma());
            writeln!(out, "{indent}- {roles}{}{titles}", digest.colon())?;
        }
    }
    for within in &entry.within {
        line(digest, hierarchy, within, depth + 1, out)?;
    }
    Ok(())
}

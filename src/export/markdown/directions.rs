//! The directions and the specialisations in them; of runs of versions that knew no directions, the
//! tree of the specialisations. Then the roles that sit between two specialisations.

use std::io::{self, Write};

use super::codes;
use super::digest::Digest;
use super::escape::inline;
use crate::hierarchy::{Entry, Hierarchy};
use crate::language::Language;
use crate::profile::Direction;

use super::super::report_text;

/// Example roles of a part of a specialisation.
const N_TYPICAL: usize = 2;
/// Depth to which the tree is shown.
const MOST_DEPTH: usize = 6;

/// Roles between two specialisations that are listed; the rest is counted.
const N_BETWEEN: usize = 60;

pub(super) fn write(digest: &Digest, out: &mut dyn Write) -> io::Result<()> {
    if digest.report.directions.is_empty() {
        return tree(digest, out);
    }
    directions(digest, out)?;
    between(digest, out)
}

fn directions(digest: &Digest, out: &mut dyn Write) -> io::Result<()> {
    let report = digest.report;
    let is_plain =
        |direction: &Direction| direction.source.is_none() && direction.by_hand.is_empty();
    if report.directions.len() == report.profiles.len() && report.directions.iter().all(is_plain) {
        // Each specialisation is a direction of its own.
        return Ok(());
    }
    writeln!(out, "## {}\n", digest.say("大方向与细分", "Specialisations within directions"))?;
    let legend = digest.say(
        "相近的方向归为一个大方向。稳定度：反复对部分岗位重新聚类时，同一方向的两个岗位仍在一起的比例。",
        "Specialisations that lie near each other make a direction. Certainty: how often two roles \
         of a specialisation fall together when parts of the roles are clustered again.",
    );
    writeln!(out, "{legend}\n")?;
    for direction in &report.directions {
        let roles = report_text::n_roles(digest.language, direction.size);
        let source = direction.source.map(|s| report_text::direction_source(digest.language, s));
        let by_hand = report_text::by_person(digest.language, &direction.by_hand);
        let marks = source.map(String::from).into_iter().chain(by_hand.map(|b| format!("✎ {b}")));
        let facts = std::iter::once(roles).chain(marks).collect::<Vec<_>>().join(digest.comma());
        writeln!(out, "- **{}. {}** ({facts})", direction.id, inline(&direction.name))?;
        if let Some(all) = &report.codes {
            let near = codes::line(digest, all.of_direction(direction.id));
            let lead = digest.say("最接近的标准职业", "nearest standard occupations");
            writeln!(out, "  - {lead}{}{near}", digest.colon())?;
        }
        for profile in direction.clusters.iter().filter_map(|id| report.profiles.get(id.index())) {
            let roles = report_text::n_roles(digest.language, profile.size);
            let certainty = profile.certainty.map_or_else(String::new, |share| {
                let share = report_text::percent(f64::from(share));
                format!("{}{} {share}", digest.comma(), digest.say("稳定度", "certainty"))
            });
            writeln!(out, "  - {}. {} ({roles}{certainty})", profile.id, inline(&profile.name))?;
        }
    }
    writeln!(out)
}

fn between(digest: &Digest, out: &mut dyn Write) -> io::Result<()> {
    let report = digest.report;
    let found: Vec<_> = report
        .placements
        .iter()
        .filter(|placement| placement.duplicate_of.is_none())
        .filter_map(|placement| Some((placement, placement.between?)))
        .collect();
    if found.is_empty() {
        return Ok(());
    }
    let title = digest.say("介于两个方向之间的岗位", "Roles between two specialisations");
    writeln!(out, "## {title}\n")?;
    let name = |id| report.cluster_name(id).map(inline).unwrap_or_default();
    for (placement, [first, second]) in found.iter().take(N_BETWEEN) {
        let (first, second) =
            (format!("{first}. {}", name(*first)), format!("{second}. {}", name(*second)));
        let title = inline(&placement.title);
        writeln!(out, "- {title}{}{first} / {second}", digest.colon())?;
    }
    let rest = found.len().saturating_sub(N_BETWEEN);
    if rest > 0 {
        let n = report_text::grouped(rest);
        match digest.language {
            Language::Zh => writeln!(out, "- 另有 {n} 个")?,
            Language::En => writeln!(out, "- and {n} more")?,
        }
    }
    writeln!(out)
}

fn tree(digest: &Digest, out: &mut dyn Write) -> io::Result<()> {
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
            writeln!(out, "{indent}- {}. {name} ({roles})", id)?;
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

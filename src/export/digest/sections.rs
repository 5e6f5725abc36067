//! Directions, the specialisations in them, and their roles.

use std::io::{self, Write};

use super::super::markdown::digest::Digest;
use super::super::report_text;
use super::role::{self, Descriptions};
use super::tables;
use crate::language::Language;
use crate::profile::ClusterProfile;
use crate::text::markdown::within_line;

/// Typical words named below the heading of a specialisation.
const N_TERMS: usize = 8;

/// A direction, or a specialisation that is one by itself.
struct Group<'a> {
    name: &'a str,
    size: usize,
    profiles: Vec<&'a ClusterProfile>,
}

pub(super) fn write(
    digest: &Digest<'_>,
    descriptions: &Descriptions<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let groups = groups(digest);
    let rows = rows(digest);
    let is_flat = groups.iter().all(|group| group.profiles.len() <= 1);
    let level = if is_flat { 3 } else { 4 };
    for (at, group) in groups.iter().enumerate() {
        let name = within_line(group.name);
        writeln!(out, "## {}{name}\n", numbered(digest.language, at + 1))?;
        if !is_flat {
            about(digest, group.size, &[], out)?;
        }
        let mut number = 0;
        for profile in &group.profiles {
            let rows = rows.get(profile.id.index()).map(Vec::as_slice).unwrap_or_default();
            if !is_flat && !rows.is_empty() {
                writeln!(out, "### {}. {}\n", profile.id, within_line(&profile.name))?;
            }
            let terms: Vec<String> =
                profile.terms.iter().take(N_TERMS).map(|term| within_line(&term.term)).collect();
            about(digest, profile.size, &terms, out)?;
            for &row in rows {
                number += 1;
                role::write(digest, descriptions, (row, level, number), out)?;
            }
        }
        tables::summary(digest, &group.profiles, out)?;
    }
    unplaced(digest, descriptions, level, out)
}

/// The directions; in reports that know none, each specialisation.
fn groups<'a>(digest: &Digest<'a>) -> Vec<Group<'a>> {
    let report = digest.report;
    if report.directions.is_empty() {
        let one = |profile: &'a ClusterProfile| Group {
            name: &profile.name,
            size: profile.size,
            profiles: vec![profile],
        };
        return report.profiles.iter().map(one).collect();
    }
    let of = |direction: &'a crate::profile::Direction| Group {
        name: &direction.name,
        size: direction.size,
        profiles: direction
            .clusters
            .iter()
            .filter_map(|id| report.profiles.get(id.index()))
            .collect(),
    };
    report.directions.iter().map(of).collect()
}

/// The roles of each specialisation that repeat no other, surest first.
fn rows(digest: &Digest<'_>) -> Vec<Vec<usize>> {
    let placements = &digest.report.placements;
    let mut rows = vec![Vec::new(); digest.report.profiles.len()];
    for (row, placement) in placements.iter().enumerate() {
        if placement.duplicate_of.is_none()
            && let Some(of) = placement.cluster.and_then(|id| rows.get_mut(id.index()))
        {
            of.push(row);
        }
    }
    for of in &mut rows {
        of.sort_by(|&a, &b| {
            placements[b].strength.total_cmp(&placements[a].strength).then(a.cmp(&b))
        });
    }
    rows
}

/// How many roles, and what they are about.
fn about(
    digest: &Digest<'_>,
    size: usize,
    terms: &[String],
    out: &mut dyn Write,
) -> io::Result<()> {
    let roles = report_text::n_roles(digest.language, size);
    let share = report_text::percent(digest.share(size));
    let terms = match terms {
        [] => String::new(),
        terms => format!(" · {}", terms.join(digest.comma())),
    };
    writeln!(out, "*{roles} · {share}{terms}*\n")
}

/// The roles that belong to no specialisation.
fn unplaced(
    digest: &Digest<'_>,
    descriptions: &Descriptions<'_>,
    level: usize,
    out: &mut dyn Write,
) -> io::Result<()> {
    let placements = digest.report.placements.iter().enumerate();
    let rows: Vec<usize> = placements
        .filter(|(_, placement)| placement.cluster.is_none() && placement.duplicate_of.is_none())
        .map(|(row, _)| row)
        .collect();
    if rows.is_empty() {
        return Ok(());
    }
    writeln!(out, "## {}\n", digest.say("未归入任何方向的岗位", "In no specialisation"))?;
    for (at, row) in rows.into_iter().enumerate() {
        role::write(digest, descriptions, (row, level, at + 1), out)?;
    }
    Ok(())
}

/// `三、` or `3. `.
fn numbered(language: Language, n: usize) -> String {
    const DIGITS: [&str; 10] = ["", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    match (language, n / 10, n % 10) {
        (Language::En, ..) | (_, 10.., _) => format!("{n}. "),
        (Language::Zh, 0, ones) => format!("{}、", DIGITS[ones]),
        (Language::Zh, 1, ones) => format!("十{}、", DIGITS[ones]),
        (Language::Zh, tens, ones) => format!("{}十{}、", DIGITS[tens], DIGITS[ones]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_are_counted_as_people_do() {
        let chinese = [1, 10, 11, 20, 45, 100].map(|n| numbered(Language::Zh, n));
        assert_eq!(chinese, ["一、", "十、", "十一、", "二十、", "四十五、", "100. "]);
        assert_eq!(numbered(Language::En, 12), "12. ");
    }
}

//! A list of technologies by kind, such as the one at the end of a section.

use std::collections::{BTreeMap, BTreeSet};

use super::roles::Roles;
use crate::describe::lexicon::lexicon;
use crate::digest_tables::{SummaryEntry, SummaryKind, SummaryTable};
use crate::intake::SetAside;
use crate::language::Language;
use crate::text::sentences::without_marker;

/// Technologies named that the digest does not list: so many are shown, of at least so many roles.
const MOST_UNLISTED: usize = 20;
const LEAST_ROLES: usize = 2;

/// The lists of a block, if it has any.
pub(super) fn table(
    block: &SetAside,
    roles: &Roles<'_>,
    language: Language,
) -> Option<SummaryTable> {
    let here: Vec<usize> =
        (0..roles.all.len()).filter(|&row| stands_by(block, roles, row)).collect();
    let mut listed: BTreeSet<usize> = BTreeSet::new();
    let mut kinds = Vec::new();
    for (kind, entries) in block.lines.iter().filter_map(|line| kind_of(line)) {
        let entries = entries.into_iter().map(|label| {
            let (roles, known) = roles.naming(&label, &here);
            listed.extend(known);
            SummaryEntry { label, roles }
        });
        kinds.push(SummaryKind { name: kind, entries: entries.collect() });
    }
    (!kinds.is_empty()).then(|| SummaryTable {
        file: block.file.clone(),
        line: block.line,
        heading: block.heading.clone(),
        section: block.section.clone(),
        n_roles: here.len(),
        kinds,
        unlisted: unlisted(roles, &here, &listed, language),
    })
}

/// Whether a role is one of those the block is about.
fn stands_by(block: &SetAside, roles: &Roles<'_>, row: usize) -> bool {
    let role = &roles.all[row];
    role.origin.file == block.file
        && (block.section.is_none() || role.section.as_deref() == block.section.as_deref())
}

fn unlisted(
    roles: &Roles<'_>,
    here: &[usize],
    listed: &BTreeSet<usize>,
    language: Language,
) -> Vec<SummaryEntry> {
    let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
    for &entry in here.iter().flat_map(|&row| &roles.found[row].known) {
        *counts.entry(entry).or_default() += 1;
    }
    let technologies = &lexicon().technologies;
    let is_tool = |entry: &usize| technologies[*entry].kind != "practice";
    let mut found: Vec<SummaryEntry> = counts
        .into_iter()
        .filter(|(entry, n)| *n >= LEAST_ROLES && !listed.contains(entry) && is_tool(entry))
        .map(|(entry, roles)| SummaryEntry {
            label: technologies[entry].label(language).into(),
            roles,
        })
        .collect();
    found.sort_by(|a, b| b.roles.cmp(&a.roles).then_with(|| a.label.cmp(&b.label)));
    found.truncate(MOST_UNLISTED);
    found
}

/// A line such as `**kind**：a、b`, with or without the marks of emphasis.
fn kind_of(line: &str) -> Option<(String, Vec<String>)> {
    let line = without_marker(line).replace("**", "").replace(['`', '\\'], "");
    let (kind, list) = line.split_once(['：', ':'])?;
    let entries = entries(list);
    (!kind.trim().is_empty() && !entries.is_empty()).then(|| (kind.trim().to_string(), entries))
}

/// Entries between commas outside of brackets, without a count behind them.
fn entries(list: &str) -> Vec<String> {
    let mut found = vec![String::new()];
    let mut depth = 0usize;
    for c in list.chars() {
        match c {
            '(' | '（' => depth += 1,
            ')' | '）' => depth = depth.saturating_sub(1),
            _ => {}
        }
        match (c, found.last_mut()) {
            ('、' | '，' | ',' | ';' | '；', _) if depth == 0 => found.push(String::new()),
            (_, Some(entry)) => entry.push(c),
            _ => {}
        }
    }
    let bare = |entry: String| {
        let entry = entry.trim().trim_end_matches('等').trim();
        let opens = entry.rfind(['(', '（']).filter(|&at| {
            let inside = entry[at..].trim_matches(['(', '（', ')', '）']);
            !inside.is_empty() && inside.chars().all(|c| c.is_ascii_digit() || c == ',')
        });
        opens.map_or(entry, |at| entry[..at].trim()).to_string()
    };
    found.into_iter().map(bare).filter(|entry| !entry.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_cut_into_entries() {
        assert_eq!(
            kind_of("- **编程语言**：Go（12）、AWS（EC2、S3）、C/C++等"),
            Some(("编程语言".into(), ["Go", "AWS（EC2、S3）", "C/C++"].map(String::from).to_vec()))
        );
        assert_eq!(kind_of("Databases: Redis, MySQL").unwrap().1, ["Redis", "MySQL"]);
        assert_eq!(kind_of("nothing here"), None);
    }
}

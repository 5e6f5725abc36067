//! A block of counts, such as how often each technology is named.

use super::roles::{Roles, name};
use super::rows::{self, Row};
use crate::digest_tables::{CountGroup, CountRow, CountTable, Figure};
use crate::intake::SetAside;

/// The counts of a block, if it has any.
pub(super) fn table(block: &SetAside, roles: &Roles<'_>) -> Option<CountTable> {
    let mut groups: Vec<CountGroup> = Vec::new();
    let every: Vec<usize> = (0..roles.all.len()).collect();
    for row in rows::of_lines(&block.lines) {
        match row {
            Row::Heading(name, stated) => groups.push(group(name, stated)),
            Row::Count(label, stated) => {
                if groups.is_empty() {
                    groups.push(group(String::new(), None));
                }
                let (n, known) = roles.naming(&label, &every);
                let share = n as f64 / every.len().max(1) as f64;
                let technologies = known.into_iter().map(name).collect();
                let row = CountRow { label, stated, roles: n, share, technologies };
                if let Some(group) = groups.last_mut() {
                    group.mentions += n;
                    group.rows.push(row);
                }
            }
        }
    }
    groups.retain(|group| !group.rows.is_empty());
    let (file, heading) = (block.file.clone(), block.heading.clone());
    (!groups.is_empty()).then_some(CountTable { file, line: block.line, heading, groups })
}

fn group(name: String, stated: Option<Figure>) -> CountGroup {
    CountGroup { name, stated, mentions: 0, rows: Vec::new() }
}

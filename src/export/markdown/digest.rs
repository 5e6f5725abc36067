//! The report with the lookups that several sections share.

use std::collections::{BTreeMap, HashMap};
use std::io::{self, Write};

use super::super::report_text::{grouped, pick};
use super::escape::{code, inline};
use crate::intake::Duplicate;
use crate::language::Language;
use crate::profile::TechnologyUse;
use crate::report::Report;
use crate::role::{Role, RoleId};

/// The source of every section.
pub(in crate::export) struct Digest<'a> {
    pub report: &'a Report,
    pub roles: &'a [Role],
    pub language: Language,
    pub row_of: HashMap<&'a RoleId, usize>,
    /// The roles that repeat a role, by that role.
    pub repeats: HashMap<&'a RoleId, Vec<&'a Duplicate>>,
}

impl<'a> Digest<'a> {
    pub fn new(report: &'a Report, roles: &'a [Role], language: Language) -> Self {
        let row_of = report.placements.iter().enumerate().map(|(row, p)| (&p.id, row)).collect();
        let mut repeats: HashMap<&RoleId, Vec<&Duplicate>> = HashMap::new();
        for duplicate in &report.intake.duplicates {
            repeats.entry(&duplicate.of).or_default().push(duplicate);
        }
        Digest { report, roles, language, row_of, repeats }
    }

    pub fn say(&self, zh: &'a str, en: &'a str) -> &'a str {
        pick(self.language, zh, en)
    }

    /// `n` roles as a share of all.
    pub fn share(&self, n: usize) -> f64 {
        n as f64 / self.report.placements.len().max(1) as f64
    }

    /// Between the entries of a list.
    pub fn comma(&self) -> &'static str {
        match self.language {
            Language::Zh => "、",
            Language::En => ", ",
        }
    }

    /// Between a lead and what it announces.
    pub fn colon(&self) -> &'static str {
        match self.language {
            Language::Zh => "：",
            Language::En => ": ",
        }
    }

    /// States how many entries of the list above were left out.
    pub fn rest(&self, n: usize, out: &mut dyn Write) -> io::Result<()> {
        if n == 0 {
            return Ok(());
        }
        let n = grouped(n);
        match self.language {
            Language::Zh => writeln!(out, "另有 {n} 项，见 `report.json`。\n"),
            Language::En => writeln!(out, "and {n} more, in `report.json`.\n"),
        }
    }

    /// The id and the title of a role.
    pub fn named(&self, id: &RoleId) -> String {
        let title = self.row_of.get(id).map(|&row| inline(&self.roles[row].title));
        format!("{} {}", code(id.as_str()), title.unwrap_or_default())
    }

    /// Ids of the roles that repeat `id`, or nothing.
    pub fn repeated_by(&self, id: &RoleId) -> String {
        let ids = self.repeats.get(id).map(Vec::as_slice).unwrap_or_default();
        ids.iter().map(|d| code(d.role.as_str())).collect::<Vec<_>>().join(" ")
    }
}

/// Technologies by kind, the most used kind first, order within a kind kept.
pub(in crate::export) fn by_kind(
    technologies: &[TechnologyUse],
) -> Vec<(&str, Vec<&TechnologyUse>)> {
    let mut kinds: BTreeMap<&str, Vec<&TechnologyUse>> = BTreeMap::new();
    for technology in technologies {
        kinds.entry(&technology.kind).or_default().push(technology);
    }
    let mut kinds: Vec<_> = kinds.into_iter().collect();
    kinds.sort_by_key(|(_, uses)| std::cmp::Reverse(uses.iter().map(|t| t.count).sum::<usize>()));
    kinds
}

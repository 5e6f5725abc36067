//! Technology frequencies over all roles and per cluster, and stack entries that the lexicon
//! does not contain.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use arcstr::ArcStr;
use rayon::prelude::*;

use super::lexicon::lexicon;
use super::technology_matches::{Source, matches_and_parts, readable};
use crate::language::Language;
use crate::profile::TechnologyUse;
use crate::role::Role;
use crate::text::excerpt;

/// A stack entry longer than this is a sentence.
const LONGEST_CANDIDATE: usize = 40;

/// What one role names.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Found {
    /// Rows of the lexicon, each once.
    pub known: BTreeSet<usize>,
    /// Stack entries, or parts of them, without a known name, as written, each once.
    pub unknown: BTreeSet<String>,
}

/// Looks through title, description and every stack entry of a role.
pub(super) fn of_role(role: &Role) -> Found {
    // As one text, so that the description is the neighbourhood of what the title names.
    let prose = format!("{}\n{}", role.title, excerpt(&role.description));
    of_parts(&[&prose], role.stack.iter().map(ArcStr::as_str))
}

/// Looks through prose and through the entries of a list.
pub(super) fn of_parts<'a>(prose: &[&str], entries: impl Iterator<Item = &'a str>) -> Found {
    let mut found = Found::default();
    for text in prose {
        let (hits, parts) = matches_and_parts(&readable(text), Source::Prose);
        found.known.extend(hits.iter().map(|hit| hit.entry).chain(parts));
    }
    for entry in entries {
        let entry = readable(entry);
        let (hits, parts) = matches_and_parts(&entry, Source::StackEntry);
        found.known.extend(hits.iter().map(|hit| hit.entry).chain(parts));
        let mut from = 0;
        for part in entry.split(is_part_end) {
            let to = from + part.len();
            if !hits.iter().any(|hit| hit.start < to && from < hit.end) {
                found.unknown.extend(candidate(part));
            }
            // Every separator is one character of one byte, or of three as `、`.
            from = to + entry[to..].chars().next().map_or(0, char::len_utf8);
        }
    }
    found
}

fn is_part_end(c: char) -> bool {
    matches!(c, '/' | '、' | ',' | '，' | ';' | '；' | '|' | '(' | ')' | '（' | '）' | '\n')
}

/// A part worth showing: short, and more than a number or a single letter.
fn candidate(part: &str) -> Option<String> {
    let part = part.trim().trim_matches(['.', '-', ':', '。', '：', '"', '\'', '“', '”']).trim();
    let letters = part.chars().filter(|c| c.is_alphabetic()).count();
    let short = part.chars().count() <= LONGEST_CANDIDATE;
    (letters >= 2 && short).then(|| part.to_string())
}

/// Roles looked through at once.
const AT_ONCE: usize = 4_096;

/// What each of many roles names.
#[derive(Debug, Default)]
pub(super) struct Mentioned {
    /// Rows of the lexicon by role, each once, ascending.
    known: Vec<Box<[u32]>>,
    /// Stack entries without a known name by what they are but for spelling, and how many roles
    /// spell them so.
    unknown: HashMap<String, BTreeMap<String, usize>>,
}

impl Mentioned {
    /// Looks through all roles.
    pub fn by(roles: &[Role]) -> Self {
        let mut mentioned = Mentioned::default();
        for roles in roles.chunks(AT_ONCE) {
            let found: Vec<Found> = roles.par_iter().map(of_role).collect();
            found.into_iter().for_each(|found| mentioned.add(found));
        }
        mentioned
    }

    fn add(&mut self, Found { known, unknown }: Found) {
        self.known.push(known.into_iter().map(|entry| entry as u32).collect());
        let mut seen = BTreeSet::new();
        for written in unknown {
            let key = written.to_lowercase().replace([' ', '-'], "");
            if seen.insert(key.clone()) {
                *self.unknown.entry(key).or_default().entry(written).or_insert(0) += 1;
            }
        }
    }

    /// Unknown stack entries, spelled as most roles do, most frequent first.
    pub fn candidates(self, n: usize) -> Vec<(String, usize)> {
        let usual = |counts: BTreeMap<String, usize>| {
            let total = counts.values().sum();
            let written =
                counts.into_iter().max_by(|a, b| a.1.cmp(&b.1).then_with(|| b.0.cmp(&a.0)));
            written.map(|(written, _)| (written, total))
        };
        let mut all: Vec<(String, usize)> = self.unknown.into_values().filter_map(usual).collect();
        all.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        all.truncate(n);
        all
    }
}

/// Counts, over all and per cluster.
#[derive(Debug)]
pub(super) struct Technologies {
    language: Language,
    n_roles: usize,
    overall: BTreeMap<usize, usize>,
    clusters: Vec<(usize, BTreeMap<usize, usize>)>,
}

impl Technologies {
    /// Counts what the members of each cluster, and all roles, name; labels are in `language`.
    pub fn new(mentioned: &Mentioned, members: &[Vec<usize>], language: Language) -> Self {
        let found = &mentioned.known;
        let count = |rows: &mut dyn Iterator<Item = usize>| {
            let mut counts = BTreeMap::new();
            for row in rows {
                for &entry in &found[row] {
                    *counts.entry(entry as usize).or_insert(0) += 1;
                }
            }
            counts
        };
        let cluster = |rows: &Vec<usize>| (rows.len(), count(&mut rows.iter().copied()));
        Technologies {
            language,
            n_roles: found.len(),
            overall: count(&mut (0..found.len())),
            clusters: members.iter().map(cluster).collect(),
        }
    }

    /// Over all roles.
    pub fn overall(&self) -> Vec<TechnologyUse> {
        self.uses(&self.overall, self.n_roles)
    }

    /// Within a cluster.
    pub fn of_cluster(&self, cluster: usize) -> Vec<TechnologyUse> {
        let (size, counts) = &self.clusters[cluster];
        self.uses(counts, *size)
    }

    /// Rows of the lexicon a cluster names with the number of its roles that do, and of all.
    pub fn counts(&self, cluster: usize) -> impl Iterator<Item = (usize, usize, usize)> {
        let (_, counts) = &self.clusters[cluster];
        counts.iter().map(|(&entry, &count)| (entry, count, self.overall[&entry]))
    }

    /// Number of all roles.
    pub fn n_roles(&self) -> usize {
        self.n_roles
    }

    fn uses(&self, counts: &BTreeMap<usize, usize>, n: usize) -> Vec<TechnologyUse> {
        let of = |(&entry, &count): (&usize, &usize)| {
            let technology = &lexicon().technologies[entry];
            let share = count as f64 / n as f64;
            let usual = self.overall[&entry] as f64 / self.n_roles as f64;
            TechnologyUse {
                name: technology.name.into(),
                label: technology.label(self.language).into(),
                kind: technology.kind.into(),
                count,
                share,
                lift: share / usual,
            }
        };
        let mut uses: Vec<TechnologyUse> = counts.iter().map(of).collect();
        uses.sort_by(|a, b| {
            let by_lift = b.lift.total_cmp(&a.lift);
            b.count.cmp(&a.count).then(by_lift).then_with(|| a.name.cmp(&b.name))
        });
        uses
    }
}

//! Two specialisations side by side.

use std::collections::{BTreeMap, BTreeSet};

use rolecluster::profile::ClusterProfile;

use super::answers::{Brief, ComparisonAnswer, SharedUse};
use super::quote::Shortener;

/// Technologies in each of the two lists.
const MOST_USES: usize = 20;
/// Words in each of the three lists.
const MOST_TERMS: usize = 15;
/// A smaller difference in share says nothing.
const LEAST_DIFFERENCE: f64 = 0.05;

/// Compares two profiles; `short` knows what was left out of their `briefs`.
pub fn of(
    first: &ClusterProfile,
    second: &ClusterProfile,
    briefs: (Brief, Brief),
    mut short: Shortener,
) -> ComparisonAnswer {
    let uses = uses(first, second);
    let mut in_common: Vec<SharedUse> =
        uses.iter().filter(|one| one.first > 0.0 && one.second > 0.0).cloned().collect();
    in_common.sort_by(|a, b| {
        let least = |one: &SharedUse| one.first.min(one.second);
        least(b).total_cmp(&least(a)).then_with(|| a.name.cmp(&b.name))
    });
    let difference = |one: &SharedUse| (one.first - one.second).abs();
    let mut differences: Vec<SharedUse> =
        uses.into_iter().filter(|one| difference(one) >= LEAST_DIFFERENCE).collect();
    differences
        .sort_by(|a, b| difference(b).total_cmp(&difference(a)).then_with(|| a.name.cmp(&b.name)));
    for list in [&mut in_common, &mut differences] {
        short.truncated |= list.len() > MOST_USES;
        list.truncate(MOST_USES);
    }
    let (ours, theirs) = (terms(first), terms(second));
    let known = |all: &[&str]| all.iter().map(|t| t.to_lowercase()).collect::<BTreeSet<_>>();
    let (known_first, known_second) = (known(&ours), known(&theirs));
    let mut pick = |all: &[&str], other: &BTreeSet<String>, shared: bool| {
        let picked = all.iter().filter(|t| other.contains(&t.to_lowercase()) == shared);
        let picked: Vec<&str> = picked.copied().collect();
        short.truncated |= picked.len() > MOST_TERMS;
        short.list(picked.into_iter().take(MOST_TERMS))
    };
    ComparisonAnswer {
        common_terms: pick(&ours, &known_second, true),
        first_terms: pick(&ours, &known_second, false),
        second_terms: pick(&theirs, &known_first, false),
        first: briefs.0,
        second: briefs.1,
        in_common,
        differences,
        truncated: short.truncated,
    }
}

/// The shares of every technology that one of the two names.
fn uses(first: &ClusterProfile, second: &ClusterProfile) -> Vec<SharedUse> {
    let mut found: BTreeMap<&str, SharedUse> = BTreeMap::new();
    for (at, profile) in [first, second].into_iter().enumerate() {
        for used in &profile.technologies {
            let entry = found.entry(&used.name).or_insert_with(|| SharedUse {
                name: used.label.clone(),
                first: 0.0,
                second: 0.0,
            });
            *(if at == 0 { &mut entry.first } else { &mut entry.second }) = used.share;
        }
    }
    found.into_values().collect()
}

fn terms(profile: &ClusterProfile) -> Vec<&str> {
    profile.terms.iter().map(|term| term.term.as_str()).collect()
}

//! The roles that the page draws: of very many a sample, since a browser has to hold them all.

use std::collections::HashSet;

use crate::report::Report;
use crate::role::{RoleId, drawn_by_id};

/// Up to so many roles all are drawn: the page has some 40 MB then.
const MOST_DRAWN: usize = 50_000;

/// Rows of the placements that are drawn, ascending; exemplars are always among them.
pub(super) fn drawn_rows(report: &Report) -> Vec<usize> {
    at_most(report, MOST_DRAWN)
}

fn at_most(report: &Report, most: usize) -> Vec<usize> {
    let placements = &report.placements;
    if placements.len() <= most {
        return (0..placements.len()).collect();
    }
    let exemplars: HashSet<&RoleId> = report.profiles.iter().flat_map(|p| &p.exemplars).collect();
    let (shown, others): (Vec<_>, Vec<_>) = placements
        .iter()
        .map(|placement| &placement.id)
        .enumerate()
        .partition(|(_, id)| exemplars.contains(id));
    let left = most.saturating_sub(shown.len());
    let mut rows = drawn_by_id(shown.into_iter(), most);
    rows.extend(drawn_by_id(others.into_iter(), left));
    rows.sort_unstable();
    rows
}

#[cfg(test)]
mod tests {
    use super::super::super::sample::sample;
    use super::*;

    #[test]
    fn of_many_roles_the_exemplars_and_a_sample_are_drawn() {
        let (mut report, _) = sample(400, 12);
        assert_eq!(at_most(&report, 400), (0..400).collect::<Vec<_>>());
        let ids = |report: &Report, rows: &[usize]| -> HashSet<String> {
            rows.iter().map(|&row| report.placements[row].id.to_string()).collect()
        };
        let drawn = ids(&report, &at_most(&report, 100));
        assert_eq!(drawn.len(), 100);
        let exemplars = report.profiles.iter().flat_map(|p| &p.exemplars);
        assert!(exemplars.into_iter().all(|id| drawn.contains(id.as_str())));
        report.placements.reverse();
        assert_eq!(ids(&report, &at_most(&report, 100)), drawn);
    }
}

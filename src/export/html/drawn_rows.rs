//! The roles that the page draws: of very many a sample, since a browser has to hold them all.

use std::collections::HashSet;

use sha2::{Digest, Sha256};

use crate::report::Report;

/// Up to so many roles all are drawn: the page has some 40 MB then.
const MOST_DRAWN: usize = 50_000;

/// Rows of the placements that are drawn, ascending; exemplars are always among them.
pub(super) fn drawn_rows(report: &Report) -> Vec<usize> {
    at_most(report, MOST_DRAWN)
}

/// The sample is decided by the ids, so that the order of the roles does not matter.
fn at_most(report: &Report, most: usize) -> Vec<usize> {
    let placements = &report.placements;
    if placements.len() <= most {
        return (0..placements.len()).collect();
    }
    let exemplars: HashSet<&str> =
        report.profiles.iter().flat_map(|p| &p.exemplars).map(|id| id.as_str()).collect();
    let key = |row: usize| {
        let id = placements[row].id.as_str();
        (!exemplars.contains(id), Sha256::digest(id))
    };
    let mut keyed: Vec<_> = (0..placements.len()).map(|row| (key(row), row)).collect();
    keyed.sort_unstable();
    let mut rows: Vec<usize> = keyed.into_iter().take(most).map(|(_, row)| row).collect();
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

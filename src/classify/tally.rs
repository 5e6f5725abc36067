//! The codes of a group of roles.

use super::coder::{Coder, MOST, NEAR, Query};
use crate::group_codes::GroupCode;

/// What the roles of a group say about the codes of a standard.
///
/// A code is as near to a group as it is to its roles on average, so that one role which is very
/// near decides little, and one that is near none counts too.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Tally {
    /// By code: the sum of the scores of the roles.
    scores: Vec<f64>,
    /// By code: roles whose nearest code it is, where that is near.
    first: Vec<f64>,
    /// By code: a row of the table that has it.
    rows: Vec<usize>,
    roles: f64,
}

impl Tally {
    /// Of roles, in an order that does not change.
    pub fn of<'a>(coder: &Coder, roles: impl Iterator<Item = Query<'a>>) -> Self {
        let mut tally = Tally::default();
        let roles: Vec<Query> = roles.collect();
        coder.nearness_of_each(&roles, |nearness| {
            tally.make_room(nearness.iter().map(|found| found.row));
            let mut best: Option<usize> = None;
            for (at, found) in nearness.iter().enumerate() {
                tally.scores[at] += f64::from(found.score);
                if best.is_none_or(|best| found.score > nearness[best].score) {
                    best = Some(at);
                }
            }
            if let Some(best) = best.filter(|&best| nearness[best].score >= NEAR) {
                tally.first[best] += 1.0;
            }
            tally.roles += 1.0;
        });
        tally
    }

    /// Adds the roles of another tally, which stand for `size` roles.
    pub fn add(&mut self, other: &Tally, size: usize) {
        if other.roles == 0.0 {
            return;
        }
        self.make_room(other.rows.iter().copied());
        let weight = size as f64 / other.roles;
        for (sum, more) in self.scores.iter_mut().zip(&other.scores) {
            *sum += weight * more;
        }
        for (sum, more) in self.first.iter_mut().zip(&other.first) {
            *sum += weight * more;
        }
        self.roles += size as f64;
    }

    /// The codes nearest on average, best first, at most [`MOST`]; empty where none is near.
    pub fn codes(&self, coder: &Coder, language: &str) -> Vec<GroupCode> {
        let mut order: Vec<usize> = (0..self.scores.len()).collect();
        let score = |at: usize| self.scores[at] / self.roles;
        order.sort_by(|&a, &b| score(b).total_cmp(&score(a)).then(a.cmp(&b)));
        let near = order.into_iter().take(MOST).filter(|&at| score(at) >= f64::from(NEAR));
        near.map(|at| {
            let (code, row) = (coder.all_codes()[at], self.rows[at]);
            GroupCode {
                code: code.to_string(),
                title: coder.title(code, row, language).to_string(),
                score: score(at),
                share: self.first[at] / self.roles,
                isco: coder.isco(row).map(str::to_string),
            }
        })
        .collect()
    }

    fn make_room(&mut self, rows: impl Iterator<Item = usize>) {
        if self.rows.is_empty() {
            self.rows = rows.collect();
            self.scores = vec![0.0; self.rows.len()];
            self.first = vec![0.0; self.rows.len()];
        }
    }
}

//! Exemplars: the roles that show what a cluster is.

use std::collections::HashSet;

use crate::geometry::{Matrix, squared_distance};
use crate::long_text::LongText;
use crate::role::{Role, RoleId};

/// Two roles nearer than this share of the squared distance that two members have on average are
/// one role in other words.
const NEAR_COPY: f64 = 0.1;

/// What exemplars are chosen by.
pub(super) struct Exemplars<'a> {
    pub(super) roles: &'a [Role],
    pub(super) texts: &'a [LongText],
    pub(super) vectors: &'a Matrix,
    pub(super) strengths: &'a [f32],
}

impl Exemplars<'_> {
    /// Up to `n` members of a cluster, nearest its centre by cosine first.
    ///
    /// They belong to it at least as surely as half of the members do, so that no exemplar is a
    /// weak member, and none repeats another or nearly so. Less sure members follow where there
    /// are too few. Ties go by id, and the centre is summed in order of ids, so that the order of
    /// rows does not matter.
    pub(super) fn of_cluster(&self, members: &[usize], n: usize) -> Vec<RoleId> {
        let mut members = members.to_vec();
        members.sort_by(|&a, &b| self.roles[a].id.cmp(&self.roles[b].id));
        let ranked = self.by_closeness(&members);
        let usual = self.usual_squared_distance(&members);
        let sure = self.median_strength(&members);
        let is_sure = |&&row: &&usize| self.strengths[row] >= sure;
        let (surer, rest): (Vec<&usize>, Vec<&usize>) = ranked.iter().partition(is_sure);
        let mut seen = HashSet::new();
        let mut chosen: Vec<usize> = Vec::new();
        for &&row in surer.iter().chain(&rest) {
            if chosen.len() == n {
                break;
            }
            let repeats = |&other: &usize| {
                let between = squared_distance(self.vectors.row(row), self.vectors.row(other));
                between <= NEAR_COPY * usual
            };
            if !chosen.iter().any(repeats) && seen.insert(self.texts[row].as_str()) {
                chosen.push(row);
            }
        }
        chosen.into_iter().map(|row| self.roles[row].id.clone()).collect()
    }

    fn by_closeness(&self, members: &[usize]) -> Vec<usize> {
        let mut centre = vec![0.0f64; self.vectors.cols()];
        for &row in members {
            for (sum, &x) in centre.iter_mut().zip(self.vectors.row(row)) {
                *sum += f64::from(x);
            }
        }
        let closeness = |row: usize| -> f64 {
            self.vectors.row(row).iter().zip(&centre).map(|(&x, &c)| f64::from(x) * c).sum()
        };
        let mut ranked: Vec<(f64, usize)> =
            members.iter().map(|&row| (closeness(row), row)).collect();
        ranked.sort_by(|a, b| b.0.total_cmp(&a.0));
        ranked.into_iter().map(|(_, row)| row).collect()
    }

    /// The mean squared distance of two members: twice that to their mean.
    fn usual_squared_distance(&self, members: &[usize]) -> f64 {
        let n = members.len().max(1) as f64;
        let mut mean = vec![0.0f64; self.vectors.cols()];
        let mut squares = 0.0;
        for &row in members {
            for (sum, &x) in mean.iter_mut().zip(self.vectors.row(row)) {
                *sum += f64::from(x);
                squares += f64::from(x) * f64::from(x);
            }
        }
        let squared_mean: f64 = mean.iter().map(|sum| (sum / n) * (sum / n)).sum();
        2.0 * (squares / n - squared_mean).max(0.0)
    }

    fn median_strength(&self, members: &[usize]) -> f32 {
        let mut strengths: Vec<f32> = members.iter().map(|&row| self.strengths[row]).collect();
        strengths.sort_unstable_by(f32::total_cmp);
        strengths.get(strengths.len() / 2).copied().unwrap_or(0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(vectors: &[[f32; 2]], strengths: &[f32]) -> Vec<String> {
        let text = |at: usize| format!("text {at}");
        let role = |at: usize| Role { id: RoleId::new(format!("r{at}")), ..Role::default() };
        let roles: Vec<Role> = (0..vectors.len()).map(role).collect();
        let texts: Vec<LongText> = (0..vectors.len()).map(text).map(LongText::from).collect();
        let vectors = Matrix::new(vectors.len(), 2, vectors.concat()).unwrap();
        let members: Vec<usize> = (0..roles.len()).collect();
        let exemplars = Exemplars { roles: &roles, texts: &texts, vectors: &vectors, strengths };
        exemplars.of_cluster(&members, 3).iter().map(|id| id.as_str().to_string()).collect()
    }

    #[test]
    fn the_nearest_of_the_surer_members_come_first() {
        let vectors = [[1.0, 0.0], [0.98, 0.2], [0.98, -0.2], [0.8, 0.6], [0.8, -0.6]];
        assert_eq!(chosen(&vectors, &[0.9; 5]), ["r0", "r1", "r2"]);
        // The one in the middle is the least sure of all.
        assert_eq!(chosen(&vectors, &[0.1, 0.9, 0.9, 0.8, 0.2]), ["r1", "r2", "r3"]);
    }

    #[test]
    fn near_copies_are_not_both_exemplars() {
        let vectors = [[1.0, 0.0], [0.9999, 0.01], [0.98, -0.2], [0.8, 0.6], [0.8, -0.6]];
        let found = chosen(&vectors, &[0.9; 5]);
        assert!(found.contains(&"r0".into()) != found.contains(&"r1".into()), "{found:?}");
        assert_eq!(found.len(), 3);
        // All are copies: one stands for them.
        assert_eq!(chosen(&[[1.0, 0.0]; 4], &[0.9; 4]), ["r0"]);
    }
}

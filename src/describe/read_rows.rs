//! The rows whose words are read: of very many a sample.
//!
//! What a specialisation is called, and which words are typical of it, a few thousand of its roles say
//! as well as a hundred thousand do, while the words of all would take more memory than the roles.
//! Technologies are counted in all roles all the same.

use std::borrow::Cow;

use crate::geometry::Matrix;
use crate::role::{Role, drawn_by_id};

/// Up to so many rows all are read, as all are clustered.
const ALL_ROWS: usize = 200_000;

/// Of more, so many of each cluster.
const MOST_OF_CLUSTER: usize = 2_000;

/// Rows that are read, each known by its place among them.
#[derive(Debug)]
pub(super) struct ReadRows {
    /// Their numbers among all rows, ascending.
    rows: Vec<usize>,
    n_all: usize,
}

impl ReadRows {
    /// All rows, or a sample of each cluster's members.
    pub fn of(roles: &[Role], members: &[Vec<usize>]) -> Self {
        ReadRows::at_most(roles, members, (ALL_ROWS, MOST_OF_CLUSTER))
    }

    fn at_most(roles: &[Role], members: &[Vec<usize>], (all, of_cluster): (usize, usize)) -> Self {
        let n_all = roles.len();
        if n_all <= all {
            return ReadRows { rows: (0..n_all).collect(), n_all };
        }
        let drawn = |members: &Vec<usize>| {
            drawn_by_id(members.iter().map(|&row| (row, &roles[row].id)), of_cluster)
        };
        let mut rows: Vec<usize> = members.iter().flat_map(drawn).collect();
        rows.sort_unstable();
        ReadRows { rows, n_all }
    }

    /// The numbers of the rows, ascending.
    pub fn rows(&self) -> &[usize] {
        &self.rows
    }

    /// Of the members of each cluster those that are read, by their places.
    pub fn places(&self, members: &[Vec<usize>]) -> Vec<Vec<usize>> {
        let place = |row: &usize| self.rows.binary_search(row).ok();
        members.iter().map(|rows| rows.iter().filter_map(place).collect()).collect()
    }

    /// Their vectors.
    pub fn vectors<'v>(&self, vectors: &'v Matrix) -> Cow<'v, Matrix> {
        match self.rows.len() == self.n_all {
            true => Cow::Borrowed(vectors),
            false => Cow::Owned(vectors.select(&self.rows)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::role::RoleId;

    fn roles(ids: impl Iterator<Item = usize>) -> Vec<Role> {
        ids.map(|id| Role { id: RoleId::new(id.to_string()), ..Role::default() }).collect()
    }

    #[test]
    fn few_rows_are_all_read() {
        let members = [vec![0, 3], vec![2]];
        let read = ReadRows::at_most(&roles(0..4), &members, (4, 1));
        assert_eq!(read.rows(), [0, 1, 2, 3]);
        assert_eq!(read.places(&members), members);
        let vectors = Matrix::zeros(4, 2);
        assert!(matches!(read.vectors(&vectors), Cow::Borrowed(_)));
    }

    #[test]
    fn of_many_the_same_roles_are_read_in_any_order() {
        let n = 200;
        let members = |of: &dyn Fn(usize) -> usize| {
            [(0..150).map(of).collect::<Vec<_>>(), (150..155).map(of).collect()]
        };
        let there = members(&|id| id);
        let read = ReadRows::at_most(&roles(0..n), &there, (n - 1, 20));
        assert_eq!(read.rows().len(), 25);
        let places = read.places(&there);
        assert_eq!((places[0].len(), places[1].len()), (20, 5));
        assert!(places.concat().iter().all(|&place| place < 25));
        let mut vectors = Matrix::zeros(n, 1);
        (0..n).for_each(|row| vectors.row_mut(row)[0] = row as f32);
        let selected = read.vectors(&vectors);
        assert!(read.rows().iter().enumerate().all(|(at, &row)| selected.row(at)[0] == row as f32));
        // The last role first.
        let back = |id: usize| n - 1 - id;
        let again = ReadRows::at_most(&roles((0..n).rev()), &members(&back), (n - 1, 20));
        let mut ids: Vec<usize> = again.rows().iter().map(|&row| back(row)).collect();
        ids.sort_unstable();
        assert_eq!(ids, read.rows());
    }
}

//! Which rows are near a direction that is known by a few words.
//!
//! A row is compared with the words together with its neighbours: half of what counts is the row,
//! half the mean of the five rows nearest to it, so that one odd sentence decides nothing.
//!
//! No cosine means the same with two models, and that of a few words with a whole posting is lower
//! than that of two postings. What the corpus has of both kinds gives the scale: the titles of its
//! roles are short texts about the same matters. A row is near a direction where the direction is
//! nearer to it than nine of ten titles are to roles which are not theirs.

use rayon::prelude::*;

use crate::geometry::{Matrix, canonical_order, first_occurrences, inner_product, nearest_among};

/// Rows that count with a row, and their part.
const N_NEIGHBORS: usize = 5;
const PART_OF_NEIGHBORS: f32 = 0.5;
/// Different rows that neighbours are looked for among at most.
const MOST_ROWS: usize = 20_000;
/// A direction is nearer than this share of the titles of others.
const NEARER_THAN: f64 = 0.9;

/// Titles that say what is near, and whose they are.
#[derive(Debug, Clone, PartialEq)]
pub struct Titles {
    /// A unit row for each.
    pub vectors: Matrix,
    /// The row of its role.
    pub rows: Vec<usize>,
}

/// Where rows are placed.
#[derive(Debug, Clone, PartialEq)]
pub struct NearGiven {
    /// The direction of each row; `None` where none is near.
    pub places: Vec<Option<usize>>,
    /// The least score of a row that is placed.
    pub least: f32,
}

/// The nearest of `directions` (`m x d`) for each of `rows` (`n x d`), where it is near.
///
/// # Panics
/// If there is not a row for every title.
pub fn near_given(rows: &Matrix, directions: &Matrix, titles: &Titles) -> NearGiven {
    assert_eq!(titles.vectors.rows(), titles.rows.len(), "one role per title");
    let rows = with_neighbors(rows);
    let least = least(&rows, titles);
    let place = |row: usize| {
        let scores =
            directions.iter_rows().map(|direction| inner_product(rows.row(row), direction));
        let best = scores.enumerate().max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)));
        best.filter(|&(_, score)| score > least && score > 0.0).map(|(direction, _)| direction)
    };
    NearGiven { places: (0..rows.rows()).into_par_iter().map(place).collect(), least }
}

/// Each row with a part of its neighbours.
fn with_neighbors(rows: &Matrix) -> Matrix {
    let first = first_occurrences(rows);
    let mut order = canonical_order(rows);
    order.retain(|&row| first[row] == row);
    let n = order.len();
    if n > MOST_ROWS {
        order = (0..MOST_ROWS).map(|at| order[n * at / MOST_ROWS]).collect();
    }
    let base = rows.select(&order);
    let near = nearest_among(rows, &base, N_NEIGHBORS + 1, |_| ());
    let mut mixed = rows.clone();
    for (row, near) in near.iter().enumerate() {
        let others = near.iter().filter(|(squared, _)| *squared > 0.0).take(N_NEIGHBORS);
        let others: Vec<&[f32]> = others.map(|&(_, at)| base.row(at)).collect();
        if others.is_empty() {
            continue;
        }
        let share = PART_OF_NEIGHBORS / others.len() as f32;
        for (column, x) in mixed.row_mut(row).iter_mut().enumerate() {
            let sum: f32 = others.iter().map(|other| other[column]).sum();
            *x = (1.0 - PART_OF_NEIGHBORS) * *x + share * sum;
        }
    }
    mixed
}

/// The score that [`NEARER_THAN`] of the titles have less of with roles that are not theirs.
fn least(rows: &Matrix, titles: &Titles) -> f32 {
    let scores = |(at, title): (usize, &[f32])| -> Vec<f32> {
        let others = titles.rows.iter().filter(|&&row| row != titles.rows[at]);
        others.map(|&row| inner_product(rows.row(row), title)).collect()
    };
    let all: Vec<(usize, &[f32])> = titles.vectors.iter_rows().enumerate().collect();
    let mut scores: Vec<f32> = all.into_par_iter().flat_map_iter(scores).collect();
    scores.sort_unstable_by(f32::total_cmp);
    let at = (scores.len() as f64 * NEARER_THAN) as usize;
    scores.get(at).copied().unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cluster::tests::directions;

    #[test]
    fn rows_of_a_direction_are_placed_and_others_are_not() {
        // Eight groups of twenty rows; a title is a row of the group, further off.
        let all = directions(8, 30, 24, 0.5, 3);
        let of = |from: usize, to: usize| {
            let rows: Vec<usize> = (0..240).filter(|row| (from..to).contains(&(row / 8))).collect();
            all.select(&rows)
        };
        let (rows, titles, given) = (of(0, 20), of(20, 29), of(29, 30));
        let titles = Titles { rows: (0..titles.rows()).collect(), vectors: titles };
        let found = near_given(&rows, &given.select(&[2, 5]), &titles);
        let group = |row: usize| row % 8;
        let right = |(row, place): (usize, &Option<usize>)| match group(row) {
            2 => *place == Some(0),
            5 => *place == Some(1),
            _ => place.is_none(),
        };
        let n_right = found.places.iter().enumerate().filter(|&(row, place)| right((row, place)));
        let n_right = n_right.count();
        assert!(n_right > 140, "{n_right} of 160, least {}", found.least);
    }

    #[test]
    fn nothing_is_placed_by_nothing() {
        let rows = Matrix::new(2, 2, vec![1.0, 0.0, 0.0, 1.0]).unwrap();
        let titles = Titles { vectors: Matrix::zeros(0, 2), rows: vec![] };
        let given = Matrix::new(1, 2, vec![1.0, 0.0]).unwrap();
        let found = near_given(&rows, &given, &titles);
        assert_eq!(found.places[0], Some(0));
        assert_eq!(near_given(&rows, &Matrix::zeros(0, 2), &titles).places, [None, None]);
    }
}

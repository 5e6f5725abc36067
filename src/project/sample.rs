//! Very many rows: a random sample is laid out, every other row is interpolated between the
//! sampled rows nearest to it.

use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::{RngCore, SeedableRng};

use crate::geometry::{Matrix, place_out_of_sample};
use crate::progress::Progress;

/// `m` of `n` rows, ascending, each as likely as any other.
pub(super) fn choose(n: usize, m: usize, seed: u64) -> Vec<usize> {
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(seed ^ 0x5a4d_91e5);
    let mut chosen = Vec::with_capacity(m);
    // Knuth, "Seminumerical Algorithms", 3.4.2, algorithm S.
    for row in 0..n {
        let draw = (u128::from(rng.next_u64()) * (n - row) as u128) >> 64;
        if (draw as usize) < m - chosen.len() {
            chosen.push(row);
        }
    }
    chosen
}

/// Positions of all of `rows`, given the `places` of the `chosen` ones: the mean of those of
/// the nearest sampled rows, weighted by inverse distance.
pub(super) fn complete(
    rows: &Matrix,
    chosen: &[usize],
    places: &Matrix,
    progress: &dyn Progress,
) -> Matrix {
    let rest: Vec<usize> = {
        let mut is_chosen = vec![false; rows.rows()];
        chosen.iter().for_each(|&row| is_chosen[row] = true);
        (0..rows.rows()).filter(|&row| !is_chosen[row]).collect()
    };
    progress.start("placing the rest", rest.len() as u64);
    let sample = rows.select(chosen);
    let placed =
        place_out_of_sample(&rows.select(&rest), &sample, places, |count| progress.advance(count));
    progress.finish();
    let mut out = Matrix::zeros(rows.rows(), places.cols());
    let all = rest.iter().zip(placed.iter_rows()).chain(chosen.iter().zip(places.iter_rows()));
    all.for_each(|(&row, place)| out.row_mut(row).copy_from_slice(place));
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::progress::Silent;

    #[test]
    fn a_sample_has_the_size_asked_for_and_reaches_everywhere() {
        let chosen = choose(10_000, 1_000, 3);
        assert_eq!(chosen.len(), 1_000);
        assert!(chosen.windows(2).all(|w| w[0] < w[1]));
        for part in 0..10 {
            let here = chosen.iter().filter(|&&row| row / 1_000 == part).count();
            assert!((60..140).contains(&here), "{here} in part {part}");
        }
        assert_eq!(choose(5, 5, 0), [0, 1, 2, 3, 4]);
    }

    #[test]
    fn the_rest_stands_where_its_nearest_stand() {
        let rows = Matrix::new(5, 1, vec![0.0, 10.0, 20.0, 0.001, 19.0]).unwrap();
        let places = Matrix::new(3, 2, vec![0.0, 0.0, 1.0, 0.0, 2.0, 0.0]).unwrap();
        let out = complete(&rows, &[0, 1, 2], &places, &Silent);
        assert_eq!(out.row(1), [1.0, 0.0]);
        assert!(out.row(3)[0] < 0.01, "{:?}", out.row(3));
        assert!((1.6..2.0).contains(&out.row(4)[0]), "{:?}", out.row(4));
    }
}

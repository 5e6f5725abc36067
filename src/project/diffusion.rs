//! Diffusion: every row averaged with its neighbours, a few times, so that dense regions draw
//! together. No step depends on chance.
//!
//! Averaging along the neighbour graph leaves what neighbours share and cancels what a row has
//! alone: a low-pass filter on the graph (D. van Dijk et al., "Recovering gene interactions from
//! single-cell data using data diffusion", Cell 174 (2018), does this to measurements; X. Zhang et
//! al., "Attributed graph clustering via adaptive graph convolution", IJCAI 2019, before
//! clustering; R. R. Coifman and S. Lafon, "Diffusion maps", 2006, is the theory). The principal
//! components of the result are few, and rows of one region stand close together in them.
//!
//! 1. The leading principal components of the rows: what is beyond them is averaged away anyhow.
//! 2. The weights of UMAP's neighbour graph (`fuzzy`), and half as much for the row itself.
//! 3. [`STEPS`] times each row becomes the weighted mean of itself and its neighbours.
//! 4. The first [`DIFFUSED`] principal components.

use rayon::prelude::*;

use super::fuzzy;
use super::ties::Ties;
use super::{Neighborhoods, pca};
use crate::geometry::{Matrix, Neighbors};
use crate::progress::Progress;

/// Number of dimensions that a diffusion leaves.
pub const DIFFUSED: usize = 8;

/// Steps of averaging. One to eight give groups of like agreement with those made by hand; more
/// steps draw small groups into large ones.
const STEPS: usize = 3;
/// Weight of a row itself, against all its neighbours together.
const OWN_WEIGHT: f64 = 0.5;
/// Components that are averaged, and how exactly they are found.
const COMPONENTS: usize = 32;
const TOLERANCE: f64 = 1e-6;
/// Where the search for components begins: it shows in the last digits.
const ANY_SEED: u64 = 0;
/// Neighbours: this share of the square root of the number of rows, as far as there are so many,
/// and five at least.
const OF_ROOT: f64 = 0.7;
const FEWEST_NEIGHBORS: usize = 5;

/// Positions in [`DIFFUSED`] dimensions, `n x` [`DIFFUSED`], in which dense regions show where the
/// embeddings themselves lie in one cloud of nearly even density.
///
/// Equal rows give equal bytes at any number of threads and in any order, and nothing is drawn at
/// random below 60,000 different rows. A handful of rows gives principal components alone.
pub fn diffuse(rows: &Neighborhoods, progress: &dyn Progress) -> Matrix {
    rows.place(progress, |rows, neighbors| {
        let compact = pca::project_within(rows, COMPONENTS, ANY_SEED, TOLERANCE);
        let Some(neighbors) = neighbors else {
            return pca::project(&compact, DIFFUSED, ANY_SEED);
        };
        let all: Vec<usize> = (0..rows.rows()).collect();
        diffused(&compact, neighbors, &all)
    })
}

/// What diffusions of many samples of the same rows share.
pub struct Diffusion<'a> {
    compact: Matrix,
    neighbors: &'a Neighbors,
}

impl<'a> Diffusion<'a> {
    /// `None` for too few different rows to have neighbourhoods, or more than 60,000.
    pub fn of(rows: &'a Neighborhoods, progress: &dyn Progress) -> Option<Self> {
        let neighbors = rows.of_distinct(progress)?;
        let distinct = rows.distinct(progress);
        let compact = pca::project_within(distinct, COMPONENTS, ANY_SEED, TOLERANCE);
        Some(Diffusion { compact, neighbors })
    }

    /// The places (`m x` [`DIFFUSED`]) of `m` of the different rows, given ascending, as if there
    /// were no others.
    pub fn of_sample(&self, sample: &[usize]) -> Matrix {
        diffused(&self.compact, self.neighbors, sample)
    }
}

fn diffused(compact: &Matrix, neighbors: &Neighbors, sample: &[usize]) -> Matrix {
    let m = sample.len();
    let mut place = vec![usize::MAX; compact.rows()];
    sample.iter().enumerate().for_each(|(at, &row)| place[row] = at);
    let most = ((m as f64).sqrt() * OF_ROOT).round() as usize;
    let near = |&row: &usize| -> Vec<(usize, f64)> {
        let within = neighbors.of(row).map(|(other, squared)| (place[other], squared));
        let within = within.filter(|&(other, _)| other != usize::MAX);
        within.take(most.max(FEWEST_NEIGHBORS)).collect()
    };
    let graph = fuzzy::graph_of(sample.iter().map(near).collect());
    let ties = Ties::of(graph.edges.iter(), m, |edge| edge.weight);
    let mut rows = compact.select(sample);
    for _ in 0..STEPS {
        rows = averaged(&rows, &ties);
    }
    pca::project(&rows, DIFFUSED, ANY_SEED)
}

/// Every row as the weighted mean of itself and its neighbours.
fn averaged(rows: &Matrix, ties: &Ties<f32>) -> Matrix {
    let d = rows.cols();
    let mut out = Matrix::zeros(rows.rows(), d);
    let lines: Vec<Vec<f32>> = (0..rows.rows())
        .into_par_iter()
        .map(|i| {
            let ties = ties.at(i);
            let degree: f64 = ties.iter().map(|&(_, weight)| f64::from(weight)).sum();
            let own = OWN_WEIGHT * degree;
            let mut sums: Vec<f64> = rows.row(i).iter().map(|&x| own * f64::from(x)).collect();
            for &(other, weight) in ties {
                let other = rows.row(other as usize);
                sums.iter_mut().zip(other).for_each(|(s, &x)| *s += f64::from(weight * x));
            }
            let all = own + degree;
            // Without any neighbour a row stays where it is.
            let mean = |sum: f64, x: f32| if all > 0.0 { (sum / all) as f32 } else { x };
            sums.iter().zip(rows.row(i)).map(|(&sum, &x)| mean(sum, x)).collect()
        })
        .collect();
    lines.iter().enumerate().for_each(|(i, line)| out.row_mut(i).copy_from_slice(line));
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::squared_distance;
    use crate::progress::Silent;

    /// Four loose groups in 24 dimensions.
    fn groups() -> Matrix {
        let number = |i: usize| ((i * i % 7919) as f32 * 0.71).sin();
        let at = |i: usize| number(i / 24 % 4 * 31 + i % 24 * 7) + 0.9 * number(i + 1000);
        let mut rows = Matrix::new(120, 24, (0..120 * 24).map(at).collect()).unwrap();
        rows.normalize_rows();
        rows
    }

    /// Mean squared distance within groups over that of all pairs.
    fn looseness(rows: &Matrix) -> f64 {
        let (mut within, mut all) = ((0.0, 0.0), (0.0, 0.0));
        for i in 0..rows.rows() {
            for j in 0..i {
                let d = squared_distance(rows.row(i), rows.row(j));
                all = (all.0 + d, all.1 + 1.0);
                if i % 4 == j % 4 {
                    within = (within.0 + d, within.1 + 1.0);
                }
            }
        }
        (within.0 / within.1) / (all.0 / all.1)
    }

    #[test]
    fn groups_draw_together() {
        let rows = groups();
        let near = Neighborhoods::of(&rows, 0);
        let places = diffuse(&near, &Silent);
        assert_eq!((places.rows(), places.cols()), (120, DIFFUSED));
        let (before, after) = (looseness(&rows), looseness(&places));
        assert!(after < 0.4 * before, "{after} of {before}");
    }

    #[test]
    fn neither_seed_nor_order_nor_threads_matter() {
        let rows = groups();
        let places = diffuse(&Neighborhoods::of(&rows, 0), &Silent);
        let order: Vec<usize> = (0..120).map(|i| (i * 77 + 5) % 120).collect();
        let turned = rows.select(&order);
        let pool = rayon::ThreadPoolBuilder::new().num_threads(3).build().unwrap();
        let again = pool.install(|| diffuse(&Neighborhoods::of(&turned, 9), &Silent));
        assert_eq!(again, places.select(&order));
    }

    #[test]
    fn a_sample_of_all_is_all_and_few_rows_are_fine() {
        let rows = groups();
        let near = Neighborhoods::of(&rows, 0);
        let diffusion = Diffusion::of(&near, &Silent).unwrap();
        let all: Vec<usize> = (0..120).collect();
        let places = diffusion.of_sample(&all).select(near.distinct_of(&Silent));
        assert_eq!(places, diffuse(&near, &Silent));
        let three = rows.select(&[0, 1, 2]);
        let few = Neighborhoods::of(&three, 0);
        assert!(Diffusion::of(&few, &Silent).is_none());
        assert_eq!(diffuse(&few, &Silent).rows(), 3);
    }
}

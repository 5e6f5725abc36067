//! Principal component analysis.

use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::{RngCore, SeedableRng};
use rayon::prelude::*;

use crate::geometry::Matrix;

/// Directions carried along beside those asked for, so that the last one converges too.
const SPARE: usize = 8;
/// More rounds than any covariance met so far has needed.
const MOST_ROUNDS: usize = 500;
/// The variances found stand still to this part of the largest.
const TOLERANCE: f64 = 1e-12;
/// Rows of the covariance computed by one task.
const ROWS_PER_TASK: usize = 16;
/// Rows of the data added to the sums in one go over them.
const AT_ONCE: usize = 4;

/// Projects `rows` (`n x d`) on their first `k` principal components: `n x k`, centred,
/// variances falling. Directions beyond the rank of `rows` give zeros. The sign of a
/// component is such that its weightiest entry is positive; `seed` decides where the search
/// for directions begins, which shows only where variances tie.
///
/// Covariance, then orthogonal iteration with Rayleigh-Ritz (Golub and Van Loan, "Matrix
/// Computations", 8.2), all in `f64`.
pub fn project(rows: &Matrix, k: usize, seed: u64) -> Matrix {
    project_within(rows, k, seed, TOLERANCE)
}

/// [`project`] with components found to a part of the largest variance: enough where they are only
/// to hold most of what the rows hold, in a fraction of the time.
pub(super) fn project_within(rows: &Matrix, k: usize, seed: u64, tolerance: f64) -> Matrix {
    let (n, d) = (rows.rows(), rows.cols());
    if n == 0 || d == 0 || k == 0 {
        return Matrix::zeros(n, k);
    }
    let mean = mean(rows);
    let covariance = covariance(rows, &mean);
    let components = leading(&covariance, d, k.min(d), seed, tolerance);
    projected(rows, &mean, &components, k)
}

/// The places of all rows along the components, and zeros up to `k` places.
fn projected(rows: &Matrix, mean: &[f64], components: &[Vec<f64>], k: usize) -> Matrix {
    let n = components.len();
    // The numbers of all components for one place of a row side by side.
    let turned: Vec<f64> =
        (0..mean.len()).flat_map(|j| components.iter().map(move |c| c[j])).collect();
    let mut out = Matrix::zeros(rows.rows(), k);
    let places: Vec<Vec<f64>> = (0..rows.rows())
        .into_par_iter()
        .map(|i| {
            let mut sums = vec![0.0; n];
            let terms = rows.row(i).iter().zip(mean).zip(turned.chunks_exact(n));
            for ((&x, m), components) in terms {
                let x = f64::from(x) - m;
                sums.iter_mut().zip(components).for_each(|(sum, c)| *sum += x * c);
            }
            sums
        })
        .collect();
    for (i, places) in places.iter().enumerate() {
        out.row_mut(i).iter_mut().zip(places).for_each(|(out, &x)| *out = x as f32);
    }
    out
}

fn mean(rows: &Matrix) -> Vec<f64> {
    let mut mean = vec![0.0; rows.cols()];
    for row in rows.iter_rows() {
        mean.iter_mut().zip(row).for_each(|(m, &x)| *m += f64::from(x));
    }
    let n = rows.rows() as f64;
    mean.iter_mut().for_each(|m| *m /= n);
    mean
}

/// `d x d`, row-major. A task owns whole rows of the upper triangle and reads the data in order, so
/// sums do not depend on the number of threads.
fn covariance(rows: &Matrix, mean: &[f64]) -> Vec<f64> {
    let d = rows.cols();
    let mut covariance = vec![0.0; d * d];
    covariance.par_chunks_mut(ROWS_PER_TASK * d).enumerate().for_each(|(task, block)| {
        let first = task * ROWS_PER_TASK;
        let mut centred: [Vec<f64>; AT_ONCE] = std::array::from_fn(|_| vec![0.0; d - first]);
        for start in (0..rows.rows()).step_by(AT_ONCE) {
            for (row, centred) in (start..).zip(&mut centred) {
                match row < rows.rows() {
                    true => {
                        let row = rows.row(row)[first..].iter().zip(&mean[first..]);
                        centred.iter_mut().zip(row).for_each(|(c, (&x, m))| *c = f64::from(x) - m);
                    }
                    // In place of the rows that are missing.
                    false => centred.fill(0.0),
                }
            }
            for (i, sums) in block.chunks_exact_mut(d).enumerate() {
                let factors: [f64; AT_ONCE] = std::array::from_fn(|row| centred[row][i]);
                let [a, b, c, e] = std::array::from_fn(|row| &centred[row][i..]);
                let terms = a.iter().zip(b).zip(c).zip(e);
                for (sum, (((a, b), c), e)) in sums[first + i..].iter_mut().zip(terms) {
                    let sum_of_two = *sum + factors[0] * a + factors[1] * b;
                    *sum = sum_of_two + factors[2] * c + factors[3] * e;
                }
            }
        }
    });
    for i in 0..d {
        for j in 0..i {
            covariance[i * d + j] = covariance[j * d + i];
        }
    }
    covariance
}

/// The `k` leading eigenvectors of a symmetric `d x d` matrix, largest eigenvalue first.
/// Eigenvectors of eigenvalue zero are given as zeros.
fn leading(matrix: &[f64], d: usize, k: usize, seed: u64, tolerance: f64) -> Vec<Vec<f64>> {
    let width = (k + SPARE).min(d);
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(seed);
    let mut random = || (rng.next_u64() >> 11) as f64 / (1u64 << 53) as f64 - 0.5;
    let mut basis: Vec<Vec<f64>> = (0..width).map(|_| (0..d).map(|_| random()).collect()).collect();
    orthonormalize(&mut basis);
    let mut values = vec![0.0; width];
    for _ in 0..MOST_ROUNDS {
        let image: Vec<Vec<f64>> = basis.iter().map(|v| times(matrix, d, v)).collect();
        // Rayleigh-Ritz: the best eigenvectors within the span of the basis.
        let small: Vec<f64> = basis.iter().flat_map(|v| image.iter().map(|w| dot(v, w))).collect();
        let (found, turn) = eigen_small(small, width);
        let settled = found[..k].iter().zip(&values).all(|(x, y): (&f64, &f64)| {
            (x - y).abs() <= tolerance * found[0].abs().max(f64::MIN_POSITIVE)
        });
        values = found;
        basis = turn
            .iter()
            .map(|weights| {
                let mut v = vec![0.0; d];
                for (w, image) in weights.iter().zip(&image) {
                    v.iter_mut().zip(image).for_each(|(v, x)| *v += w * x);
                }
                v
            })
            .collect();
        orthonormalize(&mut basis);
        if settled {
            break;
        }
    }
    basis.truncate(k);
    for (vector, value) in basis.iter_mut().zip(&values) {
        if *value <= values[0].max(0.0) * 1e-14 {
            vector.fill(0.0);
        }
        let weightiest = vector.iter().fold(0.0f64, |w, &x| if x.abs() > w.abs() { x } else { w });
        if weightiest < 0.0 {
            vector.iter_mut().for_each(|x| *x = -*x);
        }
    }
    basis
}

fn times(matrix: &[f64], d: usize, vector: &[f64]) -> Vec<f64> {
    matrix.chunks_exact(d).map(|row| dot(row, vector)).collect()
}

/// Gram-Schmidt, twice, since once is not enough in floating point. A vector that depends on
/// those before it becomes zero.
fn orthonormalize(vectors: &mut [Vec<f64>]) {
    for i in 0..vectors.len() {
        let (before, rest) = vectors.split_at_mut(i);
        let vector = &mut rest[0];
        let length_before = dot(vector, vector).sqrt();
        for _ in 0..2 {
            for other in before.iter() {
                let along = dot(vector, other);
                vector.iter_mut().zip(other).for_each(|(v, o)| *v -= along * o);
            }
        }
        let length = dot(vector, vector).sqrt();
        let scale = if length > 1e-12 * length_before { 1.0 / length } else { 0.0 };
        vector.iter_mut().for_each(|v| *v *= scale);
    }
}

/// All eigenvalues (falling) and eigenvectors of a small symmetric matrix, by Jacobi rotations.
fn eigen_small(mut a: Vec<f64>, n: usize) -> (Vec<f64>, Vec<Vec<f64>>) {
    let mut vectors: Vec<Vec<f64>> =
        (0..n).map(|i| (0..n).map(|j| f64::from(u8::from(i == j))).collect()).collect();
    for _sweep in 0..50 {
        let off: f64 =
            (0..n).flat_map(|i| (0..i).map(move |j| (i, j))).map(|(i, j)| a[i * n + j].abs()).sum();
        let trace: f64 = (0..n).map(|i| a[i * n + i].abs()).sum();
        if off <= 1e-15 * trace {
            break;
        }
        for p in 0..n {
            for q in p + 1..n {
                if a[p * n + q] == 0.0 {
                    continue;
                }
                let theta = (a[q * n + q] - a[p * n + p]) / (2.0 * a[p * n + q]);
                let t = theta.signum() / (theta.abs() + (theta * theta + 1.0).sqrt());
                let t = if theta == 0.0 { 1.0 } else { t };
                let c = 1.0 / (t * t + 1.0).sqrt();
                let s = t * c;
                for i in 0..n {
                    let (x, y) = (a[i * n + p], a[i * n + q]);
                    (a[i * n + p], a[i * n + q]) = (c * x - s * y, s * x + c * y);
                }
                for i in 0..n {
                    let (x, y) = (a[p * n + i], a[q * n + i]);
                    (a[p * n + i], a[q * n + i]) = (c * x - s * y, s * x + c * y);
                }
                for i in 0..n {
                    let (x, y) = (vectors[p][i], vectors[q][i]);
                    (vectors[p][i], vectors[q][i]) = (c * x - s * y, s * x + c * y);
                }
            }
        }
    }
    let mut order: Vec<usize> = (0..n).collect();
    order.sort_by(|&i, &j| a[j * n + j].total_cmp(&a[i * n + i]));
    let values = order.iter().map(|&i| a[i * n + i]).collect();
    let vectors = order.iter().map(|&i| vectors[i].clone()).collect();
    (values, vectors)
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}

//! Greedy k-means++: starting rows drawn far from each other.
//!
//! Each next row is drawn with probability proportional to its squared distance to the
//! nearest row drawn so far; of several draws the one that lowers the sum of these
//! distances most is kept. D. Arthur and S. Vassilvitskii, "k-means++: the advantages of
//! careful seeding", SODA 2007; the greedy form is section 5 of the same, analysed by
//! A. Bhattacharya et al., "Noisy, greedy and not so greedy k-means++", ESA 2020.

use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::RngCore;

/// Up to `k` different rows of `0..n`; fewer when fewer are different.
///
/// `distances(rows)` gives, for each row named, its squared distances to all `n` rows.
pub(super) fn plus_plus(
    n: usize,
    k: usize,
    rng: &mut Xoshiro256PlusPlus,
    mut distances: impl FnMut(&[usize]) -> Vec<Vec<f64>>,
) -> Vec<usize> {
    if n == 0 || k == 0 {
        return Vec::new();
    }
    let n_draws = 2 + (k as f64).ln() as usize;
    let first = below(rng, n);
    let mut chosen = vec![first];
    let mut nearest = distances(&[first]).swap_remove(0);
    while chosen.len() < k {
        let total: f64 = nearest.iter().sum();
        if total <= 0.0 {
            break;
        }
        let mut draws: Vec<usize> = (0..n_draws).map(|_| draw(&nearest, total, rng)).collect();
        draws.dedup();
        let mut best: Option<(f64, usize, Vec<f64>)> = None;
        for (&row, mut to_row) in draws.iter().zip(distances(&draws)) {
            to_row.iter_mut().zip(&nearest).for_each(|(new, &old)| *new = new.min(old));
            let left: f64 = to_row.iter().sum();
            if best.as_ref().is_none_or(|(least, ..)| left < *least) {
                best = Some((left, row, to_row));
            }
        }
        let Some((_, row, to_row)) = best else { break };
        chosen.push(row);
        nearest = to_row;
    }
    chosen
}

/// A row drawn with probability `weights[row] / total`; never one of weight 0.
fn draw(weights: &[f64], total: f64, rng: &mut Xoshiro256PlusPlus) -> usize {
    let target = unit(rng) * total;
    let mut sum = 0.0;
    let mut last = 0;
    for (row, &weight) in weights.iter().enumerate() {
        if weight > 0.0 {
            sum += weight;
            last = row;
            if sum > target {
                break;
            }
        }
    }
    last
}

/// A number in `[0, 1)`.
pub(super) fn unit(rng: &mut Xoshiro256PlusPlus) -> f64 {
    (rng.next_u64() >> 11) as f64 / (1u64 << 53) as f64
}

/// A number in `0..n`.
pub(super) fn below(rng: &mut Xoshiro256PlusPlus, n: usize) -> usize {
    ((unit(rng) * n as f64) as usize).min(n - 1)
}

/// `count` of `0..n`, ascending, each equally likely.
pub(super) fn sample(rng: &mut Xoshiro256PlusPlus, n: usize, count: usize) -> Vec<usize> {
    let mut rows: Vec<usize> = (0..n).collect();
    for at in 0..count.min(n) {
        let other = at + below(rng, n - at);
        rows.swap(at, other);
    }
    rows.truncate(count);
    rows.sort_unstable();
    rows
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand_xoshiro::rand_core::SeedableRng;

    fn seeds(points: &[f64], k: usize, seed: u64) -> Vec<usize> {
        let mut rng = Xoshiro256PlusPlus::seed_from_u64(seed);
        plus_plus(points.len(), k, &mut rng, |rows| {
            let from = |&row: &usize| points.iter().map(|x| (x - points[row]).powi(2)).collect();
            rows.iter().map(from).collect()
        })
    }

    #[test]
    fn far_groups_each_get_a_seed() {
        let points = [0.0, 0.1, 100.0, 100.1, 200.0, 200.1];
        for seed in 0..50 {
            let mut groups: Vec<usize> = seeds(&points, 3, seed).iter().map(|r| r / 2).collect();
            groups.sort();
            assert_eq!(groups, [0, 1, 2], "seed {seed}");
        }
    }

    #[test]
    fn no_row_comes_twice_and_equal_rows_count_once() {
        assert_eq!(seeds(&[1.0, 1.0, 2.0, 2.0], 4, 3).len(), 2);
        let mut all = seeds(&[1.0, 2.0, 3.0], 3, 4);
        all.sort();
        assert_eq!(all, [0, 1, 2]);
        assert!(seeds(&[], 2, 0).is_empty());
    }

    #[test]
    fn a_sample_is_ascending_and_without_repeats() {
        let mut rng = Xoshiro256PlusPlus::seed_from_u64(1);
        let rows = sample(&mut rng, 100, 40);
        assert_eq!(rows.len(), 40);
        assert!(rows.windows(2).all(|w| w[0] < w[1]));
        assert_eq!(sample(&mut rng, 3, 9), [0, 1, 2]);
    }
}

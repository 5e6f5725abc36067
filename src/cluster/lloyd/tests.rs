use super::*;
use proptest::prelude::*;

fn blobs(n: usize, d: usize, groups: usize, seed: f32) -> Matrix {
    let number = |i: usize| {
        let (row, column) = (i / d, i % d);
        let centre = ((row % groups * d + column) as f32 * 1.7 + seed).sin() * 2.0;
        centre + ((i as f32 + 1.0) * 0.913 * seed).sin()
    };
    Matrix::new(n, d, (0..n * d).map(number).collect()).unwrap()
}

/// Lloyd as in a textbook; false when a cluster ran empty, which it does not repair.
fn plain(rows: &Matrix, centroids: &mut Matrix, iterations: usize) -> bool {
    for _ in 0..iterations {
        let mut sums = vec![vec![0.0; rows.cols()]; centroids.rows()];
        let mut sizes = vec![0.0; centroids.rows()];
        for row in rows.iter_rows() {
            let distance = |c: &usize| squared_distance(row, centroids.row(*c));
            let best =
                (0..centroids.rows()).min_by(|a, b| distance(a).total_cmp(&distance(b))).unwrap();
            sizes[best] += 1.0;
            sums[best].iter_mut().zip(row).for_each(|(s, &x)| *s += f64::from(x));
        }
        for c in 0..centroids.rows() {
            if sizes[c] == 0.0 {
                return false;
            }
            write_mean(&sums[c], sizes[c], Scale::AsIs, centroids.row_mut(c));
        }
    }
    true
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(30))]
    #[test]
    fn pruning_changes_nothing(n in 20usize..900, d in 1usize..12, k in 1usize..8, seed in 0.1f32..5.0) {
        let rows = blobs(n, d, 5, seed);
        let start = rows.select(&(0..k).map(|i| i * n / k).collect::<Vec<_>>());
        for iterations in [1, 3, 12] {
            let (mut fast, mut slow) = (start.clone(), start.clone());
            lloyd(&rows, &mut fast, Scale::AsIs, Stop { max_iterations: iterations, shift: -1.0 }, None);
            prop_assume!(plain(&rows, &mut slow, iterations));
            for (a, b) in fast.as_slice().iter().zip(slow.as_slice()) {
                prop_assert!((a - b).abs() < 1e-5, "{a} {b} after {iterations}");
            }
        }
    }
}

#[test]
fn an_empty_cluster_is_filled() {
    let rows = Matrix::new(5, 1, vec![0.0, 0.1, 0.2, 5.0, 9.0]).unwrap();
    let mut centroids = Matrix::new(3, 1, vec![0.1, 7.0, 100.0]).unwrap();
    lloyd(&rows, &mut centroids, Scale::AsIs, Stop { max_iterations: 50, shift: 0.0 }, None);
    let mut found = centroids.into_vec();
    found.sort_by(f32::total_cmp);
    assert_eq!(found.len(), 3);
    assert!((found[0] - 0.1).abs() < 1e-6 && found[1] == 5.0 && found[2] == 9.0, "{found:?}");
}

#[test]
fn spherical_centroids_have_unit_length() {
    let mut rows = blobs(200, 6, 3, 0.7);
    rows.normalize_rows();
    let mut centroids = rows.select(&[0, 1, 2]);
    lloyd(&rows, &mut centroids, Scale::Unit, Stop { max_iterations: 20, shift: 0.0 }, None);
    assert!(centroids.iter_rows().all(|c| (squared_length(c) - 1.0).abs() < 1e-6));
}

/// Scores added up in another order than usual; fails once asked more than `answers` times.
fn remote(
    rows: &Matrix,
    answers: usize,
) -> impl Fn(&Matrix, &[f32]) -> Result<Vec<TwoLowest>, String> {
    let left = std::cell::Cell::new(answers);
    move |columns, offsets| {
        left.set(left.get().checked_sub(1).ok_or("full")?);
        let score = |row: &[f32], j: usize| {
            let terms = row.iter().zip(columns.row(j)).rev();
            offsets[j] - terms.map(|(x, y)| x * y).sum::<f32>()
        };
        let scores = |row: &[f32]| (0..columns.rows()).map(|j| score(row, j)).collect::<Vec<f32>>();
        Ok(rows.iter_rows().map(|row| TwoLowest::of(&scores(row))).collect())
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(30))]
    #[test]
    fn remote_scores_change_nothing_even_if_they_fail(
        n in 20usize..600,
        k in 1usize..9,
        seed in 0.1f32..5.0,
        answers in 0usize..6,
    ) {
        // Whole numbers, so that many rows are as near to one centroid as to another.
        let mut rows = blobs(n, 4, 5, seed);
        (0..n).for_each(|row| rows.row_mut(row).iter_mut().for_each(|x| *x = x.round()));
        let start = rows.select(&(0..k).map(|i| i * n / k).collect::<Vec<_>>());
        let stop = Stop { max_iterations: 20, shift: 0.0 };
        let (mut here, mut there) = (start.clone(), start);
        let expected = lloyd(&rows, &mut here, Scale::AsIs, stop, None);
        let scores = remote(&rows, answers);
        let course = lloyd(&rows, &mut there, Scale::AsIs, stop, Some(&scores));
        prop_assert_eq!(there, here);
        prop_assert_eq!(course.iterations, expected.iterations);
        prop_assert_eq!(course.failure.is_some(), answers < course.iterations);
    }
}

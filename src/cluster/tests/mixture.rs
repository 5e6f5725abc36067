//! The Gaussian mixture, called as the pipeline calls it.

use super::*;

#[test]
fn a_mixture_finds_the_groups_and_shares_what_lies_between_them() {
    let rows = directions(4, 30, 12, 0.4, 3);
    // Two rows half-way between two groups each.
    let mut data = rows.as_slice().to_vec();
    for (a, b) in [(0, 1), (2, 3)] {
        data.extend(rows.row(a).iter().zip(rows.row(b)).map(|(x, y)| (x + y) / 2.0));
    }
    let mut rows = Matrix::new(122, 12, data).unwrap();
    rows.normalize_rows();
    let algorithm =
        Algorithm::Gmm(GmmParams { k: Choice::Given(4), seed: 1, ..GmmParams::default() });
    let fitted = cluster(&rows, &algorithm, &Silent).unwrap();
    let groups: Vec<usize> = (0..120).map(|row| row % 4).collect();
    let rand = Contingency::of(&groups, &fitted.clustering.labels()[..120]).adjusted_rand();
    assert!(rand > 0.95, "{rand}");
    for (row, shares) in fitted.clustering.shares().iter().enumerate() {
        let sum: f32 = shares.iter().map(|share| share.share).sum();
        assert!((0.9..=1.0 + 1e-4).contains(&sum), "row {row}: {shares:?}");
        assert_eq!(Some(shares[0].cluster), fitted.clustering.labels()[row]);
        assert_eq!(shares[0].share, fitted.clustering.strengths()[row]);
    }
    let found: ClusterModel =
        serde_json::from_str(&serde_json::to_string(&fitted.model).unwrap()).unwrap();
    assert_eq!(found, fitted.model);
    let again = assign(&found, &rows, &rows).unwrap();
    for (row, assigned) in again.iter().enumerate() {
        assert_eq!(assigned.label, fitted.clustering.labels()[row]);
        assert!((assigned.strength - fitted.clustering.strengths()[row]).abs() < 1e-6);
    }
}

#[test]
fn a_mixture_sees_neither_row_order_nor_threads() {
    let rows = directions(5, 24, 16, 0.9, 13);
    let algorithm = Algorithm::Gmm(GmmParams::default());
    let in_pool = |threads: usize, rows: &Matrix| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| cluster(rows, &algorithm, &Silent)).unwrap()
    };
    let fitted = in_pool(1, &rows);
    assert_eq!(in_pool(3, &rows), fitted);
    let order: Vec<usize> = (0..120).map(|i| (i * 77 + 13) % 120).collect();
    let shuffled = in_pool(1, &rows.select(&order));
    for (at, &row) in order.iter().enumerate() {
        assert_eq!(shuffled.clustering.strengths()[at], fitted.clustering.strengths()[row]);
    }
    assert_eq!(shuffled.method.parameters, fitted.method.parameters);
}

#[test]
fn a_mixture_takes_any_number_of_rows_and_equal_ones() {
    for n in 1..10 {
        let rows = directions(n, 1, 4, 0.0, 1);
        let fitted = cluster(&rows, &Algorithm::Gmm(GmmParams::default()), &Silent).unwrap();
        assert_eq!(fitted.clustering.labels().len(), n);
        assert!(fitted.clustering.noise().is_empty());
    }
    let same = Matrix::new(9, 2, [0.6, 0.8].repeat(9)).unwrap();
    let algorithm =
        Algorithm::Gmm(GmmParams { k: Choice::Given(3), seed: 1, ..GmmParams::default() });
    assert_eq!(cluster(&same, &algorithm, &Silent).unwrap().clustering.n_clusters(), 1);
}

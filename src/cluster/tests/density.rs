//! HDBSCAN, called as the pipeline calls it.

use super::*;

fn density(min_cluster_size: Choice<usize>, max_noise: f64) -> Algorithm {
    Algorithm::Hdbscan(DensityParams { min_cluster_size, max_noise, ..DensityParams::default() })
}

/// The same in the embeddings as they are.
fn unreduced(min_cluster_size: Choice<usize>, max_noise: f64) -> Algorithm {
    let reduction = Reduction::None;
    let params = DensityParams { min_cluster_size, max_noise, reduction, ..Default::default() };
    Algorithm::Hdbscan(params)
}

/// Eight tight directions and rows far from all of them.
fn with_noise() -> Matrix {
    let groups = directions(8, 12, 20, 0.3, 4);
    let noise = directions(40, 1, 20, 0.0, 77);
    let all = [groups.as_slice(), noise.as_slice()].concat();
    Matrix::new(136, 20, all).unwrap()
}

#[test]
fn hdbscan_chooses_a_size_that_finds_the_groups() {
    let rows = with_noise();
    let fitted = cluster(&rows, &unreduced(Choice::Auto, 1.0), &Silent).unwrap();
    let groups: Vec<usize> = (0..96).map(|row| row % 8).collect();
    let rand = Contingency::of(&groups, &fitted.clustering.labels()[..96]).adjusted_rand();
    assert!(rand > 0.95, "{rand} {:?}", fitted.method);
    assert_eq!(fitted.raw.as_deref(), Some(fitted.clustering.labels()));
}

#[test]
fn noise_is_kept_within_its_bound_and_the_raw_labels_beside() {
    let rows = with_noise();
    for max_noise in [0.0, 0.1, 0.2] {
        let algorithm = unreduced(Choice::Given(6), max_noise);
        let fitted = cluster(&rows, &algorithm, &Silent).unwrap();
        let raw = fitted.raw.as_ref().unwrap();
        let raw_noise = raw.iter().filter(|label| label.is_none()).count();
        let noise = fitted.clustering.noise().len();
        assert!(raw_noise > 30 && noise as f64 <= max_noise * 136.0, "{raw_noise} {noise}");
        for (row, label) in raw.iter().enumerate().filter(|(_, label)| label.is_some()) {
            assert_eq!(*label, fitted.clustering.labels()[row]);
        }
        assert!(fitted.method.warnings[0].contains("nearest cluster"), "{:?}", fitted.method);
    }
}

#[test]
fn hdbscan_gives_fitted_rows_back_and_does_not_see_row_order() {
    let rows = with_noise();
    let algorithm = unreduced(Choice::Auto, 0.15);
    let fitted = cluster(&rows, &algorithm, &Silent).unwrap();
    let json = serde_json::to_string(&fitted.model).unwrap();
    let model: ClusterModel = serde_json::from_str(&json).unwrap();
    let together = assign(&model, &rows, &rows).unwrap();
    for (row, assigned) in together.iter().enumerate() {
        assert_eq!(assigned.label, fitted.clustering.labels()[row], "row {row}");
        assert_eq!(assigned.strength, fitted.clustering.strengths()[row], "row {row}");
        assert_eq!(assign(&model, &rows, &rows.select(&[row])).unwrap()[0], *assigned);
    }
    let order: Vec<usize> = (0..136).map(|i| (i * 55 + 9) % 136).collect();
    let shuffled = cluster(&rows.select(&order), &algorithm, &Silent).unwrap();
    let labels = |clustering: &Clustering| clustering.labels().to_vec();
    let back: Vec<Label> = order.iter().map(|&row| fitted.clustering.labels()[row]).collect();
    assert_eq!(Contingency::of(&back, &labels(&shuffled.clustering)).adjusted_rand(), 1.0);
    assert_eq!(fitted.method.parameters, shuffled.method.parameters);
    let source: Vec<usize> = (0..136).chain([90; 30]).collect();
    let spread = fitted.spread(&source);
    let again = assign(&spread.model, &rows, &rows.select(&source)).unwrap();
    assert_eq!(again.iter().map(|a| a.label).collect::<Vec<_>>(), spread.clustering.labels());
}

#[test]
fn on_reduced_rows_hdbscan_keeps_its_promises() {
    let rows = with_noise();
    // The first row twice, which must not be told apart.
    let rows = rows.select(&(0..136).chain([0]).collect::<Vec<_>>());
    let algorithm = density(Choice::Given(4), 0.15);
    let fit = |rows: &Matrix| cluster(rows, &algorithm, &Silent).unwrap();
    let fitted = fit(&rows);
    assert_eq!(fitted.method.parameters["reduced_to"], crate::project::DIFFUSED);
    let json = serde_json::to_string(&fitted.model).unwrap();
    let model: ClusterModel = serde_json::from_str(&json).unwrap();
    let together = assign(&model, &rows, &rows).unwrap();
    for (row, assigned) in together.iter().enumerate() {
        assert_eq!(assigned.label, fitted.clustering.labels()[row], "row {row}");
        assert_eq!(assign(&model, &rows, &rows.select(&[row])).unwrap()[0], *assigned);
    }
    assert_eq!(together[0], together[136]);
    assert!(assign(&model, &rows.select(&[0, 1]), &rows).is_err());

    let order: Vec<usize> = (0..137).map(|i| (i * 55 + 9) % 137).collect();
    let shuffled = fit(&rows.select(&order)).clustering;
    let back: Vec<Label> = order.iter().map(|&row| fitted.clustering.labels()[row]).collect();
    assert_eq!(Contingency::of(&back, shuffled.labels()).adjusted_rand(), 1.0);
    let few = cluster(&rows.select(&[0, 1, 2]), &density(Choice::Auto, 0.25), &Silent);
    assert!(few.unwrap().method.parameters["reduced_to"].is_null());
}

#[test]
fn hdbscan_takes_any_number_of_rows() {
    for n in 1..8 {
        let rows = directions(n, 1, 4, 0.0, 1);
        let fitted = cluster(&rows, &density(Choice::Auto, 0.25), &Silent).unwrap();
        assert_eq!(fitted.clustering.labels().len(), n);
    }
    let error = cluster(&with_noise(), &density(Choice::Auto, 1.5), &Silent).unwrap_err();
    insta::assert_snapshot!(error, @"max_noise is 1.5: give a share of the roles, 0 to 1");
    let error = cluster(&with_noise(), &density(Choice::Given(1), 1.0), &Silent);
    insta::assert_snapshot!(error.unwrap_err(), @"min_cluster_size is 1: give at least 2");
}

#[test]
fn more_rows_than_are_compared_in_pairs_are_told_of() {
    let rows = directions(4, 300, 12, 0.5, 3);
    let params = |exact_rows| {
        let size = Choice::Given(20);
        let reduction = Reduction::None;
        let params =
            DensityParams { min_cluster_size: size, exact_rows, reduction, ..Default::default() };
        Algorithm::Hdbscan(params)
    };
    let exact = cluster(&rows, &params(1200), &Silent).unwrap();
    let near = cluster(&rows, &params(1199), &Silent).unwrap();
    assert_eq!(exact.method.parameters["tree"], "exact");
    assert!(!exact.method.warnings.iter().any(|w| w.contains("approximate")));
    assert!(near.method.parameters["tree"].to_string().contains("approximate"));
    assert!(near.method.warnings[0].contains("1200 roles is approximate"));
    // So few blocks are all compared.
    assert_eq!(near.clustering, exact.clustering);
}

#[test]
fn both_algorithms_tell_how_their_clusters_hang_together() {
    let rows = directions(5, 40, 16, 0.5, 21);
    let density = DensityParams { min_cluster_size: Choice::Given(10), ..Default::default() };
    for algorithm in [kmeans(Choice::Given(5)), Algorithm::Hdbscan(density)] {
        let fitted = cluster(&rows, &algorithm, &Silent).unwrap();
        let k = fitted.clustering.n_clusters();
        let tree = fitted.hierarchy.clone().unwrap();
        let mut ids: Vec<u32> =
            tree.branches().iter().filter_map(|branch| branch.cluster.map(|id| id.0)).collect();
        ids.sort_unstable();
        assert!(ids.into_iter().eq(0..k as u32));
        assert_eq!(tree.branches()[0].size, 200);

        // Every row twice, and the ids turned around: the tree follows.
        let source: Vec<usize> = (0..400).map(|row| row / 2).collect();
        let turned: Vec<ClusterId> = (0..k as u32).rev().map(ClusterId).collect();
        let spread = fitted.spread(&source).renumbered(&turned);
        let tree = spread.hierarchy.unwrap();
        assert_eq!(tree.branches()[0].size, 400);
        for (row, &branch) in tree.row_branches().iter().enumerate() {
            // Rows in a cluster's branch carry its label.
            if let Some(id) = tree.branches()[branch as usize].cluster {
                assert_eq!(spread.clustering.labels()[row], Some(id));
            }
        }
    }
}

#[test]
fn copies_count_with_their_number() {
    let two = directions(2, 1, 8, 0.0, 3);
    let rows = two.select(&(0..40).map(|row| row % 2).collect::<Vec<_>>());
    let fitted = cluster(&rows, &density(Choice::Auto, 0.25), &Silent).unwrap();
    let expected: Vec<Label> = (0..40).map(|row| Some(ClusterId(row % 2))).collect();
    assert_eq!(fitted.clustering.labels(), expected);
    assert_eq!(assign(&fitted.model, &rows, &two).unwrap()[1].label, Some(ClusterId(1)));
}

#[test]
fn identical_rows_are_one_cluster() {
    let one = directions(1, 1, 8, 0.0, 3);
    let forty = one.select(&[0; 40]);
    let fitted = cluster(&forty, &density(Choice::Auto, 0.25), &Silent).unwrap();
    assert_eq!(fitted.clustering.labels(), vec![Some(ClusterId(0)); 40]);
    assert_eq!(assign(&fitted.model, &forty, &one).unwrap()[0].label, Some(ClusterId(0)));
}

#[test]
fn no_seed_changes_what_samples_agree_on() {
    let rows = directions(7, 25, 16, 0.7, 4);
    let at = |seed| {
        let params = DensityParams { seed, ..DensityParams::default() };
        cluster(&rows, &Algorithm::Hdbscan(params), &Silent).unwrap()
    };
    let first = at(1);
    let groups: Vec<usize> = (0..175).map(|row| row % 7).collect();
    let rand = Contingency::of(&groups, first.clustering.labels()).adjusted_rand();
    assert!(rand > 0.9, "{rand}");
    assert!(first.method.parameters["samples"].as_u64() >= Some(12));
    for seed in [2, 3] {
        assert_eq!(at(seed).clustering, first.clustering);
    }
    // Nine tenths of the rows give nearly the same clusters.
    let most: Vec<usize> = (0..175).filter(|row| row % 10 != 3).collect();
    let algorithm = Algorithm::Hdbscan(DensityParams::default());
    let fewer = cluster(&rows.select(&most), &algorithm, &Silent).unwrap();
    let before: Vec<Label> = most.iter().map(|&row| first.clustering.labels()[row]).collect();
    let rand = Contingency::of(&before, fewer.clustering.labels()).adjusted_rand();
    assert!(rand > 0.9, "{rand}");
}

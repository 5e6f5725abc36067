//! Clustering as the pipeline uses it.

use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::SeedableRng;

use super::*;
use crate::clustering::{ClusterId, Clustering, Label};
use crate::contingency::Contingency;
use crate::progress::Silent;

/// `groups` directions with `per` unit rows around each, in mixed order.
pub(super) fn directions(groups: usize, per: usize, d: usize, spread: f64, seed: u64) -> Matrix {
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(seed);
    let mut normal = || {
        let u = 1.0 - seeding::unit(&mut rng);
        (-2.0 * u.ln()).sqrt() * (std::f64::consts::TAU * seeding::unit(&mut rng)).cos()
    };
    let mut centres = Matrix::zeros(groups, d);
    (0..groups).for_each(|g| centres.row_mut(g).iter_mut().for_each(|x| *x = normal() as f32));
    centres.normalize_rows();
    let mut rows = Matrix::zeros(groups * per, d);
    let scale = spread / (d as f64).sqrt();
    for i in 0..groups * per {
        for (x, &centre) in rows.row_mut(i).iter_mut().zip(centres.row(i % groups)) {
            *x = centre + (scale * normal()) as f32;
        }
    }
    rows.normalize_rows();
    rows
}

fn kmeans(k: Choice<usize>) -> Algorithm {
    Algorithm::KMeans(KMeansParams { k, ..KMeansParams::default() })
}

fn groups_of(clustering: &Clustering, n: usize) -> Vec<Vec<usize>> {
    let mut groups = clustering.members();
    groups.iter().for_each(|g| assert!(g.iter().all(|&row| row < n)));
    groups.sort();
    groups
}

#[test]
fn auto_finds_the_groups_that_are_there() {
    let rows = directions(9, 14, 24, 0.35, 3);
    let fitted = cluster(&rows, &kmeans(Choice::Auto), &Silent).unwrap();
    assert_eq!(fitted.clustering.n_clusters(), 9, "{:?}", fitted.method.choice);
    let expected: Vec<Vec<usize>> = (0..9).map(|g| (0..14).map(|i| i * 9 + g).collect()).collect();
    assert_eq!(groups_of(&fitted.clustering, 126), expected);
    assert_eq!(fitted.method.parameters["k"], 9);
    assert_eq!(fitted.method.parameters["k_choice"], "auto");
    assert!(fitted.method.choice.len() > 5);
}

#[test]
fn row_order_changes_nothing_but_the_order() {
    let rows = directions(6, 20, 16, 1.2, 5);
    let order: Vec<usize> = (0..120).map(|i| (i * 77 + 13) % 120).collect();
    for algorithm in [kmeans(Choice::Auto), kmeans(Choice::Given(17))] {
        let straight = cluster(&rows, &algorithm, &Silent).unwrap();
        let shuffled = cluster(&rows.select(&order), &algorithm, &Silent).unwrap();
        let mut back: Vec<Vec<usize>> = shuffled
            .clustering
            .members()
            .iter()
            .map(|members| {
                let mut rows: Vec<usize> = members.iter().map(|&at| order[at]).collect();
                rows.sort();
                rows
            })
            .collect();
        back.sort();
        assert_eq!(groups_of(&straight.clustering, 120), back);
        for (at, &row) in order.iter().enumerate() {
            assert_eq!(
                straight.clustering.strengths()[row],
                shuffled.clustering.strengths()[at],
                "row {row}"
            );
        }
    }
}

#[test]
fn assigning_fitted_rows_gives_their_labels_back_one_by_one_or_together() {
    let rows = directions(7, 30, 12, 1.0, 8);
    for metric in [Metric::Euclidean, Metric::Spherical] {
        let params = KMeansParams { k: Choice::Given(11), metric, ..KMeansParams::default() };
        let fitted = cluster(&rows, &Algorithm::KMeans(params), &Silent).unwrap();
        let json = serde_json::to_string(&fitted.model).unwrap();
        let model: ClusterModel = serde_json::from_str(&json).unwrap();
        assert_eq!(model, fitted.model);
        let together = assign(&model, &rows, &rows).unwrap();
        for (row, assigned) in together.iter().enumerate() {
            assert_eq!(assigned.label, fitted.clustering.labels()[row]);
            assert_eq!(assigned.strength, fitted.clustering.strengths()[row]);
            assert_eq!(assign(&model, &rows, &rows.select(&[row])).unwrap()[0], *assigned);
        }
    }
}

#[test]
fn repeats_spread_their_label_and_the_model_follows() {
    let rows = directions(3, 4, 8, 0.2, 2);
    let fitted = cluster(&rows, &kmeans(Choice::Given(3)), &Silent).unwrap();
    // The last row's cluster becomes the largest.
    let source: Vec<usize> = (0..12).chain([11; 9]).collect();
    let spread = fitted.clone().spread(&source);
    assert_eq!(spread.clustering.labels()[11], Some(ClusterId(0)));
    assert_eq!(spread.clustering.labels().len(), 21);
    let again = assign(&spread.model, &rows, &rows.select(&source)).unwrap();
    let labels: Vec<Label> = again.iter().map(|a| a.label).collect();
    assert_eq!(labels, spread.clustering.labels());
}

#[test]
fn ids_can_be_kept_over_a_second_clustering() {
    let rows = directions(5, 10, 8, 0.3, 2);
    let before = cluster(&rows, &kmeans(Choice::Given(5)), &Silent).unwrap();
    // Another group comes in and is the largest.
    let more = directions(1, 20, 8, 0.3, 31);
    let all = Matrix::new(70, 8, [rows.as_slice(), more.as_slice()].concat()).unwrap();
    let after = cluster(&all, &kmeans(Choice::Given(6)), &Silent).unwrap();
    let (old, new) = (before.clustering.labels(), &after.clustering.labels()[..50]);
    let ids = stable_ids(old, new, 5, 6);
    let traced = lineage(old, new, 5, 6);
    assert_eq!(traced.events.len(), 6, "{traced:?}");
    let after = after.renumbered(&ids);
    assert_eq!(&after.clustering.labels()[..50], before.clustering.labels());
    assert_eq!(after.clustering.labels()[69], Some(ClusterId(5)));
    let again = assign(&after.model, &all, &all).unwrap();
    assert_eq!(again.iter().map(|a| a.label).collect::<Vec<_>>(), after.clustering.labels());
}

#[test]
fn few_rows_and_equal_rows_are_no_trouble() {
    for n in 1..8 {
        let rows = directions(n, 1, 4, 0.0, 1);
        let fitted = cluster(&rows, &kmeans(Choice::Auto), &Silent).unwrap();
        assert!(fitted.clustering.n_clusters() >= 1);
        assert_eq!(fitted.clustering.labels().len(), n);
    }
    let same = Matrix::new(5, 2, [0.6, 0.8].repeat(5)).unwrap();
    let fitted = cluster(&same, &kmeans(Choice::Given(3)), &Silent).unwrap();
    assert_eq!(fitted.clustering.n_clusters(), 1);
    assert!(
        fitted.method.warnings[0].contains("only 1 vectors are different"),
        "{:?}",
        fitted.method
    );
    let every_row = directions(5, 1, 4, 0.0, 1);
    let fitted = cluster(&every_row, &kmeans(Choice::Given(5)), &Silent).unwrap();
    assert_eq!(fitted.clustering.n_clusters(), 5);
}

#[test]
fn what_cannot_be_clustered_is_said_with_numbers() {
    let rows = directions(2, 2, 4, 0.1, 1);
    let error =
        |rows: &Matrix, algorithm| cluster(rows, &algorithm, &Silent).unwrap_err().to_string();
    insta::assert_snapshot!(error(&rows, kmeans(Choice::Given(5))), @"5 clusters cannot be made of 4 roles; ask for 1 to 4, or for auto");
    insta::assert_snapshot!(error(&rows, kmeans(Choice::Given(0))), @"0 clusters cannot be made of 4 roles; ask for 1 to 4, or for auto");
    insta::assert_snapshot!(error(&Matrix::zeros(0, 4), kmeans(Choice::Auto)), @"there are no roles to cluster");
    let mut broken = rows.clone();
    broken.row_mut(1)[2] = f32::NAN;
    insta::assert_snapshot!(error(&broken, kmeans(Choice::Auto)), @"number 2 of vector 1 is not finite; embed again with --dtype f32");
    let model = fit_kmeans(&rows, 2, &KMeansParams::default()).unwrap().model();
    insta::assert_snapshot!(assign(&model, &rows, &Matrix::zeros(1, 3)).unwrap_err(), @"vectors of 3 numbers cannot be assigned to clusters of 4; use the model that made the clusters");
}

#[test]
fn a_large_corpus_goes_through_a_sample_and_finds_the_same_groups() {
    let rows = directions(12, 400, 16, 0.4, 9);
    assert!(rows.rows() > kmeans::CORE_ROWS);
    let fitted = fit_kmeans(&rows, 12, &KMeansParams::default()).unwrap();
    let expected: Vec<Vec<usize>> =
        (0..12).map(|g| (0..400).map(|i| i * 12 + g).collect()).collect();
    assert_eq!(groups_of(&fitted.clustering, rows.rows()), expected);
    assert!(fitted.iterations >= 1);
    // More clusters than the sample can start.
    let many = fit_kmeans(&rows, 600, &KMeansParams { max_iterations: 3, ..Default::default() });
    assert_eq!(many.unwrap().clustering.n_clusters(), 600);
}

#[test]
fn choices_are_read_and_written() {
    assert_eq!("auto".parse(), Ok(Choice::<usize>::Auto));
    assert_eq!("12".parse(), Ok(Choice::Given(12usize)));
    assert!("many".parse::<Choice<usize>>().is_err());
    assert_eq!(Choice::Given(3).to_string(), "3");
}

#[test]
fn linfa_can_fit_and_predict() {
    use linfa::DatasetBase;
    use linfa::traits::{Fit, Predict};
    let rows = directions(4, 10, 6, 0.3, 6);
    let records = ndarray::Array2::from_shape_vec((40, 6), rows.as_slice().to_vec()).unwrap();
    let dataset = DatasetBase::from(records.clone());
    let params = KMeansParams { k: Choice::Given(4), ..Default::default() };
    let model = params.fit(&dataset).unwrap();
    let predicted = model.predict(&records);
    let labels: Vec<usize> = model.clustering.labels().iter().map(|l| l.unwrap().index()).collect();
    assert_eq!(predicted.to_vec(), labels);
    assert_eq!(KMeansParams::default().fit(&dataset).unwrap().clustering.n_clusters(), 4);
    let params = hdbscan::HdbscanParams { min_cluster_size: 4, ..Default::default() };
    let model = params.fit(&dataset).unwrap();
    assert_eq!(model.predict(&records).to_vec(), model.labels());
    assert_eq!(model.labels().iter().flatten().max(), Some(&3));
}

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
    assert_eq!(fitted.method.parameters["reduced_to"], crate::project::REDUCED);
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
    let rows = directions(4, 300, 8, 0.5, 3);
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
fn a_mixture_finds_the_groups_and_shares_what_lies_between_them() {
    let rows = directions(4, 30, 12, 0.4, 3);
    // Two rows half-way between two groups each.
    let mut data = rows.as_slice().to_vec();
    for (a, b) in [(0, 1), (2, 3)] {
        data.extend(rows.row(a).iter().zip(rows.row(b)).map(|(x, y)| (x + y) / 2.0));
    }
    let mut rows = Matrix::new(122, 12, data).unwrap();
    rows.normalize_rows();
    let algorithm = Algorithm::Gmm(GmmParams { k: Choice::Given(4), seed: 1 });
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
    let algorithm = Algorithm::Gmm(GmmParams { k: Choice::Given(3), seed: 1 });
    assert_eq!(cluster(&same, &algorithm, &Silent).unwrap().clustering.n_clusters(), 1);
}

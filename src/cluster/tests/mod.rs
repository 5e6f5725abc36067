//! Clustering as the pipeline uses it.

mod density;
mod mixture;

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
    assert!(rows.rows() > kmeans::FIT_CORE_ROWS);
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

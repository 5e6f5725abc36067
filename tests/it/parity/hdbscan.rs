//! HDBSCAN against scikit-learn (every stage) and the hdbscan package (what it adds),
//! element by element. `tests/fixtures/generate_hdbscan.py` made the files.
//!
//! Rows listed as unstable change their label in scikit-learn itself when the rows are
//! permuted; they are left out. Clusters are compared under renaming.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use rolecluster::cluster::hdbscan::{
    CondensedNode, Cut, HdbscanParams, Selection, SingleCluster, Tree,
};
use rolecluster::geometry::Matrix;
use rolecluster::progress::Silent;

#[derive(Deserialize)]
struct Fixture {
    rows: Vec<Vec<f32>>,
    min_samples: usize,
    core_distances: Vec<f64>,
    tree_weights: Vec<f64>,
    cuts: Vec<CutFixture>,
}

#[derive(Deserialize)]
struct CutFixture {
    min_cluster_size: usize,
    cluster_selection_method: String,
    cluster_selection_epsilon: f64,
    max_cluster_size: Option<usize>,
    allow_single_cluster: bool,
    labels: Vec<i64>,
    probabilities: Vec<f32>,
    unstable: BTreeSet<usize>,
    condensed: Option<Vec<CondensedRow>>,
    package: Option<PackageFixture>,
}

/// Parent, child, lambda (`null` where infinite), size.
type CondensedRow = (usize, usize, Option<f64>, usize);

#[derive(Deserialize)]
struct PackageFixture {
    exemplars: Vec<Vec<usize>>,
    membership: Vec<Vec<f32>>,
}

impl CutFixture {
    fn params(&self) -> HdbscanParams {
        HdbscanParams {
            min_cluster_size: self.min_cluster_size,
            min_samples: None,
            selection: match self.cluster_selection_method.as_str() {
                "leaf" => Selection::Leaf,
                _ => Selection::ExcessOfMass,
            },
            epsilon: self.cluster_selection_epsilon,
            max_cluster_size: self.max_cluster_size,
            single_cluster: match self.allow_single_cluster {
                true => SingleCluster::Allow,
                false => SingleCluster::Refuse,
            },
        }
    }

    /// Their label -> ours, after asserting that the two agree on every stable row.
    fn assert_labels(&self, name: &str, cut: &Cut) -> BTreeMap<usize, usize> {
        let (mut ours_of, mut theirs_of) = (BTreeMap::new(), BTreeMap::new());
        for (row, (&theirs, &ours)) in self.labels.iter().zip(cut.labels()).enumerate() {
            if self.unstable.contains(&row) {
                continue;
            }
            let theirs = usize::try_from(theirs).ok();
            let place = format!("{name}, {:?}, row {row}", self.params());
            assert_eq!(theirs.is_some(), ours.is_some(), "{place}: {theirs:?} against {ours:?}");
            if let (Some(theirs), Some(ours)) = (theirs, ours) {
                assert_eq!(*ours_of.entry(theirs).or_insert(ours), ours, "{place}");
                assert_eq!(*theirs_of.entry(ours).or_insert(theirs), theirs, "{place}");
            }
        }
        assert_eq!(ours_of.len(), cut.n_clusters(), "{name}");
        ours_of
    }
}

fn fixture(name: &str) -> (Matrix, Fixture) {
    let path = format!("{}/tests/fixtures/hdbscan/{name}.json", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).unwrap();
    let fixture: Fixture = serde_json::from_str(&text).unwrap();
    let rows =
        Matrix::new(fixture.rows.len(), fixture.rows[0].len(), fixture.rows.concat()).unwrap();
    (rows, fixture)
}

fn close(a: f64, b: f64, tolerance: f64) -> bool {
    (a - b).abs() <= tolerance * a.abs().max(b.abs()).max(1.0)
}

/// Core distances and tree weights, then labels and strengths of every cut.
fn assert_agrees(name: &str) {
    let (rows, fixture) = fixture(name);
    let tree = Tree::build(&rows, fixture.min_samples, &Silent).unwrap();
    let pairs = tree.core_distances().distances().into_iter().zip(&fixture.core_distances);
    for (row, (ours, &theirs)) in pairs.enumerate() {
        assert!(close(ours, theirs, 1e-6), "{name}: core distance {row}: {ours} against {theirs}");
    }
    let weights = tree.linkage().tree_weights();
    assert_eq!(weights.len(), fixture.tree_weights.len());
    for (at, (&ours, &theirs)) in weights.iter().zip(&fixture.tree_weights).enumerate() {
        assert!(close(ours, theirs, 1e-6), "{name}: weight {at}: {ours} against {theirs}");
    }
    for theirs in &fixture.cuts {
        let cut = tree.cut(&theirs.params()).unwrap();
        theirs.assert_labels(name, &cut);
        for (row, (&a, &b)) in cut.probabilities().iter().zip(&theirs.probabilities).enumerate() {
            let same = (a - b).abs() < 1e-5 || theirs.unstable.contains(&row);
            assert!(same, "{name}: {:?}: strength {row}: {a} against {b}", theirs.params());
        }
    }
}

#[test]
fn tie_free_blobs() {
    assert_agrees("tie_free_blobs");
}

#[test]
fn tie_free_unit_rows() {
    assert_agrees("tie_free_unit");
}

#[test]
fn clusters_within_clusters() {
    assert_agrees("nested");
}

#[test]
fn one_group() {
    assert_agrees("one_group");
}

#[test]
fn copies() {
    assert_agrees("copies");
}

#[test]
fn noise_in_many_dimensions() {
    assert_agrees("high_density_noise");
}

#[test]
fn single_linkage() {
    assert_agrees("min_samples_1");
}

#[test]
fn condensed_trees_have_the_same_edges() {
    for name in ["tie_free_blobs", "tie_free_unit"] {
        let (rows, fixture) = fixture(name);
        let tree = Tree::build(&rows, fixture.min_samples, &Silent).unwrap();
        for theirs in &fixture.cuts {
            let cut = tree.cut(&theirs.params()).unwrap();
            let n = rows.rows();
            let ours = cut.condensed().edges().into_iter().map(|edge| {
                let child = match edge.child {
                    CondensedNode::Row(row) => row,
                    CondensedNode::Cluster(id) => n + id,
                };
                (n + edge.parent, child, edge.lambda, edge.size)
            });
            let listed = theirs.condensed.as_ref().unwrap().iter();
            let listed =
                listed.map(|&(p, c, lambda, s)| (p, c, lambda.unwrap_or(f64::INFINITY), s));
            let (ours, listed) = (by_rows(n, ours.collect()), by_rows(n, listed.collect()));
            assert_eq!(
                ours.keys().collect::<Vec<_>>(),
                listed.keys().collect::<Vec<_>>(),
                "{name}"
            );
            for (edge, (lambda, size)) in &ours {
                let (their_lambda, their_size) = listed[edge];
                assert_eq!(*size, their_size, "{name}");
                let same = *lambda == their_lambda || close(*lambda, their_lambda, 1e-6);
                assert!(same, "{name}: {lambda} against {their_lambda}");
            }
        }
    }
}

/// Edges keyed by the rows below parent and child instead of by cluster numbers.
fn by_rows(
    n: usize,
    mut edges: Vec<(usize, usize, f64, usize)>,
) -> BTreeMap<(Vec<usize>, Vec<usize>), (f64, usize)> {
    let mut below: BTreeMap<usize, Vec<usize>> = (0..n).map(|row| (row, vec![row])).collect();
    // Children have larger numbers than their parents, rows the smallest of all.
    edges.sort_by_key(|edge| std::cmp::Reverse(edge.0));
    for &(parent, child, ..) in &edges {
        let rows = below.get(&child).cloned().unwrap_or_default();
        below.entry(parent).or_default().extend(rows);
    }
    below.values_mut().for_each(|rows| rows.sort_unstable());
    edges.iter().map(|&(p, c, l, s)| ((below[&p].clone(), below[&c].clone()), (l, s))).collect()
}

#[test]
fn exemplars_and_membership_are_the_packages() {
    let (rows, fixture) = fixture("tie_free_blobs");
    let tree = Tree::build(&rows, fixture.min_samples, &Silent).unwrap();
    for theirs in &fixture.cuts {
        let cut = tree.cut(&theirs.params()).unwrap();
        let ours_of = theirs.assert_labels("tie_free_blobs", &cut);
        let package = theirs.package.as_ref().unwrap();
        let soft = cut.membership(&rows).unwrap();
        for (&label, &ours) in &ours_of {
            assert_eq!(cut.exemplars()[ours], package.exemplars[label]);
        }
        for (row, line) in package.membership.iter().enumerate() {
            // Which cluster is nearest to a row that none of them holds is arbitrary there,
            // and with it the sum of the line: compare the shares.
            let (sum, our_sum) = (line.iter().sum::<f32>(), soft.row(row).iter().sum::<f32>());
            for (&label, &ours) in &ours_of {
                let (a, b) = (soft.row(row)[ours] / our_sum, line[label] / sum);
                assert!((a - b).abs() < 1e-4, "membership {row} in {label}: {a} against {b}");
            }
            let placed = cut.labels()[row].is_some();
            assert!(!placed || (sum - our_sum).abs() < 1e-4, "{row}: {our_sum} against {sum}");
        }
    }
}

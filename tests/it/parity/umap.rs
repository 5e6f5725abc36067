//! The two UMAP layouts against umap-learn: how many of a row's nearest rows stay its nearest.

use std::collections::HashSet;

use rolecluster::geometry::{Matrix, nearest_neighbors};
use rolecluster::progress::Silent;
use rolecluster::project::{LayoutParams, Neighborhoods, layout, reduce};
use serde::Deserialize;

/// A layout may keep this much less of the neighbourhoods than umap-learn's do on average.
const TOLERANCE: f64 = 0.03;
const SEEDS: [u64; 3] = [0, 1, 2];

#[derive(Deserialize)]
struct Figures {
    k: usize,
    digits: Reference,
    sentences: Reference,
}

#[derive(Deserialize)]
struct Reference {
    dimensions_2: Preservation,
    dimensions_5: Preservation,
}

/// Of umap-learn over five seeds.
#[derive(Deserialize)]
struct Preservation {
    mean: f64,
}

fn figures() -> Figures {
    serde_json::from_str(include_str!("../../fixtures/umap/figures.json")).unwrap()
}

fn digits() -> Matrix {
    let bytes = include_bytes!("../../fixtures/umap/digits.u8");
    let numbers = bytes.iter().map(|&x| f32::from(x)).collect();
    Matrix::new(bytes.len() / 64, 64, numbers).unwrap()
}

fn sentences() -> Matrix {
    let bytes = include_bytes!("../../fixtures/umap/sentences.i8");
    let numbers = bytes.iter().map(|&x| f32::from(x as i8)).collect();
    let mut rows = Matrix::new(bytes.len() / 384, 384, numbers).unwrap();
    rows.normalize_rows();
    rows
}

/// The mean share of each row's `k` nearest that are among its `k` nearest in the layout.
fn preservation(rows: &Matrix, places: &Matrix, k: usize) -> f64 {
    let (before, after) =
        (nearest_neighbors(rows, k, &Silent), nearest_neighbors(places, k, &Silent));
    let kept = |i: usize| {
        let near: HashSet<usize> = before.of(i).map(|(row, _)| row).collect();
        after.of(i).filter(|(row, _)| near.contains(row)).count()
    };
    (0..rows.rows()).map(kept).sum::<usize>() as f64 / (k * rows.rows()) as f64
}

fn assert_as_good(rows: &Matrix, reference: &Reference, k: usize) {
    let (mut on_paper, mut reduced) = (0.0, 0.0);
    for seed in SEEDS {
        let neighborhoods = Neighborhoods::of(rows, seed);
        // As umap-learn has it: nothing draws points to the centre.
        let params = LayoutParams { seed, gravity: 0.0, ..LayoutParams::default() };
        on_paper += preservation(rows, &layout(&neighborhoods, &params, &Silent), k);
        reduced += preservation(rows, &reduce(&neighborhoods, seed, &Silent), k);
    }
    let n = SEEDS.len() as f64;
    let (on_paper, reduced) = (on_paper / n, reduced / n);
    let (two, five) = (reference.dimensions_2.mean, reference.dimensions_5.mean);
    assert!(on_paper > two - TOLERANCE, "2 dimensions: {on_paper:.4} against {two:.4}");
    assert!(reduced > five - TOLERANCE, "5 dimensions: {reduced:.4} against {five:.4}");
}

#[test]
fn digits_keep_their_neighbours_as_in_umap_learn() {
    let figures = figures();
    assert_as_good(&digits(), &figures.digits, figures.k);
}

#[test]
fn sentence_vectors_keep_their_neighbours_as_in_umap_learn() {
    let figures = figures();
    assert_as_good(&sentences(), &figures.sentences, figures.k);
}

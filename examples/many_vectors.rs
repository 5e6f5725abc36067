//! k-means over more vectors than memory should hold, as `fit_kmeans_streamed` does it, and what it
//! takes: `cargo run --release --example many_vectors -- 5000000 384`.
//!
//! The rows are made block by block, equal at every pass: a point on the unit sphere for each of 40
//! groups, and as much noise again.

// An example prints what it found.
#![allow(clippy::print_stdout)]

use std::error::Error;
use std::time::Instant;

use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::{RngCore, SeedableRng};
use rolecluster::cluster::{ClusterError, KMeansParams, fit_kmeans_streamed};
use rolecluster::geometry::Matrix;

const GROUPS: usize = 40;
const BLOCK: usize = 65_536;

fn main() -> Result<(), Box<dyn Error>> {
    let mut numbers = std::env::args().skip(1).map(|text| text.parse::<usize>());
    let rows = numbers.next().transpose()?.unwrap_or(5_000_000);
    let dimension = numbers.next().transpose()?.unwrap_or(384);
    let centres = random(GROUPS, dimension, u64::MAX);
    let start = Instant::now();
    let blocks = || {
        let centres = &centres;
        let block = move |first| Ok(block(centres, first, BLOCK.min(rows - first)));
        (0..rows).step_by(BLOCK).map(block)
    };
    let found = fit_kmeans_streamed::<_, ClusterError>(blocks, &KMeansParams::default())?;
    let labels = found.clustering.labels();
    // Every row of a group has the label that most of it have, if groups are found.
    let first: Vec<_> = labels[..GROUPS.min(rows)].to_vec();
    let same = labels.iter().enumerate().filter(|(row, label)| first[row % GROUPS] == **label);
    println!(
        "{rows} rows of {dimension} numbers: {} clusters, {:.4} of the rows with their group, {:.0} s{}",
        found.clustering.n_clusters(),
        same.count() as f64 / rows as f64,
        start.elapsed().as_secs_f64(),
        peak()
    );
    Ok(())
}

fn block(centres: &Matrix, first: usize, n: usize) -> Matrix {
    let mut block = random(n, centres.cols(), first as u64);
    for at in 0..n {
        let centre = centres.row((first + at) % GROUPS);
        block.row_mut(at).iter_mut().zip(centre).for_each(|(x, c)| *x += c);
    }
    block.normalize_rows();
    block
}

/// Unit rows in random directions.
fn random(rows: usize, cols: usize, seed: u64) -> Matrix {
    let mut random = Xoshiro256PlusPlus::seed_from_u64(seed);
    let mut draw = || (random.next_u64() >> 40) as f32 / (1u64 << 24) as f32;
    let mut all = Matrix::zeros(rows, cols);
    for row in 0..rows {
        // The sum of four is near enough to normal.
        all.row_mut(row).iter_mut().for_each(|x| *x = draw() + draw() + draw() + draw() - 2.0);
    }
    all.normalize_rows();
    all
}

/// The most memory this process has had, where the system says.
fn peak() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.map_or_else(String::new, |peak| format!(", at most {}", peak.trim()))
}

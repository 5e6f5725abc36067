//! Speed of the map and of HDBSCAN after diffusion, on one neighbour graph.
//!
//! `cargo bench --bench layout` times seeded groups of unit rows. `benches/peers/end_to_end.py` runs the
//! same program as a worker: with `ROLECLUSTER_PEER_ROWS` naming a file of rows (`f32`, 384 a row) it
//! finds the neighbours, lays the rows out, groups them, and writes one line of JSON with the seconds
//! of each stage, and with those of all of it when the map is drawn beside the groups, as `run` does.

use std::io::Write;
use std::path::Path;
use std::time::Instant;

use divan::Bencher;
use divan::counter::ItemsCount;
use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::{RngCore, SeedableRng};
use rolecluster::cluster::hdbscan::{HdbscanError, HdbscanParams, Tree};
use rolecluster::geometry::Matrix;
use rolecluster::progress::Silent;
use rolecluster::project::{self, LayoutParams, Neighborhoods};

const DIMENSION: usize = 384;
const GROUPS: usize = 50;
const MIN_SAMPLES: usize = 5;
const MIN_CLUSTER_SIZE: usize = 15;
const SEED: u64 = 42;

fn main() {
    match std::env::var_os("ROLECLUSTER_PEER_ROWS") {
        Some(rows) => worker(Path::new(&rows)),
        None => divan::main(),
    }
}

/// The map alone, its neighbours known; counts rows.
#[divan::bench(args = [1_000, 20_000], sample_count = 3, sample_size = 1)]
fn layout(bencher: Bencher, n: usize) {
    let rows = groups(n);
    let rows = Neighborhoods::of(&rows, SEED);
    rows.find(&Silent);
    bencher
        .counter(ItemsCount::new(n))
        .bench_local(|| project::layout(&rows, &LayoutParams::default(), &Silent).rows());
}

/// Neighbours, map and groups; counts rows.
#[divan::bench(args = [1_000, 20_000], sample_count = 3, sample_size = 1)]
fn layout_and_groups(bencher: Bencher, n: usize) {
    let rows = groups(n);
    bencher.counter(ItemsCount::new(n)).bench_local(|| together(&rows).map(|n| n.1).ok());
}

/// The groups of rows averaged with their neighbours: their number.
fn grouped(rows: &Neighborhoods) -> Result<usize, HdbscanError> {
    let averaged = project::diffuse(rows, &Silent);
    let params = HdbscanParams { min_cluster_size: MIN_CLUSTER_SIZE, ..HdbscanParams::default() };
    Ok(Tree::build(&averaged, MIN_SAMPLES, &Silent)?.cut(&params)?.n_clusters())
}

/// Everything, the map beside the groups: rows laid out, and clusters.
fn together(rows: &Matrix) -> Result<(usize, usize), HdbscanError> {
    let rows = Neighborhoods::of(rows, SEED);
    rows.find(&Silent);
    let (places, clusters) = rayon::join(
        || project::layout(&rows, &LayoutParams::default(), &Silent),
        || grouped(&rows),
    );
    Ok((places.rows(), clusters?))
}

fn worker(path: &Path) {
    let answer = timed(path).expect("a file of rows that can be grouped");
    let _ = writeln!(std::io::stdout(), "{answer}");
}

fn timed(path: &Path) -> Result<String, Box<dyn std::error::Error>> {
    let bytes = std::fs::read(path)?;
    let numbers = bytes.chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]]));
    let data: Vec<f32> = numbers.collect();
    let rows = Matrix::new(data.len() / DIMENSION, DIMENSION, data)?;
    let mut began = Instant::now();
    let mut passed = || {
        let seconds = began.elapsed().as_secs_f64();
        began = Instant::now();
        seconds
    };
    let graph = Neighborhoods::of(&rows, SEED);
    graph.find(&Silent);
    let neighbours = passed();
    project::layout(&graph, &LayoutParams::default(), &Silent);
    let layout = passed();
    grouped(&graph)?;
    let hdbscan = passed();
    let (_, clusters) = together(&rows)?;
    let wall = passed();
    Ok(serde_json::json!({
        "wall": wall, "neighbours": neighbours, "layout": layout, "hdbscan": hdbscan,
        "clusters": clusters,
    })
    .to_string())
}

/// Unit rows around [`GROUPS`] directions.
fn groups(n: usize) -> Matrix {
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(1);
    let mut number = || (rng.next_u64() >> 40) as f32 / (1 << 24) as f32 - 0.5;
    let centres: Vec<f32> = (0..GROUPS * DIMENSION).map(|_| number()).collect();
    let of_row = |row: usize| &centres[row % GROUPS * DIMENSION..][..DIMENSION];
    let data = (0..n).flat_map(of_row).map(|centre| centre + 0.8 * number()).collect();
    let mut rows = Matrix::new(n, DIMENSION, data).unwrap_or_default();
    rows.normalize_rows();
    rows
}

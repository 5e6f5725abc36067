//! HDBSCAN speed.
//!
//! `cargo bench --bench hdbscan` times named shapes of seeded groups of unit rows, a fifth
//! of them noise. `benches/peers/cluster_hdbscan.py` runs the same program as a worker:
//! with `ROLECLUSTER_PEER_ROWS` naming a file of rows (`f32`, 384 a row, or as many as
//! `ROLECLUSTER_PEER_DIMENSION` says) it builds one tree, cuts it and writes one line of JSON. `ROLECLUSTER_NEAR_BLOCKS=96` makes the tree the
//! approximate one of larger corpora; with `ROLECLUSTER_PEER_ROWS=1000000`, a number, the
//! rows are so many made here.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use divan::Bencher;
use divan::counter::ItemsCount;
use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::{RngCore, SeedableRng};
use rolecluster::cluster::hdbscan::{HdbscanParams, Precision, Tree};
use rolecluster::geometry::Matrix;
use rolecluster::progress::{Progress, Silent};
use rolecluster::project::{self, REDUCED};

const DIMENSION: usize = 384;
const GROUPS: usize = 50;
const MIN_SAMPLES: usize = 5;
const MIN_CLUSTER_SIZE: usize = 10;

fn main() {
    match std::env::var_os("ROLECLUSTER_PEER_ROWS") {
        Some(rows) => worker(Path::new(&rows)),
        None => divan::main(),
    }
}

/// Nearest neighbours and spanning tree; counts rows.
#[divan::bench(args = [1_000, 10_000, 50_000], sample_count = 3, sample_size = 1)]
fn tree(bencher: Bencher, n: usize) {
    let rows = groups(n);
    bencher
        .counter(ItemsCount::new(n))
        .bench_local(|| Tree::build(&rows, MIN_SAMPLES, &Silent).is_ok());
}

/// The same in the few dimensions that a reduction leaves.
#[divan::bench(args = [10_000, 50_000], sample_count = 3, sample_size = 1)]
fn tree_of_reduced_rows(bencher: Bencher, n: usize) {
    let rows = project::pca::project(&groups(n), REDUCED, 1);
    bencher
        .counter(ItemsCount::new(n))
        .bench_local(|| Tree::build(&rows, MIN_SAMPLES, &Silent).is_ok());
}

/// One more cut of a tree that stands; counts rows.
#[divan::bench(args = [1_000, 10_000], sample_count = 20, sample_size = 1)]
fn cut(bencher: Bencher, n: usize) {
    let Ok(tree) = Tree::build(&groups(n), MIN_SAMPLES, &Silent) else { return };
    let params = HdbscanParams { min_cluster_size: MIN_CLUSTER_SIZE, ..HdbscanParams::default() };
    bencher
        .counter(ItemsCount::new(n))
        .bench_local(|| tree.cut(&params).map(|cut| cut.n_clusters()).ok());
}

/// Unit rows around [`GROUPS`] directions, every fifth anywhere.
fn groups(n: usize) -> Matrix {
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(1);
    // The sum of four uniform numbers is near enough to a normal one, of variance 1 / 3.
    let mut normal =
        || (0..4).map(|_| (rng.next_u64() >> 40) as f32 / (1 << 24) as f32 - 0.5).sum::<f32>();
    let mut centres: Vec<f32> = (0..GROUPS * DIMENSION).map(|_| normal()).collect();
    for centre in centres.chunks_exact_mut(DIMENSION) {
        let length = centre.iter().map(|x| x * x).sum::<f32>().sqrt();
        centre.iter_mut().for_each(|x| *x /= length);
    }
    let mut data = Vec::with_capacity(n * DIMENSION);
    for row in 0..n {
        let centre = &centres[row / 5 % GROUPS * DIMENSION..][..DIMENSION];
        let pull = if row % 5 == 0 { 0.0 } else { 1.0 };
        data.extend(centre.iter().map(|c| pull * c + 0.06 * normal()));
    }
    let mut rows = Matrix::new(n, DIMENSION, data).unwrap_or_default();
    rows.normalize_rows();
    rows
}

fn worker(path: &Path) {
    let answer = run(path).unwrap_or_else(|error| format!("{{\"error\":\"{error}\"}}"));
    let _ = writeln!(std::io::stdout(), "{answer}");
}

fn run(path: &Path) -> Result<String, Box<dyn std::error::Error>> {
    let rows = match path.to_string_lossy().parse() {
        Ok(n) => groups(n),
        Err(_) => read(path)?,
    };
    let precision = match std::env::var("ROLECLUSTER_NEAR_BLOCKS") {
        Ok(near) => Precision::Approximate { seed: 1, near_blocks: near.parse()? },
        Err(_) => Precision::Exact,
    };
    let params = HdbscanParams { min_cluster_size: MIN_CLUSTER_SIZE, ..HdbscanParams::default() };
    reset_peak();
    let resident = memory("VmRSS:");
    let start = Instant::now();
    let tree = Tree::build_with(&rows, MIN_SAMPLES, precision, &Steps::default())?;
    let built = start.elapsed().as_secs_f64();
    let cut = tree.cut(&params)?;
    let mut answer: BTreeMap<&str, serde_json::Value> = BTreeMap::new();
    answer.insert("seconds", start.elapsed().as_secs_f64().into());
    answer.insert("tree_seconds", built.into());
    answer.insert("peak_mb", memory("VmHWM:").into());
    answer.insert("added_mb", (memory("VmHWM:") - resident).into());
    answer.insert("tree_weight", tree.linkage().tree_weights().iter().sum::<f64>().into());
    let labels: Vec<i64> = cut.labels().iter().map(|l| l.map_or(-1, |l| l as i64)).collect();
    answer.insert("core_distances", tree.core_distances().distances().into());
    answer.insert("clusters", cut.n_clusters().into());
    answer.insert(
        "noise",
        (labels.iter().filter(|&&l| l < 0).count() as f64 / labels.len() as f64).into(),
    );
    answer.insert("labels", labels.into());
    Ok(serde_json::to_string(&answer)?)
}

fn read(path: &Path) -> Result<Matrix, Box<dyn std::error::Error>> {
    let bytes = std::fs::read(path)?;
    let dimension = match std::env::var("ROLECLUSTER_PEER_DIMENSION") {
        Ok(given) => given.parse()?,
        Err(_) => DIMENSION,
    };
    let numbers = bytes.chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]]));
    let data: Vec<f32> = numbers.collect();
    Ok(Matrix::new(data.len() / dimension, dimension, data)?)
}

/// Says on stderr how long each step took: a million rows take a while.
#[derive(Default)]
struct Steps(Mutex<Option<(String, Instant)>>);

impl Progress for Steps {
    fn start(&self, what: &str, _: u64) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) =
            Some((what.to_string(), Instant::now()));
    }

    fn advance(&self, _: u64) {}

    #[allow(clippy::print_stderr)]
    fn finish(&self) {
        if let Some((what, start)) = self.0.lock().unwrap_or_else(PoisonError::into_inner).take() {
            eprintln!("{what}: {:.2} s", start.elapsed().as_secs_f64());
        }
    }
}

/// Starts counting the peak anew (Linux).
fn reset_peak() {
    let _ = std::fs::write("/proc/self/clear_refs", "5");
}

/// A line of this process's status in MB; 0 where there is none (not Linux).
fn memory(name: &str) -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with(name));
    let kilobytes = line.and_then(|line| line.split_whitespace().nth(1)?.parse::<f64>().ok());
    kilobytes.unwrap_or(0.0) / 1024.0
}

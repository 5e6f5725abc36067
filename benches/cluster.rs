//! Clustering speed.
//!
//! `cargo bench --bench cluster` times named shapes of seeded groups of unit rows, a fifth
//! of them noise, and prints the inertia beside. `benches/peers/cluster_kmeans.py` runs the
//! same program as a worker (`ROLECLUSTER_PEER_ROWS` names a file of rows): it then answers
//! each line on stdin, `k restarts seed`, with the seconds one fit took and its inertia.

use std::io::{BufRead, Write};
use std::path::Path;
use std::time::Instant;

use divan::Bencher;
use divan::counter::ItemsCount;
use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::{RngCore, SeedableRng};
use rolecluster::cluster::{Algorithm, KMeansParams, cluster, fit_kmeans};
use rolecluster::evaluate;
use rolecluster::geometry::Matrix;
use rolecluster::progress::Silent;

fn main() {
    match std::env::var_os("ROLECLUSTER_PEER_ROWS") {
        Some(rows) => worker(Path::new(&rows)),
        None => divan::main(),
    }
}

const DIMENSION: usize = 384;
const GROUPS: usize = 50;

/// k-means for a given k; counts rows.
#[divan::bench(args = [1_000, 10_000, 50_000], sample_count = 3, sample_size = 1)]
fn kmeans_k_50(bencher: Bencher, n: usize) {
    let rows = groups(n);
    let fit = || fit_kmeans(&rows, GROUPS, &KMeansParams::default());
    if let Ok(fitted) = fit() {
        note(&format!("{n} rows: inertia {:.1}, {} iterations", fitted.inertia, fitted.iterations));
    }
    bencher.counter(ItemsCount::new(n)).bench_local(|| fit().map(|f| f.inertia).ok());
}

/// The whole door, k chosen; counts rows.
#[divan::bench(args = [100, 1_000, 10_000], sample_count = 3, sample_size = 1)]
fn kmeans_k_auto(bencher: Bencher, n: usize) {
    let rows = groups(n);
    let run = || cluster(&rows, &Algorithm::default(), &Silent);
    if let Ok(fitted) = run() {
        note(&format!("{n} rows: k = {}", fitted.clustering.n_clusters()));
    }
    bencher.counter(ItemsCount::new(n)).bench_local(|| run().map(|f| f.clustering).ok());
}

/// Silhouette of all rows.
#[divan::bench(args = [1_000, 4_000], sample_count = 3, sample_size = 1)]
fn silhouette(bencher: Bencher, n: usize) {
    let rows = groups(n);
    let Ok(fitted) = fit_kmeans(&rows, GROUPS, &KMeansParams::default()) else { return };
    bencher
        .counter(ItemsCount::new(n))
        .bench_local(|| evaluate::silhouette(&rows, fitted.clustering.labels()));
}

#[allow(clippy::print_stderr)]
fn note(text: &str) {
    eprintln!("{text}");
}

/// `n` unit rows: four fifths around 50 directions, one fifth anywhere.
fn groups(n: usize) -> Matrix {
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(1);
    let mut unit = || ((rng.next_u64() >> 11) as f64 + 0.5) / (1u64 << 53) as f64;
    let mut normal =
        || ((-2.0 * unit().ln()).sqrt() * (std::f64::consts::TAU * unit()).cos()) as f32;
    let mut centres = Matrix::zeros(GROUPS, DIMENSION);
    (0..GROUPS).for_each(|g| centres.row_mut(g).iter_mut().for_each(|x| *x = normal()));
    centres.normalize_rows();
    let mut rows = Matrix::zeros(n, DIMENSION);
    for i in 0..n {
        let centre = (i % 5 > 0).then(|| centres.row(i / 5 % GROUPS));
        for (at, x) in rows.row_mut(i).iter_mut().enumerate() {
            *x = centre.map_or(0.0, |c| c[at]) + 0.035 * normal();
        }
    }
    rows.normalize_rows();
    rows
}

/// Reads `n` and `d` as 64-bit little-endian integers, then the rows.
fn worker(file: &Path) {
    let bytes = std::fs::read(file).expect("the file of rows");
    let size = |at: usize| {
        let bytes: [u8; 8] = bytes[at..at + 8].try_into().expect("a header of two integers");
        u64::from_le_bytes(bytes) as usize
    };
    let numbers = bytes[16..].chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]]));
    let rows = Matrix::new(size(0), size(8), numbers.collect()).expect("as many numbers as stated");
    let mut out = std::io::stdout().lock();
    for line in std::io::stdin().lock().lines() {
        let line = line.expect("a line");
        let asked: Vec<u64> = line.split_whitespace().filter_map(|x| x.parse().ok()).collect();
        let [k, restarts, seed] = asked[..] else { break };
        let params = KMeansParams { restarts: restarts as usize, seed, ..KMeansParams::default() };
        let start = Instant::now();
        let fitted = fit_kmeans(&rows, k as usize, &params).expect("a fit");
        let seconds = start.elapsed().as_secs_f64();
        writeln!(out, "{seconds} {} {}", fitted.inertia, fitted.iterations).expect("an answer");
        out.flush().expect("an answer");
    }
}

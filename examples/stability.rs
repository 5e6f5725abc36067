//! How much of the specialisations of a run folder comes back with other seeds, and when a tenth of
//! the roles is missing: means and ranges over twenty of each, for every algorithm.
//!
//! ```text
//! cargo run --release --example stability -- DIR [FIELD]
//! ```
//!
//! `FIELD` is a column that holds groups made by hand (`section` where it is not given).

// An example prints what it found.
#![allow(clippy::print_stdout)]

use std::collections::BTreeMap;
use std::path::Path;

use rolecluster::cluster::{
    Algorithm, DensityParams, GmmParams, KMeansParams, LanguageOffsets, cluster,
};
use rolecluster::clustering::Clustering;
use rolecluster::contingency::Contingency;
use rolecluster::evaluate::agreement;
use rolecluster::geometry::Matrix;
use rolecluster::long_text::LongText;
use rolecluster::progress::Silent;
use rolecluster::store::RunFolder;

const REPEATS: u64 = 20;
const SHARE: f64 = 0.9;

type AnyError = Box<dyn std::error::Error>;

fn main() -> Result<(), AnyError> {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().ok_or("give the folder of a run")?;
    let field = arguments.next().unwrap_or_else(|| "section".into());
    let corpus = Corpus::load(Path::new(&folder), &field)?;
    println!("{} roles", corpus.texts.len());
    for name in ["kmeans", "hdbscan", "gmm"] {
        println!("\n{name}");
        let whole = corpus.clustered(&all(&corpus), &algorithm(name, 42))?;
        corpus.tell_agreement(&whole);
        let mut seeds = Vec::new();
        for seed in 1..=REPEATS {
            let found = corpus.clustered(&all(&corpus), &algorithm(name, seed))?;
            seeds.push((all(&corpus), found));
        }
        tell("other seeds", &seeds, &whole);
        let mut parts = Vec::new();
        for draw in 1..=REPEATS {
            let rows = drawn(corpus.texts.len(), draw);
            parts.push((rows.clone(), corpus.clustered(&rows, &algorithm(name, 42))?));
        }
        tell("nine tenths of the roles", &parts, &whole);
    }
    Ok(())
}

fn algorithm(name: &str, seed: u64) -> Algorithm {
    match name {
        "hdbscan" => Algorithm::Hdbscan(DensityParams { seed, ..Default::default() }),
        "gmm" => Algorithm::Gmm(GmmParams { seed, ..Default::default() }),
        _ => Algorithm::KMeans(KMeansParams { seed, ..Default::default() }),
    }
}

struct Corpus {
    vectors: Matrix,
    texts: Vec<LongText>,
    labels: Vec<Option<String>>,
}

impl Corpus {
    fn load(folder: &Path, field: &str) -> Result<Corpus, AnyError> {
        let run = RunFolder::open(folder)?;
        let stored = run.roles()?;
        let source = &stored.representative;
        let roles = stored.corpus.roles().iter();
        Ok(Corpus {
            vectors: run.embeddings()?.vectors().select(source),
            texts: source.iter().map(|&row| stored.texts[row].clone()).collect(),
            labels: roles.map(|role| role.field(field).map(str::to_string)).collect(),
        })
    }

    /// As the program clusters these rows.
    fn clustered(&self, rows: &[usize], algorithm: &Algorithm) -> Result<Clustering, AnyError> {
        let vectors = self.vectors.select(rows);
        let texts: Vec<&str> = rows.iter().map(|&row| self.texts[row].as_str()).collect();
        let vectors = LanguageOffsets::of(&vectors, &texts).remove(&vectors, &texts);
        Ok(cluster(&vectors, algorithm, &Silent)?.clustering)
    }

    fn tell_agreement(&self, whole: &Clustering) {
        let labels: Vec<Option<&str>> = self.labels.iter().map(Option::as_deref).collect();
        if labels.iter().all(Option::is_none) {
            return;
        }
        for (what, clustering) in
            [("specialisations", whole), ("directions", &whole.by_direction())]
        {
            let found = agreement(clustering.labels(), &labels);
            println!(
                "  {} {what} against the labels: AMI {:.3}, ARI {:.3}",
                clustering.n_clusters(),
                found.ami,
                found.ari
            );
        }
    }
}

fn all(corpus: &Corpus) -> Vec<usize> {
    (0..corpus.texts.len()).collect()
}

/// Nine tenths of `n` rows, ascending: those whose hash with the draw is lowest.
fn drawn(n: usize, draw: u64) -> Vec<usize> {
    let hash = |row: usize| {
        let x = (row as u64 ^ (draw << 32)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        (x ^ (x >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9)
    };
    let mut rows: Vec<usize> = (0..n).collect();
    rows.sort_by_key(|&row| hash(row));
    rows.truncate((n as f64 * SHARE).round() as usize);
    rows.sort_unstable();
    rows
}

/// Numbers of groups, and how well those of one run agree with those of the next and of all rows.
fn tell(what: &str, runs: &[(Vec<usize>, Clustering)], whole: &Clustering) {
    println!("  {what}:");
    for (level, of_level) in [
        ("specialisations", Clustering::clone as fn(&Clustering) -> Clustering),
        ("directions", Clustering::by_direction),
    ] {
        let runs: Vec<(&Vec<usize>, Clustering)> =
            runs.iter().map(|(rows, found)| (rows, of_level(found))).collect();
        let whole = of_level(whole);
        let numbers = runs.iter().map(|(_, found)| found.n_clusters() as f64);
        let with_whole = runs.iter().map(|(rows, found)| {
            let expected: Vec<_> = rows.iter().map(|&row| whole.labels()[row]).collect();
            Contingency::of(&expected, found.labels()).adjusted_rand()
        });
        let mut pairs = Vec::new();
        for (at, first) in runs.iter().enumerate() {
            pairs.extend(runs[..at].iter().map(|second| shared_rand(first, second)));
        }
        println!(
            "    {level}: {}; adjusted Rand index with the whole {}, with each other {}",
            range(numbers, 0),
            range(with_whole, 2),
            range(pairs.into_iter(), 2)
        );
    }
}

/// Agreement of two runs on the rows in both.
fn shared_rand(a: &(&Vec<usize>, Clustering), b: &(&Vec<usize>, Clustering)) -> f64 {
    let labels: BTreeMap<usize, _> = b.0.iter().copied().zip(b.1.labels()).collect();
    let both = a.0.iter().zip(a.1.labels());
    let (of_a, of_b): (Vec<_>, Vec<_>) =
        both.filter_map(|(row, label)| Some((*label, **labels.get(row)?))).unzip();
    Contingency::of(&of_a, &of_b).adjusted_rand()
}

/// `mean (least to most)`.
fn range(values: impl Iterator<Item = f64>, decimals: usize) -> String {
    let values: Vec<f64> = values.collect();
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    let least = values.iter().copied().fold(f64::INFINITY, f64::min);
    let most = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    format!("{mean:.*} ({least:.decimals$} to {most:.decimals$})", decimals.max(1))
}

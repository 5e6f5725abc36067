//! Search speed, and how much of the truth is found.
//!
//! `cargo bench --bench search` times one query over seeded groups of unit rows, a fifth of
//! them anywhere, and prints the recall of the graph beside. `benches/peers/search.py` runs
//! the same program as a worker (`ROLECLUSTER_PEER_ROWS` names a file of rows and queries):
//! it then builds a graph, says how long that took and how large the file is, and answers each
//! line on stdin, `exact`, `default` or a number of candidates, with the median milliseconds of a query
//! and the ten rows found for each. `filter 0.01 default` asks for the best of a hundredth of the
//! rows.

use std::convert::Infallible;
use std::io::{BufRead, Write};
use std::path::Path;
use std::sync::OnceLock;
use std::time::Instant;

use divan::Bencher;
use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::{RngCore, SeedableRng};
use rolecluster::geometry::Matrix;
use rolecluster::mapped_file;
use rolecluster::progress::Silent;
use rolecluster::search::{
    Among, Baseline, ExactIndex, HnswGraph, HnswIndex, HnswParams, LexicalIndex, Mode, Neighbor,
    RowSet, Target, VectorIndex, rank, top_k,
};

fn main() {
    match std::env::var_os("ROLECLUSTER_PEER_ROWS") {
        Some(rows) => worker(Path::new(&rows)),
        None => divan::main(),
    }
}

const DIMENSION: usize = 384;
const GROUPS: usize = 50;
const QUERIES: usize = 200;

/// Every row looked at.
#[divan::bench(args = [10_000, 50_000, 100_000], sample_count = 20, sample_size = 1)]
fn exact(bencher: Bencher, n: usize) {
    let (rows, queries) = (groups(n, 1), groups(1, 2));
    let index = ExactIndex::new(&rows);
    bencher.bench_local(|| index.nearest(queries.row(0), 10, &|_| true));
}

/// Links followed, candidates ranked exactly.
#[divan::bench(args = [10_000, 50_000, 100_000], sample_count = 100, sample_size = 1)]
fn graph(bencher: Bencher, n: usize) {
    let (rows, queries) = (groups(n, 1), groups(QUERIES, 2));
    let start = Instant::now();
    let (index, megabytes) = built(&rows);
    let seconds = start.elapsed().as_secs_f64();
    let exact = ExactIndex::new(&rows);
    let hits: usize = queries
        .iter_rows()
        .map(|query| {
            let found = nearest(&index, query);
            let truth = exact.nearest(query, 10, &|_| true);
            truth.iter().filter(|t| found.iter().any(|f| f.row == t.row)).count()
        })
        .sum();
    let recall = hits as f64 / (10 * QUERIES) as f64;
    note(&format!("{n} rows: built in {seconds:.1} s, {megabytes:.0} MB, recall@10 {recall:.4}"));
    let mut at = 0;
    bencher.bench_local(|| {
        at = (at + 1) % QUERIES;
        nearest(&index, queries.row(at))
    });
}

/// The ten best of the rows that pass a filter, by the walk along the graph and by scoring all that
/// pass, at several shares of 100,000 rows. Where the two cross stands in `src/search/ranking/`.
#[divan::bench(args = ["walk 0.1 %", "score 0.1 %", "walk 1 %", "score 1 %", "walk 5 %",
    "score 5 %", "walk 10 %", "score 10 %", "walk 30 %", "score 30 %"], sample_count = 40,
    sample_size = 1)]
fn filtered(bencher: Bencher, case: &str) {
    static BUILT: OnceLock<(Matrix, HnswIndex)> = OnceLock::new();
    let (rows, index) = BUILT.get_or_init(|| {
        let rows = groups(100_000, 1);
        let (index, _) = built(&rows);
        index.verify().expect("a sound index");
        (rows, index)
    });
    let mut words = case.split(' ');
    let walks = words.next() == Some("walk");
    let share: f64 = words.next().and_then(|share| share.parse().ok()).expect("a share");
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(7);
    let limit = (share / 100.0 * u64::MAX as f64) as u64;
    let passing: Vec<usize> = (0..rows.rows()).filter(|_| rng.next_u64() < limit).collect();
    let set = RowSet::new(rows.rows(), passing.iter().copied());
    let queries = groups(QUERIES, 2);
    let scored = |query: &[f32]| -> Vec<usize> {
        let scores = index.scores_of(&passing, query).expect("a sound index");
        best_of(&passing, &scores).iter().map(|found| found.row).collect()
    };
    let walked = |query: &[f32]| -> Option<Vec<usize>> {
        let near = index.near(query, 10, Some(&set)).expect("a sound index")?;
        Some(near.iter().take(10).map(|found| found.row).collect())
    };
    if walks {
        let found: Vec<Option<Vec<usize>>> = queries.iter_rows().map(walked).collect();
        let sure = found.iter().flatten().count();
        let hits: usize = queries
            .iter_rows()
            .zip(&found)
            .filter_map(|(query, found)| Some((scored(query), found.as_ref()?)))
            .map(|(truth, found)| truth.iter().filter(|row| found.contains(row)).count())
            .sum();
        let recall = hits as f64 / (10 * sure.max(1)) as f64;
        note(&format!("{case}: sure of {sure} of {QUERIES} queries, recall@10 {recall:.4}"));
    }
    let mut at = 0;
    bencher.bench_local(|| {
        at = (at + 1) % QUERIES;
        let query = queries.row(at);
        if walks { walked(query) } else { Some(scored(query)) }
    });
}

/// Words counted, and one query over the words.
#[divan::bench(args = [10_000, 100_000], sample_count = 20, sample_size = 1)]
fn words(bencher: Bencher, n: usize) {
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(5);
    // The square of a random number: few words are frequent, many are rare.
    let mut word = || {
        let x = (rng.next_u64() >> 11) as f64 / (1u64 << 53) as f64;
        format!("w{}", (x * x * 20_000.0) as usize)
    };
    let texts: Vec<String> =
        (0..n).map(|_| (0..100).map(|_| word() + " ").collect::<String>()).collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let start = Instant::now();
    let Ok(index) = LexicalIndex::build(&texts) else { return };
    note(&format!("{n} texts of 100 words counted in {:.1} s", start.elapsed().as_secs_f64()));
    bencher.bench_local(|| index.scores("w1 w17 w400 w9000 w19999").ok());
}

#[allow(clippy::print_stderr)]
fn note(text: &str) {
    eprintln!("{text}");
}

/// A graph over `rows`, written and mapped, and the size of its file.
fn built(rows: &Matrix) -> (HnswIndex, f64) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("graph");
    let mut file = std::io::BufWriter::new(std::fs::File::create(&path).expect("a file"));
    let graph = HnswGraph::build(rows, &HnswParams::default(), &Silent);
    graph.write(rows, "bench", &mut file).expect("a written file");
    file.flush().expect("a written file");
    let bytes = mapped_file::map(&path).expect("a mapped file");
    let megabytes = bytes.len() as f64 / 1e6;
    // The mapping outlives the name.
    (HnswIndex::open(bytes, "bench").expect("the index just written"), megabytes)
}

/// The ten nearest as a search finds them.
fn nearest(index: &HnswIndex, query: &[f32]) -> Vec<Neighbor> {
    match index.near(query, 10, None).expect("a sound index") {
        Some(mut found) => {
            found.truncate(10);
            found
        }
        None => top_k(&index.scores(query).expect("a sound index"), 10, &|_| true),
    }
}

/// The ten best of `rows`, which have these scores.
fn best_of(rows: &[usize], scores: &[f32]) -> Vec<Neighbor> {
    let mut found = top_k(scores, 10, &|_| true);
    found.iter_mut().for_each(|neighbor| neighbor.row = rows[neighbor.row]);
    found
}

/// `n` unit rows: four fifths around 50 directions, one fifth anywhere.
fn groups(n: usize, seed: u64) -> Matrix {
    let mut centres = Matrix::zeros(GROUPS, DIMENSION);
    let mut normal = normals(1);
    (0..GROUPS).for_each(|g| centres.row_mut(g).iter_mut().for_each(|x| *x = normal()));
    centres.normalize_rows();
    let mut normal = normals(100 + seed);
    let mut rows = Matrix::zeros(n, DIMENSION);
    for i in 0..n {
        let centre = (i % 5 > 0).then(|| centres.row(i % GROUPS));
        for (at, x) in rows.row_mut(i).iter_mut().enumerate() {
            *x = centre.map_or(0.0, |c| c[at]) + 0.035 * normal();
        }
    }
    rows.normalize_rows();
    rows
}

/// Normal numbers (Box and Muller).
fn normals(seed: u64) -> impl FnMut() -> f32 {
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(seed);
    let mut unit = move || ((rng.next_u64() >> 11) as f64 + 0.5) / (1u64 << 53) as f64;
    move || ((-2.0 * unit().ln()).sqrt() * (std::f64::consts::TAU * unit()).cos()) as f32
}

/// What a line on stdin asks for.
struct Asked {
    how: How,
    /// Only these rows may be found; the same as a set and as a list.
    passing: Option<(RowSet, Vec<usize>)>,
}

enum How {
    /// Every row looked at, of those that may be found.
    Exact,
    /// As a search does it.
    Default,
    /// One walk along the graph with so many candidates.
    Candidates(usize),
}

impl Asked {
    /// Of an index of `n` rows.
    fn parse(line: &str, n: usize) -> Self {
        let words: Vec<&str> = line.split_whitespace().collect();
        let (share, how) = match words[..] {
            ["filter", share, how] => (Some(share.parse::<f64>().expect("a share")), how),
            [how] => (None, how),
            _ => panic!("nothing is asked for by {line:?}"),
        };
        let how = match how {
            "exact" => How::Exact,
            "default" => How::Default,
            width => How::Candidates(width.parse().expect("exact, default or a number")),
        };
        let passing = share.map(|share| {
            let rows: Vec<usize> = (0..n).filter(|&row| is_in(share, row)).collect();
            (RowSet::new(n, rows.iter().copied()), rows)
        });
        Asked { how, passing }
    }

    /// The nearest of `rows`, over which `index` was built, ten at least where there are so many.
    fn answer(&self, rows: &Matrix, index: &VectorIndex, query: &[f32]) -> Vec<Neighbor> {
        let VectorIndex::Hnsw(graph) = index else { panic!("an index without a graph") };
        let exact = ExactIndex::new(rows);
        match (&self.how, &self.passing) {
            (How::Exact, None) => exact.nearest(query, 10, &|_| true),
            (How::Exact, Some((_, passing))) => best_of(passing, &exact.scores_of(passing, query)),
            (How::Default, None) => nearest(graph, query),
            (How::Default, Some((passing, _))) => {
                let baseline = Baseline::UNKNOWN;
                let target =
                    Target { vector: query, words: &[], unwanted: &[], baseline, excluded: None };
                let among = Among::<Infallible>::Rows(passing);
                rank(index, &target, Mode::Semantic, 10, among).expect("a sound index")
            }
            (How::Candidates(width), passing) => {
                let passing = passing.as_ref().map(|(passing, _)| passing);
                graph.candidates(query, *width, passing).expect("a sound index")
            }
        }
    }
}

/// Whether a row is in this share of all, which is spread evenly over them; `peers/search.py` draws
/// the same rows.
fn is_in(share: f64, row: usize) -> bool {
    f64::from((row as u32).wrapping_mul(2_654_435_761)) < share * 4_294_967_296.0
}

/// Reads numbers of rows, columns and queries as 64-bit little-endian integers, then rows and
/// queries.
fn worker(file: &Path) {
    let bytes = std::fs::read(file).expect("the file of rows");
    let size = |at: usize| {
        let bytes: [u8; 8] = bytes[at..at + 8].try_into().expect("a header of three integers");
        u64::from_le_bytes(bytes) as usize
    };
    let (n, d, n_queries) = (size(0), size(8), size(16));
    let numbers = bytes[24..].chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]]));
    let mut numbers: Vec<f32> = numbers.collect();
    let queries = numbers.split_off(n * d);
    let rows = Matrix::new(n, d, numbers).expect("as many numbers as stated");
    let queries = Matrix::new(n_queries, d, queries).expect("as many numbers as stated");
    let mut out = std::io::stdout().lock();
    let start = Instant::now();
    let (graph, megabytes) = built(&rows);
    writeln!(out, "{} {megabytes}", start.elapsed().as_secs_f64()).expect("an answer");
    let index = VectorIndex::Hnsw(graph);
    for line in std::io::stdin().lock().lines() {
        let asked = Asked::parse(&line.expect("a line of text"), n);
        let (mut times, mut answer) = (Vec::new(), String::new());
        for query in queries.iter_rows() {
            let start = Instant::now();
            let mut found = asked.answer(&rows, &index, query);
            found.truncate(10);
            times.push(start.elapsed().as_secs_f64() * 1e3);
            found.iter().for_each(|neighbor| answer += &format!(" {}", neighbor.row));
        }
        times.sort_by(f64::total_cmp);
        writeln!(out, "{}{answer}", times[times.len() / 2]).expect("an answer");
        out.flush().expect("an answer");
    }
}

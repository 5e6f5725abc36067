//! Postings of the run's trades have a place and those of other trades have none, whatever the
//! algorithm.
//!
//! The run is two thirds of `data/samples`; the third that is left out is of its trades. The others
//! are the trades of `tests/fixtures/languages/roles.tsv` that are no work with computers.

use serde::Deserialize;

use rolecluster::cluster::{
    Algorithm, Belonging, DensityParams, GmmParams, KMeansParams, Membership, cluster,
};
use rolecluster::encode::{DeviceChoice, Dtype, Encoder, ModelFiles, Source};
use rolecluster::geometry::Matrix;
use rolecluster::progress::Silent;

/// The area under the curve of own against other postings, by likeness.
const LEAST_AREA: f64 = 0.95;
/// Share of own postings that may be refused.
const MOST_REFUSED: f64 = 0.05;
/// Share of other postings that must be.
const LEAST_OTHERS_REFUSED: f64 = 0.8;

const COMPUTER_TRADES: [&str; 3] = ["web", "dba", "network"];

#[derive(Deserialize)]
struct Sample {
    title: String,
    description: String,
    stack: Vec<String>,
}

fn path(relative: &str) -> std::path::PathBuf {
    std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(relative)
}

fn own_texts() -> Vec<String> {
    let lines = std::fs::read_to_string(path("data/samples/roles.jsonl")).unwrap();
    let text = |line: &str| {
        let Sample { title, description, stack } = serde_json::from_str(line).unwrap();
        [title, description, stack.join(", ")].join("\n")
    };
    lines.lines().map(text).collect()
}

fn other_texts() -> Vec<String> {
    let table = std::fs::read_to_string(path("tests/fixtures/languages/roles.tsv")).unwrap();
    let text = |line: &str| {
        let fields: Vec<&str> = line.split('\t').collect();
        let [role, _, title, text] = fields[..] else { panic!("four columns: {line}") };
        (!COMPUTER_TRADES.contains(&role)).then(|| format!("{title}\n{text}"))
    };
    table.lines().skip(1).filter_map(text).collect()
}

fn encoded(texts: &[String]) -> Matrix {
    let files = ModelFiles::resolve(&Source::Bundled, None).unwrap();
    let device = DeviceChoice::Cpu.open().unwrap();
    let encoder = Encoder::load(&files, &device, Dtype::F32).unwrap();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    encoder.encode(&texts, None, &Silent).unwrap()
}

/// The chance that an own posting is more like the run than another, ties counting half.
fn area(own: &[Belonging], others: &[Belonging]) -> f64 {
    let wins = |a: &Belonging| -> f64 {
        let win = |b: &Belonging| match a.likeness.total_cmp(&b.likeness) {
            std::cmp::Ordering::Greater => 1.0,
            std::cmp::Ordering::Equal => 0.5,
            std::cmp::Ordering::Less => 0.0,
        };
        others.iter().map(win).sum()
    };
    own.iter().map(wins).sum::<f64>() / (own.len() * others.len()) as f64
}

fn refused(found: &[Belonging]) -> f64 {
    found.iter().filter(|belonging| !belonging.is_alike).count() as f64 / found.len() as f64
}

#[test]
fn other_trades_are_refused_and_own_ones_are_not() {
    let (own, others) = (own_texts(), other_texts());
    assert!(own.len() >= 150 && others.len() >= 150, "{} {}", own.len(), others.len());
    let rows = encoded(&[own.as_slice(), &others].concat());
    let of = |range: std::ops::Range<usize>| rows.select(&range.collect::<Vec<_>>());
    let (own, others) = (of(0..own.len()), of(own.len()..rows.rows()));
    for algorithm in [
        Algorithm::KMeans(KMeansParams::default()),
        Algorithm::Hdbscan(DensityParams::default()),
        Algorithm::Gmm(GmmParams::default()),
    ] {
        let (mut found_own, mut found_others) = (Vec::new(), Vec::new());
        for third in 0..3 {
            let part = |left_out: bool| {
                let rows: Vec<usize> =
                    (0..own.rows()).filter(|row| (row % 3 == third) == left_out).collect();
                own.select(&rows)
            };
            let (run, left_out) = (part(false), part(true));
            let fitted = cluster(&run, &algorithm, &Silent).unwrap();
            let (membership, _) = Membership::fit(&run, fitted.clustering.labels()).unwrap();
            found_own.extend(membership.of_new(&run, &left_out));
            found_others.extend(membership.of_new(&run, &others));
        }
        let figures =
            [area(&found_own, &found_others), refused(&found_own), refused(&found_others)];
        let [area, own, others] = figures;
        let told = format!("{algorithm:?}: area {area:.3}, refused {own:.3} and {others:.3}");
        assert!(area >= LEAST_AREA && own <= MOST_REFUSED, "{told}");
        assert!(others >= LEAST_OTHERS_REFUSED, "{told}");
    }
}

//! The bundled model finds the same trade across languages and scripts, by meaning alone.
//!
//! `tests/fixtures/languages/roles.tsv` holds twenty trades in thirteen languages, as a title and
//! as one sentence of a posting. A text of another language must find the English sentence of its
//! own trade among all twenty. The floors are two trades below what the model card states, so that a
//! change of dtype does not fail the test, and far above chance (0.05).

use std::collections::BTreeMap;
use std::path::Path;

use rolecluster::encode::{DeviceChoice, Dtype, Encoder, ModelFiles, Source};
use rolecluster::geometry::Matrix;
use rolecluster::progress::Silent;

/// Of a language: the share of its titles, and of its texts, whose nearest English sentence must be
/// the right one.
const LEAST: [(&str, f64, f64); 12] = [
    ("ar", 0.75, 0.85),
    ("hi", 0.70, 0.90),
    ("th", 0.80, 0.85),
    ("vi", 0.80, 0.90),
    ("id", 0.50, 0.90),
    ("tr", 0.50, 0.90),
    ("uk", 0.45, 0.90),
    ("el", 0.80, 0.90),
    ("he", 0.50, 0.85),
    ("sw", 0.45, 0.75),
    ("ta", 0.70, 0.80),
    ("bn", 0.50, 0.90),
];

struct Row {
    role: String,
    language: String,
    title: String,
    text: String,
}

fn rows() -> Vec<Row> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/languages/roles.tsv");
    let table = std::fs::read_to_string(path).unwrap();
    let parse = |line: &str| {
        let fields: Vec<&str> = line.split('\t').collect();
        let [role, language, title, text] = fields[..] else { panic!("four columns: {line}") };
        let own = str::to_string;
        Row { role: own(role), language: own(language), title: own(title), text: own(text) }
    };
    table.lines().skip(1).map(parse).collect()
}

/// Share of `queries` whose nearest row of `documents` stands at the same place.
fn recall(queries: &Matrix, documents: &Matrix) -> f64 {
    let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(x, y)| x * y).sum::<f32>();
    let nearest = |i: usize| {
        let score = |j: &usize| dot(queries.row(i), documents.row(*j));
        (0..documents.rows()).max_by(|a, b| score(a).total_cmp(&score(b)))
    };
    let right = (0..queries.rows()).filter(|&i| nearest(i) == Some(i)).count();
    right as f64 / queries.rows() as f64
}

#[test]
fn one_trade_is_found_across_languages() {
    let files = ModelFiles::resolve(&Source::Bundled, None).unwrap();
    let device = DeviceChoice::Cpu.open().unwrap();
    let encoder = Encoder::load(&files, &device, Dtype::F32).unwrap();
    let rows = rows();
    let mut by: BTreeMap<&str, Vec<&Row>> = BTreeMap::new();
    rows.iter().for_each(|row| by.entry(&row.language).or_default().push(row));
    let encode = |texts: Vec<&str>| encoder.encode(&texts, None, &Silent).unwrap();
    let english = &by["en"];
    let documents = encode(english.iter().map(|row| row.text.as_str()).collect());
    let mut table = String::new();
    assert_eq!(by.len(), LEAST.len() + 1, "every language but English has a floor");
    for (language, least_titles, least_texts) in LEAST {
        let rows = &by[language];
        assert!(rows.iter().zip(english).all(|(a, b)| a.role == b.role), "{language}: same order");
        let titles = recall(&encode(rows.iter().map(|r| r.title.as_str()).collect()), &documents);
        let texts = recall(&encode(rows.iter().map(|r| r.text.as_str()).collect()), &documents);
        table += &format!("{language} titles {titles:.2} texts {texts:.2}\n");
        assert!(titles >= least_titles && texts >= least_texts, "so far:\n{table}");
    }
}

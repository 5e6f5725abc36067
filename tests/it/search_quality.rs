//! How well the sample is searched: 200 queries of ten kinds, see `data/samples/README.md`.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use rolecluster::pipeline::{
    Answer, EmbedSettings, Query, QueryModel, SearchOptions, Searcher, embed,
};
use rolecluster::progress::Silent;
use rolecluster::read::Input;
use rolecluster::search::Mode;
use rolecluster::store::RunFolder;
use serde::Deserialize;

use crate::support::sample;

/// A query and the roles that answer it, by pair (`1.4` is `1.4-zh` and `1.4-en`).
#[derive(Deserialize)]
struct Judged {
    kind: String,
    query: String,
    relevant: Vec<String>,
}

const KINDS: [&str; 10] = [
    "term",
    "alias",
    "title",
    "sentence",
    "typo",
    "two terms",
    "negation",
    "other language",
    "long posting",
    "nonsense",
];

fn queries() -> Vec<Judged> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/samples/queries.jsonl");
    let text = std::fs::read_to_string(file).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Sums over the queries of one kind.
#[derive(Default, Clone, Copy)]
struct Figures {
    n: f64,
    /// Queries whose first hit is right; for nonsense, those without a hit.
    right: f64,
    /// Of the average precisions.
    precision: f64,
}

impl Figures {
    fn hit_at_1(&self) -> f64 {
        self.right / self.n
    }

    fn map(&self) -> f64 {
        self.precision / self.n
    }
}

fn add(figures: &mut Figures, judged: &Judged, answer: &Answer) {
    figures.n += 1.0;
    if judged.relevant.is_empty() {
        figures.right += f64::from(u8::from(answer.hits.is_empty()));
        figures.precision += f64::from(u8::from(answer.hits.is_empty()));
        return;
    }
    let pair = |id: &str| id.rsplit_once('-').map_or(id, |(pair, _)| pair).to_string();
    let is_right: Vec<bool> =
        answer.hits.iter().map(|hit| judged.relevant.contains(&pair(hit.id.as_str()))).collect();
    figures.right += f64::from(u8::from(is_right.first() == Some(&true)));
    let mut found = 0.0;
    for (at, _) in is_right.iter().enumerate().filter(|(_, right)| **right) {
        found += 1.0;
        figures.precision += found / (at + 1) as f64 / (2 * judged.relevant.len()) as f64;
    }
}

// What is printed is seen when the test fails, or with `--no-capture`.
#[allow(clippy::print_stdout)]
#[test]
fn every_kind_of_query_is_answered() {
    let folder = tempfile::tempdir().unwrap();
    let settings = EmbedSettings::new(vec![Input::File(sample())], folder.path().join("jobs"));
    drop(embed(&settings, &Silent).unwrap());
    let run = RunFolder::open(&folder.path().join("jobs")).unwrap();
    let searcher = Searcher::open(&run, QueryModel::default()).unwrap();
    let judged = queries();
    let mut table: BTreeMap<(&str, &str), Figures> = BTreeMap::new();
    for (name, mode) in
        [("hybrid", Mode::Hybrid), ("semantic", Mode::Semantic), ("lexical", Mode::Lexical)]
    {
        let options = SearchOptions { k: 166, mode, ..SearchOptions::default() };
        for one in &judged {
            let kind = KINDS.iter().find(|kind| **kind == one.kind).unwrap();
            let answer = searcher.search(&Query::Text(one.query.clone()), &options).unwrap();
            let figures = table.entry((kind, name)).or_default();
            let before = figures.right;
            add(figures, one, &answer);
            if mode == Mode::Hybrid && figures.right == before {
                let first = answer.hits.first().map(|hit| format!("{} {:.3}", hit.id, hit.score));
                println!("{}: {:.60} {:?} first {first:?}", one.kind, one.query, one.relevant);
            }
        }
    }
    let mut shown = String::from("| kind | hybrid | semantic | lexical |\n|---|---|---|---|\n");
    for kind in KINDS {
        let cell = |mode: &str| {
            let figures = table[&(kind, mode)];
            format!("{:.2} / {:.2}", figures.hit_at_1(), figures.map())
        };
        writeln!(
            shown,
            "| {kind} | {} | {} | {} |",
            cell("hybrid"),
            cell("semantic"),
            cell("lexical")
        )
        .unwrap();
    }
    println!("{shown}");
    for (kind, least) in LEAST {
        let [hybrid, semantic, lexical] =
            ["hybrid", "semantic", "lexical"].map(|mode| table[&(kind, mode)]);
        assert_eq!(hybrid.n, 20.0, "{kind}");
        assert!(hybrid.hit_at_1() >= least, "{kind}\n{shown}");
        // What either half takes for a find, the two together do.
        let better = match kind {
            "nonsense" => semantic.map().min(lexical.map()),
            _ => semantic.map().max(lexical.map()),
        };
        assert!(hybrid.map() >= better - TOLERANCE, "{kind} is worse than a part\n{shown}");
    }
}

/// Share of the queries of a kind whose first hit must be right.
const LEAST: [(&str, f64); 10] = [
    ("term", 0.95),
    ("alias", 0.90),
    ("title", 0.95),
    ("sentence", 0.65),
    ("typo", 0.95),
    ("two terms", 0.95),
    ("negation", 0.90),
    ("other language", 0.60),
    ("long posting", 0.90),
    ("nonsense", 0.85),
];
/// One query of a kind that one of twenty answers a little lower makes no difference.
const TOLERANCE: f64 = 0.02;

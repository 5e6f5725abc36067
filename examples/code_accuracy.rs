//! Measures the standard codes on occupations whose codes are known, and how near texts come that
//! name no occupation: `cargo run --release --example code_accuracy -- ESCO_DEV.jsonl`.
//!
//! A line has `concept_id`, `isco`, `labels.LANGUAGE.alt` and `descriptions.LANGUAGE`.

// An example prints what it found.
#![allow(clippy::print_stdout)]

use std::collections::BTreeMap;

use rolecluster::classify::{Coder, Query, Scheme};
use rolecluster::geometry::Matrix;
use rolecluster::occupations::Occupations;
use rolecluster::pipeline::ModelSettings;
use rolecluster::progress::Silent;
use serde_json::Value;

/// A text, its title and the right answers.
struct Case {
    title: String,
    text: String,
    code: String,
    isco: String,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = std::env::args().nth(1).ok_or("usage: code_accuracy FILE")?;
    let (encoder, _) = ModelSettings::default().load()?;
    let occupations = Occupations::of_model(&encoder.fingerprint(None)?)
        .ok_or("the table is not of the bundled model")?;
    let coders = [Scheme::Esco, Scheme::Isco].map(|scheme| Coder::new(occupations, scheme));
    let [esco, isco] = &coders;
    let encode = |texts: Vec<&str>| encoder.encode(&texts, None, &Silent).map_err(Box::new);
    for (name, cases) in cases(&std::fs::read_to_string(path)?)? {
        let texts = encode(cases.iter().map(|case| case.text.as_str()).collect())?;
        report(&name, [esco, isco], &cases, &texts);
    }
    let nothing = include_str!("../data/occupations/no_occupation.txt");
    let nothing: Vec<&str> = nothing.lines().filter(|line| !line.starts_with('#')).collect();
    let vectors = encode(nothing.clone())?;
    let best = |(title, vector): (&&str, &[f32])| esco.ranked(Query { title, vector })[0].1.score;
    let scores: Vec<f32> = nothing.iter().zip(vectors.iter_rows()).map(best).collect();
    println!("no occupation: {} texts, best scores {}", nothing.len(), spread(scores));
    Ok(())
}

fn report(name: &str, coders: [&Coder; 2], cases: &[Case], vectors: &Matrix) {
    let (mut esco, mut isco, mut scores) = (0, 0, Vec::new());
    for (at, case) in cases.iter().enumerate() {
        let query = Query { title: &case.title, vector: vectors.row(at) };
        let [(code, nearest), (group, _)] = coders.map(|coder| coder.ranked(query)[0]);
        scores.push(nearest.score);
        esco += usize::from(code == case.code);
        isco += usize::from(group == case.isco);
    }
    let share = |n: usize| n as f64 / cases.len() as f64;
    println!(
        "{name}: {} texts, esco {:.3} isco {:.3}; {}",
        cases.len(),
        share(esco),
        share(isco),
        spread(scores)
    );
}

fn spread(mut scores: Vec<f32>) -> String {
    scores.sort_by(f32::total_cmp);
    let at = |share: f64| scores[((scores.len() - 1) as f64 * share) as usize];
    let all = [0.0, 0.01, 0.05, 0.5, 0.95, 1.0].map(|share| format!("{:.3}", at(share)));
    format!("0/1/5/50/95/100 % {}", all.join(" "))
}

fn cases(lines: &str) -> Result<BTreeMap<String, Vec<Case>>, Box<dyn std::error::Error>> {
    let mut all: BTreeMap<String, Vec<Case>> = BTreeMap::new();
    for line in lines.lines() {
        let row: Value = serde_json::from_str(line)?;
        let text = |value: &Value| value.as_str().unwrap_or_default().to_string();
        let mut add = |name: String, title: String, words: String| {
            let (code, isco) = (text(&row["concept_id"]), text(&row["isco"]));
            all.entry(name).or_default().push(Case { title, text: words, code, isco });
        };
        for (language, labels) in row["labels"].as_object().into_iter().flatten() {
            for alt in labels["alt"].as_array().into_iter().flatten() {
                add(format!("alternative label {language}"), text(alt), text(alt));
            }
        }
        for (language, description) in row["descriptions"].as_object().into_iter().flatten() {
            add(format!("description {language}"), String::new(), text(description));
            if let Some(alt) = row["labels"][language]["alt"].get(0) {
                let words = format!("{}\n{}", text(alt), text(description));
                add(format!("title and description {language}"), text(alt), words);
            }
        }
    }
    Ok(all)
}

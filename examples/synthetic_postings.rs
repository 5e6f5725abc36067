//! Any number of **synthetic** postings as JSON Lines on stdout, to try the program on an input
//! of some size: `cargo run --release --example synthetic_postings -- 1000000 > many.jsonl`.
//!
//! Each is one of `data/samples/roles.jsonl` with sentences and technologies of another in the
//! same language mixed in, and a city, a team and a number of years of its own. They are no
//! postings of anybody: nothing about a labour market can be learned from them. Every one says
//! so in its field `origin`. Equal arguments (`COUNT [SEED]`), equal bytes.

use std::io::{self, BufWriter, Write};

use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::{RngCore, SeedableRng};
use serde_json::{Value, json};

const SAMPLES: &str = include_str!("../data/samples/roles.jsonl");
const CITIES: [&str; 8] =
    ["Berlin", "上海", "München", "東京", "Leipzig", "深圳", "Nairobi", "São Paulo"];

/// What is mixed of a sample.
struct Sample {
    language: String,
    section: String,
    title: String,
    sentences: Vec<String>,
    stack: Vec<Value>,
}

fn main() -> io::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let mut number = |otherwise: u64| match arguments.next() {
        Some(text) => text.parse().map_err(|_| io::Error::other(format!("{text:?} is no number"))),
        None => Ok(otherwise),
    };
    let (count, seed) = (number(1_000)?, number(1)?);
    let samples = samples()?;
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(seed);
    let mut out = BufWriter::new(io::stdout().lock());
    for i in 0..count {
        let written = writeln!(out, "{}", posting(i, &samples, &mut rng));
        match written {
            // Whoever reads has seen enough.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => return Ok(()),
            other => other?,
        }
    }
    out.flush()
}

fn posting(i: u64, samples: &[Sample], rng: &mut Xoshiro256PlusPlus) -> Value {
    let mut below = |n: usize| (rng.next_u64() % n.max(1) as u64) as usize;
    let base = &samples[below(samples.len())];
    let other = loop {
        let other = &samples[below(samples.len())];
        if other.language == base.language {
            break other;
        }
    };
    let mut sentences: Vec<&str> = base.sentences.iter().map(String::as_str).collect();
    for _ in 0..1 + below(3) {
        let at = below(sentences.len());
        sentences[at] = &other.sentences[below(other.sentences.len())];
    }
    let mut stack = base.stack.clone();
    if !stack.is_empty() {
        stack.remove(below(stack.len()));
    }
    stack.extend(other.stack.get(below(other.stack.len())).cloned());
    let (city, team, years) = (CITIES[below(CITIES.len())], below(100_000), 1 + below(15));
    let more = match base.language.as_str() {
        "zh" => format!("团队编号 {team}，{years} 年以上经验。"),
        _ => format!(" Team {team}, {years} years or more."),
    };
    json!({
        "id": format!("synthetic-{i:07}"),
        "origin": "synthetic, mixed from data/samples",
        "section": base.section,
        "city": city,
        "title": format!("{} ({city}, {team})", base.title),
        "description": sentences.concat() + &more,
        "stack": stack,
    })
}

fn samples() -> io::Result<Vec<Sample>> {
    SAMPLES.lines().map(|line| Ok(sample(&serde_json::from_str(line)?))).collect()
}

fn sample(role: &Value) -> Sample {
    let text = |name: &str| role[name].as_str().unwrap_or_default().to_string();
    let description = text("description");
    let sentences = description.split_inclusive(['。', '.']).map(str::to_string).collect();
    Sample {
        language: text("lang"),
        section: text("section"),
        title: text("title"),
        sentences,
        stack: role["stack"].as_array().cloned().unwrap_or_default(),
    }
}

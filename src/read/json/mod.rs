//! JSON of any shape: lines, arrays, documents with the records somewhere inside, tables
//! the other way round, and what programs write that is nearly JSON.
//!
//! The input is cut into values without parsing them (a line each, or by following strings
//! and brackets), so that a value that is no JSON costs itself alone. The first values are
//! parsed and a plan is made of where in them the records are; it holds for all that follow.

mod flatten;
mod lines;
mod orient;
mod plan;
mod scan;
mod shapes;
mod value;
mod walk;

use std::io::{self, BufRead};

use super::limits::{MAX_DOCUMENT_BYTES, MAX_RECORD_BYTES};
use super::sink::Sink;
use super::{ReadError, table};
use plan::{Judge, Plan};
use value::Json;
use walk::{Place, Walker};

pub(super) use lines::arrangement;

/// Values the plan is made from.
const PLANNED_VALUES: usize = 200;

/// Bytes of values the plan is made from.
const PLANNED_BYTES: usize = 8 * 1024 * 1024;

/// How the values of an input follow each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Arrangement {
    /// One in each line.
    Lines,
    /// One after another, or in an array.
    Document,
}

/// A value as it stands in the input.
struct Raw {
    line: u64,
    in_array: bool,
    text: String,
}

/// Reads all records.
pub(super) fn read(
    arrangement: Arrangement,
    text: &mut dyn BufRead,
    sink: &mut Sink<'_>,
) -> Result<(), ReadError> {
    let file = sink.file().to_string();
    let io = |source: io::Error| ReadError::Io { file: file.clone(), source };
    lines::skip_prefix(text).map_err(io)?;
    let mut stream = Stream::new(sink);
    match arrangement {
        Arrangement::Lines => lines::values(text, &mut |found| stream.take(found)).map_err(io)?,
        Arrangement::Document => {
            scan::values(text, &mut |found| stream.take(found)).map_err(io)?;
        }
    }
    stream.finish()
}

/// What the cutters come upon, with the line it begins in.
enum Item {
    /// A value: an item of an array, or one that stands alone.
    Value { line: u64, text: String, in_array: bool },
    /// A value longer than allowed.
    TooLong { line: u64, in_array: bool },
    /// A value the input ends in.
    Broken { line: u64 },
}

/// Makes the plan of the first values and follows it.
struct Stream<'a, 's> {
    sink: &'a mut Sink<'s>,
    plan: Option<Plan>,
    waiting: Vec<Raw>,
    waiting_bytes: usize,
    walker: Walker,
    document_too_long: bool,
}

impl<'a, 's> Stream<'a, 's> {
    fn new(sink: &'a mut Sink<'s>) -> Self {
        Stream {
            sink,
            plan: None,
            waiting: Vec::new(),
            waiting_bytes: 0,
            walker: Walker::default(),
            document_too_long: false,
        }
    }

    fn take(&mut self, item: Item) {
        match item {
            Item::TooLong { line, in_array } => {
                self.document_too_long |= !in_array;
                let limit = if in_array { MAX_RECORD_BYTES } else { MAX_DOCUMENT_BYTES };
                self.sink.skip(line, format!("is longer than {} MiB", limit >> 20));
            }
            Item::Broken { line } => self.sink.skip(line, "the JSON breaks off in this record"),
            Item::Value { line, text, in_array } => {
                let raw = Raw { line, in_array, text };
                match &self.plan {
                    Some(plan) => {
                        follow(&raw, value::parse(&raw.text), plan, &mut self.walker, self.sink)
                    }
                    None => {
                        self.waiting_bytes += raw.text.len();
                        self.waiting.push(raw);
                        let enough = self.waiting.len() >= PLANNED_VALUES
                            || self.waiting_bytes >= PLANNED_BYTES;
                        if enough {
                            self.decide();
                        }
                    }
                }
            }
        }
    }

    /// Makes the plan and follows it for what has waited.
    fn decide(&mut self) {
        let waiting = std::mem::take(&mut self.waiting);
        let parsed: Vec<Result<Json<'_>, String>> =
            waiting.iter().map(|raw| value::parse(&raw.text)).collect();
        let values: Vec<&Json<'_>> =
            parsed.iter().filter_map(|value| value.as_ref().ok()).collect();
        let mapper = self.sink.mapper();
        let nested = !mapper.columns().stated().any(|(_, _, name)| name.contains('.'));
        let mut target = |name: &str| mapper.target(name);
        let plan = Plan::of(&values, nested, &mut Judge { target: &mut target });
        for (raw, value) in waiting.iter().zip(parsed) {
            follow(raw, value, &plan, &mut self.walker, self.sink);
        }
        self.plan = Some(plan);
    }

    fn finish(mut self) -> Result<(), ReadError> {
        if self.plan.is_none() {
            self.decide();
        }
        if self.document_too_long {
            return Err(ReadError::Limit {
                file: self.sink.file().to_string(),
                seen: format!("a JSON value of more than {} MiB", MAX_DOCUMENT_BYTES >> 20),
                advice: "write the records one a line (`jq -c '.[]'`)",
            });
        }
        let rows = std::mem::take(&mut self.walker.rows);
        if !rows.is_empty() {
            table::read(rows.into_iter(), self.sink)?;
        }
        self.walker.finish(self.sink);
        Ok(())
    }
}

fn follow(
    raw: &Raw,
    value: Result<Json<'_>, String>,
    plan: &Plan,
    walker: &mut Walker,
    sink: &mut Sink<'_>,
) {
    match value {
        Ok(value) => {
            let place = Place { text: &raw.text, line: raw.line, in_array: raw.in_array };
            walker.walk(&value, plan, &place, sink);
        }
        // What is left of a script around the JSON.
        Err(_) if raw.text.trim_matches([')', ';', ']', ',', ' ']).is_empty() => {}
        Err(reason) => sink.skip(raw.line, reason),
    }
}

#[cfg(test)]
mod tests;

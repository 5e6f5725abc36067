//! JSON of any shape: lines, arrays, documents with the records somewhere inside, tables
//! the other way round, and what programs write that is nearly JSON.
//!
//! The input is cut into values without parsing them (a line each, or by following strings
//! and brackets), so that a value that is no JSON costs itself alone. The first values are
//! parsed and a plan is made of where in them the records are; it holds for all that follow.

mod embedded;
mod flatten;
mod item;
mod judge;
mod lines;
mod orient;
mod parse;
mod plan;
mod scan;
mod shapes;
mod value;
mod walk;

use std::io::{self, BufRead};

use super::limits::{MAX_DOCUMENT_BYTES, MAX_RECORD_BYTES};
use super::sink::Sink;
use super::{ReadError, table};
use judge::Judge;
use plan::Plan;
use walk::{Place, Walker};

pub(super) use item::Arrangement;
use item::Item;
pub(super) use lines::arrangement;
pub(super) use value::{Array, Json, Object};

/// Values the plan is made from.
const PLANNED_VALUES: usize = 200;

/// Bytes of values the plan is made from.
const PLANNED_BYTES: usize = 8 * 1024 * 1024;

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

/// Makes the plan of the first values and follows it.
struct Stream<'a, 's> {
    sink: &'a mut Sink<'s>,
    plan: Option<Plan>,
    waiting: Vec<Raw>,
    waiting_bytes: usize,
    walker: Walker,
    document_too_long: bool,
    /// The postings stand in documents that are texts of the values.
    is_embedded: bool,
    /// Values whose texts hold no posting.
    without: Without,
}

/// Values that were passed over: how many, and the line of the first.
#[derive(Default)]
struct Without {
    count: u64,
    first: u64,
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
            is_embedded: false,
            without: Without::default(),
        }
    }

    fn take(&mut self, item: Item) {
        match item {
            Item::TooLong { line, most } => {
                self.document_too_long |= most == MAX_DOCUMENT_BYTES;
                self.sink.skip(line, too_long(most));
            }
            Item::Broken { line } => self.sink.skip(line, "the JSON breaks off in this record"),
            Item::Value { line, text, in_array } => {
                let raw = Raw { line, in_array, text };
                match &self.plan {
                    Some(_) if self.is_embedded => self.follow_embedded(&raw),
                    Some(plan) => {
                        follow(&raw, parse::parse(&raw.text), plan, &mut self.walker, self.sink)
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
            waiting.iter().map(|raw| parse::parse(&raw.text)).collect();
        let values: Vec<&Json<'_>> =
            parsed.iter().filter_map(|value| value.as_ref().ok()).collect();
        let plan = plan_of(&values, self.sink);
        // The pages of an HTTP archive have titles too.
        let is_sure = plan.is_sure && !values.iter().any(|value| embedded::is_har(value));
        self.is_embedded = !is_sure && holds_embedded(&values, self.sink);
        if self.is_embedded {
            self.plan = Some(plan);
            return waiting.iter().for_each(|raw| self.follow_embedded(raw));
        }
        for (raw, value) in waiting.iter().zip(parsed) {
            follow(raw, value, &plan, &mut self.walker, self.sink);
        }
        self.plan = Some(plan);
    }

    /// Each document in a text of the value is a value by itself, with a plan of its own.
    fn follow_embedded(&mut self, raw: &Raw) {
        let value = match parse::parse(&raw.text) {
            Ok(value) => value,
            Err(reason) => return self.sink.skip(raw.line, reason),
        };
        let mut found = false;
        for text in embedded::documents(&value) {
            let Ok(document) = parse::parse(&text) else { continue };
            let plan = plan_of(&[&document], self.sink);
            if plan.is_sure {
                found = true;
                let place = Place { text: "", line: raw.line, in_array: raw.in_array };
                self.walker.walk(&document, &plan, &place, self.sink);
            }
        }
        if !found {
            self.without.first =
                if self.without.count == 0 { raw.line } else { self.without.first };
            self.without.count += 1;
        }
    }

    fn finish(mut self) -> Result<(), ReadError> {
        if self.plan.is_none() {
            self.decide();
        }
        if self.is_embedded {
            let Without { count, first } = self.without;
            let rest = match count {
                0 => String::new(),
                _ => format!("; {count} records hold none, the first in line {first}"),
            };
            self.sink.warn(format!(
                "the postings are JSON within texts of the records; what stands around them is left \
                 out{rest}"
            ));
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

/// Records that come as objects already, such as the nested rows of a Parquet file.
pub(super) struct Objects<'a, 's> {
    sink: &'a mut Sink<'s>,
    plan: Option<Plan>,
    waiting: Vec<(u64, Json<'static>)>,
    walker: Walker,
}

impl<'a, 's> Objects<'a, 's> {
    pub fn new(sink: &'a mut Sink<'s>) -> Self {
        Objects { sink, plan: None, waiting: Vec::new(), walker: Walker::default() }
    }

    /// A record that begins in this line.
    pub fn take(&mut self, line: u64, object: Json<'static>) {
        if self.plan.is_some() {
            return self.follow(line, &object);
        }
        self.waiting.push((line, object));
        if self.waiting.len() >= PLANNED_VALUES {
            self.decide();
        }
    }

    /// A record that cannot be read.
    pub fn skip(&mut self, line: u64, reason: String) {
        self.decide();
        self.sink.skip(line, reason);
    }

    pub fn finish(mut self) {
        self.decide();
        self.walker.finish(self.sink);
    }

    fn decide(&mut self) {
        let waiting = std::mem::take(&mut self.waiting);
        if self.plan.is_none() && !waiting.is_empty() {
            let values: Vec<&Json<'_>> = waiting.iter().map(|(_, value)| value).collect();
            self.plan = Some(plan_of(&values, self.sink));
        }
        waiting.iter().for_each(|(line, object)| self.follow(*line, object));
    }

    fn follow(&mut self, line: u64, object: &Json<'_>) {
        if let Some(plan) = &self.plan {
            let place = Place { text: "", line, in_array: true };
            self.walker.walk(object, plan, &place, self.sink);
        }
    }
}

/// The plan for values like these, by the names the sink knows.
fn plan_of(values: &[&Json<'_>], sink: &mut Sink<'_>) -> Plan {
    let mapper = sink.mapper();
    let nested = !mapper.columns().stated().any(|(_, _, name)| name.contains('.'));
    let mut target = |name: &str| mapper.target(name);
    Plan::of(values, nested, &mut Judge { target: &mut target })
}

/// Whether documents in the texts of these values hold postings.
fn holds_embedded(values: &[&Json<'_>], sink: &mut Sink<'_>) -> bool {
    values.iter().any(|value| {
        embedded::documents(value).iter().any(|text| {
            let document = parse::parse(text);
            document.is_ok_and(|document| plan_of(&[&document], sink).is_sure)
        })
    })
}

fn follow(
    raw: &Raw,
    value: Result<Json<'_>, String>,
    plan: &Plan,
    walker: &mut Walker,
    sink: &mut Sink<'_>,
) {
    match value {
        Ok(value) if raw.text.len() > MAX_RECORD_BYTES && is_record(&value, plan) => {
            sink.skip(raw.line, too_long(MAX_RECORD_BYTES));
        }
        Ok(value) => {
            let place = Place { text: &raw.text, line: raw.line, in_array: raw.in_array };
            walker.walk(&value, plan, &place, sink);
        }
        // What is left of a script around the JSON.
        Err(_) if raw.text.trim_matches([')', ';', ']', ',', ' ']).is_empty() => {}
        Err(reason) => sink.skip(raw.line, reason),
    }
}

/// Whether a value is a record itself rather than something that holds them.
fn is_record(value: &Json<'_>, plan: &Plan) -> bool {
    match plan.shape {
        Some(known) => value.object().is_some_and(|object| known.fits(object)),
        None => plan.path.is_empty() && plan.layout == orient::Layout::Records,
    }
}

fn too_long(most: usize) -> String {
    format!("is longer than {} MiB", most >> 20)
}

#[cfg(test)]
mod tests;

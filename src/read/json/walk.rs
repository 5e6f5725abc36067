//! The records of one value, as the plan says, into the sink.

use std::collections::BTreeMap;

use super::flatten;
use super::orient::{self, Layout};
use super::plan::{Plan, Step};
use super::shapes::{self, Known};
use super::value::{Array, Json, Object};
use crate::intake::{SetAside, SetAsideKind};
use crate::read::record::{Record, Value};
use crate::read::sink::Sink;
use crate::read::table::Row;

/// What a group says is repeated in each of its records up to this length in bytes.
const GROUP_TEXT: usize = 200;

/// Names kept of objects that are set aside.
const NAMES_KEPT: usize = 20;

/// What is known of a value before it is walked through.
pub(super) struct Place<'t> {
    /// The text the value was parsed from, and the line it begins in.
    pub text: &'t str,
    pub line: u64,
    /// Whether it is an item of an array, whose members may say something of all below.
    pub in_array: bool,
}

/// Walks through values; keeps what has to wait for the end of the input.
#[derive(Default)]
pub(super) struct Walker {
    /// Rows of cells, a table once all are there.
    pub rows: Vec<Row>,
    /// Objects of other types than postings: type -> line of the first, how many, names.
    others: BTreeMap<String, (u64, usize, Vec<String>)>,
}

/// What stands around a record and says something of it too.
#[derive(Clone, Copy)]
enum Holder<'j> {
    /// The record stands under this id.
    Id(&'j str),
    /// An object that holds nothing but this record, in the member named.
    Wrapper(&'j Object<'j>, &'j str),
    /// An object that holds this and other records, and the name of the list it is in.
    Group(&'j Object<'j>, &'j str),
}

/// What the title of a group is called.
const GROUP_NAMES: [&str; 6] = ["title", "name", "label", "department", "team", "category"];

impl Walker {
    /// Gives every record of `value` to the sink.
    pub fn walk(&mut self, value: &Json<'_>, plan: &Plan, place: &Place<'_>, sink: &mut Sink<'_>) {
        let mut lines = LineCounter { text: place.text, at: 0, line: place.line };
        match plan.shape {
            Some(known) => {
                sink.shape(&known.shape);
                let before = self.others.len();
                if !self.shaped(value, known, None, &mut lines, sink) && before == self.others.len()
                {
                    single(value, place.line, sink);
                }
            }
            None => {
                let mut walk =
                    Walk { walker: self, lines, sink, holders: Vec::new(), found: false };
                walk.steps(value, &plan.path, &plan.layout, place.in_array.then_some("group"));
                if !walk.found {
                    single(value, place.line, sink);
                }
            }
        }
    }

    /// Postings of a known shape wherever they stand; whether there is one.
    fn shaped(
        &mut self,
        value: &Json<'_>,
        known: &'static Known,
        group: Option<&str>,
        lines: &mut LineCounter<'_>,
        sink: &mut Sink<'_>,
    ) -> bool {
        match value {
            Json::Array(array) => {
                let mut found = false;
                for item in &array.items {
                    found |= self.shaped(item, known, group, lines, sink);
                }
                found
            }
            Json::Object(object) if known.fits(object) => {
                let line = lines.of(object.at);
                let record = flatten::record(object).map(|mut record| {
                    record.extend(group.map(|group| ("group".into(), Value::Text(group.into()))));
                    record
                });
                give(line, record, sink);
                true
            }
            Json::Object(object)
                if known.typed && shapes::type_of(object).is_some() && !holds(value, known) =>
            {
                self.set_aside(object, lines.of(object.at));
                false
            }
            Json::Object(object) => {
                let name = GROUP_NAMES.iter().find_map(|name| object.get(name)?.text());
                let mut found = false;
                for (_, value) in &object.members {
                    found |= self.shaped(value, known, name.or(group), lines, sink);
                }
                found
            }
            _ => false,
        }
    }

    fn set_aside(&mut self, object: &Object<'_>, line: u64) {
        let kind = shapes::type_of(object).unwrap_or_default().to_string();
        let (_, count, names) = self.others.entry(kind).or_insert((line, 0, Vec::new()));
        *count += 1;
        let name = ["name", "title", "@id", "url"].iter().find_map(|name| object.get(name)?.text());
        if let Some(name) = name.filter(|_| names.len() < NAMES_KEPT) {
            names.push(name.to_string());
        }
    }

    /// Says what was set aside.
    pub fn finish(self, sink: &mut Sink<'_>) {
        let file = sink.file().to_string();
        for (kind, (line, count, lines)) in self.others {
            let heading = format!("{kind} ({count})");
            let file = file.clone();
            let block =
                SetAside { file, line, heading, section: None, kind: SetAsideKind::Other, lines };
            sink.gathered().set_aside.push(block);
        }
    }
}

/// Whether a posting of this shape stands somewhere in a value.
fn holds(value: &Json<'_>, known: &Known) -> bool {
    match value {
        Json::Array(array) => array.items.iter().any(|item| holds(item, known)),
        Json::Object(object) => {
            known.fits(object) || object.members.iter().any(|(_, value)| holds(value, known))
        }
        _ => false,
    }
}

/// A value as a record of its own.
fn single(value: &Json<'_>, line: u64, sink: &mut Sink<'_>) {
    let record = match value.object() {
        Some(object) => flatten::record(object),
        None => Err(format!("is {}, not an object", value.kind())),
    };
    give(line, record, sink);
}

fn give(line: u64, record: Result<Record, String>, sink: &mut Sink<'_>) {
    match record {
        Ok(record) => sink.record(line, record),
        Err(reason) => sink.skip(line, reason),
    }
}

/// One walk along the steps of a plan.
struct Walk<'w, 's, 't, 'j> {
    walker: &'w mut Walker,
    lines: LineCounter<'t>,
    sink: &'w mut Sink<'s>,
    holders: Vec<Holder<'j>>,
    found: bool,
}

impl<'j> Walk<'_, '_, '_, 'j> {
    /// `group` is the name of the collection that `value` is an item of.
    fn steps(
        &mut self,
        value: &'j Json<'j>,
        steps: &'j [Step],
        layout: &Layout,
        group: Option<&'j str>,
    ) {
        match (steps.split_first(), value) {
            (None, value) => self.records(value, layout),
            (Some((Step::Each, rest)), Json::Array(array)) => {
                self.found = true;
                for item in &array.items {
                    self.steps(item, rest, layout, Some(group.unwrap_or("group")));
                }
            }
            (Some((Step::Values, rest)), Json::Object(object)) => {
                let counted =
                    object.members.iter().enumerate().all(|(at, (id, _))| **id == *at.to_string());
                for (id, value) in &object.members {
                    let before = self.holders.len();
                    self.holders.extend((!counted).then_some(Holder::Id(id)));
                    self.steps(value, rest, layout, group);
                    self.holders.truncate(before);
                }
            }
            (Some((Step::Member(name), rest)), Json::Object(object)) => {
                let Some(inner) = object.get(name) else {
                    // A record that has no member of that name may be one itself.
                    if !rest.iter().any(|step| !matches!(step, Step::Member(_))) {
                        self.records(value, &Layout::Records);
                    }
                    return;
                };
                let collection = rest.iter().any(|step| !matches!(step, Step::Member(_)));
                let before = self.holders.len();
                // What stands around the first collection says nothing of its items.
                self.holders.extend(match (collection, group) {
                    (false, _) => Some(Holder::Wrapper(object, name)),
                    (true, group) => group.map(|group| Holder::Group(object, group)),
                });
                let inside = if collection { group.map(|_| name.as_str()) } else { group };
                self.steps(inner, rest, layout, inside);
                self.holders.truncate(before);
            }
            _ => {}
        }
    }

    fn records(&mut self, value: &'j Json<'j>, layout: &Layout) {
        self.found = true;
        match (layout, value) {
            (Layout::Records, Json::Object(object)) => {
                let line = self.lines.of(object.at);
                let record = self.with_holders(flatten::record(object));
                give(line, record, self.sink);
            }
            (Layout::Rows, Json::Array(array)) => {
                if !orient::is_rows(&array.items) {
                    return self.row(array);
                }
                for item in &array.items {
                    if let Json::Array(cells) = item {
                        self.row(cells);
                    }
                }
            }
            (Layout::Records, Json::Array(array))
                if array.items.iter().any(|item| item.object().is_some()) =>
            {
                array.items.iter().for_each(|item| self.records(item, layout));
            }
            (Layout::Columns | Layout::Lists | Layout::Split { .. }, Json::Object(object)) => {
                let line = self.lines.of(object.at);
                let sink = &mut *self.sink;
                orient::records(object, layout, &mut |row, record| {
                    give(line + row as u64, record, sink);
                });
            }
            (_, other) => single(other, self.lines.line, self.sink),
        }
    }

    fn row(&mut self, cells: &Array<'_>) {
        let line = self.lines.of(cells.at);
        self.walker.rows.push(Row { line, cells: cells.items.iter().map(cell).collect() });
    }

    /// Adds what the holders of a record say, the nearest first.
    fn with_holders(&self, record: Result<Record, String>) -> Result<Record, String> {
        let mut record = record?;
        for holder in self.holders.iter().rev() {
            match *holder {
                Holder::Id(id) => record.push(("id".into(), Value::Text(id.to_string()))),
                Holder::Wrapper(object, inner) => {
                    for (name, value) in object.members.iter().filter(|(name, _)| name != inner) {
                        flatten::add(name.to_string(), value, &mut record)?;
                    }
                }
                Holder::Group(object, list) => of_group(object, list, &mut record),
            }
        }
        Ok(record)
    }
}

/// What a group says of each of its records: its title, and whatever else is short.
fn of_group(object: &Object<'_>, list: &str, record: &mut Record) {
    let title = GROUP_NAMES.iter().find(|name| object.get(name).and_then(Json::text).is_some());
    for (name, value) in &object.members {
        let Some(text) = value.scalar().filter(|text| text.len() < GROUP_TEXT) else { continue };
        let path = match title.is_some_and(|title| title == name) {
            true => "group".to_string(),
            false => format!("{list}.{name}"),
        };
        record.push((path, Value::Text(text.into_owned())));
    }
}

fn cell(value: &Json<'_>) -> String {
    match value {
        Json::Array(array) => array.items.iter().map(cell).collect::<Vec<_>>().join(", "),
        value => value.scalar().unwrap_or_default().into_owned(),
    }
}

/// Counts lines up to places that come in order.
struct LineCounter<'t> {
    text: &'t str,
    at: usize,
    line: u64,
}

impl LineCounter<'_> {
    fn of(&mut self, at: usize) -> u64 {
        if let Some(passed) = self.text.as_bytes().get(self.at..at) {
            self.line += passed.iter().filter(|byte| **byte == b'\n').count() as u64;
            self.at = at;
        }
        self.line
    }
}

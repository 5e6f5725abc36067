//! JSON lines and JSON documents.
//!
//! Lines are read one by one. A document is cut into its records by a scanner that only
//! follows strings and brackets, so records are parsed one at a time, each is known by its
//! line, and one that is no JSON costs itself alone.

use std::fmt;
use std::io::{self, BufRead};

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

use super::gather::Gathered;
use super::lines::Lines;
use super::record::{Mapper, Record, Value};
use super::{MAX_RECORD_BYTES, ReadError};

mod scan;

/// One JSON object per line; empty lines are no records.
pub(super) fn read_lines(
    file: &str,
    text: &mut dyn BufRead,
    mapper: &mut Mapper<'_>,
    gathered: &mut Gathered,
) -> Result<(), ReadError> {
    let io = |source| ReadError::Io { file: file.to_string(), source };
    let mut lines = Lines::new(text);
    while let Some(line) = lines.next_line().map_err(io)? {
        if line.too_long {
            gathered.skip(file, line.number, too_long());
        } else if !line.bytes.iter().all(u8::is_ascii_whitespace) {
            let role = parse(&line.bytes).and_then(|r| mapper.role(r, file, line.number));
            gathered.take(file, line.number, role);
        }
    }
    Ok(())
}

/// A JSON array of objects, an object that holds one somewhere, or objects one after another.
pub(super) fn read_values(
    file: &str,
    text: &mut dyn BufRead,
    mapper: &mut Mapper<'_>,
    gathered: &mut Gathered,
) -> Result<(), ReadError> {
    let mut take = |item: scan::Item, gathered: &mut Gathered| match item {
        scan::Item::TooLong { line } => gathered.skip(file, line, too_long()),
        scan::Item::Broken { line } => {
            gathered.skip(file, line, "the JSON breaks off in this record");
        }
        scan::Item::Value { line, bytes, in_array } => {
            // A lone object may be a record or the envelope of many; a huge one can only be
            // the latter, and is not parsed as a whole.
            let envelope = !in_array
                && (bytes.len() > MAX_RECORD_BYTES
                    || parse(&bytes).is_ok_and(|record| !is_record(&record, mapper)));
            let inner = if envelope { scan::largest_array(&bytes) } else { Vec::new() };
            let (mut number, mut counted) = (line, 0);
            for element in &inner {
                let passed = &bytes[counted..element.start];
                number += passed.iter().filter(|b| **b == b'\n').count() as u64;
                counted = element.start;
                let record = parse(&bytes[element.clone()]);
                gathered.take(file, number, record.and_then(|r| mapper.role(r, file, number)));
            }
            if !inner.is_empty() {
                return;
            }
            let record = parse(&bytes);
            gathered.take(file, line, record.and_then(|r| mapper.role(r, file, line)));
        }
    };
    let io = |source: io::Error| ReadError::Io { file: file.to_string(), source };
    scan::values(text, &mut |item| take(item, gathered)).map_err(io)
}

fn too_long() -> String {
    format!("is longer than {} MiB", MAX_RECORD_BYTES / 1024 / 1024)
}

/// Whether an object is itself a posting: it says a title or a description in so many words.
fn is_record(record: &Record, mapper: &mut Mapper<'_>) -> bool {
    record.iter().any(|(name, value)| matches!(value, Value::Text(_)) && mapper.is_text(name))
}

/// The fields of one JSON object, nested objects flattened with a dot, nulls left out.
fn parse(bytes: &[u8]) -> Result<Record, String> {
    let value = match serde_json::from_slice::<Json>(bytes) {
        Ok(value) => value,
        Err(error) => {
            let repaired = without_lone_surrogates(bytes);
            let again = repaired.and_then(|bytes| serde_json::from_slice(&bytes).ok());
            again.ok_or_else(|| format!("is no JSON: {error}"))?
        }
    };
    let Json::Object(members) = value else {
        return Err(format!("is {}, not an object", value.kind()));
    };
    let mut record = Record::new();
    for (name, value) in members {
        flatten(name, value, &mut record);
    }
    Ok(record)
}

fn flatten(name: String, value: Json, record: &mut Record) {
    match value {
        Json::Null => {}
        Json::Text(text) => record.push((name, Value::Text(text))),
        Json::Array(entries) => {
            let entries = entries.into_iter().filter_map(entry).collect();
            record.push((name, Value::List(entries)));
        }
        Json::Object(members) => {
            for (inner, value) in members {
                flatten(format!("{name}.{inner}"), value, record);
            }
        }
    }
}

/// One entry of a list; of an object, what it is called.
fn entry(value: Json) -> Option<String> {
    match value {
        Json::Null => None,
        Json::Text(text) => Some(text),
        Json::Array(entries) => {
            let texts: Vec<String> = entries.into_iter().filter_map(entry).collect();
            (!texts.is_empty()).then(|| texts.join(", "))
        }
        Json::Object(mut members) => {
            let named = ["name", "title", "label", "value", "text"];
            let at = named.iter().find_map(|name| members.iter().position(|(key, _)| key == name));
            let at = at.unwrap_or(0);
            if at < members.len() { entry(members.swap_remove(at).1) } else { None }
        }
    }
}

/// JSON with lone halves of surrogate pairs, which no text can hold, replaced; `None` when
/// there are none.
fn without_lone_surrogates(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut out = bytes.to_vec();
    let mut changed = false;
    let mut at = 0;
    while at + 1 < out.len() {
        if out[at] != b'\\' {
            at += 1;
        } else if let Some(half) = surrogate(&out[at..]) {
            let pair = half == Half::High && surrogate(&out[at + 6..]) == Some(Half::Low);
            if pair {
                at += 12;
            } else {
                out[at + 2..at + 6].copy_from_slice(b"fffd");
                changed = true;
                at += 6;
            }
        } else {
            at += 2;
        }
    }
    changed.then_some(out)
}

#[derive(PartialEq)]
enum Half {
    High,
    Low,
}

fn surrogate(bytes: &[u8]) -> Option<Half> {
    let digits = bytes.strip_prefix(b"\\u")?.get(..4)?;
    match u16::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()? {
        0xd800..=0xdbff => Some(Half::High),
        0xdc00..=0xdfff => Some(Half::Low),
        _ => None,
    }
}

/// JSON as records need it: members in their order, numbers as they are written.
enum Json {
    Null,
    /// A string, a number or a boolean.
    Text(String),
    Array(Vec<Json>),
    Object(Vec<(String, Json)>),
}

impl Json {
    fn kind(&self) -> &'static str {
        match self {
            Json::Null => "null",
            Json::Text(_) => "a single value",
            Json::Array(_) => "an array",
            Json::Object(_) => "an object",
        }
    }
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Any;

        impl<'de> Visitor<'de> for Any {
            type Value = Json;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("any JSON value")
            }
            fn visit_unit<E>(self) -> Result<Json, E> {
                Ok(Json::Null)
            }
            fn visit_bool<E>(self, value: bool) -> Result<Json, E> {
                Ok(Json::Text(value.to_string()))
            }
            fn visit_u64<E>(self, value: u64) -> Result<Json, E> {
                Ok(Json::Text(value.to_string()))
            }
            fn visit_i64<E>(self, value: i64) -> Result<Json, E> {
                Ok(Json::Text(value.to_string()))
            }
            fn visit_f64<E>(self, value: f64) -> Result<Json, E> {
                Ok(Json::Text(value.to_string()))
            }
            fn visit_str<E>(self, value: &str) -> Result<Json, E> {
                Ok(Json::Text(value.to_string()))
            }
            fn visit_string<E>(self, value: String) -> Result<Json, E> {
                Ok(Json::Text(value))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Json, A::Error> {
                let mut out = Vec::new();
                while let Some(item) = items.next_element()? {
                    out.push(item);
                }
                Ok(Json::Array(out))
            }
            fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Json, A::Error> {
                let mut out = Vec::new();
                while let Some(member) = members.next_entry()? {
                    out.push(member);
                }
                Ok(Json::Object(out))
            }
        }

        deserializer.deserialize_any(Any)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::columns::Columns;

    fn read_as(
        read: fn(&str, &mut dyn BufRead, &mut Mapper<'_>, &mut Gathered) -> Result<(), ReadError>,
        text: &str,
    ) -> Gathered {
        let columns = Columns::default();
        let mut gathered = Gathered::default();
        read("f", &mut text.as_bytes(), &mut Mapper::new(&columns), &mut gathered).unwrap();
        gathered
    }

    fn titles(gathered: &Gathered) -> Vec<(&str, u64)> {
        gathered.roles.iter().map(|r| (r.title.as_str(), r.origin.line)).collect()
    }

    #[test]
    fn bad_lines_cost_themselves_alone() {
        let text =
            "{\"title\":\"a\"}\n{broken\n\n[1]\r\n\"x\"\n{\"title\":null}\n{\"title\":\"b\"}";
        let gathered = read_as(read_lines, text);
        assert_eq!(titles(&gathered), [("a", 1), ("b", 7)]);
        let skipped: Vec<u64> = gathered.skipped.iter().map(|s| s.line).collect();
        assert_eq!((skipped, gathered.skipped_total), (vec![2, 4, 5, 6], 4));
    }

    #[test]
    fn values_of_any_type_become_text() {
        let text = r#"{"id":7,"title":"t","skills":["Go",{"name":"K8s"},null],"pay":{"min":1.5,"ok":true},"x":null}"#;
        let role = read_as(read_lines, text).roles.remove(0);
        assert_eq!(role.id.as_str(), "7");
        assert_eq!(role.stack, ["Go", "K8s"]);
        assert_eq!(role.fields["pay.min"], "1.5");
        assert_eq!(role.fields["pay.ok"], "true");
        assert!(!role.fields.contains_key("x"));
    }

    #[test]
    fn lone_surrogates_are_replaced_and_pairs_kept() {
        let text = r#"{"title":"sre of the \ud83d\ude00 team \ud83d \udc00 \\ud83d engineering"}"#;
        let role = read_as(read_lines, text).roles.remove(0);
        assert_eq!(role.title, "sre of the 😀 team \u{fffd} \u{fffd} \\ud83d engineering");
    }

    #[test]
    fn documents_are_cut_into_records() {
        let array =
            "[\n {\"title\":\"a\"},\n 5,\n {\"title\":\"b\", \"skills\":[{\"n\":\"]\"}]}\n]";
        let gathered = read_as(read_values, array);
        assert_eq!(titles(&gathered), [("a", 2), ("b", 4)]);
        assert_eq!(gathered.skipped_total, 1);

        let envelope =
            "{\"total\": 2,\n\"data\": {\"list\": [\n{\"title\":\"a\"},\n{\"title\":\"b\"}]}}";
        assert_eq!(titles(&read_as(read_values, envelope)), [("a", 3), ("b", 4)]);

        let one = "{\n\"title\":\"a\",\n\"skills\":[{\"name\":\"Go\"}]\n}\n{\"title\":\"b\"}";
        assert_eq!(titles(&read_as(read_values, one)), [("a", 1), ("b", 5)]);
    }

    #[test]
    fn a_document_that_breaks_off_keeps_what_came_before() {
        let gathered = read_as(read_values, "[{\"title\":\"a\"},\n{\"title\":\"b");
        assert_eq!(titles(&gathered), [("a", 1)]);
        assert_eq!((gathered.skipped_total, gathered.skipped[0].line), (1, 2));
        // A record that is no JSON inside balanced brackets is skipped alone.
        let gathered = read_as(read_values, "[{\"title\":\"a\"},{nonsense},{\"title\":\"b\"}]");
        assert_eq!(titles(&gathered), [("a", 1), ("b", 1)]);
        assert_eq!(gathered.skipped_total, 1);
    }
}

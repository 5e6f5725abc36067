//! A record of named values, whatever the format -> a role.

use std::collections::{BTreeMap, HashMap};

use super::columns::{self, Columns, Target};
use super::sink::Shape;
use super::{html, stack};
use crate::role::{Origin, Role, RoleId};
use crate::text;

/// Names looked up are remembered up to this many; hostile JSON may bring any number.
const MAX_NAMES_KEPT: usize = 4_096;

/// A value as far as roles need it; an absent or null one is left out of the record.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value {
    Text(String),
    List(Vec<String>),
}

impl Value {
    fn into_text(self) -> String {
        match self {
            Value::Text(text) => text,
            Value::List(entries) => entries.join(", "),
        }
    }

    /// A list of sentences has one in each line.
    fn into_paragraphs(self) -> String {
        match self {
            Value::Text(text) => text,
            Value::List(entries) => entries.join("\n"),
        }
    }

    /// Whether this is a yes or no, which is no text of a role.
    fn is_flag(&self) -> bool {
        matches!(self, Value::Text(text) if matches!(text.trim(), "true" | "false"))
    }
}

/// Names and values, in the order of the input.
pub(super) type Record = Vec<(String, Value)>;

/// Knows which column is what.
pub(super) struct Mapper<'a> {
    columns: &'a Columns,
    shape: Option<&'static Shape>,
    known: HashMap<String, Option<(Target, usize)>>,
}

impl<'a> Mapper<'a> {
    pub fn new(columns: &'a Columns) -> Self {
        Mapper { columns, shape: None, known: HashMap::new() }
    }

    /// Records are of this shape from now on.
    pub fn shape(&mut self, shape: &'static Shape) {
        if self.shape != Some(shape) {
            self.shape = Some(shape);
            self.known.clear();
        }
    }

    pub fn columns(&self) -> &Columns {
        self.columns
    }

    /// What a column is for.
    pub fn target(&mut self, name: &str) -> Option<(Target, usize)> {
        if let Some(found) = self.known.get(name) {
            return *found;
        }
        let found = columns::target(self.columns, self.shape, name);
        if self.known.len() < MAX_NAMES_KEPT {
            self.known.insert(name.to_string(), found);
        }
        found
    }

    /// Whether a column holds text a role can be made of.
    pub fn is_text(&mut self, name: &str) -> bool {
        let target = self.target(name).map(|(target, _)| target);
        matches!(target, Some(Target::Title | Target::Description | Target::Stack))
    }

    /// The role a record stands for, or why it is none.
    pub fn role(&mut self, record: Record, file: &str, line: u64) -> Result<Role, String> {
        let mut found: Vec<(Target, usize, String, Value)> = Vec::new();
        let mut fields = BTreeMap::new();
        for (name, value) in record {
            match self.target(&name) {
                Some((target, _)) if value.is_flag() && target != Target::Id => {
                    add_field(&mut fields, &name, value);
                }
                Some((target, rank)) => found.push((target, rank, name, value)),
                None => add_field(&mut fields, &name, value),
            }
        }
        // Stable, so that of equals the first in the input wins.
        found.sort_by_key(|(_, rank, _, _)| *rank);

        let (mut id, mut title, mut section) = (String::new(), String::new(), String::new());
        let mut paragraphs: Vec<String> = Vec::new();
        let mut entries: Vec<String> = Vec::new();
        for (target, _, name, value) in found {
            let slot = match target {
                Target::Description => {
                    let text = value.into_paragraphs();
                    add_paragraph(&mut paragraphs, text::tidy(&html::to_text(&text)));
                    continue;
                }
                Target::Stack if entries.is_empty() => {
                    entries = stack_entries(value);
                    continue;
                }
                Target::Id => &mut id,
                Target::Title => &mut title,
                Target::Section => &mut section,
                Target::Stack => {
                    add_field(&mut fields, &name, value);
                    continue;
                }
            };
            if slot.is_empty() {
                *slot = one_line(&value.into_text());
            } else {
                add_field(&mut fields, &name, value);
            }
        }

        let description = paragraphs.join("\n");
        let mut role = Role {
            id: RoleId::new(""),
            title,
            description,
            stack: entries,
            section: (!section.is_empty()).then_some(section),
            origin: Origin { file: file.to_string(), line },
            fields,
        };
        refuse_without_text(&role)?;
        role.id = RoleId::new(if id.is_empty() { role.content_hash() } else { id });
        Ok(role)
    }
}

/// A role needs a letter somewhere, and must not be made of replacement characters.
pub(super) fn refuse_without_text(role: &Role) -> Result<(), String> {
    let parts = [&role.title, &role.description].into_iter().chain(&role.stack);
    let (mut letters, mut replaced) = (0usize, 0usize);
    for c in parts.flat_map(|part| part.chars()) {
        letters += usize::from(c.is_alphanumeric());
        replaced += usize::from(c == '\u{fffd}');
    }
    if replaced * 5 > letters {
        return Err("its bytes are no text in the encoding of the file".into());
    }
    if letters == 0 {
        return Err("has no title, no description and no stack".into());
    }
    Ok(())
}

fn one_line(text: &str) -> String {
    text::tidy(&html::to_text(text)).replace('\n', " ")
}

fn add_field(fields: &mut BTreeMap<String, String>, name: &str, value: Value) {
    let value = text::tidy(&value.into_text());
    if !value.is_empty() {
        fields.entry(text::tidy(name).replace('\n', " ")).or_insert(value);
    }
}

/// Adds a text column unless another says the same; some files hold the parts and the whole.
fn add_paragraph(paragraphs: &mut Vec<String>, text: String) {
    if text.is_empty() || paragraphs.iter().any(|known| known.contains(&text)) {
        return;
    }
    paragraphs.retain(|known| !text.contains(known.as_str()));
    paragraphs.push(text);
}

fn stack_entries(value: Value) -> Vec<String> {
    match value {
        Value::Text(text) => stack::split(&html::to_text(&text)),
        Value::List(entries) if entries.len() == 1 => stack::split(&html::to_text(&entries[0])),
        Value::List(entries) => stack::tidy_entries(entries.iter().map(String::as_str)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn role(pairs: &[(&str, &str)]) -> Result<Role, String> {
        let record =
            pairs.iter().map(|(n, v)| (n.to_string(), Value::Text(v.to_string()))).collect();
        Mapper::new(&Columns::default()).role(record, "f", 3)
    }

    #[test]
    fn columns_find_their_places() {
        let role = role(&[
            ("name", "other"),
            ("title", "SRE\n工程师"),
            ("requirements", "Go"),
            ("description", "<p>Runs it</p>"),
            ("skills", "Go, C/C++"),
            ("tags", "x"),
            ("城市", "上海"),
            ("empty", " "),
        ])
        .unwrap();
        assert_eq!(role.title, "SRE 工程师");
        assert_eq!(role.description, "Runs it\nGo");
        assert_eq!(role.stack, ["Go", "C/C++"]);
        let fields: Vec<(&str, &str)> =
            role.fields.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
        assert_eq!(fields, [("name", "other"), ("tags", "x"), ("城市", "上海")]);
        assert_eq!(role.id.as_str(), role.content_hash());
    }

    #[test]
    fn the_whole_beside_its_parts_is_said_once() {
        let role = role(&[("description", "a b"), ("text", "title a b"), ("jd", "b")]).unwrap();
        assert_eq!(role.description, "title a b");
    }

    #[test]
    fn a_yes_or_no_is_no_text_and_sentences_stand_in_lines() {
        let role = role(&[("title", "true"), ("description", "Runs it")]).unwrap();
        assert_eq!((role.title.as_str(), role.fields["title"].as_str()), ("", "true"));
        let duties = Value::List(vec!["Plans".into(), "Builds, tests".into()]);
        let record = vec![("duties".to_string(), duties)];
        let role = Mapper::new(&Columns::default()).role(record, "f", 1).unwrap();
        assert_eq!(role.description, "Plans\nBuilds, tests");
    }

    #[test]
    fn records_without_text_are_refused() {
        assert!(role(&[("id", "1"), ("title", " -- ")]).unwrap_err().contains("no title"));
        assert!(role(&[("title", "a\u{fffd}\u{fffd}b")]).unwrap_err().contains("encoding"));
        assert!(role(&[]).is_err());
    }
}

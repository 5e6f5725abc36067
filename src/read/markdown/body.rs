//! The lines below a role's heading -> description, stack and plain facts.

use std::collections::BTreeMap;

use super::super::stack;
use super::contact;
use super::inline;
use super::labels::{self, Label, Meaning};
use super::outline::{Block, Line, LineKind};
use super::quote;
use super::tables;
use crate::text::script::is_wide;
use crate::text::sentences::without_marker;

#[derive(Debug, Default)]
pub(super) struct Content {
    /// What a label calls the role.
    pub title: Option<String>,
    pub description: String,
    pub stack: Vec<String>,
    pub fields: BTreeMap<String, String>,
    pub id: Option<String>,
}

/// The field that holds where to apply.
const CONTACT: &str = "contact";

/// Headers of tables that say what is what.
const GENERIC_HEADER: [(&str, &str); 8] = [
    ("field", "value"),
    ("item", "value"),
    ("key", "value"),
    ("item", "details"),
    ("项目", "内容"),
    ("字段", "值"),
    ("項目", "内容"),
    ("항목", "내용"),
];

/// Reads a role's own lines and the blocks of the headings under it.
pub(super) fn read(lines: &[Line<'_>], parts: &[&Block<'_>]) -> Content {
    let mut reader = Reader::default();
    reader.lines(lines);
    for part in parts {
        reader.part(part);
    }
    reader.end_paragraph();
    let mut content = reader.content;
    content.description = reader.paragraphs.join("\n");
    content.stack = stack::tidy_entries(content.stack.iter().map(String::as_str));
    content
}

/// What the lines being read belong to.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Within {
    #[default]
    Description,
    /// Below a label without a value, or a stack heading.
    Stack,
    /// Below a heading about how to apply.
    Contact,
}

#[derive(Default)]
struct Reader {
    content: Content,
    paragraphs: Vec<String>,
    /// The paragraph being read; its lines are joined.
    open: String,
    within: Within,
}

impl Reader {
    fn part(&mut self, part: &Block<'_>) {
        self.end_paragraph();
        let meaning = labels::meaning(part.title);
        self.within = match meaning {
            Some(Meaning::Stack) => Within::Stack,
            Some(Meaning::Contact) => Within::Contact,
            _ => Within::Description,
        };
        if meaning.is_none() {
            // A heading of the author's own is part of what the role says.
            self.paragraphs.push(inline::plain(part.title));
        }
        self.lines(&part.lines);
        self.within = Within::Description;
    }

    fn lines(&mut self, lines: &[Line<'_>]) {
        let whole = self.within;
        let mut stack_seen = false;
        for line in lines {
            if line.kind == LineKind::Code {
                self.end_paragraph();
                self.push_paragraph(line.text.trim());
                continue;
            }
            let text = line.text.trim();
            if !line.has_text() {
                self.end_paragraph();
                // A list may stand apart from its label by an empty line.
                if stack_seen {
                    self.within = whole;
                }
                continue;
            }
            if self.labelled(text) {
                stack_seen = false;
            } else if self.within == Within::Stack {
                stack_seen = true;
                self.add_stack(text);
            } else if self.within == Within::Contact
                || !quote::is_quoted(text) && contact::is_contact(text)
            {
                self.end_paragraph();
                self.add_field(CONTACT, inline::plain(without_marker(text)));
            } else {
                self.paragraph_line(text);
            }
        }
    }

    /// Takes a line of labels; false when it is none, or one of the author's own.
    fn labelled(&mut self, line: &str) -> bool {
        if line.starts_with('|') {
            return self.labelled_row(line);
        }
        let pieces: Vec<&str> = line.split(['|', '·', '•', '｜']).map(str::trim).collect();
        let is_fact = |piece: &&str| {
            labels::label(piece).is_some_and(|l| labels::meaning(l.name) == Some(Meaning::Field))
        };
        if pieces.len() > 1 && pieces.iter().all(is_fact) {
            let labels = pieces.iter().filter_map(|piece| labels::label(piece));
            labels.for_each(|label| {
                self.take(&label);
            });
            return true;
        }
        labels::label(line).is_some_and(|label| self.take(&label))
    }

    /// A row of a table that says what is what: `| Location | Bern |`.
    fn labelled_row(&mut self, row: &str) -> bool {
        let cells = tables::cells(row);
        let [name, value] = cells[..] else { return false };
        let name = name.trim_matches('*').trim_end_matches([':', '：']).trim();
        if GENERIC_HEADER.contains(&(name.to_lowercase().as_str(), value.to_lowercase().as_str())) {
            return true;
        }
        let known = labels::meaning(name).is_some_and(|m| m != Meaning::Description);
        known && !value.is_empty() && self.take(&Label { name, value, bold: true })
    }

    fn take(&mut self, label: &Label<'_>) -> bool {
        let Some(meaning) = labels::meaning(label.name) else { return false };
        let value = inline::plain(label.value);
        let needs_value = matches!(meaning, Meaning::Field | Meaning::Title);
        if needs_value && value.is_empty() {
            return false;
        }
        self.end_paragraph();
        self.within = Within::Description;
        match meaning {
            Meaning::Stack if value.is_empty() => self.within = Within::Stack,
            Meaning::Stack => self.add_stack(label.value),
            Meaning::Id => self.content.id = Some(value).filter(|id| !id.is_empty()),
            Meaning::Title if self.content.title.is_none() => self.content.title = Some(value),
            Meaning::Field | Meaning::Title => self.add_field(&inline::plain(label.name), value),
            Meaning::Contact if value.is_empty() => self.within = Within::Contact,
            Meaning::Contact => self.add_field(CONTACT, value),
            Meaning::Description => self.open = value,
        }
        true
    }

    /// A fact stated twice, such as two places, is kept twice.
    fn add_field(&mut self, name: &str, value: String) {
        let field = self.content.fields.entry(name.to_string()).or_default();
        if !value.is_empty() {
            field.push_str(if field.is_empty() { "" } else { ", " });
            field.push_str(&value);
        }
    }

    fn add_stack(&mut self, text: &str) {
        // `kind: a, b` inside a stack list: the kind is no entry.
        let text = match labels::label(text) {
            Some(label) if label.bold => label.value,
            _ => without_marker(text),
        };
        // What stands as a reference separates nothing.
        let entries = stack::split(&inline::plain(&quote::hide_marks(text)));
        self.content.stack.extend(entries.iter().map(|entry| quote::shown_marks(entry)));
    }

    fn paragraph_line(&mut self, line: &str) {
        let quoted = line.strip_prefix('>').map_or(line, str::trim_start);
        if quoted.starts_with('|') {
            self.end_paragraph();
            if !tables::is_separator(quoted) {
                let cells: Vec<&str> =
                    tables::cells(quoted).into_iter().filter(|c| !c.is_empty()).collect();
                self.push_paragraph(&cells.join("  "));
            }
            return;
        }
        let item = without_marker(quoted);
        if item.len() < quoted.len() {
            self.end_paragraph();
        } else if let (Some(last), Some(first)) =
            (self.open.chars().next_back(), item.chars().next())
            && !(is_wide(last) && is_wide(first))
        {
            self.open.push(' ');
        }
        self.open.push_str(item);
    }

    fn end_paragraph(&mut self) {
        let paragraph = std::mem::take(&mut self.open);
        self.push_paragraph(&paragraph);
    }

    fn push_paragraph(&mut self, text: &str) {
        let text = inline::plain(text);
        if !text.is_empty() {
            self.paragraphs.push(text);
        }
    }
}

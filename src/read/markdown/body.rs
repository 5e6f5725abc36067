//! The lines below a role's heading -> description, stack and plain facts.

use std::collections::BTreeMap;

use super::super::stack;
use super::inline;
use super::labels::{self, Meaning};
use super::outline::{Block, Line};
use crate::text::script::is_wide;
use crate::text::sentences::without_marker;

#[derive(Debug, Default)]
pub(super) struct Content {
    pub description: String,
    pub stack: Vec<String>,
    pub fields: BTreeMap<String, String>,
    pub id: Option<String>,
}

/// Reads a role's block and the blocks of the headings under it.
pub(super) fn read(block: &Block, parts: &[&Block]) -> Content {
    let mut reader = Reader::default();
    reader.lines(&block.lines);
    for part in parts {
        reader.end_paragraph();
        reader.in_stack = labels::meaning(&part.title) == Some(Meaning::Stack);
        if labels::meaning(&part.title).is_none() {
            // A heading of the author's own is part of what the role says.
            reader.paragraphs.push(inline::plain(&part.title));
        }
        reader.lines(&part.lines);
        reader.in_stack = false;
    }
    reader.end_paragraph();
    let mut content = reader.content;
    content.description = reader.paragraphs.join("\n");
    content.stack = stack::tidy_entries(content.stack.iter().map(String::as_str));
    content
}

#[derive(Default)]
struct Reader {
    content: Content,
    paragraphs: Vec<String>,
    /// The paragraph being read; its lines are joined.
    open: String,
    /// Lines belong to the stack: below a label without a value, or a stack heading.
    in_stack: bool,
}

impl Reader {
    fn lines(&mut self, lines: &[Line]) {
        let whole_block_is_stack = self.in_stack;
        let mut stack_seen = false;
        for line in lines {
            let text = match line {
                Line::Rule => "",
                Line::Code(text) => {
                    self.end_paragraph();
                    self.push_paragraph(text.trim());
                    continue;
                }
                Line::Text(text) => text.trim(),
            };
            if text.is_empty() {
                self.end_paragraph();
                // A list may stand apart from its label by an empty line.
                self.in_stack &= whole_block_is_stack || !stack_seen;
                continue;
            }
            if self.labelled(text) {
                stack_seen = false;
                continue;
            }
            if self.in_stack {
                stack_seen = true;
                self.add_stack(text);
                continue;
            }
            self.paragraph_line(text);
        }
    }

    /// Takes a labelled line; false when it is none, or one of the author's own.
    fn labelled(&mut self, line: &str) -> bool {
        let Some(label) = labels::label(line) else { return false };
        let Some(meaning) = labels::meaning(label.name) else { return false };
        let value = inline::plain(label.value);
        if meaning == Meaning::Field && value.is_empty() {
            return false;
        }
        self.end_paragraph();
        self.in_stack = false;
        match meaning {
            Meaning::Stack if value.is_empty() => self.in_stack = true,
            Meaning::Stack => self.add_stack(label.value),
            Meaning::Id => self.content.id = Some(value).filter(|id| !id.is_empty()),
            Meaning::Field => {
                let field = self.content.fields.entry(inline::plain(label.name)).or_default();
                // A fact stated twice, such as two places, is kept twice.
                field.push_str(if field.is_empty() { "" } else { ", " });
                field.push_str(&value);
            }
            Meaning::Description => self.open = value,
        }
        true
    }

    fn add_stack(&mut self, text: &str) {
        // `kind: a, b` inside a stack list: the kind is no entry.
        let text = match labels::label(text) {
            Some(label) if label.bold => label.value,
            _ => without_marker(text),
        };
        self.content.stack.extend(stack::split(&inline::plain(text)));
    }

    fn paragraph_line(&mut self, line: &str) {
        let quoted = line.strip_prefix('>').map_or(line, str::trim_start);
        if let Some(cells) = quoted.strip_prefix('|') {
            self.end_paragraph();
            let separator = |c: char| matches!(c, '|' | '-' | ':' | ' ');
            if !cells.chars().all(separator) {
                let cells: Vec<&str> =
                    cells.split('|').map(str::trim).filter(|c| !c.is_empty()).collect();
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

//! The values of a record.

use crate::read::columns::Content;
use crate::read::placeholder;

/// A value as far as roles need it; an absent or null one is left out of the record.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::read) enum Value {
    Text(String),
    List(Vec<String>),
}

impl Value {
    pub(super) fn into_text(self) -> String {
        match self {
            Value::Text(text) => text,
            Value::List(entries) => entries.join(", "),
        }
    }

    /// A list of sentences has one in each line.
    pub(super) fn into_paragraphs(self) -> String {
        match self {
            Value::Text(text) => text,
            Value::List(entries) => entries.join("\n"),
        }
    }

    /// Whether this is a yes or no, which is no text of a role.
    pub(super) fn is_flag(&self) -> bool {
        matches!(self, Value::Text(text) if matches!(text.trim(), "true" | "false"))
    }

    /// The value without what stands for nothing; `None` when nothing is left.
    pub(super) fn said(self) -> Option<Value> {
        match self {
            Value::Text(text) => (!placeholder::is_nothing(&text)).then_some(Value::Text(text)),
            Value::List(mut entries) => {
                entries.retain(|entry| !placeholder::is_nothing(entry));
                (!entries.is_empty()).then_some(Value::List(entries))
            }
        }
    }

    /// Counts the value among those of its column.
    pub(super) fn count(&self, content: &mut Content) {
        match self {
            Value::Text(text) if placeholder::is_nothing(text) => {}
            Value::Text(text) => content.add(text),
            Value::List(entries) => {
                let said = entries.iter().filter(|entry| !placeholder::is_nothing(entry));
                let said: Vec<&str> = said.take(30).map(String::as_str).collect();
                if !said.is_empty() {
                    content.add(&said.join(", "));
                }
            }
        }
    }
}

//! The rows of a stream, as a task wants them.

use super::answers::{Given, Rows};
use super::settings::{Task, WorkerSettings};
use crate::error::Error;
use crate::intake::ColumnUse;
use crate::read::{Batch, RowReader, TextColumn};

/// Texts that [`Task::Clean`] made stand in a column of this name.
const CLEANED: &str = "clean_text";

/// What is gathered over many rows stands in a column of this name.
const GATHERED: &str = "gathered";

/// What columns of queries are called, best first.
const QUERIES: [&str; 4] = ["query", "text", "q", "search"];

/// Reads rows.
pub(super) enum Reader<'a> {
    Roles(Box<RowReader<'a>>),
    Texts(TextColumn),
}

impl<'a> Reader<'a> {
    /// For rows with the columns of `like`.
    pub(super) fn new(like: &Batch, settings: &'a WorkerSettings) -> Result<Self, Error> {
        let columns = &settings.columns;
        match settings.task {
            Task::Recurring | Task::Duplicates => {
                Ok(Reader::Texts(TextColumn::find(like, &[GATHERED], columns)?))
            }
            Task::Search => Ok(Reader::Texts(TextColumn::find(like, &QUERIES, columns)?)),
            // What the user names goes before.
            Task::Embed if columns.title.is_none() && columns.description.is_empty() => {
                match TextColumn::called(like, CLEANED, columns) {
                    Some(column) => Ok(Reader::Texts(column)),
                    None => {
                        Ok(Reader::Roles(Box::new(RowReader::new(like, columns)?.without_fields())))
                    }
                }
            }
            Task::Read => Ok(Reader::Roles(Box::new(RowReader::new(like, columns)?))),
            Task::Clean | Task::Embed | Task::Assign | Task::Codes => {
                Ok(Reader::Roles(Box::new(RowReader::new(like, columns)?.without_fields())))
            }
        }
    }

    /// What each column is used for.
    pub(super) fn used(&self) -> Vec<(String, ColumnUse)> {
        match self {
            Reader::Roles(reader) => reader.used(),
            Reader::Texts(column) => vec![(column.name().to_string(), ColumnUse::Text)],
        }
    }

    /// The id of every row, if it has one, and what the row is, or why it is nothing.
    pub(super) fn read(&mut self, batch: &Batch) -> (Vec<Option<String>>, Rows<Given>) {
        match self {
            Reader::Roles(reader) => {
                let mut ids = reader.ids(batch);
                let roles = reader.roles(batch);
                for (id, role) in ids.iter_mut().zip(&roles) {
                    if let Ok(role) = role {
                        *id = Some(role.id.as_str().to_string());
                    }
                }
                let given = |role| Given::Role(Box::new(role));
                (ids, roles.into_iter().map(|role| role.map(given)).collect())
            }
            Reader::Texts(column) => {
                let given = |text: Option<String>| match text {
                    Some(text) => Ok(Given::Text(text)),
                    None => Err("the text is empty".to_string()),
                };
                (column.ids(batch), column.texts(batch).into_iter().map(given).collect())
            }
        }
    }
}

//! One column of texts that are taken as they are: queries, or what was cleaned before.

use super::batch::{Batch, readable};
use super::rows::{id_column, ids, refuse_missing};
use crate::read::ReadError;
use crate::read::columns::{Columns, key};

/// A column of texts, and that of the ids beside it.
pub struct TextColumn {
    text: usize,
    id: Option<usize>,
    name: String,
}

impl TextColumn {
    /// The column that is called so, if there is one.
    pub fn called(like: &Batch, name: &str, stated: &Columns) -> Option<Self> {
        let columns = readable(like.schema());
        let (text, name) = columns.iter().find(|(_, found)| found == name)?.clone();
        Some(TextColumn { text, id: id_column(&columns, stated), name })
    }

    /// The column that was named as the text, or is called like one of `usual`, the first of them
    /// first, or is the only one.
    ///
    /// # Errors
    /// When a column that was named is not there or holds no text, or none is found.
    pub fn find(like: &Batch, usual: &[&str], stated: &Columns) -> Result<Self, ReadError> {
        let columns = readable(like.schema());
        let known: Vec<String> = columns.iter().map(|(_, name)| name.clone()).collect();
        refuse_missing(like, stated, &known)?;
        let called = |wanted: &str| known.iter().position(|name| key(name) == key(wanted));
        let id = id_column(&columns, stated);
        let found = match stated.description.first() {
            // A number counts all columns that can be read, from 1.
            Some(wanted) => {
                called(wanted).or_else(|| wanted.trim().parse::<usize>().ok()?.checked_sub(1))
            }
            None => usual.iter().find_map(|wanted| called(wanted)).or(match known.len() {
                1 => Some(0),
                _ => None,
            }),
        };
        match found.and_then(|found| columns.get(found)) {
            Some((text, name)) => Ok(TextColumn { text: *text, id, name: name.clone() }),
            None => {
                let advice = "say which one holds the texts: --text-column NAME".to_string();
                Err(ReadError::NoTextColumn { file: like.source().into(), known, advice })
            }
        }
    }

    /// What it is called.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The texts, `None` where there is none.
    pub fn texts(&self, batch: &Batch) -> Vec<Option<String>> {
        let text = |row: usize| batch.text(self.text, row).filter(|text| !text.trim().is_empty());
        (0..batch.n_rows()).map(text).collect()
    }

    /// The ids, where there are any.
    pub fn ids(&self, batch: &Batch) -> Vec<Option<String>> {
        ids(self.id, batch)
    }
}

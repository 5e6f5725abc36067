//! Where the readers of all formats put what they find in one input.

use super::columns::{self, Target};
use super::gather::Gathered;
use super::record::{Mapper, Record};
use super::{Columns, ReadError};

/// A known shape of records, such as the answers of a recruiting system: its name, and what
/// its columns are for. What the user says about a column goes before.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Shape {
    pub name: &'static str,
    /// Paths as records name them, best first.
    pub columns: &'static [(&'static str, Target)],
}

/// Takes the records of one input and makes roles of them.
pub(super) struct Sink<'a> {
    file: String,
    mapper: Mapper<'a>,
    gathered: &'a mut Gathered,
}

impl<'a> Sink<'a> {
    pub fn new(file: &str, columns: &'a Columns, gathered: &'a mut Gathered) -> Self {
        Sink { file: file.to_string(), mapper: Mapper::new(columns), gathered }
    }

    /// The input, as errors and origins name it.
    pub fn file(&self) -> &str {
        &self.file
    }

    pub fn mapper(&mut self) -> &mut Mapper<'a> {
        &mut self.mapper
    }

    /// For readers that make roles themselves.
    pub fn gathered(&mut self) -> &mut Gathered {
        self.gathered
    }

    /// The columns of a table, known before its records.
    ///
    /// # Errors
    /// When a column the user named is missing, or none can hold the text of a role.
    pub fn header(&mut self, names: &[String]) -> Result<(), ReadError> {
        let file = self.file.clone();
        if let Some(column) = columns::missing(self.mapper.columns(), names) {
            return Err(ReadError::NoSuchColumn { file, column, known: names.to_vec() });
        }
        if !names.iter().any(|name| self.mapper.is_text(name)) {
            return Err(ReadError::NoTextColumn { file, known: names.to_vec() });
        }
        Ok(())
    }

    /// The records that follow are of a known shape.
    pub fn shape(&mut self, shape: &'static Shape) {
        self.mapper.shape(shape);
    }

    /// A record that begins in this line.
    pub fn record(&mut self, line: u64, record: Record) {
        let role = self.mapper.role(record, &self.file, line);
        self.gathered.take(&self.file, line, role);
    }

    /// A record that cannot be read.
    pub fn skip(&mut self, line: u64, reason: impl Into<String>) {
        self.gathered.skip(&self.file, line, reason);
    }

    /// All records are there.
    pub fn finish(self) -> Result<(), ReadError> {
        Ok(())
    }
}

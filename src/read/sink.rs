//! Where the readers of all formats put what they find in one input. The first records wait
//! until there are enough of them to say what each column holds.

use super::accumulator::Accumulator;
use super::advice::{self, Counts};
use super::columns::Shape;
use super::limits::{PLANNED_BYTES, PLANNED_RECORDS};
use super::record::{Mapper, Record, Value, tell_apart};
use super::{Columns, ReadError, TableOptions};
use crate::intake::{ColumnNote, ColumnUse};

/// What became of the records of one input.
#[derive(Debug, Default)]
pub(super) struct Account {
    /// Records, those refused included.
    pub records: u64,
    pub columns: Vec<ColumnNote>,
    pub warnings: Vec<String>,
}

/// The columns of a table.
#[derive(Debug, Clone, Default)]
pub(super) struct Header {
    /// Names, no two the same.
    pub names: Vec<String>,
    /// The line they stand in, 0 where the format keeps them apart; `None` for a table without
    /// a header.
    pub line: Option<u64>,
}

/// Takes the records of one input and makes roles of them.
pub(super) struct Sink<'a> {
    file: String,
    mapper: Mapper<'a>,
    gathered: &'a mut Accumulator,
    table: TableOptions,
    header: Option<Header>,
    waiting: Vec<(u64, Result<Record, String>)>,
    waiting_bytes: usize,
    counts: Counts,
    warnings: Vec<String>,
}

impl<'a> Sink<'a> {
    pub fn new(file: &str, columns: &'a Columns, gathered: &'a mut Accumulator) -> Self {
        Sink {
            file: file.to_string(),
            mapper: Mapper::new(columns),
            gathered,
            table: TableOptions::default(),
            header: None,
            waiting: Vec::new(),
            waiting_bytes: 0,
            counts: Counts::default(),
            warnings: Vec::new(),
        }
    }

    /// Says where tables begin.
    pub fn with_table(mut self, table: TableOptions) -> Self {
        self.table = table;
        self
    }

    /// Where tables begin.
    pub fn table(&self) -> TableOptions {
        self.table
    }

    /// The input, as errors and origins name it.
    pub fn file(&self) -> &str {
        &self.file
    }

    pub fn mapper(&mut self) -> &mut Mapper<'a> {
        &mut self.mapper
    }

    /// For readers that make roles themselves; records that wait go before.
    pub fn gathered(&mut self) -> &mut Accumulator {
        self.decide();
        self.gathered
    }

    /// The columns of a table, known before its records.
    ///
    /// # Errors
    /// When a column the user named is missing.
    pub fn header(&mut self, header: Header) -> Result<(), ReadError> {
        self.decide();
        if let Some(column) = self.mapper.columns().missing(&header.names) {
            let file = self.file.clone();
            return Err(ReadError::NoSuchColumn { file, column, known: header.names });
        }
        self.header = Some(header);
        Ok(())
    }

    /// The records that follow are of a known shape.
    pub fn shape(&mut self, shape: &'static Shape) {
        if !self.waiting.is_empty() && self.mapper.has_other_shape(shape) {
            self.decide();
        }
        self.mapper.shape(shape);
    }

    /// Something to know before the roles are trusted.
    pub fn warn(&mut self, warning: String) {
        self.warnings.push(warning);
    }

    /// A record that begins in this line.
    pub fn record(&mut self, line: u64, mut record: Record) {
        self.counts.records += 1;
        // A JSON object may repeat a key, and a record inherits members of the objects around it, which
        // may have the same names. Those of a table were told apart in its header.
        if self.header.is_none() {
            tell_apart(record.iter_mut().map(|(name, _)| name).collect());
        }
        if self.mapper.is_planned() {
            return self.place(line, record);
        }
        self.waiting_bytes += record.iter().map(|(_, value)| bytes(value)).sum::<usize>();
        self.waiting.push((line, Ok(record)));
        if self.waiting.len() >= PLANNED_RECORDS || self.waiting_bytes >= PLANNED_BYTES {
            self.decide();
        }
    }

    /// A record that cannot be read.
    pub fn skip(&mut self, line: u64, reason: impl Into<String>) {
        self.counts.records += 1;
        if self.waiting.is_empty() {
            self.gathered.skip(&self.file, line, reason);
        } else {
            // Skipped records are told in the order of the input.
            self.waiting.push((line, Err(reason.into())));
        }
    }

    /// All records are there.
    ///
    /// # Errors
    /// When a column the user named never came, or none can hold the text of a role.
    pub fn finish(mut self) -> Result<Account, ReadError> {
        self.decide();
        let columns = self.mapper.account();
        let seen: Vec<String> = columns.iter().map(|column| column.name.clone()).collect();
        let (file, known) = (self.file.clone(), seen.clone());
        if self.header.is_none()
            && !seen.is_empty()
            && let Some(column) = self.mapper.columns().missing(&seen)
        {
            return Err(ReadError::NoSuchColumn { file, column, known });
        }
        let of_role = |column: &ColumnNote| {
            matches!(column.used_as, ColumnUse::Title | ColumnUse::Text | ColumnUse::Stack)
        };
        if !columns.is_empty() && !columns.iter().any(of_role) {
            let header = self.header.as_ref().map_or(Some(0), |header| header.line);
            let advice = advice::on_columns(header, self.mapper.likely());
            return Err(ReadError::NoTextColumn { file, known, advice });
        }
        let missing = advice::on_missing(&self.counts, &columns, self.mapper.likely());
        self.warnings.extend(missing);
        let (records, warnings) = (self.counts.records, self.warnings);
        Ok(Account { records, columns, warnings })
    }

    /// Says what the columns are for, by the records that wait, and places these.
    fn decide(&mut self) {
        let waiting = std::mem::take(&mut self.waiting);
        self.waiting_bytes = 0;
        let header = self.header.as_ref();
        if self.mapper.is_planned() || (waiting.is_empty() && header.is_none()) {
            return;
        }
        let records = waiting.iter().filter_map(|(_, record)| record.as_ref().ok());
        let nameless = header.is_some_and(|header| header.line.is_none());
        let names = header.map_or(&[][..], |header| &header.names);
        self.mapper.make_plan(records, names, nameless);
        for (line, record) in waiting {
            match record {
                Ok(record) => self.place(line, record),
                Err(reason) => self.gathered.skip(&self.file, line, reason),
            }
        }
    }

    fn place(&mut self, line: u64, record: Record) {
        let role = self.mapper.role(record, &self.file, line);
        if let Ok(role) = &role {
            self.counts.roles += 1;
            self.counts.untitled += u64::from(role.title.is_empty());
            self.counts.textless += u64::from(role.description.is_empty());
        }
        self.gathered.take(&self.file, line, role);
    }
}

fn bytes(value: &Value) -> usize {
    match value {
        Value::Text(text) => text.len(),
        Value::List(entries) => entries.iter().map(String::len).sum(),
    }
}

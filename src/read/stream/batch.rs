//! Rows as they came, for a look at their cells.

use std::ops::Range;

use arrow_array::RecordBatch;
use arrow_schema::{DataType, Field, Schema};

use crate::read::ReadError;
use crate::read::parquet::cell::{Cells, flat};
use crate::read::record::{Record, Value};

/// A table in memory, as errors name it.
const TABLE: &str = "the table";

/// Some rows of a stream or a table, each with all its columns.
#[derive(Debug, Clone)]
pub struct Batch {
    rows: RecordBatch,
    /// Where they are from, as errors name it.
    source: &'static str,
}

/// Rows of a table in memory; nothing is copied.
impl From<RecordBatch> for Batch {
    fn from(rows: RecordBatch) -> Self {
        Batch::of(rows, TABLE)
    }
}

impl From<Batch> for RecordBatch {
    fn from(batch: Batch) -> Self {
        batch.rows
    }
}

impl Batch {
    pub(super) fn of(rows: RecordBatch, source: &'static str) -> Self {
        Batch { rows, source }
    }

    /// How many.
    pub fn n_rows(&self) -> usize {
        self.rows.num_rows()
    }

    /// Some of them; nothing is copied.
    pub fn slice(&self, rows: Range<usize>) -> Batch {
        Batch { rows: self.rows.slice(rows.start, rows.len()), source: self.source }
    }

    /// No rows, but all columns.
    pub fn empty(&self) -> Batch {
        self.slice(0..0)
    }

    /// The names of the columns.
    pub fn columns(&self) -> Vec<String> {
        names(self.schema())
    }

    /// The places of columns by their names.
    ///
    /// # Errors
    /// When there is no such column.
    pub fn places(&self, wanted: &[String]) -> Result<Vec<usize>, ReadError> {
        let place = |name: &String| {
            self.schema().index_of(name).map_err(|_| ReadError::NoSuchColumn {
                file: self.source.into(),
                column: name.clone(),
                known: self.columns(),
            })
        };
        wanted.iter().map(place).collect()
    }

    pub(super) fn schema(&self) -> &Schema {
        self.rows.schema_ref()
    }

    /// Where the rows are from, as errors name it.
    pub(crate) fn source(&self) -> &'static str {
        self.source
    }

    /// For the writer of answers.
    pub(crate) fn record_batch(&self) -> &RecordBatch {
        &self.rows
    }

    /// A row as a record of the columns in `columns`.
    pub(super) fn record(&self, columns: &[(usize, String)], row: usize) -> Record {
        let mut cells = Cells::default();
        let value = |(at, name): &(usize, String)| {
            let cell = cells.value(self.rows.column(*at), row);
            Some((name.clone(), flat(&cell)?))
        };
        columns.iter().filter_map(value).collect()
    }

    /// A cell as text; `None` for null.
    pub(super) fn text(&self, column: usize, row: usize) -> Option<String> {
        match flat(&Cells::default().value(self.rows.column(column), row))? {
            Value::Text(text) => Some(text),
            Value::List(entries) => Some(entries.join(", ")),
        }
    }
}

/// The names of the columns.
pub(super) fn names(schema: &Schema) -> Vec<String> {
    schema.fields().iter().map(|field| field.name().clone()).collect()
}

/// The columns whose cells are texts, numbers, dates or lists of such, with their names.
pub(super) fn readable(schema: &Schema) -> Vec<(usize, String)> {
    let fields = schema.fields().iter().enumerate();
    let readable = fields.filter(|(_, field)| is_readable(field.data_type()));
    readable.map(|(at, field)| (at, field.name().clone())).collect()
}

fn is_readable(kind: &DataType) -> bool {
    let list_of = |item: &Field| is_plain(item.data_type());
    match kind {
        DataType::List(item)
        | DataType::LargeList(item)
        | DataType::ListView(item)
        | DataType::LargeListView(item)
        | DataType::FixedSizeList(item, _) => list_of(item),
        kind => is_plain(kind),
    }
}

fn is_plain(kind: &DataType) -> bool {
    match kind {
        DataType::Dictionary(_, values) => is_plain(values),
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => true,
        DataType::Binary | DataType::LargeBinary | DataType::BinaryView => true,
        DataType::FixedSizeBinary(_) | DataType::Boolean | DataType::Null => true,
        DataType::Date32 | DataType::Date64 | DataType::Timestamp(..) => true,
        DataType::Decimal32(..) | DataType::Decimal64(..) => true,
        DataType::Decimal128(..) | DataType::Decimal256(..) => true,
        kind => kind.is_integer() || kind.is_floating(),
    }
}

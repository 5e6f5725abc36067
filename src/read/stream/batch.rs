//! Rows as they came, for a look at their cells.

use std::ops::Range;

use arrow_array::RecordBatch;
use arrow_schema::{DataType, Field, Schema, SchemaRef};

use crate::read::parquet::cell::{Cells, flat};
use crate::read::record::{Record, Value};

/// Some rows of a stream, each with all its columns.
#[derive(Debug, Clone)]
pub struct Batch {
    rows: RecordBatch,
}

impl Batch {
    pub(super) fn new(rows: RecordBatch) -> Self {
        Batch { rows }
    }

    /// How many.
    pub fn n_rows(&self) -> usize {
        self.rows.num_rows()
    }

    /// Some of them; nothing is copied.
    pub fn slice(&self, rows: Range<usize>) -> Batch {
        Batch { rows: self.rows.slice(rows.start, rows.len()) }
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

/// A batch without rows.
pub(super) fn empty(schema: &SchemaRef) -> Batch {
    Batch::new(RecordBatch::new_empty(schema.clone()))
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

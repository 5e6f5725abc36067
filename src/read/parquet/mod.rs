//! Parquet, batch by batch, and tables in memory of the same types.

pub(super) mod cell;
mod pages;
mod views;

use std::sync::Arc;

use arrow_array::RecordBatch;
use arrow_schema::{DataType, Schema};
use encoding_rs::Encoding;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder,
};
use parquet::file::metadata::ParquetMetaData;
use parquet::file::reader::ChunkReader;

use super::json::{Json, Object, Objects};
use super::limits::{MAX_RATIO, RATIO_FROM_BYTES};
use super::record::{Record, tell_apart};
use super::sink::{Header, Sink};
use super::source::Seekable;
use super::{Batch, ReadError, table};
use crate::panic_guard::guarded;
use cell::{Cells, flat};

/// Rows decoded at once, and where texts may be long.
const ROWS_PER_BATCH: usize = 1_024;

/// What a value counts for that is null, or repeats another.
const BYTES_PER_VALUE: u64 = 16;

/// Reads all rows; the encoding of text that is not marked as UTF-8 and is not.
pub(super) fn read(
    source: Seekable,
    sink: &mut Sink<'_>,
) -> Result<Option<&'static Encoding>, ReadError> {
    let size = source.size();
    let size = size.map_err(|source| ReadError::Io { file: sink.file().to_string(), source })?;
    // The decoder trusts some of what a file says and panics where that is wrong.
    let outcome = guarded(|| match source {
        Seekable::File(source) => read_from(source, size, sink),
        Seekable::Bytes(source) => read_from(source, size, sink),
    });
    outcome.unwrap_or_else(|| Err(unreadable(sink.file(), "its pages contradict its schema")))
}

/// The extension or the user says Parquet, and the bytes do not.
pub(super) fn promised(file: &str) -> ReadError {
    unreadable(file, "it does not begin with PAR1")
}

fn unreadable(file: &str, seen: impl ToString) -> ReadError {
    ReadError::Unreadable {
        file: file.to_string(),
        kind: "Parquet",
        seen: seen.to_string(),
        advice: "write it again, or give the rows as CSV or JSON Lines",
    }
}

fn read_from<S: ChunkReader + 'static>(
    source: S,
    size: u64,
    sink: &mut Sink<'_>,
) -> Result<Option<&'static Encoding>, ReadError> {
    let file = sink.file().to_string();
    let unreadable = |e: &dyn ToString| unreadable(&file, e.to_string());
    let metadata = ArrowReaderMetadata::load(&source, ArrowReaderOptions::default());
    let metadata = metadata.map_err(|e| unreadable(&e))?;
    let by_view = ArrowReaderOptions::default().with_schema(views::of(metadata.schema()));
    // A schema that cannot be read by views is read as it is.
    let metadata =
        ArrowReaderMetadata::try_new(metadata.metadata().clone(), by_view).unwrap_or(metadata);
    let source = Arc::new(source);
    let n_values = pages::n_values(&source, metadata.metadata());
    let source =
        Arc::into_inner(source).ok_or_else(|| unreadable(&"a page is still being read"))?;
    let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(source, metadata);
    let mut names: Vec<String> =
        builder.schema().fields().iter().map(|field| field.name().clone()).collect();
    tell_apart(names.iter_mut().collect());
    table::limit(&names, &file)?;
    refuse_bomb(builder.metadata(), size, &file)?;
    // Nulls take no room, but time.
    if is_bomb(n_values.saturating_mul(BYTES_PER_VALUE), size) {
        return Err(bomb("pages", size, &file));
    }
    let nested = is_nested(builder.schema());
    if !nested {
        sink.header(Header { names: names.clone(), line: Some(0) })?;
    }
    let batches = builder.with_batch_size(ROWS_PER_BATCH).build().map_err(|e| unreadable(&e))?;
    let mut number = 0;
    let mut cells = Cells::default();
    let mut rows = Rows::of(nested, sink);
    let mut unpacked = 0;
    for batch in batches {
        let batch = match batch {
            Ok(batch) => batch,
            // What was read before is kept, if anything was.
            Err(error) if number > 0 => {
                let reason = format!("the file cannot be read from here on: {error}");
                rows.skip(number + 1, reason);
                break;
            }
            Err(error) => return Err(unreadable(&error)),
        };
        for row in 0..batch.num_rows() {
            number += 1;
            let members = members(&batch, &names, row, &mut cells);
            // A dictionary holds a value once that a million rows may name.
            unpacked += members.iter().map(|(_, value)| value.bytes() as u64).sum::<u64>();
            if is_bomb(unpacked, size) {
                return Err(bomb("rows", size, &file));
            }
            rows.take(number, members);
        }
    }
    rows.finish();
    Ok(cells.encoding)
}

/// Reads all rows of a table in memory, whose batches have the same columns.
pub(super) fn read_batches(
    batches: &[Batch],
    sink: &mut Sink<'_>,
) -> Result<Option<&'static Encoding>, ReadError> {
    let Some(first) = batches.first() else {
        return Err(ReadError::Empty { file: sink.file().to_string() });
    };
    let names = first.columns();
    table::limit(&names, sink.file())?;
    let nested = is_nested(first.record_batch().schema_ref());
    if !nested {
        sink.header(Header { names: names.clone(), line: Some(0) })?;
    }
    let (mut cells, mut number) = (Cells::default(), 0);
    let mut rows = Rows::of(nested, sink);
    for batch in batches {
        for row in 0..batch.n_rows() {
            number += 1;
            rows.take(number, members(batch.record_batch(), &names, row, &mut cells));
        }
    }
    rows.finish();
    Ok(cells.encoding)
}

/// Refuses a file whose columns unpack to far more than its size.
fn refuse_bomb(metadata: &ParquetMetaData, size: u64, file: &str) -> Result<(), ReadError> {
    let groups = metadata.row_groups().iter();
    let sizes = groups.map(|group| u64::try_from(group.total_byte_size()).unwrap_or(0));
    match is_bomb(sizes.fold(0, u64::saturating_add), size) {
        true => Err(bomb("columns", size, file)),
        false => Ok(()),
    }
}

fn is_bomb(unpacked: u64, size: u64) -> bool {
    unpacked > RATIO_FROM_BYTES && unpacked / MAX_RATIO > size
}

fn bomb(what: &str, size: u64, file: &str) -> ReadError {
    ReadError::Limit {
        file: file.to_string(),
        seen: format!("its {what} unpack to more than {MAX_RATIO} times its {size} bytes"),
        advice: "if you trust it, write the rows as JSON Lines",
    }
}

/// Whether records lie within columns.
fn is_nested(schema: &Schema) -> bool {
    fn nests(kind: &DataType) -> bool {
        match kind {
            DataType::Struct(_) | DataType::Map(..) => true,
            DataType::List(item)
            | DataType::LargeList(item)
            | DataType::ListView(item)
            | DataType::LargeListView(item)
            | DataType::FixedSizeList(item, _) => nests(item.data_type()),
            _ => false,
        }
    }
    schema.fields().iter().any(|field| nests(field.data_type()))
}

/// The values of a row, those that are null left out.
fn members(
    batch: &RecordBatch,
    names: &[String],
    row: usize,
    cells: &mut Cells,
) -> Vec<(String, Json<'static>)> {
    let columns = names.iter().zip(batch.columns());
    let values = columns.map(|(name, column)| (name.clone(), cells.value(column, row)));
    values.filter(|(_, value)| *value != Json::Null).collect()
}

/// Where rows go: those of nested columns are looked into as JSON objects are.
enum Rows<'a, 's> {
    Flat(&'a mut Sink<'s>),
    Nested(Objects<'a, 's>),
}

impl<'a, 's> Rows<'a, 's> {
    fn of(nested: bool, sink: &'a mut Sink<'s>) -> Self {
        if nested { Rows::Nested(Objects::new(sink)) } else { Rows::Flat(sink) }
    }

    fn take(&mut self, line: u64, members: Vec<(String, Json<'static>)>) {
        match self {
            Rows::Flat(sink) => {
                let field = |(name, value): (String, Json<'static>)| Some((name, flat(&value)?));
                sink.record(line, members.into_iter().filter_map(field).collect::<Record>());
            }
            Rows::Nested(objects) => {
                let members = members.into_iter().map(|(name, value)| (name.into(), value));
                objects.take(line, Json::Object(Object { at: 0, members: members.collect() }));
            }
        }
    }

    fn skip(&mut self, line: u64, reason: String) {
        match self {
            Rows::Flat(sink) => sink.skip(line, reason),
            Rows::Nested(objects) => objects.skip(line, reason),
        }
    }

    fn finish(self) {
        if let Rows::Nested(objects) = self {
            objects.finish();
        }
    }
}

#[cfg(test)]
mod tests;

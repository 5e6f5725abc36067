//! Parquet, batch by batch.

use arrow_array::cast::AsArray;
use arrow_array::temporal_conversions::{as_datetime, date32_to_datetime, date64_to_datetime};
use arrow_array::types::{
    Date32Type, Date64Type, Decimal128Type, Float16Type, Float32Type, Float64Type, Int8Type,
    Int16Type, Int32Type, Int64Type, TimestampMicrosecondType, TimestampMillisecondType,
    TimestampNanosecondType, TimestampSecondType, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrayRef, RecordBatch};
use arrow_schema::{DataType, TimeUnit};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::file::reader::ChunkReader;

use super::record::{Record, Value};
use super::sink::{Header, Sink};
use super::source::Seekable;
use super::{ReadError, table};
use crate::panic_guard::guarded;

const ROWS_PER_BATCH: usize = 1_024;

/// Reads all rows.
pub(super) fn read(source: Seekable, sink: &mut Sink<'_>) -> Result<(), ReadError> {
    // The decoder trusts some of what a file says and panics where that is wrong.
    let outcome = guarded(|| match source {
        Seekable::File(source) => read_from(source, sink),
        Seekable::Bytes(source) => read_from(source, sink),
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

fn read_from<S: ChunkReader + 'static>(source: S, sink: &mut Sink<'_>) -> Result<(), ReadError> {
    let file = sink.file().to_string();
    let unreadable = |e: &dyn ToString| unreadable(&file, e.to_string());
    let builder = ParquetRecordBatchReaderBuilder::try_new(source).map_err(|e| unreadable(&e))?;
    let names: Vec<String> = builder.schema().fields().iter().map(|f| f.name().clone()).collect();
    table::limit(&names, &file)?;
    // Names inside a struct are known only once it is flattened.
    let is_struct = |f: &arrow_schema::FieldRef| matches!(f.data_type(), DataType::Struct(_));
    if !builder.schema().fields().iter().any(is_struct) {
        sink.header(Header { names: names.clone(), line: Some(0) })?;
    }
    let batches = builder.with_batch_size(ROWS_PER_BATCH).build().map_err(|e| unreadable(&e))?;
    let mut number = 0;
    for batch in batches {
        let batch = match batch {
            Ok(batch) => batch,
            // What was read before is kept, if anything was.
            Err(error) if number > 0 => {
                sink.skip(number + 1, format!("the file cannot be read from here on: {error}"));
                return Ok(());
            }
            Err(error) => return Err(unreadable(&error)),
        };
        for row in 0..batch.num_rows() {
            number += 1;
            sink.record(number, record(&batch, &names, row));
        }
    }
    Ok(())
}

fn record(batch: &RecordBatch, names: &[String], row: usize) -> Record {
    let mut record = Record::new();
    for (name, column) in names.iter().zip(batch.columns()) {
        flatten(name, column, row, &mut record);
    }
    record
}

fn flatten(name: &str, column: &ArrayRef, row: usize, record: &mut Record) {
    if column.is_null(row) {
        return;
    }
    match column.data_type() {
        DataType::Struct(fields) => {
            for (field, inner) in fields.iter().zip(column.as_struct().columns()) {
                flatten(&format!("{name}.{}", field.name()), inner, row, record);
            }
        }
        DataType::List(_) | DataType::LargeList(_) | DataType::FixedSizeList(..) => {
            let items = list(column, row);
            let texts = (0..items.len()).filter_map(|at| text(items.as_ref(), at)).collect();
            record.push((name.to_string(), Value::List(texts)));
        }
        _ => {
            if let Some(text) = text(column.as_ref(), row) {
                record.push((name.to_string(), Value::Text(text)));
            }
        }
    }
}

fn list(column: &ArrayRef, row: usize) -> ArrayRef {
    match column.data_type() {
        DataType::List(_) => column.as_list::<i32>().value(row),
        DataType::LargeList(_) => column.as_list::<i64>().value(row),
        _ => column.as_fixed_size_list().value(row),
    }
}

/// A cell as text; `None` for null and for types no posting is written in.
fn text(column: &dyn Array, row: usize) -> Option<String> {
    if column.is_null(row) {
        return None;
    }
    macro_rules! number {
        ($kind:ty) => {
            column.as_primitive::<$kind>().value(row).to_string()
        };
    }
    Some(match column.data_type() {
        DataType::Utf8 => column.as_string::<i32>().value(row).to_string(),
        DataType::LargeUtf8 => column.as_string::<i64>().value(row).to_string(),
        DataType::Utf8View => column.as_string_view().value(row).to_string(),
        DataType::Binary => utf8(column.as_binary::<i32>().value(row))?,
        DataType::LargeBinary => utf8(column.as_binary::<i64>().value(row))?,
        DataType::BinaryView => utf8(column.as_binary_view().value(row))?,
        DataType::Boolean => column.as_boolean().value(row).to_string(),
        DataType::Int8 => number!(Int8Type),
        DataType::Int16 => number!(Int16Type),
        DataType::Int32 => number!(Int32Type),
        DataType::Int64 => number!(Int64Type),
        DataType::UInt8 => number!(UInt8Type),
        DataType::UInt16 => number!(UInt16Type),
        DataType::UInt32 => number!(UInt32Type),
        DataType::UInt64 => number!(UInt64Type),
        DataType::Float16 => number!(Float16Type),
        DataType::Float32 => number!(Float32Type),
        DataType::Float64 => number!(Float64Type),
        DataType::Decimal128(..) => column.as_primitive::<Decimal128Type>().value_as_string(row),
        DataType::Date32 => {
            let days = column.as_primitive::<Date32Type>().value(row);
            date32_to_datetime(days)?.date().to_string()
        }
        DataType::Date64 => {
            let millis = column.as_primitive::<Date64Type>().value(row);
            date64_to_datetime(millis)?.date().to_string()
        }
        DataType::Timestamp(unit, _) => timestamp(column, *unit, row)?,
        DataType::Dictionary(..) => {
            let dictionary = column.as_any_dictionary_opt()?;
            let key = text(dictionary.keys(), row)?.parse().ok()?;
            return text(dictionary.values().as_ref(), key);
        }
        DataType::Struct(_) => {
            let columns = column.as_struct().columns();
            return columns.iter().find_map(|inner| text(inner.as_ref(), row));
        }
        _ => return None,
    })
}

fn utf8(bytes: &[u8]) -> Option<String> {
    String::from_utf8(bytes.to_vec()).ok()
}

fn timestamp(column: &dyn Array, unit: TimeUnit, row: usize) -> Option<String> {
    macro_rules! moment {
        ($kind:ty) => {
            as_datetime::<$kind>(column.as_primitive::<$kind>().value(row))
        };
    }
    let moment = match unit {
        TimeUnit::Second => moment!(TimestampSecondType),
        TimeUnit::Millisecond => moment!(TimestampMillisecondType),
        TimeUnit::Microsecond => moment!(TimestampMicrosecondType),
        TimeUnit::Nanosecond => moment!(TimestampNanosecondType),
    };
    moment.map(|moment| moment.to_string())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow_array::builder::{ListBuilder, StringBuilder};
    use arrow_array::{
        BooleanArray, Date32Array, Int64Array, LargeStringArray, StringArray, StructArray,
    };
    use arrow_schema::{Field, Schema};
    use parquet::arrow::ArrowWriter;

    use super::*;
    use crate::read::columns::Columns;
    use crate::read::gather::Gathered;

    fn file(columns: Vec<(&str, ArrayRef)>) -> Vec<u8> {
        let fields: Vec<Field> =
            columns.iter().map(|(n, a)| Field::new(*n, a.data_type().clone(), true)).collect();
        let arrays = columns.into_iter().map(|(_, array)| array).collect();
        let batch = RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays).unwrap();
        let mut bytes = Vec::new();
        let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), None).unwrap();
        writer.write(&batch).unwrap();
        writer.close().unwrap();
        bytes
    }

    fn gather(bytes: Vec<u8>) -> Result<Gathered, ReadError> {
        let columns = Columns::default();
        let mut gathered = Gathered::default();
        let mut sink = Sink::new("f", &columns, &mut gathered);
        read(Seekable::Bytes(bytes.into()), &mut sink)?;
        sink.finish()?;
        Ok(gathered)
    }

    fn sample() -> Vec<u8> {
        let mut skills = ListBuilder::new(StringBuilder::new());
        skills.append_value([Some("Go"), None, Some("C/C++")]);
        skills.append_null();
        let pay = StructArray::from(vec![(
            Arc::new(Field::new("min", DataType::Int64, true)),
            Arc::new(Int64Array::from(vec![Some(5), None])) as ArrayRef,
        )]);
        file(vec![
            ("job_id", Arc::new(Int64Array::from(vec![11, 12]))),
            ("title", Arc::new(LargeStringArray::from(vec![Some("SRE"), None]))),
            ("description", Arc::new(StringArray::from(vec![Some("Runs it"), Some(" ")]))),
            ("skills", Arc::new(skills.finish())),
            ("pay", Arc::new(pay)),
            ("remote", Arc::new(BooleanArray::from(vec![true, false]))),
            ("posted", Arc::new(Date32Array::from(vec![19_000, 19_001]))),
        ])
    }

    #[test]
    fn columns_of_many_types_become_a_role() {
        let gathered = gather(sample()).unwrap();
        let role = &gathered.roles[0];
        assert_eq!((role.id.as_str(), role.title.as_str()), ("11", "SRE"));
        assert_eq!(role.stack, ["Go", "C/C++"]);
        assert_eq!(role.fields["pay.min"], "5");
        assert_eq!(role.fields["remote"], "true");
        assert_eq!(role.fields["posted"], "2022-01-08");
        assert_eq!((gathered.skipped_total, gathered.skipped[0].line), (1, 2));
    }

    #[test]
    fn damage_is_an_error_and_never_a_panic() {
        let whole = sample();
        for cut in [0, 4, whole.len() / 2, whole.len() - 1] {
            assert!(gather(whole[..cut].to_vec()).is_err());
        }
        for at in (4..whole.len()).step_by(7) {
            let mut flipped = whole.clone();
            flipped[at] ^= 0x55;
            let _ = gather(flipped);
        }
    }

    #[test]
    fn columns_that_say_nothing_are_an_error() {
        let bytes = file(vec![("n", Arc::new(Int64Array::from(vec![1])))]);
        assert!(matches!(gather(bytes), Err(ReadError::NoTextColumn { .. })));
    }
}

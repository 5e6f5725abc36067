//! Parquet for pandas, DuckDB and Polars: typed columns, missing values are null.

use std::io::{self, Write};
use std::sync::Arc;

use ::parquet::arrow::ArrowWriter;
use ::parquet::basic::{Compression, ZstdLevel};
use ::parquet::file::properties::WriterProperties;
use arrow_array::builder::{ListBuilder, StringBuilder};
use arrow_array::{
    Array, ArrayRef, BooleanArray, Date32Array, Float32Array, Float64Array, Int32Array, Int64Array,
    RecordBatch, StringArray,
};
use arrow_schema::{Field, Schema};
use jiff::civil::Date;

use super::column::{Column, Values};

/// The columns as a table in memory.
pub(in crate::export) fn batch(columns: &[Column]) -> io::Result<RecordBatch> {
    let arrays: Vec<ArrayRef> = columns.iter().map(|column| array(&column.values)).collect();
    let field = |(column, array): (&Column, &ArrayRef)| {
        Field::new(&column.name, array.data_type().clone(), true)
    };
    let fields: Vec<Field> = columns.iter().zip(&arrays).map(field).collect();
    let schema = Arc::new(Schema::new(fields));
    RecordBatch::try_new(schema, arrays).map_err(io::Error::other)
}

pub(in crate::export) fn write(columns: &[Column], out: &mut dyn Write) -> io::Result<()> {
    let batch = batch(columns)?;
    let properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        .build();
    // The writer must own something `Send`; a buffer is, `out` need not be.
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), Some(properties))
        .map_err(io::Error::other)?;
    writer.write(&batch).map_err(io::Error::other)?;
    writer.close().map_err(io::Error::other)?;
    out.write_all(&bytes)
}

fn array(values: &Values) -> ArrayRef {
    match values {
        Values::Text(values) => {
            Arc::new(values.iter().map(Option::as_deref).collect::<StringArray>())
        }
        Values::Integer(values) => {
            // As narrow as the values allow; numbers of clusters have always been of 32 bits.
            let narrow = |value: &Option<i64>| value.map(i32::try_from).transpose();
            match values.iter().map(narrow).collect::<Result<Vec<Option<i32>>, _>>() {
                Ok(narrow) => Arc::new(Int32Array::from(narrow)),
                Err(_) => Arc::new(Int64Array::from(values.clone())),
            }
        }
        Values::Float(values) => Arc::new(Float64Array::from(values.clone())),
        Values::Single(values) => Arc::new(Float32Array::from(values.clone())),
        Values::Flag(values) => Arc::new(BooleanArray::from(values.clone())),
        Values::Date(values) => {
            Arc::new(values.iter().map(|day| day.map(days)).collect::<Date32Array>())
        }
        Values::List(values) => {
            let mut lists = ListBuilder::new(StringBuilder::new());
            for list in values {
                list.iter().for_each(|entry| lists.values().append_value(entry));
                lists.append(true);
            }
            Arc::new(lists.finish())
        }
    }
}

/// Days since 1970, as Arrow counts dates.
fn days(day: Date) -> i32 {
    (day - Date::constant(1970, 1, 1)).get_days()
}

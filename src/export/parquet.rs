//! Parquet for pandas, DuckDB and Polars: typed columns, noise is null.

use std::io::{self, Write};
use std::sync::Arc;

use ::parquet::arrow::ArrowWriter;
use ::parquet::basic::{Compression, ZstdLevel};
use ::parquet::file::properties::WriterProperties;
use arrow_array::builder::{ListBuilder, StringBuilder};
use arrow_array::{Array, ArrayRef, Float32Array, Int32Array, RecordBatch, StringArray};
use arrow_schema::{Field, Schema};

use super::row::{Row, rows};
use crate::report::Report;
use crate::role::RoleId;

pub(super) fn table(
    report: &Report,
    neighbors: Option<&[Vec<RoleId>]>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let rows: Vec<Row> = rows(report, neighbors).collect();
    let text = |f: &dyn Fn(&Row) -> Option<String>| -> ArrayRef {
        Arc::new(rows.iter().map(f).collect::<StringArray>())
    };
    let clusters: Int32Array =
        rows.iter().map(|r| r.cluster.and_then(|c| i32::try_from(c.0).ok())).collect();
    let strengths = Float32Array::from_iter_values(rows.iter().map(|r| r.strength));
    let mut columns: Vec<(&str, ArrayRef)> = vec![
        ("id", text(&|r| Some(r.id.to_string()))),
        ("title", text(&|r| Some(r.title.to_string()))),
        ("section", text(&|r| r.section.map(str::to_string))),
        ("cluster", Arc::new(clusters)),
        ("cluster_name", text(&|r| r.cluster_name.map(str::to_string))),
        ("strength", Arc::new(strengths)),
        ("duplicate_of", text(&|r| r.duplicate_of.map(RoleId::to_string))),
    ];
    if neighbors.is_some() {
        let mut lists = ListBuilder::new(StringBuilder::new());
        for row in &rows {
            for id in row.neighbors.unwrap_or_default() {
                lists.values().append_value(id.as_str());
            }
            lists.append(true);
        }
        columns.push(("neighbors", Arc::new(lists.finish())));
    }
    let fields: Vec<Field> = columns
        .iter()
        .map(|(name, array)| Field::new(*name, array.data_type().clone(), true))
        .collect();
    let arrays = columns.into_iter().map(|(_, array)| array).collect();
    let schema = Arc::new(Schema::new(fields));
    let batch = RecordBatch::try_new(schema.clone(), arrays).map_err(io::Error::other)?;
    let properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        .build();
    // The writer must own something `Send`; a buffer is, `out` need not be.
    let mut bytes = Vec::new();
    let mut writer =
        ArrowWriter::try_new(&mut bytes, schema, Some(properties)).map_err(io::Error::other)?;
    writer.write(&batch).map_err(io::Error::other)?;
    writer.close().map_err(io::Error::other)?;
    out.write_all(&bytes)
}

//! One record batch to Parquet bytes and back.

use std::sync::Arc;

use arrow_array::RecordBatch;
use arrow_schema::Schema;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;

/// Row groups of this size keep a reader's memory bounded.
const ROWS_PER_GROUP: usize = 64 * 1024;

/// How a file is packed.
#[derive(Debug, Clone, Copy)]
pub(super) enum Packing {
    /// Text packs well.
    Zstd,
    /// Vectors do not, and are read at every search.
    Plain,
}

pub(super) fn to_bytes(batch: &RecordBatch, packing: Packing) -> Result<Vec<u8>, String> {
    let compression = match packing {
        Packing::Zstd => Compression::ZSTD(ZstdLevel::default()),
        Packing::Plain => Compression::UNCOMPRESSED,
    };
    let properties = WriterProperties::builder()
        .set_compression(compression)
        .set_dictionary_enabled(matches!(packing, Packing::Zstd))
        .set_max_row_group_row_count(Some(ROWS_PER_GROUP))
        .build();
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), Some(properties))
        .map_err(|e| e.to_string())?;
    writer.write(batch).map_err(|e| e.to_string())?;
    writer.close().map_err(|e| e.to_string())?;
    Ok(bytes)
}

/// The schema and every batch, in order.
pub(super) fn from_bytes(bytes: &[u8]) -> Result<(Arc<Schema>, Vec<RecordBatch>), String> {
    let builder = ParquetRecordBatchReaderBuilder::try_new(bytes::Bytes::copy_from_slice(bytes))
        .map_err(|e| e.to_string())?;
    let schema = builder.schema().clone();
    let batches = builder
        .build()
        .map_err(|e| e.to_string())?
        .collect::<Result<Vec<_>, _>>()
        .map_err(|e| e.to_string())?;
    Ok((schema, batches))
}

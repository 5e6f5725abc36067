//! Record batches to a Parquet file and back, whole or in part.

use std::io::{self, Write};
use std::ops::Range;
use std::sync::Arc;

use arrow_array::RecordBatch;
use arrow_schema::Schema;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder, RowSelection,
};
use parquet::arrow::{ArrowWriter, ProjectionMask};
use parquet::basic::{Compression, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::metadata::PageIndexPolicy;
use parquet::file::properties::{EnabledStatistics, WriterProperties, WriterPropertiesBuilder};
use parquet::schema::types::ColumnPath;

use crate::mapped_file::Bytes;
use crate::panic_guard::guarded;

/// Row groups of this size keep a reader's memory bounded.
const ROWS_PER_GROUP: usize = 16 * 1024;

/// Rows that become one record batch.
const ROWS_PER_BATCH: usize = 4 * 1024;

/// Size of a page: reading one row means to decompress one page.
const TEXT_PAGE_BYTES: usize = 128 * 1024;

/// The writer checks the size of the page after this many rows.
const ROWS_PER_LOOK: usize = 32;

/// How the columns of a file are compressed.
#[derive(Debug, Clone, Copy)]
pub(super) enum Packing<'a> {
    /// For text.
    Zstd {
        /// Columns with few different values, written with a dictionary.
        repeating: &'a [&'a str],
    },
    /// For vectors: random mantissas do not compress, and they are read at every search.
    Plain,
}

/// Writes `n_rows` rows, which `batch` gives a range at a time.
pub(super) fn write(
    n_rows: usize,
    batch: impl Fn(Range<usize>) -> Result<RecordBatch, String>,
    packing: Packing<'_>,
    out: &mut (dyn Write + Send),
) -> io::Result<()> {
    let properties = WriterProperties::builder()
        .set_max_row_group_row_count(Some(ROWS_PER_GROUP))
        .set_dictionary_enabled(false);
    let properties = match packing {
        Packing::Zstd { repeating } => {
            let packed = properties
                .set_compression(Compression::ZSTD(ZstdLevel::default()))
                .set_data_page_size_limit(TEXT_PAGE_BYTES)
                .set_write_batch_size(ROWS_PER_LOOK)
                .set_statistics_enabled(EnabledStatistics::None);
            let dictionary = |properties: WriterPropertiesBuilder, column: &&str| {
                properties.set_column_dictionary_enabled(ColumnPath::from(*column), true)
            };
            repeating.iter().fold(packed, dictionary)
        }
        Packing::Plain => properties.set_compression(Compression::UNCOMPRESSED),
    };
    let batch = |rows| batch(rows).map_err(io::Error::other);
    let schema = batch(0..0)?.schema();
    let mut writer =
        ArrowWriter::try_new(out, schema, Some(properties.build())).map_err(system_error)?;
    for start in (0..n_rows).step_by(ROWS_PER_BATCH) {
        let rows = start..n_rows.min(start + ROWS_PER_BATCH);
        writer.write(&batch(rows)?).map_err(system_error)?;
    }
    writer.close().map_err(system_error)?;
    Ok(())
}

/// The error of the operating system, where one is the cause.
fn system_error(error: ParquetError) -> io::Error {
    match error {
        ParquetError::External(source) => match source.downcast::<io::Error>() {
            Ok(source) => *source,
            Err(other) => io::Error::other(other),
        },
        other => io::Error::other(other),
    }
}

/// A Parquet file whose footer was read.
///
/// The decoder panics on some files whose pages contradict their footer; here that is an error.
pub(super) struct ParquetFile {
    bytes: bytes::Bytes,
    metadata: ArrowReaderMetadata,
}

impl ParquetFile {
    pub(super) fn open(bytes: Bytes) -> Result<Self, String> {
        let bytes = bytes::Bytes::from_owner(bytes);
        // Without the offset index the decoder scans a whole column to reach one row.
        let options = ArrowReaderOptions::new().with_offset_index_policy(PageIndexPolicy::Optional);
        let load = || ArrowReaderMetadata::load(&bytes, options).map_err(|e| e.to_string());
        let metadata = sound(load)?;
        Ok(ParquetFile { bytes, metadata })
    }

    pub(super) fn schema(&self) -> &Arc<Schema> {
        self.metadata.schema()
    }

    pub(super) fn n_rows(&self) -> Result<usize, String> {
        let n = self.metadata.metadata().file_metadata().num_rows();
        usize::try_from(n).map_err(|_| format!("it says it has {n} rows"))
    }

    /// Every batch, in order.
    pub(super) fn all(
        &self,
        visit: impl FnMut(&RecordBatch) -> Result<(), String>,
    ) -> Result<(), String> {
        self.batches(ProjectionMask::all(), None, visit)
    }

    /// Some columns of all rows, or of those in `rows`, which ascend; none comes twice.
    pub(super) fn some(
        &self,
        columns: &[&str],
        rows: Option<&[usize]>,
        visit: impl FnMut(&RecordBatch) -> Result<(), String>,
    ) -> Result<(), String> {
        let schema = self.metadata.metadata().file_metadata().schema_descr();
        let mask = ProjectionMask::columns(schema, columns.iter().copied());
        let n = self.n_rows()?;
        let ranges = rows.map(|rows| rows.iter().map(|&row| row..row + 1));
        let selection = ranges.map(|ranges| RowSelection::from_consecutive_ranges(ranges, n));
        self.batches(mask, selection, visit)
    }

    fn batches(
        &self,
        mask: ProjectionMask,
        selection: Option<RowSelection>,
        mut visit: impl FnMut(&RecordBatch) -> Result<(), String>,
    ) -> Result<(), String> {
        let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(
            self.bytes.clone(),
            self.metadata.clone(),
        );
        let builder = builder.with_projection(mask);
        sound(|| {
            let builder = match selection {
                Some(selection) => builder.with_row_selection(selection),
                None => builder,
            };
            for batch in builder.build().map_err(|e| e.to_string())? {
                visit(&batch.map_err(|e| e.to_string())?)?;
            }
            Ok(())
        })
    }
}

fn sound<T>(decode: impl FnOnce() -> Result<T, String>) -> Result<T, String> {
    guarded(decode).unwrap_or_else(|| Err("its pages contradict its schema".into()))
}

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

/// Whoever wants one row unpacks a page of this size.
const TEXT_PAGE_BYTES: usize = 128 * 1024;

/// Rows after which the size of a page is looked at.
const ROWS_PER_LOOK: usize = 32;

/// How a file is packed.
#[derive(Debug, Clone, Copy)]
pub(super) enum Packing<'a> {
    /// Text packs well; some columns say the same again and again.
    Zstd {
        /// Those columns.
        repeating: &'a [&'a str],
    },
    /// Vectors do not pack, and are read at every search.
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

/// What the system said, where it was the system that refused.
fn system_error(error: ParquetError) -> io::Error {
    match error {
        ParquetError::External(source) => match source.downcast::<io::Error>() {
            Ok(source) => *source,
            Err(other) => io::Error::other(other),
        },
        other => io::Error::other(other),
    }
}

/// A file whose end, which tells where everything stands, was read.
///
/// The decoder trusts some of what a file says and panics where it lies; here that is an error.
pub(super) struct ParquetFile {
    bytes: bytes::Bytes,
    metadata: ArrowReaderMetadata,
}

impl ParquetFile {
    pub(super) fn open(bytes: Bytes) -> Result<Self, String> {
        let bytes = bytes::Bytes::from_owner(bytes);
        // Without it whole columns are gone through to reach a row.
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

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
        self.batches(ProjectionMask::all(), Choice::All, visit)
    }

    /// Some columns of all rows, or of those in `rows`, which ascend; none comes twice.
    pub(super) fn some(
        &self,
        columns: &[&str],
        rows: Option<&[usize]>,
        visit: impl FnMut(&RecordBatch) -> Result<(), String>,
    ) -> Result<(), String> {
        let Some(rows) = rows else { return self.batches(self.mask(columns), Choice::All, visit) };
        let (lists, plain): (Vec<&str>, Vec<&str>) =
            columns.iter().copied().partition(|column| self.is_list(column));
        match lists.is_empty() {
            true => self.batches(self.mask(columns), self.selection(rows)?, visit),
            false => self.rows_with_lists(&plain, &lists, rows, visit),
        }
    }

    /// [`ParquetFile::some`] where a column holds lists; one row a batch.
    ///
    /// The decoder skips rows of lists for ever where a page holds fewer than it says. So they are
    /// read and left out, from those row groups alone that hold a wanted row.
    fn rows_with_lists(
        &self,
        plain: &[&str],
        lists: &[&str],
        rows: &[usize],
        mut visit: impl FnMut(&RecordBatch) -> Result<(), String>,
    ) -> Result<(), String> {
        let mut found = vec![Vec::new(); rows.len()];
        if !plain.is_empty() {
            let mut places = found.iter_mut();
            self.batches(self.mask(plain), self.selection(rows)?, |batch| {
                (0..batch.num_rows())
                    .zip(&mut places)
                    .for_each(|(at, row)| row.push(batch.slice(at, 1)));
                Ok(())
            })?;
        }
        let mut first = 0;
        for (number, group) in self.metadata.metadata().row_groups().iter().enumerate() {
            let n = usize::try_from(group.num_rows()).map_err(|e| e.to_string())?;
            let begin = rows.partition_point(|&row| row < first);
            let wanted = begin..rows.partition_point(|&row| row < first.saturating_add(n));
            let mut before = first;
            first = first.saturating_add(n);
            if wanted.is_empty() {
                continue;
            }
            self.batches(self.mask(lists), Choice::Group(number), |batch| {
                let end = before + batch.num_rows();
                for place in wanted.clone().filter(|&place| (before..end).contains(&rows[place])) {
                    found[place].push(batch.slice(rows[place] - before, 1));
                }
                before = end;
                Ok(())
            })?;
        }
        let n_parts = 1 + usize::from(!plain.is_empty());
        match found.iter().all(|parts| parts.len() == n_parts) {
            true => found.iter().try_for_each(|parts| visit(&beside(parts)?)),
            false => Err("rows are missing".into()),
        }
    }

    fn mask(&self, columns: &[&str]) -> ProjectionMask {
        let schema = self.metadata.metadata().file_metadata().schema_descr();
        ProjectionMask::columns(schema, columns.iter().copied())
    }

    fn is_list(&self, column: &str) -> bool {
        let field = self.schema().field_with_name(column);
        field.is_ok_and(|field| field.data_type().is_nested())
    }

    fn selection(&self, rows: &[usize]) -> Result<Choice, String> {
        let ranges = rows.iter().map(|&row| row..row + 1);
        let n = self.n_rows()?;
        Ok(Choice::Rows(RowSelection::from_consecutive_ranges(ranges, n)))
    }

    fn batches(
        &self,
        mask: ProjectionMask,
        choice: Choice,
        mut visit: impl FnMut(&RecordBatch) -> Result<(), String>,
    ) -> Result<(), String> {
        let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(
            self.bytes.clone(),
            self.metadata.clone(),
        );
        let builder = builder.with_projection(mask);
        sound(|| {
            let builder = match choice {
                Choice::All => builder,
                Choice::Group(number) => builder.with_row_groups(vec![number]),
                Choice::Rows(selection) => builder.with_row_selection(selection),
            };
            for batch in builder.build().map_err(|e| e.to_string())? {
                visit(&batch.map_err(|e| e.to_string())?)?;
            }
            Ok(())
        })
    }
}

/// Which rows are read.
enum Choice {
    All,
    Group(usize),
    Rows(RowSelection),
}

/// The columns of batches of one length, side by side.
fn beside(parts: &[RecordBatch]) -> Result<RecordBatch, String> {
    let fields = parts.iter().flat_map(|part| part.schema_ref().fields().iter().cloned());
    let schema = Schema::new(fields.collect::<Vec<_>>());
    let columns = parts.iter().flat_map(|part| part.columns().iter().cloned()).collect();
    RecordBatch::try_new(Arc::new(schema), columns).map_err(|e| e.to_string())
}

fn sound<T>(decode: impl FnOnce() -> Result<T, String>) -> Result<T, String> {
    guarded(decode).unwrap_or_else(|| Err("its pages contradict its schema".into()))
}

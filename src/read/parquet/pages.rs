//! What the headers of the pages promise, before any page is decoded.

use std::sync::Arc;

use parquet::column::page::PageReader;
use parquet::file::metadata::ParquetMetaData;
use parquet::file::reader::{ChunkReader, SerializedPageReader};

/// Values of all columns, nulls and items of lists among them.
///
/// Some bytes of a page may stand for two thousand million nulls, which the footer says nothing
/// reliable of. Reading the headers alone takes time by the size of the file, not by what it
/// promises. Where a header cannot be read, decoding ends as well.
pub(super) fn n_values<S: ChunkReader + 'static>(
    source: &Arc<S>,
    metadata: &ParquetMetaData,
) -> u64 {
    let columns = metadata.row_groups().iter().flat_map(|group| group.columns());
    let pages =
        columns.map(|column| SerializedPageReader::new(Arc::clone(source), column, 0, None));
    pages.flatten().map(promised).fold(0, u64::saturating_add)
}

fn promised<S: ChunkReader>(mut pages: SerializedPageReader<S>) -> u64 {
    let mut n = 0u64;
    while let Ok(Some(page)) = pages.peek_next_page() {
        n = n.saturating_add(page.num_levels.unwrap_or(0) as u64);
        if pages.skip_next_page().is_err() {
            break;
        }
    }
    n
}

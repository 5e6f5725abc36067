//! Workbooks: which sheets hold postings, and their rows.
//!
//! A sheet named by the user is read; otherwise those in which a row names the columns of
//! postings as well as in the best of them. Hidden sheets are read only by name.

use super::source::Source;
use super::{ReadError, ReadOptions};

#[cfg(feature = "xlsx")]
mod cells;
mod kind;
#[cfg(feature = "xlsx")]
mod ods;
#[cfg(feature = "xlsx")]
mod rows;
#[cfg(feature = "xlsx")]
mod sheets;
#[cfg(feature = "xlsx")]
mod xls_extent;

pub(super) use kind::{Kind, Sheets};

/// Reads the sheets that hold postings.
///
/// # Errors
/// When the workbook cannot be opened, has no such sheet, or no sheet of postings.
#[cfg(feature = "xlsx")]
pub(super) fn read(
    source: Source<'_>,
    kind: Kind,
    options: &ReadOptions,
    taker: &mut dyn Sheets,
) -> Result<(), ReadError> {
    sheets::read(source, kind, options, taker)
}

/// Says that this build cannot read workbooks.
#[cfg(not(feature = "xlsx"))]
pub(super) fn read(
    source: Source<'_>,
    kind: Kind,
    _options: &ReadOptions,
    _taker: &mut dyn Sheets,
) -> Result<(), ReadError> {
    Err(ReadError::NotRead {
        file: source.name,
        what: format!("a workbook ({}; this build has no feature `xlsx`)", kind.name()),
        advice: "save the sheet as CSV in UTF-8",
    })
}

#[cfg(all(test, feature = "xlsx"))]
mod tests;

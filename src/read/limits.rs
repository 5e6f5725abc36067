//! What one input may cost; beyond it there is an error or a skipped record that says so.

const MIB: usize = 1024 * 1024;

/// A single record (a line, a row, a JSON object) longer than this many bytes is skipped.
pub const MAX_RECORD_BYTES: usize = 16 * MIB;

/// A table with more columns, or an object with more members, is refused.
pub const MAX_COLUMNS: usize = 16_384;

/// Cells of one sheet, those left out within its rows included.
#[cfg(feature = "xlsx")]
pub const MAX_CELLS: usize = 20_000_000;

/// Skipped records kept with line and reason; the rest are only counted.
pub const MAX_SKIPPED_KEPT: usize = 1_000;

/// Records, and bytes of them, that are looked at to say what each column holds.
pub const PLANNED_RECORDS: usize = 1_000;
pub const PLANNED_BYTES: usize = 8 * MIB;

/// JSON values nested deeper than this are not read.
pub const MAX_NESTING: usize = 128;

/// A JSON document that is neither an array nor one value a line is held in memory whole.
pub const MAX_DOCUMENT_BYTES: usize = 512 * MIB;

/// What has to be held in memory to be read: a workbook, or Parquet inside a container or from
/// standard input.
pub const MAX_HELD_BYTES: u64 = 2 * 1024 * MIB as u64;

/// Bytes one container may unpack to, its members together.
#[cfg(feature = "formats")]
pub const MAX_UNPACKED_BYTES: u64 = 64 * 1024 * MIB as u64;

/// A container that unpacks to more than this many times its size is taken for a bomb.
pub const MAX_RATIO: u64 = 250;

/// The ratio is not looked at before this many bytes: short files repeat themselves.
pub const RATIO_FROM_BYTES: u64 = 64 * MIB as u64;

/// Files taken from one folder, one pattern or one archive.
pub const MAX_MEMBERS: usize = 100_000;

/// Containers within containers, such as a `.csv.gz` in a `.zip`.
#[cfg(feature = "formats")]
pub const MAX_WRAPPING: usize = 3;

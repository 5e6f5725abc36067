//! Rows of a sheet as its cells come, without the memory the sheet's claimed size would take.

use crate::read::limits::{MAX_CELLS, MAX_COLUMNS, MAX_DOCUMENT_BYTES};
use crate::read::table::Row;

/// Rows as they fill.
pub(super) struct Rows {
    pub rows: Vec<Row>,
    most: usize,
    cells: usize,
    bytes: usize,
}

impl Rows {
    /// For at most so many rows.
    pub fn new(most: usize) -> Self {
        Rows { rows: Vec::new(), most, cells: 0, bytes: 0 }
    }

    /// Puts a cell, counted from 0, in its place; whether more are wanted. Cells come row by row.
    pub fn put(&mut self, row: u32, column: u32, text: String) -> Result<bool, String> {
        let line = u64::from(row) + 1;
        if text.is_empty() {
            return Ok(true);
        }
        let column = column as usize;
        if column >= MAX_COLUMNS {
            return Err(format!("row {line} has more than {MAX_COLUMNS} columns"));
        }
        if self.rows.last().is_none_or(|last| last.line != line) {
            if self.rows.len() == self.most {
                return Ok(false);
            }
            self.rows.push(Row { line, cells: Vec::new() });
        }
        if let Some(last) = self.rows.last_mut() {
            // Cells left out before this one take room too.
            self.cells += (column + 1).saturating_sub(last.cells.len());
            self.bytes += text.len();
            if self.cells > MAX_CELLS {
                return Err(format!("it has more than {MAX_CELLS} cells up to row {line}"));
            }
            if self.bytes > MAX_DOCUMENT_BYTES {
                let most = MAX_DOCUMENT_BYTES >> 20;
                return Err(format!("it has more than {most} MiB of text up to row {line}"));
            }
            if last.cells.len() <= column {
                last.cells.resize(column + 1, String::new());
            }
            last.cells[column] = text;
        }
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_put_where_they_belong_and_no_further() {
        let mut rows = Rows::new(2);
        assert_eq!(rows.put(4, 1, "a".into()), Ok(true));
        assert_eq!(rows.put(4, 3, "b".into()), Ok(true));
        assert_eq!(rows.put(9, 0, String::new()), Ok(true));
        assert_eq!(rows.put(9, 0, "c".into()), Ok(true));
        assert_eq!(rows.put(10, 0, "d".into()), Ok(false));
        let told: Vec<(u64, String)> =
            rows.rows.iter().map(|row| (row.line, row.cells.join("|"))).collect();
        assert_eq!(told, [(5, "|a||b".to_string()), (10, "c".to_string())]);
        let reason = rows.put(9, 20_000, "x".into()).unwrap_err();
        assert_eq!(reason, "row 10 has more than 16384 columns");
    }

    #[test]
    fn cells_and_their_text_are_bounded() {
        let mut rows = Rows::new(usize::MAX);
        let last = (0..).find_map(|row| rows.put(row, 16_000, "x".into()).err()).unwrap();
        assert!(last.starts_with("it has more than 20000000 cells up to row"), "{last}");
        let (mut rows, long) = (Rows::new(usize::MAX), "x".repeat(1 << 26));
        let last = (0..).find_map(|row| rows.put(row, 0, long.clone()).err()).unwrap();
        assert_eq!(last, "it has more than 512 MiB of text up to row 9");
    }
}

//! The rows of one sheet, as text, without the memory a sheet's claimed size would take.

use calamine::{Cell, Data, DataRef, DataType, Ods, Reader, Sheet, Xls, Xlsb, Xlsx};

use super::kind::Kind;
use crate::panic_guard::guarded;
use crate::read::limits::MAX_COLUMNS;
use crate::read::source::ReadSeek;
use crate::read::table::Row;

type Bytes = Box<dyn ReadSeek>;

/// An open workbook.
pub(super) enum Book {
    Xlsx(Box<Xlsx<Bytes>>),
    Xlsb(Box<Xlsb<Bytes>>),
    Xls(Box<Xls<Bytes>>),
    Ods(Box<Ods<Bytes>>),
}

impl Book {
    /// Opens a workbook; on failure what its reader says.
    pub fn open(bytes: Bytes, kind: Kind) -> Result<Book, String> {
        // The readers trust what a file says of itself in places, and panic.
        let opened = guarded(|| match kind {
            Kind::Xlsx => Xlsx::new(bytes).map(|b| Book::Xlsx(Box::new(b))).map_err(told),
            Kind::Xlsb => Xlsb::new(bytes).map(|b| Book::Xlsb(Box::new(b))).map_err(told),
            Kind::Xls => Xls::new(bytes).map(|b| Book::Xls(Box::new(b))).map_err(told),
            Kind::Ods => Ods::new(bytes).map(|b| Book::Ods(Box::new(b))).map_err(told),
        });
        opened.unwrap_or_else(|| Err("its parts contradict each other".into()))
    }

    /// The sheets in their order.
    pub fn sheets(&self) -> Vec<Sheet> {
        match self {
            Book::Xlsx(book) => book.sheets_metadata().to_vec(),
            Book::Xlsb(book) => book.sheets_metadata().to_vec(),
            Book::Xls(book) => book.sheets_metadata().to_vec(),
            Book::Ods(book) => book.sheets_metadata().to_vec(),
        }
    }

    /// The first rows of a sheet, at most so many.
    pub fn rows(&mut self, sheet: &str, most: usize) -> Result<Vec<Row>, String> {
        let mut rows = Rows { rows: Vec::new(), most };
        let read = guarded(|| self.fill(sheet, &mut rows));
        match read {
            Some(Ok(())) => Ok(rows.rows),
            Some(Err(reason)) => Err(reason),
            None => Err("its cells contradict each other".into()),
        }
    }

    fn fill(&mut self, sheet: &str, rows: &mut Rows) -> Result<(), String> {
        match self {
            Book::Xlsx(book) => {
                let mut cells = book.worksheet_cells_reader(sheet).map_err(told)?;
                rows.cells(|| cells.next_cell().map_err(told))
            }
            Book::Xlsb(book) => {
                let mut cells = book.worksheet_cells_reader(sheet).map_err(told)?;
                rows.cells(|| cells.next_cell().map_err(told))
            }
            Book::Xls(book) => rows.range(&book.worksheet_range(sheet).map_err(told)?),
            Book::Ods(book) => rows.range(&book.worksheet_range(sheet).map_err(told)?),
        }
    }
}

fn told(error: impl ToString) -> String {
    error.to_string()
}

/// Rows as they fill.
struct Rows {
    rows: Vec<Row>,
    most: usize,
}

impl Rows {
    /// Puts a cell, counted from 0, in its place; whether more are wanted.
    fn put(&mut self, row: u32, column: u32, text: String) -> Result<bool, String> {
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
            if last.cells.len() <= column {
                last.cells.resize(column + 1, String::new());
            }
            last.cells[column] = text;
        }
        Ok(true)
    }

    /// Cells as a reader gives them one after another, until it ends or no more are taken.
    fn cells<'a>(
        &mut self,
        mut next: impl FnMut() -> Result<Option<Cell<DataRef<'a>>>, String>,
    ) -> Result<(), String> {
        while let Some(cell) = next()? {
            let (row, column) = cell.get_position();
            if !self.put(row, column, of_ref(cell.get_value()))? {
                break;
            }
        }
        Ok(())
    }

    fn range(&mut self, range: &calamine::Range<Data>) -> Result<(), String> {
        let (top, left) = range.start().unwrap_or_default();
        for (row, column, cell) in range.used_cells() {
            if !self.put(top + row as u32, left + column as u32, of_data(cell))? {
                break;
            }
        }
        Ok(())
    }
}

fn of_ref(cell: &DataRef<'_>) -> String {
    match cell {
        DataRef::String(text) => text.clone(),
        DataRef::SharedString(text) => text.to_string(),
        other => of_data(&Data::from(other.clone())),
    }
}

/// A cell as it is shown: whole numbers without a point, dates as dates, errors as nothing.
fn of_data(cell: &Data) -> String {
    match cell {
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => text.clone(),
        Data::Int(number) => number.to_string(),
        Data::Float(number) => number.to_string(),
        Data::Bool(value) => value.to_string(),
        Data::DateTime(moment) if cell.is_datetime() && moment.is_datetime() => {
            let (year, month, day, hour, minute, second, _) = moment.to_ymd_hms_milli();
            let date = format!("{year:04}-{month:02}-{day:02}");
            match (hour, minute, second) {
                (0, 0, 0) => date,
                _ => format!("{date}T{hour:02}:{minute:02}:{second:02}"),
            }
        }
        Data::DateTime(duration) => duration.as_f64().to_string(),
        Data::Error(_) | Data::Empty => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_put_where_they_belong_and_no_further() {
        let mut rows = Rows { rows: Vec::new(), most: 2 };
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
    fn cells_are_written_as_they_are_shown() {
        for (cell, expected) in [
            (Data::Float(3.0), "3"),
            (Data::Float(0.1), "0.1"),
            (Data::Float(1_234_567_890_123_456.0), "1234567890123456"),
            (Data::Bool(true), "true"),
            (Data::Error(calamine::CellErrorType::NA), ""),
            (Data::Empty, ""),
        ] {
            assert_eq!(of_data(&cell), expected);
        }
    }
}

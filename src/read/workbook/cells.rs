//! The rows of one sheet, as text.

use calamine::{Cell, Data, DataRef, DataType, Reader, SheetVisible, Xls, Xlsb, Xlsx};

use super::kind::Kind;
use super::ods::Ods;
use super::rows::Rows;
use super::xls_extent::refuse_sparse;
use crate::panic_guard::guarded;
use crate::read::source::ReadSeek;
use crate::read::table::Row;

type Bytes = Box<dyn ReadSeek>;

/// An open workbook.
pub(super) enum Book {
    Xlsx(Box<Xlsx<Bytes>>),
    Xlsb(Box<Xlsb<Bytes>>),
    Xls(Box<Xls<Bytes>>),
    Ods(Box<Ods>),
}

impl Book {
    /// Opens a workbook; on failure what its reader says.
    pub fn open(mut bytes: Bytes, kind: Kind) -> Result<Book, String> {
        // The readers trust what a file says of itself in places, and panic.
        let opened = guarded(|| match kind {
            Kind::Xlsx => Xlsx::new(bytes).map(|b| Book::Xlsx(Box::new(b))).map_err(told),
            Kind::Xlsb => Xlsb::new(bytes).map(|b| Book::Xlsb(Box::new(b))).map_err(told),
            Kind::Xls => {
                refuse_sparse(&mut bytes)?;
                Xls::new(bytes).map(|b| Book::Xls(Box::new(b))).map_err(told)
            }
            Kind::Ods => Ods::open(bytes).map(|b| Book::Ods(Box::new(b))),
        });
        opened.unwrap_or_else(|| Err("its parts contradict each other".into()))
    }

    /// The names of the sheets in their order, and whether each is shown.
    pub fn sheets(&self) -> Vec<(String, bool)> {
        let sheets = match self {
            Book::Xlsx(book) => book.sheets_metadata(),
            Book::Xlsb(book) => book.sheets_metadata(),
            Book::Xls(book) => book.sheets_metadata(),
            Book::Ods(book) => return book.sheets.clone(),
        };
        let sheets = sheets.iter();
        sheets.map(|s| (s.name.clone(), s.visible == SheetVisible::Visible)).collect()
    }

    /// The first rows of a sheet, at most so many.
    pub fn rows(&mut self, sheet: &str, most: usize) -> Result<Vec<Row>, String> {
        let mut rows = Rows::new(most);
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
                put_all(rows, || cells.next_cell().map_err(told))
            }
            Book::Xlsb(book) => {
                let mut cells = book.worksheet_cells_reader(sheet).map_err(told)?;
                put_all(rows, || cells.next_cell().map_err(told))
            }
            Book::Xls(book) => put_range(rows, &book.worksheet_range(sheet).map_err(told)?),
            Book::Ods(book) => book.fill(sheet, rows),
        }
    }
}

fn told(error: impl ToString) -> String {
    error.to_string()
}

/// Puts cells, as a reader gives them one after another, until it ends or no more are taken.
fn put_all<'a>(
    rows: &mut Rows,
    mut next: impl FnMut() -> Result<Option<Cell<DataRef<'a>>>, String>,
) -> Result<(), String> {
    while let Some(cell) = next()? {
        let (row, column) = cell.get_position();
        if !rows.put(row, column, of_ref(cell.get_value()))? {
            break;
        }
    }
    Ok(())
}

fn put_range(rows: &mut Rows, range: &calamine::Range<Data>) -> Result<(), String> {
    let (top, left) = range.start().unwrap_or_default();
    for (row, column, cell) in range.used_cells() {
        if !rows.put(top + row as u32, left + column as u32, of_data(cell))? {
            break;
        }
    }
    Ok(())
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

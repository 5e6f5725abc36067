//! Separated values, with or without a header.
//!
//! A record is gathered line by line until its quotes are closed, so a quote that never closes
//! costs nothing but itself; the `csv` crate would take the rest of the file into that value.

use std::io::{self, BufRead};

use super::lines::Lines;
use super::sink::Sink;
use super::table::{Row, Table};
use super::{Columns, Format, ReadError, TableOptions};
use dialect::Layout;
use rows::Rows;

mod dialect;
mod rows;
mod separator;

/// Reads all records.
pub(super) fn read(
    format: Format,
    sample: &str,
    text: &mut dyn BufRead,
    sink: &mut Sink<'_>,
) -> Result<(), ReadError> {
    let file = sink.file().to_string();
    let io = |source: io::Error| ReadError::Io { file: file.clone(), source };
    let options = sink.table();
    let layout = dialect::layout(sample, format, &options, sink.mapper().columns());
    let mut lines = Lines::new(text);
    for _ in 0..options.skip_lines {
        if lines.next_line().map_err(io)?.is_none() {
            break;
        }
    }
    let mut rows = Rows::new(lines, layout.dialect);
    let Some(mut table) = begin(&layout, &mut rows, sink)? else {
        return Err(ReadError::Empty { file: file.clone() });
    };
    let mut mended = (0u64, 0u64);
    while let Some(row) = rows.next_row(table.width()).map_err(io)? {
        let line = row.line;
        if row.mended {
            mended = (mended.0 + 1, if mended.0 == 0 { line } else { mended.1 });
        }
        match row.values {
            // A row of nothing but separators is a record without text.
            Ok(cells) => table.row(Row { line, cells }, sink),
            Err(reason) => sink.skip(line, reason),
        }
    }
    if let (count @ 1.., first) = mended {
        let what = match count {
            1 => format!("the quotes in line {first} do not close where a value ends"),
            _ => format!(
                "the quotes in {count} lines do not close where a value ends, the first in line \
                 {first}"
            ),
        };
        sink.warn(format!(
            "{what}; they are taken for characters (two quotes within quotes are one)"
        ));
    }
    table.finish(sink);
    Ok(())
}

/// Reads up to the header, and makes the table; `None` when the input ends before.
fn begin<R: BufRead>(
    layout: &Layout,
    rows: &mut Rows<R>,
    sink: &mut Sink<'_>,
) -> Result<Option<Table>, ReadError> {
    let file = sink.file().to_string();
    let Some(header_line) = layout.header_line else {
        let Some(width) = layout.width else { return Ok(None) };
        return Table::without_header(width, sink).map(Some);
    };
    loop {
        let row = rows.next_row(0);
        let row = row.map_err(|source| ReadError::Io { file: file.clone(), source })?;
        let Some(row) = row else { return Ok(None) };
        if row.line >= header_line {
            let cells = row.values.unwrap_or_default();
            return Table::under(&Row { line: row.line, cells }, layout.first_line, sink).map(Some);
        }
    }
}

/// CSV or TSV, if the text has a header with at least one usual name.
pub(super) fn looks_like_table(sample: &str) -> Option<Format> {
    let columns = Columns::default();
    let options = TableOptions::default();
    let dialect = dialect::detect(sample, &options, &columns)?;
    let layout = Layout::of(sample, dialect, &options, &columns);
    let tab = dialect.delimiter == b'\t';
    layout.has_text.then_some(if tab { Format::Tsv } else { Format::Csv })
}

#[cfg(test)]
mod tests;

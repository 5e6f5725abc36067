//! CSV for spreadsheets: lists are joined, noise is -1, and a text that a spreadsheet would run as
//! a formula gets an apostrophe in front.

use std::borrow::Cow;
use std::io::{self, Write};

use super::column::{Column, Values};
use super::columns::Table;
use super::options::{Changed, Formulas, TableOptions};

/// Between the entries of a list; ids hold no space.
const LIST: &str = "; ";

pub(in crate::export) fn write(
    table: &Table,
    options: &TableOptions,
    out: &mut dyn Write,
) -> io::Result<Changed> {
    if options.byte_order_mark {
        out.write_all("\u{feff}".as_bytes())?;
    }
    let mut changed = Changed::default();
    let mut cell = |text: Cow<'_, str>| -> String {
        if options.formulas == Formulas::Neutralised && is_formula(&text) {
            changed.neutralised += 1;
            format!("'{text}")
        } else {
            text.into_owned()
        }
    };
    let mut writer = ::csv::Writer::from_writer(out);
    for (part, columns) in table.parts().enumerate() {
        if part == 0 {
            let header: Vec<String> = columns.iter().map(|c| cell(Cow::from(&*c.name))).collect();
            writer.write_record(&header).map_err(cause)?;
        }
        let n = columns.first().map_or(0, |column| column.values.len());
        for row in 0..n {
            let record: Vec<String> = columns
                .iter()
                .map(|column| match &column.values {
                    // A number is no formula, whatever its sign.
                    Values::Text(_) | Values::List(_) => cell(text(column, row, options.id_prefix)),
                    _ => text(column, row, "").into_owned(),
                })
                .collect();
            writer.write_record(&record).map_err(cause)?;
        }
    }
    writer.flush()?;
    Ok(changed)
}

/// The text of a cell before it is made harmless.
fn text<'a>(column: &'a Column, row: usize, id_prefix: &str) -> Cow<'a, str> {
    let number = |value: Option<String>| value.map_or(Cow::Borrowed(column.empty), Cow::Owned);
    let id = |id: &str| format!("{id_prefix}{id}");
    match &column.values {
        Values::Text(values) => match &values[row] {
            Some(value) if column.is_ids => Cow::Owned(id(value)),
            Some(value) => Cow::Borrowed(value),
            None => Cow::Borrowed(column.empty),
        },
        Values::List(values) if column.is_ids => {
            let ids: Vec<String> = values[row].iter().map(|value| id(value)).collect();
            Cow::Owned(ids.join(" "))
        }
        Values::List(values) => Cow::Owned(values[row].join(LIST)),
        Values::Integer(values) => number(values[row].map(|v| v.to_string())),
        Values::Float(values) => number(values[row].map(|v| v.to_string())),
        Values::Single(values) => number(values[row].map(|v| v.to_string())),
        Values::Flag(values) => number(values[row].map(|v| v.to_string())),
        Values::Date(values) => number(values[row].map(|v| v.to_string())),
    }
}

/// Spreadsheets take a cell that begins with one of these for a formula, which may contact a
/// server (OWASP, "CSV injection").
fn is_formula(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠'])
}

/// The I/O error inside a CSV error, so that a full disk or a closed pipe is recognised.
fn cause(error: ::csv::Error) -> io::Error {
    match error.into_kind() {
        ::csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}

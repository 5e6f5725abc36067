//! Rows of cells, whatever they were read from (a sheet, an HTML table, JSON arrays) ->
//! records. The first row names the columns.

use super::ReadError;
use super::limits::MAX_COLUMNS;
use super::record::{Record, Value};
use super::sink::Sink;

/// A row and the line it begins in.
pub(super) struct Row {
    pub line: u64,
    pub cells: Vec<String>,
}

/// Reads all rows; a row may be shorter than the header.
pub(super) fn read(rows: impl Iterator<Item = Row>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
    let blank = |row: &Row| row.cells.iter().all(|cell| cell.trim().is_empty());
    let mut rows = rows.filter(|row| !blank(row));
    let Some(header) = rows.next() else {
        return Err(ReadError::Empty { file: sink.file().to_string() });
    };
    let names = named(&header.cells);
    limit(&names, sink.file())?;
    sink.header(&names)?;
    for row in rows {
        let reason = match row.cells.get(names.len()..) {
            Some(rest) if rest.iter().any(|cell| !cell.trim().is_empty()) => {
                format!("has {} values where the header has {}", row.cells.len(), names.len())
            }
            _ => {
                let cells = row.cells.into_iter().map(Value::Text);
                sink.record(row.line, names.iter().cloned().zip(cells).collect::<Record>());
                continue;
            }
        };
        sink.skip(row.line, reason);
    }
    Ok(())
}

/// Header names, those left empty numbered.
pub(super) fn named(header: &[String]) -> Vec<String> {
    let name = |(at, name): (usize, &String)| match name.trim() {
        "" => format!("column {}", at + 1),
        name => name.to_string(),
    };
    header.iter().enumerate().map(name).collect()
}

/// Refuses a table of too many columns.
pub(super) fn limit(names: &[String], file: &str) -> Result<(), ReadError> {
    if names.len() <= MAX_COLUMNS {
        return Ok(());
    }
    Err(ReadError::Limit {
        file: file.to_string(),
        seen: format!("it has {} columns, the limit is {MAX_COLUMNS}", names.len()),
        advice: "keep the columns of the postings, or transpose the table",
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::Columns;
    use crate::read::gather::Gathered;

    fn gather(rows: &[&[&str]]) -> Result<Gathered, ReadError> {
        let (columns, mut gathered) = (Columns::default(), Gathered::default());
        let mut sink = Sink::new("f", &columns, &mut gathered);
        let row = |(at, cells): (usize, &&[&str])| Row {
            line: at as u64 + 1,
            cells: cells.iter().map(|cell| cell.to_string()).collect(),
        };
        read(rows.iter().enumerate().map(row), &mut sink)?;
        sink.finish()?;
        Ok(gathered)
    }

    #[test]
    fn rows_become_roles() {
        let rows: [&[&str]; 5] =
            [&["", ""], &["title", "text"], &["a", "b"], &["c"], &["d", "e", "f"]];
        let gathered = gather(&rows).unwrap();
        let told: Vec<(u64, &str, &str)> = gathered
            .roles
            .iter()
            .map(|r| (r.origin.line, r.title.as_str(), r.description.as_str()))
            .collect();
        assert_eq!(told, [(3, "a", "b"), (4, "c", "")]);
        assert_eq!((gathered.skipped_total, gathered.skipped[0].line), (1, 5));
        assert!(matches!(gather(&[]), Err(ReadError::Empty { .. })));
    }

    #[test]
    fn a_million_columns_are_refused() {
        let names = vec!["title"; 1_000_000];
        let error = gather(&[&names]).unwrap_err().to_string();
        assert!(error.contains("1000000 columns, the limit is 16384"), "{error}");
    }
}

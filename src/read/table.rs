//! Rows of cells, whatever they were read from (a sheet, an HTML table, CSV, JSON arrays) ->
//! records. A row names the columns: usually the first, but reports put lines above it.

use super::limits::MAX_COLUMNS;
use super::record::{Record, Value, tell_apart};
use super::sink::{Header, Sink};
use super::{Columns, ReadError, columns};

/// Rows among which the header is looked for.
pub(super) const HEADER_ROWS: usize = 40;

/// A row and the line it begins in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Row {
    pub line: u64,
    pub cells: Vec<String>,
}

impl Row {
    pub fn is_blank(&self) -> bool {
        self.cells.iter().all(|cell| cell.trim().is_empty())
    }
}

/// Reads all rows; a row may be shorter than the header.
pub(super) fn read(rows: impl Iterator<Item = Row>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
    let options = sink.table();
    let skipped = options.skip_lines;
    let mut rows = rows.filter(|row| row.line > skipped && !row.is_blank());
    let first: Vec<Row> = rows.by_ref().take(HEADER_ROWS).collect();
    let at = match options.no_header {
        true => None,
        false => Some(header_among(&first, sink.mapper().columns())),
    };
    let Some(start) = first.first() else {
        return Err(ReadError::Empty { file: sink.file().to_string() });
    };
    let width = first.iter().map(|row| row.cells.len()).max().unwrap_or(0);
    let mut table = match at {
        Some(at) => Table::under(&first[at], start.line, sink)?,
        None => Table::without_header(width, sink)?,
    };
    for row in first.into_iter().skip(at.map_or(0, |at| at + 1)).chain(rows) {
        table.row(row, sink);
    }
    table.finish(sink);
    Ok(())
}

/// The row that names the columns: the first, unless another of the first rows has known names
/// where the first has none, or is a single line above a table.
pub(super) fn header_among(rows: &[Row], columns: &Columns) -> usize {
    let score = |row: &Row| columns::header_score(columns, &row.cells);
    let Some(first) = rows.first() else { return 0 };
    let filled = |row: &Row| row.cells.iter().filter(|cell| !cell.trim().is_empty()).count();
    let first_score = score(first);
    let alone = filled(first) < 2;
    if first_score.has_text && !alone {
        return 0;
    }
    let mut best = (first_score, 0);
    for (at, row) in rows.iter().enumerate().skip(1) {
        let found = score(row);
        // Half of the cells are names, or it may be a posting that says "Title: Driver".
        let is_header = found.has_text && found.known * 2 >= filled(row);
        if is_header && found > best.0 && (found.known > 1 || filled(row) == 1) {
            best = (found, at);
        }
    }
    best.1
}

/// A table whose columns are known.
pub(super) struct Table {
    names: Vec<String>,
    header: Option<Vec<String>>,
    short: Counted,
    long: Counted,
    repeated: Counted,
}

/// How many, and the first of them.
#[derive(Default)]
struct Counted {
    count: u64,
    first: u64,
}

impl Counted {
    fn add(&mut self, line: u64) {
        if self.count == 0 {
            self.first = line;
        }
        self.count += 1;
    }

    /// `what` in the singular and in the plural.
    fn told(&self, what: [&str; 2]) -> Option<String> {
        let Counted { count, first } = self;
        match count {
            0 => None,
            1 => Some(format!("the row in line {first} {}", what[0])),
            _ => Some(format!("{count} rows {}, the first in line {first}", what[1])),
        }
    }
}

impl Table {
    /// A table whose columns `header` names; `start` is the first line that says something.
    pub fn under(header: &Row, start: u64, sink: &mut Sink<'_>) -> Result<Self, ReadError> {
        let names = named(&header.cells);
        limit(&names, sink.file())?;
        sink.header(Header { names: names.clone(), line: Some(header.line) })?;
        if header.line > start {
            let (last, line) = (header.line - 1, header.line);
            let lines = if last == start {
                format!("line {start} is")
            } else {
                format!("lines {start} to {last} are")
            };
            sink.warn(format!(
                "{lines} no part of the table and left out; line {line} was taken for the header \
                 (--skip-lines N sets where the table begins)"
            ));
        }
        Ok(Table::of(names, Some(header.cells.clone())))
    }

    /// A table whose columns have numbers only.
    pub fn without_header(width: usize, sink: &mut Sink<'_>) -> Result<Self, ReadError> {
        let names: Vec<String> = (1..=width.min(MAX_COLUMNS + 1)).map(numbered).collect();
        limit(&names, sink.file())?;
        sink.header(Header { names: names.clone(), line: None })?;
        Ok(Table::of(names, None))
    }

    fn of(names: Vec<String>, header: Option<Vec<String>>) -> Self {
        let (short, long, repeated) = Default::default();
        Table { names, header, short, long, repeated }
    }

    pub fn width(&self) -> usize {
        self.names.len()
    }

    /// A row below the header.
    pub fn row(&mut self, row: Row, sink: &mut Sink<'_>) {
        let (line, width) = (row.line, self.names.len());
        if self.header.as_ref().is_some_and(|header| *header == row.cells) {
            self.repeated.add(line);
            return;
        }
        let mut cells = row.cells;
        while cells.len() > width && cells.last().is_some_and(|cell| cell.trim().is_empty()) {
            cells.pop();
        }
        if cells.len() > width {
            self.long.add(line);
            let reason = format!("has {} values where the header has {width}", cells.len());
            return sink.skip(line, reason);
        }
        if cells.len() < width {
            self.short.add(line);
        }
        let cells = cells.into_iter().map(Value::Text);
        sink.record(line, self.names.iter().cloned().zip(cells).collect::<Record>());
    }

    /// Says what was uneven.
    pub fn finish(self, sink: &mut Sink<'_>) {
        let told = [
            self.short.told([
                "has fewer values than the header; the last are taken as empty",
                "have fewer values than the header (the last are taken as empty)",
            ]),
            self.long.told([
                "has more values than the header and is skipped; a separator inside a value needs \
                 quotes around it",
                "have more values than the header and are skipped (a separator inside a value \
                 needs quotes around it)",
            ]),
            self.repeated
                .told(["repeats the header and is left out", "repeat the header and are left out"]),
        ];
        told.into_iter().flatten().for_each(|told| sink.warn(told));
    }
}

fn numbered(number: usize) -> String {
    format!("column {number}")
}

/// Header names: those left empty numbered, those that come again told apart.
fn named(header: &[String]) -> Vec<String> {
    let name = |(at, name): (usize, &String)| match name.trim() {
        "" => numbered(at + 1),
        name => name.to_string(),
    };
    let mut names: Vec<String> = header.iter().enumerate().map(name).collect();
    tell_apart(names.iter_mut().collect());
    names
}

/// How many names of columns the best of these rows has; 0 where none has a title or a text.
#[cfg(feature = "xlsx")]
pub(super) fn known_names(rows: &[Row], columns: &Columns) -> usize {
    let header = rows.get(header_among(rows, columns));
    let score = header.map(|row| columns::header_score(columns, &row.cells)).unwrap_or_default();
    if score.has_text { score.known } else { 0 }
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
    use crate::read::TableOptions;
    use crate::read::accumulator::Accumulator;
    use crate::read::sink::Account;

    fn gather(
        rows: &[&[&str]],
        options: TableOptions,
    ) -> Result<(Accumulator, Account), ReadError> {
        let (columns, mut gathered) = (Columns::default(), Accumulator::default());
        let mut sink = Sink::new("f", &columns, &mut gathered).with_table(options);
        let row = |(at, cells): (usize, &&[&str])| Row {
            line: at as u64 + 1,
            cells: cells.iter().map(|cell| cell.to_string()).collect(),
        };
        read(rows.iter().enumerate().map(row), &mut sink)?;
        let account = sink.finish()?;
        Ok((gathered, account))
    }

    fn told(gathered: &Accumulator) -> Vec<(u64, &str, &str)> {
        let roles = gathered.roles.iter();
        roles.map(|r| (r.origin.line, r.title.as_str(), r.description.as_str())).collect()
    }

    #[test]
    fn rows_become_roles() {
        let rows: [&[&str]; 7] = [
            &["", ""],
            &["title", "text"],
            &["a", "b"],
            &["c"],
            &["d", "e", "f"],
            &["g", "h", " ", ""],
            &["title", "text"],
        ];
        let (gathered, account) = gather(&rows, TableOptions::default()).unwrap();
        assert_eq!(told(&gathered), [(3, "a", "b"), (4, "c", ""), (6, "g", "h")]);
        assert_eq!((gathered.skipped_total, gathered.skipped[0].line), (1, 5));
        let said = account.warnings.join("\n");
        for part in
            ["line 4 has fewer values", "line 5 has more values", "line 7 repeats the header"]
        {
            assert!(said.contains(part), "{part}: {said}");
        }
        assert!(matches!(gather(&[], TableOptions::default()), Err(ReadError::Empty { .. })));
    }

    #[test]
    fn the_header_is_found_below_other_lines() {
        let reports: [&[&[&str]]; 4] = [
            &[&["Vacancy report"], &["Name", "Aufgaben"], &["a", "b"]],
            &[&["Export", "2026-01-05"], &["by", "HR"], &["职位名称", "工作地点"], &["a", "b"]],
            &[&["Title"], &["Job title", "Description"], &["a", "b"]],
            &[&["Stand", ""], &["Stelle", "Ort"], &["a", "b"]],
        ];
        for rows in reports {
            let (gathered, account) = gather(rows, TableOptions::default()).unwrap();
            assert_eq!(gathered.roles.len(), 1, "{rows:?}");
            assert_eq!(gathered.roles[0].title, "a", "{rows:?}");
            assert!(account.warnings[0].contains("taken for the header"), "{rows:?}");
        }
    }

    #[test]
    fn a_table_without_a_header_is_told_by_its_content() {
        let long = "Fährt die Linie im Stadtgebiet, verkauft Fahrkarten, hilft beim Einsteigen und \
                    meldet Störungen an die Leitstelle.";
        let rows: [&[&str]; 3] = [
            &["1", "Busfahrer", "Ulm", long],
            &["2", "Lokführer", "Ulm", long],
            &["3", "Schaffner", "Ulm", long],
        ];
        let options = TableOptions { no_header: true, skip_lines: 0 };
        let (gathered, _) = gather(&rows, options).unwrap();
        assert_eq!(told(&gathered)[0], (1, "Busfahrer", long));
        let options = TableOptions { no_header: true, skip_lines: 2 };
        assert_eq!(gather(&rows, options).unwrap().0.roles.len(), 1);
        let error = gather(&rows, TableOptions::default()).unwrap_err().to_string();
        for part in ["\"Busfahrer\"", "--no-header", "--skip-lines", "--title-column"] {
            assert!(error.contains(part), "{part}: {error}");
        }
    }

    #[test]
    fn a_million_columns_are_refused() {
        let names = vec!["title"; 1_000_000];
        let error = gather(&[&names], TableOptions::default()).unwrap_err().to_string();
        assert!(error.contains("columns, the limit is 16384"), "{error}");
    }
}

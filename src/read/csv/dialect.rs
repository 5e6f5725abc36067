//! How a table is written, from its beginning: the separator, quotes within quotes, and the
//! line with the names.

use super::rows::{Dialect, Rows};
use super::separator::separator_line;
use crate::read::columns::header_score;
use crate::read::lines::Lines;
use crate::read::table::{HEADER_ROWS, Row, header_among};
use crate::read::{Columns, Format, TableOptions};

const DELIMITERS: [u8; 4] = [b',', b'\t', b';', b'|'];

/// Rows of the sample that are looked at.
const ROWS: usize = 100;

/// A table's beginning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Layout {
    pub dialect: Dialect,
    /// The line with the names of the columns; `None` where the user says there is none.
    pub header_line: Option<u64>,
    /// The first line that says something.
    pub first_line: u64,
    /// Values in the widest of the first rows; `None` where there is no row.
    pub width: Option<usize>,
    /// Whether a name says title, text or technologies.
    pub has_text: bool,
    known: usize,
    /// Of a hundred rows below the header as many have as many values as it has.
    even: usize,
    columns: usize,
}

/// How a table is written that begins like `sample`.
pub(super) fn layout(
    sample: &str,
    format: Format,
    options: &TableOptions,
    columns: &Columns,
) -> Layout {
    let tabs = format == Format::Tsv && sample.contains('\t');
    let dialect = match tabs {
        true => best(sample, b"\t", options, columns),
        false => detect(sample, options, columns),
    };
    let fallback = Dialect { delimiter: if tabs { b'\t' } else { b',' }, ..Dialect::default() };
    Layout::of(sample, dialect.unwrap_or(fallback), options, columns)
}

/// How the sample is written, if it has at least two columns: the separator that the file
/// states, or the one that cuts it into the most even rows; with equals, the one under which
/// the header has more known names.
pub(super) fn detect(sample: &str, options: &TableOptions, columns: &Columns) -> Option<Dialect> {
    let skipped = usize::try_from(options.skip_lines).unwrap_or(usize::MAX);
    let mut stated = sample.split(['\n', '\r']).filter(|line| !line.is_empty());
    if let Some(delimiter) = stated.nth(skipped).and_then(|l| separator_line(l.as_bytes())) {
        return best(sample, &[delimiter], options, columns)
            .or(Some(Dialect { delimiter, ..Dialect::default() }));
    }
    best(sample, &DELIMITERS, options, columns)
}

fn best(
    sample: &str,
    delimiters: &[u8],
    options: &TableOptions,
    columns: &Columns,
) -> Option<Dialect> {
    let mut layouts: Vec<Layout> = Vec::new();
    for &delimiter in delimiters.iter().rev() {
        for (escapes, spaced) in [(true, true), (true, false), (false, true), (false, false)] {
            let gap = [delimiter, b' ', b'"'];
            let has = |mark: &[u8]| sample.as_bytes().windows(mark.len()).any(|w| w == mark);
            if (escapes && !has(b"\\\"")) || (spaced && !has(&gap)) {
                continue;
            }
            let dialect = Dialect { delimiter, escapes, spaced };
            layouts.push(Layout::of(sample, dialect, options, columns));
        }
    }
    // The last of equals is the plainest.
    let score = |layout: &Layout| (layout.known > 0, layout.even, layout.known, layout.columns);
    let layouts = layouts.into_iter().filter(|layout| layout.columns > 1);
    layouts.max_by_key(score).map(|layout| layout.dialect)
}

impl Layout {
    /// What the sample looks like when it is read in this way.
    pub fn of(sample: &str, dialect: Dialect, options: &TableOptions, columns: &Columns) -> Layout {
        let mut lines = Lines::new(sample.as_bytes());
        for _ in 0..options.skip_lines {
            if !matches!(lines.next_line(), Ok(Some(_))) {
                break;
            }
        }
        let mut reader = Rows::new(lines, dialect);
        let mut rows: Vec<Row> = Vec::new();
        while rows.len() < ROWS
            && let Ok(Some(row)) = reader.next_row(0)
        {
            rows.push(Row { line: row.line, cells: row.values.unwrap_or_default() });
        }
        let width = rows.iter().map(|row| row.cells.len()).max();
        let first_line = rows.first().map_or(1, |row| row.line);
        let empty = Layout {
            dialect,
            header_line: None,
            first_line,
            width,
            has_text: false,
            known: 0,
            even: 0,
            columns: width.unwrap_or(0),
        };
        let (at, names) = match options.no_header {
            true => (0, width.unwrap_or(0)),
            false => {
                let at = header_among(&rows[..rows.len().min(HEADER_ROWS)], columns);
                let Some(header) = rows.get(at) else {
                    // The line with the names is still to come, or there is none.
                    return Layout { header_line: Some(0), ..empty };
                };
                (at + 1, header.cells.len())
            }
        };
        let below = &rows[at.min(rows.len())..];
        let even = below.iter().filter(|row| row.cells.len() == names).count();
        let score = at.checked_sub(1).map(|at| header_score(columns, &rows[at].cells));
        Layout {
            header_line: at.checked_sub(1).map(|at| rows[at].line),
            has_text: score.is_some_and(|score| score.has_text),
            known: score.map_or(0, |score| score.known),
            // The header itself counts, so that a lone one is even.
            even: (even + 1) * 100 / (below.len() + 1),
            columns: names,
            ..empty
        }
    }
}

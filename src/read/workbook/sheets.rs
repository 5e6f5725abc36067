//! Which sheets of a workbook are read.

use super::cells::Book;
use super::kind::{Kind, Sheets};
use crate::read::source::Source;
use crate::read::table;
use crate::read::{ReadError, ReadOptions};

/// Why a sheet is not read.
const OTHER_COLUMNS: &str =
    "has columns less like those of postings than another sheet (--sheet NAME reads it)";

/// Reads the sheets that hold postings.
pub(super) fn read(
    source: Source<'_>,
    kind: Kind,
    options: &ReadOptions,
    taker: &mut dyn Sheets,
) -> Result<(), ReadError> {
    let file = source.name.clone();
    let bytes = source.into_seekable()?.into_read_seek();
    let mut book = Book::open(bytes, kind).map_err(|seen| unreadable(&file, kind, seen))?;
    let visible = book.sheets();
    let wanted = match &options.sheet {
        Some(name) => vec![named(&file, name, &visible)?],
        None => {
            let judged = judge(&mut book, &visible, options, taker);
            of_postings(judged, taker).map_err(|seen| match seen {
                Some((sheet, seen)) => unreadable(&format!("{file}/{sheet}"), kind, seen),
                None => ReadError::Empty { file: file.clone() },
            })?
        }
    };
    let (mut read_any, mut refused) = (false, Vec::new());
    for name in wanted {
        let rows = book.rows(&name, usize::MAX);
        let outcome = match rows {
            Ok(rows) => {
                let mut rows = Some(rows);
                taker.sheet(&name, &mut |sink| table::read(rows.take().into_iter().flatten(), sink))
            }
            Err(seen) => Err(unreadable(&format!("{file}/{name}"), kind, seen)),
        };
        match outcome {
            Ok(()) => read_any = true,
            Err(error) => refused.push((name, error)),
        }
    }
    if !read_any {
        let first = refused.into_iter().next().map(|(_, error)| error);
        return Err(first.unwrap_or(ReadError::Empty { file }));
    }
    for (name, error) in refused {
        taker.failed(&name, error.to_string());
    }
    Ok(())
}

fn unreadable(file: &str, kind: Kind, seen: String) -> ReadError {
    ReadError::Unreadable {
        file: file.to_string(),
        kind: kind.name(),
        seen,
        advice: "save it again, or save the sheet as CSV in UTF-8",
    }
}

/// The sheet of this name, or of this number.
fn named(file: &str, wanted: &str, sheets: &[(String, bool)]) -> Result<String, ReadError> {
    let same = |name: &str| name.trim().to_lowercase() == wanted.trim().to_lowercase();
    let by_name = sheets.iter().find(|(name, _)| same(name));
    let by_number = || sheets.get(wanted.trim().parse::<usize>().ok()?.checked_sub(1)?);
    match by_name.or_else(by_number) {
        Some((name, _)) => Ok(name.clone()),
        None => Err(ReadError::NoSuchSheet {
            file: file.to_string(),
            sheet: wanted.to_string(),
            known: sheets.iter().map(|(name, _)| name.clone()).collect(),
        }),
    }
}

/// A sheet: how many names of columns its header has, and how many of its rows were looked at;
/// or why it cannot be read.
struct Judged {
    name: String,
    seen: Result<(usize, usize), String>,
}

/// Looks at the beginning of every sheet that is not hidden.
fn judge(
    book: &mut Book,
    sheets: &[(String, bool)],
    options: &ReadOptions,
    taker: &mut dyn Sheets,
) -> Vec<Judged> {
    let mut judged = Vec::new();
    for (name, visible) in sheets {
        if !visible {
            taker.left_out(name, "is a hidden sheet (--sheet NAME reads it)".into());
            continue;
        }
        let rows = book.rows(name, table::HEADER_ROWS);
        let seen = rows.map(|rows| (table::known_names(&rows, &options.columns), rows.len()));
        judged.push(Judged { name: name.clone(), seen });
    }
    judged
}

/// The sheets whose columns are named best, in their order; the others are left out aloud. An
/// error is the first sheet that cannot be read, or nothing where all are empty.
fn of_postings(
    sheets: Vec<Judged>,
    taker: &mut dyn Sheets,
) -> Result<Vec<String>, Option<(String, String)>> {
    let mut unreadable = None;
    let mut judged: Vec<(&str, usize, usize)> = Vec::new();
    for sheet in &sheets {
        match &sheet.seen {
            Ok((known, rows)) => judged.push((&sheet.name, *known, *rows)),
            Err(reason) => {
                unreadable.get_or_insert((sheet.name.clone(), reason.clone()));
            }
        }
    }
    let Some(best) = judged.iter().map(|(_, known, rows)| (*known, *rows)).max() else {
        return Err(unreadable);
    };
    if best.1 == 0 {
        return Err(None);
    }
    // Sheets of one kind, such as one for each month, are read together. Without any name the
    // longest sheet is tried, and its columns are listed in the error.
    let alike: Vec<&str> = judged
        .iter()
        .filter(|(_, known, rows)| best.0 > 0 && *known == best.0 && *rows > 1)
        .map(|(name, ..)| *name)
        .collect();
    let only = judged.iter().find(|(_, known, rows)| (*known, *rows) == best);
    let wanted =
        if alike.is_empty() { only.map(|(name, ..)| *name).into_iter().collect() } else { alike };
    for (name, _, rows) in &judged {
        if *rows > 0 && !wanted.contains(name) {
            taker.left_out(name, OTHER_COLUMNS.into());
        }
    }
    Ok(wanted.into_iter().map(str::to_string).collect())
}

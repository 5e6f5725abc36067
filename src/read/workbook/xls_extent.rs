//! How much a workbook of the old format would take, before calamine makes tables of its sheets.

use std::io::{Read, SeekFrom};

use crate::read::source::ReadSeek;

/// Cells that may be spanned in any case, and for each cell that holds something.
const SPANNED: u64 = 4_000_000;
const SPANNED_PER_CELL: u64 = 64;

/// What the cells of one sheet span.
#[derive(Clone, Copy)]
struct Extent {
    cells: u64,
    rows: (u16, u16),
    columns: (u16, u16),
}

impl Extent {
    const NONE: Extent = Extent { cells: 0, rows: (u16::MAX, 0), columns: (u16::MAX, 0) };

    fn add(&mut self, row: u16, columns: (u16, u16)) {
        self.cells += u64::from(columns.1.saturating_sub(columns.0)) + 1;
        self.rows = (self.rows.0.min(row), self.rows.1.max(row));
        self.columns = (self.columns.0.min(columns.0), self.columns.1.max(columns.1));
    }

    fn spanned(&self) -> u64 {
        let length = |(first, last): (u16, u16)| u64::from(last.saturating_sub(first)) + 1;
        if self.cells == 0 { 0 } else { length(self.rows) * length(self.columns) }
    }
}

/// Refuses a workbook whose sheets span far more cells than they hold. What is no such workbook
/// passes: calamine says what is wrong with it.
///
/// # Errors
/// What was seen.
pub(super) fn refuse_sparse(bytes: &mut dyn ReadSeek) -> Result<(), String> {
    let stream = workbook_stream(bytes);
    bytes.seek(SeekFrom::Start(0)).map_err(|error| error.to_string())?;
    let sheets = stream.map_or_else(Vec::new, |stream| extents(&stream));
    let sum = |of: fn(&Extent) -> u64| sheets.iter().map(of).sum::<u64>();
    let (spanned, cells) = (sum(Extent::spanned), sum(|extent| extent.cells));
    if spanned <= SPANNED + SPANNED_PER_CELL * cells {
        return Ok(());
    }
    Err(format!("its sheets span {spanned} cells and hold something in {cells} of them"))
}

fn workbook_stream(bytes: &mut dyn ReadSeek) -> Option<Vec<u8>> {
    let mut file = cfb::CompoundFile::open(bytes).ok()?;
    let name = ["/Workbook", "/Book"].into_iter().find(|name| file.is_stream(name))?;
    let mut stream = Vec::new();
    file.open_stream(name).ok()?.read_to_end(&mut stream).ok()?;
    Some(stream)
}

/// The extent of every part of the stream between two `BOF` records.
fn extents(stream: &[u8]) -> Vec<Extent> {
    let mut sheets = vec![Extent::NONE];
    let mut rest = stream;
    while let Some((head, after)) = rest.split_at_checked(4) {
        let (kind, length) = (u16_at(head, 0), usize::from(u16_at(head, 2)));
        let Some((record, next)) = after.split_at_checked(length) else { break };
        rest = next;
        let last = sheets.len() - 1;
        match kind {
            // BOF
            0x0009 | 0x0209 | 0x0409 | 0x0809 => sheets.push(Extent::NONE),
            // MULRK, from its first to its last column.
            0x00bd if length >= 6 => {
                let columns = (u16_at(record, 2), u16_at(record, length - 2));
                sheets[last].add(u16_at(record, 0), columns);
            }
            // FORMULA, RSTRING, LABELSST, NUMBER, LABEL, BOOLERR, RK
            0x0006 | 0x0206 | 0x0406 | 0x00d6 | 0x00fd | 0x0003 | 0x0203 | 0x0004 | 0x0204
            | 0x0005 | 0x0205 | 0x027e
                if length >= 4 =>
            {
                let column = u16_at(record, 2);
                sheets[last].add(u16_at(record, 0), (column, column));
            }
            _ => {}
        }
    }
    sheets
}

fn u16_at(bytes: &[u8], at: usize) -> u16 {
    u16::from_le_bytes([bytes[at], bytes[at + 1]])
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write};

    use super::*;

    fn record(kind: u16, data: &[u8]) -> Vec<u8> {
        let length = data.len() as u16;
        [&kind.to_le_bytes()[..], &length.to_le_bytes()[..], data].concat()
    }

    fn number(row: u16, column: u16) -> Vec<u8> {
        let place = [row.to_le_bytes(), column.to_le_bytes(), [0, 0]].concat();
        record(0x0203, &[&place[..], &1.0f64.to_le_bytes()[..]].concat())
    }

    fn workbook(sheets: usize, cells: &[(u16, u16)]) -> Cursor<Vec<u8>> {
        let mut stream = record(0x0809, &[0, 6, 5, 0]);
        for _ in 0..sheets {
            stream.extend(record(0x0809, &[0, 6, 16, 0]));
            cells.iter().for_each(|&(row, column)| stream.extend(number(row, column)));
            stream.extend(record(0x000a, &[]));
        }
        let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
        file.create_stream("/Workbook").unwrap().write_all(&stream).unwrap();
        file.flush().unwrap();
        file.into_inner()
    }

    #[test]
    fn sheets_that_span_far_more_than_they_hold_are_refused() {
        let dense: Vec<(u16, u16)> =
            (0..60_000).flat_map(|row| (0..4).map(move |column| (row, column))).collect();
        assert!(refuse_sparse(&mut workbook(1, &dense)).is_ok());
        assert!(refuse_sparse(&mut workbook(1, &[(0, 0), (9_000, 200)])).is_ok());
        let corners = [(0, 0), (65_535, 255)];
        for sheets in [1, 50] {
            let seen = refuse_sparse(&mut workbook(sheets, &corners)).unwrap_err();
            let expected = format!(
                "its sheets span {} cells and hold something in {} of them",
                65_536 * 256 * sheets,
                2 * sheets
            );
            assert_eq!(seen, expected);
        }
        assert!(refuse_sparse(&mut Cursor::new(b"no such file".to_vec())).is_ok());
    }
}

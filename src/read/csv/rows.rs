//! Lines -> rows of values.

use std::collections::VecDeque;
use std::io::{self, BufRead};

use super::separator::separator_line;
use crate::read::limits::MAX_RECORD_BYTES;
use crate::read::lines::{Line, Lines};

/// A record of more lines than this is taken for an unclosed quote.
const MAX_RECORD_LINES: usize = 2_000;

/// How values are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Dialect {
    pub delimiter: u8,
    /// A quote within quotes is written `\"`, as well as `""`.
    pub escapes: bool,
    /// Spaces may stand between a separator and the quote that opens a value.
    pub spaced: bool,
}

impl Default for Dialect {
    fn default() -> Self {
        Dialect { delimiter: b',', escapes: false, spaced: false }
    }
}

/// A row, or why it is none.
pub(super) struct Found {
    pub line: u64,
    pub values: Result<Vec<String>, String>,
    /// A quote in it was never closed and taken for a character.
    pub mended: bool,
}

/// The rows of a table.
pub(super) struct Rows<R> {
    lines: Lines<R>,
    /// Lines read ahead in the hope of a closing quote.
    waiting: VecDeque<Line>,
    dialect: Dialect,
    values: Values,
    /// The first line may be the `sep=` line of spreadsheets.
    at_start: bool,
}

impl<R: BufRead> Rows<R> {
    pub fn new(lines: Lines<R>, dialect: Dialect) -> Self {
        let values = Values::new(dialect);
        Rows { lines, waiting: VecDeque::new(), dialect, values, at_start: true }
    }

    fn next_line(&mut self) -> io::Result<Option<Line>> {
        match self.waiting.pop_front() {
            Some(line) => Ok(Some(line)),
            None => self.lines.next_line(),
        }
    }

    /// The first line of the next row, past lines that say nothing.
    fn next_first_line(&mut self) -> io::Result<Option<Line>> {
        while let Some(line) = self.next_line()? {
            let blank =
                line.bytes.iter().all(u8::is_ascii_whitespace) && !line.bytes.contains(&b'\t');
            let stated = self.at_start && separator_line(&line.bytes).is_some();
            if !blank && !stated {
                self.at_start = false;
                return Ok(Some(line));
            }
        }
        Ok(None)
    }

    /// The next row that is not empty. One over several lines must have `width` values, or any
    /// number for 0: else a stray quote has run into the next row.
    pub fn next_row(&mut self, width: usize) -> io::Result<Option<Found>> {
        let Some(first) = self.next_first_line()? else { return Ok(None) };
        let line = first.number;
        if first.too_long {
            let reason = format!("is longer than {} MiB", MAX_RECORD_BYTES / 1024 / 1024);
            return Ok(Some(Found { line, values: Err(reason), mended: false }));
        }
        let mut quotes = Quotes::new(self.dialect);
        quotes.follow(&first.bytes);
        if !quotes.open {
            if quotes.torn
                && let Some(values) = loosely_quoted(&first.bytes, self.dialect.delimiter)
                && values.len() == width
            {
                return Ok(Some(Found { line, values: Ok(values), mended: true }));
            }
            let values = self.values.parse(&first.bytes);
            return Ok(Some(Found { line, values, mended: false }));
        }
        let mut bytes = first.bytes.clone();
        let mut more: Vec<Line> = Vec::new();
        while quotes.open {
            let next = self.next_line()?;
            let fits = |line: &Line| bytes.len() + line.bytes.len() < MAX_RECORD_BYTES;
            match next {
                Some(line) if more.len() < MAX_RECORD_LINES && fits(&line) => {
                    bytes.push(b'\n');
                    quotes.follow(b"\n");
                    quotes.follow(&line.bytes);
                    bytes.extend_from_slice(&line.bytes);
                    more.push(line);
                }
                rest => {
                    self.give_back(more.into_iter().chain(rest));
                    return Ok(Some(self.mend(&first, width, "has a quote that is never closed")));
                }
            }
        }
        let values = self.values.parse(&bytes);
        let ragged = width > 0 && values.as_ref().is_ok_and(|values| values.len() != width);
        if quotes.torn || ragged || values.is_err() {
            self.give_back(more.into_iter());
            let reason = "has a quote that is not closed where its value ends";
            return Ok(Some(self.mend(&first, width, reason)));
        }
        Ok(Some(Found { line, values, mended: false }))
    }

    /// A line with an unclosed quote by itself: if its quotes are taken for characters, it may
    /// still have the right number of values.
    fn mend(&mut self, line: &Line, width: usize, reason: &str) -> Found {
        let mended = self.values.parse_plain(&line.bytes).ok();
        match mended.filter(|values| width == 0 || values.len() == width) {
            Some(values) => Found { line: line.number, values: Ok(values), mended: true },
            None => Found { line: line.number, values: Err(reason.into()), mended: false },
        }
    }

    fn give_back(&mut self, lines: impl DoubleEndedIterator<Item = Line>) {
        lines.rev().for_each(|line| self.waiting.push_front(line));
    }
}

/// Whether a quoted value is open, followed over the pieces of a record.
struct Quotes {
    dialect: Dialect,
    open: bool,
    /// At the start of a value, where alone a quote opens.
    at_start: bool,
    /// The last byte was a quote inside quotes: the end, or half of a doubled one.
    after_quote: bool,
    /// The last byte was a backslash inside quotes that takes away the meaning of the next.
    escaped: bool,
    /// A closed value went on after its quote.
    torn: bool,
}

impl Quotes {
    fn new(dialect: Dialect) -> Self {
        let (open, after_quote, escaped, torn) = (false, false, false, false);
        Quotes { dialect, open, at_start: true, after_quote, escaped, torn }
    }

    fn follow(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.step(byte);
        }
    }

    fn step(&mut self, byte: u8) {
        let Dialect { delimiter, escapes, spaced } = self.dialect;
        if self.open {
            if self.escaped {
                self.escaped = false;
            } else if escapes && byte == b'\\' {
                self.escaped = true;
            } else {
                self.open = byte != b'"';
                self.after_quote = !self.open;
            }
        } else if byte == b'"' && (self.at_start || self.after_quote) {
            self.open = true;
            self.after_quote = false;
        } else {
            let ends = byte == delimiter || byte == b'\n' || (spaced && byte == b' ');
            self.torn |= self.after_quote && !ends;
            self.after_quote = false;
        }
        let still = spaced && self.at_start && byte == b' ';
        self.at_start = !self.open && (byte == delimiter || still);
    }
}

/// Takes records apart; one parser for all of a file, since making one costs more than a
/// short record.
struct Values {
    dialect: Dialect,
    parser: csv_core::Reader,
    plain: csv_core::Reader,
    bytes: Vec<u8>,
    ends: Vec<usize>,
}

impl Values {
    fn new(dialect: Dialect) -> Self {
        let mut builder = csv_core::ReaderBuilder::new();
        builder.delimiter(dialect.delimiter);
        builder.escape(dialect.escapes.then_some(b'\\'));
        let parser = builder.build();
        let plain = builder.escape(None).quoting(false).build();
        Values { dialect, parser, plain, bytes: Vec::new(), ends: Vec::new() }
    }

    fn parse(&mut self, record: &[u8]) -> Result<Vec<String>, String> {
        if self.dialect.spaced {
            let record = without_gaps(record, self.dialect);
            return parse(&mut self.parser, &record, &mut self.bytes, &mut self.ends);
        }
        parse(&mut self.parser, record, &mut self.bytes, &mut self.ends)
    }

    /// Every quote is a character; one at the start of a value, that opened nothing, goes.
    fn parse_plain(&mut self, record: &[u8]) -> Result<Vec<String>, String> {
        let mut values = parse(&mut self.plain, record, &mut self.bytes, &mut self.ends)?;
        for value in &mut values {
            let closed = value.len() > 1 && value.ends_with('"');
            if let Some(rest) = value.strip_prefix('"') {
                let rest = if closed { &rest[..rest.len() - 1] } else { rest };
                *value = rest.to_string();
            }
        }
        Ok(values)
    }
}

/// The values of a line whose quotes are not doubled within quotes: one closes a value only
/// where a separator or the end follows. `None` where a value never closes.
fn loosely_quoted(record: &[u8], delimiter: u8) -> Option<Vec<String>> {
    let mut values = Vec::new();
    let mut rest = record;
    loop {
        let (value, after) = match rest.strip_prefix(b"\"") {
            Some(inside) => {
                let ends = |at: &usize| {
                    inside[*at] == b'"' && inside.get(at + 1).is_none_or(|b| *b == delimiter)
                };
                let end = (0..inside.len()).find(ends)?;
                (&inside[..end], &inside[end + 1..])
            }
            None => {
                let end = rest.iter().position(|b| *b == delimiter).unwrap_or(rest.len());
                (&rest[..end], &rest[end..])
            }
        };
        values.push(std::str::from_utf8(value).ok()?.replace("\"\"", "\""));
        match after.split_first() {
            Some((_, next)) => rest = next,
            None => return Some(values),
        }
    }
}

/// A record without the spaces between a separator and the quote that opens a value.
fn without_gaps(record: &[u8], dialect: Dialect) -> Vec<u8> {
    let mut quotes = Quotes::new(dialect);
    let mut out = Vec::with_capacity(record.len());
    let mut gap = 0;
    for &byte in record {
        let at_start = quotes.at_start;
        let closed = quotes.after_quote;
        quotes.step(byte);
        if byte == b' ' && at_start {
            gap += 1;
        } else {
            // Spaces before anything but a quote belong to the value.
            let kept = if byte == b'"' && at_start { 0 } else { gap };
            out.extend(std::iter::repeat_n(b' ', kept));
            gap = 0;
            if !(closed && byte == b' ') {
                out.push(byte);
            }
        }
    }
    out.extend(std::iter::repeat_n(b' ', gap));
    out
}

fn parse(
    parser: &mut csv_core::Reader,
    record: &[u8],
    bytes: &mut Vec<u8>,
    ends: &mut Vec<usize>,
) -> Result<Vec<String>, String> {
    parser.reset();
    // Unquoted values are no longer than the record, and there is one more than delimiters.
    bytes.resize(record.len() + 1, 0);
    ends.resize(record.len() + 2, 0);
    let (mut result, _, mut n_bytes, mut n_ends) = parser.read_record(record, bytes, ends);
    if result == csv_core::ReadRecordResult::InputEmpty {
        // Told that nothing follows, the parser ends the last value.
        let rest = parser.read_record(&[], &mut bytes[n_bytes..], &mut ends[n_ends..]);
        (result, n_bytes, n_ends) = (rest.0, n_bytes + rest.2, n_ends + rest.3);
    }
    if result != csv_core::ReadRecordResult::Record || n_ends == 0 {
        return Err("is empty".into());
    }
    let text =
        std::str::from_utf8(&bytes[..n_bytes]).map_err(|_| "is no UTF-8 text".to_string())?;
    let mut from = 0;
    let values = ends[..n_ends].iter().map(|&to| {
        let value = text.get(from..to).unwrap_or_default().to_string();
        from = to;
        value
    });
    Ok(values.collect())
}

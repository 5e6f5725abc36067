//! Separated values with a header.
//!
//! A record is gathered line by line until its quotes are closed, so a quote that never
//! closes costs one line and not the rest of the file.

use std::collections::VecDeque;
use std::io::{self, BufRead};

use super::lines::{Line, Lines};
use super::record::{Mapper, Record, Value};
use super::sink::Sink;
use super::{Columns, Format, MAX_RECORD_BYTES, ReadError, table};

/// A record of more lines than this is taken for an unclosed quote.
const MAX_RECORD_LINES: usize = 2_000;

const DELIMITERS: [u8; 4] = [b',', b'\t', b';', b'|'];

/// Reads all records; the first names the columns.
pub(super) fn read(
    format: Format,
    sample: &str,
    text: &mut dyn BufRead,
    sink: &mut Sink<'_>,
) -> Result<(), ReadError> {
    let file = sink.file().to_string();
    let io = |source| ReadError::Io { file: file.clone(), source };
    let delimiter = match format {
        Format::Tsv => b'\t',
        _ => detect(sample).unwrap_or(b','),
    };
    let mut rows = Rows::new(Lines::new(text), delimiter);
    let Some(header) = read_header(&mut rows).map_err(io)? else {
        return Err(ReadError::Empty { file: file.clone() });
    };
    let names = table::named(&header);
    table::limit(&names, &file)?;
    sink.header(&names)?;
    while let Some(row) = rows.next_row(names.len()).map_err(io)? {
        match row.values {
            // A row of nothing but separators is a record without text.
            Ok(values) => {
                let pairs = names.iter().cloned().zip(values.into_iter().map(Value::Text));
                sink.record(row.line, pairs.collect::<Record>());
            }
            Err(reason) => sink.skip(row.line, reason),
        }
    }
    Ok(())
}

/// CSV or TSV, if the text has a header with at least one usual name.
pub(super) fn looks_like_table(sample: &str) -> Option<Format> {
    let delimiter = detect(sample)?;
    let header = sample.lines().find(|line| !line.trim().is_empty())?;
    let names = Values::new(delimiter).parse(header.as_bytes()).ok()?;
    let columns = Columns::default();
    let mut mapper = Mapper::new(&columns);
    let known = names.iter().any(|name| mapper.is_text(name));
    known.then_some(if delimiter == b'\t' { Format::Tsv } else { Format::Csv })
}

/// The delimiter that cuts the sample into the most even rows of at least two columns;
/// with equals, the one under which the header has more usual names.
fn detect(sample: &str) -> Option<u8> {
    let first = sample.lines().next()?;
    if let Some(stated) = first.strip_prefix("sep=")
        && let Some(byte) = stated.bytes().next()
    {
        return Some(byte);
    }
    let columns = Columns::default();
    let mut mapper = Mapper::new(&columns);
    let mut score = |delimiter: u8| -> Option<(usize, usize, usize)> {
        let mut rows = Rows::new(Lines::new(sample.as_bytes()), delimiter);
        let header = read_header(&mut rows).ok()??;
        let known = header.iter().filter(|name| mapper.target(name).is_some()).count();
        let (mut even, mut all) = (1, 1);
        // The last row may be cut off with the sample.
        for _ in 0..50 {
            let Some(row) = rows.next_row(header.len()).ok()? else { break };
            all += 1;
            even += usize::from(row.values.is_ok());
        }
        (header.len() > 1).then_some((even * 100 / all, known, header.len()))
    };
    let scored = DELIMITERS.iter().rev().filter_map(|&d| score(d).map(|s| ((s.1 > 0, s), d)));
    scored.max_by_key(|(score, _)| *score).map(|(_, delimiter)| delimiter)
}

/// The names of the columns, past empty lines and the `sep=` line of spreadsheets.
fn read_header(rows: &mut Rows<impl BufRead>) -> io::Result<Option<Vec<String>>> {
    while let Some(line) = rows.next_line()? {
        if line.bytes.iter().all(u8::is_ascii_whitespace) || line.bytes.starts_with(b"sep=") {
            continue;
        }
        rows.waiting.push_front(line);
        let row = rows.next_row(0)?;
        return Ok(row.and_then(|row| row.values.ok()));
    }
    Ok(None)
}

struct Row {
    line: u64,
    values: Result<Vec<String>, String>,
}

struct Rows<R> {
    lines: Lines<R>,
    /// Lines read ahead in the hope of a closing quote.
    waiting: VecDeque<Line>,
    delimiter: u8,
    values: Values,
}

impl<R: BufRead> Rows<R> {
    fn new(lines: Lines<R>, delimiter: u8) -> Self {
        Rows { lines, waiting: VecDeque::new(), delimiter, values: Values::new(delimiter) }
    }

    fn next_line(&mut self) -> io::Result<Option<Line>> {
        match self.waiting.pop_front() {
            Some(line) => Ok(Some(line)),
            None => self.lines.next_line(),
        }
    }

    /// The next row that is not empty; it must have `width` values, or any number for 0.
    fn next_row(&mut self, width: usize) -> io::Result<Option<Row>> {
        let first = loop {
            match self.next_line()? {
                None => return Ok(None),
                Some(line)
                    if line.bytes.iter().all(u8::is_ascii_whitespace)
                        && !line.bytes.contains(&b'\t') => {}
                Some(line) => break line,
            }
        };
        let number = first.number;
        let refuse = |reason: String| Ok(Some(Row { line: number, values: Err(reason) }));
        if first.too_long {
            return refuse(format!("is longer than {} MiB", MAX_RECORD_BYTES / 1024 / 1024));
        }
        let mut quotes = Quotes::default();
        quotes.follow(&first.bytes, self.delimiter);
        let mut bytes = first.bytes;
        let mut more: Vec<Line> = Vec::new();
        while quotes.open {
            let next = self.next_line()?;
            let fits = |line: &Line| bytes.len() + line.bytes.len() < MAX_RECORD_BYTES;
            match next {
                Some(line) if more.len() < MAX_RECORD_LINES && fits(&line) => {
                    bytes.push(b'\n');
                    quotes.follow(b"\n", self.delimiter);
                    quotes.follow(&line.bytes, self.delimiter);
                    bytes.extend_from_slice(&line.bytes);
                    more.push(line);
                }
                rest => {
                    self.give_back(more.into_iter().chain(rest));
                    return refuse("has a quote that is never closed".into());
                }
            }
        }
        if quotes.torn && !more.is_empty() {
            self.give_back(more.into_iter());
            return refuse("has a quote that is not closed where its value ends".into());
        }
        let values = match self.values.parse(&bytes) {
            Ok(values) => values,
            Err(reason) => return refuse(reason),
        };
        if width > 0 && values.len() != width {
            // Over several lines, a stray quote has run into the next one.
            self.give_back(more.into_iter());
            return refuse(format!("has {} values where the header has {width}", values.len()));
        }
        Ok(Some(Row { line: number, values: Ok(values) }))
    }

    fn give_back(&mut self, lines: impl DoubleEndedIterator<Item = Line>) {
        lines.rev().for_each(|line| self.waiting.push_front(line));
    }
}

/// Whether a quoted value is open, followed over the pieces of a record.
struct Quotes {
    open: bool,
    /// At the start of a value, where alone a quote opens.
    at_start: bool,
    /// The last byte was a quote inside quotes: the end, or half of a doubled one.
    after_quote: bool,
    /// A closed value went on after its quote.
    torn: bool,
}

impl Default for Quotes {
    fn default() -> Self {
        Quotes { open: false, at_start: true, after_quote: false, torn: false }
    }
}

impl Quotes {
    fn follow(&mut self, bytes: &[u8], delimiter: u8) {
        for &byte in bytes {
            if self.open {
                self.open = byte != b'"';
                self.after_quote = !self.open;
            } else if byte == b'"' && (self.at_start || self.after_quote) {
                self.open = true;
                self.after_quote = false;
            } else {
                self.torn |= self.after_quote && byte != delimiter && byte != b'\n';
                self.after_quote = false;
            }
            self.at_start = !self.open && byte == delimiter;
        }
    }
}

/// Takes records apart; one parser for all of a file, since making one costs more than a
/// short record.
struct Values {
    parser: csv_core::Reader,
    bytes: Vec<u8>,
    ends: Vec<usize>,
}

impl Values {
    fn new(delimiter: u8) -> Self {
        let parser = csv_core::ReaderBuilder::new().delimiter(delimiter).build();
        Values { parser, bytes: Vec::new(), ends: Vec::new() }
    }

    fn parse(&mut self, record: &[u8]) -> Result<Vec<String>, String> {
        self.parser.reset();
        // Unquoted values are no longer than the record, and there is one more than delimiters.
        self.bytes.resize(record.len() + 1, 0);
        self.ends.resize(record.len() + 2, 0);
        let (mut result, _, mut n_bytes, mut n_ends) =
            self.parser.read_record(record, &mut self.bytes, &mut self.ends);
        if result == csv_core::ReadRecordResult::InputEmpty {
            // Told that nothing follows, the parser ends the last value.
            let (bytes, ends) = (&mut self.bytes[n_bytes..], &mut self.ends[n_ends..]);
            let rest = self.parser.read_record(&[], bytes, ends);
            (result, n_bytes, n_ends) = (rest.0, n_bytes + rest.2, n_ends + rest.3);
        }
        if result != csv_core::ReadRecordResult::Record || n_ends == 0 {
            return Err("is empty".into());
        }
        let text = std::str::from_utf8(&self.bytes[..n_bytes])
            .map_err(|_| "is no UTF-8 text".to_string())?;
        let mut from = 0;
        let values = self.ends[..n_ends].iter().map(|&to| {
            let value = text.get(from..to).unwrap_or_default().to_string();
            from = to;
            value
        });
        Ok(values.collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::gather::Gathered;

    fn gather(text: &str) -> Result<Gathered, ReadError> {
        let columns = Columns::default();
        let mut gathered = Gathered::default();
        let mut sink = Sink::new("f", &columns, &mut gathered);
        read(Format::Csv, text, &mut text.as_bytes(), &mut sink)?;
        sink.finish()?;
        Ok(gathered)
    }

    fn told(gathered: &Gathered) -> Vec<(u64, &str, &str)> {
        gathered
            .roles
            .iter()
            .map(|r| (r.origin.line, r.title.as_str(), r.description.as_str()))
            .collect()
    }

    #[test]
    fn quoted_values_may_span_lines() {
        let gathered =
            gather("title,description\r\na,\"one, \"\"two\"\"\nthree\"\n\nb,c\n").unwrap();
        assert_eq!(told(&gathered), [(2, "a", "one, \"two\"\nthree"), (5, "b", "c")]);
    }

    #[test]
    fn ragged_rows_are_skipped_with_their_lines() {
        let gathered = gather("title,description,x\na,b\nc,d,e\nf,g,h,i\n,,\n").unwrap();
        assert_eq!(told(&gathered), [(3, "c", "d")]);
        let lines: Vec<u64> = gathered.skipped.iter().map(|s| s.line).collect();
        assert_eq!(lines, [2, 4, 5]);
        assert!(gathered.skipped[0].reason.contains("2 values where the header has 3"));
    }

    #[test]
    fn a_stray_quote_costs_one_row() {
        let gathered = gather("title,description\na,\"never closed\nb,c\nd,e 3\" f\n").unwrap();
        assert_eq!(told(&gathered), [(3, "b", "c"), (4, "d", "e 3\" f")]);
        assert_eq!(gathered.skipped_total, 1);
        let gathered = gather("title,description\na,\"never closed\nb,\"c\"\nd,e\n").unwrap();
        assert_eq!(told(&gathered), [(3, "b", "c"), (4, "d", "e")]);
    }

    #[test]
    fn delimiters_are_told() {
        for (text, delimiter) in [
            ("title;text\na, b, c;d\n", b';'),
            ("title\ttext\na, b\tc\n", b'\t'),
            ("title|text\na,b|c\n", b'|'),
            ("sep=;\ntitle;text\n", b';'),
            ("title,text\n\"a;b;c\",d\n", b','),
        ] {
            assert_eq!(detect(text), Some(delimiter), "{text}");
        }
        assert_eq!(detect("description\nsome text\n"), None);
        assert_eq!(told(&gather("description\nsome text\n").unwrap()), [(2, "", "some text")]);
        assert_eq!(told(&gather("sep=;\ntitle;text\na;b\n").unwrap()), [(3, "a", "b")]);
    }

    #[test]
    fn unknown_columns_are_an_error_that_lists_them() {
        let error = gather("foo,bar\n1,2\n").unwrap_err().to_string();
        assert!(error.contains("foo, bar"), "{error}");
    }
}

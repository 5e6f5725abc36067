//! Physical lines of a text stream, numbered from 1, of bounded length.

use std::io::{self, BufRead};

use super::MAX_RECORD_BYTES;

/// One line without its end.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Line {
    pub number: u64,
    pub bytes: Vec<u8>,
    /// Longer than [`MAX_RECORD_BYTES`]; `bytes` holds only its beginning.
    pub too_long: bool,
}

/// Lines ended by `\n`, `\r\n` or `\r`, in any mixture.
pub(super) struct Lines<R> {
    inner: R,
    number: u64,
    /// The last line ended with `\r`: a `\n` right after it belongs to that end.
    after_return: bool,
}

impl<R: BufRead> Lines<R> {
    pub fn new(inner: R) -> Self {
        Lines { inner, number: 0, after_return: false }
    }

    /// The next line, or `None` at the end. No more than a bounded part of a line is kept.
    pub fn next_line(&mut self) -> io::Result<Option<Line>> {
        let mut line = Line { number: self.number + 1, bytes: Vec::new(), too_long: false };
        let mut seen_any = false;
        loop {
            let buffer = self.inner.fill_buf()?;
            if buffer.is_empty() {
                if !seen_any {
                    return Ok(None);
                }
                break;
            }
            if self.after_return {
                self.after_return = false;
                if buffer[0] == b'\n' {
                    self.inner.consume(1);
                    continue;
                }
            }
            seen_any = true;
            let end = buffer.iter().position(|b| matches!(b, b'\n' | b'\r'));
            let piece = &buffer[..end.unwrap_or(buffer.len())];
            let room = MAX_RECORD_BYTES - line.bytes.len();
            line.too_long |= piece.len() > room;
            line.bytes.extend_from_slice(&piece[..piece.len().min(room)]);
            match end {
                Some(at) => {
                    self.after_return = buffer[at] == b'\r';
                    self.inner.consume(at + 1);
                    break;
                }
                None => {
                    let length = buffer.len();
                    self.inner.consume(length);
                }
            }
        }
        self.number += 1;
        Ok(Some(line))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(bytes: &[u8]) -> Vec<(u64, String)> {
        let mut lines = Lines::new(io::BufReader::with_capacity(3, bytes));
        let mut out = Vec::new();
        while let Some(line) = lines.next_line().unwrap() {
            out.push((line.number, String::from_utf8(line.bytes).unwrap()));
        }
        out
    }

    #[test]
    fn any_line_end_counts_once() {
        let expected = |texts: &[&str]| -> Vec<(u64, String)> {
            texts.iter().enumerate().map(|(at, text)| (at as u64 + 1, text.to_string())).collect()
        };
        assert_eq!(
            all(b"a\nbb\r\nccc\rdddd\r\n\r\ne"),
            expected(&["a", "bb", "ccc", "dddd", "", "e"])
        );
        assert_eq!(all(b"a\n"), expected(&["a"]));
        assert_eq!(all(b""), expected(&[]));
        assert_eq!(all(b"\n\n"), expected(&["", ""]));
    }

    #[test]
    fn a_huge_line_is_cut_and_said_to_be() {
        let mut bytes = vec![b'x'; MAX_RECORD_BYTES + 5];
        bytes.extend_from_slice(b"\nshort");
        let mut lines = Lines::new(io::BufReader::new(&bytes[..]));
        let first = lines.next_line().unwrap().unwrap();
        assert!(first.too_long && first.bytes.len() == MAX_RECORD_BYTES);
        assert_eq!(lines.next_line().unwrap().unwrap().bytes, b"short");
    }
}

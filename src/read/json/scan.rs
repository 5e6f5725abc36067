//! Cuts a JSON document into its values without parsing them.

use std::io::{self, BufRead};
use std::ops::Range;

use super::super::MAX_RECORD_BYTES;

/// An object that holds an array of records may be this long; it is kept in memory.
const MAX_ENVELOPE_BYTES: usize = 512 * 1024 * 1024;

/// What the scanner comes upon, with the line it begins in.
pub(super) enum Item {
    /// A value: an element of an array, or one that stands alone.
    Value { line: u64, bytes: Vec<u8>, in_array: bool },
    /// A value longer than allowed.
    TooLong { line: u64 },
    /// A value the input ends in.
    Broken { line: u64 },
}

/// Follows strings and brackets through one value.
#[derive(Default)]
struct Nesting {
    depth: usize,
    in_string: bool,
    escaped: bool,
}

impl Nesting {
    /// Whether the value is over after this byte; one without brackets or quotes ends
    /// before the byte that ends it, see [`values`].
    fn closes(&mut self, byte: u8) -> bool {
        if self.in_string {
            match byte {
                _ if self.escaped => self.escaped = false,
                b'\\' => self.escaped = true,
                b'"' => self.in_string = false,
                _ => {}
            }
            return !self.in_string && self.depth == 0;
        }
        match byte {
            b'"' => self.in_string = true,
            b'{' | b'[' => self.depth += 1,
            b'}' | b']' => {
                self.depth = self.depth.saturating_sub(1);
                return self.depth == 0;
            }
            _ => {}
        }
        false
    }
}

/// Gives every value of the top level, and of arrays at the top level every element.
pub(super) fn values(text: &mut dyn BufRead, give: &mut dyn FnMut(Item)) -> io::Result<()> {
    let mut line = 1;
    let mut in_array = false;
    // The value being read: its nesting, first line, bytes and whether it grew too long.
    let mut current: Option<(Nesting, u64, Vec<u8>, bool)> = None;
    loop {
        let buffer = text.fill_buf()?;
        if buffer.is_empty() {
            break;
        }
        for &byte in buffer {
            if let Some((nesting, _, bytes, too_long)) = &mut current {
                let bare = nesting.depth == 0 && !nesting.in_string;
                let ended_before =
                    bare && (byte.is_ascii_whitespace() || matches!(byte, b',' | b']' | b'}'));
                if !ended_before {
                    let limit = if in_array { MAX_RECORD_BYTES } else { MAX_ENVELOPE_BYTES };
                    if bytes.len() < limit {
                        bytes.push(byte);
                    } else {
                        *too_long = true;
                    }
                }
                if ended_before || nesting.closes(byte) {
                    finish(current.take(), in_array, give);
                }
                if ended_before && byte == b']' {
                    in_array = false;
                }
            } else if byte == b'[' && !in_array {
                in_array = true;
            } else if byte == b']' && in_array {
                in_array = false;
            } else if !byte.is_ascii_whitespace() && byte != b',' {
                let mut nesting = Nesting::default();
                nesting.closes(byte);
                current = Some((nesting, line, vec![byte], false));
            }
            line += u64::from(byte == b'\n');
        }
        let length = buffer.len();
        text.consume(length);
    }
    if let Some((nesting, line, bytes, too_long)) = current {
        if nesting.depth > 0 || nesting.in_string {
            give(Item::Broken { line });
        } else {
            finish(Some((nesting, line, bytes, too_long)), in_array, give);
        }
    }
    Ok(())
}

fn finish(
    value: Option<(Nesting, u64, Vec<u8>, bool)>,
    in_array: bool,
    give: &mut dyn FnMut(Item),
) {
    match value {
        Some((_, line, _, true)) => give(Item::TooLong { line }),
        Some((_, line, bytes, false)) => give(Item::Value { line, bytes, in_array }),
        None => {}
    }
}

/// The elements of the longest array of objects inside one object, at any depth but not
/// inside another array.
pub(super) fn largest_array(object: &[u8]) -> Vec<Range<usize>> {
    let (mut best, mut open): (Range<usize>, Option<usize>) = (0..0, None);
    let mut arrays = 0usize;
    let mut strings = Nesting::default();
    for (at, &byte) in object.iter().enumerate() {
        let quoted = strings.in_string;
        strings.closes(byte);
        if quoted || strings.in_string {
            continue;
        }
        match byte {
            b'[' => {
                arrays += 1;
                if arrays == 1 {
                    let first = object[at + 1..].iter().find(|b| !b.is_ascii_whitespace());
                    open = (first == Some(&b'{')).then_some(at);
                }
            }
            b']' => {
                arrays = arrays.saturating_sub(1);
                if arrays == 0
                    && let Some(start) = open.take()
                    && at - start > best.len()
                {
                    best = start + 1..at;
                }
            }
            _ => {}
        }
    }
    elements(object, best)
}

/// The elements of an array whose inside is `range`.
fn elements(object: &[u8], range: Range<usize>) -> Vec<Range<usize>> {
    let mut out = Vec::new();
    let mut start = None;
    let mut nesting = Nesting::default();
    for at in range.clone() {
        let byte = object[at];
        let Some(first) = start else {
            if !byte.is_ascii_whitespace() && byte != b',' {
                nesting = Nesting::default();
                nesting.closes(byte);
                start = Some(at);
            }
            continue;
        };
        let bare = nesting.depth == 0 && !nesting.in_string;
        if bare && (byte == b',' || byte.is_ascii_whitespace()) {
            out.push(first..at);
            start = None;
        } else if nesting.closes(byte) {
            out.push(first..at + 1);
            start = None;
        }
    }
    if let Some(first) = start {
        out.push(first..range.end);
    }
    out
}

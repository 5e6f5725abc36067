//! Cuts a JSON document into its values without parsing them.

use std::io::{self, BufRead};

use super::item::Item;
use crate::read::limits::MAX_DOCUMENT_BYTES;

/// Follows strings and brackets through one value.
#[derive(Default)]
pub(super) struct Nesting {
    depth: usize,
    in_string: bool,
    escaped: bool,
}

impl Nesting {
    /// Whether the value is over after this byte; one without brackets or quotes ends
    /// before the byte that ends it, see [`values`].
    pub fn closes(&mut self, byte: u8) -> bool {
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
                    if bytes.len() < MAX_DOCUMENT_BYTES {
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
        Some((_, line, _, true)) => give(Item::TooLong { line, most: MAX_DOCUMENT_BYTES }),
        Some((_, line, bytes, false)) => {
            let text = String::from_utf8(bytes)
                .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned());
            give(Item::Value { line, text, in_array });
        }
        None => {}
    }
}

//! The messages of an Arrow IPC stream, one after the other, before anything in them is believed.
//!
//! A message is a marker (`ff ff ff ff`), the length of its head, the head (a FlatBuffer that says
//! how long the body is) and the body. A length of 0 ends the stream. Only what has come is held in
//! memory: a length that promises more than there is costs nothing.

use std::io::{self, Read};

use arrow_buffer::Buffer;
use arrow_ipc::root_as_message;

/// Before every message.
const MARKER: [u8; 4] = [0xff; 4];

/// A head describes columns and buffers; those of ten thousand columns have a few MiB.
const MAX_HEAD_BYTES: u64 = 256 << 20;

/// Columns of one batch.
const MAX_BODY_BYTES: u64 = 64 << 30;

/// Room made for a body before its bytes have come.
const ROOM: u64 = 16 << 20;

/// Reads messages and remembers where it is.
pub(super) struct Frames<R> {
    source: R,
    /// Bytes read.
    offset: u64,
    /// Whole messages read.
    n_messages: u64,
}

/// One message.
pub(super) struct Frame {
    pub head: Vec<u8>,
    pub body: Buffer,
}

/// Why there is no next message.
#[derive(Debug)]
pub(super) enum Fault {
    /// No byte came at all.
    Empty,
    /// The source failed.
    Io(io::Error),
    /// What came is no message, or only a part of one: what was met, and what to do.
    Broken(String, &'static str),
}

impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Self {
        Fault::Io(error)
    }
}

/// What to do about a stream that does not go on as it should.
pub(super) const SEND_AGAIN: &str = "what was answered until here is whole; send the stream again";

const WRITE_A_STREAM: &str =
    "write it as an Arrow IPC stream (pyarrow: `pyarrow.ipc.new_stream`, `write_batch`, `close`)";

impl<R: Read> Frames<R> {
    pub fn new(source: R) -> Self {
        Frames { source, offset: 0, n_messages: 0 }
    }

    /// The next message; `None` at the mark of the end.
    pub fn next(&mut self) -> Result<Option<Frame>, Fault> {
        let start = self.bytes(4)?;
        match start.as_slice() {
            [] if self.offset == 0 => return Err(Fault::Empty),
            [] => return Err(self.breaks_off("before the mark of its end")),
            start if start.len() < 4 => return Err(self.breaks_off("within a marker")),
            start if start != MARKER && self.n_messages == 0 => return Err(foreign(start)),
            start if start != MARKER => return Err(self.wrong("it does not begin with a marker")),
            _ => {}
        }
        let length = self.bytes(4)?;
        let Ok(length) = <[u8; 4]>::try_from(length) else {
            return Err(self.breaks_off("within a marker"));
        };
        let length = match i32::from_le_bytes(length) {
            0 => return Ok(None),
            length => u64::try_from(length).unwrap_or(u64::MAX),
        };
        if length > MAX_HEAD_BYTES {
            return Err(self.wrong("the length of its head is beyond all measure"));
        }
        let head = self.bytes(length)?;
        if (head.len() as u64) < length {
            return Err(self.breaks_off("within the head"));
        }
        let length = match root_as_message(&head) {
            Ok(message) => u64::try_from(message.bodyLength()).unwrap_or(u64::MAX),
            Err(error) => return Err(self.wrong(&format!("its head cannot be read ({error})"))),
        };
        if length > MAX_BODY_BYTES {
            return Err(self.wrong("the length of its body is beyond all measure"));
        }
        let body = self.bytes(length)?;
        if (body.len() as u64) < length {
            return Err(self.breaks_off("within the body"));
        }
        self.n_messages += 1;
        Ok(Some(Frame { head, body: Buffer::from_vec(body) }))
    }

    /// Waits until the source ends; an error when more bytes come before it does.
    pub fn end(&mut self) -> Result<(), Fault> {
        match self.bytes(1)?.is_empty() {
            true => Ok(()),
            false => Err(Fault::Broken(
                format!("more bytes follow the mark of its end at byte {}", self.offset - 1),
                "send one stream at a time; several written one after the other are not one",
            )),
        }
    }

    /// The next `n` bytes, or fewer where the source ends.
    fn bytes(&mut self, n: u64) -> Result<Vec<u8>, Fault> {
        let mut found = Vec::with_capacity(n.min(ROOM) as usize);
        self.source.by_ref().take(n).read_to_end(&mut found)?;
        self.offset += found.len() as u64;
        Ok(found)
    }

    fn place(&self) -> String {
        format!("message {} at byte {}", self.n_messages + 1, self.offset)
    }

    fn breaks_off(&self, place: &str) -> Fault {
        Fault::Broken(format!("it breaks off {place}, in {}", self.place()), SEND_AGAIN)
    }

    /// A message that is not what it should be.
    pub fn wrong(&self, what: &str) -> Fault {
        Fault::Broken(format!("{what}, in {}", self.place()), SEND_AGAIN)
    }
}

/// Something that never was a stream.
fn foreign(start: &[u8]) -> Fault {
    let seen = match start {
        b"ARRO" => "it is an Arrow file (Feather), not a stream",
        b"PAR1" => "it is a Parquet file",
        [b'{' | b'[', ..] => "it begins like JSON",
        [0x1f, 0x8b, ..] | [0x28, 0xb5, 0x2f, 0xfd] => "it is compressed",
        _ => "it does not begin with the marker ff ff ff ff",
    };
    Fault::Broken(seen.into(), WRITE_A_STREAM)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(bytes: &[u8]) -> String {
        match Frames::new(bytes).next() {
            Err(Fault::Broken(seen, _)) => seen,
            Err(other) => format!("{other:?}"),
            Ok(_) => "none".into(),
        }
    }

    #[test]
    fn what_is_no_stream_is_told() {
        assert_eq!(fault(b""), "Empty");
        assert_eq!(fault(b"ARROW1\0\0"), "it is an Arrow file (Feather), not a stream");
        assert_eq!(fault(b"PAR1...."), "it is a Parquet file");
        assert_eq!(fault(b"{\"id\": 1}"), "it begins like JSON");
        assert_eq!(fault(b"id,title\n"), "it does not begin with the marker ff ff ff ff");
        assert_eq!(fault(&[0xff, 0xff]), "it breaks off within a marker, in message 1 at byte 2");
        assert_eq!(fault(&[0xff; 4]), "it breaks off within a marker, in message 1 at byte 4");
    }

    #[test]
    fn a_length_that_promises_much_costs_nothing() {
        let with = |length: i32| [&[0xff; 4][..], &length.to_le_bytes(), b"short"].concat();
        assert!(fault(&with(i32::MAX)).contains("beyond all measure"));
        assert!(fault(&with(-8)).contains("beyond all measure"));
        assert!(fault(&with(200 << 20)).contains("within the head"));
        assert!(fault(&with(4)).contains("its head cannot be read"));
        assert_eq!(fault(&with(0)), "none", "a stream of nothing has an end");
    }
}

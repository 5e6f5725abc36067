//! Postings from an Arrow IPC stream, batch by batch, as engines and other programs send them, and
//! from Arrow tables in memory.
//!
//! A row is read as the readers of files read a record, with one difference: what a column is for
//! is told by its name alone, never by what stands in the rows. So a row gives the same role in
//! whatever batch, order or part of a table it comes. And a row that is no role is not left out;
//! it has a reason instead.

mod batch;
mod frames;
mod rows;
mod text_column;

use std::collections::HashMap;
use std::io::Read;

use arrow_array::{ArrayRef, RecordBatch};
use arrow_ipc::reader::{read_dictionary, read_record_batch};
use arrow_ipc::{Endianness, MessageHeader, convert, root_as_message};
use arrow_schema::{Schema, SchemaRef};

pub use batch::Batch;
pub use rows::RowReader;
pub use text_column::TextColumn;

use super::{ReadError, table};
use crate::panic_guard::guarded;
use batch::names;
use frames::{Fault, Frame, Frames, SEND_AGAIN};

/// The stream, as errors name it.
const NAME: &str = "standard input";

/// An Arrow IPC stream whose schema was read.
pub struct ArrowStream<R> {
    frames: Frames<R>,
    schema: SchemaRef,
    dictionaries: HashMap<i64, ArrayRef>,
}

impl<R: Read> ArrowStream<R> {
    /// Reads the schema.
    ///
    /// # Errors
    /// When the source holds something else, or breaks off.
    pub fn open(source: R) -> Result<Self, ReadError> {
        let mut frames = Frames::new(source);
        let frame = frames.next().map_err(refusal)?;
        let Some(frame) = frame else { return Err(ReadError::Empty { file: NAME.into() }) };
        let schema = guarded(|| schema_of(&frame));
        let schema = schema.unwrap_or_else(|| Err("its schema contradicts itself".into()));
        let schema = schema.map_err(|seen| unreadable(seen, SEND_AGAIN))?;
        table::limit(&names(&schema), NAME)?;
        Ok(ArrowStream { frames, schema: SchemaRef::new(schema), dictionaries: HashMap::new() })
    }

    /// The next rows; `None` when the mark of the end has come.
    ///
    /// # Errors
    /// When the stream breaks off, or a message of it is not what the schema says.
    pub fn next_batch(&mut self) -> Result<Option<Batch>, ReadError> {
        while let Some(frame) = self.frames.next().map_err(refusal)? {
            if is_compressed(&frame) {
                let seen = "its buffers are compressed".to_string();
                return Err(unreadable(seen, "write the stream without compression"));
            }
            let (schema, dictionaries) = (&self.schema, &mut self.dictionaries);
            let decoded = guarded(|| decode(&frame, schema, dictionaries));
            let decoded =
                decoded.unwrap_or_else(|| Err("its buffers contradict the schema".into()));
            if let Some(batch) = decoded.map_err(|seen| refusal(self.frames.wrong(&seen)))? {
                return Ok(Some(batch));
            }
        }
        Ok(None)
    }

    /// Waits until the source ends, once the mark of the end has come.
    ///
    /// # Errors
    /// When more bytes come before it does.
    pub fn end(&mut self) -> Result<(), ReadError> {
        self.frames.end().map_err(refusal)
    }

    /// No rows, but all columns.
    pub fn empty_batch(&self) -> Batch {
        Batch::of(RecordBatch::new_empty(self.schema.clone()), NAME)
    }
}

fn schema_of(frame: &Frame) -> Result<Schema, String> {
    let message = root_as_message(&frame.head).map_err(|error| error.to_string())?;
    let schema = message.header_as_schema().ok_or("its first message is no schema")?;
    match schema.endianness() {
        Endianness::Little => Ok(convert::fb_to_schema(schema)),
        _ => Err("its numbers are written big end first".into()),
    }
}

/// The rows of a message; `None` for one that holds none.
fn decode(
    frame: &Frame,
    schema: &SchemaRef,
    dictionaries: &mut HashMap<i64, ArrayRef>,
) -> Result<Option<Batch>, String> {
    let message = root_as_message(&frame.head).map_err(|error| error.to_string())?;
    let version = message.version();
    match message.header_type() {
        MessageHeader::RecordBatch => {
            let rows = message.header_as_record_batch().ok_or("it holds no rows")?;
            let rows =
                read_record_batch(&frame.body, rows, schema.clone(), dictionaries, None, &version);
            Ok(Some(Batch::of(rows.map_err(|error| error.to_string())?, NAME)))
        }
        MessageHeader::DictionaryBatch => {
            let values = message.header_as_dictionary_batch().ok_or("it holds no dictionary")?;
            read_dictionary(&frame.body, values, schema, dictionaries, &version)
                .map_err(|error| error.to_string())?;
            Ok(None)
        }
        MessageHeader::NONE => Ok(None),
        MessageHeader::Schema => Err("a second schema where rows are expected".into()),
        other => Err(format!("a message of the kind {other:?}, which is not read")),
    }
}

fn is_compressed(frame: &Frame) -> bool {
    let Ok(message) = root_as_message(&frame.head) else { return false };
    let rows = message.header_as_record_batch();
    let values = message.header_as_dictionary_batch().and_then(|values| values.data());
    [rows, values].into_iter().flatten().any(|rows| rows.compression().is_some())
}

fn refusal(fault: Fault) -> ReadError {
    match fault {
        Fault::Empty => ReadError::Empty { file: NAME.into() },
        Fault::Io(source) => ReadError::Io { file: NAME.into(), source },
        Fault::Broken(seen, advice) => unreadable(seen, advice),
    }
}

fn unreadable(seen: String, advice: &'static str) -> ReadError {
    ReadError::Unreadable { file: NAME.into(), kind: "an Arrow stream", seen, advice }
}

#[cfg(test)]
mod tests;

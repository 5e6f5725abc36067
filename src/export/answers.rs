//! Answers to the rows of a stream, as an Arrow IPC stream that any engine reads.

use std::collections::HashMap;
use std::io::{self, Write};
use std::sync::Arc;

use arrow_array::builder::{Float32Builder, Int64Builder, ListBuilder, StringBuilder};
use arrow_array::{
    Array, ArrayRef, FixedSizeListArray, Float32Array, Int64Array, RecordBatch, StringArray,
};
use arrow_ipc::writer::StreamWriter;
use arrow_schema::{ArrowError, DataType, Field, FieldRef, Schema};

use crate::read::Batch;

/// The values of one column of answers, `None` where a row has none. Types are those that every
/// engine knows: numbers have a sign, because Spark's have.
#[derive(Debug, Clone, PartialEq)]
pub enum Values {
    /// Texts.
    Texts(Vec<Option<String>>),
    /// Lists of texts.
    TextLists(Vec<Option<Vec<String>>>),
    /// Whole numbers.
    Numbers(Vec<Option<i64>>),
    /// Lists of whole numbers.
    NumberLists(Vec<Option<Vec<i64>>>),
    /// Shares and scores.
    Shares(Vec<Option<f32>>),
    /// Lists of shares and scores.
    ShareLists(Vec<Option<Vec<f32>>>),
    /// Vectors of this many numbers.
    Vectors(usize, Vec<Option<Vec<f32>>>),
}

/// A column of answers and its name.
pub type AnswerColumn = (&'static str, Values);

/// Puts answers beside columns of the rows they answer.
#[derive(Debug, Clone)]
pub struct AnswerTable {
    schema: Arc<Schema>,
    /// Places of the columns of the input that are passed on.
    kept: Vec<usize>,
}

impl AnswerTable {
    /// Of the columns of `rows` at `kept`, then those of `answers`, which may be without rows, with
    /// `metadata`.
    ///
    /// # Errors
    /// When a vector has too many numbers for Arrow.
    pub fn new(
        (rows, kept): (&Batch, Vec<usize>),
        answers: &[AnswerColumn],
        metadata: HashMap<String, String>,
    ) -> io::Result<Self> {
        let schema = rows.record_batch().schema();
        let mut fields: Vec<FieldRef> =
            kept.iter().map(|&at| schema.fields()[at].clone()).collect();
        for (name, values) in answers {
            let column = array(values).map_err(system_error)?;
            fields.push(Arc::new(Field::new(*name, column.data_type().clone(), true)));
        }
        let schema = Arc::new(Schema::new_with_metadata(fields, metadata));
        Ok(AnswerTable { schema, kept })
    }

    /// The answers to `rows`.
    ///
    /// # Errors
    /// When they are of other types than those the table was made for.
    pub fn batch(&self, rows: &Batch, answers: &[AnswerColumn]) -> io::Result<Batch> {
        let rows = rows.record_batch();
        let mut columns: Vec<ArrayRef> =
            self.kept.iter().map(|&at| rows.column(at).clone()).collect();
        for (_, values) in answers {
            columns.push(array(values).map_err(system_error)?);
        }
        let batch = RecordBatch::try_new(self.schema.clone(), columns).map_err(system_error)?;
        Ok(Batch::from(batch))
    }
}

/// Answers alone, without the rows they answer.
///
/// # Errors
/// When the columns are not equally long, or a vector has too many numbers for Arrow.
pub fn answer_batch(answers: &[AnswerColumn]) -> io::Result<Batch> {
    let mut columns: Vec<(&str, ArrayRef, bool)> = Vec::with_capacity(answers.len());
    for (name, values) in answers {
        columns.push((name, array(values).map_err(system_error)?, true));
    }
    let batch = RecordBatch::try_from_iter_with_nullable(columns).map_err(system_error)?;
    Ok(Batch::from(batch))
}

/// Writes answers as a stream.
pub struct AnswerWriter<W: Write> {
    out: StreamWriter<W>,
}

impl<W: Write> AnswerWriter<W> {
    /// Writes the schema.
    ///
    /// # Errors
    /// When `out` refuses.
    pub fn begin(out: W, table: &AnswerTable) -> io::Result<Self> {
        let mut out = StreamWriter::try_new(out, &table.schema).map_err(system_error)?;
        out.flush().map_err(system_error)?;
        Ok(AnswerWriter { out })
    }

    /// Writes answers, and sees to it that they arrive.
    ///
    /// # Errors
    /// When the output refuses.
    pub fn write(&mut self, answers: &Batch) -> io::Result<()> {
        self.out.write(answers.record_batch()).map_err(system_error)?;
        self.out.flush().map_err(system_error)
    }

    /// Writes the mark of the end. A stream without it was cut off.
    ///
    /// # Errors
    /// When the output refuses.
    pub fn finish(mut self) -> io::Result<()> {
        self.out.finish().map_err(system_error)
    }
}

fn array(values: &Values) -> Result<ArrayRef, ArrowError> {
    Ok(match values {
        Values::Texts(texts) => {
            Arc::new(texts.iter().map(Option::as_deref).collect::<StringArray>())
        }
        Values::TextLists(lists) => {
            let mut built = ListBuilder::new(StringBuilder::new());
            for list in lists {
                list.iter().flatten().for_each(|text| built.values().append_value(text));
                built.append(list.is_some());
            }
            Arc::new(built.finish())
        }
        Values::Numbers(numbers) => Arc::new(numbers.iter().copied().collect::<Int64Array>()),
        Values::NumberLists(lists) => {
            let mut built = ListBuilder::new(Int64Builder::new());
            for list in lists {
                list.iter().for_each(|list| built.values().append_slice(list));
                built.append(list.is_some());
            }
            Arc::new(built.finish())
        }
        Values::Shares(shares) => Arc::new(shares.iter().copied().collect::<Float32Array>()),
        Values::ShareLists(lists) => {
            let mut built = ListBuilder::new(Float32Builder::new());
            for list in lists {
                list.iter().for_each(|list| built.values().append_slice(list));
                built.append(list.is_some());
            }
            Arc::new(built.finish())
        }
        Values::Vectors(dimension, vectors) => Arc::new(vectors_array(*dimension, vectors)?),
    })
}

fn vectors_array(
    dimension: usize,
    vectors: &[Option<Vec<f32>>],
) -> Result<FixedSizeListArray, ArrowError> {
    let width = i32::try_from(dimension)
        .map_err(|_| ArrowError::InvalidArgumentError(format!("vectors of {dimension} numbers")))?;
    let mut numbers = Vec::with_capacity(dimension * vectors.len());
    for vector in vectors {
        match vector {
            Some(vector) => numbers.extend_from_slice(vector),
            None => numbers.resize(numbers.len() + dimension, 0.0),
        }
    }
    let item = Arc::new(Field::new("item", DataType::Float32, true));
    let there = vectors.iter().map(Option::is_some).collect::<Vec<bool>>();
    FixedSizeListArray::try_new(
        item,
        width,
        Arc::new(Float32Array::from(numbers)),
        Some(there.into()),
    )
}

/// The error of the operating system, where one is the cause.
fn system_error(error: ArrowError) -> io::Error {
    match error {
        ArrowError::IoError(_, source) => source,
        other => io::Error::other(other),
    }
}

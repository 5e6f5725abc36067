//! Arrow tables in and out, by the PyCapsule interface: columns are handed over, not copied.

use std::sync::Arc;

use arrow_array::{ArrayRef, RecordBatch, RecordBatchReader, StructArray};
use arrow_schema::{ArrowError, Field, SchemaRef};
use pyo3::prelude::*;
use pyo3::types::PyCapsule;
use pyo3_arrow::error::PyArrowResult;
use pyo3_arrow::ffi::{ArrayIterator, to_schema_pycapsule, to_stream_pycapsule};
use pyo3_arrow::input::AnyRecordBatch;
use rolecluster::read::Batch;

/// A table that pyarrow, pandas, Polars, DuckDB and others take as it is.
#[pyclass(module = "rolecluster", frozen)]
pub struct Table {
    batches: Vec<RecordBatch>,
    schema: SchemaRef,
}

impl Table {
    /// Of batches like the first, which may be without rows.
    pub fn new(like: Batch, batches: Vec<Batch>) -> Self {
        let schema = RecordBatch::from(like).schema();
        Table { batches: batches.into_iter().map(RecordBatch::from).collect(), schema }
    }

    /// Of one batch.
    pub fn of(batch: RecordBatch) -> Self {
        Table { schema: batch.schema(), batches: vec![batch] }
    }
}

#[pymethods]
impl Table {
    /// The names of the columns.
    #[getter]
    fn columns(&self) -> Vec<String> {
        self.schema.fields().iter().map(|field| field.name().clone()).collect()
    }

    /// What there is to know of the table, such as the model that made its vectors.
    #[getter]
    fn metadata(&self) -> std::collections::HashMap<String, String> {
        self.schema.metadata().clone()
    }

    fn __len__(&self) -> usize {
        self.batches.iter().map(RecordBatch::num_rows).sum()
    }

    fn __repr__(&self) -> String {
        format!("<rolecluster.Table: {} rows of {}>", self.__len__(), self.columns().join(", "))
    }

    /// The same as a `pyarrow.Table`; no column is copied.
    fn to_pyarrow<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        slf.py().import("pyarrow")?.call_method1("table", (slf,))
    }

    /// The same as a `pandas.DataFrame`; needs pyarrow.
    fn to_pandas<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        Table::to_pyarrow(slf)?.call_method0("to_pandas")
    }

    /// The same as a `polars.DataFrame`; no column is copied.
    fn to_polars<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        slf.py().import("polars")?.call_method1("DataFrame", (slf,))
    }

    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyArrowResult<Bound<'py, PyCapsule>> {
        to_schema_pycapsule(py, &*self.schema)
    }

    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyCapsule>>,
    ) -> PyArrowResult<Bound<'py, PyCapsule>> {
        let rows = Field::new_struct("", self.schema.fields().clone(), false);
        let rows = Arc::new(rows.with_metadata(self.schema.metadata().clone()));
        let array = |batch: &RecordBatch| -> Result<ArrayRef, ArrowError> {
            Ok(Arc::new(StructArray::from(batch.clone())))
        };
        let arrays: Vec<_> = self.batches.iter().map(array).collect();
        let arrays = ArrayIterator::new(arrays.into_iter(), rows);
        to_stream_pycapsule(py, Box::new(arrays), requested_schema)
    }
}

/// The batches of a table, as they come, and one like them without rows.
pub struct Rows {
    like: SchemaRef,
    batches: Box<dyn RecordBatchReader + Send>,
}

impl Rows {
    /// Of anything with the PyCapsule interface.
    pub fn of(table: AnyRecordBatch) -> PyResult<Self> {
        let batches = table.into_reader()?;
        Ok(Rows { like: batches.schema(), batches })
    }

    /// A batch without rows.
    pub fn like(&self) -> Batch {
        Batch::from(RecordBatch::new_empty(self.like.clone()))
    }

    /// All of them, and one without rows where there is none.
    pub fn whole(self) -> Result<Vec<Batch>, ArrowError> {
        let like = self.like();
        let mut all = self.collect::<Result<Vec<Batch>, ArrowError>>()?;
        if all.is_empty() {
            all.push(like);
        }
        Ok(all)
    }
}

impl Iterator for Rows {
    type Item = Result<Batch, ArrowError>;

    fn next(&mut self) -> Option<Self::Item> {
        Some(self.batches.next()?.map(Batch::from))
    }
}

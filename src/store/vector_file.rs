//! Vectors as Parquet: `id: Utf8`, `vector: FixedSizeList<Float32, d>`. pandas, DuckDB and
//! Polars read it as it is; the model stands in the schema metadata.

use std::collections::HashMap;
use std::io::{self, Write};
use std::ops::Range;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::Float32Type;
use arrow_array::{ArrayRef, FixedSizeListArray, Float32Array, RecordBatch, StringArray};
use arrow_schema::{DataType, Field, Schema};

use super::parquet_file::{self, Packing, ParquetFile};
use crate::embeddings::{Embeddings, ModelFingerprint};
use crate::geometry::Matrix;
use crate::mapped_file::Bytes;
use crate::role::RoleId;

pub(super) fn write(embeddings: &Embeddings, out: &mut (dyn Write + Send)) -> io::Result<()> {
    let model = embeddings.model();
    let metadata = model_metadata(model);
    let item = Arc::new(Field::new("item", DataType::Float32, false));
    let width = i32::try_from(model.dimension).map_err(io::Error::other)?;
    let schema = Arc::new(Schema::new_with_metadata(
        vec![
            Field::new("id", DataType::Utf8, false),
            Field::new("vector", DataType::FixedSizeList(item.clone(), width), false),
        ],
        metadata,
    ));
    let batch = |rows: Range<usize>| {
        let ids = embeddings.ids()[rows.clone()].iter().map(RoleId::as_str);
        let numbers = rows.start * model.dimension..rows.end * model.dimension;
        let values = embeddings.vectors().as_slice()[numbers].to_vec();
        let values: ArrayRef = Arc::new(Float32Array::from(values));
        let vectors = FixedSizeListArray::try_new(item.clone(), width, values, None);
        let columns: Vec<ArrayRef> = vec![
            Arc::new(StringArray::from_iter_values(ids)),
            Arc::new(vectors.map_err(|e| e.to_string())?),
        ];
        RecordBatch::try_new(schema.clone(), columns).map_err(|e| e.to_string())
    };
    parquet_file::write(embeddings.ids().len(), batch, Packing::Plain, out)
}

/// What is said of a model in the metadata of a schema of vectors.
pub(crate) fn model_metadata(model: &ModelFingerprint) -> HashMap<String, String> {
    HashMap::from([
        ("rolecluster.model".to_string(), model.name.clone()),
        ("rolecluster.revision".to_string(), model.revision.clone()),
        ("rolecluster.digest".to_string(), model.digest.clone()),
        ("rolecluster.dimension".to_string(), model.dimension.to_string()),
        ("rolecluster.dtype".to_string(), model.dtype.clone()),
        ("rolecluster.prompt".to_string(), model.prompt.clone()),
        ("rolecluster.normalized".to_string(), "true".to_string()),
    ])
}

pub(super) fn read(bytes: Bytes) -> Result<Embeddings, String> {
    let n_bytes = bytes.len();
    let file = ParquetFile::open(bytes)?;
    let model = model_of(file.schema().metadata())?;
    let n_numbers = file.n_rows()?.saturating_mul(model.dimension);
    let (mut ids, mut data) = (Vec::new(), Vec::with_capacity(n_numbers.min(n_bytes / 4)));
    file.all(|batch| {
        let column = batch.column_by_name("id").and_then(|c| c.as_string_opt::<i32>());
        let names = column.ok_or("no text column `id`")?;
        ids.extend(names.iter().map(|id| RoleId::new(id.unwrap_or_default())));
        let column = batch.column_by_name("vector").and_then(|c| c.as_fixed_size_list_opt());
        let lists = column.ok_or("no fixed-size list column `vector`")?;
        let values = lists.values().as_primitive_opt::<Float32Type>();
        data.extend_from_slice(values.ok_or("`vector` does not hold f32")?.values());
        Ok(())
    })?;
    if let Some(i) = data.iter().position(|x| !x.is_finite()) {
        return Err(format!(
            "vector {} holds a number that is not finite",
            i / model.dimension.max(1)
        ));
    }
    let vectors = Matrix::new(ids.len(), model.dimension, data).map_err(|e| e.to_string())?;
    Embeddings::new(ids, vectors, model).map_err(|e| e.to_string())
}

fn model_of(metadata: &HashMap<String, String>) -> Result<ModelFingerprint, String> {
    let get = |key: &str| {
        let key = format!("rolecluster.{key}");
        metadata.get(&key).cloned().ok_or(format!("no `{key}` in the schema metadata"))
    };
    let dimension = get("dimension")?;
    Ok(ModelFingerprint {
        name: get("model")?,
        revision: get("revision")?,
        digest: get("digest")?,
        dimension: dimension.parse().map_err(|_| format!("dimension {dimension:?}"))?,
        dtype: get("dtype")?,
        prompt: get("prompt")?,
    })
}

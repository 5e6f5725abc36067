//! Weights by name out of one safetensors file or several.

use std::collections::{BTreeSet, HashMap};
use std::ops::Range;

use candle_core::{DType, Device, Shape, Tensor};
use candle_nn::var_builder::SimpleBackend;
use safetensors::tensor::{Dtype, SafeTensors};
use sha2::{Digest, Sha256};

use super::EncodeError;
use super::blob::Blob;
use super::source::ModelFiles;

/// The file of a model saved in one piece.
pub(super) const SINGLE: &str = "model.safetensors";
/// The file that says which shard holds which weight.
pub(super) const INDEX: &str = "model.safetensors.index.json";

/// Names a checkpoint may put before those of the bare model.
const PREFIXES: [&str; 3] = ["bert.", "roberta.", "model."];

/// All weights of one model, still in their file.
#[derive(Debug)]
pub(super) struct Weights {
    model: String,
    shards: Vec<Blob>,
    tensors: HashMap<String, Entry>,
}

#[derive(Debug)]
struct Entry {
    shard: usize,
    dtype: Dtype,
    shape: Vec<usize>,
    bytes: Range<usize>,
}

impl Weights {
    /// Maps `model.safetensors`, or every shard its index names, in a folder of the model
    /// (`prefix` is empty or ends in a slash).
    pub(super) fn open(files: &ModelFiles, prefix: &str) -> Result<Self, EncodeError> {
        let single = format!("{prefix}{SINGLE}");
        let mut weights =
            Weights { model: files.name().to_string(), shards: vec![], tensors: HashMap::new() };
        if let Some(blob) = files.open(&single)? {
            weights.add(files, &single, blob)?;
            return Ok(weights);
        }
        let index_file = format!("{prefix}{INDEX}");
        let advice = "only safetensors weights are read, never pickled ones; convert the model";
        let Some(index) = files.open(&index_file)? else {
            let (name, file) = (files.name().to_string(), single);
            return Err(EncodeError::MissingFile { name, file, advice });
        };
        for shard in shard_names(&index).map_err(|e| files.bad(&index_file, e))? {
            let file = format!("{prefix}{shard}");
            let blob = files.need(&file, "the index names it; fetch the model again")?;
            weights.add(files, &file, blob)?;
        }
        Ok(weights)
    }

    fn add(&mut self, files: &ModelFiles, file: &str, blob: Blob) -> Result<(), EncodeError> {
        // Offsets, lengths and overlaps are checked by the reader.
        let (header, metadata) =
            SafeTensors::read_metadata(&blob).map_err(|e| files.bad(file, e))?;
        let start = header + std::mem::size_of::<u64>();
        let shard = self.shards.len();
        for (name, info) in metadata.tensors() {
            let (from, to) = info.data_offsets;
            let bytes = start + from..start + to;
            if bytes.end > blob.len() {
                return Err(files.bad(file, "the file ends before its weights do"));
            }
            let entry = Entry { shard, dtype: info.dtype, shape: info.shape.clone(), bytes };
            self.tensors.insert(name, entry);
        }
        self.shards.push(blob);
        Ok(())
    }

    /// Under its own name, or with a checkpoint prefix put before it or taken away.
    fn entry(&self, name: &str) -> Option<&Entry> {
        let shorter = || PREFIXES.iter().find_map(|p| self.tensors.get(name.strip_prefix(p)?));
        let longer = || PREFIXES.iter().find_map(|p| self.tensors.get(&format!("{p}{name}")));
        self.tensors.get(name).or_else(shorter).or_else(longer)
    }

    /// Whether there is such a weight.
    pub(super) fn contains(&self, name: &str) -> bool {
        self.entry(name).is_some()
    }

    fn checked(&self, name: &str, shape: &[usize]) -> Result<(&Entry, &[u8]), EncodeError> {
        let (model, weight) = (|| self.model.clone(), || name.to_string());
        let entry = self
            .entry(name)
            .ok_or_else(|| EncodeError::MissingWeight { name: model(), weight: weight() })?;
        if entry.shape != shape {
            return Err(EncodeError::WeightShape {
                name: model(),
                weight: weight(),
                found: entry.shape.clone(),
                expected: shape.to_vec(),
            });
        }
        if !matches!(entry.dtype, Dtype::F32 | Dtype::F16 | Dtype::BF16) {
            return Err(EncodeError::Unsupported {
                name: model(),
                what: "weights of type",
                found: format!("{:?} ({name})", entry.dtype),
                supported: "F32, F16, BF16".to_string(),
            });
        }
        Ok((entry, &self.shards[entry.shard][entry.bytes.clone()]))
    }

    /// A whole weight as `f32`, row-major.
    pub(super) fn f32(&self, name: &str, shape: &[usize]) -> Result<Vec<f32>, EncodeError> {
        let (entry, bytes) = self.checked(name, shape)?;
        let mut values = vec![0.0; shape.iter().product()];
        decode(entry.dtype, bytes, &mut values);
        Ok(values)
    }

    /// A table of `rows x cols` whose rows are read when asked for.
    pub(super) fn table(&self, name: &str, rows: usize, cols: usize) -> Result<Table, EncodeError> {
        let (entry, _) = self.checked(name, &[rows, cols])?;
        let blob = self.shards[entry.shard].clone();
        Ok(Table { blob, bytes: entry.bytes.clone(), dtype: entry.dtype, rows, cols })
    }

    /// Feeds every header in full and, of every weight, its first, middle and last bytes: any
    /// training step changes all weights, so a sample tells two states apart without reading
    /// hundreds of megabytes at every start.
    pub(super) fn digest(&self, hasher: &mut Sha256) {
        const SAMPLE: usize = 256;
        for shard in &self.shards {
            let header = shard.first_chunk().map_or(0, |n| u64::from_le_bytes(*n) as usize);
            hasher.update((shard.len() as u64).to_le_bytes());
            hasher.update(&shard[..(header.saturating_add(8)).min(shard.len())]);
        }
        let mut names: Vec<&String> = self.tensors.keys().collect();
        names.sort_unstable();
        for name in names {
            let entry = &self.tensors[name];
            let bytes = &self.shards[entry.shard][entry.bytes.clone()];
            let middle = bytes.len() / 2;
            for start in [0, middle, bytes.len().saturating_sub(SAMPLE)] {
                hasher.update(&bytes[start..(start + SAMPLE).min(bytes.len())]);
            }
        }
    }
}

/// The shard files an index names, each once, in order of name.
pub(super) fn shard_names(index: &[u8]) -> Result<BTreeSet<String>, serde_json::Error> {
    #[derive(serde::Deserialize)]
    struct Index {
        weight_map: HashMap<String, String>,
    }
    let index: Index = serde_json::from_slice(index)?;
    Ok(index.weight_map.into_values().collect())
}

/// A weight of two dimensions left in its file.
#[derive(Debug)]
pub(super) struct Table {
    blob: Blob,
    bytes: Range<usize>,
    dtype: Dtype,
    rows: usize,
    cols: usize,
}

impl Table {
    /// Writes row `row` to `out` (`cols` long).
    ///
    /// # Panics
    /// If there is no such row, or `out` is not as long as one.
    pub(super) fn read_row(&self, row: usize, out: &mut [f32]) {
        assert!(row < self.rows && out.len() == self.cols);
        let width = self.cols * if self.dtype == Dtype::F32 { 4 } else { 2 };
        let start = self.bytes.start + row * width;
        decode(self.dtype, &self.blob[start..start + width], out);
    }
}

/// Little-endian floats of a dtype that was checked before.
fn decode(dtype: Dtype, bytes: &[u8], out: &mut [f32]) {
    if dtype == Dtype::F32 {
        for (value, bytes) in out.iter_mut().zip(bytes.as_chunks::<4>().0) {
            *value = f32::from_le_bytes(*bytes);
        }
        return;
    }
    let halves = out.iter_mut().zip(bytes.as_chunks::<2>().0);
    if dtype == Dtype::BF16 {
        for (value, bytes) in halves {
            *value = f32::from_bits(u32::from(u16::from_le_bytes(*bytes)) << 16);
        }
    } else {
        for (value, bytes) in halves {
            *value = half_to_f32(u16::from_le_bytes(*bytes));
        }
    }
}

/// An IEEE half as `f32`, exactly, without a branch, so that a loop of it is vectorised: the
/// exponent is moved into place and set right by a product with 2^112, which also brings
/// subnormals into shape; infinity and NaN get the highest exponent back.
#[inline(always)]
fn half_to_f32(half: u16) -> f32 {
    let (sign, rest) = (u32::from(half & 0x8000) << 16, u32::from(half & 0x7FFF) << 13);
    let scaled = (f32::from_bits(rest) * f32::from_bits(0x7780_0000)).to_bits();
    let bits = if rest >= 0x0F80_0000 { rest | 0x7F80_0000 } else { scaled };
    f32::from_bits(bits | sign)
}

/// Weights handed to candle, one tensor at a time.
pub(super) struct CandleWeights(pub(super) std::sync::Arc<Weights>);

impl SimpleBackend for CandleWeights {
    fn get(
        &self,
        shape: Shape,
        name: &str,
        _init: candle_nn::Init,
        dtype: DType,
        device: &Device,
    ) -> candle_core::Result<Tensor> {
        let values = self.0.f32(name, shape.dims()).map_err(candle_core::Error::wrap)?;
        Tensor::from_vec(values, shape, device)?.to_dtype(dtype)
    }

    fn get_unchecked(
        &self,
        name: &str,
        dtype: DType,
        device: &Device,
    ) -> candle_core::Result<Tensor> {
        let path = || candle_core::Error::CannotFindTensor { path: name.to_string() };
        let shape = self.0.entry(name).ok_or_else(path)?.shape.clone();
        self.get(Shape::from(shape), name, candle_nn::Init::Const(0.0), dtype, device)
    }

    fn contains_tensor(&self, name: &str) -> bool {
        self.0.contains(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_half_is_read_exactly() {
        for bits in 0..=u16::MAX {
            let (found, expected) = (half_to_f32(bits), half::f16::from_bits(bits).to_f32());
            assert!(found == expected || (found.is_nan() && expected.is_nan()), "{bits:#06x}");
            assert_eq!(found.is_sign_negative(), expected.is_sign_negative());
        }
    }

    #[test]
    fn all_three_types_are_read() {
        let mut out = [0.0; 2];
        decode(Dtype::F32, &[0, 0, 128, 63, 0, 0, 0, 192], &mut out);
        assert_eq!(out, [1.0, -2.0]);
        decode(Dtype::BF16, &[128, 63, 0, 192], &mut out);
        assert_eq!(out, [1.0, -2.0]);
        decode(Dtype::F16, &[0, 60, 0, 192], &mut out);
        assert_eq!(out, [1.0, -2.0]);
    }
}

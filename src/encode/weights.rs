//! Weights by name out of one safetensors file or several.

use std::collections::HashMap;

use safetensors::tensor::{Dtype, SafeTensors};
use sha2::{Digest, Sha256};

use super::EncodeError;
use super::model_bytes::ModelBytes;
use super::source::ModelFiles;
use super::storage::{Storage, Table};
use super::weight_files::{INDEX, SINGLE, shard_names};

/// Names a checkpoint may put before those of the bare model.
const PREFIXES: [&str; 3] = ["bert.", "roberta.", "model."];

/// What the scales of a rounded weight are called, after the weight's own name.
const SCALES: &str = ".scales";

/// All weights of one model, still in their file.
#[derive(Debug)]
pub(super) struct Weights {
    model: String,
    shards: Vec<ModelBytes>,
    tensors: HashMap<String, Entry>,
}

#[derive(Debug)]
struct Entry {
    dtype: Dtype,
    shape: Vec<usize>,
    bytes: ModelBytes,
}

impl Weights {
    /// Maps `model.safetensors`, or every shard its index names, in a folder of the model
    /// (`prefix` is empty or ends in a slash).
    pub(super) fn open(files: &ModelFiles, prefix: &str) -> Result<Self, EncodeError> {
        let single = format!("{prefix}{SINGLE}");
        let mut weights =
            Weights { model: files.name().to_string(), shards: vec![], tensors: HashMap::new() };
        if let Some(bytes) = files.open(&single)? {
            weights.add(files, &single, bytes)?;
            return Ok(weights);
        }
        let index_file = format!("{prefix}{INDEX}");
        let Some(index) = files.open(&index_file)? else {
            let (name, file) = (files.name().to_string(), single);
            let advice = match files.open(&format!("{prefix}pytorch_model.bin"))? {
                Some(_) => {
                    "it has pytorch_model.bin only, and pickled weights are never read; save it again with `model.save_pretrained(FOLDER, safe_serialization=True)`"
                }
                None => "only safetensors weights are read; convert the model",
            };
            return Err(EncodeError::MissingFile { name, file, advice });
        };
        for shard in shard_names(&index).map_err(|e| files.bad(&index_file, e))? {
            let file = format!("{prefix}{shard}");
            let advice = "model.safetensors.index.json names it; fetch the model again";
            let bytes = files.need(&file, advice)?;
            weights.add(files, &file, bytes)?;
        }
        Ok(weights)
    }

    fn add(
        &mut self,
        files: &ModelFiles,
        file: &str,
        shard: ModelBytes,
    ) -> Result<(), EncodeError> {
        // Offsets, lengths and overlaps are checked by the reader.
        let (header, metadata) =
            SafeTensors::read_metadata(&shard).map_err(|e| files.bad(file, e))?;
        let start = header + std::mem::size_of::<u64>();
        for (name, info) in metadata.tensors() {
            let (from, to) = info.data_offsets;
            if start + to > shard.len() {
                return Err(files.bad(file, "the file ends before its weights do"));
            }
            let bytes = shard.slice(start + from..start + to);
            self.tensors
                .insert(name, Entry { dtype: info.dtype, shape: info.shape.clone(), bytes });
        }
        self.shards.push(shard);
        Ok(())
    }

    /// The name a weight is stored under: its own, or with a checkpoint prefix put before it or
    /// taken away.
    fn stored_name(&self, name: &str) -> Option<String> {
        let shorter = PREFIXES.iter().filter_map(|prefix| name.strip_prefix(prefix));
        let longer = PREFIXES.iter().map(|prefix| format!("{prefix}{name}"));
        let mut names =
            std::iter::once(name.to_string()).chain(shorter.map(str::to_string)).chain(longer);
        names.find(|name| self.tensors.contains_key(name))
    }

    /// Whether there is such a weight.
    pub(super) fn contains(&self, name: &str) -> bool {
        self.stored_name(name).is_some()
    }

    /// Whether the linear layers are stored as 8-bit integers, so that nothing is lost by
    /// computing in them.
    pub(super) fn is_int8(&self) -> bool {
        self.tensors.values().any(|entry| entry.dtype == Dtype::I8)
    }

    /// The bytes of a tensor that holds no floats, under its exact name; `None` where there is
    /// no such tensor of this type.
    pub(super) fn raw(&self, name: &str, dtype: Dtype) -> Option<ModelBytes> {
        let entry = self.tensors.get(name).filter(|entry| entry.dtype == dtype)?;
        Some(entry.bytes.clone())
    }

    /// The shape a weight has as numbers, however they are stored.
    pub(super) fn shape(&self, name: &str) -> Option<Vec<usize>> {
        let name = self.stored_name(name)?;
        let entry = &self.tensors[&name];
        let mut shape = entry.shape.clone();
        // Two numbers to a byte.
        if entry.dtype == Dtype::U8
            && let Some(last) = shape.last_mut()
        {
            *last = last.saturating_mul(2);
        }
        Some(shape)
    }

    /// A weight of this shape whose rows (along the last dimension) are decoded when asked for.
    pub(super) fn table(&self, name: &str, shape: &[usize]) -> Result<Table, EncodeError> {
        let (model, weight) = (|| self.model.clone(), || name.to_string());
        let (Some(stored), Some(found)) = (self.stored_name(name), self.shape(name)) else {
            return Err(EncodeError::MissingWeight { name: model(), weight: weight() });
        };
        if found != shape {
            return Err(EncodeError::WeightShape {
                name: model(),
                weight: weight(),
                found,
                expected: shape.to_vec(),
            });
        }
        let entry = &self.tensors[&stored];
        let scales = self.tensors.get(&format!("{stored}{SCALES}"));
        let storage = match (entry.dtype, scales.map(|scales| scales.dtype)) {
            (Dtype::F32, _) => Some(Storage::F32),
            (Dtype::F16, _) => Some(Storage::F16),
            (Dtype::BF16, _) => Some(Storage::Bf16),
            (Dtype::I8, Some(Dtype::F32)) => Some(Storage::Int8Rows),
            (Dtype::U8, Some(Dtype::F16)) => Some(Storage::Int4Blocks),
            _ => None,
        };
        let cols = shape.last().copied().unwrap_or(1);
        let rows = shape.iter().rev().skip(1).product();
        let table = storage.and_then(|storage| {
            let scales = match storage {
                Storage::Int8Rows | Storage::Int4Blocks => scales?.bytes.clone(),
                Storage::F32 | Storage::F16 | Storage::Bf16 => entry.bytes.slice(0..0),
            };
            Table::new(storage, entry.bytes.clone(), scales, (rows, cols))
        });
        table.ok_or_else(|| EncodeError::Unsupported {
            name: model(),
            what: "weights of type",
            found: format!("{:?} ({name})", entry.dtype),
            supported: "F32, F16, BF16, and with `.scales` I8 and U8".to_string(),
        })
    }

    /// A whole weight as `f32`, row-major.
    pub(super) fn f32(&self, name: &str, shape: &[usize]) -> Result<Vec<f32>, EncodeError> {
        self.table(name, shape).map(|table| table.to_vec())
    }

    /// [`Weights::f32`] in whatever shape the file has.
    pub(super) fn any_shape(&self, name: &str) -> Result<(Vec<usize>, Vec<f32>), EncodeError> {
        let shape = self.shape(name).unwrap_or_default();
        let values = self.f32(name, &shape)?;
        Ok((shape, values))
    }

    /// A tensor of whole numbers that are not negative; `None` where there is none of this name.
    pub(super) fn integers(&self, name: &str) -> Option<Vec<u32>> {
        let entry = self.tensors.get(name)?;
        let number = |bytes: &[u8]| -> Option<u32> {
            match bytes.len() {
                4 => i32::from_le_bytes(bytes.try_into().ok()?).try_into().ok(),
                _ => i64::from_le_bytes(bytes.try_into().ok()?).try_into().ok(),
            }
        };
        let size = match entry.dtype {
            Dtype::I32 => 4,
            Dtype::I64 => 8,
            _ => return None,
        };
        entry.bytes.chunks_exact(size).map(number).collect()
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
            let bytes = &*self.tensors[name].bytes;
            let middle = bytes.len() / 2;
            for start in [0, middle, bytes.len().saturating_sub(SAMPLE)] {
                hasher.update(&bytes[start..(start + SAMPLE).min(bytes.len())]);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::encode::Source;

    fn written(tensors: &[(&str, Dtype, Vec<usize>, Vec<u8>)]) -> Weights {
        let folder = tempfile::tempdir().unwrap();
        let views = tensors.iter().map(|(name, dtype, shape, bytes)| {
            (*name, safetensors::tensor::TensorView::new(*dtype, shape.clone(), bytes).unwrap())
        });
        safetensors::serialize_to_file(views, None, &folder.path().join(SINGLE)).unwrap();
        open(folder.path()).unwrap()
    }

    fn open(folder: &Path) -> Result<Weights, EncodeError> {
        Weights::open(&ModelFiles::resolve(&Source::Dir(folder.into()), None).unwrap(), "")
    }

    #[test]
    fn rounded_weights_need_their_scales() {
        let scales = [0.5f32, 2.0].iter().flat_map(|s| s.to_le_bytes()).collect::<Vec<u8>>();
        let int8 = || ("bert.w", Dtype::I8, vec![2, 3], vec![1, 2, 3, 4, 5, 6]);
        let whole = written(&[int8(), ("bert.w.scales", Dtype::F32, vec![2], scales)]);
        assert!(whole.is_int8());
        let expected = [0.5, 1.0, 1.5, 8.0, 10.0, 12.0];
        assert_eq!(whole.f32("w", &[2, 3]).unwrap(), expected);
        assert_eq!(whole.any_shape("w").unwrap(), (vec![2, 3], expected.to_vec()));
        let error = written(&[int8()]).f32("w", &[2, 3]).unwrap_err().to_string();
        assert!(error.contains("I8 (w)") && error.contains(".scales"), "{error}");
        let short = written(&[int8(), ("bert.w.scales", Dtype::F32, vec![1], vec![0; 4])]);
        assert!(short.f32("w", &[2, 3]).is_err());
    }

    #[test]
    fn a_4_bit_weight_has_the_shape_of_its_numbers() {
        let words = written(&[
            ("w", Dtype::U8, vec![2, 16], vec![0x98; 32]),
            ("w.scales", Dtype::F16, vec![2, 1], vec![0, 60, 0, 60]),
        ]);
        assert_eq!(words.any_shape("w").unwrap().0, [2, 32]);
        let row = words.f32("w", &[2, 32]).unwrap();
        assert_eq!((row[0], row[16]), (0.0, 1.0));
        assert!(matches!(words.f32("w", &[2, 16]), Err(EncodeError::WeightShape { .. })));
    }

    #[test]
    fn pickled_weights_are_named_as_what_they_are() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("pytorch_model.bin"), b"PK").unwrap();
        let error = open(folder.path()).unwrap_err().to_string();
        assert!(error.contains("pytorch_model.bin") && error.contains("safe_serialization"));
    }
}

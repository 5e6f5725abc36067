//! The vector cache: vectors by hash of (model, prompt, text), so that no text is embedded twice.
//!
//! An append-only log per model: a header line, then records of equal size, each a key
//! (16 bytes), a vector (`4 d` bytes, little-endian) and a CRC-32 of both. A process killed
//! while appending leaves a torn last record, which the next start cuts off; a record whose
//! checksum fails is passed over and computed again. Only keys are kept in memory.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::file_names::CACHE;
use super::{RunWriter, StoreError};
use crate::atomic_file::WriteError;
use crate::disk::{self, DiskWriter};
use crate::embeddings::ModelFingerprint;
use crate::geometry::Matrix;
use crate::mapped_file;

const KEY_BYTES: usize = 16;

/// Hash of a text together with the model and the prompt it is embedded by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct CacheKey([u8; KEY_BYTES]);

/// The log of vectors, open for appending, and an index of it in memory.
#[derive(Debug)]
pub struct Cache {
    pub(super) path: PathBuf,
    file: File,
    /// Which record holds the vector of a key, counted from 0.
    places: HashMap<CacheKey, usize>,
    n_records: usize,
    dimension: usize,
    model: [u8; 32],
}

impl Cache {
    /// Opens the cache of `model` in a locked run folder, making it if need be.
    ///
    /// # Errors
    /// When the file cannot be read or written. A file that is no cache of this model is
    /// begun anew: it holds nothing that cannot be computed again.
    pub fn open(run: &RunWriter, model: &ModelFingerprint) -> Result<Self, StoreError> {
        let folder = run.path().join(CACHE);
        let model_hash = hash_of(model);
        let name: String = model_hash[..8].iter().map(|b| format!("{b:02x}")).collect();
        let path = folder.join(format!("{name}.vectors"));
        disk::create_dir_all(&folder)
            .map_err(|source| StoreError::Io { path: folder.clone(), source })?;
        let io = |source| StoreError::Io { path: path.clone(), source };
        let mut places = HashMap::new();
        let (n_records, kept) = read_log(&path, model.dimension, &mut places).map_err(io)?;
        let file = disk::open_to_write(&path).map_err(io)?;
        disk::set_len(&file, kept, &path).map_err(io)?;
        if kept == 0 {
            DiskWriter::new(&file, &path).write_all(&header(model.dimension)).map_err(io)?;
        }
        Ok(Cache { path, file, places, n_records, dimension: model.dimension, model: model_hash })
    }

    /// The key of a text under this cache's model and prompt.
    pub fn key(&self, text: &str) -> CacheKey {
        let mut hasher = Sha256::new();
        hasher.update(self.model);
        hasher.update(text.as_bytes());
        let mut key = [0; KEY_BYTES];
        key.copy_from_slice(&hasher.finalize()[..KEY_BYTES]);
        CacheKey(key)
    }

    /// Whether the vector of a text is known.
    pub fn knows(&self, key: &CacheKey) -> bool {
        self.places.contains_key(key)
    }

    /// One row per key: its vector, read from the log.
    ///
    /// # Errors
    /// When the log cannot be read, is no longer what it was, or has no vector of a key.
    pub fn vectors(&self, keys: &[CacheKey]) -> Result<Matrix, StoreError> {
        let path = || self.path.clone();
        let log = mapped_file::map(&self.path)
            .map_err(|source| StoreError::Io { path: path(), source })?;
        let size = record_bytes(self.dimension);
        let records = log.get(header(self.dimension).len()..).unwrap_or_default();
        let mut data = Vec::with_capacity(keys.len() * self.dimension);
        for key in keys {
            let place = self.places.get(key);
            let record = place.and_then(|&place| records.get(place * size..(place + 1) * size));
            let vector = record.and_then(sound_record).filter(|(found, _)| found == key);
            let (_, vector) = vector.ok_or_else(|| StoreError::Damaged {
                path: path(),
                reason: "it does not hold a vector it was found to hold".into(),
            })?;
            data.extend(
                vector.chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])),
            );
        }
        Matrix::new(keys.len(), self.dimension, data)
            .map_err(|error| StoreError::Damaged { path: path(), reason: error.to_string() })
    }

    /// Appends vectors and waits until they are on disk.
    ///
    /// # Errors
    /// When the disk is full or gone; what was appended before is kept.
    ///
    /// # Panics
    /// If `keys` and `vectors` differ in number.
    pub fn append(&mut self, keys: &[CacheKey], vectors: &Matrix) -> Result<(), StoreError> {
        assert_eq!(keys.len(), vectors.rows(), "one key per vector");
        let mut bytes = Vec::with_capacity(keys.len() * record_bytes(self.dimension));
        for (key, row) in keys.iter().zip(vectors.iter_rows()) {
            let start = bytes.len();
            bytes.extend_from_slice(&key.0);
            row.iter().for_each(|x| bytes.extend_from_slice(&x.to_le_bytes()));
            let checksum = crc32fast::hash(&bytes[start..]);
            bytes.extend_from_slice(&checksum.to_le_bytes());
        }
        self.append_bytes(&bytes).map_err(|source| WriteError::new(self.path.clone(), source))?;
        for key in keys {
            self.places.insert(*key, self.n_records);
            self.n_records += 1;
        }
        Ok(())
    }

    /// Appends all of `bytes` or nothing.
    fn append_bytes(&mut self, bytes: &[u8]) -> io::Result<()> {
        let end = header(self.dimension).len() + self.n_records * record_bytes(self.dimension);
        // A record that follows a part of one could not be read.
        self.file.seek(SeekFrom::Start(end as u64))?;
        let written = DiskWriter::new(&self.file, &self.path)
            .write_all(bytes)
            .and_then(|()| disk::sync_data(&self.file, &self.path));
        if written.is_err() {
            // What stays is written over, or is a record that is not sound.
            let _ = disk::set_len(&self.file, end as u64, &self.path);
        }
        written
    }
}

/// Hash of everything that decides a vector apart from the text. The place of the model is not
/// part of it, so a model that was moved keeps its cache.
fn hash_of(model: &ModelFingerprint) -> [u8; 32] {
    let mut hasher = Sha256::new();
    for part in [&model.digest, &model.dtype, &model.prompt] {
        hasher.update((part.len() as u64).to_le_bytes());
        hasher.update(part.as_bytes());
    }
    hasher.update((model.dimension as u64).to_le_bytes());
    hasher.finalize().into()
}

pub(super) fn record_bytes(dimension: usize) -> usize {
    KEY_BYTES + 4 * dimension + 4
}

pub(super) fn header(dimension: usize) -> Vec<u8> {
    format!("rolecluster vector cache 1, dimension {dimension}\n").into_bytes()
}

/// Key and vector of a record; `None` when its checksum is wrong.
fn sound_record(record: &[u8]) -> Option<(CacheKey, &[u8])> {
    let (body, checksum) = record.split_at_checked(record.len().checked_sub(4)?)?;
    let (key, vector) = body.split_first_chunk::<KEY_BYTES>()?;
    (crc32fast::hash(body).to_le_bytes() == checksum).then_some((CacheKey(*key), vector))
}

/// Finds the place of every whole, sound record; returns how many records there are, sound or
/// not, and how many bytes of the file are worth keeping.
fn read_log(
    path: &Path,
    dimension: usize,
    places: &mut HashMap<CacheKey, usize>,
) -> io::Result<(usize, u64)> {
    let mut reader = match File::open(path) {
        Ok(file) => BufReader::with_capacity(1 << 20, file),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok((0, 0)),
        Err(error) => return Err(error),
    };
    let expected = header(dimension);
    let mut found = vec![0; expected.len()];
    if reader.read_exact(&mut found).is_err() || found != expected {
        return Ok((0, 0));
    }
    let mut record = vec![0; record_bytes(dimension)];
    let mut n_records = 0;
    loop {
        match reader.read_exact(&mut record) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
                let kept = expected.len() + n_records * record.len();
                return Ok((n_records, kept as u64));
            }
            Err(error) => return Err(error),
        }
        if let Some((key, _)) = sound_record(&record) {
            places.insert(key, n_records);
        }
        n_records += 1;
    }
}

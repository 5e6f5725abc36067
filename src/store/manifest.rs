//! The manifest: format version, model, and the checksum of every part.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::Path;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::file_names::{MANIFEST, Part};
use super::staging::Access;
use super::{StoreError, staging};
use crate::atomic_file::WriteError;
use crate::embeddings::ModelFingerprint;

/// Version of the run folder's layout; raised when an older program could misread it. Version 1
/// counted clusters from 0.
pub const FORMAT_VERSION: u32 = 2;

/// Older folders are read from this version on.
const OLDEST_VERSION: u32 = 1;

/// What a run folder holds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    format_version: u32,
    written_by: String,
    model: Option<ModelFingerprint>,
    /// SHA-256 of each part, hexadecimal.
    files: BTreeMap<Part, String>,
    /// SHA-256 of the manifest as it is serialised with this field empty.
    seal: String,
}

impl Default for Manifest {
    fn default() -> Self {
        Manifest {
            format_version: FORMAT_VERSION,
            written_by: concat!("rolecluster ", env!("CARGO_PKG_VERSION")).into(),
            model: None,
            files: BTreeMap::new(),
            seal: String::new(),
        }
    }
}

/// Only the version, so that a manifest of another format version is not taken for damage.
#[derive(Deserialize)]
struct VersionOnly {
    format_version: u32,
}

impl Manifest {
    pub(super) fn for_model(model: ModelFingerprint) -> Self {
        Manifest { model: Some(model), ..Manifest::default() }
    }

    /// The model whose vectors the folder holds.
    pub fn model(&self) -> Option<&ModelFingerprint> {
        self.model.as_ref()
    }

    /// SHA-256 of a part, if it has been written.
    pub fn checksum(&self, part: Part) -> Option<&str> {
        self.files.get(&part).map(String::as_str)
    }

    pub(super) fn note(&mut self, part: Part, checksum: String) {
        self.files.insert(part, checksum);
    }

    /// Whether it named the part, which it does no more.
    pub(super) fn forget(&mut self, part: Part) -> bool {
        self.files.remove(&part).is_some()
    }

    /// Reads the manifest; `None` when the folder has none.
    pub(super) fn read(folder: &Path) -> Result<Option<Self>, StoreError> {
        let path = folder.join(MANIFEST);
        let bytes = match staging::map(folder, MANIFEST, Access::Shared) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(source) => return Err(StoreError::Io { path, source }),
        };
        let damaged = |e: serde_json::Error| StoreError::Damaged {
            path: path.clone(),
            reason: e.to_string(),
        };
        let found = serde_json::from_slice::<VersionOnly>(&bytes).map_err(damaged)?.format_version;
        if !(OLDEST_VERSION..=FORMAT_VERSION).contains(&found) {
            return Err(StoreError::Version { path, found, expected: FORMAT_VERSION });
        }
        let manifest: Manifest = serde_json::from_slice(&bytes).map_err(damaged)?;
        if manifest.seal != manifest.computed_seal() && !cfg!(fuzzing) {
            let reason = "it does not match its own checksum (`seal`)".to_string();
            return Err(StoreError::Damaged { path, reason });
        }
        Ok(Some(manifest))
    }

    /// Writes it as a file of the folder's next state.
    pub(super) fn write(&self, folder: &Path) -> Result<(), WriteError> {
        let current = Manifest { format_version: FORMAT_VERSION, ..self.clone() };
        let sealed = Manifest { seal: current.computed_seal(), ..current };
        staging::write(folder, MANIFEST, |file| {
            serde_json::to_writer_pretty(&mut *file, &sealed)?;
            file.write_all(b"\n")
        })
    }

    fn computed_seal(&self) -> String {
        let open = Manifest { seal: String::new(), ..self.clone() };
        // Serialising text and numbers to memory cannot fail.
        checksum_of(&serde_json::to_vec(&open).unwrap_or_default())
    }
}

pub(super) fn checksum_of(bytes: &[u8]) -> String {
    hexadecimal(&Sha256::digest(bytes))
}

/// A writer that computes the SHA-256 of what passes through it.
pub(super) struct Summed<W> {
    out: W,
    sum: Sha256,
}

impl<W: Write> Summed<W> {
    pub(super) fn new(out: W) -> Self {
        Summed { out, sum: Sha256::new() }
    }

    /// [`checksum_of`] everything written.
    pub(super) fn checksum(self) -> String {
        hexadecimal(&self.sum.finalize())
    }
}

impl<W: Write> Write for Summed<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let n = self.out.write(bytes)?;
        self.sum.update(&bytes[..n]);
        Ok(n)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

/// A model in one line, for error messages.
pub(super) fn describe_model(model: &ModelFingerprint) -> String {
    let prompt = if model.prompt.is_empty() {
        String::new()
    } else {
        format!(", prompt {:?}", model.prompt)
    };
    let ModelFingerprint { name, revision, digest, dtype, .. } = model;
    format!("model {name} ({revision}, {digest}, {dtype}{prompt})")
}

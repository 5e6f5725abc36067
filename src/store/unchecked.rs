//! The readers that stand behind the checksums of the manifest, for `fuzz/` alone: no checksum
//! keeps random bytes from them here.

use std::fs;
use std::path::Path;

use super::{Cache, RoleFile, RolePart, RunWriter, StoreError, StoredRoles, manifest, vector_file};
use crate::embeddings::{Embeddings, ModelFingerprint};
use crate::mapped_file::Bytes;

/// `roles.parquet`.
pub fn roles(bytes: &[u8]) -> Result<StoredRoles, StoreError> {
    let file = RoleFile::open("roles.parquet".into(), Bytes::Owned(bytes.to_vec()))?;
    if let Some(last) = file.n_roles().checked_sub(1) {
        file.some(&[RolePart::Section, RolePart::Stack, RolePart::Fields], &[last])?;
    }
    file.all()
}

/// `vectors.parquet`.
pub fn vectors(bytes: &[u8]) -> Result<Embeddings, String> {
    vector_file::read(Bytes::Owned(bytes.to_vec()))
}

/// `manifest.json` of `folder`, whatever its seal.
pub fn manifest(folder: &Path, bytes: &[u8]) -> Result<bool, StoreError> {
    let path = folder.join("manifest.json");
    fs::write(&path, bytes).map_err(|source| StoreError::Io { path, source })?;
    Ok(manifest::Manifest::read(folder)?.is_some())
}

/// The vector cache of `model` in the folder of `run`.
pub fn cache(run: &RunWriter, model: &ModelFingerprint, bytes: &[u8]) -> Result<Cache, StoreError> {
    let path = Cache::open(run, model)?.path;
    fs::write(&path, bytes).map_err(|source| StoreError::Io { path, source })?;
    Cache::open(run, model)
}

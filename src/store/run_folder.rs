//! Reads the parts of a run folder, each checked against the manifest.

use std::io;
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;

use super::file_names::{MANIFEST, Part};
use super::manifest::{self, Manifest};
use super::role_reader::RoleFile;
use super::role_writer::StoredRoles;
use super::staging::Access;
use super::{ShardNote, StoreError, lock, schema_1, staging, vector_file};
use crate::embeddings::{Embeddings, ModelFingerprint};
use crate::mapped_file::Bytes;

/// A run folder, open for reading.
#[derive(Debug, Clone)]
pub struct RunFolder {
    pub(super) path: PathBuf,
    pub(super) manifest: Manifest,
    pub(super) access: Access,
}

impl RunFolder {
    /// Opens a folder that holds a run.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let run = RunFolder::open_any(path)?;
        match run.has(Part::Shard) {
            true => Err(StoreError::IsShard { folder: run.path }),
            false => Ok(run),
        }
    }

    /// Opens a folder that holds one share of a corpus.
    pub fn open_shard(path: &Path) -> Result<(Self, ShardNote), StoreError> {
        let run = RunFolder::open_any(path)?;
        if !run.has(Part::Shard) {
            let (found, wanted) = ("a whole run".into(), "a shard".into());
            return Err(StoreError::OtherShard { folder: run.path, found, wanted });
        }
        let note = run.json(Part::Shard)?;
        Ok((run, note))
    }

    fn open_any(path: &Path) -> Result<Self, StoreError> {
        let manifest = Manifest::read(path)?
            .ok_or_else(|| StoreError::NoRun { folder: path.to_path_buf(), missing: MANIFEST })?;
        Ok(RunFolder { path: path.to_path_buf(), manifest, access: Access::Shared })
    }

    /// The folder itself.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The model that made the vectors; `None` before there are any.
    pub fn model(&self) -> Option<&ModelFingerprint> {
        self.manifest.model()
    }

    /// Whether this part has been written.
    pub fn has(&self, part: Part) -> bool {
        self.manifest.checksum(part).is_some()
    }

    /// The roles as they were read and cleaned, all of them.
    pub fn roles(&self) -> Result<StoredRoles, StoreError> {
        self.role_file()?.all()
    }

    /// The file of the roles, for reading some of them, or some of their columns.
    pub fn role_file(&self) -> Result<RoleFile, StoreError> {
        RoleFile::open(self.path.join(Part::Roles.file_name()), self.checked(Part::Roles)?)
    }

    /// The vectors, in the order of [`RunFolder::roles`].
    pub fn embeddings(&self) -> Result<Embeddings, StoreError> {
        let path = self.path.join(Part::Vectors.file_name());
        vector_file::read(self.checked(Part::Vectors)?)
            .map_err(|reason| StoreError::Damaged { path, reason })
    }

    /// A part kept as JSON; one of schema version 1 is read as this version would have written it.
    pub fn json<T: DeserializeOwned>(&self, part: Part) -> Result<T, StoreError> {
        let bytes = self.checked(part)?;
        let read = match schema_1::upgraded(part, &bytes) {
            Some(document) => document.and_then(serde_json::from_value),
            None => serde_json::from_slice(&bytes),
        };
        read.map_err(|error| StoreError::Damaged {
            path: self.path.join(part.file_name()),
            reason: error.to_string(),
        })
    }

    /// Maps the file of a part and compares its checksum with the manifest.
    fn checked(&self, part: Part) -> Result<Bytes, StoreError> {
        let path = self.path.join(part.file_name());
        let folder = self.path.clone();
        let Some(expected) = self.manifest.checksum(part) else {
            let missing = part.file_name();
            return Err(match part {
                Part::Roles | Part::Vectors | Part::Intake => StoreError::NoRun { folder, missing },
                _ => StoreError::NotClustered { folder, missing },
            });
        };
        let bytes =
            staging::map(&self.path, part.file_name(), self.access).map_err(
                |source| match source.kind() {
                    io::ErrorKind::NotFound => StoreError::Damaged {
                        path: path.clone(),
                        reason: "the file is gone, though the manifest lists it".into(),
                    },
                    _ => StoreError::Io { path: path.clone(), source },
                },
            )?;
        let found = manifest::checksum_of(&bytes);
        if found != expected {
            // A writer that is at work moves one file after the other, so a file that does not
            // fit the manifest may also be newer than it.
            if self.access == Access::Shared && lock::is_held(&self.path) {
                return Err(StoreError::Locked { folder });
            }
            let reason = format!(
                "its checksum is {found:.16}, the manifest says {expected:.16} \
                 (a write was interrupted, or the file was changed)"
            );
            return Err(StoreError::Damaged { path, reason });
        }
        Ok(bytes)
    }
}

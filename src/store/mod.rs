//! The run folder: what a run leaves behind, and the only code that reads or writes it.
//!
//! ```text
//! DIR/
//!   manifest.json     format version and the SHA-256 of every file below; written last
//!   roles.parquet     one row per role as it was read, with the text that was embedded
//!   vectors.parquet   id, vector: FixedSizeList<f32>; the model in the schema metadata
//!   intake.json       what was read, skipped, set aside and merged
//!   clustering.json   label and strength per role
//!   clusters.json     names of the clusters
//!   model.json        what placing new roles needs to know of the clusters
//!   report.json       profiles, technologies, scores, what was skipped and merged
//!   report.md map.html map.svg roles.csv
//!                     the same for people and spreadsheets; never read back
//!   words.index neighbors.index
//!                     search indexes, mapped; made again where they are missing
//!   cache/            vectors by hash of (model, prompt, text); never needs to be kept
//! ```
//!
//! Every file is replaced atomically ([`crate::atomic_file`]) and the manifest names its
//! checksum, so a bit that flipped or a write that was cut off is found and named. Indexes
//! carry their checksums themselves ([`IndexPart`]). The one file that grows is the cache, an
//! append-only log whose records each carry a checksum: a torn tail is cut off at the next
//! start and the rest is kept.

mod cache;
mod file_names;
mod index_part;
mod lock;
mod manifest;
mod parquet_file;
mod role_reader;
mod role_writer;
mod vector_file;

#[cfg(fuzzing)]
pub mod unchecked;

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::atomic_file::{self, WriteError};
use crate::embeddings::Embeddings;
use crate::mapped_file::{self, Bytes};

pub use cache::{Cache, CacheKey};
pub use file_names::{Part, View};
pub use index_part::IndexPart;
pub use manifest::{FORMAT_VERSION, Manifest};
pub use role_reader::{RoleFile, RolePart};
pub use role_writer::StoredRoles;

/// What can go wrong with a run folder.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// There is no folder, or it holds no run.
    #[error(
        "{} holds no finished run (no {missing}); make one with `rolecluster run INPUT --out {}`",
        folder.display(), folder.display()
    )]
    NoRun {
        /// The folder asked for.
        folder: PathBuf,
        /// The file that is not there.
        missing: &'static str,
    },
    /// A stage that comes later has not run yet.
    #[error("{} has no {missing} yet; run `rolecluster cluster {}` first", folder.display(), folder.display())]
    NotClustered {
        /// The folder asked for.
        folder: PathBuf,
        /// The file that is not there.
        missing: &'static str,
    },
    /// Another process writes to the folder now.
    #[error("{} is being written by another rolecluster; wait for it to end", folder.display())]
    Locked {
        /// The folder.
        folder: PathBuf,
    },
    /// The folder comes from a newer or older program.
    #[error("{}: format version {found}, this program reads version {expected}; make the run again", path.display())]
    Version {
        /// The manifest.
        path: PathBuf,
        /// The version it states.
        found: u32,
        /// The version read here.
        expected: u32,
    },
    /// A file's content is not what was written.
    #[error("{} is damaged: {reason}; run the command that made it again (vectors in the cache are not computed twice)", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// A search index is not what was written.
    #[error(
        "{} is damaged: {reason}; `rolecluster cluster {}` makes it again, and it may be deleted",
        path.display(), folder.display()
    )]
    DamagedIndex {
        /// The file.
        path: PathBuf,
        /// The run folder.
        folder: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// The folder holds vectors of another model.
    #[error("{} holds vectors of {found}, not of {wanted}; use another --out folder, or delete this one", folder.display())]
    OtherModel {
        /// The folder.
        folder: PathBuf,
        /// The model that made its vectors.
        found: String,
        /// The model asked for.
        wanted: String,
    },
    /// A file or folder cannot be read or made.
    #[error("cannot access {}", path.display())]
    Io {
        /// The path.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },
    /// A file cannot be written.
    #[error(transparent)]
    Write(#[from] WriteError),
}

/// A run folder, open for reading.
#[derive(Debug, Clone)]
pub struct RunFolder {
    path: PathBuf,
    manifest: Manifest,
    access: Access,
}

/// Whether a writer may be at work while a folder is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Access {
    Shared,
    /// The reader belongs to the one writer.
    Own,
}

impl RunFolder {
    /// Opens a folder that holds a run.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let manifest = Manifest::read(path)?.ok_or_else(|| StoreError::NoRun {
            folder: path.to_path_buf(),
            missing: file_names::MANIFEST,
        })?;
        Ok(RunFolder { path: path.to_path_buf(), manifest, access: Access::Shared })
    }

    /// The folder itself.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The model that made the vectors; `None` before there are any.
    pub fn model(&self) -> Option<&crate::embeddings::ModelFingerprint> {
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

    /// The same, to be read as far as needed.
    pub fn role_file(&self) -> Result<RoleFile, StoreError> {
        RoleFile::open(self.path.join(Part::Roles.file_name()), self.checked(Part::Roles)?)
    }

    /// The vectors, in the order of [`RunFolder::roles`].
    pub fn embeddings(&self) -> Result<Embeddings, StoreError> {
        let path = self.path.join(Part::Vectors.file_name());
        vector_file::read(self.checked(Part::Vectors)?)
            .map_err(|reason| StoreError::Damaged { path, reason })
    }

    /// A part kept as JSON.
    pub fn json<T: DeserializeOwned>(&self, part: Part) -> Result<T, StoreError> {
        let bytes = self.checked(part)?;
        serde_json::from_slice(&bytes).map_err(|error| StoreError::Damaged {
            path: self.path.join(part.file_name()),
            reason: error.to_string(),
        })
    }

    /// The bytes of a part, mapped, if they are the ones that were written.
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
        let bytes = mapped_file::map(&path).map_err(|source| match source.kind() {
            io::ErrorKind::NotFound => StoreError::Damaged {
                path: path.clone(),
                reason: "the file is gone, though the manifest lists it".into(),
            },
            _ => StoreError::Io { path: path.clone(), source },
        })?;
        let found = manifest::checksum_of(&bytes);
        if found != expected {
            // A writer replaces one file after the other and the manifest last.
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

/// A run folder this process alone may write to, until it is dropped.
#[derive(Debug)]
pub struct RunWriter {
    path: PathBuf,
    manifest: Manifest,
    _lock: File,
}

impl RunWriter {
    /// Makes the folder if need be, and locks it.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let io = |source| StoreError::Io { path: path.to_path_buf(), source };
        fs::create_dir_all(path).map_err(io)?;
        let lock = lock::take(path)?;
        remove_litter(path);
        // A manifest that cannot be read belongs to a run that is about to be replaced,
        // unless it is one of another format version.
        let manifest = match Manifest::read(path) {
            Ok(found) => found.unwrap_or_default(),
            Err(StoreError::Damaged { .. }) => Manifest::default(),
            Err(error) => return Err(error),
        };
        Ok(RunWriter { path: path.to_path_buf(), manifest, _lock: lock })
    }

    /// The folder itself.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// A reader of what the folder holds now.
    pub fn reader(&self) -> RunFolder {
        RunFolder { path: self.path.clone(), manifest: self.manifest.clone(), access: Access::Own }
    }

    /// Refuses when the folder already holds vectors of a model other than `wanted`.
    pub fn refuse_other_model(
        &self,
        wanted: &crate::embeddings::ModelFingerprint,
    ) -> Result<(), StoreError> {
        match self.manifest.model() {
            Some(found) if !found.comparable_with(wanted) => Err(StoreError::OtherModel {
                folder: self.path.clone(),
                found: manifest::describe_model(found),
                wanted: manifest::describe_model(wanted),
            }),
            _ => Ok(()),
        }
    }

    /// Writes roles and vectors together; a clustering of earlier ones is dropped from the
    /// manifest, since its labels no longer fit.
    pub fn write_embedded(
        &mut self,
        stored: &StoredRoles,
        embeddings: &Embeddings,
    ) -> Result<(), StoreError> {
        let mut next = Manifest::for_model(embeddings.model().clone());
        let roles = self.write_part(Part::Roles, |out| role_writer::write(stored, out))?;
        next.note(Part::Roles, roles);
        let vectors = self.write_part(Part::Vectors, |out| vector_file::write(embeddings, out))?;
        next.note(Part::Vectors, vectors);
        // What is remembered of earlier clusterings outlives a change of the roles.
        for part in [Part::History, Part::Names] {
            if let Some(checksum) = self.manifest.checksum(part) {
                next.note(part, checksum.to_string());
            }
        }
        let unchanged = [Part::Roles, Part::Vectors]
            .iter()
            .all(|&part| self.manifest.checksum(part) == next.checksum(part));
        if unchanged {
            // Same roles, same vectors: what was found in them still holds.
            for part in [Part::Clustering, Part::Clusters, Part::Model, Part::Report] {
                if let Some(checksum) = self.manifest.checksum(part) {
                    next.note(part, checksum.to_string());
                }
            }
        }
        self.manifest = next;
        Ok(self.manifest.write(&self.path)?)
    }

    /// Writes a part kept as JSON.
    pub fn write_json<T: Serialize>(&mut self, part: Part, value: &T) -> Result<(), StoreError> {
        let mut bytes = serde_json::to_vec_pretty(value)
            .map_err(|error| self.unwritable(part, error.to_string()))?;
        bytes.push(b'\n');
        let write = |out: &mut (dyn io::Write + Send)| out.write_all(&bytes);
        let checksum = self.write_part(part, write)?;
        self.manifest.note(part, checksum);
        Ok(self.manifest.write(&self.path)?)
    }

    /// Writes a file for people or other programs.
    pub fn write_view(
        &self,
        view: View,
        fill: impl FnOnce(&mut dyn io::Write) -> io::Result<()>,
    ) -> Result<(), StoreError> {
        let path = self.path.join(view.file_name());
        Ok(atomic_file::write(&path, |file| fill(file))?)
    }

    /// Replaces a part by what `fill` writes and returns its checksum.
    fn write_part(
        &self,
        part: Part,
        fill: impl FnOnce(&mut (dyn io::Write + Send)) -> io::Result<()>,
    ) -> Result<String, StoreError> {
        let path = self.path.join(part.file_name());
        let mut checksum = String::new();
        atomic_file::write(&path, |file| {
            let mut summed = manifest::Summed::new(file);
            fill(&mut summed)?;
            checksum = summed.checksum();
            Ok(())
        })?;
        Ok(checksum)
    }

    fn unwritable(&self, part: Part, reason: String) -> StoreError {
        StoreError::Io { path: self.path.join(part.file_name()), source: io::Error::other(reason) }
    }
}

/// Removes temporary files an earlier run was killed over. The lock is held, so no
/// temporary file in the folder belongs to a living writer.
fn remove_litter(folder: &Path) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.starts_with(".rolecluster-") && name.ends_with(".tmp") {
            // Litter that stays is ugly, not harmful.
            let _ = fs::remove_file(entry.path());
        }
    }
}

#[cfg(test)]
mod tests;

//! Writes the parts of a run folder, which become its state all at once.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::file_names::{Part, View};
use super::manifest::{self, Manifest};
use super::role_writer::{self, StoredRoles};
use super::run_folder::RunFolder;
use super::staging::Access;
use super::{Shard, ShardNote, StoreError, foreign_file, lock, staging, vector_file};
use crate::disk;
use crate::embeddings::{Embeddings, ModelFingerprint};

/// Bytes of JSON written at once: a report of a million roles is never in memory as text.
const JSON_BUFFER: usize = 1 << 20;

/// A run folder that this process alone may write to, until the value is dropped.
///
/// What is written is seen by this process at once, and by others from [`RunWriter::commit`] on,
/// all of it together. What was not committed is forgotten.
#[derive(Debug)]
pub struct RunWriter {
    pub(super) path: PathBuf,
    pub(super) manifest: Manifest,
    /// Whether something was written since the last commit.
    pub(super) is_changed: bool,
    /// Parts whose files are to go.
    removed: Vec<Part>,
    _lock: File,
}

impl RunWriter {
    /// Locks the folder; makes it when there is none.
    ///
    /// # Errors
    /// When another process writes to it, a file stands in it that a run would replace and that
    /// no run has written, or the disk refuses.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let run = RunWriter::open_any(path)?;
        match run.reader().has(Part::Shard) {
            true => Err(StoreError::IsShard { folder: run.path.clone() }),
            false => Ok(run),
        }
    }

    /// [`RunWriter::open`] for one share of a corpus.
    ///
    /// # Errors
    /// As for a run, and when the folder holds a whole run or another share.
    pub fn open_shard(path: &Path, shard: Shard) -> Result<Self, StoreError> {
        let run = RunWriter::open_any(path)?;
        let reader = run.reader();
        let found = match reader.has(Part::Shard) {
            true => match reader.json::<ShardNote>(Part::Shard) {
                Ok(note) => format!("shard {}", note.shard),
                // Making it again is how a damaged one is mended.
                Err(StoreError::Damaged { .. }) => return Ok(run),
                Err(error) => return Err(error),
            },
            false if reader.has(Part::Roles) => "a whole run".into(),
            false => return Ok(run),
        };
        let wanted = format!("shard {shard}");
        match found == wanted {
            true => Ok(run),
            false => Err(StoreError::OtherShard { folder: run.path.clone(), found, wanted }),
        }
    }

    fn open_any(path: &Path) -> Result<Self, StoreError> {
        let io = |source| StoreError::Io { path: path.to_path_buf(), source };
        // A manifest that cannot be read belongs to a run that is about to be replaced,
        // unless it is one of another format version.
        let read = match Manifest::read(path) {
            Ok(found) => Ok(found),
            Err(StoreError::Damaged { .. }) => Err(()),
            Err(error) => return Err(error),
        };
        foreign_file::refuse(path, &read)?;
        disk::create_dir_all(path).map_err(io)?;
        let lock = lock::take(path)?;
        // What a run that was killed has left.
        staging::finish(path)?;
        staging::discard(path)?;
        remove_temporary_files(path);
        // Another writer may have been at work until the lock was free.
        let manifest = match Manifest::read(path) {
            Ok(found) => found.unwrap_or_default(),
            Err(StoreError::Damaged { .. }) => Manifest::default(),
            Err(error) => return Err(error),
        };
        let (is_changed, removed) = (false, Vec::new());
        Ok(RunWriter { path: path.to_path_buf(), manifest, is_changed, removed, _lock: lock })
    }

    /// Makes everything written since the last commit the state of the folder, in one step.
    ///
    /// # Errors
    /// When the disk refuses: the folder holds what it held before. With [`StoreError::NotMoved`]
    /// it holds what was written.
    pub fn commit(&mut self) -> Result<(), StoreError> {
        if !self.is_changed {
            return Ok(());
        }
        self.manifest.write(&self.path)?;
        staging::commit(&self.path)?;
        self.is_changed = false;
        let gone = std::mem::take(&mut self.removed);
        for part in gone.into_iter().filter(|&part| self.manifest.checksum(part).is_none()) {
            // A file that the manifest does not name is none of the run.
            let _ = disk::remove_file(&self.path.join(part.file_name()));
        }
        Ok(())
    }

    /// The folder itself.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// A reader of what the folder holds now, with what was not committed yet.
    pub fn reader(&self) -> RunFolder {
        RunFolder { path: self.path.clone(), manifest: self.manifest.clone(), access: Access::Own }
    }

    /// Refuses when the folder already holds vectors of a model other than `wanted`.
    pub fn refuse_other_model(&self, wanted: &ModelFingerprint) -> Result<(), StoreError> {
        match self.manifest.model() {
            Some(found) if !found.comparable_with(wanted) => Err(StoreError::OtherModel {
                folder: self.path.clone(),
                found: manifest::describe_model(found),
                wanted: manifest::describe_model(wanted),
            }),
            _ => Ok(()),
        }
    }

    /// Writes roles and vectors together. When they differ from those in the folder, a
    /// clustering of the earlier ones is dropped from the manifest, because its labels no longer
    /// fit.
    pub fn write_embedded(
        &mut self,
        stored: &StoredRoles,
        embeddings: &Embeddings,
    ) -> Result<(), StoreError> {
        self.write_roles(stored, embeddings, None)
    }

    /// [`RunWriter::write_embedded`] for one share of a corpus, whose roles repeat none.
    pub fn write_shard(
        &mut self,
        stored: &StoredRoles,
        embeddings: &Embeddings,
        note: &ShardNote,
    ) -> Result<(), StoreError> {
        self.write_roles(stored, embeddings, Some(note))
    }

    fn write_roles(
        &mut self,
        stored: &StoredRoles,
        embeddings: &Embeddings,
        shard: Option<&ShardNote>,
    ) -> Result<(), StoreError> {
        let mut next = Manifest::for_model(embeddings.model().clone());
        let roles = self.write_part(Part::Roles, |out| role_writer::write(stored, out))?;
        next.note(Part::Roles, roles);
        let vectors = self.write_part(Part::Vectors, |out| vector_file::write(embeddings, out))?;
        next.note(Part::Vectors, vectors);
        if let Some(note) = shard {
            next.note(Part::Shard, self.write_json_part(Part::Shard, note)?);
        }
        // The history of clusterings and the answers of the naming endpoint stay valid when the
        // roles change.
        for part in [Part::History, Part::Names] {
            if let Some(checksum) = self.manifest.checksum(part) {
                next.note(part, checksum.to_string());
            }
        }
        let unchanged = [Part::Roles, Part::Vectors]
            .iter()
            .all(|&part| self.manifest.checksum(part) == next.checksum(part));
        if unchanged {
            // Same roles and vectors: their clustering is still valid.
            for part in Part::OF_CLUSTERING {
                if let Some(checksum) = self.manifest.checksum(part) {
                    next.note(part, checksum.to_string());
                }
            }
        }
        self.manifest = next;
        Ok(())
    }

    /// Writes a part kept as JSON.
    pub fn write_json<T: Serialize>(&mut self, part: Part, value: &T) -> Result<(), StoreError> {
        let checksum = self.write_json_part(part, value)?;
        self.manifest.note(part, checksum);
        Ok(())
    }

    fn write_json_part<T: Serialize>(
        &mut self,
        part: Part,
        value: &T,
    ) -> Result<String, StoreError> {
        self.write_part(part, |out: &mut (dyn io::Write + Send)| {
            let mut out = io::BufWriter::with_capacity(JSON_BUFFER, out);
            serde_json::to_writer_pretty(&mut out, value)?;
            out.write_all(b"\n")?;
            out.flush()
        })
    }

    /// Removes a part, if there is one.
    pub fn remove(&mut self, part: Part) -> Result<(), StoreError> {
        if !self.manifest.forget(part) {
            return Ok(());
        }
        self.is_changed = true;
        self.removed.push(part);
        staging::withdraw(&self.path, part.file_name())
            .map_err(|source| StoreError::Io { path: self.path.join(part.file_name()), source })
    }

    /// Writes a file for people or other programs.
    pub fn write_view(
        &mut self,
        view: View,
        fill: impl FnOnce(&mut dyn io::Write) -> io::Result<()>,
    ) -> Result<(), StoreError> {
        self.is_changed = true;
        Ok(staging::write(&self.path, view.file_name(), |file| fill(file))?)
    }

    /// Replaces a part by what `fill` writes and returns its checksum.
    fn write_part(
        &mut self,
        part: Part,
        fill: impl FnOnce(&mut (dyn io::Write + Send)) -> io::Result<()>,
    ) -> Result<String, StoreError> {
        self.is_changed = true;
        let mut checksum = String::new();
        staging::write(&self.path, part.file_name(), |file| {
            let mut summed = manifest::Summed::new(file);
            fill(&mut summed)?;
            checksum = summed.checksum();
            Ok(())
        })?;
        Ok(checksum)
    }
}

impl Drop for RunWriter {
    fn drop(&mut self) {
        // The next writer discards it where this one cannot.
        let _ = staging::discard(&self.path);
    }
}

/// Removes temporary files that a killed run left behind. The lock is held, so no temporary
/// file in the folder belongs to a running process.
fn remove_temporary_files(folder: &Path) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.starts_with(".rolecluster-") && name.ends_with(".tmp") {
            // A file that cannot be removed does no harm.
            let _ = fs::remove_file(entry.path());
        }
    }
}

//! Search indexes of a run folder: files that are mapped into memory instead of being read.
//!
//! The manifest holds no checksum of them, because checking one would mean to read the whole
//! index at every search. Each index states which part it was made of, by the SHA-256 which
//! the manifest has of that part, and holds checksums of its own. An index may be deleted:
//! `cluster` makes it again.

use std::io;

use super::{Part, RunFolder, RunWriter, StoreError, staging};
use crate::disk;
use crate::mapped_file::Bytes;

/// A search index, or what a search needs beside one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IndexPart {
    /// The HNSW graph over the vectors.
    Neighbors,
    /// The inverted index over the words of the texts.
    Words,
    /// The cosines of unrelated texts with the roles.
    Baseline,
}

impl IndexPart {
    /// The file's name in the run folder.
    pub fn file_name(self) -> &'static str {
        match self {
            IndexPart::Neighbors => "neighbors.index",
            IndexPart::Words => "words.index",
            IndexPart::Baseline => "baseline.index",
        }
    }

    /// The part it is made of.
    pub fn made_of(self) -> Part {
        match self {
            IndexPart::Neighbors | IndexPart::Baseline => Part::Vectors,
            IndexPart::Words => Part::Roles,
        }
    }
}

impl RunFolder {
    /// The bytes of an index, mapped; `None` where there is none.
    pub fn map_index(&self, index: IndexPart) -> Result<Option<Bytes>, StoreError> {
        let path = self.path.join(index.file_name());
        match staging::map(&self.path, index.file_name(), self.access) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(source) => Err(StoreError::Io { path, source }),
        }
    }

    /// SHA-256 of what an index must be made of; empty before there is any.
    pub fn index_source(&self, index: IndexPart) -> &str {
        self.manifest.checksum(index.made_of()).unwrap_or_default()
    }

    /// The error of an index that is not what was written.
    pub fn damaged_index(&self, index: IndexPart, reason: String) -> StoreError {
        StoreError::DamagedIndex {
            path: self.path.join(index.file_name()),
            folder: self.path.clone(),
            reason,
        }
    }
}

impl RunWriter {
    /// Writes an index over what the folder holds now; `fill` is given the SHA-256 of what it
    /// is made of.
    pub fn write_index(
        &mut self,
        index: IndexPart,
        fill: impl FnOnce(&str, &mut dyn io::Write) -> io::Result<()>,
    ) -> Result<(), StoreError> {
        self.is_changed = true;
        let of = self.manifest.checksum(index.made_of()).unwrap_or_default();
        Ok(staging::write(&self.path, index.file_name(), |file| fill(of, file))?)
    }

    /// Removes an index, if there is one. This does not wait for a commit, since an index holds
    /// nothing that the parts do not.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn remove_index(&mut self, index: IndexPart) -> Result<(), StoreError> {
        let path = self.path.join(index.file_name());
        staging::withdraw(&self.path, index.file_name())
            .and_then(|()| disk::remove_file(&path))
            .map_err(|source| StoreError::Io { path, source })
    }
}

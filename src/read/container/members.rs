//! The files of a folder, a pattern or an archive: which are taken, and what becomes of those
//! that cannot be read.

use std::fs;
use std::path::{Path, PathBuf};

use super::visitor::Visitor;
use crate::read::ReadError;
use crate::read::limits::MAX_MEMBERS;

/// Folders within folders that are followed.
const MAX_FOLDERS: usize = 32;

/// Files that tell about the others; read only where no other holds a role.
const ABOUT: [&str; 12] = [
    "readme",
    "license",
    "licence",
    "copying",
    "notice",
    "changelog",
    "contributing",
    "citation",
    "authors",
    "metadata",
    "datapackage",
    "dataset_infos",
];

/// What systems leave in folders and archives.
const LITTER: [&str; 4] = ["__MACOSX", "Thumbs.db", "desktop.ini", "$RECYCLE.BIN"];

/// Whether a path inside a folder or an archive is nothing but housekeeping.
pub(super) fn is_litter(path: &str) -> bool {
    path.split(['/', '\\'])
        .any(|part| part.starts_with('.') && part.len() > 1 || LITTER.contains(&part))
}

/// Whether a file tells about the others.
pub(in crate::read) fn is_about(path: &str) -> bool {
    let name = path.rsplit(['/', '\\']).next().unwrap_or_default().to_lowercase();
    ABOUT.contains(&name.split('.').next().unwrap_or_default())
}

/// What became of the members of one folder or archive.
#[derive(Default)]
pub(in crate::read) struct Members {
    read: usize,
    refused: Vec<(String, ReadError)>,
}

impl Members {
    /// Takes the outcome of one member.
    ///
    /// # Errors
    /// When a limit was passed: then the whole is not read on.
    pub fn take(&mut self, name: &str, outcome: Result<(), ReadError>) -> Result<(), ReadError> {
        match outcome {
            Ok(()) => self.read += 1,
            Err(error @ (ReadError::Limit { .. } | ReadError::UnknownEncoding { .. })) => {
                return Err(error);
            }
            Err(error) => self.refused.push((name.to_string(), error)),
        }
        Ok(())
    }

    /// Whether nothing was read so far.
    pub fn none_read(&self) -> bool {
        self.read == 0
    }

    /// Says which members were left out; `file` is what holds them.
    ///
    /// # Errors
    /// When no member was read: the error of the only one, or that of all.
    pub fn finish(mut self, file: &str, visitor: &mut dyn Visitor) -> Result<(), ReadError> {
        if self.read == 0 {
            return Err(match self.refused.len() {
                1 => self.refused.remove(0).1,
                0 => ReadError::NoMember { file: file.to_string(), seen: "no files in it".into() },
                n => ReadError::NoMember {
                    file: file.to_string(),
                    seen: format!("{n} files; the first: {}", self.refused[0].1),
                },
            });
        }
        for (name, error) in self.refused {
            visitor.failed(&name, error.to_string());
        }
        Ok(())
    }
}

/// The files a path stands for: itself, or those of a folder or a pattern in the order of
/// their paths, those that tell about the others last.
///
/// # Errors
/// When a folder cannot be listed, holds too many files, or a pattern fits none.
pub(in crate::read) fn expand(path: &Path) -> Result<Vec<PathBuf>, ReadError> {
    let file = path.display().to_string();
    let mut files = Vec::new();
    if path.is_dir() {
        walk(path, 0, &mut files)?;
    } else if path.exists() || !file.contains(['*', '?', '[']) {
        return Ok(vec![path.to_path_buf()]);
    } else {
        for path in fitting(&file)? {
            match path.is_dir() {
                true => walk(&path, 0, &mut files)?,
                false => files.push(path),
            }
        }
    }
    if files.is_empty() {
        return Err(ReadError::NoMember { file, seen: "no files".into() });
    }
    if files.len() > MAX_MEMBERS {
        return Err(ReadError::Limit {
            file,
            seen: format!("more than {MAX_MEMBERS} files"),
            advice: "join them to one JSON Lines file",
        });
    }
    files.sort_by_key(|path| (is_about(&path.to_string_lossy()), path.clone()));
    Ok(files)
}

fn walk(folder: &Path, depth: usize, files: &mut Vec<PathBuf>) -> Result<(), ReadError> {
    let io = |source| ReadError::Io { file: folder.display().to_string(), source };
    if depth > MAX_FOLDERS {
        return Ok(());
    }
    for entry in fs::read_dir(folder).map_err(io)? {
        let entry = entry.map_err(io)?;
        if files.len() > MAX_MEMBERS {
            return Ok(());
        }
        if is_litter(&entry.file_name().to_string_lossy()) {
            continue;
        }
        // A link to a folder may lead back here.
        let kind = entry.file_type().map_err(io)?;
        if kind.is_dir() {
            walk(&entry.path(), depth + 1, files)?;
        } else if entry.path().is_file() {
            files.push(entry.path());
        }
    }
    Ok(())
}

#[cfg(feature = "formats")]
fn fitting(pattern: &str) -> Result<Vec<PathBuf>, ReadError> {
    let bad = |error: &dyn std::fmt::Display| ReadError::Unreadable {
        file: pattern.to_string(),
        kind: "a pattern",
        seen: error.to_string(),
        advice: "use * for any part of a name, ** for any folders",
    };
    let paths = glob::glob(pattern).map_err(|error| bad(&error))?;
    paths.take(MAX_MEMBERS + 1).map(|path| path.map_err(|error| bad(&error))).collect()
}

#[cfg(not(feature = "formats"))]
fn fitting(pattern: &str) -> Result<Vec<PathBuf>, ReadError> {
    // As a file of that name, which is not there.
    Ok(vec![pattern.into()])
}

//! From a model's name to its files: Hub, folder and bundled model go through one door.

use std::fmt;
use std::path::{Component, Path, PathBuf};
use std::str::FromStr;

use super::model_bytes::ModelBytes;
use super::{EncodeError, bundled, hub};

/// Which model the user means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// The one compiled into the program.
    Bundled,
    /// `ORG/NAME` on the Hugging Face Hub.
    Hub(String),
    /// A folder in Hub layout.
    Dir(PathBuf),
}

impl FromStr for Source {
    type Err = EncodeError;

    /// `bundled` is the bundled model; an existing folder, and whatever looks like a path, is
    /// a folder; `ORG/NAME` is a Hub repository.
    fn from_str(text: &str) -> Result<Self, EncodeError> {
        if text == "bundled" {
            return Ok(Source::Bundled);
        }
        let path_like = text.starts_with(['.', '/', '~', '\\']) || Path::new(text).is_absolute();
        if path_like || Path::new(text).is_dir() {
            return Ok(Source::Dir(PathBuf::from(text)));
        }
        let part = |s: &str| {
            let allowed = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
            !s.is_empty() && s.chars().all(allowed) && s != ".." && s != "."
        };
        match text.split_once('/') {
            Some((organisation, name)) if part(organisation) && part(name) => {
                Ok(Source::Hub(text.to_string()))
            }
            _ => Err(EncodeError::UnknownSource { found: text.to_string() }),
        }
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Source::Bundled => f.write_str("bundled"),
            Source::Hub(name) => f.write_str(name),
            Source::Dir(path) => write!(f, "{}", path.display()),
        }
    }
}

/// The files of one model in one state.
#[derive(Debug, Clone)]
pub struct ModelFiles {
    name: String,
    revision: String,
    place: Place,
}

#[derive(Debug, Clone)]
enum Place {
    Folder(PathBuf),
    Memory(&'static [(&'static str, &'static [u8])]),
}

impl ModelFiles {
    /// Finds the files, fetching them from the Hub where the cache does not hold them.
    ///
    /// # Errors
    /// When there is no such model, or it cannot be fetched.
    pub fn resolve(source: &Source, revision: Option<&str>) -> Result<Self, EncodeError> {
        let (name, found_revision, place) = match source {
            Source::Hub(name) => {
                let settings = hub::HubSettings::from_env()?;
                let (folder, commit) = hub::fetch(&settings, name, revision.unwrap_or("main"))?;
                (name.clone(), commit, Place::Folder(folder))
            }
            Source::Bundled | Source::Dir(_) if revision.is_some() => {
                return Err(EncodeError::NoRevisions {
                    name: source.to_string(),
                    revision: revision.unwrap_or_default().to_string(),
                });
            }
            Source::Bundled if bundled::FILES.is_empty() => {
                return Err(EncodeError::NoBundledModel);
            }
            Source::Bundled => {
                ("bundled".to_string(), "local".to_string(), Place::Memory(bundled::FILES))
            }
            Source::Dir(path) => {
                let read = |source| EncodeError::Read { path: path.display().to_string(), source };
                std::fs::read_dir(path).map_err(read)?;
                // Absolute, so that a search from elsewhere finds the model again.
                let path = std::path::absolute(path).map_err(read)?;
                (path.display().to_string(), "local".to_string(), Place::Folder(path))
            }
        };
        Ok(ModelFiles { name, revision: found_revision, place })
    }

    /// `bundled`, `ORG/NAME` or the folder's absolute path.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Hub commit, or `local`.
    pub fn revision(&self) -> &str {
        &self.revision
    }

    /// One file's bytes; `None` where there is none.
    pub(super) fn open(&self, file: &str) -> Result<Option<ModelBytes>, EncodeError> {
        // Names come from the model's own files too; none may lead out of its folder.
        if !Path::new(file).components().all(|c| matches!(c, Component::Normal(_))) {
            return Err(self.bad(file, "the name leads out of the model's folder"));
        }
        match &self.place {
            Place::Memory(files) => {
                let found = files.iter().find(|(name, _)| *name == file);
                Ok(found.map(|(_, bytes)| ModelBytes::from(*bytes)))
            }
            Place::Folder(folder) => {
                let path = folder.join(file);
                match ModelBytes::map(&path) {
                    Ok(bytes) => Ok(Some(bytes)),
                    Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
                    Err(source) => {
                        Err(EncodeError::Read { path: path.display().to_string(), source })
                    }
                }
            }
        }
    }

    /// [`ModelFiles::open`] for a file the model cannot do without.
    pub(super) fn need(&self, file: &str, advice: &'static str) -> Result<ModelBytes, EncodeError> {
        self.open(file)?.ok_or_else(|| self.missing(file, advice))
    }

    /// The error for a file the model cannot do without.
    pub(super) fn missing(&self, file: &str, advice: &'static str) -> EncodeError {
        EncodeError::MissingFile { name: self.name.clone(), file: file.to_string(), advice }
    }

    /// A JSON file read as `T`; `None` where there is none.
    pub(super) fn json<T: serde::de::DeserializeOwned>(
        &self,
        file: &str,
    ) -> Result<Option<T>, EncodeError> {
        let Some(bytes) = self.open(file)? else { return Ok(None) };
        serde_json::from_slice(&bytes).map(Some).map_err(|e| self.bad(file, e))
    }

    pub(super) fn bad(&self, file: &str, reason: impl fmt::Display) -> EncodeError {
        let (name, file) = (self.name.clone(), file.to_string());
        EncodeError::BadFile { name, file, reason: reason.to_string() }
    }

    pub(super) fn unsupported(
        &self,
        what: &'static str,
        found: impl fmt::Display,
        supported: &str,
    ) -> EncodeError {
        let (name, found) = (self.name.clone(), found.to_string());
        EncodeError::Unsupported { name, what, found, supported: supported.to_string() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_told_apart() {
        let parse = |s: &str| s.parse::<Source>();
        assert_eq!(parse("bundled").unwrap(), Source::Bundled);
        assert_eq!(parse("BAAI/bge-m3").unwrap(), Source::Hub("BAAI/bge-m3".into()));
        for path in ["./model", "/models/e5", "../x/y", "src"] {
            assert_eq!(parse(path).unwrap(), Source::Dir(path.into()), "{path}");
        }
        for text in ["", "nothing-here", "a/b/c", "a/..", "a b/c", "a/"] {
            assert!(parse(text).is_err(), "{text}");
        }
        for text in ["bundled", "BAAI/bge-m3", "/models/e5"] {
            assert_eq!(parse(text).unwrap().to_string(), text);
        }
    }

    #[test]
    fn a_folder_has_no_revision_and_no_way_out() {
        let folder = tempfile::tempdir().unwrap();
        let source = Source::Dir(folder.path().into());
        let error = ModelFiles::resolve(&source, Some("v1")).unwrap_err();
        assert!(error.to_string().contains("only Hub models have revisions"));
        let files = ModelFiles::resolve(&source, None).unwrap();
        assert_eq!(files.revision(), "local");
        assert!(files.open("nothing.json").unwrap().is_none());
        for name in ["../secret", "/etc/hostname", "a/../../b", "."] {
            assert!(files.open(name).is_err(), "{name}");
        }
        assert!(ModelFiles::resolve(&Source::Dir(folder.path().join("gone")), None).is_err());
    }
}

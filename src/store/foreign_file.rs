//! Files that bear the name of one of ours and are not.

use std::path::Path;

use super::StoreError;
use super::file_names::{LOCK, MANIFEST, Part, View};
use super::manifest::Manifest;

/// Refuses a folder that holds a file a run would replace and that no run has written.
///
/// A part may only stand where a run has begun, which the lock file or a manifest shows; a view
/// where a run has clustered. `manifest` is that of the folder, `Err` where it is damaged.
pub(super) fn refuse(
    folder: &Path,
    manifest: &Result<Option<Manifest>, ()>,
) -> Result<(), StoreError> {
    let begun = manifest.is_err() || folder.join(LOCK).exists() || folder.join(MANIFEST).exists();
    let clustered = match manifest {
        Err(()) => true,
        Ok(Some(manifest)) => {
            [Part::Report, Part::History].iter().any(|&part| manifest.checksum(part).is_some())
        }
        Ok(None) => false,
    };
    let parts = Part::ALL.iter().map(|part| part.file_name()).filter(|_| !begun);
    let views = View::ALL.iter().map(|view| view.file_name()).filter(|_| !clustered);
    match parts.chain(views).map(|name| folder.join(name)).find(|path| path.exists()) {
        Some(path) => Err(StoreError::ForeignFile { path }),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_somebody_else_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let named = || match refuse(folder.path(), &Ok(None)) {
            Err(StoreError::ForeignFile { path }) => {
                Some(path.file_name().unwrap().to_string_lossy().into_owned())
            }
            _ => None,
        };
        std::fs::write(folder.path().join("notes.txt"), "mine").unwrap();
        assert_eq!(named(), None);
        std::fs::write(folder.path().join("names.json"), "mine").unwrap();
        assert_eq!(named().as_deref(), Some("names.json"));
        // A run that was cut off has left its lock file and may have left parts, but no views.
        std::fs::write(folder.path().join(LOCK), "").unwrap();
        assert_eq!(named(), None);
        std::fs::write(folder.path().join("report.md"), "mine").unwrap();
        assert_eq!(named().as_deref(), Some("report.md"));
    }
}

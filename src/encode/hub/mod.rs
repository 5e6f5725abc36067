//! Model files from the Hugging Face Hub, through the cache every other program shares.
//!
//! The cache comes first: a snapshot that holds the weights is used as it is, without asking
//! the network. Fetching is [`download`], which the feature `hub` compiles in.

#[cfg(feature = "hub")]
mod download;
#[cfg(not(feature = "hub"))]
#[path = "download_disabled.rs"]
mod download;

mod settings;
mod snapshot;

use std::path::PathBuf;

use super::EncodeError;
use download::download;
pub(super) use settings::HubSettings;
use snapshot::cached;

/// The snapshot folder of a repository at a revision, and its commit.
pub(super) fn fetch(
    settings: &HubSettings,
    name: &str,
    revision: &str,
) -> Result<(PathBuf, String), EncodeError> {
    if let Some(found) = cached(&settings.cache, name, revision) {
        return Ok(found);
    }
    if settings.offline {
        return Err(EncodeError::NotInCache {
            name: name.to_string(),
            revision: revision.to_string(),
            cache: settings.cache.display().to_string(),
        });
    }
    download(settings, name, revision)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::encode::weight_files::INDEX;

    #[test]
    fn offline_reads_the_cache_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let settings = HubSettings {
            cache: folder.path().into(),
            endpoint: "http://127.0.0.1:9".into(),
            token: None,
            offline: true,
        };
        let error = fetch(&settings, "org/name", "main").unwrap_err().to_string();
        assert!(error.contains("HF_HUB_OFFLINE") && error.contains("org/name"), "{error}");

        let repo = folder.path().join("models--org--name");
        let snapshot = repo.join("snapshots/abc123");
        std::fs::create_dir_all(&snapshot).unwrap();
        std::fs::create_dir_all(repo.join("refs")).unwrap();
        std::fs::write(repo.join("refs/main"), "abc123\n").unwrap();
        assert!(fetch(&settings, "org/name", "main").is_err(), "no weights yet");

        std::fs::write(snapshot.join(INDEX), r#"{"weight_map":{"a":"model-1.safetensors"}}"#)
            .unwrap();
        assert!(fetch(&settings, "org/name", "main").is_err(), "a shard is missing");
        std::fs::write(snapshot.join("model-1.safetensors"), "").unwrap();
        let found = fetch(&settings, "org/name", "main").unwrap();
        assert_eq!(found, (snapshot.clone(), "abc123".to_string()));
        assert_eq!(fetch(&settings, "org/name", "abc123").unwrap(), found);
        assert!(fetch(&settings, "org/name", "../snapshots").is_err());
    }
}

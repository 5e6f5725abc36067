//! Model files from the Hugging Face Hub, through the cache every other program shares.
//!
//! The cache comes first: a snapshot that holds the weights is used as it is, without asking
//! the network. Fetching is [`download`], which the feature `hub` compiles in.

#[cfg(feature = "hub")]
mod download;
#[cfg(not(feature = "hub"))]
#[path = "download_disabled.rs"]
mod download;

use std::path::{Path, PathBuf};

use super::EncodeError;
use super::weights::{INDEX, SINGLE, shard_names};
use download::download;

const DEFAULT_ENDPOINT: &str = "https://huggingface.co";

/// What the environment says about the Hub.
#[derive(Clone)]
#[cfg_attr(not(feature = "hub"), allow(dead_code))]
pub(super) struct HubSettings {
    cache: PathBuf,
    endpoint: String,
    token: Option<String>,
    offline: bool,
}

impl HubSettings {
    /// Reads `HF_HUB_CACHE`, `HF_HOME`, `XDG_CACHE_HOME`, `HOME`, `HF_ENDPOINT`, `HF_TOKEN`
    /// and `HF_HUB_OFFLINE`, as the Python library does.
    pub(super) fn from_env() -> Result<Self, EncodeError> {
        Self::from_lookup(&|name| std::env::var(name).ok())
    }

    fn from_lookup(lookup: &dyn Fn(&str) -> Option<String>) -> Result<Self, EncodeError> {
        let set = |name: &str| lookup(name).filter(|value| !value.trim().is_empty());
        let home = || {
            if let Some(home) = set("HF_HOME") {
                return Some(PathBuf::from(home));
            }
            let user = || set("HOME").or_else(|| set("USERPROFILE"));
            let base = set("XDG_CACHE_HOME").map(PathBuf::from);
            let base = base.or_else(|| user().map(|home| Path::new(&home).join(".cache")))?;
            Some(base.join("huggingface"))
        };
        let cache = set("HF_HUB_CACHE").or_else(|| set("HUGGINGFACE_HUB_CACHE"));
        let cache = match cache {
            Some(cache) => PathBuf::from(cache),
            None => home().ok_or(EncodeError::NoCacheFolder)?.join("hub"),
        };
        let token_file = || std::fs::read_to_string(home()?.join("token")).ok();
        let token = set("HF_TOKEN").or_else(token_file).map(|token| token.trim().to_string());
        let endpoint = set("HF_ENDPOINT").unwrap_or_else(|| DEFAULT_ENDPOINT.to_string());
        let offline = set("HF_HUB_OFFLINE").is_some_and(|value| {
            ["1", "on", "yes", "true"].contains(&value.trim().to_lowercase().as_str())
        });
        Ok(HubSettings {
            cache,
            endpoint: endpoint.trim_end_matches('/').to_string(),
            token: token.filter(|token| !token.is_empty()),
            offline,
        })
    }
}

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

/// A complete snapshot in the cache. The weights are fetched last, so they stand for all.
fn cached(cache: &Path, name: &str, revision: &str) -> Option<(PathBuf, String)> {
    let is_plain = |part: &str| !part.is_empty() && part != "." && part != "..";
    if !revision.split(['/', '\\']).all(is_plain) {
        return None;
    }
    let folder = cache.join(format!("models--{}", name.replace('/', "--")));
    let snapshots = folder.join("snapshots");
    let commit = if snapshots.join(revision).is_dir() {
        revision.to_string()
    } else {
        std::fs::read_to_string(folder.join("refs").join(revision)).ok()?.trim().to_string()
    };
    let snapshot = snapshots.join(&commit);
    let complete = ["", "0_Transformer"].iter().any(|sub| has_weights(&snapshot.join(sub)));
    complete.then_some((snapshot, commit))
}

fn has_weights(folder: &Path) -> bool {
    if folder.join(SINGLE).is_file() {
        return true;
    }
    let Ok(index) = std::fs::read(folder.join(INDEX)) else { return false };
    let Ok(shards) = shard_names(&index) else { return false };
    !shards.is_empty() && shards.iter().all(|shard| folder.join(shard).is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(pairs: &[(&str, &str)]) -> Result<HubSettings, EncodeError> {
        HubSettings::from_lookup(&|name| {
            pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| value.to_string())
        })
    }

    #[test]
    fn the_cache_folder_is_where_python_looks() {
        let cache = |pairs: &[(&str, &str)]| settings(pairs).unwrap().cache;
        assert_eq!(cache(&[("HF_HUB_CACHE", "/c"), ("HF_HOME", "/h")]), Path::new("/c"));
        assert_eq!(cache(&[("HF_HOME", "/h"), ("HOME", "/u")]), Path::new("/h/hub"));
        assert_eq!(cache(&[("HOME", "/u")]), Path::new("/u/.cache/huggingface/hub"));
        assert_eq!(cache(&[("XDG_CACHE_HOME", "/x")]), Path::new("/x/huggingface/hub"));
        let error = settings(&[]).err().unwrap();
        assert!(error.to_string().contains("HOME is not set"), "{error}");
    }

    #[test]
    fn endpoint_token_and_offline() {
        let base = ("HOME", "/nowhere");
        let plain = settings(&[base]).unwrap();
        assert_eq!((plain.endpoint.as_str(), plain.offline), (DEFAULT_ENDPOINT, false));
        assert_eq!(plain.token, None);
        let set = settings(&[
            base,
            ("HF_ENDPOINT", "http://mirror/"),
            ("HF_TOKEN", " t\n"),
            ("HF_HUB_OFFLINE", "TRUE"),
        ]);
        let set = set.unwrap();
        assert_eq!((set.endpoint.as_str(), set.offline), ("http://mirror", true));
        assert_eq!(set.token.as_deref(), Some("t"));
        assert!(!settings(&[base, ("HF_HUB_OFFLINE", "0")]).unwrap().offline);
    }

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

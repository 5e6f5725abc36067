//! Model files from the Hugging Face Hub, through the cache every other program shares.
//!
//! The cache comes first: a snapshot that holds the weights is used as it is, without asking
//! the network. Only safetensors weights are fetched.

use std::path::{Path, PathBuf};

use hf_hub::api::sync::{ApiBuilder, ApiRepo};
use hf_hub::{Cache, Repo, RepoType};

use super::EncodeError;
use super::weights::{INDEX, SINGLE, shard_names};

const DEFAULT_ENDPOINT: &str = "https://huggingface.co";
const RETRIES: usize = 2;

/// What the environment says about the Hub.
#[derive(Clone)]
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

fn download(
    settings: &HubSettings,
    name: &str,
    revision: &str,
) -> Result<(PathBuf, String), EncodeError> {
    let failed = |what: &str, reason: String| EncodeError::Hub {
        name: name.to_string(),
        revision: revision.to_string(),
        what: what.to_string(),
        endpoint: settings.endpoint.clone(),
        reason,
    };
    let cache = Cache::new(settings.cache.clone());
    let api = ApiBuilder::from_cache(cache.clone())
        .with_endpoint(settings.endpoint.clone())
        .with_token(settings.token.clone())
        .with_retries(RETRIES)
        .with_progress(false)
        .build()
        .map_err(|error| failed("the file list", error.to_string()))?;
    let repo = |revision: &str| {
        Repo::with_revision(name.to_string(), RepoType::Model, revision.to_string())
    };
    let info = api.repo(repo(revision)).info();
    let info = info.map_err(|error| failed("the file list", explain(&error.to_string())))?;
    if info.sha.is_empty() || !info.sha.chars().all(|c| c.is_ascii_hexdigit()) {
        return Err(failed("the file list", format!("{:?} is no commit", info.sha)));
    }
    let listed: Vec<&str> = info.siblings.iter().map(|s| s.rfilename.as_str()).collect();
    let files = wanted(&listed);
    if !files.iter().any(|file| file.ends_with(".safetensors")) {
        let reason = "the repository has no safetensors weights (pickled ones are never read)";
        return Err(failed(SINGLE, reason.to_string()));
    }
    let at_commit: ApiRepo = api.repo(repo(&info.sha));
    for file in &files {
        at_commit.get(file).map_err(|error| failed(file, explain(&error.to_string())))?;
    }
    // A branch name must be found again offline.
    if revision != info.sha {
        let noted = cache.repo(repo(revision)).create_ref(&info.sha);
        noted.map_err(|error| failed("the branch name", error.to_string()))?;
    }
    let snapshot = cached(&settings.cache, name, &info.sha);
    snapshot.ok_or_else(|| failed(SINGLE, "the download is not complete".to_string()))
}

fn explain(reason: &str) -> String {
    let hint = match reason {
        r if r.contains("401") || r.contains("403") => {
            "; the repository is private, gated or misspelt: set HF_TOKEN"
        }
        r if r.contains("404") => "; no such repository or revision",
        _ => "",
    };
    format!("{reason}{hint}")
}

/// The files a model needs out of those a repository lists, weights last.
fn wanted<'a>(listed: &[&'a str]) -> Vec<&'a str> {
    const SETTINGS: [&str; 6] = [
        "config.json",
        "config_sentence_transformers.json",
        "modules.json",
        "sentence_bert_config.json",
        "tokenizer.json",
        "tokenizer_config.json",
    ];
    let has_single = |folder: &str| listed.contains(&format!("{folder}{SINGLE}").as_str());
    let rank = |file: &str| -> Option<u8> {
        let (folder, base) = match file.rsplit_once('/') {
            Some((folder, base)) => (folder, base),
            None => ("", file),
        };
        let is_module = folder.split_once('_').is_some_and(|(number, rest)| {
            let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
            number.parse::<u8>().is_ok() && rest.chars().all(word)
        });
        if !folder.is_empty() && !is_module {
            return None;
        }
        let prefix = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        let is_shard = base.starts_with("model-") && base.ends_with(".safetensors");
        if SETTINGS.contains(&base) {
            Some(0)
        } else if base == INDEX || is_shard {
            (!has_single(&prefix)).then_some(2)
        } else if base == SINGLE {
            // A Dense layer's weights before the model's own.
            Some(if folder.is_empty() { 2 } else { 1 })
        } else {
            None
        }
    };
    let mut files: Vec<(u8, &str)> =
        listed.iter().filter_map(|file| Some((rank(file)?, *file))).collect();
    files.sort_unstable();
    files.into_iter().map(|(_, file)| file).collect()
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

    #[test]
    fn an_unreachable_hub_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let settings = HubSettings {
            cache: folder.path().into(),
            endpoint: "http://127.0.0.1:9".into(),
            token: None,
            offline: false,
        };
        let error = fetch(&settings, "org/name", "main").unwrap_err().to_string();
        assert!(error.contains("http://127.0.0.1:9") && error.contains("org/name"), "{error}");
    }

    #[test]
    fn only_needed_files_are_fetched_weights_last() {
        let listed = [
            "model.safetensors",
            "pytorch_model.bin",
            "README.md",
            "onnx/model.onnx",
            "config.json",
            "1_Pooling/config.json",
            "2_Dense/model.safetensors",
            "2_Dense/config.json",
            "model-00001-of-00002.safetensors",
            "../config.json",
            "tokenizer.json",
        ];
        let expected = [
            "1_Pooling/config.json",
            "2_Dense/config.json",
            "config.json",
            "tokenizer.json",
            "2_Dense/model.safetensors",
            "model.safetensors",
        ];
        assert_eq!(wanted(&listed), expected);
        let sharded = ["model.safetensors.index.json", "model-00001-of-00001.safetensors"];
        assert_eq!(wanted(&sharded).len(), 2);
    }
}

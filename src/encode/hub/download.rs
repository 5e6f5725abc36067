//! Fetches a model's files into the cache. Only safetensors weights are fetched.

use std::path::PathBuf;

use hf_hub::api::sync::{ApiBuilder, ApiRepo};
use hf_hub::{Cache, Repo, RepoType};

use super::settings::HubSettings;
use super::snapshot::cached;
use crate::encode::error::EncodeError;
use crate::encode::weight_files::{INDEX, SINGLE};

const RETRIES: usize = 2;

/// The snapshot folder of a repository at a revision, and its commit; the weights are fetched
/// last.
pub(super) fn download(
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

    #[test]
    fn an_unreachable_hub_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let settings = HubSettings {
            cache: folder.path().into(),
            endpoint: "http://127.0.0.1:9".into(),
            token: None,
            offline: false,
        };
        let error = super::super::fetch(&settings, "org/name", "main").unwrap_err().to_string();
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

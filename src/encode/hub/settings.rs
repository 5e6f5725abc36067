//! What the environment says about the Hub.

use std::path::{Path, PathBuf};

use crate::encode::error::EncodeError;

const DEFAULT_ENDPOINT: &str = "https://huggingface.co";

/// Cache, endpoint and token.
#[derive(Clone)]
#[cfg_attr(not(feature = "hub"), allow(dead_code))]
pub(in crate::encode) struct HubSettings {
    pub(super) cache: PathBuf,
    pub(super) endpoint: String,
    pub(super) token: Option<String>,
    pub(super) offline: bool,
}

impl HubSettings {
    /// Reads `HF_HUB_CACHE`, `HF_HOME`, `XDG_CACHE_HOME`, `HOME`, `HF_ENDPOINT`, `HF_TOKEN`
    /// and `HF_HUB_OFFLINE`, as the Python library does.
    pub(in crate::encode) fn from_env() -> Result<Self, EncodeError> {
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
}

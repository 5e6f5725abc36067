//! Stands for `download.rs` where the feature `hub` is off.

use std::path::PathBuf;

use super::settings::HubSettings;
use crate::encode::error::EncodeError;

/// Refuses: this build has no client for the Hub.
pub(super) fn download(
    settings: &HubSettings,
    name: &str,
    revision: &str,
) -> Result<(PathBuf, String), EncodeError> {
    Err(EncodeError::NoHubClient {
        name: name.to_string(),
        revision: revision.to_string(),
        cache: settings.cache.display().to_string(),
    })
}

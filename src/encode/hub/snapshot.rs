//! Complete snapshots in the cache.

use std::path::{Path, PathBuf};

use crate::encode::weight_files::{INDEX, SINGLE, shard_names};

/// A complete snapshot in the cache. The weights are fetched last, so they stand for all.
pub(super) fn cached(cache: &Path, name: &str, revision: &str) -> Option<(PathBuf, String)> {
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

//! The names of the files that hold a model's weights.

use std::collections::{BTreeSet, HashMap};

/// The file of a model saved in one piece.
pub(super) const SINGLE: &str = "model.safetensors";
/// The file that says which shard holds which weight.
pub(super) const INDEX: &str = "model.safetensors.index.json";

/// The shard files an index names, each once, in order of name.
pub(super) fn shard_names(index: &[u8]) -> Result<BTreeSet<String>, serde_json::Error> {
    #[derive(serde::Deserialize)]
    struct Index {
        weight_map: HashMap<String, String>,
    }
    let index: Index = serde_json::from_slice(index)?;
    Ok(index.weight_map.into_values().collect())
}

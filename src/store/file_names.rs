//! Names inside a run folder.

use serde::{Deserialize, Serialize};

/// Written last; its presence marks a complete run.
pub(super) const MANIFEST: &str = "manifest.json";
/// Locked by the one process that may write.
pub(super) const LOCK: &str = ".lock";
/// Folder of the vector cache.
pub(super) const CACHE: &str = "cache";

/// A file whose checksum stands in the manifest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// The roles as they were read and cleaned.
    Roles,
    /// One vector per role.
    Vectors,
    /// What was read, skipped, set aside and merged.
    Intake,
    /// Label and strength per role.
    Clustering,
    /// The names of the clusters, so that a search need not read the whole report.
    Clusters,
    /// The fitted clusters, as `assign` needs them to place new roles.
    Model,
    /// Profiles, technologies, scores.
    Report,
    /// The cluster of every text, by content hash; kept when roles are added.
    History,
    /// Answers of the naming endpoint; kept when roles are added.
    Names,
    /// Which share of a corpus this is; a whole run has none.
    Shard,
    /// The clusters as they were found, where a person corrected them.
    Found,
}

impl Part {
    /// All of them.
    pub(super) const ALL: [Part; 11] = [
        Part::Roles,
        Part::Vectors,
        Part::Intake,
        Part::Clustering,
        Part::Clusters,
        Part::Model,
        Part::Report,
        Part::History,
        Part::Names,
        Part::Shard,
        Part::Found,
    ];

    /// Those that hold as long as roles and vectors stay what they are.
    pub(super) const OF_CLUSTERING: [Part; 5] =
        [Part::Clustering, Part::Clusters, Part::Model, Part::Report, Part::Found];

    /// The file's name in the run folder.
    pub fn file_name(self) -> &'static str {
        match self {
            Part::Roles => "roles.parquet",
            Part::Vectors => "vectors.parquet",
            Part::Intake => "intake.json",
            Part::Clustering => "clustering.json",
            Part::Clusters => "clusters.json",
            Part::Model => "model.json",
            Part::Report => "report.json",
            Part::History => "history.json",
            Part::Names => "names.json",
            Part::Shard => "shard.json",
            Part::Found => "found.json",
        }
    }
}

/// A file for people and other programs. It is made from the parts and never read back, so
/// the manifest holds no checksum of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum View {
    /// The digest.
    Digest,
    /// The map, one page that opens in a browser.
    MapPage,
    /// The map as a picture.
    MapPicture,
    /// One row per role for a spreadsheet.
    Table,
}

impl View {
    /// All of them, in the order a person would open them.
    pub const ALL: [View; 4] = [View::Digest, View::MapPage, View::MapPicture, View::Table];

    /// The file's name in the run folder.
    pub fn file_name(self) -> &'static str {
        match self {
            View::Digest => "report.md",
            View::MapPage => "map.html",
            View::MapPicture => "map.svg",
            View::Table => "roles.csv",
        }
    }
}

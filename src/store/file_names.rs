//! Names inside a run folder.

use serde::{Deserialize, Serialize};

/// Written last: the run exists when it stands.
pub(super) const MANIFEST: &str = "manifest.json";
/// Locked by the one process that may write.
pub(super) const LOCK: &str = ".lock";
/// Folder of the vector cache.
pub(super) const CACHE: &str = "cache";

/// A file the manifest vouches for.
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
    /// The names of the clusters, for whoever needs no more of the report.
    Clusters,
    /// What placing new roles needs to know of the clusters.
    Model,
    /// Profiles, technologies, scores.
    Report,
    /// Which text stood in which cluster, kept when roles are added.
    History,
    /// Answers of a remote namer, kept when roles are added.
    Names,
}

impl Part {
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
        }
    }
}

/// A file for people and other programs: made from the parts, never read back, so the
/// manifest does not vouch for it.
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

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
    /// Profiles, technologies, scores.
    Report,
}

impl Part {
    /// The file's name in the run folder.
    pub fn file_name(self) -> &'static str {
        match self {
            Part::Roles => "roles.parquet",
            Part::Vectors => "vectors.parquet",
            Part::Intake => "intake.json",
            Part::Clustering => "clustering.json",
            Part::Report => "report.json",
        }
    }
}

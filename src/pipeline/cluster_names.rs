//! The names of the clusters, in a small file of their own, so that a search need not read the
//! report, which grows with the number of roles.

use serde::{Deserialize, Serialize};

use crate::clustering::Label;
use crate::error::Error;
use crate::profile::ClusterProfile;
use crate::store::{Part, RunFolder};

/// The names of the clusters, by cluster id.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct ClusterNames(Vec<String>);

#[derive(Deserialize)]
struct Report {
    profiles: Vec<Profile>,
}

#[derive(Deserialize)]
struct Profile {
    name: String,
}

impl ClusterNames {
    pub(super) fn new(profiles: &[ClusterProfile]) -> Self {
        ClusterNames(profiles.iter().map(|profile| profile.name.clone()).collect())
    }

    /// From their own file, or from the report of a run that has none yet.
    pub(super) fn load(run: &RunFolder) -> Result<Self, Error> {
        if run.has(Part::Clusters) {
            return Ok(run.json(Part::Clusters)?);
        }
        let report: Report = run.json(Part::Report)?;
        Ok(ClusterNames(report.profiles.into_iter().map(|profile| profile.name).collect()))
    }

    pub(super) fn of(&self, label: Label) -> Option<&str> {
        self.0.get(label?.index()).map(String::as_str)
    }
}

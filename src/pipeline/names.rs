//! As much of a report as is shown beside a role: the names of the clusters.

use serde::Deserialize;

use crate::clustering::Label;
use crate::error::Error;
use crate::store::{Part, RunFolder};

/// The names of the clusters, by cluster id.
#[derive(Debug, Clone, Default)]
pub(super) struct ClusterNames(Vec<String>);

#[derive(Deserialize)]
struct ReportNames {
    profiles: Vec<ProfileName>,
}

#[derive(Deserialize)]
struct ProfileName {
    name: String,
}

impl ClusterNames {
    pub(super) fn load(run: &RunFolder) -> Result<Self, Error> {
        let report: ReportNames = run.json(Part::Report)?;
        Ok(ClusterNames(report.profiles.into_iter().map(|profile| profile.name).collect()))
    }

    pub(super) fn of(&self, label: Label) -> Option<&str> {
        self.0.get(label?.index()).map(String::as_str)
    }
}

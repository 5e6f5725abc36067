//! The names of clusters and directions, in a small file of their own, so that a search need not read the
//! report, which grows with the number of roles.

use serde::{Deserialize, Serialize};

use crate::clustering::{DirectionId, Label};
use crate::error::Error;
use crate::profile::{ClusterProfile, Direction};
use crate::store::{Part, RunFolder};

/// The names of clusters and directions, each by id.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(from = "Stored")]
pub(super) struct ClusterNames {
    clusters: Vec<String>,
    directions: Vec<String>,
}

/// What may be in the file: in versions that knew no directions a list of clusters.
#[derive(Deserialize)]
#[serde(untagged)]
enum Stored {
    Clusters(Vec<String>),
    Both { clusters: Vec<String>, directions: Vec<String> },
}

impl From<Stored> for ClusterNames {
    fn from(stored: Stored) -> Self {
        match stored {
            Stored::Clusters(clusters) => ClusterNames { clusters, directions: Vec::new() },
            Stored::Both { clusters, directions } => ClusterNames { clusters, directions },
        }
    }
}

#[derive(Deserialize)]
struct Report {
    profiles: Vec<Named>,
    #[serde(default)]
    directions: Vec<Named>,
}

#[derive(Deserialize)]
struct Named {
    name: String,
}

impl ClusterNames {
    pub(super) fn new(profiles: &[ClusterProfile], directions: &[Direction]) -> Self {
        ClusterNames {
            clusters: profiles.iter().map(|profile| profile.name.clone()).collect(),
            directions: directions.iter().map(|direction| direction.name.clone()).collect(),
        }
    }

    /// From their own file, or from the report of a run that has none yet.
    pub(super) fn load(run: &RunFolder) -> Result<Self, Error> {
        if run.has(Part::Clusters) {
            return Ok(run.json(Part::Clusters)?);
        }
        let report: Report = run.json(Part::Report)?;
        let names = |all: Vec<Named>| all.into_iter().map(|named| named.name).collect();
        let (clusters, directions) = (names(report.profiles), names(report.directions));
        Ok(ClusterNames { clusters, directions })
    }

    pub(super) fn of(&self, label: Label) -> Option<&str> {
        self.clusters.get(label?.index()).map(String::as_str)
    }

    pub(super) fn of_direction(&self, id: Option<DirectionId>) -> Option<&str> {
        self.directions.get(id?.index()).map(String::as_str)
    }
}

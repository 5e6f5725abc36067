//! The results of a run, as exporters see them.

use arcstr::ArcStr;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::clustering::{ClusterId, Clustering, DirectionId, Label, Share};
use crate::corrections::Outcome;
use crate::digest_tables::DigestTables;
use crate::embeddings::ModelFingerprint;
use crate::group_codes::GroupCodes;
use crate::hierarchy::Hierarchy;
use crate::intake::Intake;
use crate::language::Language;
use crate::lineage::Lineage;
use crate::over_time::OverTime;
use crate::profile::{ByHand, ClusterProfile, Direction, DirectionSource, TechnologyUse};
use crate::role::{Corpus, RoleId};

pub use crate::clustering::SCHEMA_VERSION;

/// How the clusters were found.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Method {
    /// `kmeans` or `hdbscan`.
    pub algorithm: String,
    /// Every parameter as it was used, `auto` resolved.
    pub parameters: std::collections::BTreeMap<String, Value>,
    /// The values tried for an `auto` parameter and their scores, in the order tried.
    pub choice: Vec<(usize, f64)>,
    /// Warnings about the result, as sentences.
    pub warnings: Vec<String>,
}

impl Method {
    /// Adds the fields of `parameters`, which must be a struct, to the parameters.
    pub fn insert_parameters(&mut self, parameters: &impl Serialize) {
        // Serialising plain fields to memory cannot fail.
        if let Ok(Value::Object(fields)) = serde_json::to_value(parameters) {
            self.parameters.extend(fields);
        }
    }

    /// The parameters as a struct; `None` when one of its fields is missing or of another type.
    pub fn parameters_as<T: DeserializeOwned>(&self) -> Option<T> {
        let fields = self.parameters.clone().into_iter().collect();
        serde_json::from_value(Value::Object(fields)).ok()
    }
}

/// How good the clusters are, without labels; `None` where a figure is not defined.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Scores {
    /// Number of clusters.
    pub n_clusters: usize,
    /// Mean silhouette over clustered roles, in `[-1, 1]`.
    pub silhouette: Option<f64>,
    /// Share of roles without a cluster, in `[0, 1]`.
    pub noise_share: f64,
    /// Share of roles in the largest cluster, in `[0, 1]`.
    pub largest_share: f64,
    /// DBCV, in `[-1, 1]`: whether clusters are denser inside than the gaps between them.
    #[serde(default)]
    pub dbcv: Option<f64>,
    /// Number of roles DBCV is of, where it is that of a sample.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dbcv_sample: Option<usize>,
    /// Mean adjusted Rand index with clusterings of samples of the roles, 1 for equal clusterings,
    /// about 0 for unrelated ones. Computing it takes many clusterings, so only
    /// [`evaluate_clusters`](crate::pipeline::evaluate_clusters) does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stability: Option<f64>,
}

/// The cluster of one role.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Placement {
    /// The role.
    pub id: RoleId,
    /// Its title.
    pub title: ArcStr,
    /// Its section in the input.
    pub section: Option<ArcStr>,
    /// Its cluster; `None` is noise.
    pub cluster: Label,
    /// The cluster's name; `None` for noise.
    pub cluster_name: Option<ArcStr>,
    /// The direction its cluster is part of; absent for noise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub direction: Option<DirectionId>,
    /// The direction's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub direction_name: Option<ArcStr>,
    /// Whether that direction was given or found; absent where no directions were given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub direction_source: Option<DirectionSource>,
    /// What a person said about its place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by_hand: Option<ByHand>,
    /// Strength of its membership, in `[0, 1]`; 0 for noise.
    pub strength: f32,
    /// The three likeliest clusters, likeliest first; they sum to at most 1.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub shares: Vec<Share>,
    /// The two clusters it sits between, the likelier first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub between: Option<[ClusterId; 2]>,
    /// The role whose text it repeats.
    pub duplicate_of: Option<RoleId>,
}

/// A whole run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// [`SCHEMA_VERSION`].
    pub schema_version: u32,
    /// Program and version.
    pub written_by: String,
    /// The model that embedded the roles.
    pub model: ModelFingerprint,
    /// The clustering method.
    pub method: Method,
    /// Quality of the clusters.
    pub scores: Scores,
    /// One profile per cluster, by cluster id.
    pub profiles: Vec<ClusterProfile>,
    /// Groups of clusters, by direction id; empty in reports of versions that knew none.
    #[serde(default)]
    pub directions: Vec<Direction>,
    /// Technologies over all roles, most asked-for first.
    pub technologies: Vec<TechnologyUse>,
    /// Stack entries the lexicon does not know, with the number of roles that name them.
    pub candidates: Vec<(String, usize)>,
    /// What was read, skipped, set aside and merged.
    pub intake: Intake,
    /// What digests say in tables of their own, beside what the roles say.
    #[serde(default, skip_serializing_if = "DigestTables::is_empty")]
    pub digest_tables: DigestTables,
    /// One row per role, in input order.
    pub placements: Vec<Placement>,
    /// The labels before noise joined the nearest cluster to meet a bound on noise, in the
    /// order of `placements`; absent where the algorithm knows no noise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub raw_labels: Option<Vec<Label>>,
    /// The dendrogram of the clusters and the splits below them, rows in the order of
    /// `placements`; absent for a single cluster and for several hundred.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hierarchy: Option<Hierarchy>,
    /// How the clusters relate to those from before roles were added; absent at the first
    /// clustering.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lineage: Option<Lineage>,
    /// What became of the corrections a person made, in the order in which they were made.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub corrections: Vec<Outcome>,
    /// The language of names; absent in reports of earlier versions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<Language>,
    /// The occupations of ESCO nearest the clusters and directions; absent where the vectors are not
    /// those of the bundled model, by which the table of occupations was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub codes: Option<GroupCodes>,
    /// The roles over the time in which they were posted; absent where too few say when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub over_time: Option<OverTime>,
    /// Where each role stands on the map, in the order of `placements`; absent when no map
    /// was drawn.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub map: Option<Vec<[f32; 2]>>,
}

impl Report {
    /// The name of a cluster.
    pub fn cluster_name(&self, id: ClusterId) -> Option<&str> {
        self.profiles.get(id.index()).map(|p| p.name.as_str())
    }

    /// The name of a direction.
    pub fn direction_name(&self, id: DirectionId) -> Option<&str> {
        self.directions.get(id.index()).map(|direction| direction.name.as_str())
    }
}

/// One placement per role, from labels and profiles aligned with the corpus.
///
/// # Panics
/// If `clustering` or `representative` is not as long as the corpus.
pub fn placements(
    corpus: &Corpus,
    representative: &[usize],
    clustering: &Clustering,
    profiles: &[ClusterProfile],
    directions: &[Direction],
) -> Vec<Placement> {
    let roles = corpus.roles();
    assert_eq!(roles.len(), clustering.labels().len(), "one label per role");
    // A name is held once, however many roles are of its group.
    let cluster_names: Vec<ArcStr> = profiles.iter().map(|p| p.name.as_str().into()).collect();
    let direction_names: Vec<ArcStr> = directions.iter().map(|d| d.name.as_str().into()).collect();
    let place = |(row, role): (usize, &crate::role::Role)| {
        let cluster = clustering.labels()[row];
        let direction = cluster.and_then(|id| clustering.direction_of(id));
        let described = direction.and_then(|id| directions.get(id.index()));
        let first = representative[row];
        Placement {
            id: role.id.clone(),
            title: role.title.clone(),
            section: role.section.clone(),
            cluster,
            cluster_name: cluster.and_then(|id| cluster_names.get(id.index()).cloned()),
            direction,
            direction_name: direction.and_then(|id| direction_names.get(id.index()).cloned()),
            direction_source: described.and_then(|direction| direction.source),
            by_hand: None,
            strength: clustering.strengths()[row],
            shares: clustering.shares().get(row).cloned().unwrap_or_default(),
            between: clustering.between(row),
            duplicate_of: (first != row).then(|| roles[first].id.clone()),
        }
    };
    roles.iter().enumerate().map(place).collect()
}

//! The fitted clusters of a run folder, with what is done to vectors before they meet them.

use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::cluster::{Belonging, ClusterModel, Fitted, LanguageOffsets, Membership};
use crate::clustering::{ClusterId, Clustering, Label};
use crate::embeddings::Embeddings;
use crate::geometry::Matrix;
use crate::report::Method;
use crate::store::StoredRoles;

/// What is in `model.json`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct StoredModel {
    /// The clusters.
    #[serde(flatten)]
    pub(super) clusters: ClusterModel,
    /// Subtracted from the vectors; missing in folders of versions that clustered the vectors as
    /// they are, each different text once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) language_means: Option<LanguageOffsets>,
    /// What is usual among the different roles, and their clusters: missing in folders of versions
    /// whose strengths were of each algorithm's own kind, and for a handful of roles.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) membership: Option<Membership>,
    /// Version of this file; 1 where it is missing.
    #[serde(default = "first_version")]
    version: u32,
}

/// Since this version strengths mean one thing for every algorithm.
const MODEL_VERSION: u32 = 2;

fn first_version() -> u32 {
    1
}

impl StoredModel {
    /// Whether strengths are those of each algorithm's own kind.
    pub(super) fn is_of_older_kind(&self) -> bool {
        self.version < MODEL_VERSION
    }

    /// The rows the clusters were found in, and for each the role that it stands for.
    pub(super) fn fitted_rows(
        &self,
        stored: &StoredRoles,
        embeddings: &Embeddings,
    ) -> (Matrix, Vec<usize>) {
        match &self.language_means {
            Some(means) => {
                let rows = means.remove(&repeated(stored, embeddings), &repeated_texts(stored));
                let roles = (0..rows.rows()).collect();
                (rows, roles)
            }
            None => {
                let distinct = stored.distinct_rows();
                (embeddings.vectors().select(&distinct), distinct)
            }
        }
    }

    /// Vectors (`m x d`) of these texts as the clusters know vectors.
    pub(super) fn shifted(&self, vectors: Matrix, texts: &[&str]) -> Matrix {
        match &self.language_means {
            Some(means) => means.remove(&vectors, texts),
            None => vectors,
        }
    }
}

/// A vector per role to cluster: a duplicate has that of the role it repeats, so that it counts.
pub(super) fn repeated(stored: &StoredRoles, embeddings: &Embeddings) -> Matrix {
    embeddings.vectors().select(&stored.representative)
}

/// The texts of these vectors.
pub(super) fn repeated_texts(stored: &StoredRoles) -> Vec<&str> {
    stored.representative.iter().map(|&row| stored.texts[row].as_str()).collect()
}

/// Says from how many roles of which language what the language adds was taken out.
pub(super) fn tell(means: &LanguageOffsets, method: &mut Method) {
    method.parameters.insert("language_means".into(), json!(means.counts()));
}

/// The model to store of what was fitted to these rows, one per role. Strengths and shares of
/// `fitted` become those that all algorithms have in common, measured among the different roles;
/// with a handful of these they stay. A mixture keeps its shares, which are what it is fitted for.
pub(super) fn of(
    fitted: &mut Fitted,
    means: LanguageOffsets,
    vectors: &Matrix,
    stored: &StoredRoles,
) -> StoredModel {
    let distinct = stored.distinct_rows();
    let labels: Vec<Label> = distinct.iter().map(|&row| fitted.clustering.labels()[row]).collect();
    let found = Membership::fit(&vectors.select(&distinct), &labels);
    let (membership, belongings) = found.unzip();
    if let Some(belongings) = belongings {
        let (places, clustering) =
            (stored.distinct_places(), std::mem::take(&mut fitted.clustering));
        let clustering = with_strengths(clustering, &belongings, &places);
        let own_shares = matches!(fitted.model, ClusterModel::Mixture(_));
        fitted.clustering = match own_shares {
            true => clustering,
            false => clustering.with_shares(|role, id| belongings[places[role]].share(id)),
        };
    }
    StoredModel {
        clusters: fitted.model.clone(),
        language_means: Some(means),
        membership,
        version: MODEL_VERSION,
    }
}

/// Strengths as `belongings` say; role `i` is the different role `places[i]`.
fn with_strengths(
    clustering: Clustering,
    belongings: &[Belonging],
    places: &[usize],
) -> Clustering {
    let strength = |(label, &at): (&Label, &usize)| {
        label.map_or(0.0, |id: ClusterId| belongings[at].share(id))
    };
    let strengths = clustering.labels().iter().zip(places).map(strength).collect();
    clustering.with_strengths(strengths)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_the_first_version_are_read_and_said_to_be_old() {
        let old = r#"{"kind": "centroids", "metric": "spherical",
            "centroids": {"rows": 1, "cols": 2, "data": [1.0, 0.0]}}"#;
        let read: StoredModel = serde_json::from_str(old).unwrap();
        assert!(read.is_of_older_kind() && read.membership.is_none());
        let rows = Matrix::new(20, 2, [0.6f32, 0.8].repeat(20)).unwrap();
        let (membership, _) = Membership::fit(&rows, &[Some(ClusterId(0)); 20]).unzip();
        let new = StoredModel { membership, version: MODEL_VERSION, ..read };
        let written = serde_json::to_string(&new).unwrap();
        let again: StoredModel = serde_json::from_str(&written).unwrap();
        assert_eq!(again, new);
        assert!(!again.is_of_older_kind() && again.membership.is_some());
    }
}

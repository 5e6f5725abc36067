//! The fitted clusters of a run folder, with what is done to vectors before they meet them.

use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::cluster::{ClusterModel, Fitted, LanguageMeans};
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
    pub(super) language_means: Option<LanguageMeans>,
}

impl StoredModel {
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

/// Says how many roles of which language lost the mean of their language.
pub(super) fn tell(means: &LanguageMeans, method: &mut Method) {
    method.parameters.insert("language_means".into(), json!(means.counts()));
}

/// The model to store of what was fitted.
pub(super) fn of(fitted: &Fitted, means: LanguageMeans) -> StoredModel {
    StoredModel { clusters: fitted.model.clone(), language_means: Some(means) }
}

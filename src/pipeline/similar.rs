//! "Roles like this text": a query or a known role -> its nearest roles.

use serde::Serialize;

use super::model::QueryModel;
use super::names::ClusterNames;
use crate::clustering::{ClusterId, Clustering};
use crate::embeddings::Embeddings;
use crate::encode::Encoder;
use crate::error::Error;
use crate::progress::Silent;
use crate::role::RoleId;
use crate::search::{ExactIndex, Index};
use crate::store::{Part, RunFolder, StoredRoles};

/// What to look for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Query {
    /// Roles like this text.
    Text(String),
    /// Roles like this one, itself left out.
    Like(RoleId),
}

/// One answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Hit {
    /// 1 is nearest.
    pub rank: usize,
    /// The role.
    pub id: RoleId,
    /// Its title.
    pub title: String,
    /// Cosine similarity, in `[-1, 1]`.
    pub score: f32,
    /// Its cluster; `None` for noise, or before clustering.
    pub cluster: Option<ClusterId>,
    /// The cluster's name.
    pub cluster_name: Option<String>,
    /// Its section in the input.
    pub section: Option<String>,
}

/// A run folder ready to be searched; the model is loaded at the first text.
pub struct Searcher {
    stored: StoredRoles,
    embeddings: Embeddings,
    clustering: Option<Clustering>,
    names: ClusterNames,
    model: QueryModel,
    encoder: Option<Encoder>,
}

impl Searcher {
    /// Opens a run folder, clustered or not.
    ///
    /// # Errors
    /// When the folder holds no vectors, or a file of it is damaged.
    pub fn open(run: &RunFolder, model: QueryModel) -> Result<Self, Error> {
        let (clustering, names) = if run.has(Part::Clustering) && run.has(Part::Report) {
            (Some(run.json(Part::Clustering)?), ClusterNames::load(run)?)
        } else {
            (None, ClusterNames::default())
        };
        let (stored, embeddings) = (run.roles()?, run.embeddings()?);
        Ok(Searcher { stored, embeddings, clustering, names, model, encoder: None })
    }

    /// The `k` nearest roles, nearest first.
    ///
    /// # Errors
    /// When the model cannot be loaded or is no longer the one that made the vectors, or no
    /// role has the id asked for.
    pub fn search(&mut self, query: &Query, k: usize) -> Result<Vec<Hit>, Error> {
        let (vector, itself) = match query {
            Query::Text(text) => (self.embed(text)?, None),
            Query::Like(id) => {
                let row = self.embeddings.ids().iter().position(|known| known == id);
                let row = row.ok_or_else(|| Error::NoSuchRole(id.clone()))?;
                (self.embeddings.vectors().row(row).to_vec(), Some(row))
            }
        };
        let index = ExactIndex::new(self.embeddings.vectors());
        let nearest = index.nearest(&vector, k, &|row| Some(row) != itself);
        let hit = |(at, neighbor): (usize, &crate::search::Neighbor)| {
            let role = &self.stored.corpus.roles()[neighbor.row];
            let cluster = self.clustering.as_ref().and_then(|c| c.labels()[neighbor.row]);
            Hit {
                rank: at + 1,
                id: role.id.clone(),
                title: role.title.clone(),
                score: neighbor.score,
                cluster,
                cluster_name: self.names.of(cluster),
                section: role.section.clone(),
            }
        };
        Ok(nearest.iter().enumerate().map(hit).collect())
    }

    fn embed(&mut self, text: &str) -> Result<Vec<f32>, Error> {
        let encoder = match &mut self.encoder {
            Some(encoder) => encoder,
            empty => empty.insert(self.model.load(self.embeddings.model())?),
        };
        let prompt = match &self.model.prompt_name {
            Some(name) => Some(name.as_str()),
            None => encoder.prompt_names().into_iter().find(|name| *name == "query"),
        };
        Ok(encoder.encode(&[text], prompt, &Silent)?.into_vec())
    }
}

/// The ids of the `k` nearest other roles of every role, in row order.
pub fn neighbor_ids(run: &RunFolder, k: usize) -> Result<Vec<Vec<RoleId>>, Error> {
    let embeddings = run.embeddings()?;
    let all = ExactIndex::new(embeddings.vectors()).neighbors_of_all(k);
    let name = |n: &crate::search::Neighbor| embeddings.ids()[n.row].clone();
    Ok(all.iter().map(|neighbors| neighbors.iter().map(name).collect()).collect())
}

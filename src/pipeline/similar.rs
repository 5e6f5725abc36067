//! "Roles like this text": a query or a known role -> its nearest roles.

use serde::Serialize;

use super::embed::ModelSettings;
use crate::clustering::{ClusterId, Clustering};
use crate::embeddings::Embeddings;
use crate::encode::{DeviceChoice, Dtype, Encoder};
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
    /// Its section in the input.
    pub section: Option<String>,
}

/// A run folder ready to be searched; the model is loaded at the first text.
pub struct Searcher {
    stored: StoredRoles,
    embeddings: Embeddings,
    clustering: Option<Clustering>,
    prompt_name: Option<String>,
    device: DeviceChoice,
    encoder: Option<Encoder>,
}

impl Searcher {
    /// Opens a run folder. `prompt_name` is the prompt put before queries; without it the
    /// model's `query` prompt is used where it has one.
    pub fn open(
        run: &RunFolder,
        device: DeviceChoice,
        prompt_name: Option<String>,
    ) -> Result<Self, Error> {
        let clustering =
            if run.has(Part::Clustering) { Some(run.json(Part::Clustering)?) } else { None };
        Ok(Searcher {
            stored: run.roles()?,
            embeddings: run.embeddings()?,
            clustering,
            prompt_name,
            device,
            encoder: None,
        })
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
            Hit {
                rank: at + 1,
                id: role.id.clone(),
                title: role.title.clone(),
                score: neighbor.score,
                cluster: self.clustering.as_ref().and_then(|c| c.labels()[neighbor.row]),
                section: role.section.clone(),
            }
        };
        Ok(nearest.iter().enumerate().map(hit).collect())
    }

    fn embed(&mut self, text: &str) -> Result<Vec<f32>, Error> {
        if self.encoder.is_none() {
            self.encoder = Some(self.load()?);
        }
        let Some(encoder) = &self.encoder else { return Ok(Vec::new()) };
        let prompt = match &self.prompt_name {
            Some(name) => Some(name.as_str()),
            None => encoder.prompt_names().into_iter().find(|name| *name == "query"),
        };
        Ok(encoder.encode(&[text], prompt, &Silent)?.into_vec())
    }

    fn load(&self) -> Result<Encoder, Error> {
        let made_by = self.embeddings.model();
        let revision = (made_by.revision != "local").then(|| made_by.revision.clone());
        let settings = ModelSettings {
            source: made_by.name.parse()?,
            revision,
            device: self.device,
            dtype: made_by.dtype.parse::<Dtype>()?,
        };
        let (encoder, _) = settings.load()?;
        let found = encoder.fingerprint(None)?.digest;
        if found != made_by.digest {
            return Err(Error::ModelChanged {
                name: made_by.name.clone(),
                expected: made_by.digest.clone(),
                found,
            });
        }
        Ok(encoder)
    }
}

/// The ids of the `k` nearest other roles of every role, in row order.
pub fn neighbor_ids(run: &RunFolder, k: usize) -> Result<Vec<Vec<RoleId>>, Error> {
    let embeddings = run.embeddings()?;
    let all = ExactIndex::new(embeddings.vectors()).neighbors_of_all(k);
    let name = |n: &crate::search::Neighbor| embeddings.ids()[n.row].clone();
    Ok(all.iter().map(|neighbors| neighbors.iter().map(name).collect()).collect())
}

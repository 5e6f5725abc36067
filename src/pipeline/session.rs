//! What a server needs of a [`Searcher`]: everything loaded before the first query, and the roles
//! themselves.

use super::searcher::Searcher;
use crate::clustering::{DirectionId, Label, Share};
use crate::embeddings::ModelFingerprint;
use crate::error::Error;
use crate::role::{Role, RoleId};
use crate::text;

/// A role as it stands in an opened run folder.
#[derive(Debug, Clone, PartialEq)]
pub struct Found<'a> {
    /// The role as it was read.
    pub role: &'a Role,
    /// Its cluster; `None` for noise, or before clustering.
    pub cluster: Label,
    /// The cluster's name.
    pub cluster_name: Option<&'a str>,
    /// The direction of its cluster.
    pub direction: Option<DirectionId>,
    /// The direction's name.
    pub direction_name: Option<&'a str>,
    /// How surely it belongs there, in `[0, 1]`; `None` before clustering.
    pub strength: Option<f32>,
    /// The likeliest clusters with their names, likeliest first.
    pub shares: Vec<(Share, &'a str)>,
    /// The role whose text it repeats.
    pub duplicate_of: Option<&'a RoleId>,
    /// The technologies it names, by canonical name.
    pub technologies: Vec<&'static str>,
    /// Code of the language it is written in, such as `zh`.
    pub language: &'static str,
}

impl Searcher {
    /// Loads the model, the roles and the inverted index, so that the first search is as quick as
    /// any other, and no search reads the folder again.
    ///
    /// # Errors
    /// When the model cannot be loaded, or is no longer the one that made the vectors.
    pub fn prepare(&self) -> Result<(), Error> {
        self.encoder()?;
        self.words()?;
        self.baseline()?;
        let stored = self.roles.whole()?;
        self.attributes.languages(stored);
        self.attributes.all_technologies(stored);
        // Loads the dictionary of the Chinese word segmentation.
        text::words("中文");
        Ok(())
    }

    /// The model that made the vectors.
    pub fn model(&self) -> &ModelFingerprint {
        self.vectors.model()
    }

    /// How many roles there are.
    pub fn n_roles(&self) -> usize {
        self.roles.len()
    }

    /// All roles in input order.
    ///
    /// # Errors
    /// When they are read now and their file is damaged.
    pub fn roles(&self) -> Result<&[Role], Error> {
        Ok(self.roles.whole()?.corpus.roles())
    }

    /// The languages the roles are written in, by code, most frequent first.
    ///
    /// # Errors
    /// When the roles are read now and their file is damaged.
    pub fn languages(&self) -> Result<Vec<(&'static str, usize)>, Error> {
        let mut counts = std::collections::BTreeMap::new();
        for code in self.attributes.languages(self.roles.whole()?) {
            *counts.entry(*code).or_insert(0usize) += 1;
        }
        let mut found: Vec<_> = counts.into_iter().collect();
        found.sort_by_key(|&(_, n)| std::cmp::Reverse(n));
        Ok(found)
    }

    /// One role and its place, if there is one of that id.
    ///
    /// # Errors
    /// When the roles are read now and their file is damaged.
    pub fn role(&self, id: &RoleId) -> Result<Option<Found<'_>>, Error> {
        let stored = self.roles.whole()?;
        let roles = stored.corpus.roles();
        let Some(row) = roles.iter().position(|role| role.id == *id) else { return Ok(None) };
        let (cluster, first) = (self.label(row), stored.representative[row]);
        let direction = self.direction(cluster);
        let shares = self.clustering.as_ref().and_then(|found| found.shares().get(row));
        let named = |share: &Share| Some((*share, self.names.of(Some(share.cluster))?));
        Ok(Some(Found {
            role: &roles[row],
            cluster,
            cluster_name: self.names.of(cluster),
            direction,
            direction_name: self.names.of_direction(direction),
            shares: shares.into_iter().flatten().filter_map(named).collect(),
            strength: self.clustering.as_ref().map(|found| found.strengths()[row]),
            duplicate_of: (first != row).then(|| &roles[first].id),
            technologies: self.attributes.technologies(row, &roles[row]).into_owned(),
            language: self.attributes.language(row, &stored.texts[row]),
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn threads_may_share_one() {
        fn shared<T: Send + Sync>() {}
        shared::<Searcher>();
    }
}

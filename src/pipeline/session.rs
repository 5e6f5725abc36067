//! A [`Searcher`] that stays open: made ready before the first question, and asked for the
//! roles themselves.

use super::similar::Searcher;
use crate::clustering::Label;
use crate::embeddings::ModelFingerprint;
use crate::error::Error;
use crate::role::{Role, RoleId};
use crate::search::Mode;
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
    /// How surely it belongs there, in `[0, 1]`; `None` before clustering.
    pub strength: Option<f32>,
    /// The role whose text it repeats.
    pub duplicate_of: Option<&'a RoleId>,
    /// The technologies it names, by canonical name.
    pub technologies: Vec<&'static str>,
    /// Code of the language it is written in, such as `zh`.
    pub language: &'static str,
}

impl Searcher {
    /// Loads and builds all that a search may need, so that the first is no slower than any
    /// other and none depends on what becomes of the folder.
    ///
    /// # Errors
    /// When the model cannot be loaded, or is no longer the one that made the vectors.
    pub fn prepare(&self) -> Result<(), Error> {
        self.encoder()?;
        self.open_words(Mode::Hybrid)?;
        self.traits.languages(&self.stored);
        self.traits.all_technologies(&self.stored);
        // The dictionary of Chinese words is read when the first is cut.
        text::words("中文");
        Ok(())
    }

    /// The model that made the vectors.
    pub fn model(&self) -> &ModelFingerprint {
        self.vectors.model()
    }

    /// All roles in input order.
    pub fn roles(&self) -> &[Role] {
        self.stored.corpus.roles()
    }

    /// The languages the roles are written in, by code, most frequent first.
    pub fn languages(&self) -> Vec<(&'static str, usize)> {
        let mut counts = std::collections::BTreeMap::new();
        for code in self.traits.languages(&self.stored) {
            *counts.entry(*code).or_insert(0usize) += 1;
        }
        let mut found: Vec<_> = counts.into_iter().collect();
        found.sort_by_key(|&(_, n)| std::cmp::Reverse(n));
        found
    }

    /// One role and its place, if there is one of that id.
    pub fn role(&self, id: &RoleId) -> Option<Found<'_>> {
        let roles = self.roles();
        let row = roles.iter().position(|role| role.id == *id)?;
        let cluster = self.clustering.as_ref().and_then(|found| found.labels()[row]);
        let first = self.stored.representative[row];
        Some(Found {
            role: &roles[row],
            cluster,
            cluster_name: self.names.of(cluster),
            strength: self.clustering.as_ref().map(|found| found.strengths()[row]),
            duplicate_of: (first != row).then(|| &roles[first].id),
            technologies: self.traits.technologies(row, &self.stored).into_owned(),
            language: text::language(&self.stored.texts[row]).code(),
        })
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

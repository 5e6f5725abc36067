//! The result of a clustering.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::assign::ClusterModel;
use crate::clustering::{ClusterId, Clustering, Label};
use crate::hierarchy::Hierarchy;
use crate::report::Method;

/// What [`super::cluster()`] found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Fitted {
    /// A label and a strength per row.
    pub clustering: Clustering,
    /// How it was found.
    pub method: Method,
    /// What [`super::assign()`] needs for new rows.
    pub model: ClusterModel,
    /// The labels before noise was placed with the nearest cluster, ids as in `clustering`;
    /// `None` where the algorithm knows no noise.
    pub raw: Option<Vec<Label>>,
    /// How the clusters merge and split; `None` where there is one cluster, or
    /// there are more than anyone reads a tree of.
    pub hierarchy: Option<Hierarchy>,
}

impl Fitted {
    /// The same clusters seen by other rows: row `i` of the result is row `source[i]` of
    /// this one. Ids are made canonical again, in the model too.
    ///
    /// # Panics
    /// If a source row is out of range, or a cluster has no row left.
    pub fn spread(self, source: &[usize]) -> Fitted {
        let clustering = self.clustering.spread(source);
        let mut old_of_new = vec![ClusterId(0); clustering.n_clusters()];
        for (label, &row) in clustering.labels().iter().zip(source) {
            if let (Some(new), Some(old)) = (label, self.clustering.labels()[row]) {
                old_of_new[new.index()] = old;
            }
        }
        assert_eq!(old_of_new.len(), self.clustering.n_clusters(), "a cluster lost all its rows");
        let model = self.model.renumbered(&old_of_new);
        let new_of_old: BTreeMap<ClusterId, ClusterId> =
            old_of_new.iter().enumerate().map(|(new, &old)| (old, ClusterId(new as u32))).collect();
        let raw = self.raw.map(|raw| {
            source.iter().map(|&row| raw[row].map(|label| new_of_old[&label])).collect()
        });
        let hierarchy = self.hierarchy.map(|tree| {
            let ids: Vec<ClusterId> =
                (0..new_of_old.len() as u32).map(|id| new_of_old[&ClusterId(id)]).collect();
            tree.spread(source).renumbered(&ids)
        });
        Fitted { clustering, method: self.method, model, raw, hierarchy }
    }

    /// The same clusters under other ids: cluster `c` becomes `ids[c]`, in labels and model
    /// alike. See [`super::stable_ids`].
    ///
    /// # Panics
    /// If `ids` is not a permutation of the ids.
    pub fn renumbered(self, ids: &[ClusterId]) -> Fitted {
        let mut old_of_new = vec![ClusterId(0); ids.len()];
        ids.iter()
            .enumerate()
            .for_each(|(old, new)| old_of_new[new.index()] = ClusterId(old as u32));
        let rename = |label: Label| label.map(|id| ids[id.index()]);
        Fitted {
            clustering: self.clustering.renumbered(ids),
            method: self.method,
            model: self.model.renumbered(&old_of_new),
            raw: self.raw.map(|raw| raw.into_iter().map(rename).collect()),
            hierarchy: self.hierarchy.map(|tree| tree.renumbered(ids)),
        }
    }
}

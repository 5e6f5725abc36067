//! Stable cluster ids: clusters keep their ids when roles are added and clustered again.
//!
//! A run folder stores the cluster of every text before and after the last change of its roles.
//! Clustering the same roles again compares with the state before that change, so a repeated
//! run writes the same bytes.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::cluster::{Fitted, lineage, stable_ids};
use crate::clustering::{Label, SchemaVersion};
use crate::corrections::Corrections;
use crate::lineage::Lineage;
use crate::role::Role;
use crate::store::{Part, RunFolder};

/// The cluster of every text, by content hash.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
struct Places {
    labels: BTreeMap<String, Label>,
    n_clusters: usize,
}

/// The clusters of the texts of a run folder, now and before.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub(super) struct History {
    #[serde(default)]
    schema_version: SchemaVersion,
    /// Before the roles changed last.
    earlier: Option<Places>,
    /// Of the roles as they are.
    current: Option<Places>,
    /// Ids that corrections name, or named, and roles had.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    named: BTreeSet<String>,
}

impl History {
    /// The history in the folder; empty when it has not been clustered, or when the file is
    /// damaged: then only the ids may change.
    pub(super) fn load(run: &RunFolder) -> History {
        if run.has(Part::History) {
            run.json(Part::History).unwrap_or_default()
        } else {
            History::default()
        }
    }

    /// Ids that corrections name, or named, and roles had: such a role may be gone.
    pub(super) fn named(&self) -> &BTreeSet<String> {
        &self.named
    }

    /// Remembers the roles that corrections name.
    pub(super) fn note_named(&mut self, corrections: &Corrections, roles: &[Role]) {
        let named: BTreeSet<&str> = corrections
            .entries()
            .iter()
            .flat_map(|e| e.change.named())
            .map(|id| id.as_str())
            .collect();
        let ids = roles.iter().map(|role| role.id.as_str()).filter(|id| named.contains(id));
        self.named.extend(ids.map(str::to_string));
    }

    /// Gives `fitted` the ids its clusters had before the roles changed last and tells what
    /// became of those. `None` when there is nothing to compare with. Remembers the result.
    pub(super) fn follow(&mut self, roles: &[Role], fitted: Fitted) -> (Fitted, Option<Lineage>) {
        let hashes: Vec<String> = roles.iter().map(Role::content_hash).collect();
        let same_roles = |places: &Places| {
            let mut now: Vec<&String> = hashes.iter().collect();
            now.sort_unstable();
            now.dedup();
            now.into_iter().eq(places.labels.keys())
        };
        if !self.current.as_ref().is_some_and(same_roles) {
            self.earlier = self.current.take();
        }
        let (mut fitted, mut traced) = (fitted, None);
        if let Some(earlier) = &self.earlier {
            let (old, new) = shared(earlier, &hashes, fitted.clustering.labels());
            let (n_old, n_new) = (earlier.n_clusters, fitted.clustering.n_clusters());
            fitted = fitted.renumbered(&stable_ids(&old, &new, n_old, n_new));
            let (old, new) = shared(earlier, &hashes, fitted.clustering.labels());
            traced = Some(lineage(&old, &new, n_old, n_new));
        }
        self.current = Some(Places {
            labels: hashes.into_iter().zip(fitted.clustering.labels().iter().copied()).collect(),
            n_clusters: fitted.clustering.n_clusters(),
        });
        (fitted, traced)
    }
}

/// Labels before and after of the roles that were there before.
fn shared(earlier: &Places, hashes: &[String], labels: &[Label]) -> (Vec<Label>, Vec<Label>) {
    let both = |(hash, &label): (&String, &Label)| Some((*earlier.labels.get(hash)?, label));
    hashes.iter().zip(labels).filter_map(both).unzip()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cluster::{Choice, KMeansParams, fit_kmeans};
    use crate::geometry::Matrix;
    use crate::lineage::Fate;
    use crate::report::Method;
    use crate::role::RoleId;

    fn roles(names: &str) -> Vec<Role> {
        let role = |(at, name): (usize, char)| Role {
            id: RoleId::new(at.to_string()),
            title: name.to_string().into(),
            ..Role::default()
        };
        names.chars().enumerate().map(role).collect()
    }

    fn fitted(points: &[f32], k: usize) -> Fitted {
        let rows = Matrix::new(points.len(), 1, points.to_vec()).unwrap();
        let params = KMeansParams { k: Choice::Given(k), ..KMeansParams::default() };
        let kmeans = fit_kmeans(&rows, k, &params).unwrap();
        let model = kmeans.model();
        Fitted {
            clustering: kmeans.clustering,
            method: Method::default(),
            model,
            raw: None,
            hierarchy: None,
        }
    }

    fn ids(fitted: &Fitted) -> Vec<u32> {
        fitted.clustering.labels().iter().map(|label| label.unwrap().0).collect()
    }

    #[test]
    fn ids_stay_when_roles_are_added_and_when_nothing_changes() {
        let mut history = History::default();
        let (first, traced) =
            history.follow(&roles("abcde"), fitted(&[0.0, 0.1, 0.2, 9.0, 9.1], 2));
        assert_eq!((ids(&first), traced), (vec![0, 0, 0, 1, 1], None));

        // Three more around 9, so that cluster is now the larger one.
        let points = [0.0, 0.1, 0.2, 9.0, 9.1, 9.2, 9.3, 9.4];
        assert_eq!(ids(&fitted(&points, 2)), [1, 1, 1, 0, 0, 0, 0, 0]);
        let (second, traced) = history.follow(&roles("abcdefgh"), fitted(&points, 2));
        assert_eq!(ids(&second), [0, 0, 0, 1, 1, 1, 1, 1]);
        let traced = traced.unwrap();
        assert_eq!(traced.shared_roles, 5);
        assert!(traced.events.iter().all(|e| e.fate == Fate::Kept && e.old == e.new));

        let json = serde_json::to_string(&history).unwrap();
        let mut read: History = serde_json::from_str(&json).unwrap();
        let (third, again) = read.follow(&roles("abcdefgh"), fitted(&points, 2));
        assert_eq!((third, again), (second, Some(traced)));
        assert_eq!(serde_json::to_string(&read).unwrap(), json);
    }
}

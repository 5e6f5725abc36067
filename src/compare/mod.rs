//! Compares two runs of one model: two periods, regions or sources. What appeared, vanished,
//! grew, shrank, split and merged, and which technologies are asked for more or less.
//!
//! Shares are compared by the z-test of two proportions, and the p-values of all specialisations
//! together are adjusted (Benjamini and Hochberg), as are those of all technologies.

mod languages;
mod matching;

use serde::{Deserialize, Serialize};

use crate::clustering::{ClusterId, Clustering};
use crate::geometry::Matrix;
use crate::profile::ClusterProfile;
use crate::tabulate::{
    Facets, Interval, SIGNIFICANT, Trends, benjamini_hochberg, changes, difference, two_proportions,
};
use crate::text::DetectedLanguage;
use languages::two_languages;
use matching::{Clusters, Match, matches};

/// One of the two runs.
#[derive(Debug, Clone, Copy)]
pub struct Side<'a> {
    /// What it is called, such as the name of its folder.
    pub name: &'a str,
    /// Its clusters' profiles, by id.
    pub profiles: &'a [ClusterProfile],
    /// The cluster of every role.
    pub clustering: &'a Clustering,
    /// The vector of every role, unit rows.
    pub vectors: &'a Matrix,
    /// Whether each role counts; one that repeats another does not.
    pub counted: &'a [bool],
    /// What the roles that count state.
    pub facets: &'a Facets<'a>,
}

/// What became of specialisations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    /// In the second run only.
    Appeared,
    /// In the first run only.
    Vanished,
    /// A larger share of the roles, beyond chance.
    Grew,
    /// A smaller share, beyond chance.
    Shrank,
    /// One is several now.
    Split,
    /// Several are one now.
    Merged,
    /// Several are others now.
    Regrouped,
    /// One, of about the same share.
    Stayed,
}

/// A specialisation of one of the runs.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Named {
    /// Its id in that run.
    pub id: ClusterId,
    /// Its name there.
    pub name: String,
    /// Its roles there that count.
    pub roles: usize,
}

/// Specialisations of both runs that are the same, or one that is in one run only.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Fates {
    /// What happened.
    pub fate: Fate,
    /// Those of the first run.
    pub before: Vec<Named>,
    /// Those of the second.
    pub after: Vec<Named>,
    /// Largest cosine of a centroid before and one after; `None` where one side is empty.
    pub similarity: Option<f64>,
    /// Share of all roles before, in `[0, 1]`.
    pub share_before: f64,
    /// Share of all roles after.
    pub share_after: f64,
    /// 95 % interval of the second share less the first.
    pub difference: Interval,
    /// Two-sided p-value of equal shares, adjusted for all that were compared.
    pub p_adjusted: f64,
    /// Technologies of these roles compared; `None` where one side is empty.
    pub technologies: Option<Trends>,
}

/// The whole comparison.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Comparison {
    /// Name of the first run.
    pub first: String,
    /// Name of the second.
    pub second: String,
    /// Roles of the first that count.
    pub roles_before: usize,
    /// Roles of the second that count.
    pub roles_after: usize,
    /// What the first run and the second are written in, where each is written in one language and
    /// these differ: then they are hardly comparable.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub languages: Option<[DetectedLanguage; 2]>,
    /// Specialisations, by what happened, then by size.
    pub specialisations: Vec<Fates>,
    /// Technologies over all roles.
    pub technologies: Trends,
}

/// Compares two runs whose vectors are of one model. Technologies that fewer than `floor` roles
/// name are left out. `None` when one of the runs has no role that counts.
pub fn compare(first: &Side, second: &Side, floor: usize) -> Option<Comparison> {
    let (a, b) = (clusters(first), clusters(second));
    let forwards = a.continue_in(first.vectors, &b);
    let backwards = b.continue_in(second.vectors, &a);
    let (n, m) = (first.facets.rows().len(), second.facets.rows().len());
    let both = Both { first, second, a: &a, b: &b, floor };
    let mut fates: Vec<Fates> = matches(&forwards, &backwards)
        .into_iter()
        .map(|found| both.fates(&found, n, m))
        .collect::<Option<_>>()?;
    let p: Vec<f64> = fates.iter().map(|fates| fates.p_adjusted).collect();
    for (fates, p_adjusted) in fates.iter_mut().zip(benjamini_hochberg(&p)) {
        fates.p_adjusted = p_adjusted;
        fates.fate = fate(fates);
    }
    let size =
        |fates: &Fates| fates.before.iter().chain(&fates.after).map(|c| c.roles).sum::<usize>();
    fates.sort_by_key(|fates| (fates.fate, std::cmp::Reverse(size(fates))));
    Some(Comparison {
        first: first.name.to_string(),
        second: second.name.to_string(),
        roles_before: n,
        roles_after: m,
        languages: two_languages(first.facets, second.facets),
        specialisations: fates,
        technologies: both.technologies(None),
    })
}

fn clusters(side: &Side) -> Clusters {
    Clusters::new(side.vectors, side.clustering, side.counted)
}

fn fate(fates: &Fates) -> Fate {
    let is_significant = fates.p_adjusted < SIGNIFICANT;
    match (fates.before.len(), fates.after.len()) {
        (0, _) => Fate::Appeared,
        (_, 0) => Fate::Vanished,
        (1, 1) if is_significant && fates.share_after > fates.share_before => Fate::Grew,
        (1, 1) if is_significant => Fate::Shrank,
        (1, 1) => Fate::Stayed,
        (1, _) => Fate::Split,
        (_, 1) => Fate::Merged,
        _ => Fate::Regrouped,
    }
}

/// Both runs with their clusters.
struct Both<'a> {
    first: &'a Side<'a>,
    second: &'a Side<'a>,
    a: &'a Clusters,
    b: &'a Clusters,
    floor: usize,
}

impl Both<'_> {
    /// Everything but the adjustment of the p-value and what follows from it.
    fn fates(&self, found: &Match, n: usize, m: usize) -> Option<Fates> {
        let named = |side: &Side, clusters: &Clusters, ids: &[ClusterId]| -> Vec<Named> {
            let name = |id: ClusterId| side.profiles.get(id.index()).map(|p| p.name.clone());
            ids.iter()
                .map(|&id| Named {
                    id,
                    name: name(id).unwrap_or_default(),
                    roles: clusters.size(id),
                })
                .collect()
        };
        let before = named(self.first, self.a, &found.before);
        let after = named(self.second, self.b, &found.after);
        let count = |all: &[Named]| all.iter().map(|c| c.roles).sum::<usize>();
        let (x, y) = ((count(&before), n), (count(&after), m));
        let pairs = found.before.iter().flat_map(|&a| found.after.iter().map(move |&b| (a, b)));
        let similarity = pairs.map(|(a, b)| self.a.similarity(a, self.b, b)).reduce(f64::max);
        Some(Fates {
            fate: Fate::Stayed,
            similarity,
            share_before: x.0 as f64 / x.1 as f64,
            share_after: y.0 as f64 / y.1 as f64,
            difference: difference(x, y)?,
            p_adjusted: two_proportions(x, y)?,
            technologies: similarity.map(|_| self.technologies(Some(found))),
            before,
            after,
        })
    }

    /// Technologies compared, over all roles or those of some clusters.
    fn technologies(&self, only: Option<&Match>) -> Trends {
        let of = |side: &Side, ids: Option<&[ClusterId]>| -> Vec<Vec<String>> {
            let rows =
                side.facets.rows().iter().filter(|facet| match (ids, facet.placement.cluster) {
                    (None, _) => true,
                    (Some(ids), Some(id)) => ids.contains(&id),
                    (Some(_), None) => false,
                });
            rows.map(|facet| facet.technologies.iter().map(|t| t.to_string()).collect()).collect()
        };
        let before = of(self.first, only.map(|found| &found.before[..]));
        let after = of(self.second, only.map(|found| &found.after[..]));
        let before: Vec<&[String]> = before.iter().map(Vec::as_slice).collect();
        let after: Vec<&[String]> = after.iter().map(Vec::as_slice).collect();
        changes((self.first.name, &before), (self.second.name, &after), self.floor)
    }
}

#[cfg(test)]
mod tests;

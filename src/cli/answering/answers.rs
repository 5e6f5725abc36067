//! The parts that answers are made of, as JSON. `serve` describes them in its OpenAPI document,
//! `mcp` in the schemas of its tools.

use rolecluster::pipeline;
use rolecluster::profile;
use rolecluster::search;
use serde::Serialize;

/// What a search found.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    pub hits: Vec<Hit>,
    pub searched_for: Option<String>,
    pub unwanted: Option<String>,
    pub nothing_near: bool,
    pub best: Option<f32>,
    pub noise: f32,
}

impl From<pipeline::Answer> for Found {
    fn from(answer: pipeline::Answer) -> Self {
        let pipeline::Answer { hits, searched_for, unwanted, nothing_near, best, noise } = answer;
        let hits = hits.into_iter().map(Hit::from).collect();
        Found { hits, searched_for, unwanted, nothing_near, best, noise }
    }
}

/// A role that answers a search.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "mcp", derive(schemars::JsonSchema))]
pub struct Hit {
    /// 1 is the best hit.
    #[cfg_attr(feature = "serve", schema(minimum = 1))]
    pub rank: usize,
    /// Id of the role.
    pub id: String,
    /// Title of the posting.
    pub title: String,
    /// How surely the role is what was asked for, on one scale for all queries and modes: 0 is no
    /// nearer than an unrelated text, 1 the same text, and a role with every word of the query has
    /// 0.7 or more.
    #[cfg_attr(feature = "serve", schema(minimum = 0, maximum = 1))]
    pub score: f32,
    /// Number of its specialisation, from 1; null if it is in none, or before clustering.
    #[cfg_attr(feature = "serve", schema(required, minimum = 1))]
    pub cluster: Option<u32>,
    /// Name of its specialisation.
    #[cfg_attr(feature = "serve", schema(required))]
    pub cluster_name: Option<String>,
    /// Number of the direction of its specialisation, from 1.
    #[cfg_attr(feature = "serve", schema(required, minimum = 1))]
    pub direction: Option<u32>,
    /// Name of that direction.
    #[cfg_attr(feature = "serve", schema(required))]
    pub direction_name: Option<String>,
    /// The heading or section it stood under in the input.
    #[cfg_attr(feature = "serve", schema(required))]
    pub section: Option<String>,
    /// What it shares with the query.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub explanation: Option<Explanation>,
}

/// What a role shares with a query.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "mcp", derive(schemars::JsonSchema))]
pub struct Explanation {
    /// The sentence of the posting that contains most words of the query.
    pub sentence: String,
    /// Technologies that query and role have in common.
    pub technologies: Vec<String>,
    /// Words that query and role have in common.
    pub words: Vec<String>,
}

/// A specialisation: a group of roles, described.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "mcp", derive(schemars::JsonSchema))]
pub struct Cluster {
    /// Number of the specialisation, from 1.
    #[cfg_attr(feature = "serve", schema(minimum = 1))]
    pub id: u32,
    /// A short name that no other specialisation has.
    pub name: String,
    /// Number of roles.
    pub size: usize,
    /// Typical words, the most typical first.
    pub terms: Vec<Term>,
    /// Technologies, the most asked for first.
    pub technologies: Vec<TechnologyUse>,
    /// Ids of the roles nearest the centre, the nearest first.
    pub exemplars: Vec<String>,
    /// Number of its direction, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "serve", schema(minimum = 1))]
    pub direction: Option<u32>,
    /// How often two of its roles fall together when samples of the roles are clustered, in
    /// [0, 1]; absent where there were too few.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "serve", schema(minimum = 0, maximum = 1))]
    pub certainty: Option<f32>,
    /// What a person set about it: named, merged, split or pinned.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub by_hand: Vec<String>,
}

/// A word typical of a specialisation.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "mcp", derive(schemars::JsonSchema))]
pub struct Term {
    /// The word as most roles write it.
    pub term: String,
    /// Class-based TF-IDF weight: higher is more typical.
    pub score: f64,
}

/// How often a technology is asked for, in a specialisation and over all.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "mcp", derive(schemars::JsonSchema))]
pub struct TechnologyUse {
    /// Canonical name, such as Kubernetes.
    pub name: String,
    /// The name in the language of the run's report.
    pub label: String,
    /// Kind, such as language, database or practice.
    pub kind: String,
    /// Roles that name it.
    pub count: usize,
    /// Share of the roles that name it, in [0, 1].
    #[cfg_attr(feature = "serve", schema(minimum = 0, maximum = 1))]
    pub share: f64,
    /// Share here over share in all roles; 1 is no more than usual.
    pub lift: f64,
}

impl From<pipeline::Hit> for Hit {
    fn from(hit: pipeline::Hit) -> Self {
        let pipeline::Hit {
            rank,
            id,
            title,
            score,
            cluster,
            cluster_name,
            direction,
            direction_name,
            section,
            explanation,
        } = hit;
        Hit {
            rank,
            id: id.to_string(),
            title,
            score,
            cluster: cluster.map(u32::from),
            cluster_name,
            direction: direction.map(u32::from),
            direction_name,
            section,
            explanation: explanation.map(Explanation::from),
        }
    }
}

impl From<search::Explanation> for Explanation {
    fn from(why: search::Explanation) -> Self {
        // There is no similarity: questions are explained by their words.
        let search::Explanation { sentence, similarity: _, technologies, words } = why;
        Explanation { sentence, technologies, words }
    }
}

impl From<&profile::ClusterProfile> for Cluster {
    fn from(profile: &profile::ClusterProfile) -> Self {
        let profile::ClusterProfile {
            id,
            name,
            size,
            terms,
            technologies,
            exemplars,
            direction,
            certainty,
            by_hand,
        } = profile;
        Cluster {
            id: id.number(),
            name: name.clone(),
            size: *size,
            terms: terms.iter().map(Term::from).collect(),
            technologies: technologies.iter().map(TechnologyUse::from).collect(),
            exemplars: exemplars.iter().map(ToString::to_string).collect(),
            direction: direction.map(u32::from),
            certainty: *certainty,
            by_hand: by_hand.iter().map(|what| what.key().to_string()).collect(),
        }
    }
}

impl From<&profile::Term> for Term {
    fn from(term: &profile::Term) -> Self {
        let profile::Term { term, score } = term;
        Term { term: term.clone(), score: *score }
    }
}

impl From<&profile::TechnologyUse> for TechnologyUse {
    fn from(used: &profile::TechnologyUse) -> Self {
        let profile::TechnologyUse { name, label, kind, count, share, lift } = used;
        TechnologyUse {
            name: name.clone(),
            label: label.clone(),
            kind: kind.clone(),
            count: *count,
            share: *share,
            lift: *lift,
        }
    }
}

//! The JSON API. What is said of a handler here, [`openapi`](super::openapi) tells programs.

use std::collections::BTreeMap;

use axum::extract::{RawQuery, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use rolecluster::clustering;
use rolecluster::profile;
use serde::Serialize;
use utoipa::ToSchema;

use super::super::answering::SearchRequest;
use super::super::answering::answers::{Cluster, Found, Hit};
use super::api_error::ApiError;
use super::app::Shared;
use super::assets;
use super::failures::{Failures, NoSuchRole};
use super::search_params::{self, Id, Only, SearchParams};

/// The roles found.
#[derive(Serialize, ToSchema)]
pub struct SearchAnswer {
    /// The query as it was read.
    query: String,
    /// The ranking: hybrid, semantic or lexical.
    mode: String,
    /// The number of roles asked for.
    #[schema(minimum = 1, maximum = 100)]
    k: usize,
    /// The filters, as they were given.
    filters: Vec<String>,
    /// Best first.
    hits: Vec<Hit>,
    /// The query with its misspelt words put right, if that was searched for.
    #[schema(required)]
    searched_for: Option<String>,
    /// What the query says is not wanted; roles about it come later.
    #[schema(required)]
    unwanted: Option<String>,
    /// Whether the best role is no nearer than chance brings an unrelated text; then there are no
    /// hits, unless min_score is given.
    nothing_near: bool,
    /// The score of the best role; null when none passes the filters.
    #[schema(required, minimum = 0, maximum = 1)]
    best: Option<f32>,
    /// The score that the best role may have for a text that has nothing to do with any.
    #[schema(minimum = 0, maximum = 1)]
    noise: f32,
}

/// The roles nearest to one role.
#[derive(Serialize, ToSchema)]
pub struct SimilarAnswer {
    /// Id of the role that the others are like.
    id: String,
    /// Nearest first; the role itself is not among them.
    hits: Vec<Hit>,
    /// The query with its misspelt words put right, if that was searched for.
    #[schema(required)]
    searched_for: Option<String>,
    /// What the query says is not wanted; roles about it come later.
    #[schema(required)]
    unwanted: Option<String>,
    /// Whether the best role is no nearer than chance brings an unrelated text; then there are no
    /// hits, unless min_score is given.
    nothing_near: bool,
    /// The score of the best role; null when none passes the filters.
    #[schema(required, minimum = 0, maximum = 1)]
    best: Option<f32>,
    /// The score that the best role may have for a text that has nothing to do with any.
    #[schema(minimum = 0, maximum = 1)]
    noise: f32,
}

/// One role and its place.
#[derive(Serialize, ToSchema)]
pub struct Role {
    /// Its id.
    id: String,
    /// Its title; may be empty.
    title: String,
    /// Duties and requirements, a paragraph per line.
    description: String,
    /// Technologies listed apart from the text.
    stack: Vec<String>,
    /// The heading or section it stood under in the input.
    #[schema(required)]
    section: Option<String>,
    /// Every other column of the input.
    fields: BTreeMap<String, String>,
    /// ISO 639-1 code, mixed or unknown.
    language: String,
    /// Technologies that title, text and stack name.
    technologies: Vec<String>,
    /// Number of its specialisation, from 1; null if it is in none, or before clustering.
    #[schema(required, minimum = 1)]
    cluster: Option<u32>,
    /// Name of its specialisation.
    #[schema(required)]
    cluster_name: Option<String>,
    /// Number of the direction of its specialisation, from 1.
    #[schema(required, minimum = 1)]
    direction: Option<u32>,
    /// Name of that direction.
    #[schema(required)]
    direction_name: Option<String>,
    /// What a person said about its place: moved, split or pinned; absent for most roles.
    #[serde(skip_serializing_if = "Option::is_none")]
    by_hand: Option<String>,
    /// How surely it belongs there; null before clustering.
    #[schema(required, minimum = 0, maximum = 1)]
    strength: Option<f32>,
    /// The likeliest specialisations, likeliest first; empty before clustering.
    shares: Vec<Share>,
    /// Id of the role whose text it repeats.
    #[schema(required)]
    duplicate_of: Option<String>,
}

/// How much of a role belongs to a specialisation.
#[derive(Serialize, ToSchema)]
pub struct Share {
    /// Number of the specialisation, from 1.
    #[schema(minimum = 1)]
    cluster: u32,
    /// Its share of the role.
    #[schema(minimum = 0, maximum = 1)]
    share: f32,
}

/// A group of specialisations that lie near each other.
#[derive(Serialize, ToSchema)]
pub struct Direction {
    /// Number of the direction, from 1.
    #[schema(minimum = 1)]
    id: u32,
    /// A short name that no other direction has.
    name: String,
    /// Number of roles.
    size: usize,
    /// Numbers of its specialisations.
    clusters: Vec<u32>,
    /// Whether it was given or found; absent where no directions were given.
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<String>,
    /// What a person set about it: named.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    by_hand: Vec<String>,
}

/// All specialisations.
#[derive(Serialize, ToSchema)]
pub struct Clusters {
    /// Number of roles.
    n_roles: usize,
    /// Roles in no specialisation.
    n_noise: usize,
    /// Groups of specialisations, by number; none before clustering.
    directions: Vec<Direction>,
    /// By number; none before clustering.
    clusters: Vec<Cluster>,
}

/// What is running.
#[derive(Serialize, ToSchema)]
pub struct Health {
    /// Always ok: a server that does not work does not answer.
    status: String,
    /// Version of the program.
    version: String,
    /// Number of roles.
    n_roles: usize,
    /// Number of specialisations.
    n_clusters: usize,
    /// The model that embedded the roles.
    model: Model,
}

/// A model.
#[derive(Serialize, ToSchema)]
pub struct Model {
    /// Its name or folder.
    name: String,
    /// Hash of its files.
    digest: String,
}

impl From<clustering::Share> for Share {
    fn from(share: clustering::Share) -> Self {
        Share { cluster: share.cluster.number(), share: share.share }
    }
}

impl From<&profile::Direction> for Direction {
    fn from(direction: &profile::Direction) -> Self {
        let profile::Direction { id, name, size, clusters, source, by_hand } = direction;
        let clusters = clusters.iter().map(|id| id.number()).collect();
        Direction {
            id: id.number(),
            name: name.clone(),
            size: *size,
            clusters,
            source: source.map(|source| source.key().to_string()),
            by_hand: by_hand.iter().map(|what| what.key().to_string()).collect(),
        }
    }
}

/// Roles like a text, best first
#[utoipa::path(
    get, path = "/api/search", params(SearchParams),
    responses((status = 200, description = "The roles found.", body = SearchAnswer), Failures)
)]
pub async fn search(State(app): Shared, RawQuery(query): RawQuery) -> Result<Response, ApiError> {
    let request = SearchParams::parse(query.as_deref())?;
    let (answer, request) = app.search(request).await?;
    let SearchRequest { text: query, mode, filters, options } = request;
    let Found { hits, searched_for, unwanted, nothing_near, best, noise } = answer.into();
    let k = options.k;
    json(&SearchAnswer {
        query,
        mode,
        k,
        filters,
        hits,
        searched_for,
        unwanted,
        nothing_near,
        best,
        noise,
    })
}

/// One role and its place
#[utoipa::path(
    get, path = "/api/roles/{id}",
    params(("id" = String, Path, description = "The role's id, percent-encoded.", example = "storage-2")),
    responses((status = 200, description = "The role.", body = Role), Failures, NoSuchRole)
)]
pub async fn role(
    State(app): Shared,
    id: Id,
    RawQuery(query): RawQuery,
) -> Result<Response, ApiError> {
    search_params::none(query.as_deref())?;
    let found = app.role(&search_params::role_id(id)?)?;
    let role = found.role;
    let by_hand = app.run.opened.by_hand(&role.id);
    json(&Role {
        id: role.id.to_string(),
        title: role.title.to_string(),
        description: role.description.to_string(),
        stack: role.stack.iter().map(ToString::to_string).collect(),
        section: role.section.as_ref().map(ToString::to_string),
        fields: role
            .fields
            .iter()
            .map(|(name, value)| (name.to_string(), value.to_string()))
            .collect(),
        language: found.language.to_string(),
        technologies: found.technologies.iter().map(ToString::to_string).collect(),
        cluster: found.cluster.map(u32::from),
        cluster_name: found.cluster_name.map(str::to_string),
        direction: found.direction.map(u32::from),
        direction_name: found.direction_name.map(str::to_string),
        by_hand: by_hand.map(|what| what.key().to_string()),
        strength: found.strength,
        shares: found.shares.iter().map(|(share, _)| Share::from(*share)).collect(),
        duplicate_of: found.duplicate_of.map(ToString::to_string),
    })
}

/// The roles nearest in meaning to one role
#[utoipa::path(
    get, path = "/api/roles/{id}/similar",
    params(
        ("id" = String, Path, description = "The role's id, percent-encoded.", example = "storage-2"),
        Only,
    ),
    responses(
        (status = 200, description = "The roles, nearest first.", body = SimilarAnswer),
        Failures, NoSuchRole,
    )
)]
pub async fn similar(
    State(app): Shared,
    id: Id,
    RawQuery(query): RawQuery,
) -> Result<Response, ApiError> {
    let id = search_params::role_id(id)?;
    let k = Only::parse(query.as_deref())?;
    let answer = app.similar(id.clone(), k).await?;
    let Found { hits, searched_for, unwanted, nothing_near, best, noise } = answer.into();
    let id = id.to_string();
    json(&SimilarAnswer { id, hits, searched_for, unwanted, nothing_near, best, noise })
}

/// All specialisations
#[utoipa::path(
    get, path = "/api/clusters",
    responses((status = 200, description = "The specialisations by number.", body = Clusters), Failures)
)]
pub async fn clusters(State(app): Shared, RawQuery(query): RawQuery) -> Result<Response, ApiError> {
    search_params::none(query.as_deref())?;
    let run = &app.run.opened;
    json(&Clusters {
        n_roles: run.n_roles(),
        n_noise: run.n_noise(),
        directions: run.directions().iter().map(Direction::from).collect(),
        clusters: run.clusters().iter().map(Cluster::from).collect(),
    })
}

/// Whether the program answers, and about what
#[utoipa::path(
    get, path = "/api/health",
    responses((status = 200, description = "The server is running.", body = Health), Failures)
)]
pub async fn health(State(app): Shared, RawQuery(query): RawQuery) -> Result<Response, ApiError> {
    search_params::none(query.as_deref())?;
    let run = &app.run.opened;
    let (name, digest) = run.model();
    json(&Health {
        status: "ok".into(),
        version: env!("CARGO_PKG_VERSION").into(),
        n_roles: run.n_roles(),
        n_clusters: run.clusters().len(),
        model: Model { name: name.into(), digest: digest.into() },
    })
}

fn json(value: &impl Serialize) -> Result<Response, ApiError> {
    let text = serde_json::to_vec(value).map_err(|_| ApiError::internal())?;
    Ok(([(header::CONTENT_TYPE, assets::JSON)], text).into_response())
}

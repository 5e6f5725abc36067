//! The JSON API, described by `openapi.json`.

use axum::extract::{RawQuery, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use rolecluster::clustering::ClusterId;
use rolecluster::pipeline::{Found, Hit};
use rolecluster::profile::ClusterProfile;
use rolecluster::role::RoleId;
use serde::Serialize;

use super::api_error::ApiError;
use super::app::Shared;
use super::assets;
use super::search_params::{self, Id, SearchParams};

#[derive(Serialize)]
struct Answer<'a> {
    query: &'a str,
    mode: &'a str,
    k: usize,
    filters: &'a [String],
    hits: Vec<Hit>,
}

#[derive(Serialize)]
struct Similar<'a> {
    id: &'a RoleId,
    hits: Vec<Hit>,
}

#[derive(Serialize)]
struct RolePage<'a> {
    id: &'a RoleId,
    title: &'a str,
    description: &'a str,
    stack: &'a [String],
    section: Option<&'a str>,
    fields: &'a std::collections::BTreeMap<String, String>,
    language: &'a str,
    technologies: &'a [&'static str],
    cluster: Option<ClusterId>,
    cluster_name: Option<&'a str>,
    strength: Option<f32>,
    duplicate_of: Option<&'a RoleId>,
}

#[derive(Serialize)]
struct Clusters<'a> {
    n_roles: usize,
    n_noise: usize,
    clusters: &'a [ClusterProfile],
}

#[derive(Serialize)]
struct Health<'a> {
    status: &'a str,
    version: &'a str,
    n_roles: usize,
    n_clusters: usize,
    model: Model<'a>,
}

#[derive(Serialize)]
struct Model<'a> {
    name: &'a str,
    digest: &'a str,
}

pub async fn search(State(app): Shared, RawQuery(query): RawQuery) -> Result<Response, ApiError> {
    let params = SearchParams::parse(query.as_deref())?;
    let (hits, params) = app.search(params).await?;
    let SearchParams { text, mode, filters, options } = &params;
    json(&Answer { query: text, mode, k: options.k, filters, hits })
}

pub async fn role(
    State(app): Shared,
    id: Id,
    RawQuery(query): RawQuery,
) -> Result<Response, ApiError> {
    search_params::none(query.as_deref())?;
    let Found { role, cluster, cluster_name, strength, duplicate_of, technologies, language } =
        app.role(&search_params::role_id(id)?)?;
    json(&RolePage {
        id: &role.id,
        title: &role.title,
        description: &role.description,
        stack: &role.stack,
        section: role.section.as_deref(),
        fields: &role.fields,
        language,
        technologies: &technologies,
        cluster,
        cluster_name,
        strength,
        duplicate_of,
    })
}

pub async fn similar(
    State(app): Shared,
    id: Id,
    RawQuery(query): RawQuery,
) -> Result<Response, ApiError> {
    let id = search_params::role_id(id)?;
    let k = search_params::only_k(query.as_deref())?;
    let hits = app.similar(id.clone(), k).await?;
    json(&Similar { id: &id, hits })
}

pub async fn clusters(State(app): Shared, RawQuery(query): RawQuery) -> Result<Response, ApiError> {
    search_params::none(query.as_deref())?;
    let run = &app.run;
    json(&Clusters { n_roles: run.n_roles(), n_noise: run.n_noise(), clusters: run.clusters() })
}

pub async fn health(State(app): Shared, RawQuery(query): RawQuery) -> Result<Response, ApiError> {
    search_params::none(query.as_deref())?;
    let run = &app.run;
    let (name, digest) = run.model();
    json(&Health {
        status: "ok",
        version: env!("CARGO_PKG_VERSION"),
        n_roles: run.n_roles(),
        n_clusters: run.clusters().len(),
        model: Model { name, digest },
    })
}

fn json(value: &impl Serialize) -> Result<Response, ApiError> {
    let text = serde_json::to_vec(value).map_err(|_| ApiError::internal())?;
    Ok(([(header::CONTENT_TYPE, assets::JSON)], text).into_response())
}

//! The JSON API, described by `openapi.json`.

use std::sync::Arc;

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, RawQuery, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use rolecluster::Error;
use rolecluster::clustering::ClusterId;
use rolecluster::pipeline::{Found, Hit};
use rolecluster::profile::ClusterProfile;
use rolecluster::role::RoleId;
use serde::Serialize;

use super::problem::Problem;
use super::request::{self, Asked};
use super::site::Site;
use super::{App, Shared, assets};

/// The `{id}` of a path, if it is text.
pub type Id = Result<Path<String>, PathRejection>;

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

pub async fn search(State(app): Shared, RawQuery(query): RawQuery) -> Result<Response, Problem> {
    let asked = Asked::read(query.as_deref())?;
    let (hits, asked) = found(&app, asked).await?;
    let Asked { text, mode, filters, options } = &asked;
    json(&Answer { query: text, mode, k: options.k, filters, hits })
}

pub async fn role(
    State(app): Shared,
    id: Id,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    nothing_more(query.as_deref())?;
    let Found { role, cluster, cluster_name, strength, duplicate_of, technologies, language } =
        known(&app.site, &role_id(id)?)?;
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
) -> Result<Response, Problem> {
    let (id, k) = (role_id(id)?, request::only_k(query.as_deref())?);
    let hits = near(&app, id.clone(), k).await?;
    json(&Similar { id: &id, hits })
}

pub async fn clusters(State(app): Shared, RawQuery(query): RawQuery) -> Result<Response, Problem> {
    nothing_more(query.as_deref())?;
    let site = &app.site;
    json(&Clusters { n_roles: site.n_roles(), n_noise: site.n_noise(), clusters: site.clusters() })
}

pub async fn health(State(app): Shared, RawQuery(query): RawQuery) -> Result<Response, Problem> {
    nothing_more(query.as_deref())?;
    let site = &app.site;
    let (name, digest) = site.model();
    json(&Health {
        status: "ok",
        version: env!("CARGO_PKG_VERSION"),
        n_roles: site.n_roles(),
        n_clusters: site.clusters().len(),
        model: Model { name, digest },
    })
}

/// Searches when its turn has come.
pub async fn found(app: &Arc<App>, asked: Asked) -> Result<(Vec<Hit>, Asked), Problem> {
    let site = Arc::clone(&app.site);
    let (hits, asked) = app.desk.run(move || (site.search(&asked), asked)).await?;
    Ok((hits.map_err(|error| told(app, error))?, asked))
}

/// Looks for roles like this one when its turn has come.
pub async fn near(app: &Arc<App>, id: RoleId, k: usize) -> Result<Vec<Hit>, Problem> {
    let site = Arc::clone(&app.site);
    let hits = app.desk.run(move || site.similar(&id, k)).await?;
    hits.map_err(|error| told(app, error))
}

pub fn known<'a>(site: &'a Site, id: &RoleId) -> Result<Found<'a>, Problem> {
    let role = site.role(id).map_err(|error| Problem::of(&error))?;
    role.ok_or_else(|| Problem::of(&Error::NoSuchRole(id.clone())))
}

pub fn role_id(id: Id) -> Result<RoleId, Problem> {
    let refused = |_| Problem::bad_request("the id in the address is no text in UTF-8");
    id.map(|Path(id)| RoleId::new(id)).map_err(refused)
}

/// The one who runs the program hears of what the one who asked can do nothing about.
fn told(app: &App, error: Error) -> Problem {
    let problem = Problem::of(&error);
    if problem == Problem::failed() {
        app.printer.warning(format_args!("a request failed: {:#}", anyhow::Error::from(error)));
    }
    problem
}

fn nothing_more(query: Option<&str>) -> Result<(), Problem> {
    match request::pairs(query).next() {
        None => Ok(()),
        Some((name, _)) => {
            Err(Problem::bad_request(format!("there is no parameter {name:?} here")))
        }
    }
}

fn json(value: &impl Serialize) -> Result<Response, Problem> {
    let text = serde_json::to_vec(value).map_err(|_| Problem::failed())?;
    Ok(([(header::CONTENT_TYPE, assets::JSON)], text).into_response())
}

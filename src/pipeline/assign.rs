//! New postings -> their places among the specialisations of a run folder.

use std::collections::HashMap;

use serde::Serialize;

use super::cluster_names::ClusterNames;
use super::discover::distinct_rows;
use super::model_settings::QueryModel;
use crate::clean;
use crate::cluster::{self, ClusterModel};
use crate::clustering::{ClusterId, Clustering, Label};
use crate::error::Error;
use crate::intake::Intake;
use crate::progress::Progress;
use crate::read::{self, Input, ReadOptions};
use crate::role::{Role, RoleId};
use crate::store::{Part, RunFolder};

/// What [`assign`] works on.
#[derive(Debug, Clone)]
pub struct AssignSettings {
    /// Files and stdin, in order.
    pub inputs: Vec<Input>,
    /// How to read them.
    pub read: ReadOptions,
    /// Where the model of the run is now, and where to run it.
    pub model: QueryModel,
}

/// Where one new role belongs.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Place {
    /// The role.
    pub id: RoleId,
    /// Its title.
    pub title: String,
    /// Its section in the input.
    pub section: Option<String>,
    /// Its cluster; `None` is noise.
    pub cluster: Option<ClusterId>,
    /// The cluster's name.
    pub cluster_name: Option<String>,
    /// How surely it belongs there, in `[0, 1]`.
    pub strength: f32,
}

/// What [`assign`] found.
#[derive(Debug, Clone)]
pub struct Assigned {
    /// One place per role, in input order.
    pub places: Vec<Place>,
    /// What became of the input.
    pub intake: Intake,
}

/// Gives new roles a cluster; the run folder stays as it is.
///
/// A role whose title, text and technologies stand in the run keeps the label it has there,
/// whatever its id. A role alone gets the place it gets among others.
///
/// # Errors
/// When the folder has not been clustered, an input cannot be read or holds no role, or the
/// model of the run cannot be loaded.
pub fn assign(
    run: &RunFolder,
    settings: &AssignSettings,
    progress: &dyn Progress,
) -> Result<Assigned, Error> {
    let names = ClusterNames::load(run)?;
    let outcome = read::read(&settings.inputs, &settings.read)?;
    let roles = outcome.corpus.roles();

    let known = labels_by_content(run)?;
    let known_place = |role: &Role| known.get(&role.content_hash()).copied();
    let new: Vec<&Role> = roles.iter().filter(|role| known_place(role).is_none()).collect();
    let mut placed = placed(run, &new, &settings.model, progress)?.into_iter();
    let place = |role: &Role| {
        // One of the two holds for every role, by the choice of `new`.
        let (label, strength) = known_place(role).or_else(|| placed.next()).unwrap_or((None, 0.0));
        Place {
            id: role.id.clone(),
            title: role.title.clone(),
            section: role.section.clone(),
            cluster: label,
            cluster_name: names.of(label).map(str::to_string),
            strength,
        }
    };
    let places = roles.iter().map(place).collect();
    let intake = Intake {
        files: outcome.files,
        skipped: outcome.skipped,
        skipped_total: outcome.skipped_total,
        set_aside: outcome.set_aside,
        ..Intake::default()
    };
    Ok(Assigned { places, intake })
}

/// Label and strength of the roles of the run, by the hash of their text.
fn labels_by_content(run: &RunFolder) -> Result<HashMap<String, (Label, f32)>, Error> {
    let clustering: Clustering = run.json(Part::Clustering)?;
    let places = clustering.labels().iter().copied().zip(clustering.strengths().iter().copied());
    let stored = run.roles()?;
    Ok(stored.corpus.roles().iter().map(Role::content_hash).zip(places).collect())
}

/// Label and strength of roles the run does not hold, embedded as its own were: freed of the
/// run's boilerplate, after the run's prompt.
fn placed(
    run: &RunFolder,
    roles: &[&Role],
    model: &QueryModel,
    progress: &dyn Progress,
) -> Result<Vec<(Label, f32)>, Error> {
    let Some(made_by) = run.model().filter(|_| !roles.is_empty()) else {
        return Ok(Vec::new());
    };
    let clusters: ClusterModel = run.json(Part::Model)?;
    let intake: Intake = run.json(Part::Intake)?;
    let texts: Vec<String> =
        roles.iter().map(|role| clean::strip(role, &intake.boilerplate)).collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let encoder = model.load(made_by)?;
    let prompt = role_prompt(&encoder, made_by)?;
    progress.start("embedding", texts.len() as u64);
    let vectors = encoder.encode(&texts, prompt.as_deref(), progress)?;
    progress.finish();
    let embeddings = run.embeddings()?;
    let fitted = embeddings.vectors().select(&distinct_rows(&run.roles()?.representative));
    let assigned = cluster::assign(&clusters, &fitted, &vectors)?;
    Ok(assigned.into_iter().map(|place| (place.label, place.strength)).collect())
}

/// The name of the prompt whose text stands before the run's roles.
fn role_prompt(
    encoder: &crate::encode::Encoder,
    made_by: &crate::embeddings::ModelFingerprint,
) -> Result<Option<String>, Error> {
    for name in encoder.prompt_names() {
        if encoder.fingerprint(Some(name))?.prompt == made_by.prompt {
            return Ok(Some(name.to_string()));
        }
    }
    Ok(None)
}

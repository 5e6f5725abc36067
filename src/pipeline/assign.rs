//! Places new roles among the clusters of a run folder.

use std::collections::HashMap;

use serde::Serialize;

use super::cluster_names::ClusterNames;
use super::model_settings::QueryModel;
use crate::clean;
use crate::cluster::{self, ClusterModel};
use crate::clustering::{ClusterId, Clustering, Label};
use crate::embeddings::ModelFingerprint;
use crate::encode::Encoder;
use crate::error::Error;
use crate::intake::Intake;
use crate::progress::Progress;
use crate::read::{self, Input, ReadOptions};
use crate::role::{Role, RoleId};
use crate::store::{Part, RunFolder, StoredRoles};

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
/// A role whose title, text and technologies are those of a role of the run gets the label which
/// that role has, whatever its id. The place of a role does not depend on the other new roles.
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
    let outcome = read::read(&settings.inputs, &settings.read, progress)?;
    let roles = outcome.corpus.roles();

    let stored = run.roles()?;
    let known = labels_by_content(&stored, &run.json(Part::Clustering)?);
    let known_label = |role: &Role| known.get(&role.content_hash()).copied();
    let new: Vec<&Role> = roles.iter().filter(|role| known_label(role).is_none()).collect();
    let mut new_labels = predict(run, &stored, &new, &settings.model, progress)?.into_iter();
    let place = |role: &Role| {
        // There is one of the two for every role, by the choice of `new`.
        let found = known_label(role).or_else(|| new_labels.next());
        let (label, strength) = found.unwrap_or((None, 0.0));
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

/// Label and strength of the roles of the run, by the hash of their content.
fn labels_by_content(
    stored: &StoredRoles,
    clustering: &Clustering,
) -> HashMap<String, (Label, f32)> {
    let places = clustering.labels().iter().copied().zip(clustering.strengths().iter().copied());
    stored.corpus.roles().iter().map(Role::content_hash).zip(places).collect()
}

/// Label and strength of roles that are not in the run. They are embedded as its own roles were:
/// without the run's boilerplate, after the run's prompt.
fn predict(
    run: &RunFolder,
    stored: &StoredRoles,
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
    let fitted = run.embeddings()?.vectors().select(&stored.distinct_rows());
    let assigned = cluster::assign(&clusters, &fitted, &vectors)?;
    Ok(assigned.into_iter().map(|place| (place.label, place.strength)).collect())
}

/// The name of the prompt that was put before the roles of the run.
fn role_prompt(encoder: &Encoder, made_by: &ModelFingerprint) -> Result<Option<String>, Error> {
    for name in encoder.prompt_names() {
        if encoder.fingerprint(Some(name))?.prompt == made_by.prompt {
            return Ok(Some(name.to_string()));
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::encode::{DeviceChoice, Source};
    use crate::progress::Silent;
    use crate::store::FULL_READS;

    #[test]
    fn the_roles_of_the_run_are_read_once() {
        let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
        let run = RunFolder::open(&fixtures.join("runs/eac4113/kmeans")).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let input = folder.path().join("new.jsonl");
        // One role of the run under another id, and a new one.
        let known = r#"{"id": "a", "title": "Фронтенд-разработчик", "description": "Вы создаёте страницы бронирования на React и TypeScript и следите за скоростью на слабых телефонах.", "stack": ["React", "TypeScript"]}"#;
        let new = r#"{"id": "b", "title": "Gardener", "description": "You keep the roses."}"#;
        std::fs::write(&input, format!("{known}\n{new}\n")).unwrap();
        let model = fixtures.join("models/tiny-xlm-roberta").display().to_string();
        let settings = AssignSettings {
            inputs: vec![input.display().to_string().parse::<Input>().unwrap()],
            read: ReadOptions::default(),
            model: QueryModel {
                source: Some(model.parse::<Source>().unwrap()),
                device: DeviceChoice::Cpu,
                prompt_name: None,
            },
        };
        let before = FULL_READS.get();
        let assigned = assign(&run, &settings, &Silent).unwrap();
        assert_eq!(FULL_READS.get() - before, 1);
        let clustering: Clustering = run.json(Part::Clustering).unwrap();
        // The tenth role of the run.
        assert_eq!(assigned.places[0].cluster, clustering.labels()[9]);
        assert!(assigned.places[1].cluster.is_some());
    }
}

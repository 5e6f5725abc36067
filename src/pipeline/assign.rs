//! Places new roles among the clusters of a run folder.

use std::collections::HashMap;

use arcstr::ArcStr;
use serde::Serialize;

use super::cluster_history::History;
use super::cluster_names::ClusterNames;
use super::correct::corrected;
use super::found_groups::FoundGroups;
use super::ground::Ground;
use super::lazy::Lazy;
use super::model_settings::{QueryModel, role_prompt};
use super::outcome::Outcome;
use super::searcher::Searcher;
use super::stored_model::StoredModel;
use super::strangers::Strangers;
use crate::clean::RoleCleaner;
use crate::cluster::{self, Belonging, Membership};
use crate::clustering::{ClusterId, Clustering, Label};
use crate::corrections::Corrections;
use crate::embeddings::{Embeddings, ModelFingerprint};
use crate::encode::Encoder;
use crate::error::Error;
use crate::geometry::Matrix;
use crate::intake::Intake;
use crate::progress::{Progress, Silent};
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
    /// What a person wants changed in the groups, also where the folder does not have it yet.
    pub corrections: Corrections,
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
    /// Its cluster; `None` where it has no place, for the `reason` given.
    pub cluster: Option<ClusterId>,
    /// The cluster's name.
    pub cluster_name: Option<String>,
    /// The share of the cluster among the roles of the run that are most like it, in `[0, 1]`,
    /// whatever the algorithm; see [`cluster::Membership`].
    pub strength: f32,
    /// The share of the run's own roles that are less like the run than this one, in `[0, 1]`;
    /// `None` where the run does not tell.
    pub likeness: Option<f32>,
    /// Why it has no place.
    pub reason: Option<Unplaced>,
}

/// Why a role has no cluster.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Unplaced {
    /// It is less like the run than nearly all of its own roles, or no nearer to any of them than a
    /// text about something else: of another trade.
    #[serde(rename = "nothing like it here")]
    NothingLikeIt,
    /// It is like the run, but among roles that belong to no specialisation.
    #[serde(rename = "between specialisations")]
    Between,
}

impl std::fmt::Display for Unplaced {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Unplaced::NothingLikeIt => "nothing like it here",
            Unplaced::Between => "between specialisations",
        })
    }
}

/// What [`assign`] found.
#[derive(Debug, Clone)]
pub struct Assigned {
    /// One place per role, in input order.
    pub places: Vec<Place>,
    /// What became of the input.
    pub intake: Intake,
    /// The run is of a version in which each algorithm had strengths of its own kind, and every
    /// role got a place: clustering it again mends that.
    pub is_of_older_kind: bool,
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
    let assigner = Assigner::open_corrected(run, &settings.corrections)?;
    let outcome = read::read(&settings.inputs, &settings.read, progress)?;
    let encoder = Lazy::default();
    let load = || encoder.get_or_load(|| settings.model.load(&assigner.made_by));
    let places = assigner.places(outcome.corpus.roles(), load, progress)?;
    let intake = Intake {
        files: outcome.files,
        skipped: outcome.skipped,
        skipped_total: outcome.skipped_total,
        set_aside: outcome.set_aside,
        ..Intake::default()
    };
    Ok(Assigned { places, intake, is_of_older_kind: assigner.is_of_older_kind() })
}

/// What a folder, or its corrections, say of the groups.
struct Groups {
    names: ClusterNames,
    clustering: Clustering,
    model: StoredModel,
}

/// The roles of a run, and the rows their clusters were found in.
struct Base {
    stored: StoredRoles,
    embeddings: Embeddings,
    intake: Intake,
    fitted: Matrix,
}

/// The different roles of a run, and what is usual among them.
struct Different {
    /// Their rows among those the clusters were found in.
    fitted: Matrix,
    membership: Membership,
    strangers: Strangers,
}

/// The clusters of a run folder, opened to place any number of new roles among them.
pub struct Assigner {
    names: ClusterNames,
    /// What the run says of its own roles, by the hash of their content.
    known: HashMap<String, Found>,
    /// Its membership is moved to the different roles.
    model: StoredModel,
    /// The rows the clusters were found in.
    fitted: Matrix,
    /// In a run that knows what is usual among them.
    different: Option<Different>,
    made_by: ModelFingerprint,
    cleaner: RoleCleaner,
}

impl Assigner {
    /// Opens a run folder.
    ///
    /// # Errors
    /// When it has not been clustered, or a file of it is damaged.
    pub fn open(run: &RunFolder) -> Result<Self, Error> {
        let groups = Groups {
            names: ClusterNames::load(run)?,
            clustering: run.json(Part::Clustering)?,
            model: run.json(Part::Model)?,
        };
        let (stored, embeddings) = (run.roles()?, run.embeddings()?);
        let (fitted, _) = groups.model.fitted_rows(&stored, &embeddings);
        let intake = run.json(Part::Intake)?;
        Assigner::of(run, groups, Base { stored, embeddings, intake, fitted })
    }

    /// Opens a run folder as these corrections make it, whatever others are made in it.
    ///
    /// # Errors
    /// As [`Assigner::open`], and when a correction names a role that never was.
    pub fn open_corrected(run: &RunFolder, corrections: &Corrections) -> Result<Self, Error> {
        if FoundGroups::is_corrected_by(run, corrections)? {
            return Assigner::open(run);
        }
        let ground = Ground::load(run)?;
        let history = History::load(run);
        let (_, outcome) = corrected(run, &ground, corrections, &history)?;
        let names = outcome.names();
        let Outcome { clustering, model, .. } = outcome;
        let Ground { stored, embeddings, intake, vectors: fitted, .. } = ground;
        let base = Base { stored, embeddings, intake, fitted };
        Assigner::of(run, Groups { names, clustering, model }, base)
    }

    fn of(run: &RunFolder, groups: Groups, base: Base) -> Result<Self, Error> {
        let Groups { names, clustering, mut model } = groups;
        let Base { stored, embeddings, intake, fitted } = base;
        let known = labels_by_content(&stored, &clustering);
        let different = match model.membership.take() {
            Some(membership) => {
                let distinct = stored.distinct_rows();
                let compared: Vec<usize> = membership.rows().map(|row| distinct[row]).collect();
                let strangers = Strangers::open(run, embeddings.vectors().select(&compared))?;
                Some(Different { fitted: fitted.select(&distinct), membership, strangers })
            }
            None => None,
        };
        let (_, made_by) = embeddings.into_vectors();
        let cleaner = RoleCleaner::new(&intake.boilerplate);
        Ok(Assigner { names, known, model, fitted, different, made_by, cleaner })
    }

    /// The model that made the vectors of the run.
    pub(super) fn made_by(&self) -> &ModelFingerprint {
        &self.made_by
    }

    /// See [`Assigned::is_of_older_kind`].
    pub(super) fn is_of_older_kind(&self) -> bool {
        self.model.is_of_older_kind()
    }

    /// One place per role, in the same order. `encoder` is asked for only if a role is new.
    pub(super) fn places<'a>(
        &self,
        roles: &[Role],
        encoder: impl FnOnce() -> Result<&'a Encoder, Error>,
        progress: &dyn Progress,
    ) -> Result<Vec<Place>, Error> {
        let known = |role: &Role| self.known.get(&role.content_hash()).copied();
        let new: Vec<&Role> = roles.iter().filter(|role| known(role).is_none()).collect();
        let mut found_new = Vec::new();
        if !new.is_empty() {
            found_new = self.predict(&new, encoder()?, progress)?;
        }
        let mut found_new = found_new.into_iter();
        let place = |role: &Role| {
            // There is one of the two for every role, by the choice of `new`.
            let found = known(role).or_else(|| found_new.next()).unwrap_or_default();
            Place {
                id: role.id.clone(),
                title: role.title.to_string(),
                section: role.section.as_ref().map(ArcStr::to_string),
                cluster: found.label,
                cluster_name: self.names.of(found.label).map(str::to_string),
                strength: found.strength,
                likeness: found.likeness,
                reason: found.reason,
            }
        };
        Ok(roles.iter().map(place).collect())
    }

    /// What is found of roles that are not in the run. They are embedded as its own roles were:
    /// without the run's boilerplate, after the run's prompt.
    fn predict(
        &self,
        roles: &[&Role],
        encoder: &Encoder,
        progress: &dyn Progress,
    ) -> Result<Vec<Found>, Error> {
        let texts: Vec<String> = roles.iter().map(|role| self.cleaner.text(role)).collect();
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let prompt = role_prompt(encoder, &self.made_by)?;
        progress.start("embedding", texts.len() as u64);
        let vectors = encoder.encode(&texts, prompt.as_deref(), progress)?;
        progress.finish();
        let among = |different: &Different| different.strangers.among(&vectors, encoder);
        let strange = self.different.as_ref().map(among).transpose()?;
        let vectors = self.model.shifted(vectors, &texts);
        let assigned = cluster::assign(&self.model.clusters, &self.fitted, &vectors)?;
        let Some((different, strange)) = self.different.as_ref().zip(strange) else {
            let found = assigned.iter().map(|place| Found::of(place.label, place.strength));
            return Ok(found.collect());
        };
        let mut belongings = different.membership.of_new(&different.fitted, &vectors);
        for (belonging, is_strange) in belongings.iter_mut().zip(strange) {
            belonging.is_alike &= !is_strange;
        }
        let found = assigned.iter().zip(&belongings);
        Ok(found.map(|(place, belonging)| Found::among(place.label, belonging)).collect())
    }
}

impl Searcher {
    /// The place of a new role among the clusters of the same run folder, by the model that
    /// searches have loaded.
    ///
    /// # Errors
    /// When the model cannot be loaded, or is no longer the one that made the vectors.
    pub fn place(&self, assigner: &Assigner, role: &Role) -> Result<Place, Error> {
        let mut places = assigner.places(std::slice::from_ref(role), || self.encoder(), &Silent)?;
        Ok(places.swap_remove(0))
    }
}

/// What is found of a role.
#[derive(Clone, Copy, Default)]
struct Found {
    label: Label,
    strength: f32,
    likeness: Option<f32>,
    reason: Option<Unplaced>,
}

impl Found {
    fn of(label: Label, strength: f32) -> Self {
        let reason = label.is_none().then_some(Unplaced::Between);
        Found { label, strength, likeness: None, reason }
    }

    /// The label of the algorithm where the role is like the run, and the strength that all
    /// algorithms have in common.
    fn among(label: Label, belonging: &Belonging) -> Self {
        let likeness = Some(belonging.likeness);
        if !belonging.is_alike {
            let reason = Some(Unplaced::NothingLikeIt);
            return Found { label: None, strength: 0.0, likeness, reason };
        }
        let strength = label.map_or(0.0, |id| belonging.share(id));
        Found { likeness, ..Found::of(label, strength) }
    }
}

/// What the run says of its own roles, by the hash of their content.
fn labels_by_content(stored: &StoredRoles, clustering: &Clustering) -> HashMap<String, Found> {
    let places = clustering.labels().iter().zip(clustering.strengths());
    let found = places.map(|(&label, &strength)| Found::of(label, strength));
    stored.corpus.roles().iter().map(Role::content_hash).zip(found).collect()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::encode::{DeviceChoice, Source};
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
            corrections: Corrections::default(),
        };
        let before = FULL_READS.get();
        let assigned = assign(&run, &settings, &Silent).unwrap();
        assert_eq!(FULL_READS.get() - before, 1);
        let clustering: Clustering = run.json(Part::Clustering).unwrap();
        // The tenth role of the run.
        assert_eq!(assigned.places[0].cluster, clustering.labels()[9]);
        assert!(assigned.is_of_older_kind && assigned.places[1].cluster.is_some());
        assert_eq!((assigned.places[1].likeness, assigned.places[1].reason), (None, None));
    }
}

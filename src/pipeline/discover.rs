//! Clusters and names the roles of a run folder, scores the clusters and draws the map.

use super::cluster_history::History;
use super::cluster_names::ClusterNames;
use super::phrase_vectors::PhraseVectors;
use super::views::write_views;
use super::{remote_names, run_indexes, stored_model};
use crate::cluster::{self, Algorithm, Fitted, LanguageMeans};
use crate::clustering::Clustering;
use crate::describe::{self, DescribeParams, Description, Meaning};
use crate::embeddings::Embeddings;
use crate::encode::{DeviceChoice, OpenedDevice};
use crate::error::Error;
use crate::evaluate;
use crate::geometry::Matrix;
use crate::intake::Intake;
use crate::occupations::Occupations;
use crate::progress::Progress;
use crate::project::{self, LayoutParams, Neighborhoods};
use crate::report::{Report, SCHEMA_VERSION, placements};
use crate::search::IndexChoice;
use crate::store::{Part, RunFolder, RunWriter, StoredRoles};

/// With fewer roles the transfer to a GPU takes longer than the CPU needs.
const ACCELERATED_ROWS: usize = 50_000;

/// How to group and how to name.
#[derive(Debug, Clone, Default)]
pub struct DiscoverSettings {
    /// The algorithm and its parameters.
    pub algorithm: Algorithm,
    /// How to describe what it finds.
    pub describe: DescribeParams,
    /// How to lay out the map.
    pub layout: LayoutParams,
    /// Which index over the vectors to keep.
    pub index: IndexChoice,
    /// What k-means compares roles and centres on where it has to often: a GPU asked for by
    /// name, or one that is found where there are many roles.
    pub device: DeviceChoice,
}

/// Clusters and names the roles of a run folder and writes both into it.
///
/// What the vectors say of a posting's language is taken out first ([`LanguageMeans`]). A duplicate
/// counts with the vector of the role it repeats, whose label it gets. When the folder was
/// clustered before roles were added, clusters keep their ids, and the report holds how the
/// clusters relate to the earlier ones.
///
/// # Errors
/// When the folder holds no vectors, a parameter does not fit the number of roles, or the
/// disk refuses.
pub fn discover(
    run: &mut RunWriter,
    settings: &DiscoverSettings,
    progress: &dyn Progress,
) -> Result<Report, Error> {
    let reader = run.reader();
    let stored = reader.roles()?;
    let embeddings = reader.embeddings()?;
    let intake: Intake = reader.json(Part::Intake)?;
    run_indexes::refresh(run, &stored.texts, &embeddings, settings.index, progress)?;

    let vectors = stored_model::repeated(&stored, &embeddings);
    let texts = stored_model::repeated_texts(&stored);
    let means = LanguageMeans::of(&vectors, &texts);
    let vectors = &means.remove(&vectors, &texts);
    let (mut fitted, places) = fit(&stored, vectors, settings, progress)?;
    stored_model::tell(&means, &mut fitted.method);
    let roles = stored.corpus.roles();
    let mut history = History::load(&reader);
    let (mut fitted, lineage) = history.follow(roles, fitted);
    let model = stored_model::of(&mut fitted, means, vectors, &stored);
    let clustering = &fitted.clustering;
    let (mut description, warning) = described(run, &stored, clustering, &embeddings, settings)?;
    fitted.method.warnings.extend(warning);
    if let Some(namer) = &settings.describe.namer {
        let warnings = remote_names::ask(run, namer, &mut description, roles)?;
        fitted.method.warnings.extend(warnings);
    }
    let language = description.language;
    let report = Report {
        schema_version: SCHEMA_VERSION,
        written_by: concat!("rolecluster ", env!("CARGO_PKG_VERSION")).into(),
        model: embeddings.model().clone(),
        method: fitted.method,
        scores: evaluate::scores(embeddings.vectors(), clustering),
        placements: placements(
            &stored.corpus,
            &stored.representative,
            clustering,
            &description.profiles,
            &description.directions,
        ),
        profiles: description.profiles,
        directions: description.directions,
        technologies: description.technologies,
        candidates: description.candidates,
        intake,
        raw_labels: fitted.raw,
        hierarchy: fitted.hierarchy,
        lineage,
        map: Some(places.iter_rows().map(|place| [place[0], place[1]]).collect()),
    };
    run.write_json(Part::Clustering, &fitted.clustering)?;
    run.write_json(Part::Clusters, &ClusterNames::new(&report.profiles, &report.directions))?;
    run.write_json(Part::Model, &model)?;
    run.write_json(Part::History, &history)?;
    run.write_json(Part::Report, &report)?;
    write_views(run, &report, roles, language)?;
    Ok(report)
}

/// Describes the clusters, their names chosen by the run's own model where it can be loaded; otherwise
/// a warning says why not.
fn described(
    run: &RunWriter,
    stored: &StoredRoles,
    clustering: &Clustering,
    embeddings: &Embeddings,
    settings: &DiscoverSettings,
) -> Result<(Description, Option<String>), Error> {
    let phrases = PhraseVectors::open(run, embeddings.model(), settings.device)?;
    let embed = |texts: &[String]| phrases.vectors(texts);
    let meaning = Meaning {
        vectors: Some(embeddings.vectors()),
        embed: Some(&embed),
        occupations: Occupations::of_model(embeddings.model()),
    };
    let roles = (stored.corpus.roles(), &stored.texts[..]);
    let (vectors, params) = (embeddings.vectors(), &settings.describe);
    let found = describe::describe(roles, clustering, vectors, params, &meaning);
    Ok((found, phrases.warning()))
}

/// Clusters the rows of `vectors`, one per role, and lays them out; duplicates stand around the
/// role they repeat.
fn fit(
    stored: &StoredRoles,
    vectors: &Matrix,
    settings: &DiscoverSettings,
    progress: &dyn Progress,
) -> Result<(Fitted, Matrix), Error> {
    let device = gpu(settings.device, vectors.rows())?;
    let rows = Neighborhoods::of(vectors, settings.algorithm.seed());
    let fitted = cluster::cluster_with(&rows, &settings.algorithm, device.as_ref(), progress)?;
    let places = project::layout(&rows, &settings.layout, progress);
    Ok((fitted, project::fan_out(&places, &stored.representative)))
}

/// The GPU to cluster on, if any.
fn gpu(choice: DeviceChoice, n: usize) -> Result<Option<OpenedDevice>, Error> {
    match choice {
        DeviceChoice::Cpu => Ok(None),
        DeviceChoice::Auto if n < ACCELERATED_ROWS => Ok(None),
        DeviceChoice::Auto => Ok(choice.open().ok().filter(|device| device.note().is_none())),
        DeviceChoice::Cuda(_) => Ok(Some(choice.open()?)),
    }
}

/// What an earlier [`discover`] found.
///
/// # Errors
/// When the folder has not been clustered yet, or a file of it is damaged.
pub fn load_report(run: &RunFolder) -> Result<(Report, Clustering), Error> {
    Ok((run.json(Part::Report)?, run.json(Part::Clustering)?))
}

//! Clusters and names the roles of a run folder, scores the clusters and draws the map.

use super::cluster_history::History;
use super::found_groups::FoundGroups;
use super::given_directions::{self, GivenDirections};
use super::ground::Ground;
use super::outcome::{Outcome, Wishes};
use super::phrase_vectors::PhraseVectors;
use super::views::write_views;
use super::{remote_names, run_indexes, stored_model};
use crate::cluster::{self, Algorithm, Fitted, RowSample};
use crate::clustering::Clustering;
use crate::corrections::Corrections;
use crate::describe::{DescribeParams, Description};
use crate::encode::{DeviceChoice, OpenedDevice};
use crate::error::Error;
use crate::geometry::Matrix;
use crate::progress::{Progress, Silent};
use crate::project::{self, LayoutParams, Neighborhoods};
use crate::report::Report;
use crate::role::Role;
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
    /// Directions that roles near them are placed in; the rest is grouped freely.
    pub directions: Option<GivenDirections>,
    /// What a person wants changed in the result.
    pub corrections: Corrections,
}

/// Clusters and names the roles of a run folder and writes both into it.
///
/// Of very many roles a sample is clustered, which the others join ([`RowSample`]).
///
/// What the vectors say of a posting's language is taken out first
/// ([`LanguageOffsets`](cluster::LanguageOffsets)). A duplicate counts with the vector of the role it
/// repeats, whose label it gets. When the folder was clustered before roles were added, clusters
/// keep their ids, and the report holds how the clusters relate to the earlier ones.
///
/// # Errors
/// When the folder holds no vectors, a parameter does not fit the number of roles, directions are
/// given and the model that made the vectors is not to be had, a correction names a role that
/// never was, or the disk refuses.
pub fn discover(
    run: &mut RunWriter,
    settings: &DiscoverSettings,
    progress: &dyn Progress,
) -> Result<Report, Error> {
    let reader = run.reader();
    let ground = Ground::load(&reader)?;
    run_indexes::refresh(run, &ground.stored.texts, &ground.embeddings, settings.index, progress)?;

    let (mut fitted, places) = fit(&ground.stored, &ground.vectors, settings, progress)?;
    stored_model::tell(&ground.offsets, &mut fitted.method);
    let mut given = Vec::new();
    if let Some(directions) = &settings.directions {
        (fitted, given) = given_directions::place(&ground, directions, fitted, progress)?;
    }
    let mut history = History::load(&reader);
    let (fitted, lineage) = history.follow(ground.roles(), fitted);
    history.note_named(&settings.corrections, ground.roles());
    let places = places.iter_rows().map(|place| [place[0], place[1]]).collect();
    let language = settings.describe.language;
    let found = FoundGroups { lineage, given, language, ..FoundGroups::new(fitted, Some(places)) };

    let phrases = PhraseVectors::open(run, ground.embeddings.model(), settings.device)?;
    let wishes = Wishes {
        corrections: &settings.corrections,
        named_before: history.named(),
        describe: &settings.describe,
        phrases: &phrases,
    };
    let mut rename = |description: &mut Description| match &settings.describe.namer {
        Some(namer) => remote_names::ask(run, namer, description, ground.roles()),
        None => Ok(Vec::new()),
    };
    // Not held twice while names are made, but where a person changed what was found.
    let corrections = &settings.corrections;
    let kept = (!corrections.is_empty()).then(|| found.clone().corrected_by(corrections));
    let outcome = Outcome::of(&ground, found, &wishes, &mut rename)?;
    run.write_json(Part::History, &history)?;
    write(run, kept, outcome, ground.roles())
}

/// Writes what was made of what was found, and that itself where corrections changed it.
pub(super) fn write(
    run: &mut RunWriter,
    corrected: Option<FoundGroups>,
    outcome: Outcome,
    roles: &[Role],
) -> Result<Report, Error> {
    run.write_json(Part::Clustering, &outcome.clustering)?;
    run.write_json(Part::Clusters, &outcome.names())?;
    run.write_json(Part::Model, &outcome.model)?;
    match corrected {
        // The other parts say what was found.
        None => run.remove(Part::Found)?,
        Some(found) => run.write_json(Part::Found, &found)?,
    }
    run.write_json(Part::Report, &outcome.report)?;
    write_views(run, &outcome.report, roles, outcome.language)?;
    run.commit()?;
    Ok(outcome.report)
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
    let sample = RowSample::of_many(vectors)?;
    let clustered = sample.as_ref().map_or(vectors, RowSample::rows);
    let rows = Neighborhoods::of(clustered, settings.algorithm.seed());
    rows.find(progress);
    // Side by side, so that the steps of either that one thread must do leave none idle.
    let (fitted, places) = rayon::join(
        || cluster::cluster_with(&rows, &settings.algorithm, device.as_ref(), progress),
        || project::layout(&rows, &settings.layout, &Silent),
    );
    let fitted = fitted?;
    let (fitted, places) = match &sample {
        None => (fitted, places),
        Some(sample) => sample.completed(fitted, &places, vectors, progress)?,
    };
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

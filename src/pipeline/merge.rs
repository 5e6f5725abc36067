//! Shares of a corpus -> a run folder, as one machine would have written it.

use std::path::{Path, PathBuf};

use super::earlier_roles::{self, EarlierRoles};
use super::model_settings::QueryModel;
use super::{baseline, run_indexes};
use crate::embeddings::{Embeddings, ModelFingerprint};
use crate::error::Error;
use crate::geometry::Matrix;
use crate::intake::Intake;
use crate::progress::Progress;
use crate::read::Outcome;
use crate::role::{Corpus, RoleId};
use crate::search::IndexChoice;
use crate::store::{Part, RunFolder, RunWriter, ShardNote, Share, StoreError, StoredRoles, whole};

/// What [`merge`] works on.
#[derive(Debug, Clone)]
pub struct MergeSettings {
    /// Folders with one share each, in any order.
    pub shards: Vec<PathBuf>,
    /// The run folder.
    pub out: PathBuf,
    /// Which index over the vectors to keep.
    pub index: IndexChoice,
    /// What becomes of roles that the run folder holds and the shares do not: refused or dropped.
    pub earlier: EarlierRoles,
    /// Where the model is now, and where to run it: for what searches need to know of it.
    pub model: QueryModel,
}

/// What [`merge`] did.
#[derive(Debug, Clone)]
pub struct Merged {
    /// Roles in the run folder.
    pub n_roles: usize,
    /// What became of the input.
    pub intake: Intake,
    /// The model that made the vectors.
    pub model: ModelFingerprint,
    /// What is left to the first search, and why.
    pub note: Option<String>,
}

/// A folder with one share.
struct Opened {
    folder: RunFolder,
    note: ShardNote,
    model: ModelFingerprint,
}

/// Joins shares into a run folder with the same roles and vectors, byte by byte, as
/// [`embed`](super::embed()) writes for the whole input.
///
/// # Errors
/// When the folders are not all the shares of one corpus by one model, each once, one of them is
/// damaged, or the run folder cannot be written.
pub fn merge(
    settings: &MergeSettings,
    progress: &dyn Progress,
) -> Result<(RunWriter, Merged), Error> {
    let opened: Vec<Opened> =
        settings.shards.iter().map(|path| open(path)).collect::<Result<_, _>>()?;
    let shares: Vec<Share<'_>> =
        opened.iter().map(|opened| (opened.folder.path(), &opened.note, &opened.model)).collect();
    let order = whole(&shares)?;
    let shares: Vec<&Opened> = order.into_iter().map(|at| &opened[at]).collect();
    let Some(first) = shares.first() else {
        return Err(Error::NothingToMerge);
    };
    let mut run = RunWriter::open(&settings.out)?;
    let model = first.model.clone();
    run.refuse_other_model(&model)?;
    let intake: Intake = first.folder.json(Part::Intake)?;
    let (stored, vectors) = joined(&shares, progress)?;
    let stored = refuse_others(&run, stored, settings.earlier)?;
    let ids: Vec<RoleId> = stored.corpus.roles().iter().map(|role| role.id.clone()).collect();
    let n_roles = ids.len();
    let embeddings = Embeddings::new(ids, vectors, model.clone())?;
    run.write_embedded(&stored, &embeddings)?;
    run.write_json(Part::Intake, &intake)?;
    run_indexes::refresh(&mut run, &stored.texts, &embeddings, settings.index, progress)?;
    let note = match settings.model.load(&model) {
        Ok(encoder) => {
            baseline::refresh(&mut run, embeddings.vectors(), &encoder)?;
            None
        }
        Err(error) => Some(format!(
            "how near unrelated texts come is measured at the first search, because the model is \
             not here ({error})"
        )),
    };
    run.commit()?;
    Ok((run, Merged { n_roles, intake, model, note }))
}

fn open(path: &Path) -> Result<Opened, Error> {
    let (folder, note) = RunFolder::open_shard(path)?;
    let Some(model) = folder.model().cloned() else {
        return Err(damaged(&folder, "it does not say which model made its vectors").into());
    };
    Ok(Opened { folder, note, model })
}

fn damaged(folder: &RunFolder, reason: &str) -> StoreError {
    StoreError::Damaged {
        path: folder.path().join(Part::Shard.file_name()),
        reason: reason.to_string(),
    }
}

/// Roles and vectors of all shares, one after the other.
fn joined(shares: &[&Opened], progress: &dyn Progress) -> Result<(StoredRoles, Matrix), Error> {
    let (mut roles, mut numbers) = (Vec::new(), Vec::new());
    let (mut texts, mut representative) = (Vec::new(), Vec::new());
    let mut dimension = 0;
    progress.start("joining", shares.len() as u64);
    for Opened { folder, note, .. } in shares.iter().copied() {
        let stored = folder.roles()?;
        let (vectors, model) = folder.embeddings()?.into_vectors();
        let n = note.shard.rows(note.n_roles).len();
        let fits = [stored.corpus.len(), vectors.rows(), note.representative.len()] == [n; 3];
        if !fits || note.representative.iter().any(|&row| row >= note.n_roles) {
            return Err(damaged(folder, "it does not fit the roles beside it").into());
        }
        dimension = model.dimension;
        roles.extend(stored.corpus.roles().iter().cloned());
        texts.extend(stored.texts);
        representative.extend_from_slice(&note.representative);
        numbers.extend_from_slice(vectors.as_slice());
        progress.advance(1);
    }
    progress.finish();
    let vectors = Matrix::new(roles.len(), dimension, numbers)?;
    Ok((StoredRoles { corpus: Corpus::new(roles), texts, representative }, vectors))
}

/// Refuses where the folder holds roles that the shares do not, unless they are dropped.
fn refuse_others(
    run: &RunWriter,
    stored: StoredRoles,
    earlier: EarlierRoles,
) -> Result<StoredRoles, Error> {
    // Roles cannot join afterwards: what recurs and repeats was told without them.
    let earlier = match earlier {
        EarlierRoles::Dropped => EarlierRoles::Dropped,
        EarlierRoles::Kept | EarlierRoles::Refused => EarlierRoles::Refused,
    };
    let StoredRoles { corpus, texts, representative } = stored;
    let outcome = Outcome { corpus, ..Outcome::default() };
    let corpus = earlier_roles::join(&run.reader(), outcome, earlier)?.corpus;
    Ok(StoredRoles { corpus, texts, representative })
}

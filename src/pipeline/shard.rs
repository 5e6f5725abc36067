//! One share of the roles embedded by one of several jobs, without an engine.

use super::earlier_roles;
use super::embed::{Computed, Computing, EmbedSettings, Embedded, LoadedModel, parted};
use crate::clean;
use crate::embeddings::Embeddings;
use crate::error::Error;
use crate::progress::Progress;
use crate::read::Outcome;
use crate::role::{Corpus, RoleId};
use crate::store::{Part, RunWriter, Shard, ShardNote, StoredRoles};

/// Embeds one share of what was read into a folder for [`merge`](super::merge()).
///
/// Every job reads and cleans the whole input, which takes a small part of the time that vectors
/// take, because what recurs and what repeats is told by all roles.
///
/// # Errors
/// As [`embed`](super::embed()), and when the folder holds a whole run or another share.
pub fn embed_shard(
    outcome: Outcome,
    settings: &EmbedSettings,
    shard: Shard,
    progress: &dyn Progress,
) -> Result<(RunWriter, Embedded), Error> {
    let mut run = RunWriter::open_shard(&settings.out, shard)?;
    let outcome = earlier_roles::join(&run.reader(), outcome, settings.earlier)?;
    let cleaned = clean::clean(&outcome.corpus, &settings.clean, progress);
    let model = LoadedModel::load(&run, settings)?;
    let (all, intake) = parted(outcome, cleaned);
    let note = ShardNote::of(shard, &all);
    let share = share(&all, shard);
    let computing = Computing { model: &model, progress };
    let Computed { vectors, n_cached, n_computed } = computing.vectors(&run, &share.texts)?;
    let ids: Vec<RoleId> = share.corpus.roles().iter().map(|r| r.id.clone()).collect();
    let n_roles = ids.len();
    let embeddings = Embeddings::new(ids, vectors, model.made_by.clone())?;
    run.write_shard(&share, &embeddings, &note)?;
    run.write_json(Part::Intake, &intake)?;
    run.commit()?;
    Ok((run, model.embedded(n_roles, intake, (n_cached, n_computed))))
}

/// The roles of a share; which roles they repeat stands in its note.
fn share(all: &StoredRoles, shard: Shard) -> StoredRoles {
    let rows = shard.rows(all.corpus.len());
    StoredRoles {
        corpus: Corpus::new(all.corpus.roles()[rows.clone()].to_vec()),
        texts: all.texts[rows.clone()].to_vec(),
        representative: (0..rows.len()).collect(),
    }
}

//! What is clustered: the roles of a run folder and their vectors, what their language adds taken
//! out.

use super::stored_model;
use crate::cluster::LanguageOffsets;
use crate::embeddings::Embeddings;
use crate::error::Error;
use crate::geometry::Matrix;
use crate::intake::Intake;
use crate::role::Role;
use crate::store::{Part, RunFolder, StoredRoles};

/// Roles and vectors, a row each.
pub(super) struct Ground {
    pub(super) stored: StoredRoles,
    pub(super) embeddings: Embeddings,
    pub(super) intake: Intake,
    pub(super) offsets: LanguageOffsets,
    /// A duplicate has the vector of the role it repeats.
    pub(super) vectors: Matrix,
}

impl Ground {
    /// Of a run folder.
    ///
    /// # Errors
    /// When it holds no vectors, or a file of it is damaged.
    pub(super) fn load(run: &RunFolder) -> Result<Ground, Error> {
        let stored = run.roles()?;
        let ids = stored.corpus.roles().iter().map(|role| &role.id);
        let embeddings = run.embeddings()?.sharing_ids(ids);
        let intake = run.json(Part::Intake)?;
        let vectors = stored_model::repeated(&stored, &embeddings);
        let texts = stored_model::repeated_texts(&stored);
        let (offsets, vectors) = LanguageOffsets::taken_out(vectors, &texts);
        Ok(Ground { stored, embeddings, intake, offsets, vectors })
    }

    pub(super) fn roles(&self) -> &[Role] {
        self.stored.corpus.roles()
    }
}

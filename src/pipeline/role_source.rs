//! The roles of a run folder, read from their file as needed, or all held in memory.

use rayon::prelude::*;

use super::lazy::Lazy;
use crate::error::Error;
use crate::role::{Role, RoleId};
use crate::store::{RoleFile, RolePart, RunFolder, StoredRoles};

/// A single search reads a few roles; a server reads all of them once and keeps them.
pub(super) struct RoleSource {
    file: RoleFile,
    whole: Lazy<StoredRoles>,
}

impl RoleSource {
    pub(super) fn open(run: &RunFolder) -> Result<Self, Error> {
        Ok(RoleSource { file: run.role_file()?, whole: Lazy::default() })
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.file.n_roles()
    }

    /// All of them. From the first call on they are held in memory.
    pub(super) fn whole(&self) -> Result<&StoredRoles, Error> {
        Ok(self.whole.get_or_load(|| self.file.all())?)
    }

    /// All of them, where they are held in memory.
    pub(super) fn in_memory(&self) -> Option<&StoredRoles> {
        self.whole.get()
    }

    /// Applies `each` to row, role and text of every row in `rows`, in parallel, results in that
    /// order. The role has at least `parts`; its other fields may be empty.
    pub(super) fn some<T: Send>(
        &self,
        parts: &[RolePart],
        rows: &[usize],
        each: impl Fn(usize, &Role, &str) -> T + Sync,
    ) -> Result<Vec<T>, Error> {
        if let Some(stored) = self.whole.get() {
            let roles = stored.corpus.roles();
            let each = |&row: &usize| each(row, &roles[row], &stored.texts[row]);
            return Ok(rows.par_iter().map(each).collect());
        }
        let found = self.file.some(parts, rows)?;
        let each = |(&row, (role, text)): (&usize, &(Role, String))| each(row, role, text);
        Ok(rows.par_iter().zip(&found).map(each).collect())
    }

    /// The text a role was embedded by.
    pub(super) fn text(&self, row: usize) -> Result<String, Error> {
        let texts = self.some(&[RolePart::Text], &[row], |_, _, text| text.to_string())?;
        Ok(texts.into_iter().next().unwrap_or_default())
    }

    /// The row of a role.
    pub(super) fn row_of(&self, id: &RoleId) -> Result<Option<usize>, Error> {
        match self.whole.get() {
            Some(stored) => Ok(stored.corpus.roles().iter().position(|role| role.id == *id)),
            None => Ok(self.file.row_of(id)?),
        }
    }
}

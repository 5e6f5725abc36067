//! What all inputs of a run have yielded so far.

use super::MAX_SKIPPED_KEPT;
use crate::intake::{SetAside, Skipped};
use crate::long_text::Pager;
use crate::role::Role;
use crate::shared_words::SharedWords;

/// Roles, skipped records and blocks set aside, in the order of the inputs.
#[derive(Debug, Default)]
pub(super) struct Accumulator {
    pub roles: Vec<Role>,
    pub skipped: Vec<Skipped>,
    pub skipped_total: u64,
    pub set_aside: Vec<SetAside>,
    pub pager: Pager,
    pub words: SharedWords,
}

/// How much there was at some time.
pub(super) struct Mark {
    roles: usize,
    skipped: usize,
    skipped_total: u64,
    set_aside: usize,
}

impl Accumulator {
    /// How much there is.
    pub fn mark(&self) -> Mark {
        Mark {
            roles: self.roles.len(),
            skipped: self.skipped.len(),
            skipped_total: self.skipped_total,
            set_aside: self.set_aside.len(),
        }
    }

    /// The roles that came since.
    pub fn roles_since(&self, mark: &Mark) -> &[Role] {
        &self.roles[mark.roles..]
    }

    /// Forgets what came since.
    pub fn rewind(&mut self, mark: Mark) {
        self.roles.truncate(mark.roles);
        self.skipped.truncate(mark.skipped);
        self.skipped_total = mark.skipped_total;
        self.set_aside.truncate(mark.set_aside);
    }

    /// Counts a record that is no role, and keeps the reason while there is room.
    pub fn skip(&mut self, file: &str, line: u64, reason: impl Into<String>) {
        self.skipped_total += 1;
        if self.skipped.len() < MAX_SKIPPED_KEPT {
            self.skipped.push(Skipped { file: file.to_string(), line, reason: reason.into() });
        }
    }

    /// Takes a role, or counts why it is none.
    pub fn take(&mut self, file: &str, line: u64, role: Result<Role, String>) {
        match role {
            Ok(mut role) => {
                self.words.share(&mut role);
                self.roles.push(role);
                self.pager.pushed(&mut self.roles, |role| &mut role.description);
            }
            Err(reason) => self.skip(file, line, reason),
        }
    }
}

//! What all inputs of a run have yielded so far.

use super::MAX_SKIPPED_KEPT;
use crate::intake::{SetAside, Skipped};
use crate::role::Role;

#[derive(Debug, Default)]
pub(super) struct Gathered {
    pub roles: Vec<Role>,
    pub skipped: Vec<Skipped>,
    pub skipped_total: u64,
    pub set_aside: Vec<SetAside>,
}

impl Gathered {
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
            Ok(role) => self.roles.push(role),
            Err(reason) => self.skip(file, line, reason),
        }
    }
}

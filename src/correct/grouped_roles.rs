//! The roles that were grouped.

use crate::role::Role;

/// The roles that were grouped.
#[derive(Debug, Clone, Copy)]
pub struct GroupedRoles<'a> {
    /// The roles.
    pub roles: &'a [Role],
    /// The row of the role each repeats, or its own.
    pub representative: &'a [usize],
}

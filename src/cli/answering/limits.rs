//! How much one question may ask for.

/// Longest query in characters, enough for a whole posting.
pub const LONGEST_QUERY: usize = 3000;
/// Most roles in one answer.
pub const MOST_ROLES: usize = 100;
/// Roles in an answer where `k` is not given.
pub const DEFAULT_ROLES: usize = 10;
/// Most filters in one search; each may be compared with every role.
pub const MOST_FILTERS: usize = 16;

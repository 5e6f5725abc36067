//! The table in the crate documentation, enforced.

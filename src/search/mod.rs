//! (stage search)

//! (stage cluster)

pub mod hdbscan;

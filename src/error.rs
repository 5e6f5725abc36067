//! Joins the stage errors; a stage returns its own small enum and knows no other's.

/// Anything that can end a run.
#[derive(Debug, thiserror::Error)]
pub enum Error {}

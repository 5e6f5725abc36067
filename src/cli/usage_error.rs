//! The error of a command line or settings file that cannot be followed.

/// The command line or the settings file is wrong.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct UsageError(pub String);

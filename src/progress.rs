//! Progress of a long stage as a callback, so that the library knows of no terminal.

/// Receives the progress of a stage; the program draws it.
pub trait Progress: Sync {
    /// A stage of `total` units begins; `stage` is a short verb phrase ("embedding").
    fn start(&self, stage: &str, total: u64);
    /// `units` more are done.
    fn advance(&self, units: u64);
    /// The stage is over.
    fn finish(&self);
}

/// Draws nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Progress for Silent {
    fn start(&self, _stage: &str, _total: u64) {}
    fn advance(&self, _units: u64) {}
    fn finish(&self) {}
}

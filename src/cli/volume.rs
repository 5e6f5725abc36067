//! How much is printed.

/// How much is printed beside results.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Volume {
    /// Summaries, notes and progress.
    Normal,
    /// Warnings and errors only.
    Quiet,
}

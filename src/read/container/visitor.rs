//! Who takes what containers hold.

use crate::read::ReadError;
use crate::read::source::Source;

/// Takes what containers hold.
pub(in crate::read) trait Visitor {
    /// A file that is no container.
    ///
    /// # Errors
    /// When it cannot be read.
    fn file(&mut self, source: Source<'_>) -> Result<(), ReadError>;

    /// A file that is not wanted, and why.
    fn left_out(&mut self, name: &str, reason: String);

    /// A file that could not be read, or not to its end, and why.
    fn failed(&mut self, name: &str, reason: String);

    /// Reads a file that by its name tells about the others, such as `README.md`, and keeps what
    /// it yields only if that is postings.
    ///
    /// # Errors
    /// When a limit was passed.
    fn about(
        &mut self,
        name: &str,
        read: &mut dyn FnMut(&mut dyn Visitor) -> Result<(), ReadError>,
    ) -> Result<(), ReadError>;
}

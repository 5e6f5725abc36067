//! Containers: compressed files and archives, taken apart into the files they hold.

mod kind;

use super::ReadError;
use super::source::Source;
use kind::Kind;

/// Gives every file that `source` holds, or `source` itself when it is no container.
///
/// # Errors
/// When the container cannot be taken apart or is of a kind that is not read, and whatever
/// `visit` fails with.
pub(super) fn each_member(
    source: Source<'_>,
    visit: &mut dyn FnMut(Source<'_>) -> Result<(), ReadError>,
) -> Result<(), ReadError> {
    if source.head.is_empty() {
        return Err(ReadError::Empty { file: source.name });
    }
    match Kind::of(&source.head) {
        None => visit(source),
        Some(kind) => Err(ReadError::NotRead {
            file: source.name,
            what: kind.what.into(),
            advice: kind.advice,
        }),
    }
}

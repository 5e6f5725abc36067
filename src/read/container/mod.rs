//! Containers: compressed files and archives, taken apart into the files they hold.
//!
//! A member that cannot be read is left out and said to be; an archive without a single
//! member that is read is an error, and so is one that unpacks to more than the limits allow.

#[cfg(feature = "formats")]
mod archive;
#[cfg(feature = "formats")]
mod compressed;
#[cfg(feature = "formats")]
mod guard;
mod kind;
mod members;
mod ole;
mod visitor;

use super::ReadError;
use super::source::Source;
use kind::Kind;
pub(super) use members::{Members, expand, is_about};
pub(super) use visitor::Visitor;

/// Gives every file that `source` holds, or `source` itself when it is no container.
///
/// # Errors
/// When the container cannot be taken apart or is of a kind that is not read, and whatever
/// the visitor fails with.
pub(super) fn each_member(source: Source<'_>, visitor: &mut dyn Visitor) -> Result<(), ReadError> {
    take_apart(source, 0, visitor)
}

/// As [`each_member`], within this many containers.
fn take_apart(
    source: Source<'_>,
    depth: usize,
    visitor: &mut dyn Visitor,
) -> Result<(), ReadError> {
    if source.head.is_empty() {
        return Err(ReadError::Empty { file: source.name });
    }
    match Kind::of(&source.head) {
        None => visitor.file(source),
        Some(Kind::Foreign(what, advice)) => {
            Err(ReadError::NotRead { file: source.name, what: what.into(), advice })
        }
        Some(Kind::Ole) => ole::open(source, visitor),
        #[cfg(feature = "formats")]
        Some(Kind::Compressed(_) | Kind::Zip) if depth == super::limits::MAX_WRAPPING => {
            Err(ReadError::Limit {
                file: source.name,
                seen: format!("containers within containers, {depth} deep"),
                advice: "unpack it and name the files in it",
            })
        }
        #[cfg(feature = "formats")]
        Some(Kind::Compressed(compression)) => {
            compressed::open(source, compression, &mut Inner { depth, visitor })
        }
        #[cfg(feature = "formats")]
        Some(Kind::Zip) => archive::open(source, &mut Inner { depth, visitor }),
        #[cfg(not(feature = "formats"))]
        Some(kind) => Err(without_formats(source.name, kind, depth)),
    }
}

/// Takes what a container holds apart in turn.
#[cfg(feature = "formats")]
struct Inner<'v> {
    depth: usize,
    visitor: &'v mut dyn Visitor,
}

#[cfg(feature = "formats")]
impl Visitor for Inner<'_> {
    fn file(&mut self, source: Source<'_>) -> Result<(), ReadError> {
        match source.workbook {
            Some(_) => self.visitor.file(source),
            None => take_apart(source, self.depth + 1, self.visitor),
        }
    }

    fn left_out(&mut self, name: &str, reason: String) {
        self.visitor.left_out(name, reason);
    }

    fn failed(&mut self, name: &str, reason: String) {
        self.visitor.failed(name, reason);
    }

    fn about(
        &mut self,
        name: &str,
        read: &mut dyn FnMut(&mut dyn Visitor) -> Result<(), ReadError>,
    ) -> Result<(), ReadError> {
        let depth = self.depth;
        self.visitor.about(name, &mut |visitor| read(&mut Inner { depth, visitor }))
    }
}

/// What a build without containers says of one.
#[cfg(not(feature = "formats"))]
fn without_formats(file: String, kind: Kind, _depth: usize) -> ReadError {
    let what = match kind {
        Kind::Compressed(compression) => format!("{} compressed", compression.name()),
        _ => "a ZIP archive or a workbook".to_string(),
    };
    ReadError::NotRead {
        file,
        what: format!("{what} (this build has no feature `formats`)"),
        advice: "unpack it, or save a workbook as CSV",
    }
}

#[cfg(all(test, feature = "formats"))]
mod tests;

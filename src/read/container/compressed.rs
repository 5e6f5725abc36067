//! Files compressed as a whole: `.gz`, `.zst`, `.bz2`.

use std::io::Read;
use std::path::PathBuf;

use super::guard::{Budget, Guarded, limited};
use super::kind::Compression;
use super::visitor::Visitor;
use crate::read::ReadError;
use crate::read::source::Source;

/// Gives what the file unpacks to.
pub(super) fn open(
    source: Source<'_>,
    compression: Compression,
    visitor: &mut dyn Visitor,
) -> Result<(), ReadError> {
    let name = source.name.clone();
    let path = source.path.as_ref().map(|path| {
        let packed = path.extension().and_then(|e| e.to_str()).unwrap_or_default().to_lowercase();
        match packed.as_str() {
            "gz" | "gzip" | "zst" | "zstd" | "bz2" | "bzip2" => path.with_extension(""),
            _ => path.clone(),
        }
    });
    let budget = Budget::new(0);
    let packed = budget.packed(source.into_reader());
    let reader: Box<dyn Read + '_> = match compression {
        Compression::Gzip => Box::new(flate2::read::MultiGzDecoder::new(packed)),
        Compression::Bzip2 => Box::new(bzip2::read::MultiBzDecoder::new(packed)),
        Compression::Zstd => Box::new(
            zstd::stream::read::Decoder::new(packed)
                .map_err(|source| ReadError::Io { file: name.clone(), source })?,
        ),
    };
    let packed = Packed { name, path, kind: compression.name() };
    unpack(packed, budget.unpacked(reader), visitor)
}

/// What is packed: its name, the path that may tell its format, and how.
pub(super) struct Packed {
    pub name: String,
    pub path: Option<PathBuf>,
    pub kind: &'static str,
}

/// Gives what `reader` unpacks, and says where it breaks off.
pub(super) fn unpack(
    packed: Packed,
    reader: Guarded<Box<dyn Read + '_>>,
    visitor: &mut dyn Visitor,
) -> Result<(), ReadError> {
    let Packed { name, path, kind } = packed;
    let fault = reader.fault();
    let outcome = Source::new(name.clone(), path, Box::new(reader))
        .and_then(|inner| visitor.file(inner))
        .map_err(limited);
    let Some(seen) = fault.take() else { return outcome };
    match outcome {
        Ok(()) => {
            let reason = format!("the {kind} data breaks off, what came before was read: {seen}");
            visitor.failed(&name, reason);
            Ok(())
        }
        Err(ReadError::Limit { file, seen, advice }) => {
            Err(ReadError::Limit { file, seen, advice })
        }
        Err(_) => Err(ReadError::Unreadable {
            file: name,
            kind,
            seen: format!("the data breaks off: {seen}"),
            advice: "fetch the file again, or unpack it with another program",
        }),
    }
}

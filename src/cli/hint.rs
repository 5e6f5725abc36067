//! Advice for errors that do not say what to do next: those of the file system, and a text of several
//! words that was typed without quotes.

use std::ffi::OsString;
use std::io;

use clap::error::{ContextKind, ContextValue, ErrorKind};

/// Commands that take a text which may have several words, and what to type.
const QUOTED: [(&str, &str); 2] = [
    (
        "rename",
        "a name of several words needs quotes, and the number stands before it: rolecluster rename \
         jobs 3 \"Platform engineering\"",
    ),
    (
        "search",
        "a query of several words needs quotes: rolecluster search jobs \"storage engineer\"",
    ),
];

/// The error of a command line, with a tip where a word stands that none is expected at.
pub fn with_tip(mut error: clap::Error, typed: &[OsString]) -> clap::Error {
    let is_misplaced =
        matches!(error.kind(), ErrorKind::UnknownArgument | ErrorKind::ValueValidation);
    let is_word = match error.get(ContextKind::InvalidArg) {
        Some(ContextValue::String(argument)) => !argument.starts_with('-'),
        _ => false,
    };
    let tip = QUOTED.into_iter().find(|(command, _)| typed.iter().any(|arg| arg == command));
    if let Some((_, tip)) = tip.filter(|_| is_misplaced && is_word) {
        error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![tip.into()]));
    }
    error
}

/// A line of advice for `error`, if there is any.
pub fn hint(error: &anyhow::Error) -> Option<String> {
    let cause = error.chain().find_map(|cause| cause.downcast_ref::<io::Error>())?;
    match cause.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Some(
            "free some space and run the same command again; what was computed so far is kept"
                .into(),
        ),
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            Some("check the permissions, or choose another folder".into())
        }
        io::ErrorKind::NotADirectory | io::ErrorKind::AlreadyExists => {
            Some("a file stands where a folder is wanted; choose another folder".into())
        }
        _ if is_io_error(cause) => Some(
            "the disk failed, or the network folder is gone: see that it is sound and run the \
             same command again; what the folder held before is kept"
                .into(),
        ),
        _ => None,
    }
}

/// `EIO`, which has no kind of its own.
fn is_io_error(error: &io::Error) -> bool {
    cfg!(unix) && error.raw_os_error() == Some(5)
}

/// Whether the reader of stdout closed it, as `head` does.
pub fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error
        .chain()
        .filter_map(|cause| cause.downcast_ref::<io::Error>())
        .any(|cause| cause.kind() == io::ErrorKind::BrokenPipe)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(unix)]
    fn every_failure_of_a_disk_has_advice() {
        // EIO, ENOSPC, EROFS.
        for (number, advice) in [(5, "disk failed"), (28, "free some space"), (30, "permissions")] {
            let source = io::Error::from_raw_os_error(number);
            let error = anyhow::Error::new(source).context("cannot write jobs/roles.parquet");
            assert!(hint(&error).unwrap().contains(advice), "{number}");
        }
        assert_eq!(hint(&anyhow::anyhow!("of another kind")), None);
    }
}

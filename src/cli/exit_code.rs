//! Exit codes, as listed in `--help` and the README.

use rolecluster::Error;
use rolecluster::store::StoreError;

use super::usage_error::UsageError;

/// How the program ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum ExitCode {
    /// Done, and nothing was left out.
    Success = 0,
    /// Any failure not named below, such as a full disk.
    Failure = 1,
    /// The command line or the settings file is wrong.
    Usage = 2,
    /// Done, but records of the input were skipped; each was named on stderr.
    SomeSkipped = 3,
    /// An input cannot be read, or holds no role.
    Input = 4,
    /// The model cannot be loaded, or the device is not available.
    Model = 5,
    /// The run folder is missing, unfinished, damaged or of another model.
    Folder = 6,
    /// Another process writes to the run folder.
    Locked = 7,
}

impl ExitCode {
    /// The exit code for an error.
    pub fn of(error: &anyhow::Error) -> Self {
        if error.is::<UsageError>() {
            return ExitCode::Usage;
        }
        match error.downcast_ref::<Error>() {
            Some(Error::Read(_)) => ExitCode::Input,
            Some(Error::Encode(_) | Error::ModelChanged { .. }) => ExitCode::Model,
            Some(
                Error::Cluster(_)
                | Error::Corrections(_)
                | Error::NoSuchRole(_)
                | Error::NoSuchField { .. }
                | Error::NoSuchDimension { .. }
                | Error::NoRunForTask { .. }
                | Error::KeptTwice { .. }
                | Error::Filter(_),
            ) => ExitCode::Usage,
            Some(Error::DifferentModels { .. } | Error::NoCodes { .. } | Error::Shards(_)) => {
                ExitCode::Folder
            }
            Some(Error::Store(error)) => match error {
                StoreError::Locked { .. } => ExitCode::Locked,
                StoreError::Io { .. } | StoreError::Write(_) => ExitCode::Failure,
                _ => ExitCode::Folder,
            },
            _ => ExitCode::Failure,
        }
    }

    /// [`ExitCode::SomeSkipped`] when there are any.
    pub fn for_skipped(skipped: u64) -> Self {
        if skipped == 0 { ExitCode::Success } else { ExitCode::SomeSkipped }
    }
}

impl From<ExitCode> for std::process::ExitCode {
    fn from(code: ExitCode) -> Self {
        std::process::ExitCode::from(code as u8)
    }
}

//! Errors of the library and the program as exceptions with the same words.

use pyo3::create_exception;
use pyo3::exceptions::PyException;
use pyo3::prelude::*;
use rolecluster::cli::printer::words;
use rolecluster::cli::{self, ExitCode};

create_exception!(
    rolecluster,
    RoleclusterError,
    PyException,
    "What went wrong, in the words of the program."
);
create_exception!(rolecluster, UsageError, RoleclusterError, "An option cannot be followed.");
create_exception!(
    rolecluster,
    InputError,
    RoleclusterError,
    "Postings cannot be read, or there is none."
);
create_exception!(
    rolecluster,
    ModelError,
    RoleclusterError,
    "A model cannot be loaded, or the device is not there."
);
create_exception!(
    rolecluster,
    FolderError,
    RoleclusterError,
    "A run folder is missing, unfinished, damaged or of another model."
);
create_exception!(
    rolecluster,
    LockedError,
    FolderError,
    "Another process writes to the run folder."
);

/// Adds the exceptions to the module.
pub fn add_to(module: &Bound<'_, PyModule>) -> PyResult<()> {
    let py = module.py();
    module.add("RoleclusterError", py.get_type::<RoleclusterError>())?;
    module.add("UsageError", py.get_type::<UsageError>())?;
    module.add("InputError", py.get_type::<InputError>())?;
    module.add("ModelError", py.get_type::<ModelError>())?;
    module.add("FolderError", py.get_type::<FolderError>())?;
    module.add("LockedError", py.get_type::<LockedError>())
}

/// The exception for an error: of the kind that decides the program's exit code, with its words and
/// its hint.
pub fn raised(error: impl Into<anyhow::Error>) -> PyErr {
    let error = error.into();
    // One that Python raised on the way here stays what it is.
    let error = match error.downcast::<PyErr>() {
        Ok(raised) => return raised,
        Err(error) => error,
    };
    let message = match cli::hint(&error) {
        Some(hint) => format!("{}\nhint: {hint}", words(&error)),
        None => words(&error),
    };
    match ExitCode::of(&error) {
        ExitCode::Usage => UsageError::new_err(message),
        ExitCode::Input => InputError::new_err(message),
        ExitCode::Model => ModelError::new_err(message),
        ExitCode::Folder => FolderError::new_err(message),
        ExitCode::Locked => LockedError::new_err(message),
        ExitCode::Success | ExitCode::SomeSkipped | ExitCode::Failure => {
            RoleclusterError::new_err(message)
        }
    }
}

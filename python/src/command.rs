//! The command line of the program, run or only parsed.

use std::ffi::OsString;
use std::io::Write;
use std::sync::{Mutex, PoisonError};

use pyo3::prelude::*;
use rolecluster::cli::args::Command;
use rolecluster::cli::{self, Refusal};

use crate::error::{UsageError, raised};

/// The program: `arguments` are those after its name. Returns its exit code.
#[pyfunction]
pub fn main(py: Python<'_>, arguments: Vec<OsString>) -> u8 {
    py.detach(|| {
        let code = cli::main(typed(arguments));
        // A program of Rust does so at its end. Where stdout is closed nobody misses the rest.
        let _ = std::io::stdout().flush();
        code as u8
    })
}

/// The arguments of a command, checked as the program does: the environment and the settings file
/// say what they leave open.
pub fn parse(arguments: Vec<OsString>) -> PyResult<Command> {
    static PREPARED: Mutex<bool> = Mutex::new(false);
    let parsed =
        cli::parse(typed(arguments)).map_err(|refusal| UsageError::new_err(words(refusal)))?;
    // Number of threads, technologies and stop words hold for the process, as the first call that is
    // not refused has them.
    let mut prepared = PREPARED.lock().unwrap_or_else(PoisonError::into_inner);
    if !*prepared {
        cli::prepare(&parsed.global).map_err(raised)?;
        *prepared = true;
    }
    Ok(parsed.command)
}

/// Why a command is refused, without the advice on how to type one.
fn words(refusal: Refusal) -> String {
    match refusal {
        Refusal::Clap(error) => {
            let told = error.render().to_string();
            let told = told.strip_prefix("error: ").unwrap_or(&told);
            let advice = |line: &&str| !line.starts_with("Usage:") && !line.starts_with("For more");
            told.lines().take_while(advice).collect::<Vec<_>>().join("\n").trim_end().to_string()
        }
        Refusal::Settings(error) => error.to_string(),
    }
}

/// A command that the Python side does not ask for.
pub fn unexpected() -> PyErr {
    UsageError::new_err("another command was expected here")
}

fn typed(arguments: Vec<OsString>) -> impl Iterator<Item = OsString> {
    std::iter::once(OsString::from("rolecluster")).chain(arguments)
}

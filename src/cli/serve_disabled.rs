//! Stands for `serve/` where the feature `serve` is off.

use super::settings::{ServeSettings, UsageError};
use super::{ExitCode, Printer};

/// Refuses: this build has no server.
pub fn run(_: &ServeSettings, _: &Printer) -> anyhow::Result<ExitCode> {
    let why = "this build has no `serve`; build with the Cargo feature `serve`";
    Err(UsageError(why.into()).into())
}

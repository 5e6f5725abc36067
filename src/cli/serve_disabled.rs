//! Stands for `serve/` where the feature `serve` is off.

use super::exit_code::ExitCode;
use super::printer::Printer;
use super::settings::ServeSettings;
use super::usage_error::UsageError;

/// Refuses: this build has no server.
pub fn run(_: &ServeSettings, _: &Printer) -> anyhow::Result<ExitCode> {
    let why = "this build has no `serve`; build with the Cargo feature `serve`";
    Err(UsageError(why.into()).into())
}

//! Stands for `mcp/` where the feature `mcp` is off.

use super::exit_code::ExitCode;
use super::printer::Printer;
use super::settings::McpSettings;
use super::usage_error::UsageError;

/// Refuses: this build speaks no Model Context Protocol.
pub fn run(_: &McpSettings, _: &Printer) -> anyhow::Result<ExitCode> {
    let why = "this build has no `mcp`; build with the Cargo feature `mcp`";
    Err(UsageError(why.into()).into())
}

//! `rolecluster completions SHELL`.

use clap::CommandFactory;
use clap_complete::Shell;

use super::args::Cli;
use super::exit_code::ExitCode;
use super::printer::Printer;

/// Prints a completion script.
pub fn run(shell: Shell, printer: &Printer) -> anyhow::Result<ExitCode> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "rolecluster", &mut script);
    printer.data(&String::from_utf8_lossy(&script))?;
    Ok(ExitCode::Success)
}

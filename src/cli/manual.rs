//! `rolecluster manual`: the manual page, generated from the same text as `--help`.

use clap::CommandFactory;
use clap_mangen::Man;

use super::args::Cli;
use super::exit_code::ExitCode;
use super::printer::Printer;

/// Prints one page in roff: the program, then every command.
pub fn run(printer: &Printer) -> anyhow::Result<ExitCode> {
    let mut program = Cli::command().disable_help_subcommand(true);
    program.build();
    let mut page = Vec::new();
    Man::new(program.clone()).render(&mut page)?;
    for command in program.get_subcommands() {
        let man = Man::new(command.clone());
        let heading = command.get_name().to_uppercase();
        page.extend_from_slice(format!(".SH \"COMMAND {heading}\"\n").as_bytes());
        man.render_description_section(&mut page)?;
        man.render_synopsis_section(&mut page)?;
        man.render_options_section(&mut page)?;
        man.render_extra_section(&mut page)?;
    }
    let mut page = String::from_utf8_lossy(&page).replace(".SH EXTRA", ".SH EXAMPLES");
    // The commands have no pages of their own to refer to.
    for command in program.get_subcommands() {
        let name = command.get_name();
        page = page.replace(&format!("rolecluster\\-{name}(1)"), name);
    }
    printer.data(&page)?;
    Ok(ExitCode::Success)
}

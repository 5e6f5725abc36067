//! The program: arguments, commands, output and exit codes.
//!
//! Arguments ([`args`]) become checked settings ([`settings`]), which become calls of the
//! library. Only this folder prints and reads the terminal. What the Python package needs of it is
//! public.

// What two optional commands share.
#[cfg(any(feature = "serve", feature = "mcp"))]
mod answering;
pub mod args;
mod config;
mod correct_args;
mod corrections;
mod examples;
mod exit_code;
mod hint;
mod names;
mod options;
pub mod printer;
mod progress_bar;
pub mod settings;
mod table;
mod text_file;
// A build without `serve` parses its options and uses none of them.
#[cfg_attr(not(feature = "serve"), allow(dead_code))]
mod token;
mod usage_error;
mod vector_args;
pub mod volume;

mod assign;
mod cluster;
mod compare;
mod completions;
mod correct;
mod device_report;
mod directions_file;
mod doctor;
mod embed;
mod evaluate;
mod export;
mod export_args;
mod manual;
#[cfg(feature = "mcp")]
mod mcp;
#[cfg(not(feature = "mcp"))]
#[path = "mcp_disabled.rs"]
mod mcp;
mod merge;
mod merge_args;
pub mod reading;
pub mod run;
mod search;
#[cfg(feature = "serve")]
mod serve;
#[cfg(not(feature = "serve"))]
#[path = "serve_disabled.rs"]
mod serve;
pub mod summary;
mod tabulate;
pub mod worker;

use std::ffi::OsString;

use clap::{CommandFactory, FromArgMatches};

use args::{Cli, ClusterArgs, Command, RunArgs};
use config::Config;
use hint::{is_broken_pipe, with_tip};
use rolecluster::describe::OwnTerms;
use text_file::TextFile;
use usage_error::UsageError;

pub use exit_code::ExitCode;
pub use hint::hint;
pub use printer::Printer;

/// Why no command is run: the command line is wrong, or asks for help or the version only.
pub enum Refusal {
    /// Reported by clap.
    Clap(clap::Error),
    /// The settings file.
    Settings(usage_error::UsageError),
}

impl Refusal {
    /// Prints it and returns the exit code.
    fn print(self) -> ExitCode {
        match self {
            Refusal::Clap(error) => {
                let code = if error.use_stderr() { ExitCode::Usage } else { ExitCode::Success };
                // A closed stdout is not a failure of `--help`.
                let _ = error.print();
                code
            }
            Refusal::Settings(error) => {
                Printer::new(volume::Volume::Normal).error(&error.into(), None);
                ExitCode::Usage
            }
        }
    }
}

/// Parses, runs one command, says what went wrong.
pub fn main(typed: impl Iterator<Item = OsString>) -> ExitCode {
    let args = match parse(typed) {
        Ok(args) => args,
        Err(refusal) => return refusal.print(),
    };
    let printer = Printer::new(args.global.volume());
    match run(args, &printer) {
        Ok(code) => code,
        // The reader went away (`| head`): it has what it wanted.
        Err(error) if is_broken_pipe(&error) => ExitCode::Success,
        Err(error) => {
            printer.error(&error, hint(&error).as_deref());
            ExitCode::of(&error)
        }
    }
}

/// Parses the command line. Flags come before the environment, the environment before the
/// settings file, the file before defaults.
pub fn parse(typed: impl Iterator<Item = OsString>) -> Result<Cli, Refusal> {
    let mut typed: Vec<OsString> = typed.collect();
    let mut program = Cli::command();
    let refused = |error| Refusal::Clap(with_tip(error, &typed));
    let given = program.try_get_matches_from_mut(&typed).map_err(refused)?;
    let asked_for = Cli::from_arg_matches(&given).map_err(Refusal::Clap)?.global.config;
    let config = Config::find(asked_for.as_deref()).map_err(Refusal::Settings)?;
    config.check(&program).map_err(Refusal::Settings)?;

    let command = given.subcommand().and_then(|(name, _)| program.find_subcommand(name));
    let flags = match (command, given.subcommand()) {
        (Some(command), Some((_, given))) => config.flags(command, given),
        _ => Vec::new(),
    };
    let end_of_flags = typed.iter().position(|arg| arg == "--").unwrap_or(typed.len());
    typed.splice(end_of_flags..end_of_flags, flags);
    let all = program.try_get_matches_from_mut(&typed).map_err(Refusal::Clap)?;
    Cli::from_arg_matches(&all).map_err(Refusal::Clap)
}

/// Sets what is set once for the whole process.
pub fn prepare(global: &args::GlobalArgs) -> anyhow::Result<()> {
    if let Some(threads) = global.threads {
        rayon::ThreadPoolBuilder::new().num_threads(threads).build_global()?;
    }
    Ok(install_terms(global)?)
}

fn run(cli: Cli, printer: &Printer) -> anyhow::Result<ExitCode> {
    prepare(&cli.global)?;
    if let Command::Run(RunArgs { grouping, .. }) | Command::Cluster(ClusterArgs { grouping, .. }) =
        &cli.command
    {
        grouping.without_effect().inspect(|note| printer.note(note));
    }
    match cli.command {
        Command::Run(args) => run::run(args.settings(), printer),
        Command::Embed(args) => embed::run(&args.settings(), printer),
        Command::Merge(args) => merge::run(args, printer),
        Command::Worker(args) => worker::run(args, printer),
        Command::Cluster(args) => cluster::run(args.settings(), printer),
        Command::Correct(command) => correct::run(&command, printer),
        Command::Search(args) => search::run(&args.check()?, printer),
        Command::Serve(args) => serve::run(&args.check()?, printer),
        Command::Mcp(args) => mcp::run(&args.settings(), printer),
        Command::Assign(args) => assign::run(&args.settings(), printer),
        Command::Export(args) => export::run(&args, printer),
        Command::Table(args) => tabulate::run(&args, printer),
        Command::Compare(args) => compare::run(&args, printer),
        Command::Evaluate(args) => evaluate::run(&args, printer),
        Command::Doctor(args) => doctor::run(&args.settings(), printer),
        Command::Completions(args) => completions::run(args.shell, printer),
        Command::Manual => manual::run(printer),
    }
}

/// Uses the technologies and stop words that were given.
fn install_terms(global: &args::GlobalArgs) -> Result<(), UsageError> {
    let text = |file: &Option<TextFile>| file.as_ref().map(|f| f.text.clone()).unwrap_or_default();
    let terms =
        OwnTerms { technologies: text(&global.lexicon), stop_words: text(&global.stop_words) };
    let path = global.lexicon.as_ref().map(|file| file.path.display().to_string());
    let refuse = |error| UsageError(format!("{}: {error}", path.unwrap_or_default()));
    if terms == OwnTerms::default() { Ok(()) } else { terms.install().map_err(refuse) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Commands as a shell would split them: every line of `text` that runs the program,
    /// prompts, pipes and redirections left out. In a transcript, fenced as `console`, the
    /// lines without a prompt are what the program printed.
    fn commands(text: &str) -> Vec<Vec<String>> {
        let (mut found, mut transcript) = (Vec::new(), false);
        for line in text.lines() {
            if let Some(language) = line.strip_prefix("```") {
                transcript = language == "console";
            }
            if transcript && !line.starts_with("$ ") {
                continue;
            }
            let Some(at) = line.find("rolecluster ") else { continue };
            let before = line[..at].trim();
            let piped = before.ends_with('|') && !before.starts_with('|');
            if !(before.is_empty() || before == "$" || piped) {
                continue;
            }
            let (mut words, mut word, mut quote) = (Vec::new(), String::new(), None);
            for c in line[at..].chars() {
                match quote {
                    Some(q) if c == q => quote = None,
                    Some(_) => word.push(c),
                    None if c == '"' || c == '\'' => quote = Some(c),
                    None if c == '|' || c == '>' || c == '<' || c == '#' => break,
                    None if c == ' ' => words.push(std::mem::take(&mut word)),
                    None => word.push(c),
                }
            }
            words.push(word);
            words.retain(|word| !word.is_empty());
            found.push(words);
        }
        found
    }

    #[test]
    fn every_example_can_be_typed() {
        let examples = [
            examples::OVERVIEW,
            examples::RUN,
            examples::EMBED,
            examples::MERGE,
            examples::WORKER,
            examples::CLUSTER,
            examples::RENAME,
            examples::MOVE,
            examples::SPLIT,
            examples::PIN,
            examples::CORRECT,
            examples::SEARCH,
            examples::SERVE,
            examples::MCP,
            examples::ASSIGN,
            examples::EXPORT,
            examples::TABLE,
            examples::COMPARE,
            examples::EVALUATE,
            examples::DOCTOR,
            examples::COMPLETIONS,
            examples::MANUAL,
            include_str!("../../README.md"),
        ];
        let commands: Vec<Vec<String>> = examples.into_iter().flat_map(commands).collect();
        assert!(commands.len() > 40, "only {} examples found", commands.len());
        for words in commands {
            let refused = |error: clap::Error| match error.use_stderr() {
                true => panic!("{words:?}: {error}"),
                false => None,
            };
            Cli::command().try_get_matches_from(&words).map(Some).unwrap_or_else(refused);
        }
    }

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }
}

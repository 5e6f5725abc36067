//! The command lines of the commands that correct.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::examples;

/// The commands that correct.
#[derive(Debug, Subcommand)]
pub enum CorrectCommand {
    /// Give a specialisation or a direction a name that it keeps.
    #[command(after_help = examples::RENAME)]
    Rename(RenameArgs),
    /// Put roles into another specialisation.
    #[command(after_help = examples::MOVE)]
    Move(MoveArgs),
    /// Make a specialisation of some roles.
    #[command(after_help = examples::SPLIT)]
    Split(SplitArgs),
    /// Keep roles together under a name, whatever the clustering says.
    #[command(after_help = examples::PIN)]
    Pin(PinArgs),
    /// Obey corrections.toml after it was edited, without clustering again.
    #[command(after_help = examples::CORRECT)]
    Correct(CorrectArgs),
}

/// `correct`.
#[derive(Debug, Args)]
pub struct CorrectArgs {
    /// Run folder.
    pub dir: PathBuf,
    /// Print the summary as JSON.
    #[arg(long)]
    pub json: bool,
}

/// `rename`.
#[derive(Debug, Args)]
pub struct RenameArgs {
    /// Run folder.
    pub dir: PathBuf,
    /// Number of the specialisation, as the summary and the report show it.
    pub number: u32,
    /// The name to give it.
    pub name: String,
    /// The number is that of a direction.
    #[arg(long)]
    pub direction: bool,
    /// Print the summary as JSON.
    #[arg(long)]
    pub json: bool,
}

/// `move`.
#[derive(Debug, Args)]
pub struct MoveArgs {
    /// Run folder.
    pub dir: PathBuf,
    /// Ids of the roles.
    #[arg(required = true, value_name = "ROLE_ID")]
    pub roles: Vec<String>,
    /// Number of the specialisation they go to.
    #[arg(long, value_name = "NUMBER")]
    pub to: u32,
    /// Print the summary as JSON.
    #[arg(long)]
    pub json: bool,
}

/// `split`.
#[derive(Debug, Args)]
pub struct SplitArgs {
    /// Run folder.
    pub dir: PathBuf,
    /// Ids of the roles that become a specialisation of their own.
    #[arg(required = true, value_name = "ROLE_ID")]
    pub roles: Vec<String>,
    /// Its name; by default one is made.
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
    /// Print the summary as JSON.
    #[arg(long)]
    pub json: bool,
}

/// `pin`.
#[derive(Debug, Args)]
pub struct PinArgs {
    /// Run folder.
    pub dir: PathBuf,
    /// Ids of the roles that stay together, whatever the clustering says.
    #[arg(required = true, value_name = "ROLE_ID")]
    pub roles: Vec<String>,
    /// The name of their specialisation.
    #[arg(long, value_name = "NAME")]
    pub name: String,
    /// Print the summary as JSON.
    #[arg(long)]
    pub json: bool,
}

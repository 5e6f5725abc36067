//! The command line of `merge`, which joins specialisations of one run folder, or shards.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::Args;
use rolecluster::encode::Source;

use super::options::{DeviceOptions, IndexOptions};
use super::usage_error::UsageError;

/// `merge`.
#[derive(Debug, Args)]
pub struct MergeArgs {
    /// Run folder whose specialisations are merged; with --out, a folder that `embed --shard` has
    /// written.
    pub dir: PathBuf,
    /// Numbers of the specialisations, as the summary and the report show them; with --out, the
    /// folders of the other shards, in any order.
    #[arg(value_name = "NUMBER|SHARD_DIR")]
    pub rest: Vec<OsString>,
    /// The name of what the specialisations become.
    #[arg(long, value_name = "NAME", conflicts_with = "out")]
    pub name: Option<String>,
    /// Join shards into this run folder; created if it does not exist.
    #[arg(short, long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Drop the roles that the run folder holds and the shards do not.
    #[arg(long, requires = "out")]
    pub replace: bool,
    /// Print the summary as JSON.
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub index: IndexOptions,
    /// Where the model of the shards is now, if it was moved.
    #[arg(long, value_name = "MODEL", requires = "out")]
    pub model: Option<Source>,
    #[command(flatten)]
    pub device: DeviceOptions,
}

impl MergeArgs {
    /// The specialisations to merge, ascending.
    ///
    /// # Errors
    /// When there are not two different numbers.
    pub fn numbers(&self) -> Result<Vec<u32>, UsageError> {
        let number = |given: &OsString| {
            let number = given.to_str().and_then(|given| given.parse().ok());
            number.ok_or_else(|| {
                UsageError(format!(
                    "{:?} is no number of a specialisation; to join the folders of `embed \
                     --shard`, say where to with --out DIR",
                    given.to_string_lossy()
                ))
            })
        };
        let mut numbers = self.rest.iter().map(number).collect::<Result<Vec<u32>, _>>()?;
        numbers.sort_unstable();
        numbers.dedup();
        match numbers.len() {
            0 | 1 => Err(UsageError("give two different specialisations to merge".into())),
            _ => Ok(numbers),
        }
    }

    /// The folders of the shards.
    pub fn shards(&self) -> Vec<PathBuf> {
        let rest = self.rest.iter().map(PathBuf::from);
        std::iter::once(self.dir.clone()).chain(rest).collect()
    }
}

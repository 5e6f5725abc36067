//! What can go wrong with a run folder.

use std::io;
use std::path::PathBuf;

use crate::atomic_file::WriteError;

/// What can go wrong with a run folder.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// There is no folder, or it holds no run.
    #[error(
        "{} holds no finished run (no {missing}); make one with `rolecluster run INPUT --out {}`",
        folder.display(), folder.display()
    )]
    NoRun {
        /// The folder asked for.
        folder: PathBuf,
        /// The file that is not there.
        missing: &'static str,
    },
    /// A stage that comes later has not run yet.
    #[error("{} has no {missing} yet; run `rolecluster cluster {}` first", folder.display(), folder.display())]
    NotClustered {
        /// The folder asked for.
        folder: PathBuf,
        /// The file that is not there.
        missing: &'static str,
    },
    /// Another process writes to the folder now.
    #[error("{} is being written by another rolecluster; wait for it to end", folder.display())]
    Locked {
        /// The folder.
        folder: PathBuf,
    },
    /// The folder comes from a newer or older program.
    #[error("{}: format version {found}, this program reads version {expected}; make the run again", path.display())]
    Version {
        /// The manifest.
        path: PathBuf,
        /// The version it states.
        found: u32,
        /// The version read here.
        expected: u32,
    },
    /// A file's content is not what was written.
    #[error("{} is damaged: {reason}; run the command that made it again (vectors in the cache are not computed twice)", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// A search index is not what was written.
    #[error(
        "{} is damaged: {reason}; `rolecluster cluster {}` makes it again, and it may be deleted",
        path.display(), folder.display()
    )]
    DamagedIndex {
        /// The file.
        path: PathBuf,
        /// The run folder.
        folder: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// The folder holds vectors of another model.
    #[error("{} holds vectors of {found}, not of {wanted}; use another --out folder, or delete this one", folder.display())]
    OtherModel {
        /// The folder.
        folder: PathBuf,
        /// The model that made its vectors.
        found: String,
        /// The model asked for.
        wanted: String,
    },
    /// The folder holds roles that are not in the input.
    #[error(
        "{} holds {count} of {of} roles that are not in the input, such as {example:?}; --add keeps \
         them and adds the input, --replace drops them, or use another --out folder",
        folder.display()
    )]
    OtherRoles {
        /// The folder.
        folder: PathBuf,
        /// Roles that are not in the input.
        count: usize,
        /// Roles in the folder.
        of: usize,
        /// The title of one of them, or its id.
        example: String,
    },
    /// The folder holds one share of a corpus, and a whole run is wanted.
    #[error(
        "{} holds one shard of a corpus and no whole run; join all of them with `rolecluster merge`, and use another folder for it",
        folder.display()
    )]
    IsShard {
        /// The folder.
        folder: PathBuf,
    },
    /// The folder holds a whole run, or another share than the one wanted.
    #[error(
        "{} holds {found}, and {wanted} is wanted; name a folder that `rolecluster embed --shard` has written for it, or another --out folder",
        folder.display()
    )]
    OtherShard {
        /// The folder.
        folder: PathBuf,
        /// What it holds.
        found: String,
        /// What is wanted.
        wanted: String,
    },
    /// A file stands where one of a run would be written, and no run has written it.
    #[error("{} is there already, and rolecluster did not write it; move it away, or use another --out folder", path.display())]
    ForeignFile {
        /// The file.
        path: PathBuf,
    },
    /// A file or folder cannot be read or made.
    #[error("cannot access {}", path.display())]
    Io {
        /// The path.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },
    /// The new run is whole, but some of its files are not in their places yet.
    #[error(
        "{} holds the new run, but not all of its files could be moved from its folder .committed; \
         `rolecluster cluster {}` moves the rest", folder.display(), folder.display()
    )]
    NotMoved {
        /// The run folder.
        folder: PathBuf,
        /// The cause.
        source: io::Error,
    },
    /// A file cannot be written.
    #[error(transparent)]
    Write(#[from] WriteError),
}

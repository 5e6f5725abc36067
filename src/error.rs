//! The error of the library: one variant per verb. A verb returns an enum of its own and knows
//! of no other.

use std::collections::BTreeSet;

use arcstr::ArcStr;

use crate::cluster::ClusterError;
use crate::corrections::CorrectionsError;
use crate::embeddings::EmbeddingsError;
use crate::encode::EncodeError;
use crate::geometry::ShapeError;
use crate::read::ReadError;
use crate::role::{Role, RoleId};
use crate::search::Refusal;
use crate::store::{ShardError, StoreError};

/// Any error that ends a run.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// An input cannot be read.
    #[error(transparent)]
    Read(Box<ReadError>),
    /// A model cannot be loaded or run.
    #[error(transparent)]
    Encode(Box<EncodeError>),
    /// Roles cannot be clustered as asked.
    #[error(transparent)]
    Cluster(#[from] ClusterError),
    /// The groups cannot be changed as a person asks.
    #[error(transparent)]
    Corrections(#[from] CorrectionsError),
    /// A run folder cannot be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Shards do not make a whole.
    #[error(transparent)]
    Shards(#[from] ShardError),
    /// No shard is named.
    #[error("no shard is named; name the folders that `rolecluster embed --shard` has written")]
    NothingToMerge,
    /// Vectors do not fit their roles.
    #[error(transparent)]
    Embeddings(#[from] EmbeddingsError),
    /// Numbers do not fill a matrix.
    #[error(transparent)]
    Shape(#[from] ShapeError),
    /// No role has this id.
    #[error("no role has the id {:?}; `rolecluster export DIR --format csv` lists them", .0.as_str())]
    NoSuchRole(RoleId),
    /// No role has this field.
    #[error("no role has a field {field:?}; there are: section, title{}", .known.iter().map(|k| format!(", {k}")).collect::<String>())]
    NoSuchField {
        /// The field asked for.
        field: String,
        /// The fields there are beside section and title.
        known: Vec<String>,
    },
    /// Roles cannot be counted by this.
    #[error("roles cannot be counted by {dimension:?}; there are: {}", known.join(", "))]
    NoSuchDimension {
        /// The dimension asked for.
        dimension: String,
        /// Those there are.
        known: Vec<String>,
    },
    /// The table of standard occupations says nothing beside these vectors.
    #[error(
        "standard codes need vectors of the bundled model ({wanted}), by which the table of occupations was made, and this folder's are of {model} ({digest}); run `rolecluster run` on the input again with --model bundled and a new --out folder"
    )]
    NoCodes {
        /// The model of the folder.
        model: String,
        /// Its digest.
        digest: String,
        /// Digest of the model of the table.
        wanted: &'static str,
    },
    /// Two runs are of two models.
    #[error(
        "{first} is of model {first_model} and {second} of {second_model}, and vectors of two models are never compared; run `rolecluster run` again on the input of one of them, with the model of the other and a new --out folder"
    )]
    DifferentModels {
        /// The first folder.
        first: String,
        /// Its model.
        first_model: String,
        /// The second folder.
        second: String,
        /// Its model.
        second_model: String,
    },
    /// A run has no role that counts.
    #[error("one of the runs holds no role, so there is nothing to compare")]
    NothingToCompare,
    /// A worker's task is about a run, and none is named.
    #[error("the task {task} is about a run; name its folder by --run DIR")]
    NoRunForTask {
        /// The task.
        task: &'static str,
    },
    /// A column to be passed on has the name of a column of answers.
    #[error(
        "the column {column:?} cannot be kept beside the answers, which have one of that name; rename it before it is sent"
    )]
    KeptTwice {
        /// Its name.
        column: String,
    },
    /// Answers of a worker cannot be written.
    #[error(
        "the answers to rows after the first {rows} cannot be written: {reason}; whoever reads them has gone, or its disk is full"
    )]
    Answers {
        /// Rows whose answers were taken.
        rows: u64,
        /// The system's reason.
        reason: String,
    },
    /// No role passes a filter, because what it asks for does not exist.
    #[error(transparent)]
    Filter(#[from] Refusal),
    /// The model a folder's vectors were made by is not the one found now.
    #[error(
        "the folder's vectors were made by another state of model {name} ({expected}; here is {found}), and vectors of two models are never compared; run `rolecluster embed` again, into a new folder. `cluster` and `export` need no model and still work on this one"
    )]
    ModelChanged {
        /// The model's name.
        name: String,
        /// Digest in the run folder.
        expected: String,
        /// Digest of the model as found.
        found: String,
    },
}

impl Error {
    pub(crate) fn no_such_field(field: &str, roles: &[Role]) -> Self {
        let known: BTreeSet<&ArcStr> = roles.iter().flat_map(|role| role.fields.keys()).collect();
        let known = known.into_iter().map(ArcStr::to_string).collect();
        Error::NoSuchField { field: field.to_string(), known }
    }
}

// Boxed, because these enums are large and every `Result` has the size of its larger variant.
impl From<ReadError> for Error {
    fn from(error: ReadError) -> Self {
        Error::Read(Box::new(error))
    }
}

impl From<EncodeError> for Error {
    fn from(error: EncodeError) -> Self {
        Error::Encode(Box::new(error))
    }
}

//! The run folder: what a run leaves behind, and the only code that reads or writes it.
//!
//! ```text
//! DIR/
//!   manifest.json     format version and the SHA-256 of every file below; written last
//!   roles.parquet     one row per role as it was read, with the text that was embedded
//!   vectors.parquet   id, vector: FixedSizeList<f32>; the model in the schema metadata
//!   intake.json       what was read, skipped, set aside and merged
//!   clustering.json   label and strength per role
//!   clusters.json     names of the clusters
//!   model.json        the fitted clusters, as placing new roles needs them
//!   shard.json        in the folder of one shard of a corpus: which one, and of what
//!   found.json        the clusters as they were found, where a person corrected them
//!   report.json       profiles, technologies, scores, what was skipped and merged
//!   report.md map.html map.svg roles.csv
//!                     the same for people and spreadsheets; never read back
//!   words.index neighbors.index baseline.index
//!                     search indexes, mapped; made again where they are missing
//!   corrections.toml  what a person wants changed; read by the program, never by this module
//!   cache/            vectors by hash of (model, prompt, text); never needs to be kept
//! ```
//!
//! What a command writes becomes the state of the folder in one step ([`RunWriter::commit`]): a
//! disk that fails or a process that is killed leaves what was there before, or all of the new.
//! The manifest names the checksum of every file, so a bit that flipped is found and named.
//! Indexes carry their checksums themselves ([`IndexPart`]). The one file that grows is the cache, an
//! append-only log whose records each carry a checksum: a torn tail is cut off at the next
//! start and the rest is kept.

mod cache;
mod error;
mod file_names;
mod foreign_file;
mod index_part;
mod lock;
mod manifest;
mod parquet_file;
mod role_reader;
mod role_writer;
mod run_folder;
mod run_writer;
mod schema_1;
mod shard;
mod staging;
mod vector_file;

#[cfg(fuzzing)]
pub mod unchecked;

pub use cache::{Cache, CacheKey};
pub use error::StoreError;
pub use file_names::{Part, View};
pub use index_part::IndexPart;
pub use manifest::FORMAT_VERSION;
#[cfg(test)]
pub(crate) use role_reader::FULL_READS;
pub use role_reader::{RoleFile, RolePart};
pub use role_writer::StoredRoles;
pub use run_folder::RunFolder;
pub use run_writer::RunWriter;
pub use shard::{NoShard, Shard, ShardError, ShardNote, Share, whole};
pub(crate) use vector_file::model_metadata;

#[cfg(test)]
mod tests;

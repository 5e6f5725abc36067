//! The use cases: what the program and other callers ask for, each made of several verbs.
//!
//! [`embed`] reads inputs and writes a run folder with vectors, [`embed_shard`] and [`merge`] do so
//! on many machines, [`discover`] clusters and names
//! its roles, [`Searcher`] finds the roles most like a text, [`assign`] places new roles among
//! the clusters, [`evaluate_clusters`] compares clusters with labels, [`evaluate_search`]
//! measures the search where the right answers are known, [`table`] counts the roles by what they
//! state, [`standard_codes`] finds their standard occupations, [`correct_run`] makes a person's corrections, [`compare_runs`] compares two runs,
//! [`work`] answers rows inside an engine, [`check_device`] compares a GPU with the CPU, and [`load_report`] reads what an exporter needs.

mod assign;
mod baseline;
mod cluster_eval;
mod cluster_history;
mod cluster_names;
mod comparison;
mod correct;
mod device_check;
mod discover;
mod earlier_roles;
mod embed;
mod found_groups;
mod given_directions;
mod ground;
mod lazy;
mod merge;
mod model_settings;
mod outcome;
mod phrase_vectors;
mod query;
mod query_text;
mod remote_names;
mod role_source;
mod run_indexes;
mod search_eval;
mod search_sources;
mod searcher;
mod session;
mod shard;
mod standard_codes;
mod stored_model;
mod strangers;
mod tables;
mod views;
mod worker;

#[cfg(test)]
mod tests;

pub use crate::store::Shard;
pub use assign::{AssignSettings, Assigned, Assigner, Place, Unplaced, assign};
pub use cluster_eval::{ClusterEvaluation, evaluate_clusters};
pub use comparison::compare_runs;
pub use correct::{check_corrections, correct_run, roles_to_hold_by};
pub use device_check::{DeviceCheck, DeviceFinding, SpeedEffort, check_device, time_device};
pub use discover::{DiscoverSettings, discover, load_report};
pub use earlier_roles::EarlierRoles;
pub use embed::{EmbedSettings, Embedded, embed, embed_read, read_inputs};
pub use given_directions::GivenDirections;
pub use merge::{MergeSettings, Merged, merge};
pub use model_settings::{ModelSettings, QueryModel};
pub use query::{Answer, Explain, Hit, Query, SearchOptions};
pub use search_eval::{ModeEvaluation, SearchEvaluation, evaluate_search};
pub use searcher::{Searcher, neighbor_ids};
pub use session::Found;
pub use shard::embed_shard;
pub use standard_codes::{CodeSettings, RunCodes, standard_codes};
pub use tables::{Content, Measure, Table, TableSettings, table};
pub use worker::{
    Answering, Task, Worked, Worker, WorkerEvent, WorkerSettings, role_columns, work,
};

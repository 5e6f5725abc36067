//! The use cases: what the program and other callers ask for, each made of several verbs.
//!
//! [`embed`] reads inputs and writes a run folder with vectors, [`discover`] clusters and names
//! its roles, [`Searcher`] finds the roles most like a text, [`assign`] places new roles among
//! the clusters, [`evaluate_clusters`] compares clusters with labels, [`evaluate_search`]
//! measures the search where the right answers are known, and [`load_report`] reads what an
//! exporter needs.

mod assign;
mod cluster_eval;
mod cluster_history;
mod cluster_names;
mod discover;
mod embed;
mod lazy;
mod model_settings;
mod query;
mod remote_names;
mod role_source;
mod run_indexes;
mod search_eval;
mod search_sources;
mod searcher;
mod session;
mod views;

pub use assign::{AssignSettings, Assigned, Place, assign};
pub use cluster_eval::{ClusterEvaluation, evaluate_clusters};
pub use discover::{DiscoverSettings, discover, load_report};
pub use embed::{EmbedSettings, Embedded, embed, embed_read, read_inputs};
pub use model_settings::{ModelSettings, QueryModel};
pub use query::{Explain, Hit, Query, SearchOptions};
pub use search_eval::{ModeEvaluation, SearchEvaluation, evaluate_search};
pub use searcher::{Searcher, neighbor_ids};
pub use session::Found;

//! The only place where verbs meet, a file per use case.
//!
//! [`embed`] turns inputs into a run folder with vectors, [`discover`] finds and names the
//! specialisations in it, [`Searcher`] answers "roles like this text", [`assign`] gives new
//! roles a place, [`evaluate_clusters`] compares clusters with labels, [`evaluate_search`] measures the
//! search where the right answers are known, and [`load_report`] gathers what an exporter
//! needs.

mod assign;
mod cluster_eval;
mod cluster_history;
mod cluster_names;
mod discover;
mod embed;
mod explain;
mod filter;
mod lazy;
mod model_settings;
mod query;
mod reduction;
mod remote_names;
mod role_attributes;
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
pub use embed::{EmbedSettings, Embedded, embed};
pub use explain::Explanation;
pub use filter::{Filter, FilterError};
pub use model_settings::{ModelSettings, QueryModel};
pub use query::{Explain, Hit, Query, SearchOptions};
pub use reduction::Reduction;
pub use search_eval::{ModeEvaluation, SearchEvaluation, evaluate_search};
pub use searcher::{Searcher, neighbor_ids};
pub use session::Found;

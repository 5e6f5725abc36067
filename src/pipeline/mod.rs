//! The only place where verbs meet, a file per use case.
//!
//! [`embed`] turns inputs into a run folder with vectors, [`discover`] finds and names the
//! specialisations in it, [`Searcher`] answers "roles like this text", [`assign`] gives new
//! roles a place, [`assess`] compares clusters with labels, and [`load_report`] gathers what
//! an exporter needs.

mod assess;
mod assign;
mod discover;
mod embed;
mod explain;
mod filter;
mod history;
mod model;
mod names;
mod naming;
mod publish;
mod similar;

pub use assess::{Assessment, assess};
pub use assign::{AssignSettings, Assigned, Place, assign};
pub use discover::{DiscoverSettings, discover, load_report};
pub use embed::{EmbedSettings, Embedded, embed};
pub use explain::Explanation;
pub use filter::{Filter, FilterError};
pub use model::{ModelSettings, QueryModel};
pub use similar::{Explain, Hit, Query, SearchOptions, Searcher, neighbor_ids};

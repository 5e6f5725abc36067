//! The only place where verbs meet, a file per use case.
//!
//! [`embed`] turns inputs into a run folder with vectors, [`discover`] finds and names the
//! specialisations in it, [`Searcher`] answers "roles like this text", [`assign`] gives new
//! roles a place, [`assess`] compares clusters with labels, [`assess_search`] measures the
//! search where the right answers are known, and [`load_report`] gathers what an exporter
//! needs.

mod assess;
mod assign;
mod discover;
mod embed;
mod explain;
mod figures;
mod filter;
mod history;
mod index;
mod model;
mod names;
mod naming;
mod once;
mod publish;
mod query;
mod reduction;
mod roles;
mod session;
mod similar;
mod traits;
mod vectors;

pub use assess::{Assessment, assess};
pub use assign::{AssignSettings, Assigned, Place, assign};
pub use discover::{DiscoverSettings, discover, load_report};
pub use embed::{EmbedSettings, Embedded, embed};
pub use explain::Explanation;
pub use figures::{ModeFigures, SearchFigures, assess_search};
pub use filter::{Filter, FilterError};
pub use model::{ModelSettings, QueryModel};
pub use query::{Explain, Hit, Query, SearchOptions};
pub use reduction::Reduction;
pub use session::Found;
pub use similar::{Searcher, neighbor_ids};

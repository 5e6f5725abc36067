//! The only place where verbs meet, a file per use case.
//!
//! [`embed`] turns inputs into a run folder with vectors, [`discover`] finds and names the
//! specialisations in it, [`similar`] answers "roles like this text", [`assess`] compares
//! clusters with labels, and [`load_report`] gathers what an exporter needs.

mod assess;
mod discover;
mod embed;
mod similar;

pub use assess::{Assessment, assess};
pub use discover::{DiscoverSettings, discover, load_report};
pub use embed::{EmbedSettings, Embedded, ModelSettings, embed};
pub use similar::{Hit, Query, Searcher, neighbor_ids};

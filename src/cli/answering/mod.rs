//! What `serve` and `mcp` share: answers about one run folder.
//!
//! The folder is loaded once ([`OpenedRun`]), a question is checked before anything is computed
//! ([`SearchRequest`], [`limits`]), answers have one form as JSON ([`answers`]), and questions
//! that compute run in a bounded [`WorkerPool`].

pub mod answers;
pub mod limits;
mod opened_run;
mod request_error;
mod search_request;
mod worker_pool;

pub use opened_run::OpenedRun;
pub use request_error::RequestError;
pub use search_request::{SearchRequest, checked_k};
pub use worker_pool::WorkerPool;

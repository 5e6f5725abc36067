//! The state shared by all request handlers.

use std::sync::Arc;

use axum::extract::State;
use rolecluster::Error;
use rolecluster::pipeline::{Found, Hit};
use rolecluster::role::RoleId;

use super::super::printer::Printer;
use super::access::AccessPolicy;
use super::api_error::ApiError;
use super::search_params::SearchParams;
use super::served_run::ServedRun;
use super::worker_pool::WorkerPool;

/// What a handler may need.
pub struct App {
    pub run: Arc<ServedRun>,
    pub pool: WorkerPool,
    pub access: AccessPolicy,
    pub printer: Printer,
}

/// The extractor handlers take it by.
pub type Shared = State<Arc<App>>;

impl App {
    /// The hits of a search, computed in the worker pool.
    pub async fn search(&self, params: SearchParams) -> Result<(Vec<Hit>, SearchParams), ApiError> {
        let run = Arc::clone(&self.run);
        let (hits, params) = self.pool.run(move || (run.search(&params), params)).await?;
        Ok((hits.map_err(|error| self.reported(error))?, params))
    }

    /// The `k` roles nearest to a role by meaning, computed in the worker pool.
    pub async fn similar(&self, id: RoleId, k: usize) -> Result<Vec<Hit>, ApiError> {
        let run = Arc::clone(&self.run);
        let hits = self.pool.run(move || run.similar(&id, k)).await?;
        hits.map_err(|error| self.reported(error))
    }

    /// A role and what is known about it; unknown ids are 404.
    pub fn role(&self, id: &RoleId) -> Result<Found<'_>, ApiError> {
        let role = self.run.role(id).map_err(|error| ApiError::from_library(&error))?;
        role.ok_or_else(|| ApiError::from_library(&Error::NoSuchRole(id.clone())))
    }

    /// Turns an error into an answer. One that the client cannot mend is also printed, for whoever
    /// runs the server.
    fn reported(&self, error: Error) -> ApiError {
        let answer = ApiError::from_library(&error);
        if answer == ApiError::internal() {
            let cause = anyhow::Error::from(error);
            self.printer.warning(format_args!("a request failed: {cause:#}"));
        }
        answer
    }
}

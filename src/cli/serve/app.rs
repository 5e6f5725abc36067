//! The state shared by all request handlers.

use std::sync::Arc;

use axum::extract::State;
use rolecluster::Error;
use rolecluster::pipeline::{Answer, Found};
use rolecluster::role::RoleId;

use super::super::answering::{RequestError, SearchRequest, WorkerPool};
use super::super::printer::Printer;
use super::access::AccessPolicy;
use super::api_error::ApiError;
use super::served_run::ServedRun;

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
    /// The answer to a search, computed in the worker pool.
    pub async fn search(
        &self,
        request: SearchRequest,
    ) -> Result<(Answer, SearchRequest), ApiError> {
        let run = Arc::clone(&self.run);
        let (answer, request) =
            self.pool.run(move || (run.opened.search(&request), request)).await?;
        Ok((answer.map_err(|error| self.reported(error))?, request))
    }

    /// The `k` roles nearest to a role by meaning, computed in the worker pool.
    pub async fn similar(&self, id: RoleId, k: usize) -> Result<Answer, ApiError> {
        let run = Arc::clone(&self.run);
        let answer = self.pool.run(move || run.opened.similar(&id, k)).await?;
        answer.map_err(|error| self.reported(error))
    }

    /// A role and what is known about it; unknown ids are 404.
    pub fn role(&self, id: &RoleId) -> Result<Found<'_>, ApiError> {
        let role = self.run.opened.role(id).map_err(|error| self.reported(error))?;
        role.ok_or_else(|| self.reported(Error::NoSuchRole(id.clone())))
    }

    /// Turns an error into an answer. One that the client cannot mend is also printed, for whoever
    /// runs the server.
    fn reported(&self, error: Error) -> ApiError {
        let answer = RequestError::from_library(&error);
        if answer == RequestError::Failed {
            let cause = anyhow::Error::from(error);
            self.printer.warning(format_args!("a request failed: {cause:#}"));
        }
        answer.into()
    }
}

//! The errors of the JSON API, as its description tells of them.

use serde::Serialize;
use utoipa::{IntoResponses, ToSchema};

use super::api_error::ApiError;

/// The body of an error.
#[derive(Serialize, ToSchema)]
#[schema(as = Error)]
pub struct ErrorAnswer {
    /// What went wrong.
    error: Reason,
}

/// What went wrong.
#[derive(Serialize, ToSchema)]
struct Reason {
    /// The HTTP status.
    status: u16,
    /// A sentence for people.
    message: String,
}

impl ErrorAnswer {
    pub fn of(error: &ApiError) -> Self {
        let (status, message) = (error.status().as_u16(), error.message().to_string());
        ErrorAnswer { error: Reason { status, message } }
    }
}

/// What any request may be answered with.
#[derive(IntoResponses)]
#[allow(dead_code, reason = "read by the derive alone")]
pub enum Failures {
    /// A parameter is missing, unknown or invalid, or no role has the field of a filter.
    #[response(status = 400)]
    Invalid(ErrorAnswer),
    /// A token is required and was not sent, or is wrong.
    #[response(status = 401)]
    NoToken(ErrorAnswer),
    /// A page of another site asks.
    #[response(status = 403)]
    CrossSite(ErrorAnswer),
    /// The request has a body larger than any request needs.
    #[response(status = 413)]
    TooLarge(ErrorAnswer),
    /// The query or the whole address is too long.
    #[response(status = 414)]
    TooLong(ErrorAnswer),
    /// The request names another host, and no token is set.
    #[response(status = 421)]
    WrongHost(ErrorAnswer),
    /// The server failed; it prints why on its stderr.
    #[response(status = 500)]
    Failed(ErrorAnswer),
    /// Too many requests at once, or the answer took too long; `Retry-After` says when to try
    /// again.
    #[response(status = 503)]
    Busy(ErrorAnswer),
}

/// There is no such role.
#[derive(IntoResponses)]
#[response(status = 404)]
#[allow(dead_code, reason = "read by the derive alone")]
pub struct NoSuchRole(ErrorAnswer);

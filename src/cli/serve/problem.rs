//! What is answered when a request cannot be: one value, dressed as JSON or as a page when
//! the answer leaves.

use std::sync::Arc;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use rolecluster::Error;

/// A status and a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    status: StatusCode,
    message: String,
}

impl Problem {
    fn new(status: StatusCode, message: impl Into<String>) -> Self {
        Problem { status, message: message.into() }
    }

    pub fn bad_request(message: impl Into<String>) -> Self {
        Problem::new(StatusCode::BAD_REQUEST, message)
    }

    pub fn no_token() -> Self {
        let how = "a token is wanted: Authorization: Bearer TOKEN, or ?token=TOKEN once";
        Problem::new(StatusCode::UNAUTHORIZED, how)
    }

    pub fn cross_site() -> Self {
        Problem::new(StatusCode::FORBIDDEN, "pages of other sites may not ask here")
    }

    pub fn not_found(message: impl Into<String>) -> Self {
        Problem::new(StatusCode::NOT_FOUND, message)
    }

    pub fn method_not_allowed() -> Self {
        Problem::new(StatusCode::METHOD_NOT_ALLOWED, "only GET and HEAD are answered")
    }

    pub fn too_large(most: u64) -> Self {
        let why = format!("a request may carry {most} bytes at most");
        Problem::new(StatusCode::PAYLOAD_TOO_LARGE, why)
    }

    pub fn too_long(what: &str, most: usize, unit: &str) -> Self {
        let why = format!("{what} may be {most} {unit} long at most");
        Problem::new(StatusCode::URI_TOO_LONG, why)
    }

    pub fn wrong_host() -> Self {
        let why = "this address is served under localhost and its own number only";
        Problem::new(StatusCode::MISDIRECTED_REQUEST, why)
    }

    pub fn busy() -> Self {
        Problem::new(StatusCode::SERVICE_UNAVAILABLE, "too many requests at once; try again")
    }

    pub fn too_slow() -> Self {
        Problem::new(StatusCode::SERVICE_UNAVAILABLE, "the answer took too long; try again")
    }

    /// Nothing the one who asks can do about; the reason is told on stderr.
    pub fn failed() -> Self {
        Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "the request failed")
    }

    /// The ones the request is to blame for; any other is for the one who runs the program.
    pub fn of(error: &Error) -> Self {
        match error {
            Error::NoSuchRole(id) => {
                Problem::not_found(format!("there is no role {:?}", id.as_str()))
            }
            Error::NoSuchField { .. } => Problem::bad_request(error.to_string()),
            _ => Problem::failed(),
        }
    }

    pub fn status(&self) -> StatusCode {
        self.status
    }

    pub fn message(&self) -> &str {
        &self.message
    }
}

impl IntoResponse for Problem {
    /// Without a body yet: only the guard knows who asked.
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        let headers = response.headers_mut();
        match self.status {
            StatusCode::SERVICE_UNAVAILABLE => {
                headers.insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
            }
            StatusCode::UNAUTHORIZED => {
                headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
            }
            _ => {}
        }
        response.extensions_mut().insert(Arc::new(self));
        response
    }
}

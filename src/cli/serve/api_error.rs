//! Error answers. The body, JSON or a page, is filled in by the middleware, which knows which of
//! the two was asked for.

use std::sync::Arc;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::super::answering::RequestError;

/// A status and a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiError {
    status: StatusCode,
    message: String,
}

impl ApiError {
    fn new(status: StatusCode, message: impl Into<String>) -> Self {
        ApiError { status, message: message.into() }
    }

    pub fn bad_request(message: impl Into<String>) -> Self {
        ApiError::new(StatusCode::BAD_REQUEST, message)
    }

    pub fn no_token() -> Self {
        let how = "a token is wanted: Authorization: Bearer TOKEN, or ?token=TOKEN once";
        ApiError::new(StatusCode::UNAUTHORIZED, how)
    }

    pub fn cross_site() -> Self {
        ApiError::new(StatusCode::FORBIDDEN, "pages of other sites may not ask here")
    }

    pub fn not_found(message: impl Into<String>) -> Self {
        ApiError::new(StatusCode::NOT_FOUND, message)
    }

    pub fn method_not_allowed() -> Self {
        ApiError::new(StatusCode::METHOD_NOT_ALLOWED, "only GET and HEAD are answered")
    }

    pub fn too_large(most: u64) -> Self {
        let why = format!("a request may carry {most} bytes at most");
        ApiError::new(StatusCode::PAYLOAD_TOO_LARGE, why)
    }

    pub fn too_long(what: &str, most: usize, unit: &str) -> Self {
        let why = format!("{what} may be {most} {unit} long at most");
        ApiError::new(StatusCode::URI_TOO_LONG, why)
    }

    pub fn wrong_host() -> Self {
        let why = "this address is served under localhost and its own number only";
        ApiError::new(StatusCode::MISDIRECTED_REQUEST, why)
    }

    pub fn too_slow() -> Self {
        ApiError::new(StatusCode::SERVICE_UNAVAILABLE, "the answer took too long; try again")
    }

    /// An error the client can do nothing about. The reason is printed on stderr, not sent.
    pub fn internal() -> Self {
        RequestError::Failed.into()
    }

    pub fn status(&self) -> StatusCode {
        self.status
    }

    pub fn message(&self) -> &str {
        &self.message
    }
}

impl From<RequestError> for ApiError {
    fn from(error: RequestError) -> Self {
        let status = match error {
            RequestError::Invalid(_) => StatusCode::BAD_REQUEST,
            RequestError::TooLong { .. } => StatusCode::URI_TOO_LONG,
            RequestError::NotFound(_) => StatusCode::NOT_FOUND,
            RequestError::Busy => StatusCode::SERVICE_UNAVAILABLE,
            RequestError::Failed => StatusCode::INTERNAL_SERVER_ERROR,
        };
        ApiError::new(status, error.to_string())
    }
}

impl IntoResponse for ApiError {
    /// An answer without a body, and the error as an extension for the middleware.
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

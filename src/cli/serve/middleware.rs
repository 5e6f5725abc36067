//! What every request passes: the access check and a time limit on the way in, error bodies and
//! security headers on the way out.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::access::{Admitted, is_api};
use super::api_error::ApiError;
use super::app::Shared;
use super::failures::ErrorAnswer;
use super::{assets, pages};

/// Longest time for one answer, waiting in the queue included.
const ANSWER_TIME: Duration = Duration::from_secs(10);

/// Runs around every handler.
pub async fn around(State(app): Shared, request: Request, next: Next) -> Response {
    let api = is_api(request.uri().path());
    let mut response = match app.access.check(&request) {
        Err(error) => error.into_response(),
        Ok(Admitted::ByQueryToken) => app.access.set_cookie(&request),
        Ok(Admitted::AsItIs) => match tokio::time::timeout(ANSWER_TIME, next.run(request)).await {
            Ok(response) => response,
            Err(_) => ApiError::too_slow().into_response(),
        },
    };
    if let Some(error) = response.extensions_mut().remove::<Arc<ApiError>>() {
        let (kind, text) = if api {
            (assets::JSON, as_json(&error))
        } else {
            (assets::HTML, pages::error(&error, app.run.language()))
        };
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
        response.headers_mut().remove(header::CONTENT_LENGTH);
        *response.body_mut() = Body::from(text);
    }
    set_security_headers(response.headers_mut());
    response
}

/// Plain strings and numbers, which cannot fail to be written.
fn as_json(error: &ApiError) -> String {
    serde_json::to_string(&ErrorAnswer::of(error)).unwrap_or_default()
}

/// A page with a policy of its own, the map, keeps it.
fn set_security_headers(headers: &mut HeaderMap) {
    const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
        img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; \
        frame-ancestors 'none'";
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CACHE_CONTROL, "no-store"),
    ] {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    for name in ["cross-origin-resource-policy", "cross-origin-opener-policy"] {
        headers.insert(name, HeaderValue::from_static("same-origin"));
    }
}

//! The description of the JSON API (OpenAPI 3.1), made from the handlers and the types of their
//! answers. A handler is routed and described by the same line.

use std::sync::{Arc, LazyLock};

use axum::extract::RawQuery;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{Modify, OpenApi};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::api_error::ApiError;
use super::app::App;
use super::failures::{ErrorAnswer, Failures};
use super::{api, assets, search_params};

/// What is said of the whole.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "rolecluster serve",
        version = "1",
        description = "Search and read one run folder. Answers describe the folder as it was \
                       when the server was started. Only GET and HEAD are answered. An error is \
                       JSON too, for every path below /api."
    ),
    servers((url = "/")),
    security((), ("token" = [])),
    components(schemas(ErrorAnswer)),
    modifiers(&Token)
)]
struct Description;

struct Token;

impl Modify for Token {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let how = "Only if the server was started with --token. `?token=TOKEN` is accepted too.";
        let scheme = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some(how));
        let components = document.components.get_or_insert_default();
        components.add_security_scheme("token", SecurityScheme::Http(scheme.build()));
    }
}

/// The document.
pub static DOCUMENT: LazyLock<String> =
    LazyLock::new(|| serde_json::to_string(&routes().into_openapi()).unwrap_or_default());

/// The routes of the API.
pub fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::with_openapi(Description::openapi())
        .routes(routes!(api::search))
        .routes(routes!(api::role))
        .routes(routes!(api::similar))
        .routes(routes!(api::clusters))
        .routes(routes!(api::health))
        .routes(routes!(openapi))
}

/// This document
#[utoipa::path(
    get, path = "/openapi.json",
    responses((status = 200, description = "This document.", body = Object), Failures)
)]
async fn openapi(RawQuery(query): RawQuery) -> Result<Response, ApiError> {
    search_params::none(query.as_deref())?;
    Ok(([(header::CONTENT_TYPE, assets::JSON)], DOCUMENT.as_str()).into_response())
}

//! Static files.

use axum::http::header;
use axum::response::IntoResponse;

pub const HTML: &str = "text/html; charset=utf-8";
pub const JSON: &str = "application/json";

const STYLE: &str = include_str!("serve.css");
const SCRIPT: &str = include_str!("serve.js");
const ICON: &str = include_str!("icon.svg");

pub async fn style() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], STYLE)
}

pub async fn script() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/javascript; charset=utf-8")], SCRIPT)
}

pub async fn icon() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "image/svg+xml")], ICON)
}

//! Who may come in, with how much, and how every answer leaves.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::super::token::Token;
use super::problem::Problem;
use super::{Shared, assets, pages};

/// Longest path and query in bytes; a Chinese character takes nine of them.
pub const LONGEST_URI: usize = 32 * 1024;
/// No request needs a body; some clients send one all the same.
const LARGEST_BODY: u64 = 16 * 1024;
/// Longest time for one answer, waiting for a turn included.
const PATIENCE: Duration = Duration::from_secs(10);

/// What is asked of a request before it is read.
pub struct Guard {
    address: SocketAddr,
    token: Option<Token>,
}

/// A request that may come in.
enum Pass {
    /// As it is.
    In,
    /// By a token in its address: the browser shall remember and the address forget it.
    Remember(Token),
}

impl Guard {
    pub fn new(address: SocketAddr, token: Option<Token>) -> Self {
        Guard { address, token }
    }

    fn look_at(&self, request: &Request) -> Result<Pass, Problem> {
        let (uri, headers) = (request.uri(), request.headers());
        self.refuse_other_names(uri.host(), headers)?;
        let length = uri.path_and_query().map_or(0, |all| all.as_str().len());
        if length > LONGEST_URI {
            return Err(Problem::too_long("an address", LONGEST_URI, "bytes"));
        }
        if body_length(headers) > LARGEST_BODY {
            return Err(Problem::too_large(LARGEST_BODY));
        }
        let site = headers.get("sec-fetch-site").map(HeaderValue::as_bytes);
        if site == Some(b"cross-site") && is_api(uri.path()) {
            return Err(Problem::cross_site());
        }
        self.ask_for_token(uri.query().unwrap_or_default(), uri.path(), headers)
    }

    /// A page of another site whose name was made to point here after it was loaded ("DNS
    /// rebinding") asks under its own name. Behind a token it learns nothing, since neither
    /// token nor cookie go to that name; without one only names that nobody else can own are
    /// answered.
    fn refuse_other_names(&self, target: Option<&str>, headers: &HeaderMap) -> Result<(), Problem> {
        let mut hosts = headers.get_all(header::HOST).iter();
        let (Some(host), None) = (hosts.next(), hosts.next()) else {
            return Err(Problem::bad_request("one Host header is wanted"));
        };
        let host = host.to_str().map_err(|_| Problem::wrong_host())?;
        let names = [Some(without_port(host)), target];
        let ours = names.into_iter().flatten().all(|name| self.is_our_name(name));
        if ours || self.token.is_some() { Ok(()) } else { Err(Problem::wrong_host()) }
    }

    fn is_our_name(&self, name: &str) -> bool {
        let number = name.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
        name.eq_ignore_ascii_case("localhost")
            || number.is_ok_and(|ip| ip.is_loopback() || ip == self.address.ip())
    }

    fn ask_for_token(&self, query: &str, path: &str, headers: &HeaderMap) -> Result<Pass, Problem> {
        let Some(token) = &self.token else { return Ok(Pass::In) };
        let text = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
        let bearer = text(header::AUTHORIZATION).and_then(|value| {
            let (scheme, given) = value.split_once(' ')?;
            scheme.eq_ignore_ascii_case("bearer").then_some(given.trim())
        });
        let cookies = headers.get_all(header::COOKIE).iter().filter_map(|all| all.to_str().ok());
        let name = self.cookie_name();
        let mut cookies = cookies
            .flat_map(|all| all.split(';'))
            .filter_map(|one| one.trim().split_once('='))
            .filter(|(known, _)| *known == name);
        if bearer.is_some_and(|given| token.is(given))
            || cookies.any(|(_, given)| token.is_cookie(given))
        {
            // A program that repeats the token in the address is answered all the same.
            return Ok(Pass::In);
        }
        let mut in_query = form_urlencoded::parse(query.as_bytes());
        match in_query.find(|(name, _)| name == "token") {
            Some((_, given)) if token.is(&given) && is_api(path) => Ok(Pass::In),
            Some((_, given)) if token.is(&given) => Ok(Pass::Remember(token.clone())),
            _ => Err(Problem::no_token()),
        }
    }

    /// Cookies are kept by host, not by port: two servers must not take each other's.
    fn cookie_name(&self) -> String {
        format!("rolecluster-{}", self.address.port())
    }

    fn remember(&self, token: &Token, request: &Request) -> Response {
        let mut rest = form_urlencoded::Serializer::new(String::new());
        let query = request.uri().query().unwrap_or_default();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            if name != "token" {
                rest.append_pair(&name, &value);
            }
        }
        let rest = rest.finish();
        // Two slashes would name another host.
        let path = format!("/{}", request.uri().path().trim_start_matches('/'));
        let target = if rest.is_empty() { path } else { format!("{path}?{rest}") };
        let cookie =
            format!("{}={}; Path=/; HttpOnly; SameSite=Strict", self.cookie_name(), token.cookie());
        let mut response = StatusCode::SEE_OTHER.into_response();
        for (name, value) in [(header::LOCATION, target), (header::SET_COOKIE, cookie)] {
            if let Ok(value) = HeaderValue::from_str(&value) {
                response.headers_mut().insert(name, value);
            }
        }
        response
    }
}

/// The one way in and out.
pub async fn pass(axum::extract::State(app): Shared, request: Request, next: Next) -> Response {
    let api = is_api(request.uri().path());
    let mut response = match app.guard.look_at(&request) {
        Err(problem) => problem.into_response(),
        Ok(Pass::Remember(token)) => app.guard.remember(&token, &request),
        Ok(Pass::In) => match tokio::time::timeout(PATIENCE, next.run(request)).await {
            Ok(response) => response,
            Err(_) => Problem::too_slow().into_response(),
        },
    };
    if let Some(problem) = response.extensions_mut().remove::<Arc<Problem>>() {
        let (kind, text) = if api {
            (assets::JSON, as_json(&problem))
        } else {
            (assets::HTML, pages::problem(&problem, app.site.language()))
        };
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
        response.headers_mut().remove(header::CONTENT_LENGTH);
        *response.body_mut() = Body::from(text);
    }
    protect(response.headers_mut());
    response
}

fn as_json(problem: &Problem) -> String {
    let (status, message) = (problem.status().as_u16(), problem.message());
    serde_json::json!({ "error": { "status": status, "message": message } }).to_string()
}

/// What every answer says to a browser. A page with a policy of its own keeps it.
fn protect(headers: &mut HeaderMap) {
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

fn is_api(path: &str) -> bool {
    path == "/api" || path.starts_with("/api/") || path == "/openapi.json"
}

fn body_length(headers: &HeaderMap) -> u64 {
    let length = headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok());
    length.map_or(0, |length| length.parse().unwrap_or(u64::MAX))
}

/// `localhost:80` and `[::1]:80` without the number.
fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|b| b.is_ascii_digit()) && !name.ends_with(':') => {
            name
        }
        _ => host,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_that_nobody_else_can_own_are_ours() {
        let guard = Guard::new("127.0.0.1:7717".parse().unwrap(), None);
        for (host, ours) in [
            ("localhost:7717", true),
            ("LOCALHOST", true),
            ("127.0.0.1:7717", true),
            ("127.0.0.1:9", true),
            ("[::1]:7717", true),
            ("127.9.9.9", true),
            ("localhost.evil.example:7717", false),
            ("127.0.0.1.evil.example", false),
            ("evil.example", false),
            ("192.168.1.5:7717", false),
            ("", false),
            ("localhost@evil.example", false),
        ] {
            assert_eq!(guard.is_our_name(without_port(host)), ours, "{host:?}");
        }
    }

    #[test]
    fn ports_are_left_out() {
        for (host, name) in
            [("a:1", "a"), ("a", "a"), ("[::1]:1", "[::1]"), ("[::1]", "[::1]"), ("a:b", "a:b")]
        {
            assert_eq!(without_port(host), name);
        }
    }
}

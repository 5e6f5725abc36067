//! Which requests are admitted: checks of host name, size, origin and token.
//!
//! Our own rather than a crate's, because the rule depends on where the server listens: without a
//! token only names that no other site can own are answered, which defeats DNS rebinding.

use std::net::{IpAddr, SocketAddr};

use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::super::token::Token;
use super::api_error::ApiError;

/// Longest path and query in bytes; a Chinese character takes nine of them, percent-encoded.
pub const LONGEST_URI: usize = 32 * 1024;
/// No request needs a body; some clients send one all the same.
const LARGEST_BODY: u64 = 16 * 1024;

/// The address listened on, and the token if there is one.
pub struct AccessPolicy {
    address: SocketAddr,
    token: Option<Token>,
}

/// A request that is admitted.
pub enum Admitted {
    /// To be answered.
    AsItIs,
    /// By a token in its address: the answer is a redirect that sets a cookie and leaves the
    /// token out, so that it stays out of the history and of the address bar.
    ByQueryToken,
}

impl AccessPolicy {
    pub fn new(address: SocketAddr, token: Option<Token>) -> Self {
        AccessPolicy { address, token }
    }

    pub fn check(&self, request: &Request) -> Result<Admitted, ApiError> {
        let (uri, headers) = (request.uri(), request.headers());
        self.check_host(uri.host(), headers)?;
        let length = uri.path_and_query().map_or(0, |all| all.as_str().len());
        if length > LONGEST_URI {
            return Err(ApiError::too_long("an address", LONGEST_URI, "bytes"));
        }
        if body_length(headers) > LARGEST_BODY {
            return Err(ApiError::too_large(LARGEST_BODY));
        }
        let site = headers.get("sec-fetch-site").map(HeaderValue::as_bytes);
        if site == Some(b"cross-site") && is_api(uri.path()) {
            return Err(ApiError::cross_site());
        }
        self.check_token(uri.query().unwrap_or_default(), uri.path(), headers)
    }

    /// A page of another site whose name was made to resolve to this machine after it was loaded
    /// ("DNS rebinding") sends its own name as the host. Behind a token it learns nothing, since
    /// neither token nor cookie are sent to that name; without one only names that nobody else
    /// can own are answered.
    fn check_host(&self, target: Option<&str>, headers: &HeaderMap) -> Result<(), ApiError> {
        let mut hosts = headers.get_all(header::HOST).iter();
        let (Some(host), None) = (hosts.next(), hosts.next()) else {
            return Err(ApiError::bad_request("one Host header is wanted"));
        };
        let host = host.to_str().map_err(|_| ApiError::wrong_host())?;
        let names = [Some(without_port(host)), target];
        let ours = names.into_iter().flatten().all(|name| self.is_our_name(name));
        if ours || self.token.is_some() { Ok(()) } else { Err(ApiError::wrong_host()) }
    }

    fn is_our_name(&self, name: &str) -> bool {
        let number = name.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
        name.eq_ignore_ascii_case("localhost")
            || number.is_ok_and(|ip| ip.is_loopback() || ip == self.address.ip())
    }

    /// Bearer-token check: header, cookie or query parameter.
    fn check_token(
        &self,
        query: &str,
        path: &str,
        headers: &HeaderMap,
    ) -> Result<Admitted, ApiError> {
        let Some(token) = &self.token else { return Ok(Admitted::AsItIs) };
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
            // A program that repeats the token in the address is answered without a redirect.
            return Ok(Admitted::AsItIs);
        }
        let mut in_query = form_urlencoded::parse(query.as_bytes());
        match in_query.find(|(name, _)| name == "token") {
            Some((_, given)) if token.is(&given) && is_api(path) => Ok(Admitted::AsItIs),
            Some((_, given)) if token.is(&given) => Ok(Admitted::ByQueryToken),
            _ => Err(ApiError::no_token()),
        }
    }

    /// Browsers keep cookies by host, not by port: two servers must not take each other's.
    fn cookie_name(&self) -> String {
        format!("rolecluster-{}", self.address.port())
    }

    /// The redirect of [`Admitted::ByQueryToken`].
    pub fn set_cookie(&self, request: &Request) -> Response {
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
        let cookie = self.token.as_ref().map_or_else(String::new, Token::cookie);
        let cookie = format!("{}={cookie}; Path=/; HttpOnly; SameSite=Strict", self.cookie_name());
        let mut response = StatusCode::SEE_OTHER.into_response();
        for (name, value) in [(header::LOCATION, target), (header::SET_COOKIE, cookie)] {
            if let Ok(value) = HeaderValue::from_str(&value) {
                response.headers_mut().insert(name, value);
            }
        }
        response
    }
}

/// Whether programs ask here: errors are JSON, and pages of other sites are refused.
pub fn is_api(path: &str) -> bool {
    path == "/api" || path.starts_with("/api/") || path == "/openapi.json"
}

fn body_length(headers: &HeaderMap) -> u64 {
    let length = headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok());
    length.map_or(0, |length| length.parse().unwrap_or(u64::MAX))
}

/// `localhost:80` and `[::1]:80` without the port.
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
        let policy = AccessPolicy::new("127.0.0.1:7717".parse().unwrap(), None);
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
            assert_eq!(policy.is_our_name(without_port(host)), ours, "{host:?}");
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

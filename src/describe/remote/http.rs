//! The HTTP client for a chat endpoint.

use super::namer::RemoteNamer;

/// An answer longer than this many bytes is not read.
const MOST_BYTES: u64 = 256 * 1024;

/// Keeps its connection between requests.
pub(super) struct Client(ureq::Agent);

impl Client {
    /// Follows no redirect, so that the key goes to the host named by the user only.
    pub(super) fn new(namer: &RemoteNamer) -> Self {
        // A proxy is of no use on the way to this machine itself.
        let rest = namer.url.split("://").nth(1).unwrap_or(&namer.url);
        let local = ["localhost", "127.", "[::1]"].iter().any(|host| rest.starts_with(host));
        let config = ureq::Agent::config_builder()
            .timeout_global(Some(namer.timeout))
            .max_redirects(0)
            .http_status_as_error(true);
        let config = if local { config.proxy(None) } else { config };
        Client(config.build().into())
    }

    /// Posts JSON and returns the body of the answer.
    pub(super) fn post(
        &self,
        namer: &RemoteNamer,
        address: &str,
        body: String,
    ) -> Result<String, String> {
        let failed = |error: ureq::Error| format!("{}: {error}", namer.url);
        let mut request = self.0.post(address).header("Content-Type", "application/json");
        if let Some(key) = &namer.key {
            request = request.header("Authorization", format!("Bearer {key}"));
        }
        let mut response = request.send(body).map_err(failed)?;
        response.body_mut().with_config().limit(MOST_BYTES).read_to_string().map_err(failed)
    }
}

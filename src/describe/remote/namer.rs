//! The endpoint that is asked for names.

use std::fmt;
use std::time::Duration;

/// Where names are asked for.
#[derive(Clone, PartialEq, Eq)]
pub struct RemoteNamer {
    /// `http://localhost:11434/v1`, or the full address of the chat endpoint.
    pub url: String,
    /// The model's name; servers with one model ignore it.
    pub model: String,
    /// Sent as a bearer token.
    pub key: Option<String>,
    /// Longest wait for one name.
    pub timeout: Duration,
}

impl fmt::Debug for RemoteNamer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RemoteNamer")
            .field("url", &self.url)
            .field("model", &self.model)
            .field("key", &self.key.as_ref().map(|_| "(not shown)"))
            .field("timeout", &self.timeout)
            .finish()
    }
}

//! Where a served map leads.

use serde::Serialize;

/// Addresses of a server, for a map that is one of its pages: paths on the same host.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Links {
    /// The search page, which takes a query as `?q=`.
    pub search: &'static str,
    /// What stands before the id of a role in the address of its page.
    pub role: &'static str,
    /// What stands before the id of a specialisation in the address of its page.
    pub cluster: &'static str,
    /// Where a query is answered in JSON: `{"hits": [{"id": ...}]}` or
    /// `{"error": {"message": ...}}`.
    pub api: &'static str,
}

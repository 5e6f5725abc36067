//! `rolecluster mcp`, the real program, asked in JSON-RPC lines. `.ci/mcp` asks it with the
//! official client too.

mod client;
mod protocol;
mod tools;

pub use client::Session;

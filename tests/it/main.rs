//! One integration binary, because candle links slowly.

mod browser;
mod circles;
mod cli;
mod excerpts;
mod golden_runs;
mod languages;
mod layering;
mod licences;
mod mcp;
mod membership;
mod mutations;
mod parity;
mod properties;
mod refit;
mod search_quality;
mod serve;
mod source_files;
mod support;

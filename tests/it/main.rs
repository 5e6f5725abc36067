//! One integration binary, because candle links slowly.

mod browser;
mod circles;
mod cli;
mod excerpts;
mod golden_runs;
mod languages;
mod layering;
mod licences;
mod mutations;
mod parity;
mod properties;
mod refit;
mod serve;
mod source_files;
mod support;

//! One integration binary, because candle links slowly.

// A test that cannot run here says so.
#![allow(clippy::print_stderr)]

mod circles;
mod cli;
mod excerpts;
mod golden_runs;
mod layering;
mod licences;
mod mutations;
mod parity;
mod properties;
mod serve;
mod source_files;
mod support;

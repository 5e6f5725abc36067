//! One integration binary, because candle links slowly.

mod cli;
mod layering;
mod parity;
mod properties;
mod support;

//! Stands for `png.rs` where the feature `png` is off.

use std::io::{self, Write};

use crate::language::Language;
use crate::report::Report;

/// Refuses: this build cannot draw a PNG; [`svg`](super::svg()) draws the same map.
///
/// # Errors
/// Always.
pub fn png(_: &Report, _: Language, _: &mut dyn Write) -> io::Result<Vec<char>> {
    let reason = "this build draws no PNG; build with the Cargo feature `png`, or take map.svg";
    Err(io::Error::new(io::ErrorKind::Unsupported, reason))
}

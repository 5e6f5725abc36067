//! Codes roles by standard occupations: each role gets the nearest occupations of ESCO, or unit
//! groups of ISCO-08, or none where none is near.
//!
//! `label_index` compares the letters of a title with the labels of the occupations, `coder` adds
//! that to what the vectors say, `tally` averages it over the roles of a specialisation.

mod coder;
mod label_index;
mod standard_code;
mod tally;
#[cfg(test)]
mod tests;

pub use coder::{Coder, MOST, NEAR, Nearness, Query};
pub use standard_code::{Scheme, StandardCode};
pub use tally::Tally;

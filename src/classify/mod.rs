//! Codes roles by standard occupations: each role gets the nearest occupations of ESCO, or unit
//! groups of ISCO-08, or none where none is near.
//!
//! `label_index` compares the letters of a title with the labels of the occupations, `coder` adds
//! that to what the vectors say.

mod coder;
mod label_index;
mod standard_code;
#[cfg(test)]
mod tests;

pub use coder::{Coder, MOST, NEAR, Query};
pub use standard_code::{Scheme, StandardCode};

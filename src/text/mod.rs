//! Characters, words and sentences. Knows nothing of roles.

pub mod normalize;
pub mod sentences;
pub mod words;

//! (stage evaluate)

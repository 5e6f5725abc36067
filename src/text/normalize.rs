//! (normalize)

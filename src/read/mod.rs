//! (stage read)

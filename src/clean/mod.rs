//! (stage clean)

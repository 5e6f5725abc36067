//! (stage export)

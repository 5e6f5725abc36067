//! (stage encode)

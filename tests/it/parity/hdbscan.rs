//! (hdbscan)

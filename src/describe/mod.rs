//! (stage describe)

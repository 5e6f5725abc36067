//! (sentences)

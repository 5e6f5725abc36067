//! The map as shapes: what the page and the static picture both draw.
//!
//! [`scene`] scales a report's places to a [`frame`] and gives each cluster the outlines of where
//! its roles lie densely ([`density`], [`contour`]), an anchor for its name, and a colour and mark
//! ([`palette`]). [`labels`] places names without overlap.

mod contour;
mod density;
pub(super) mod frame;
pub(super) mod labels;
pub(super) mod palette;
pub(super) mod scene;

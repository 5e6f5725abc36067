//! The map as shapes: what the page and the static picture both draw.
//!
//! [`scene`] scales a report's coordinates to a [`frame`] and gives each cluster the outlines of
//! its dense areas ([`grid`], [`density`], [`contour`]), an anchor for its name, and a colour and
//! a shape ([`palette`]). [`labels`] places names without overlap.

mod contour;
mod density;
pub(super) mod frame;
mod grid;
pub(super) mod labels;
pub(super) mod palette;
pub(super) mod scene;

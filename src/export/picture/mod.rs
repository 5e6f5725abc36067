//! The map as shapes: what the page and the static picture both draw.
//!
//! [`scene`] scales a report's coordinates to a [`frame`] and gives each cluster the outlines of
//! its dense areas ([`grid`], [`density`], [`contour`]), an anchor for its name, and a colour and
//! a shape ([`palette`]). [`labels`] places names where they cover neither each other nor a role.

mod contour;
mod density;
pub(super) mod frame;
mod grid;
pub(super) mod labels;
mod occupied;
pub(super) mod palette;
pub(super) mod scene;

use super::report_text::pick;
use crate::language::Language;

/// What distance on a map means, in a line.
pub(super) fn nearness(language: Language) -> &'static str {
    pick(
        language,
        "相邻的岗位相似；相隔较远时，远近只说明大概",
        "Roles side by side are alike; how far apart distant ones lie says little",
    )
}

//! The coordinates of a picture.

/// Length of the longer side.
pub(in super::super) const FRAME: f32 = 1000.0;

/// Space left around the outermost roles, in the same units.
pub(super) const MARGIN: f32 = 40.0;

/// A closed line, its first point not repeated.
pub(in super::super) type Ring = Vec<[f32; 2]>;

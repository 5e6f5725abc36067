//! Outlines of the dense areas of a cluster: level sets of a Gaussian kernel density estimate.

use super::contour::contour;
use super::frame::{FRAME, MARGIN, Ring};
use super::grid::Grid;

/// Least and largest bandwidth of the kernel, in frame units.
const NARROWEST: f32 = 7.0;
const WIDEST: f32 = 30.0;
/// The bandwidth follows the distance to this neighbour within the cluster.
const NEIGHBOR: usize = 4;
/// Points sampled for the median of that distance.
const N_ASKED: usize = 200;
/// Share of the points left outside the outer and the inner outline.
const OUTSIDE_OUTER: f64 = 0.1;
const OUTSIDE_INNER: f64 = 0.5;
/// Largest levels of the outlines as shares of the peak density, so that a single point has
/// outlines too.
const HIGHEST_OUTER: f32 = 0.45;
const HIGHEST_INNER: f32 = 0.8;
/// Least level as a share of the peak density; a lower one would run far around a dense cluster.
const LOWEST: f32 = 0.04;

/// A ring is drawn if it holds at least this share of the points, and this many.
const LEAST_SHARE: f64 = 0.04;
const LEAST_COUNT: usize = 2;
/// Points sampled to count those within a ring.
const N_COUNTED: usize = 2_000;

/// The outlines of a cluster.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Outlines {
    pub peak: [f32; 2],
    pub outer: Vec<Ring>,
    pub inner: Vec<Ring>,
}

pub(super) fn outlines(points: &[[f32; 2]]) -> Outlines {
    if points.is_empty() {
        let middle = [FRAME / 2.0, FRAME / 2.0];
        return Outlines { peak: middle, outer: vec![], inner: vec![] };
    }
    let kernel = reach(points);
    let grid = Grid::around(points, 3.0 * kernel).filled(points, kernel);
    let mut heights: Vec<f32> = points.iter().map(|&p| grid.at(p)).collect();
    heights.sort_by(f32::total_cmp);
    let top = grid.values.iter().copied().fold(0.0, f32::max);
    let level = |outside: f64, highest: f32| {
        let rank = (outside * (heights.len() - 1) as f64) as usize;
        // Just below, so that the point of that rank lies inside.
        (heights[rank] * 0.98).clamp(LOWEST * top, highest * top)
    };
    let rings = |level| {
        let rings = contour(&grid, level);
        populous(rings, points)
    };
    Outlines {
        peak: grid.peak(),
        outer: rings(level(OUTSIDE_OUTER, HIGHEST_OUTER)),
        inner: rings(level(OUTSIDE_INNER, HIGHEST_INNER)),
    }
}

/// The rings that hold at least [`LEAST_SHARE`] of the points, or the one that holds most; stray
/// roles of a large cluster get no outline of their own.
fn populous(rings: Vec<Ring>, points: &[[f32; 2]]) -> Vec<Ring> {
    let step = points.len().div_ceil(N_COUNTED);
    let asked = points.len().div_ceil(step);
    let held = |ring: &Ring| points.iter().step_by(step).filter(|p| holds(ring, **p)).count();
    let counts: Vec<usize> = rings.iter().map(held).collect();
    let most = counts.iter().copied().max().unwrap_or(0);
    let least = most.min(((asked as f64 * LEAST_SHARE).ceil() as usize).max(LEAST_COUNT));
    rings.into_iter().zip(counts).filter(|(_, n)| *n >= least).map(|(ring, _)| ring).collect()
}

/// Whether a point lies within a ring (even-odd rule).
fn holds(ring: &Ring, point: [f32; 2]) -> bool {
    let mut within = false;
    for (i, p) in ring.iter().enumerate() {
        let q = ring[(i + 1) % ring.len()];
        if (p[1] > point[1]) != (q[1] > point[1]) {
            let x = (q[0] - p[0]) * (point[1] - p[1]) / (q[1] - p[1]) + p[0];
            within ^= point[0] < x;
        }
    }
    within
}

/// Bandwidth of the kernel: the median distance to the [`NEIGHBOR`]-th nearest other point.
fn reach(points: &[[f32; 2]]) -> f32 {
    let step = points.len().div_ceil(N_ASKED);
    let mut reaches: Vec<f32> = Vec::new();
    let mut nearest: Vec<f32> = Vec::with_capacity(points.len());
    for p in points.iter().step_by(step) {
        nearest.clear();
        nearest.extend(points.iter().map(|q| (p[0] - q[0]).hypot(p[1] - q[1])));
        let rank = NEIGHBOR.min(points.len() - 1);
        let (_, found, _) = nearest.select_nth_unstable_by(rank, f32::total_cmp);
        reaches.push(*found);
    }
    let middle = reaches.len() / 2;
    let (_, median, _) = reaches.select_nth_unstable_by(middle, f32::total_cmp);
    // At least a third of the margin, at most what the margin can hold.
    (0.9 * *median).clamp(NARROWEST, WIDEST.min(0.8 * MARGIN))
}

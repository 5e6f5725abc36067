//! Where a cluster's points lie densely: a Gaussian kernel estimate on a grid.

use super::contour::contour;
use super::frame::{FRAME, MARGIN, Ring};

/// Width of a grid cell.
const CELL: f32 = FRAME / 320.0;
/// The kernel is never narrower or wider than this.
const NARROWEST: f32 = 7.0;
const WIDEST: f32 = 30.0;
/// A point's reach follows the distance to this neighbour of its own cluster.
const NEIGHBOR: usize = 4;
/// Points asked for that distance; enough for a median.
const N_ASKED: usize = 200;
/// Share of the points left outside the outer and the inner outline.
const OUTSIDE_OUTER: f64 = 0.1;
const OUTSIDE_INNER: f64 = 0.5;
/// An outline is never drawn nearer to the peak than these parts of its height, so that a
/// single point has one too.
const HIGHEST_OUTER: f32 = 0.45;
const HIGHEST_INNER: f32 = 0.8;
/// Nor lower than this part, or a heap would draw a line far around itself.
const LOWEST: f32 = 0.04;

/// An outline is drawn around at least this share of the points and this many of them.
const LEAST_SHARE: f64 = 0.04;
const LEAST_COUNT: usize = 2;
/// Points asked whether they lie within.
const N_COUNTED: usize = 2_000;

/// A cluster's shape.
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
        let rings = contour(&grid.values, grid.nx, grid.ny, level, grid.origin, CELL);
        populous(rings, points)
    };
    Outlines {
        peak: grid.peak(),
        outer: rings(level(OUTSIDE_OUTER, HIGHEST_OUTER)),
        inner: rings(level(OUTSIDE_INNER, HIGHEST_INNER)),
    }
}

/// The rings that hold at least [`LEAST_SHARE`] of the points, or the one that holds most: a
/// stray role of a large cluster is a mark on the map, not a country.
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

/// Width of the kernel: the median distance to the [`NEIGHBOR`]-th nearest other point.
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

/// Densities at the corners of square cells.
struct Grid {
    origin: [f32; 2],
    nx: usize,
    ny: usize,
    values: Vec<f32>,
}

impl Grid {
    fn around(points: &[[f32; 2]], margin: f32) -> Grid {
        let bound = |axis: usize| {
            let values = points.iter().map(|p| p[axis]);
            values.fold((f32::INFINITY, f32::NEG_INFINITY), |(l, h), x| (l.min(x), h.max(x)))
        };
        let ((x0, x1), (y0, y1)) = (bound(0), bound(1));
        let cells = |low: f32, high: f32| ((high - low + 2.0 * margin) / CELL).ceil() as usize + 2;
        let (nx, ny) = (cells(x0, x1), cells(y0, y1));
        Grid { origin: [x0 - margin, y0 - margin], nx, ny, values: vec![0.0; nx * ny] }
    }

    /// Adds the points, each shared among the four corners around it, and blurs.
    fn filled(mut self, points: &[[f32; 2]], kernel: f32) -> Grid {
        for &point in points {
            for (at, weight) in self.corners(point) {
                self.values[at] += weight;
            }
        }
        let weights = gaussian(kernel / CELL);
        let (nx, ny) = (self.nx, self.ny);
        let mut across = vec![0.0; nx * ny];
        for y in 0..ny {
            blur(&self.values[y * nx..(y + 1) * nx], &weights, &mut across[y * nx..(y + 1) * nx]);
        }
        let (mut column, mut blurred) = (vec![0.0; ny], vec![0.0; ny]);
        for x in 0..nx {
            (0..ny).for_each(|y| column[y] = across[y * nx + x]);
            blur(&column, &weights, &mut blurred);
            (0..ny).for_each(|y| self.values[y * nx + x] = blurred[y]);
        }
        self
    }

    /// The corners around a point and the share each has of it.
    fn corners(&self, point: [f32; 2]) -> [(usize, f32); 4] {
        let gx = (point[0] - self.origin[0]) / CELL;
        let gy = (point[1] - self.origin[1]) / CELL;
        let (x, y) = ((gx as usize).min(self.nx - 2), (gy as usize).min(self.ny - 2));
        let (fx, fy) = (gx - x as f32, gy - y as f32);
        let at = y * self.nx + x;
        [
            (at, (1.0 - fx) * (1.0 - fy)),
            (at + 1, fx * (1.0 - fy)),
            (at + self.nx, (1.0 - fx) * fy),
            (at + self.nx + 1, fx * fy),
        ]
    }

    fn at(&self, point: [f32; 2]) -> f32 {
        self.corners(point).iter().map(|&(at, weight)| self.values[at] * weight).sum()
    }

    /// The densest corner, the first of equals.
    fn peak(&self) -> [f32; 2] {
        let mut best = 0;
        for (at, value) in self.values.iter().enumerate() {
            if *value > self.values[best] {
                best = at;
            }
        }
        let (x, y) = (best % self.nx, best / self.nx);
        [self.origin[0] + x as f32 * CELL, self.origin[1] + y as f32 * CELL]
    }
}

/// Weights of a Gaussian of width `sigma`, cut at three, adding up to 1.
fn gaussian(sigma: f32) -> Vec<f32> {
    let radius = (3.0 * sigma).ceil() as i32;
    let mut weights: Vec<f32> =
        (-radius..=radius).map(|i| (-0.5 * (i as f32 / sigma).powi(2)).exp()).collect();
    let sum: f32 = weights.iter().sum();
    weights.iter_mut().for_each(|w| *w /= sum);
    weights
}

/// What lies beyond the ends counts as nothing.
fn blur(values: &[f32], weights: &[f32], out: &mut [f32]) {
    let radius = weights.len() / 2;
    for (i, out) in out.iter_mut().enumerate() {
        let first = i.saturating_sub(radius);
        let last = (i + radius).min(values.len() - 1);
        let skipped = first + radius - i;
        *out = values[first..=last].iter().zip(&weights[skipped..]).map(|(v, w)| v * w).sum();
    }
}

//! A density on a grid: a Gaussian kernel estimate.

use super::frame::FRAME;

/// Width of a cell.
const CELL: f32 = FRAME / 320.0;

/// Densities at the corners of square cells.
pub(super) struct Grid {
    /// The corner `(x, y)` lies at `origin + cell * (x, y)`.
    pub origin: [f32; 2],
    pub cell: f32,
    pub nx: usize,
    pub ny: usize,
    /// `ny` rows of `nx` corners.
    pub values: Vec<f32>,
}

impl Grid {
    /// An empty grid around points.
    pub fn around(points: &[[f32; 2]], margin: f32) -> Grid {
        let bound = |axis: usize| {
            let values = points.iter().map(|p| p[axis]);
            values.fold((f32::INFINITY, f32::NEG_INFINITY), |(l, h), x| (l.min(x), h.max(x)))
        };
        let ((x0, x1), (y0, y1)) = (bound(0), bound(1));
        let cells = |low: f32, high: f32| ((high - low + 2.0 * margin) / CELL).ceil() as usize + 2;
        let (nx, ny) = (cells(x0, x1), cells(y0, y1));
        Grid { origin: [x0 - margin, y0 - margin], cell: CELL, nx, ny, values: vec![0.0; nx * ny] }
    }

    /// Adds the points, each shared among the four corners around it, and blurs with a Gaussian.
    pub fn filled(mut self, points: &[[f32; 2]], kernel: f32) -> Grid {
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

    /// The density at a point, interpolated between the corners around it.
    pub fn at(&self, point: [f32; 2]) -> f32 {
        self.corners(point).iter().map(|&(at, weight)| self.values[at] * weight).sum()
    }

    /// The densest corner, the first of equals.
    pub fn peak(&self) -> [f32; 2] {
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

/// Convolution; values beyond the ends count as zero.
fn blur(values: &[f32], weights: &[f32], out: &mut [f32]) {
    let radius = weights.len() / 2;
    for (i, out) in out.iter_mut().enumerate() {
        let first = i.saturating_sub(radius);
        let last = (i + radius).min(values.len() - 1);
        let skipped = first + radius - i;
        *out = values[first..=last].iter().zip(&weights[skipped..]).map(|(v, w)| v * w).sum();
    }
}

//! Which parts of a picture hold points.

/// Side of a cell, in frame units.
const CELL: f32 = 4.0;

/// A grid of cells with the number of points in every rectangle that begins at its corner
/// (a summed-area table: F. C. Crow, "Summed-area tables for texture mapping", 1984), so that a
/// box is looked up in four steps however many points there are.
pub(super) struct Occupied {
    columns: usize,
    rows: usize,
    /// `(rows + 1) x (columns + 1)`.
    sums: Vec<u32>,
}

impl Occupied {
    /// The cells of `[0, width] x [0, height]` that hold one of `points`.
    pub(super) fn new(points: &[[f32; 2]], width: f32, height: f32) -> Self {
        let cells = |length: f32| (length.max(0.0) / CELL).ceil() as usize + 1;
        let (columns, rows) = (cells(width), cells(height));
        let stride = columns + 1;
        let mut sums = vec![0u32; (rows + 1) * stride];
        for point in points {
            let at = |x: f32, cells: usize| ((x / CELL).max(0.0) as usize).min(cells - 1) + 1;
            sums[at(point[1], rows) * stride + at(point[0], columns)] += 1;
        }
        for row in 1..=rows {
            let mut in_row = 0;
            for column in 1..=columns {
                in_row += sums[row * stride + column];
                sums[row * stride + column] = in_row + sums[(row - 1) * stride + column];
            }
        }
        Occupied { columns, rows, sums }
    }

    /// Whether a box may hold a point: true for every box that does.
    pub(super) fn in_box(&self, center: [f32; 2], size: [f32; 2]) -> bool {
        let low = |at: f32, cells: usize| ((at / CELL).max(0.0) as usize).min(cells);
        let high = |at: f32, cells: usize| low(at + CELL, cells);
        let (half_w, half_h) = (size[0] / 2.0, size[1] / 2.0);
        let (x0, x1) =
            (low(center[0] - half_w, self.columns), high(center[0] + half_w, self.columns));
        let (y0, y1) = (low(center[1] - half_h, self.rows), high(center[1] + half_h, self.rows));
        let sum = |row: usize, column: usize| self.sums[row * (self.columns + 1) + column];
        sum(y1, x1) + sum(y0, x0) > sum(y0, x1) + sum(y1, x0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_box_with_a_point_is_free() {
        let points: Vec<[f32; 2]> =
            (0..40).map(|i| [(i * 37 % 101) as f32, (i * 53 % 61) as f32]).collect();
        let occupied = Occupied::new(&points, 100.0, 60.0);
        let mut n_free = 0;
        for i in 0..400 {
            let center = [(i * 29 % 100) as f32, (i * 17 % 60) as f32];
            let size = [3.0 + (i % 9) as f32, 2.0 + (i % 5) as f32];
            let holds = points.iter().any(|p| {
                (p[0] - center[0]).abs() <= size[0] / 2.0
                    && (p[1] - center[1]).abs() <= size[1] / 2.0
            });
            let free = !occupied.in_box(center, size);
            assert!(!(holds && free), "{center:?} {size:?}");
            n_free += usize::from(free);
        }
        assert!(n_free > 40, "{n_free}");
    }
}

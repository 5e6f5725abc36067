//! Contour lines of a grid by marching squares (Lorensen and Cline 1987, in two dimensions).
//!
//! Not the crate `contour`: on test grids it finds the same rings in about the same time, but it
//! costs five crates for the hundred lines it would replace, and simplification stays ours.

use std::collections::BTreeMap;

use super::frame::Ring;
use super::grid::Grid;

/// A line may be this far from the exact one, in frame units, for the sake of fewer points.
const TOLERANCE: f32 = 0.4;
/// Rings enclosing less than this many cells are left out, unless there is no other.
const LEAST_CELLS: f32 = 12.0;

/// The closed lines around what is higher than `level`, largest first; hollows within are not cut
/// out. Beyond the grid the density is zero, so every line closes.
pub(super) fn contour(grid: &Grid, level: f32) -> Vec<Ring> {
    let Grid { origin, cell, nx, ny, ref values } = *grid;
    if level <= 0.0 {
        return Vec::new();
    }
    let height = |x: i64, y: i64| -> f32 {
        let within = (0..nx as i64).contains(&x) && (0..ny as i64).contains(&y);
        if within { values[y as usize * nx + x as usize] } else { 0.0 }
    };
    let segments = segments(nx, ny, level, &height);
    let place = |edge: &Edge| {
        let (p, q) = (height(edge.x, edge.y), height(edge.x + edge.dx(), edge.y + edge.dy()));
        let t = if p == q { 0.5 } else { ((level - p) / (q - p)).clamp(0.0, 1.0) };
        let x = edge.x as f32 + t * edge.dx() as f32;
        let y = edge.y as f32 + t * edge.dy() as f32;
        [origin[0] + cell * x, origin[1] + cell * y]
    };
    let mut rings: Vec<(f32, Ring)> = joined(segments)
        .into_iter()
        .map(|edges| simplified(edges.iter().map(place).collect()))
        .map(|ring| (-area(&ring), ring))
        // The higher side lies to the left, so a hollow has the opposite orientation.
        .filter(|(area, ring)| *area > 0.0 && ring.len() >= 3)
        .collect();
    rings.sort_by(|a, b| b.0.total_cmp(&a.0));
    let least = LEAST_CELLS * cell * cell;
    let kept = rings.iter().take_while(|(area, _)| *area >= least).count().max(1);
    rings.into_iter().take(kept).map(|(_, ring)| ring).collect()
}

/// An edge of the grid from corner `(x, y)` to its right or lower neighbour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Edge {
    y: i64,
    x: i64,
    down: bool,
}

impl Edge {
    fn dx(self) -> i64 {
        i64::from(!self.down)
    }
    fn dy(self) -> i64 {
        i64::from(self.down)
    }
}

/// For each cell the edges where the line enters and leaves, the higher side always on the left.
fn segments(
    nx: usize,
    ny: usize,
    level: f32,
    height: &dyn Fn(i64, i64) -> f32,
) -> BTreeMap<Edge, Edge> {
    let mut segments = BTreeMap::new();
    for y in -1..ny as i64 {
        for x in -1..nx as i64 {
            let corners = [height(x, y), height(x + 1, y), height(x + 1, y + 1), height(x, y + 1)];
            let case =
                corners.iter().enumerate().fold(0, |c, (i, &h)| c | usize::from(h >= level) << i);
            let top = Edge { y, x, down: false };
            let bottom = Edge { y: y + 1, x, down: false };
            let left = Edge { y, x, down: true };
            let right = Edge { y, x: x + 1, down: true };
            // Corners clockwise from the upper left; bit set: high.
            let pairs: &[(Edge, Edge)] = match case {
                1 => &[(left, top)],
                2 => &[(top, right)],
                3 => &[(left, right)],
                4 => &[(right, bottom)],
                6 => &[(top, bottom)],
                7 => &[(left, bottom)],
                8 => &[(bottom, left)],
                9 => &[(bottom, top)],
                11 => &[(bottom, right)],
                12 => &[(right, left)],
                13 => &[(right, top)],
                14 => &[(top, left)],
                // A saddle: the mean of the cell decides whether the high corners are connected.
                5 if middle(corners) >= level => &[(left, bottom), (right, top)],
                5 => &[(left, top), (right, bottom)],
                10 if middle(corners) >= level => &[(top, left), (bottom, right)],
                10 => &[(top, right), (bottom, left)],
                _ => &[],
            };
            segments.extend(pairs.iter().copied());
        }
    }
    segments
}

fn middle(corners: [f32; 4]) -> f32 {
    corners.iter().sum::<f32>() / 4.0
}

/// Follows segments until they close. Every edge the line crosses is left once and entered
/// once, by the two cells beside it.
fn joined(mut segments: BTreeMap<Edge, Edge>) -> Vec<Vec<Edge>> {
    let mut rings = Vec::new();
    while let Some((first, mut next)) = segments.pop_first() {
        let mut ring = vec![first];
        while next != first {
            ring.push(next);
            match segments.remove(&next) {
                Some(after) => next = after,
                None => break,
            }
        }
        rings.push(ring);
    }
    rings
}

/// Simplifies a ring (Douglas and Peucker 1973), split at two points far from each other.
fn simplified(ring: Ring) -> Ring {
    if ring.len() < 8 {
        return ring;
    }
    let far = |from: usize| {
        let distance = |i: &usize| (ring[*i][0] - ring[from][0]).hypot(ring[*i][1] - ring[from][1]);
        (0..ring.len()).max_by(|a, b| distance(a).total_cmp(&distance(b))).unwrap_or(0)
    };
    let (a, b) = (far(0), far(far(0)));
    let (a, b) = (a.min(b), a.max(b));
    let mut kept = vec![false; ring.len() + 1];
    let closed = |i: usize| ring[i % ring.len()];
    let mut open = vec![(a, b), (b, a + ring.len())];
    let mut keep = |i: usize| kept[i % ring.len()] = true;
    keep(a);
    keep(b);
    while let Some((from, to)) = open.pop() {
        let (p, q) = (closed(from), closed(to));
        let farthest = (from + 1..to)
            .map(|i| (i, from_line(closed(i), p, q)))
            .max_by(|x, y| x.1.total_cmp(&y.1));
        if let Some((i, distance)) = farthest
            && distance > TOLERANCE
        {
            keep(i);
            open.extend([(from, i), (i, to)]);
        }
    }
    ring.iter().zip(kept).filter(|(_, kept)| *kept).map(|(p, _)| *p).collect()
}

fn from_line(point: [f32; 2], p: [f32; 2], q: [f32; 2]) -> f32 {
    let (dx, dy) = (q[0] - p[0], q[1] - p[1]);
    let length = dx.hypot(dy);
    let (x, y) = (point[0] - p[0], point[1] - p[1]);
    if length > 0.0 { (x * dy - y * dx).abs() / length } else { x.hypot(y) }
}

/// Signed, by the shoelace formula.
fn area(ring: &Ring) -> f32 {
    let next = |i: usize| ring[(i + 1) % ring.len()];
    (0..ring.len()).map(|i| ring[i][0] * next(i)[1] - next(i)[0] * ring[i][1]).sum::<f32>() / 2.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hill(n: usize, peaks: &[(f32, f32)]) -> Grid {
        let height = |x: f32, y: f32| -> f32 {
            peaks.iter().map(|(px, py)| (-((x - px).powi(2) + (y - py).powi(2)) / 50.0).exp()).sum()
        };
        let values = (0..n * n).map(|i| height((i % n) as f32, (i / n) as f32)).collect();
        Grid { origin: [0.0; 2], cell: 1.0, nx: n, ny: n, values }
    }

    #[test]
    fn a_hill_has_a_circle() {
        let rings = contour(&hill(40, &[(20.0, 20.0)]), 0.5);
        assert_eq!(rings.len(), 1);
        let radius = (50.0f32 * 2f32.ln()).sqrt();
        for p in &rings[0] {
            assert!(((p[0] - 20.0).hypot(p[1] - 20.0) - radius).abs() < 0.1, "{p:?}");
        }
        let circle = std::f32::consts::PI * radius * radius;
        // Leaving points out costs at most the tolerance all around.
        let lost = circle - area(&rings[0]).abs();
        assert!(lost.abs() < TOLERANCE * std::f32::consts::TAU * radius, "{lost} of {circle}");
    }

    #[test]
    fn two_hills_have_two_and_a_line_that_leaves_the_grid_closes() {
        let apart = contour(&hill(60, &[(12.0, 12.0), (45.0, 45.0)]), 0.5);
        assert_eq!(apart.len(), 2);
        let at_the_edge = contour(&hill(20, &[(0.0, 10.0)]), 0.5);
        assert_eq!(at_the_edge.len(), 1);
        assert!(at_the_edge[0].iter().all(|p| p[0] >= -1.0));
        assert!(contour(&hill(1, &[(0.0, 0.0)]), 2.0).is_empty());
    }
}

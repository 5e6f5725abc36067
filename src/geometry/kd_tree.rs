//! k-d tree over rows of few dimensions.
//!
//! Rows are split at the median of the widest dimension until at most [`LEAF`] are left (J. H.
//! Friedman, J. L. Bentley and R. A. Finkel, "An algorithm for finding best matches in
//! logarithmic expected time", 1977). All leaves stand at one depth, so a node is a number: the
//! children of node `i` are `2 i + 1` and `2 i + 2`.
//!
//! The distance to the box of a node is computed as one between two rows is, from the nearest
//! point of the box. Rounding is monotonic, so it is never above that to a row within.

use std::ops::Range;

use super::Matrix;

/// Rows in a leaf at most.
const LEAF: usize = 16;
/// Rows below which a node is split on one thread.
const SPLIT_ALONE: usize = 4096;
/// No tree over rows numbered in 32 bits is deeper.
pub(super) const DEEPEST: usize = 33;
/// Most dimensions that [`FewDimensions`](super::FewDimensions) takes: in more, most boxes are near
/// most rows.
pub const MOST_DIMENSIONS: usize = 8;

/// Rows of `P` numbers, the last of them zeros where rows are shorter, in the order of the
/// leaves. A place is a row's position in that order.
pub(super) struct KdTree<const P: usize> {
    /// The row at each place.
    pub rows: Vec<u32>,
    /// Its numbers.
    pub points: Vec<[f32; P]>,
    /// The box around the rows of each node.
    boxes: Vec<Bounds<P>>,
    leaves: Leaves,
}

/// The lowest and the highest number in every dimension.
#[derive(Clone, Copy)]
struct Bounds<const P: usize> {
    low: [f32; P],
    high: [f32; P],
}

impl<const P: usize> KdTree<P> {
    /// Over finite rows of at most `P` numbers; there must be one at least.
    pub fn build(matrix: &Matrix) -> Self {
        let padded = |row: &[f32]| std::array::from_fn(|at| row.get(at).copied().unwrap_or(0.0));
        let points: Vec<[f32; P]> = matrix.iter_rows().map(padded).collect();
        let m = points.len().div_ceil(LEAF).next_power_of_two();
        let leaves = Leaves { n: points.len(), m };
        let mut rows: Vec<u32> = (0..points.len() as u32).collect();
        leaves.split(&points, &mut rows, 0..m);
        let points: Vec<[f32; P]> = rows.iter().map(|&row| points[row as usize]).collect();
        let empty = Bounds { low: [0.0; P], high: [0.0; P] };
        let mut tree = KdTree { rows, points, boxes: vec![empty; 2 * m - 1], leaves };
        for node in (0..tree.boxes.len()).rev() {
            tree.boxes[node] = match tree.children(node) {
                Some([left, right]) => tree.boxes[left].with(&tree.boxes[right]),
                None => Bounds::around(tree.points[tree.places(node)].iter()),
            };
        }
        tree
    }

    /// Number of nodes; node 0 holds all rows.
    pub fn n_nodes(&self) -> usize {
        self.boxes.len()
    }

    /// The two halves of a node; `None` for a leaf.
    #[inline(always)]
    pub fn children(&self, node: usize) -> Option<[usize; 2]> {
        (node + 1 < self.leaves.m).then_some([2 * node + 1, 2 * node + 2])
    }

    /// The places of a leaf.
    #[inline(always)]
    pub fn places(&self, leaf: usize) -> Range<usize> {
        let at = leaf + 1 - self.leaves.m;
        self.leaves.start(at)..self.leaves.start(at + 1)
    }

    /// At most the squared distance of the point to any row of the node.
    #[inline(always)]
    pub fn squared_to_box(&self, point: &[f32; P], node: usize) -> f64 {
        let Bounds { low, high } = &self.boxes[node];
        let nearest: [f32; P] = std::array::from_fn(|at| {
            let x = point[at];
            if x < low[at] {
                low[at]
            } else if x > high[at] {
                high[at]
            } else {
                x
            }
        });
        squared(point, &nearest)
    }
}

/// Squared distance, with the bits of [`squared_distance`](super::squared_distance) of the rows
/// without the zeros at their end: up to eight terms are summed one after another there too.
#[inline(always)]
pub(super) fn squared<const P: usize>(a: &[f32; P], b: &[f32; P]) -> f64 {
    const { assert!(P <= MOST_DIMENSIONS) };
    let mut sum = 0.0;
    for at in 0..P {
        let difference = f64::from(a[at]) - f64::from(b[at]);
        sum += difference * difference;
    }
    sum
}

/// Where the leaves begin: leaf `i` of `m` at place `floor(n i / m)`.
#[derive(Clone, Copy)]
struct Leaves {
    n: usize,
    m: usize,
}

impl Leaves {
    fn start(self, leaf: usize) -> usize {
        self.n * leaf / self.m
    }

    /// Orders the `rows` of `leaves` so that each leaf has its own.
    fn split<const P: usize>(self, points: &[[f32; P]], rows: &mut [u32], leaves: Range<usize>) {
        if leaves.len() < 2 || rows.len() < 2 {
            return;
        }
        let half = leaves.start.midpoint(leaves.end);
        let middle = self.start(half) - self.start(leaves.start);
        let around = Bounds::around(rows.iter().map(|&row| &points[row as usize]));
        let widest = around.widest();
        let by = |&a: &u32, &b: &u32| {
            points[a as usize][widest].total_cmp(&points[b as usize][widest]).then(a.cmp(&b))
        };
        if middle < rows.len() {
            rows.select_nth_unstable_by(middle, by);
        }
        let n_rows = rows.len();
        let (left, right) = rows.split_at_mut(middle);
        let mut lower = || self.split(points, left, leaves.start..half);
        let mut upper = || self.split(points, right, half..leaves.end);
        if n_rows > SPLIT_ALONE {
            rayon::join(lower, upper);
        } else {
            lower();
            upper();
        }
    }
}

impl<const P: usize> Bounds<P> {
    fn around<'a>(points: impl Iterator<Item = &'a [f32; P]>) -> Self {
        let none = Bounds { low: [f32::INFINITY; P], high: [f32::NEG_INFINITY; P] };
        points.fold(none, |all, &point| all.with(&Bounds { low: point, high: point }))
    }

    fn with(&self, other: &Self) -> Self {
        Bounds {
            low: std::array::from_fn(|at| self.low[at].min(other.low[at])),
            high: std::array::from_fn(|at| self.high[at].max(other.high[at])),
        }
    }

    /// The dimension of the longest side.
    fn widest(&self) -> usize {
        let mut widest = 0;
        for at in 1..P {
            if self.high[at] - self.low[at] > self.high[widest] - self.low[widest] {
                widest = at;
            }
        }
        widest
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::squared_distance;

    fn number(at: usize) -> f32 {
        ((at * 7919 % 1013) as f32 * 0.37).sin()
    }

    #[test]
    fn every_row_is_in_one_leaf_and_boxes_hold_their_rows() {
        for n in [1, 2, 16, 17, 33, 1000] {
            let rows = Matrix::new(n, 3, (0..n * 3).map(number).collect()).unwrap();
            let tree = KdTree::<4>::build(&rows);
            let mut met = tree.rows.clone();
            met.sort_unstable();
            assert!(met.into_iter().eq(0..n as u32));
            let leaves = (0..tree.n_nodes()).filter(|&node| tree.children(node).is_none());
            let places: Vec<usize> = leaves.clone().flat_map(|leaf| tree.places(leaf)).collect();
            assert!(places.into_iter().eq(0..n));
            for leaf in leaves {
                assert!(tree.places(leaf).len() <= LEAF);
                for place in tree.places(leaf) {
                    let mut node = leaf;
                    loop {
                        assert_eq!(tree.squared_to_box(&tree.points[place], node), 0.0);
                        if node == 0 {
                            break;
                        }
                        node = (node - 1) / 2;
                    }
                }
            }
        }
    }

    #[test]
    fn distances_have_the_bits_of_all_others_and_boxes_are_never_farther() {
        let rows = Matrix::new(200, 5, (0..1000).map(number).collect()).unwrap();
        let tree = KdTree::<6>::build(&rows);
        for (place, point) in tree.points.iter().enumerate() {
            let row = rows.row(tree.rows[place] as usize);
            for leaf in (0..tree.n_nodes()).filter(|&node| tree.children(node).is_none()) {
                let to_box = tree.squared_to_box(point, leaf);
                for other in tree.places(leaf) {
                    let found = squared(point, &tree.points[other]);
                    let expected = squared_distance(row, rows.row(tree.rows[other] as usize));
                    assert_eq!(found.to_bits(), expected.to_bits());
                    assert!(to_box <= found);
                }
            }
        }
    }
}

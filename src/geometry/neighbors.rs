//! The neighbour graph: the nearest other rows of every row.

/// The `k` nearest other rows of each of `n` rows, nearest first, ties by row.
#[derive(Debug, Clone, PartialEq)]
pub struct Neighbors {
    k: usize,
    rows: Vec<u32>,
    squared: Vec<f64>,
}

impl Neighbors {
    /// `k` rows and squared distances per row, nearest first.
    pub(super) fn new(k: usize, rows: Vec<u32>, squared: Vec<f64>) -> Self {
        Neighbors { k, rows, squared }
    }

    /// The same neighbours as `(row, squared distance)`, `k` for every row.
    pub(super) fn into_entries(self) -> Vec<(f64, u32)> {
        self.squared.into_iter().zip(self.rows).collect()
    }

    /// The nearest `k` of each row alone; all of them where there are fewer.
    pub fn truncated(&self, k: usize) -> Neighbors {
        let k = k.min(self.k);
        let kept = |at: &usize| *at % self.k < k;
        let places: Vec<usize> = (0..self.rows.len()).filter(kept).collect();
        Neighbors {
            k,
            rows: places.iter().map(|&at| self.rows[at]).collect(),
            squared: places.iter().map(|&at| self.squared[at]).collect(),
        }
    }

    /// Neighbours per row.
    pub fn k(&self) -> usize {
        self.k
    }

    /// The neighbours of row `i` with their squared distances.
    pub fn of(&self, i: usize) -> impl ExactSizeIterator<Item = (usize, f64)> {
        let range = i * self.k..(i + 1) * self.k;
        let rows = self.rows[range.clone()].iter().map(|&row| row as usize);
        rows.zip(self.squared[range].iter().copied())
    }
}

/// By distance, ties by row.
pub(super) fn nearer(a: &(f64, u32), b: &(f64, u32)) -> std::cmp::Ordering {
    a.0.total_cmp(&b.0).then(a.1.cmp(&b.1))
}

//! Duplicate rows.

use std::collections::HashMap;
use std::collections::hash_map::DefaultHasher;
use std::hash::Hasher;

use super::Matrix;

/// For each row the index of the first row equal to it, its own for the first occurrence.
/// Zeros are equal whatever their sign; rows must not hold NaN.
pub fn first_occurrences(rows: &Matrix) -> Vec<usize> {
    let mut seen: HashMap<u64, Vec<usize>> = HashMap::new();
    let first = |(at, row): (usize, &[f32])| {
        let mut hasher = DefaultHasher::new();
        // Adding zero turns -0 into 0.
        row.iter().for_each(|x| hasher.write_u32((x + 0.0).to_bits()));
        let same_hash = seen.entry(hasher.finish()).or_default();
        if let Some(&known) = same_hash.iter().find(|&&known| rows.row(known) == row) {
            return known;
        }
        same_hash.push(at);
        at
    };
    rows.iter_rows().enumerate().map(first).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copies_point_at_the_first() {
        let rows = Matrix::new(5, 2, vec![1.0, 0.0, 2.0, 0.0, 1.0, -0.0, 2.0, 0.0, 3.0, 0.0]);
        assert_eq!(first_occurrences(&rows.unwrap()), [0, 1, 0, 1, 4]);
    }
}

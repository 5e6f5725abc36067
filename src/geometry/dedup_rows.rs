//! Duplicate rows.

use std::collections::HashMap;
use std::collections::hash_map::DefaultHasher;
use std::hash::Hasher;

use super::Matrix;

/// For each row the index of the first row equal to it, its own for the first occurrence.
/// Zeros are equal whatever their sign; rows must not hold NaN.
pub fn first_occurrences(rows: &Matrix) -> Vec<usize> {
    first_occurrences_of(rows.rows(), |at| rows.row(at))
}

/// The same for `n` rows that `row` gives by number.
pub fn first_occurrences_of<'r>(n: usize, row: impl Fn(usize) -> &'r [f32]) -> Vec<usize> {
    let mut seen: HashMap<u64, usize> = HashMap::new();
    // Different rows of one hash; hardly ever is there one.
    let mut others: Vec<(u64, usize)> = Vec::new();
    let first = |at: usize| {
        let mut hasher = DefaultHasher::new();
        // Adding zero turns -0 into 0.
        row(at).iter().for_each(|x| hasher.write_u32((x + 0.0).to_bits()));
        let hash = hasher.finish();
        let known = *seen.entry(hash).or_insert(at);
        if row(known) == row(at) {
            return known;
        }
        let same = |&&(of, other): &&(u64, usize)| of == hash && row(other) == row(at);
        let Some(&(_, other)) = others.iter().find(same) else {
            others.push((hash, at));
            return at;
        };
        other
    };
    (0..n).map(first).collect()
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

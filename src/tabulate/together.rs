//! Which technologies, or other values, stand together in one role.

use std::collections::BTreeMap;

use serde::Serialize;

/// Two values of one dimension.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Pair {
    /// The value more roles have.
    pub first: String,
    /// The other.
    pub second: String,
    /// Roles with both.
    pub count: usize,
    /// Roles with both over the roles with either (Jaccard index), in `[0, 1]`.
    pub overlap: f64,
    /// How many times as often as by chance; 1 where neither says anything about the other.
    pub lift: f64,
}

/// The pairs of values that at least `floor` roles have both of, most roles first, ties by
/// overlap, then by name.
pub fn together(values: &[Vec<String>], floor: usize) -> Vec<Pair> {
    let mut single: BTreeMap<&str, usize> = BTreeMap::new();
    let mut both: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for role in values {
        let mut role: Vec<&str> = role.iter().map(String::as_str).collect();
        role.sort_unstable();
        role.dedup();
        for (at, first) in role.iter().enumerate() {
            *single.entry(first).or_default() += 1;
            for second in &role[at + 1..] {
                *both.entry((first, second)).or_default() += 1;
            }
        }
    }
    let pair = |((a, b), count): ((&str, &str), usize)| {
        let (n_a, n_b) = (single[a], single[b]);
        let (first, second) = if n_b > n_a { (b, a) } else { (a, b) };
        Pair {
            first: first.to_string(),
            second: second.to_string(),
            count,
            overlap: count as f64 / (n_a + n_b - count) as f64,
            lift: count as f64 * values.len() as f64 / (n_a as f64 * n_b as f64),
        }
    };
    let mut pairs: Vec<Pair> =
        both.into_iter().filter(|(_, count)| *count >= floor.max(1)).map(pair).collect();
    // Stable, so that ties stay in the order of names.
    pairs.sort_by(|a, b| b.count.cmp(&a.count).then(b.overlap.total_cmp(&a.overlap)));
    pairs
}

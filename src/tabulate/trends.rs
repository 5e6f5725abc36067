//! What is asked for more, or less, in the last period than in the first.

use std::collections::BTreeMap;

use super::interval::{benjamini_hochberg, difference, two_proportions};
use crate::over_time::{Change, Trends};

/// Compares the first and the last period that hold at least `floor` roles; `None` where there
/// are not two of them. `values` and `periods` are of the same roles.
pub fn trends(values: &[Vec<String>], periods: &[Vec<String>], floor: usize) -> Option<Trends> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    periods.iter().flatten().for_each(|period| *counts.entry(period).or_default() += 1);
    let mut large =
        counts.iter().filter(|(_, count)| **count >= floor.max(1)).map(|(name, _)| *name);
    let first = large.next()?;
    let last = large.next_back()?;
    let of = |name: &str| -> Vec<&[String]> {
        let both = values.iter().zip(periods);
        both.filter(|(_, period)| period.iter().any(|p| p == name)).map(|(v, _)| &v[..]).collect()
    };
    Some(changes((first, &of(first)), (last, &of(last)), floor))
}

/// Compares the values of two groups of roles, each with its name.
pub fn changes(first: (&str, &[&[String]]), last: (&str, &[&[String]]), floor: usize) -> Trends {
    let mut counts: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for (roles, is_last) in [(first.1, false), (last.1, true)] {
        for role in roles {
            let mut values: Vec<&str> = role.iter().map(String::as_str).collect();
            values.sort_unstable();
            values.dedup();
            for value in values {
                let count = counts.entry(value).or_default();
                if is_last { count.1 += 1 } else { count.0 += 1 }
            }
        }
    }
    let n_values = counts.len();
    let (n, m) = (first.1.len(), last.1.len());
    counts.retain(|_, (a, b)| *a + *b >= floor);
    let p: Vec<f64> =
        counts.values().map(|&(a, b)| two_proportions((a, n), (b, m)).unwrap_or(1.0)).collect();
    let suppressed = n_values - counts.len();
    let adjusted = benjamini_hochberg(&p);
    let change = |((name, (before, after)), p_adjusted): ((&str, (usize, usize)), f64)| {
        Some(Change {
            name: name.to_string(),
            before,
            after,
            share_before: before as f64 / n as f64,
            share_after: after as f64 / m as f64,
            difference: difference((before, n), (after, m))?,
            p_adjusted,
        })
    };
    let mut changes: Vec<Change> = counts.into_iter().zip(adjusted).filter_map(change).collect();
    changes.sort_by(|a, b| b.change().total_cmp(&a.change()));
    Trends {
        first: first.0.to_string(),
        last: last.0.to_string(),
        n_first: n,
        n_last: m,
        changes,
        suppressed,
    }
}

//! Matches the clusters of two clusterings of the same roles, so that ids persist over
//! re-clustering.
//!
//! The transitions are those of M. Spiliopoulou et al., "MONIC: modeling and monitoring
//! cluster transitions", KDD 2006: a cluster is continued by the one that holds most of it; it
//! is split when several hold most of it together; several continued by one are merged.

use crate::clustering::{ClusterId, Label};
use crate::lineage::{Event, Fate, Lineage};

/// A cluster goes on where at least this share of its roles is.
const GOES_ON: f64 = 0.5;

/// A part of a split cluster holds at least this share of its roles.
const PART: f64 = 0.25;

/// Traces clusters over re-clustering. `old` and `new` are the labels of the roles present
/// both times, in the same order; there are `n_old` and `n_new` clusters in all.
///
/// # Panics
/// If the lists differ in length or a label is out of range.
pub fn lineage(old: &[Label], new: &[Label], n_old: usize, n_new: usize) -> Lineage {
    let overlap = overlaps(old, new, n_old, n_new);
    let mut successors: Vec<Vec<usize>> = Vec::with_capacity(n_old);
    for (parts, size) in overlap.iter().zip(sizes(old, n_old)) {
        successors.push(successors_of(parts, size));
    }
    let mut forerunners: Vec<Vec<usize>> = vec![Vec::new(); n_new];
    for (old, successors) in successors.iter().enumerate() {
        if let [only] = successors[..] {
            forerunners[only].push(old);
        }
    }
    let mut parts = vec![false; n_new];
    successors.iter().filter(|s| s.len() > 1).flatten().for_each(|&new| parts[new] = true);

    let event = |fate, old: &[usize], new: &[usize]| {
        let ids = |all: &[usize]| all.iter().map(|&at| ClusterId(at as u32)).collect();
        Event { fate, old: ids(old), new: ids(new) }
    };
    let (mut kept, mut split, mut merged) = (Vec::new(), Vec::new(), Vec::new());
    let (mut born, mut gone) = (Vec::new(), Vec::new());
    for (at, successors) in successors.iter().enumerate() {
        match successors[..] {
            [] => gone.push(event(Fate::Gone, &[at], &[])),
            [_] => {}
            _ => split.push(event(Fate::Split, &[at], successors)),
        }
    }
    for (at, from) in forerunners.iter_mut().enumerate() {
        from.sort_by_key(|&old| (std::cmp::Reverse(overlap[old][at]), old));
        match from[..] {
            [] if !parts[at] => born.push(event(Fate::New, &[], &[at])),
            [] => {}
            [_] => kept.push(event(Fate::Kept, from, &[at])),
            _ => merged.push(event(Fate::Merged, from, &[at])),
        }
    }
    let events = [kept, split, merged, born, gone].concat();
    Lineage { shared_roles: old.len(), events }
}

/// An id for every new cluster that keeps as many roles as possible under the id they had:
/// overlaps are taken largest first, and what is left gets the free ids in order. Ids stay
/// `0..n_new`, so where clusters became fewer the highest old ids move.
///
/// # Panics
/// As [`lineage`].
pub fn stable_ids(old: &[Label], new: &[Label], n_old: usize, n_new: usize) -> Vec<ClusterId> {
    let overlap = overlaps(old, new, n_old, n_new);
    let mut pairs: Vec<(usize, usize, usize)> = Vec::new();
    for (old, parts) in overlap.iter().enumerate().take(n_new) {
        pairs.extend(parts.iter().enumerate().map(|(new, &count)| (count, old, new)));
    }
    pairs.retain(|&(count, ..)| count > 0);
    pairs.sort_by_key(|&(count, old, new)| (std::cmp::Reverse(count), old, new));
    let mut ids: Vec<Option<usize>> = vec![None; n_new];
    let mut taken = vec![false; n_new];
    for (_, old, new) in pairs {
        if ids[new].is_none() && !taken[old] {
            ids[new] = Some(old);
            taken[old] = true;
        }
    }
    let mut free = (0..n_new).filter(|&id| !taken[id]).collect::<Vec<_>>().into_iter();
    // As many ids are free as clusters are without one.
    ids.into_iter()
        .filter_map(|id| id.or_else(|| free.next()))
        .map(|id| ClusterId(id as u32))
        .collect()
}

/// Where a cluster of `size` roles goes on: the one cluster that holds most of it, or the
/// parts that do together, largest first; none when it is scattered.
fn successors_of(parts: &[usize], size: usize) -> Vec<usize> {
    let share = |new: usize| parts[new] as f64 / size.max(1) as f64;
    let mut large: Vec<usize> =
        (0..parts.len()).filter(|&new| parts[new] > 0 && share(new) >= PART).collect();
    large.sort_by_key(|&new| (std::cmp::Reverse(parts[new]), new));
    let together: f64 = large.iter().map(|&new| share(new)).sum();
    if together >= GOES_ON { large } else { Vec::new() }
}

/// `n_old x n_new`: roles in both.
fn overlaps(old: &[Label], new: &[Label], n_old: usize, n_new: usize) -> Vec<Vec<usize>> {
    let (old, new): (Vec<usize>, Vec<usize>) = old
        .iter()
        .zip(new)
        .filter_map(|(old, new)| Some((old.as_ref()?.index(), new.as_ref()?.index())))
        .unzip();
    let mut overlap = vec![vec![0; n_new]; n_old];
    for (old, new) in old.into_iter().zip(new) {
        overlap[old][new] += 1;
    }
    overlap
}

fn sizes(labels: &[Label], n: usize) -> Vec<usize> {
    let mut sizes = vec![0; n];
    labels.iter().flatten().for_each(|id| sizes[id.index()] += 1);
    sizes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(raw: &str) -> Vec<Label> {
        raw.chars().map(|c| c.to_digit(10).map(ClusterId)).collect()
    }

    fn told(lineage: &Lineage) -> Vec<(Fate, Vec<u32>, Vec<u32>)> {
        let ids = |ids: &[ClusterId]| ids.iter().map(|id| id.0).collect();
        lineage.events.iter().map(|e| (e.fate, ids(&e.old), ids(&e.new))).collect()
    }

    #[test]
    fn every_fate_is_told() {
        // 0 is kept as 1; 1 splits into 0 and 2; 2 and 3 merge into 3; 4 is scattered into
        // noise; 4 of the new ones is new.
        let old = labels("0000 111111 222 333 444 -");
        let new = labels("1111 000222 333 333 --- 4");
        assert_eq!(
            told(&lineage(&old, &new, 5, 5)),
            [
                (Fate::Kept, vec![0], vec![1]),
                (Fate::Split, vec![1], vec![0, 2]),
                (Fate::Merged, vec![2, 3], vec![3]),
                (Fate::New, vec![], vec![4]),
                (Fate::Gone, vec![4], vec![]),
            ]
        );
        let ids: Vec<u32> = stable_ids(&old, &new, 5, 5).into_iter().map(|id| id.0).collect();
        // New 0 takes 1 (half of it), new 1 takes 0, new 3 takes 2; the rest what is free.
        assert_eq!(ids, [1, 0, 3, 2, 4]);
    }

    #[test]
    fn a_few_roles_that_leave_do_not_split_a_cluster() {
        let kept = told(&lineage(&labels("000000000"), &labels("000000011"), 1, 2));
        assert_eq!(kept, [(Fate::Kept, vec![0], vec![0]), (Fate::New, vec![], vec![1])]);
        let split = told(&lineage(&labels("00000000"), &labels("00000111"), 1, 2));
        assert_eq!(split, [(Fate::Split, vec![0], vec![0, 1])]);
    }

    #[test]
    fn ids_stay_in_range_when_clusters_become_fewer_or_none_is_shared() {
        let ids = |old: &[Label], new: &[Label], n_old, n_new| -> Vec<u32> {
            stable_ids(old, new, n_old, n_new).into_iter().map(|id| id.0).collect()
        };
        assert_eq!(ids(&labels("012"), &labels("001"), 3, 2), [0, 1]);
        assert_eq!(ids(&[], &[], 3, 3), [0, 1, 2]);
        assert!(lineage(&[], &[], 0, 0).events.is_empty());
    }
}

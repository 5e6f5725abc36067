//! Clusters divided along directions that were given.
//!
//! The rows of a cluster that are placed in a given direction are a part of it. A part that holds
//! too little of its cluster joins the nearest one of the same direction, so that a few rows that
//! fall on the other side make no specialisation; rows in no cluster join likewise where they are
//! placed. What is placed in no given direction stays where it was found.

use std::collections::BTreeMap;

use super::lloyd::Scale;
use super::means::means;
use super::nearest::Centroids;
use super::regroup::Grouping;
use crate::clustering::{ClusterId, Clustering};
use crate::geometry::{Matrix, canonical_order};

/// A part of a cluster stands alone with this share of its rows,
const LEAST_SHARE: f64 = 0.25;
/// and this number of rows.
const LEAST_ROWS: usize = 2;

/// The rows that a direction has of a cluster, or of those in none.
type Parts = BTreeMap<(Option<usize>, Option<usize>), Vec<usize>>;

/// The groups that `found` becomes when each row of `rows` (`n x d`) is in one of `n_given`
/// directions, or in none of them. Directions that were given are called `0..n_given`, those that
/// were found by their id after these.
///
/// # Panics
/// If there is not a label and a place for every row.
pub fn within(
    found: &Clustering,
    rows: &Matrix,
    given: &[Option<usize>],
    n_given: usize,
) -> Grouping {
    assert_eq!(rows.rows(), given.len(), "one place per row");
    assert_eq!(rows.rows(), found.labels().len(), "one label per row");
    let mut parts = Parts::new();
    for (row, (label, direction)) in found.labels().iter().zip(given).enumerate() {
        parts.entry((*direction, label.map(ClusterId::index))).or_default().push(row);
    }
    let sizes: Vec<usize> = found.members().iter().map(Vec::len).collect();
    let numbers = numbers(&parts, &sizes);
    let mut grouping = Grouping { groups: vec![None; rows.rows()], directions: BTreeMap::new() };
    let order = canonical_order(rows);
    for direction in (0..n_given).map(Some).chain([None]) {
        let of_direction = parts.range((direction, None)..=(direction, Some(usize::MAX)));
        let of_direction: Vec<(Option<usize>, &Vec<usize>)> =
            of_direction.map(|((_, cluster), rows)| (*cluster, rows)).collect();
        let standing = standing(&of_direction, &sizes);
        for (cluster, part) in &of_direction {
            let Some(cluster) = cluster else { continue };
            if !standing.contains(cluster) {
                continue;
            }
            let number = numbers[&(direction, Some(*cluster))];
            part.iter().for_each(|&row| grouping.groups[row] = Some(number));
            let above = found.direction_of(ClusterId(*cluster as u32));
            let above = n_given + above.map_or(*cluster, |above| above.index());
            grouping.directions.insert(number, direction.unwrap_or(above));
        }
        let stays = |cluster: &Option<usize>| cluster.is_some_and(|c| standing.contains(&c));
        // Noise that is placed nowhere stays noise.
        let joins =
            |cluster: &Option<usize>| !stays(cluster) && (cluster.is_some() || direction.is_some());
        let loose: Vec<usize> = of_direction
            .iter()
            .filter(|(cluster, _)| joins(cluster))
            .flat_map(|(_, rows)| rows.iter().copied())
            .collect();
        let groups: Vec<usize> =
            standing.iter().map(|&cluster| numbers[&(direction, Some(cluster))]).collect();
        join(rows, &order, &loose, &groups, &mut grouping.groups);
        // Only noise is placed here.
        if groups.is_empty() && !loose.is_empty() {
            let number = numbers[&(direction, None)];
            loose.iter().for_each(|&row| grouping.groups[row] = Some(number));
            grouping.directions.insert(number, direction.unwrap_or(n_given));
        }
    }
    grouping
}

/// The clusters whose part in a direction stands alone; where none does, the one that has most rows
/// there.
fn standing(parts: &[(Option<usize>, &Vec<usize>)], sizes: &[usize]) -> Vec<usize> {
    let clusters = || parts.iter().filter_map(|(cluster, rows)| Some(((*cluster)?, rows.len())));
    let stands = |&(cluster, n): &(usize, usize)| {
        n == sizes[cluster] || n >= LEAST_ROWS && n as f64 >= LEAST_SHARE * sizes[cluster] as f64
    };
    let found: Vec<usize> = clusters().filter(stands).map(|(cluster, _)| cluster).collect();
    if !found.is_empty() {
        return found;
    }
    let most = clusters().max_by(|a, b| a.1.cmp(&b.1).then(b.0.cmp(&a.0)));
    most.map(|(cluster, _)| cluster).into_iter().collect()
}

/// A number per part: the largest of a cluster keeps its number, others get new ones.
fn numbers(parts: &Parts, sizes: &[usize]) -> BTreeMap<(Option<usize>, Option<usize>), usize> {
    let mut numbers = BTreeMap::new();
    for cluster in 0..sizes.len() {
        let of_cluster = parts.iter().filter(|((_, of), _)| *of == Some(cluster));
        let largest = of_cluster.max_by(|a, b| a.1.len().cmp(&b.1.len()).then(b.0.cmp(a.0)));
        numbers.extend(largest.map(|(key, _)| (*key, cluster)));
    }
    let mut next = sizes.len();
    for key in parts.keys() {
        numbers.entry(*key).or_insert_with(|| {
            next += 1;
            next - 1
        });
    }
    numbers
}

/// Puts `loose` rows into the nearest of these groups, by the means of those that are in them.
fn join(
    rows: &Matrix,
    order: &[usize],
    loose: &[usize],
    groups: &[usize],
    labels: &mut [Option<usize>],
) {
    if loose.is_empty() || groups.is_empty() {
        return;
    }
    let place = |row: &usize| groups.iter().position(|group| labels[*row] == Some(*group));
    let (members, of_member): (Vec<usize>, Vec<usize>) =
        order.iter().filter_map(|row| Some((*row, place(row)?))).unzip();
    let centres = means(&rows.select(&members), &of_member, groups.len(), Scale::AsIs);
    let nearest = Centroids::new(&centres).two_nearest(&rows.select(loose));
    for (&row, nearest) in loose.iter().zip(nearest) {
        labels[row] = Some(groups[nearest.first]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Clusters of four rows at 0, three at 10, two at 30, and a row of noise at 12; the first two
    /// are one direction.
    fn found() -> (Matrix, Clustering) {
        let points = vec![0.0, 0.1, 0.2, 0.3, 10.0, 10.1, 10.2, 30.0, 30.1, 12.0];
        let raw = [0, 0, 0, 0, 1, 1, 1, 2, 2].map(Some).into_iter().chain([None]);
        let (clustering, _) = Clustering::canonical(&raw.collect::<Vec<_>>(), vec![1.0; 10]);
        (Matrix::new(10, 1, points).unwrap(), clustering.with_levels(&[0, 0, 1], vec![]))
    }

    fn told(grouping: &Grouping) -> String {
        let group = |group: &Option<usize>| group.map_or("-".to_string(), |g| g.to_string());
        grouping.groups.iter().map(group).collect()
    }

    #[test]
    fn parts_that_are_large_enough_stand_and_others_join_the_nearest() {
        let (rows, clustering) = found();
        let given = [1, 1, 9, 9, 1, 9, 9, 9, 9, 1].map(|d| (d < 9).then_some(d));
        let grouping = within(&clustering, &rows, &given, 2);
        // Half of the first cluster is placed; a third of the second is one row, which does not stand.
        assert_eq!(told(&grouping), "4400411224");
        assert_eq!(grouping.directions, BTreeMap::from([(0, 2), (1, 2), (2, 3), (4, 1)]));
    }

    #[test]
    fn nothing_changes_where_nothing_is_placed() {
        let (rows, clustering) = found();
        assert_eq!(told(&within(&clustering, &rows, &[None; 10], 1)), "000011122-");
    }

    #[test]
    fn noise_alone_becomes_a_group_where_it_is_placed() {
        let (rows, clustering) = found();
        let mut given = [None; 10];
        given[9] = Some(0);
        let grouping = within(&clustering, &rows, &given, 1);
        assert_eq!(told(&grouping), "0000111223");
        assert_eq!(grouping.directions[&3], 0);
    }
}

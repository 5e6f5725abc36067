//! Names the directions: as the clusters are named, from the roles of all their clusters.

use crate::clustering::{ClusterId, Clustering, DirectionId};
use crate::profile::{ClusterProfile, Direction};

/// Describes the directions of a clustering whose clusters have these profiles. `names` gives a
/// name per direction, of which it is told the members.
///
/// A direction of one specialisation has its name.
pub(super) fn describe(
    profiles: &[ClusterProfile],
    clustering: &Clustering,
    names: impl FnOnce(&[Vec<usize>]) -> Vec<String>,
) -> Vec<Direction> {
    let members = clustering.by_direction().members();
    let clusters_of = |id: DirectionId| -> Vec<ClusterId> {
        let all = profiles.iter().filter(|profile| profile.direction == Some(id));
        all.map(|profile| profile.id).collect()
    };
    let direction = |(at, name): (usize, String)| {
        let id = DirectionId(at as u32);
        let clusters = clusters_of(id);
        let name = match clusters[..] {
            [only] => profiles[only.index()].name.clone(),
            _ => name,
        };
        let size = members[at].len();
        Direction { id, name, size, clusters, source: None, by_hand: Vec::new() }
    };
    names(&members).into_iter().enumerate().map(direction).collect()
}

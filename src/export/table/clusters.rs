//! The columns about specialisations.

use super::column::{Column, Values};
use crate::profile::ByHand;
use crate::report::{Placement, Report};

/// Direction and cluster with their names, the strength of membership, the likeliest clusters as
/// `cluster:share`, and the two clusters it sits between; noise has only empty ones. Where directions
/// were given, which kind it is; where a person corrected the groups, what of a row that was.
pub(super) fn columns(report: &Report, placements: &[Placement]) -> Vec<Column> {
    let places = || placements.iter();
    let number = |of: &dyn Fn(&Placement) -> Option<u32>| {
        Values::Integer(places().map(|place| of(place).map(i64::from)).collect())
    };
    let direction = number(&|place| Some(place.direction?.number()));
    let cluster = number(&|place| Some(place.cluster?.number()));
    let strength = places().map(|place| Some(place.strength)).collect();
    let shares = |place: &Placement| {
        place.shares.iter().map(|share| format!("{}:{:.2}", share.cluster, share.share)).collect()
    };
    let between =
        |place: &Placement| place.between.iter().flatten().map(|id| id.to_string()).collect();
    let mut columns = vec![
        Column::of("direction", direction).with_empty("-1"),
        Column::of(
            "direction_name",
            Values::text(places().map(|place| place.direction_name.as_deref())),
        ),
        Column::of("cluster", cluster).with_empty("-1"),
        Column::of(
            "cluster_name",
            Values::text(places().map(|place| place.cluster_name.as_deref())),
        ),
        Column::of("strength", Values::Single(strength)),
        Column::of("shares", Values::List(places().map(shares).collect())),
        Column::of("between", Values::List(places().map(between).collect())),
    ];
    if report.directions.iter().any(|direction| direction.source.is_some()) {
        let source = places().map(|place| Some(place.direction_source?.key().to_string()));
        columns.insert(2, Column::of("direction_source", Values::text(source)));
    }
    if !report.corrections.is_empty() {
        let by_hand = places().map(|place| by_hand(report, place)).collect();
        columns.push(Column::of("by_hand", Values::List(by_hand)));
    }
    columns
}

/// What a person set: the place of the role, or something about its specialisation.
fn by_hand(report: &Report, place: &Placement) -> Vec<String> {
    let profile = place.cluster.and_then(|id| report.profiles.get(id.index()));
    let of_cluster = profile.into_iter().flat_map(|profile| &profile.by_hand);
    let mut all: Vec<ByHand> = of_cluster.chain(&place.by_hand).copied().collect();
    all.sort_unstable();
    all.dedup();
    all.into_iter().map(|one| one.key().to_string()).collect()
}

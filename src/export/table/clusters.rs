//! The columns about specialisations.

use super::column::{Column, Values};
use crate::report::{Placement, Report};

/// Direction and cluster with their names, the strength of membership, the likeliest clusters as
/// `cluster:share`, and the two clusters it sits between; noise has only empty ones.
pub(super) fn columns(report: &Report) -> Vec<Column> {
    let places = || report.placements.iter();
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
    vec![
        Column::of("direction", direction).with_empty("-1"),
        Column::of(
            "direction_name",
            Values::text(places().map(|place| place.direction_name.clone())),
        ),
        Column::of("cluster", cluster).with_empty("-1"),
        Column::of("cluster_name", Values::text(places().map(|place| place.cluster_name.clone()))),
        Column::of("strength", Values::Single(strength)),
        Column::of("shares", Values::List(places().map(shares).collect())),
        Column::of("between", Values::List(places().map(between).collect())),
    ]
}

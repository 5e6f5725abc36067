//! The columns about specialisations.

use super::column::{Column, Values};
use crate::report::Report;

/// Cluster, its name and the strength of membership; noise has none of the first two.
pub(super) fn columns(report: &Report) -> Vec<Column> {
    let places = || report.placements.iter();
    let cluster = places().map(|place| place.cluster.map(|id| i64::from(id.0))).collect();
    let strength = places().map(|place| Some(place.strength)).collect();
    vec![
        Column::of("cluster", Values::Integer(cluster)).with_empty("-1"),
        Column::of("cluster_name", Values::text(places().map(|place| place.cluster_name.clone()))),
        Column::of("strength", Values::Single(strength)),
    ]
}

//! The row of one role, the same in every tabular format.

use serde::Serialize;

use super::table::TableOptions;
use crate::classify::StandardCode;
use crate::clustering::{ClusterId, DirectionId, Share};
use crate::profile::{ByHand, DirectionSource};
use crate::report::Report;
use crate::role::RoleId;

/// One role.
#[derive(Debug, Serialize)]
pub(super) struct Row<'a> {
    pub id: &'a RoleId,
    pub title: &'a str,
    pub section: Option<&'a str>,
    pub cluster: Option<ClusterId>,
    pub cluster_name: Option<&'a str>,
    pub direction: Option<DirectionId>,
    pub direction_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub direction_source: Option<DirectionSource>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by_hand: Option<ByHand>,
    pub strength: f32,
    pub shares: &'a [Share],
    /// The two clusters it sits between.
    pub between: Option<[ClusterId; 2]>,
    pub duplicate_of: Option<&'a RoleId>,
    /// Best first; only when asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub codes: Option<&'a [StandardCode]>,
    /// Nearest first; only when asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub neighbors: Option<&'a [RoleId]>,
}

/// The rows of a report, in the order of its placements.
pub(super) fn rows<'a>(
    report: &'a Report,
    options: &TableOptions<'a>,
) -> impl Iterator<Item = Row<'a>> {
    let (codes, neighbors) = (options.codes, options.neighbors);
    report.placements.iter().enumerate().map(move |(i, placement)| Row {
        id: &placement.id,
        title: &placement.title,
        section: placement.section.as_deref(),
        cluster: placement.cluster,
        cluster_name: placement.cluster_name.as_deref(),
        direction: placement.direction,
        direction_name: placement.direction_name.as_deref(),
        direction_source: placement.direction_source,
        by_hand: placement.by_hand,
        strength: placement.strength,
        shares: &placement.shares,
        between: placement.between,
        duplicate_of: placement.duplicate_of.as_ref(),
        codes: codes.map(|codes| codes[i].as_slice()),
        neighbors: neighbors.map(|n| n[i].as_slice()),
    })
}

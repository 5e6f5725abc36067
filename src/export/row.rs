//! The row of one role, the same in every tabular format.

use serde::Serialize;

use crate::clustering::ClusterId;
use crate::report::{Placement, Report};
use crate::role::RoleId;

/// One role.
#[derive(Debug, Serialize)]
pub(super) struct Row<'a> {
    pub id: &'a RoleId,
    pub title: &'a str,
    pub section: Option<&'a str>,
    pub cluster: Option<ClusterId>,
    pub cluster_name: Option<&'a str>,
    pub strength: f32,
    pub duplicate_of: Option<&'a RoleId>,
    /// Nearest first; only when asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub neighbors: Option<&'a [RoleId]>,
}

/// The rows of a report, in the order of its placements.
pub(super) fn rows<'a>(
    report: &'a Report,
    neighbors: Option<&'a [Vec<RoleId>]>,
) -> impl Iterator<Item = Row<'a>> {
    report.placements.iter().enumerate().map(move |(i, placement)| {
        let Placement { id, title, section, cluster, cluster_name, strength, duplicate_of } =
            placement;
        Row {
            id,
            title,
            section: section.as_deref(),
            cluster: *cluster,
            cluster_name: cluster_name.as_deref(),
            strength: *strength,
            duplicate_of: duplicate_of.as_ref(),
            neighbors: neighbors.map(|n| n[i].as_slice()),
        }
    })
}

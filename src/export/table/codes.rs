//! The columns of standard codes.

use super::column::{Column, Values};
use crate::classify::StandardCode;
use crate::group_codes::{GroupCode, GroupCodes};
use crate::report::Placement;

/// The nearest code of each role with its title and score, and the next ones; empty where none is
/// near.
pub(super) fn of_roles(codes: &[Vec<StandardCode>]) -> Vec<Column> {
    let best = || codes.iter().map(|near| near.first());
    let also = |text: &dyn Fn(&StandardCode) -> String| {
        let next = |near: &Vec<StandardCode>| near.iter().skip(1).map(text).collect();
        Values::List(codes.iter().map(next).collect())
    };
    vec![
        Column::of("code", Values::text(best().map(|best| Some(best?.code.to_string())))),
        Column::of("code_title", Values::text(best().map(|best| Some(best?.title.to_string())))),
        Column::of("code_score", Values::Single(best().map(|best| Some(best?.score)).collect())),
        Column::of("code_also", also(&|next| next.code.to_string())),
        Column::of("code_also_scores", also(&|next| format!("{:.3}", next.score))),
    ]
}

/// The nearest code of the specialisation and of the direction of each role.
pub(super) fn of_groups(placements: &[Placement], codes: &GroupCodes) -> Vec<Column> {
    let places = || placements.iter();
    let clusters: Vec<Option<&GroupCode>> =
        places().map(|place| codes.of_cluster(place.cluster?).first()).collect();
    let directions: Vec<Option<&GroupCode>> =
        places().map(|place| codes.of_direction(place.direction?).first()).collect();
    let mut columns = Vec::new();
    for (group, best) in [("cluster", clusters), ("direction", directions)] {
        let text = |of: &dyn Fn(&GroupCode) -> &String| {
            Values::text(best.iter().map(|best| best.map(|best| of(best).clone())))
        };
        let scores = best.iter().map(|best| Some(best.as_ref()?.score as f32)).collect();
        columns.extend([
            Column::of(format!("{group}_code"), text(&|best| &best.code)),
            Column::of(format!("{group}_code_title"), text(&|best| &best.title)),
            Column::of(format!("{group}_code_score"), Values::Single(scores)),
        ]);
    }
    columns
}
